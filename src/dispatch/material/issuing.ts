import type { Phone } from '../../access/phone.js'
import type { Act } from '../../db/act.js'
import { isDrillStore } from '../../db/storeMark.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { stampedNumber } from '../../kernel/drill.js'
import { invariant } from '../../kernel/invariant.js'
import { refuse } from '../../kernel/refusal.js'
import { type Day, dayOf } from '../../kernel/time.js'
import { makeHolds } from '../../ledger/store.js'
import { atPlace, bookOfLot, promisedMore, purposeOfLine } from '../../supplies/stockBook.js'
import { itemsOfLots, keepStock, type LockedLot, lockItems, lockLots, nameOf } from '../../supplies/store.js'
import { LINES_MAX } from './bodies.js'
import type { AllocationKind } from './allocations.js'
import { type Allocation, type AllocationLine, allocationNumber, insertAllocation, lastAllocationNumber } from './store.js'

export const ALLOCATION_RECORDS = 'allocation-orders'
export const subjectOfAllocation = (order: string): string => `${ALLOCATION_RECORDS}/${order}`

/** One order that is about to be issued. */
export interface NewAllocation {
  readonly kind: AllocationKind
  readonly from: string
  readonly to: string
  readonly leavesOn: Day
  readonly arrivesOn: Day
  readonly reason: string | null
  readonly request: string | null
  readonly phone: Phone | null
  readonly run: string | null
  /** The shipment of the plan that it is. */
  readonly shipment: string | null
  readonly lines: readonly Pick<AllocationLine, 'item' | 'lot' | 'ordered' | 'substituteFor'>[]
}

/** Lots with their items: whoever moves stock holds the items first. Lots that are not there are left out. */
export async function lockStock(act: Act, lots: readonly string[]): Promise<Map<string, LockedLot>> {
  await lockItems(act, await itemsOfLots(act.tx, lots))
  return lockLots(act, lots)
}

/**
 * Numbered orders, each with its stock promised where it lies. Whoever issues has locked the desk, so that numbers are given
 * once, and the lots, whose books they have looked at. Refuses: notEnoughStock, and wrongFigure for more lines than one order has.
 */
export async function issueAllocations(act: Act, orders: readonly NewAllocation[], locked: ReadonlyMap<string, LockedLot>): Promise<Allocation[]> {
  const day = stampedNumber(dayOf(act.at), await isDrillStore(act.tx))
  const last = await lastAllocationNumber(act.tx, day)
  const issued: Allocation[] = []
  const books = new Map([...locked].map(([lot, { book }]) => [lot, book]))
  for (const [index, { lines, shipment, from, to, ...order }] of orders.entries()) {
    if (lines.length > LINES_MAX) {
      throw refuse('wrongFigure', `一张调拨单最多 ${LINES_MAX} 行，每批一行，此单需 ${lines.length} 行；请分几张下达`, `an order has ${LINES_MAX} lines at most, one a lot, and this one would have ${lines.length}; issue it in parts`)
    }
    const id = allocationNumber(day, last + index + 1)
    for (const lot of [...new Set(lines.map((line) => line.lot))].sort(byCodeUnits)) {
      const before = books.get(lot)
      invariant(before !== undefined, 'whoever promises stock has locked it')
      const more = lines.reduce((sum, line) => sum + (line.lot === lot ? line.ordered : 0), 0)
      const after = promisedMore(before, { place: from, more, what: nameOf(locked.get(lot), lot) })
      books.set(lot, after)
      await keepStock(act, { lot, before, after, reason: 'promise', subject: subjectOfAllocation(id), effectiveAt: act.at })
    }
    await makeHolds(act.tx, lines.map(({ lot, ordered }, at) => (
      { book: bookOfLot(lot), account: atPlace(from), purpose: purposeOfLine(id, at + 1), quantity: ordered, id: act.newId(), deadline: null })), act)
    const details = { from, to, kind: order.kind, run: order.run, ...(shipment === null ? {} : { shipment }), lines: lines.map(({ item, lot, ordered }) => ({ item, lot, ordered })) }
    issued.push(await insertAllocation(act.tx, { id, state: 'issued', fromPlace: from, toPlace: to, ...order, issuedAt: act.at, issuedBy: act.by }, lines,
      { step: 'issue', at: act.at, recordedAt: act.at, by: act.by, note: null, details }))
    await act.journal({ action: 'allocation.issued', kind: ALLOCATION_RECORDS, subject: id, details })
  }
  return issued
}
