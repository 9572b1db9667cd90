import { byCodeUnits } from '../../../kernel/canonical.js'
import type { Account } from '../account.js'
import type { MaterialPlan } from '../plan.js'

/** Base units of every item by which slots are served; of parts of kits those of complete kits. */
export function servedByItem({ served }: Pick<Account, 'served'>): Map<string, number> {
  const units = new Map<string, number>()
  for (const [slot, count] of served) {
    for (const part of slot.parts) units.set(part.item, (units.get(part.item) ?? 0) + count * part.units)
  }
  return units
}

/** What serving in the order of bands and tiers, in whole packings and complete kits, costs against the most that could be served. */
export const fairnessOf = (served: ReadonlyMap<string, number>, most: ReadonlyMap<string, number>): MaterialPlan['fairness'] =>
  [...served].sort(([a], [b]) => byCodeUnits(a, b)).map(([item, servedByOrder]) => {
    const largestTotal = Math.max(servedByOrder, most.get(item) ?? 0)
    return { item, servedByOrder, largestTotal, price: largestTotal - servedByOrder }
  })
