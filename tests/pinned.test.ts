import { describe, expect, test } from 'vitest'
import type { EditAsk } from '../src/planning/edits.js'
import { whatPinsBreak } from '../src/planning/pinned.js'
import { CENTRALISED, city, type CityPatch, people } from './support/city.js'

const decided = (kind: EditAsk['kind'], patient: string | null, place: string | null, more: Partial<EditAsk> = {}): EditAsk =>
  ({ kind, patient, place, unit: null, pool: null, reason: 'family', ...more })
const toHub = decided('pin', 'south-1', 'hub')
const FULL = { staffed: 2, occupied: 2 }
const CHILD = { ageBand: '0-14', companion: 'south-1' } as const
const DAY: CityPatch = { fleet: 'listed', vehicles: { v1: {} } }

describe('what a pin would break by itself', () => {
  const rows: [string, CityPatch, EditAsk, string[]][] = [
    ['nothing, where a bed is free', { pools: { 'hub/ordinary': {} }, cases: people(1) }, toHub, []],
    ['nothing, with a vehicle that has the time', { ...DAY, pools: { 'hub/ordinary': {} }, cases: people(1) }, toHub, []],
    ['usable beds of a full hospital', { pools: { 'hub/ordinary': FULL }, cases: people(1) }, toHub, ['usableBeds@hub/ordinary']],
    ['nothing, where one of several pools has a bed', { pools: { 'hub/ordinary': FULL, 'hub/severe': {} }, cases: people(1) }, toHub, []],
    ['usable beds, where those beds are asked for', { pools: { 'hub/ordinary': FULL, 'hub/severe': {} }, cases: people(1) }, { ...toHub, pool: 'hub/ordinary' }, ['usableBeds@hub/ordinary']],
    ['the care level', { pools: { 'hub/ordinary': {} }, cases: people(1, { severity: 'severe' }) }, toHub, ['careLevel@south-1']],
    ['fitness to travel, and no vehicle beside it', { ...DAY, pools: { 'hub/severe': {} }, cases: people(1, { severity: 'severe', fitness: 'unfit' }) }, toHub, ['fitness@south-1']],
    ['a discharge that is due', { pools: { 'hub/ordinary': {} }, cases: people(1, { dischargeDue: '2020-01-31' }) }, toHub, ['dischargeDue@south-1']],
    ['the travel limit', { pools: { 'hub/intensive': {} }, travel: { 'dist→hub': 184 }, cases: people(1, { severity: 'critical' }) }, toHub, ['travelLimit@south-1']],
    ['the road that nobody knows', { places: { far: CENTRALISED }, policy: { travelEstimate: null }, pools: { 'far/ordinary': {} }, cases: people(1) }, decided('pin', 'south-1', 'far'), ['travelLimit@south-1']],
    ['vehicles, where there are none', { ...DAY, vehicles: {}, pools: { 'hub/ordinary': {} }, cases: people(1) }, toHub, ['vehicleMinutes@south-1']],
    ['vehicles, where no crew’s day is long enough', { ...DAY, pools: { 'hub/ordinary': {} }, travel: { 'dist→hub': 300 }, cases: people(1) }, toHub, ['vehicleMinutes@south-1']],
    ['the child’s bed as well as the carer’s', { pools: { 'hub/ordinary': { staffed: 1 } }, cases: { 'south-1': {}, 'south-2': CHILD } }, toHub, ['usableBeds@hub/ordinary']],
    ['nothing, where the child finds a bed of another level', { pools: { 'hub/ordinary': { staffed: 1 }, 'hub/severe': { staffed: 1 } }, cases: { 'south-1': {}, 'south-2': CHILD } }, toHub, []],
    ['nothing new, where an order that stands breaks it already', {
      pools: { 'hub/ordinary': FULL, 'hub/severe': {} }, cases: people(2), orders: { O1: { patient: 'south-2', pool: 'hub/ordinary' } },
    }, toHub, []],
    ['nothing, of somebody who stays', { pools: {}, cases: people(1) }, decided('stay', 'south-1', null), []],
    ['nothing, of a unit that is kept away', { pools: { 'hub/ordinary': FULL }, cases: people(1) }, decided('forbid', null, 'hub', { unit: 'south' }), []],
  ]
  test.each(rows)('%s', (_, patch, edit, broken) => {
    const found = whatPinsBreak(city(patch), [decided('stay', null, null), edit])
    expect(found.map(({ edit: index, rule, subject }) => `${index} ${rule}@${subject}`)).toEqual(broken.map((one) => `1 ${one}`))
    for (const { text } of found) {
      expect(text.zh).toMatch(/\p{Script=Han}/u)
      expect(text.en).toMatch(/^[^\p{Script=Han}]+$/u)
    }
  })

  test('an unknown road is called by its ends, a ride without a vehicle by its minutes', () => {
    const far = city({ places: { far: CENTRALISED }, policy: { travelEstimate: null }, pools: { 'far/ordinary': {} }, cases: people(1) })
    expect(whatPinsBreak(far, [decided('pin', 'south-1', 'far')])[0]?.text.en).toBe('no road from the dist to the far is known')
    const still = city({ ...DAY, vehicles: {}, pools: { 'hub/ordinary': {} }, cases: people(1) })
    expect(whatPinsBreak(still, [toHub])[0]?.text.en).toContain('who rides 37 minutes')
    const long = city({ ...DAY, pools: { 'hub/ordinary': {} }, travel: { 'dist→hub': 300 }, cases: people(1) })
    expect(whatPinsBreak(long, [toHub])[0]?.text.en).toContain('who rides 300 minutes')
  })

  test('each by itself: two for one bed are each told that it is free', () => {
    const scenario = city({ pools: { 'hub/ordinary': { staffed: 1 } }, cases: people(2) })
    expect(whatPinsBreak(scenario, [toHub, decided('pin', 'south-2', 'hub')])).toEqual([])
  })
})
