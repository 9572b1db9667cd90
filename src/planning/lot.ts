import { byCodeUnits, lotOf } from '../kernel/canonical.js'
import type { Scenario } from './scenario.js'

/** The place of every case in the day's lot (decision: ties between people are never decided by an id), counted from one. */
export function drawLots(scenario: Scenario): ReadonlyMap<string, number> {
  const drawn = Object.keys(scenario.cases).map((id) => ({ id, lot: lotOf({ seed: scenario.lotSeed, id }) }))
  // Equal lots of 48 bits are as good as impossible; the id only keeps the order defined.
  drawn.sort((a, b) => a.lot - b.lot || byCodeUnits(a.id, b.id))
  return new Map(drawn.map(({ id }, index) => [id, index + 1]))
}
