import { describe, expect, test } from 'vitest'
import { forbiddenBy } from '../src/planning/options.js'
import { MUSTS } from '../src/planning/rules/musts.js'
import { World } from '../src/planning/world.js'
import { BY_HAND, FORBIDDEN_BY_HAND } from './support/editRows.js'
import { FORBIDS as OF_BEDS } from './support/forbidRows.js'
import { PEOPLE_AND_PLACES, VENTILATORS_AND_RESERVES } from './support/mustRows.js'
import { city } from './support/city.js'
import { onPaper } from './support/planning.js'
import { TRANSPORT } from './support/transportRows.js'

const FINDS = [...PEOPLE_AND_PLACES, ...VENTILATORS_AND_RESERVES, ...TRANSPORT, ...BY_HAND]
const FORBIDS = [...OF_BEDS, ...FORBIDDEN_BY_HAND]
const named = <T extends { rule: string; says: string }>(rows: readonly T[]) =>
  rows.map((row) => [`${row.rule}: ${row.says}`, row] as const)

const rulesOf = (rows: readonly { rule: string }[]) => [...new Set(rows.map((row) => row.rule))].sort()

describe('may this patient go to that bed', () => {
  test.each(named(FORBIDS))('%s', (_, { rule, forbids, city: patch, pool, inside = false, subject }) => {
    const world = new World(city(patch))
    const patient = 'south-1'
    const from = world.case(patient).place
    const { place } = world.pool(pool)
    const rideMinutes = inside ? null : world.minutesBetween(from, place)
    const found = forbiddenBy({ world, patient, to: { place, pool }, rideMinutes })
    expect(found.map((one) => [one.rule, one.subject])).toEqual(forbids ? [[rule, subject]] : [])
  })
})

describe('does a finished plan keep the rule', () => {
  test.each(named(FINDS))('%s', (_, { rule, finds, city: patch, paper, subjects = [], also = [] }) => {
    const facts = onPaper(city(patch), paper)
    const measured = MUSTS.map((must) => ({ rule: must.name, found: must.measure(facts) }))
    const broken = measured.filter(({ found }) => found.length > 0)
    const expected = MUSTS.map((must) => must.name).filter((name) => also.includes(name) || (finds && name === rule))
    expect(broken.map((one) => one.rule)).toEqual(expected)
    const own = broken.find((one) => one.rule === rule)?.found ?? []
    expect(own.map((violation) => violation.subject)).toEqual(finds ? subjects : [])
    for (const { text } of own) {
      expect(text.zh).toMatch(/\p{Script=Han}/u)
      expect(text.en).toMatch(/^[^\p{Script=Han}]+$/u)
    }
  })
})

describe('every must', () => {
  const names = MUSTS.map((must) => must.name)

  test('has a plan that breaks it and one that does not', () => {
    const rows = (finds: boolean) => rulesOf(FINDS.filter((row) => row.finds === finds))
    expect(rows(true)).toEqual([...names].sort())
    expect(rows(false)).toEqual([...names].sort())
  })

  test('that closes single beds has a patient to whom it says no and one to whom it says yes', () => {
    const closing = MUSTS.filter((must) => must.forbids !== undefined).map((must) => must.name).sort()
    const rows = (forbids: boolean) => rulesOf(FORBIDS.filter((row) => row.forbids === forbids))
    expect(rows(true)).toEqual(closing)
    expect(rows(false)).toEqual(closing)
  })

  test('has a name of its own, a title in both languages and a source', () => {
    expect(new Set(names).size).toBe(names.length)
    for (const { title, source } of MUSTS) expect([title.zh, title.en, source]).not.toContain('')
  })

  test('says nothing where nobody moves and nothing was ordered', () => {
    const facts = onPaper(city({ cases: { 'south-1': { severity: 'critical' } } }), {})
    expect(MUSTS.flatMap((must) => must.measure(facts))).toEqual([])
  })
})
