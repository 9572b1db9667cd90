import { unitsShipped } from '../../supplies/items.js'
import type { MaterialTables } from '../scenario.js'

/**
 * Lots of use, in base units by item: what goes out together at least, the same for all who receive it. One unopened
 * packing; where one item may stand in for another, the least that is whole packings of both, so that a lot of the one
 * does what a lot of the other does.
 */
export function lotsOfUse({ items, packings, substitutes }: Pick<MaterialTables, 'items' | 'packings' | 'substitutes'>): Map<string, number> {
  const known = Object.values(packings)
  const packed = new Map(Object.entries(items).map(([id, item]) =>
    [id, unitsShipped(item, known.filter((packing) => packing.item === id))]))
  const lots = new Map<string, number>()
  for (const family of families(Object.keys(items), Object.values(substitutes).map(({ item, substitute }) => [item, substitute]))) {
    const lot = family.reduce((least, id) => leastCommonMultiple(least, packed.get(id) ?? 1), 1)
    for (const id of family) lots.set(id, lot)
  }
  return lots
}

/** What hangs together by pairs, in the order of `ids`. */
export function families(ids: readonly string[], pairs: Iterable<readonly [string, string]>): string[][] {
  const family = new Map<string, string[]>(ids.map((id) => [id, [id]]))
  for (const [a, b] of pairs) {
    const [one, other] = [family.get(a), family.get(b)]
    if (one === undefined || other === undefined || one === other) continue
    one.push(...other)
    for (const id of other) family.set(id, one)
  }
  return [...new Set(family.values())]
}

function leastCommonMultiple(a: number, b: number): number {
  let [large, small] = [a, b]
  while (small > 0) [large, small] = [small, large % small]
  return (a / large) * b
}
