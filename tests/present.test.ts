import { describe, expect, test } from 'vitest'
import { oneTrip } from '../src/dispatch/lines.js'
import { mustsBroken } from '../src/planning/present.js'
import { World } from '../src/planning/world.js'
import { city, people } from './support/city.js'

const order = { state: 'issued', vehicle: null, departs: null, returns: null } as const
const rulesBroken = (scenario: ReturnType<typeof city>, patient: string, pool: string) =>
  mustsBroken(scenario, oneTrip(scenario, { riders: [{ patient, pool }], vehicle: null, leaves: 480 })).map(({ rule, subject }) => `${rule} ${subject}`)

describe('what a move would break, beside orders that break the same already', () => {
  const pools = { 'hub/ordinary': {}, 'dist/ordinary': {} }
  test('is no longer under the command: not for the order that stands, but for whoever would follow it', () => {
    const scenario = city({ cases: people(2), pools, places: { hub: { underCommand: false } }, orders: { stands: { ...order, patient: 'south-1', pool: 'hub/ordinary' } } })
    expect(rulesBroken(scenario, 'south-2', 'hub/ordinary')).toContain('underCommand hub')
    expect(rulesBroken(scenario, 'south-2', 'dist/ordinary')).toEqual([])
  })

  test('lacks beds by more than before: whoever comes beside is refused, whoever goes elsewhere is not', () => {
    const full = { 'hub/ordinary': { staffed: 1, occupied: 1 }, 'hub/severe': {}, 'dist/ordinary': {} }
    const scenario = city({ cases: people(2), pools: full, orders: { stands: { ...order, patient: 'south-1', pool: 'hub/ordinary' } } })
    expect(rulesBroken(scenario, 'south-2', 'hub/ordinary')).toEqual(['usableBeds hub/ordinary'])
    expect(rulesBroken(scenario, 'south-2', 'hub/severe')).toEqual([])
  })
})

test('who is not served by a bed is told of which kind, in words', () => {
  const scenario = city({ cases: people(1, { severity: 'critical' }), pools: { 'hub/severe': {} } })
  const [level] = mustsBroken(scenario, oneTrip(scenario, { riders: [{ patient: 'south-1', pool: 'hub/severe' }], vehicle: null, leaves: 480 })).filter(({ rule }) => rule === 'careLevel')
  expect(level?.text.en).toBe('south-1 (critical confirmed case) is not served by severe beds')
})

test('road minutes are those between two places, whatever their row is called', () => {
  const { travel: _told, ...rest } = city({ places: { other: {} } })
  const row = { source: 'test', assumed: [], asOf: null }
  const world = new World({ ...rest, travel: { 'the mountain road': { from: 'dist', to: 'other', minutes: 41, ...row }, 'dist→hub': { from: 'hub', to: 'other', minutes: 7, ...row } } })
  expect([world.minutesBetween('dist', 'other'), world.minutesBetween('other', 'dist'), world.minutesBetween('hub', 'other'), world.minutesBetween('dist', 'hub')]).toEqual([41, 41, 7, null])
})
