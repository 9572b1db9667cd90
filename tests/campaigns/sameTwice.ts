import { planJson } from '../../src/planning/planJson.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { renamed, shuffled } from './changed.js'
import { planned } from './given.js'
import { compareLevels, type Draws, isProved, valuesOf } from './property.js'

/** Fields in which the plan differs once the rows of every table stand in another order, or null. */
export async function bytesDiffer(scenario: Scenario, draws: Draws): Promise<string | null> {
  const [a, b] = [await planned(scenario), await planned(shuffled(scenario, draws))]
  if (planJson(a.plan) === planJson(b.plan)) return null
  const others = new Map(Object.entries(b.plan).map(([field, value]) => [field, JSON.stringify(value)]))
  const differ = Object.entries(a.plan).filter(([field, value]) => others.get(field) !== JSON.stringify(value))
  return `these differ: ${differ.map(([field]) => field).join(', ')}`
}

/** Proved values are equal; where trips had to be fitted a plan may be worse, and never better than a proved one. */
export async function totalsDiffer(one: Scenario, other: Scenario): Promise<string | null> {
  const [a, b] = [await planned(one), await planned(other)]
  if (a.exit !== b.exit) return `exit ${a.exit} becomes ${b.exit}`
  const difference = compareLevels(valuesOf(a.plan), valuesOf(b.plan))
  const worse = difference < 0 ? b.plan : a.plan
  if (difference === 0 || !isProved(worse)) return null
  return `${valuesOf(a.plan).join(' ')} becomes ${valuesOf(b.plan).join(' ')}`
}

export const totalsOfRenamedDiffer = (scenario: Scenario, draws: Draws): Promise<string | null> =>
  totalsDiffer(scenario, renamed(scenario, draws))
