import { byCodeUnits } from '../../../kernel/canonical.js'
import type { Account } from '../account.js'
import { families } from '../lotsOfUse.js'
import type { MaterialPlan } from '../plan.js'

/**
 * Base units of every item by which slots are served; but for parts of kits that somebody wants, and what may stand in for
 * them: how many kits could be made up at most is no sum of their parts, each of which is bounded by itself.
 */
export function servedByItem({ served, given: { ground, slots } }: Pick<Account, 'served' | 'given'>): Map<string, number> {
  const inKits = new Set(slots.filter(({ isKit }) => isKit).flatMap(({ parts }) => parts.map(({ item }) => item)))
  const pairs = Object.values(ground.scenario.substitutes).map(({ item, substitute }) => [item, substitute] as const)
  const bound = new Set(families(Object.keys(ground.scenario.items), pairs).filter((items) => items.some((item) => inKits.has(item))).flat())
  const units = new Map<string, number>()
  for (const [slot, count] of served) {
    for (const part of slot.parts) if (!bound.has(part.item)) units.set(part.item, (units.get(part.item) ?? 0) + count * part.units)
  }
  return units
}

/** What serving in the order of bands and tiers, in whole packings, costs against the most that could be served. */
export const fairnessOf = (served: ReadonlyMap<string, number>, most: ReadonlyMap<string, number>): MaterialPlan['fairness'] =>
  [...served].sort(([a], [b]) => byCodeUnits(a, b)).map(([item, servedByOrder]) => {
    const largestTotal = Math.max(servedByOrder, most.get(item) ?? 0)
    return { item, servedByOrder, largestTotal, price: largestTotal - servedByOrder }
  })
