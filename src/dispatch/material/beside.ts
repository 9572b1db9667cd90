import type { Tx } from '../../db/database.js'
import { allRecords } from '../../db/records.js'
import { invariant } from '../../kernel/invariant.js'
import { inPackings, type Packing } from '../../supplies/items.js'
import type { LotRecord } from '../../supplies/stock.js'
import { LOTS, packingsOf } from '../../supplies/store.js'
import { type Allocation, type AllocationLine, shipmentsOfOrders } from './store.js'

/** What is told beside orders: by what people know the lots, what their units make up, and which shipments of plans they are. */
export interface BesideAllocations {
  readonly lots: Readonly<Record<string, LotRecord>>
  readonly packings: ReadonlyMap<string, readonly Packing[]>
  readonly shipments: ReadonlyMap<string, string>
}

export async function besideAllocations(tx: Tx, allocations: readonly Allocation[]): Promise<BesideAllocations> {
  const lines = allocations.flatMap((allocation) => allocation.lines)
  return {
    lots: await allRecords(tx, LOTS, null, [...new Set(lines.map(({ lot }) => lot))]),
    packings: await packingsOf(tx, [...new Set(lines.map(({ item }) => item))]),
    shipments: await shipmentsOfOrders(tx, allocations.flatMap(({ order: { id, run } }) => (run === null ? [] : [id]))),
  }
}

/** The lot of a line. */
export function lotOf({ lots }: Pick<BesideAllocations, 'lots'>, { lot }: Pick<AllocationLine, 'lot'>): LotRecord {
  const found = lots[lot]
  invariant(found !== undefined, 'a line is of a lot that is there')
  return found
}

/** So many units of the item of a line in packings. */
export const packedOf = ({ packings }: Pick<BesideAllocations, 'packings'>, { item }: Pick<AllocationLine, 'item'>, units: number): ReturnType<typeof inPackings> =>
  inPackings(units, packings.get(item) ?? [])
