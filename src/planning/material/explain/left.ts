import { remembered } from '../../../kernel/remembered.js'
import type { Account } from '../account.js'
import type { Stock } from '../supply.js'

/** By item, what the plan leaves at sources of what it may give out. */
export function leftAtSources({ given: { supplies }, lines }: Account): ReadonlyMap<string, readonly Stock[]> {
  const gone = new Map<string, number>()
  for (const { line: { table, row, units } } of lines) {
    const key = JSON.stringify([table, row])
    gone.set(key, (gone.get(key) ?? 0) + units)
  }
  const left = new Map<string, Stock[]>()
  for (const stock of supplies.atSources) {
    const units = stock.units - (gone.get(JSON.stringify([stock.table, stock.row])) ?? 0)
    if (units > 0) remembered(left, stock.item, () => []).push({ ...stock, units })
  }
  return left
}
