import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { nearest } from '../src/kernel/nearest.js'
import { isDeeperThan } from '../src/planning/faults/settings.js'
import { type Fault, UNREADABLE, validateScenario } from '../src/planning/scenarioFaults.js'
import { scenarioSchema } from '../src/planning/scenario.js'
import { COMPANIONS } from './companionMistakes.js'
import { EDITS } from './editMistakes.js'
import { MATERIAL_MISTAKES, NO_MISTAKES } from './materialMistakes.js'
import { MISTAKES, POLICY, REFERENCES, SHAPES, sound, spoilt } from './scenarioMistakes.js'

function faultsOf(value: unknown): Fault[] {
  const validated = validateScenario(value, { atTheDoor: true })
  return validated.ok ? [] : validated.faults
}

describe('a scenario', () => {
  it('without mistakes is valid', () => {
    expect(faultsOf(sound())).toEqual([])
    expect(validateScenario(sound())).toEqual({ ok: true, scenario: scenarioSchema.parse(sound()) })
  })

  it('may have no cases, unknown figures, no coordinates, any plan day from the day before to 14 days after', () => {
    expect(faultsOf(spoilt({ cases: {}, orders: {}, edits: {} }))).toEqual([])
    expect(faultsOf(spoilt({ 'pools.dist/1.occupied': 'unknown', 'pools.hub/1.physical': 'unknown' }))).toEqual([])
    expect(faultsOf(spoilt({ planDay: '2020-01-29' }))).toEqual([])
    const later = { asOf: '2022-11-11T00:00:00+08:00', planDay: '2022-11-25', supplies: {}, consignments: {} }
    expect(faultsOf(spoilt(later))).toEqual([])
    expect(faultsOf(spoilt({ ...later, 'cases.jia-1.severity': 'mild' }))).toEqual([])
  })

  test.each(NO_MISTAKES)('may have %s', (_, changes) => expect(faultsOf(spoilt(changes))).toEqual([]))

  test.each([...MISTAKES, ...COMPANIONS, ...EDITS, ...MATERIAL_MISTAKES])('%s', (_, changes, table, id, field, got, says) => {
    const faults = faultsOf(spoilt(changes))
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ table, id, field, got })
    expect(faults[0]?.want.en).toContain(says)
    // Both languages, and no sentence of the schema library left untranslated.
    expect(faults[0]?.want.zh).toMatch(/\p{Script=Han}/u)
    expect(faults[0]?.want.zh).not.toMatch(/填写正确的值/)
  })

  it('out of a store is not wrong by time alone: what has expired or is late is left to the planner', () => {
    const late = { 'lots.l1.expiresOn': '2020-01-29', 'supplies.s1.day': '2020-01-29', 'consignments.c1.arrivesOn': '2020-01-29' }
    expect(faultsOf(spoilt(late))).toHaveLength(3)
    expect(validateScenario(spoilt(late)).ok).toBe(true)
  })

  it('whose companions name each other is told so at both', () => {
    const faults = faultsOf(spoilt({
      'cases.jia-1.companion': 'jia-2', 'cases.jia-2.companion': 'jia-1', 'cases.jia-2.ageBand': '0-14',
    }))
    expect(faults.map(({ id, field }) => [id, field])).toEqual([['jia-1', 'companion'], ['jia-2', 'companion']])
    for (const { want } of faults) expect(want.en).toContain('cycle')
  })

  it('is told all its mistakes at once, those of form and those between rows', () => {
    const changes = [...REFERENCES, ...POLICY.slice(0, 1), ...SHAPES.slice(12, 16)]
      .filter(([, given]) => Object.keys(given).length === 1)
    const faults = faultsOf(spoilt(Object.assign({}, ...changes.map(([, given]) => given))))
    for (const [what, , table, id, field] of changes) {
      // Rows of one table with a wrong cell of their own are left out of the cross checks, so only distinct rows count.
      expect(faults.some((fault) => fault.table === table && fault.id === id && fault.field === field), what).toBe(true)
    }
  })

  it('with more than 200 mistakes is told 200 and how many more', () => {
    const team = { ...sound().teams.t1, station: 'x' }
    const teams = Object.fromEntries(Array.from({ length: 301 }, (_, i) => [`t${i}`, team]))
    const faults = faultsOf(spoilt({ teams }))
    expect(faults).toHaveLength(201)
    expect(faults.at(-1)).toMatchObject({ table: 'scenario', id: null, field: null, got: '101' })
    expect(faults.at(-1)?.want.en).toContain('101 more')
  })

  it('is told nothing twice about what was unreadable at the door, nor about what refers to it', () => {
    const paths = ['places', 'places.hub', 'pools.dist/1.occupied', 'asOf', 'planDay', 'policy', 'cases.jia-1.unit']
    for (const path of paths) {
      expect(validateScenario(spoilt({ [path]: UNREADABLE })), path).toEqual({ ok: false, faults: [] })
    }
    const hidden = spoilt({ 'places.': UNREADABLE, 'teams.t1.station': 'x' })
    expect(validateScenario(hidden)).toEqual({ ok: false, faults: [] })
  })

  it('too deep in its policy is refused without a stack overflow', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 100_000; depth += 1) deep = { deep }
    const [fault] = faultsOf(spoilt({ policy: { timetable: deep } }))
    expect(fault).toMatchObject({ table: 'policy', field: null, got: '{…}' })
  })

  it('may nest its policy so deep and no deeper', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { deep: nested(depth - 1) })
    expect(isDeeperThan(nested(20), 20)).toBe(false)
    expect(isDeeperThan(nested(21), 20)).toBe(true)
  })

  it('of any kind gets faults or a scenario, never a throw', () => {
    const paths = Object.keys(flat(sound()))
    fc.assert(fc.property(fc.constantFrom(...paths), fc.anything(), (path, put) => {
      const validated = validateScenario(spoilt({ [path]: put }))
      if (!validated.ok) expect(validated.faults.length).toBeGreaterThan(0)
    }), { numRuns: 500 })
    fc.assert(fc.property(fc.anything(), (value) => {
      expect(faultsOf(value).length).toBeGreaterThan(0)
    }))
  })
})

describe('nearest', () => {
  const rows: readonly [word: string, candidates: string[], found: string | null][] = [
    ['hub', ['hug', 'hubs', 'hubby'], 'hubs'],
    ['hub', ['hubxyz', 'dist'], null],
    ['beds', ['BEDS', 'bed'], 'BEDS'],
    ['x', ['y', 'xy'], null],
    ['万州', ['万洲区', '涪陵'], null],
    ['万州区', ['万洲区', '涪陵区'], '万洲区'],
    ['', ['a'], null],
    ['kitten', ['sitten', 'mitten', 'kitte'], 'kitte'],
    ['abcd', ['badc', 'acbd'], 'acbd'],
  ]
  test.each(rows)('to “%s” among %j is %s', (word, candidates, found) => {
    expect(nearest(word, candidates)).toBe(found)
    expect(nearest(word, [...candidates].reverse())).toBe(found)
  })
})

/** Every path of a scenario, down to its leaves. */
function flat(value: unknown, at = ''): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [at]: value }
  const inner = Object.entries(value).map(([key, one]) => flat(one, at === '' ? key : `${at}.${key}`))
  return Object.assign({ ...(at === '' ? {} : { [at]: value }) }, ...inner) as Record<string, unknown>
}

