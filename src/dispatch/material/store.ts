import { and, desc, eq, gt, inArray, isNotNull, isNull, like, lte, max, ne, or, sql } from 'drizzle-orm'
import type { Tx } from '../../db/database.js'
import { insertRows } from '../../db/insertRows.js'
import { lyingAtColumns } from '../../db/lying.js'
import { isAmong, type Past } from '../../db/records.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { invariant } from '../../kernel/invariant.js'
import type { Reach } from '../../kernel/roles.js'
import { dayOf } from '../../kernel/time.js'
import { type LockedAway, quarantinedSince } from '../../supplies/quarantineStore.js'
import { type AllocationState, type AllocationStep, comesOn } from './allocations.js'
import { allocationEvent, allocationLine, allocationOrder, issuedAllocation } from '../tables.js'

export type IssuedAllocation = typeof issuedAllocation.$inferSelect
export type AllocationOrder = typeof allocationOrder.$inferSelect
export type AllocationLine = typeof allocationLine.$inferSelect
export type AllocationEvent = typeof allocationEvent.$inferSelect

const UNDER_WAY: AllocationState[] = ['issued', 'shipped']

/** An order with what it carries. */
export interface Allocation {
  readonly order: AllocationOrder
  readonly lines: readonly AllocationLine[]
}

/** The letter that keeps numbers of allocation orders apart from those of transfer orders. */
const LETTER = 'M'
export const allocationNumber = (day: string, count: number): string => `${day}-${LETTER}${String(count).padStart(4, '0')}`

/** The last number given out behind a day, which may be stamped; nought when there is none. */
export async function lastAllocationNumber(tx: Tx, day: string): Promise<number> {
  const start = `${day}-${LETTER}`
  const rows = await tx.select({ id: allocationOrder.id }).from(allocationOrder).where(like(allocationOrder.id, `${start}%`))
  return Math.max(0, ...rows.map(({ id }) => id.slice(start.length)).filter((part) => /^\d{4,9}$/.test(part)).map(Number))
}

export async function issuedAllocationOf(tx: Tx, run: string): Promise<IssuedAllocation | null> {
  const [found] = await tx.select().from(issuedAllocation).where(eq(issuedAllocation.run, run))
  return found ?? null
}

export async function insertIssuedAllocation(tx: Tx, row: typeof issuedAllocation.$inferInsert): Promise<IssuedAllocation> {
  const [inserted] = await tx.insert(issuedAllocation).values(row).returning()
  invariant(inserted !== undefined, 'an insert returns its row')
  return inserted
}

/** Whoever changes it has locked the desk. */
export async function changeIssuedAllocation(tx: Tx, run: string, set: Partial<typeof issuedAllocation.$inferInsert>): Promise<IssuedAllocation> {
  const [changed] = await tx.update(issuedAllocation).set(set).where(eq(issuedAllocation.run, run)).returning()
  invariant(changed !== undefined, 'an approval is there')
  return changed
}

/** What happened to an order, beside the order itself. */
export interface AllocationHappening {
  readonly step: AllocationStep
  readonly at: Date
  readonly recordedAt: Date
  readonly by: string
  readonly note: string | null
  readonly details: Readonly<Record<string, unknown>>
}

const eventOf = ({ id, version, state }: AllocationOrder, { by, ...happening }: AllocationHappening): typeof allocationEvent.$inferInsert =>
  ({ order: id, seq: version, state, recordedBy: by, ...happening })

type NewOrder = Omit<typeof allocationOrder.$inferInsert, 'version'>
type NewLine = Pick<AllocationLine, 'item' | 'lot' | 'ordered' | 'substituteFor'>
/** What a step says of one line. */
export type LineChange = Partial<Pick<AllocationLine, 'shipped' | 'accepted' | 'damaged' | 'missing' | 'difference' | 'missingDifference'>>

export async function insertAllocation(tx: Tx, order: NewOrder, lines: readonly NewLine[], happening: AllocationHappening): Promise<Allocation> {
  const [inserted] = await tx.insert(allocationOrder).values({ ...order, version: 1 }).returning()
  invariant(inserted !== undefined, 'an insert returns its row')
  const kept = await insertRows(tx, allocationLine, lines.map((line, index) => ({ ...line, order: order.id, seq: index + 1 })))
  await tx.insert(allocationEvent).values(eventOf(inserted, happening))
  return { order: inserted, lines: bySeq(kept) }
}

const bySeq = (lines: readonly AllocationLine[]): AllocationLine[] => [...lines].sort((a, b) => a.seq - b.seq)

export const ALLOCATIONS_LIE = lyingAtColumns(allocationOrder, ['from_place', 'to_place'])

export async function allocationById(tx: Tx, id: string, lock = false): Promise<Allocation | null> {
  const query = tx.select().from(allocationOrder).where(eq(allocationOrder.id, id))
  const [order] = await (lock ? query.for('update') : query)
  return order === undefined ? null : { order, lines: (await linesOfAllocations(tx, [id])).get(id) ?? [] }
}

/** Lines by order, each in their order. */
export async function linesOfAllocations(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, AllocationLine[]>> {
  const lines = new Map<string, AllocationLine[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return lines
  const rows = await tx.select().from(allocationLine).where(isAmong(sql`${allocationLine.order}`, ids)).orderBy(allocationLine.order, allocationLine.seq)
  for (const row of rows) lines.get(row.order)?.push(row)
  return lines
}

/** An order in its next version, with what its lines then say and the event that made it so; the order is locked. */
export async function changeAllocation(
  tx: Tx, { order: { id, version }, lines }: Allocation,
  change: { readonly order: Partial<typeof allocationOrder.$inferInsert>; readonly lines: ReadonlyMap<number, LineChange> }, happening: AllocationHappening,
): Promise<Allocation> {
  const [changed] = await tx.update(allocationOrder).set({ ...change.order, version: version + 1 })
    .where(and(eq(allocationOrder.id, id), eq(allocationOrder.version, version))).returning()
  invariant(changed !== undefined, 'an order that is locked is changed by one at a time')
  for (const [seq, set] of change.lines) {
    await tx.update(allocationLine).set(set).where(and(eq(allocationLine.order, id), eq(allocationLine.seq, seq)))
  }
  await tx.insert(allocationEvent).values(eventOf(changed, happening))
  return { order: changed, lines: lines.map((line) => ({ ...line, ...change.lines.get(line.seq) })) }
}

export const allocationEventsOf = (tx: Tx, order: string, page: { after: number; limit: number }): Promise<AllocationEvent[]> =>
  tx.select().from(allocationEvent).where(and(eq(allocationEvent.order, order), gt(allocationEvent.seq, page.after))).orderBy(allocationEvent.seq).limit(page.limit)

/** The step that made the order what it is; the paper that follows a call is none. */
export async function lastStepOfAllocation(tx: Tx, id: string): Promise<AllocationEvent> {
  const [found] = await tx.select().from(allocationEvent).where(and(eq(allocationEvent.order, id), ne(allocationEvent.step, 'confirm')))
    .orderBy(desc(allocationEvent.seq)).limit(1)
  invariant(found !== undefined, 'an order was issued')
  return found
}

/** When anything was last put down of an order, or of any of several. */
export async function allocationRecordedAt(tx: Tx, ...ids: readonly string[]): Promise<Date> {
  const [row] = await tx.select({ at: max(allocationEvent.recordedAt) }).from(allocationEvent).where(inArray(allocationEvent.order, [...ids]))
  invariant(row?.at != null, 'an order was issued')
  return row.at
}

/** Orders of an approved plan by the shipment of the plan that each came from. */
export async function allocationsOfRun(tx: Tx, run: string): Promise<ReadonlyMap<string, Allocation>> {
  const rows = await tx.select({ order: allocationOrder, details: allocationEvent.details }).from(allocationOrder)
    .innerJoin(allocationEvent, and(eq(allocationEvent.order, allocationOrder.id), eq(allocationEvent.step, 'issue')))
    .where(eq(allocationOrder.run, run))
  const lines = await linesOfAllocations(tx, rows.map(({ order }) => order.id))
  return new Map(rows.sort((a, b) => byCodeUnits(a.order.id, b.order.id))
    .map(({ order, details }) => [String(details['shipment']), { order, lines: lines.get(order.id) ?? [] }]))
}

/** Orders that were issued after a moment and stand, or have come. */
export async function allocationsIssuedSince(tx: Tx, moment: Date): Promise<Allocation[]> {
  const orders = await tx.select().from(allocationOrder)
    .where(and(gt(allocationOrder.issuedAt, moment), inArray(allocationOrder.state, ['issued', 'shipped', 'received']))).orderBy(allocationOrder.id)
  const lines = await linesOfAllocations(tx, orders.map(({ id }) => id))
  return orders.map((order) => ({ order, lines: lines.get(order.id) ?? [] }))
}

/** The orders of a run, each locked, in the order of their numbers. */
export async function lockAllocationsOf(tx: Tx, run: string): Promise<Allocation[]> {
  const orders = await tx.select().from(allocationOrder).where(eq(allocationOrder.run, run)).orderBy(allocationOrder.id).for('update')
  const lines = await linesOfAllocations(tx, orders.map(({ id }) => id))
  return orders.map((order) => ({ order, lines: lines.get(order.id) ?? [] }))
}

/** The shipment of its plan that each of some orders is; of others nothing. */
export async function shipmentsOfOrders(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.select({ order: allocationEvent.order, shipment: sql<string | null>`${allocationEvent.details} ->> 'shipment'` }).from(allocationEvent)
    .where(and(inArray(allocationEvent.order, [...ids]), eq(allocationEvent.step, 'issue')))
  return new Map(rows.flatMap(({ order, shipment }) => (shipment === null ? [] : [[order, shipment]])))
}

export interface AllocationsAsk {
  readonly equal: Readonly<{ [F in 'state' | 'kind' | 'fromPlace' | 'toPlace' | 'run' | 'request']?: string | undefined }>
  /** Orders that leave from there or lead there. */
  readonly reach: Reach
  /** The key and id behind which the page begins. */
  readonly after: { readonly key: string; readonly id: string } | null
  readonly limit: number
}

/** One page of orders, the newest first, and the key of its last when there are more. */
export async function listAllocations(tx: Tx, { equal, reach, after, limit }: AllocationsAsk): Promise<{ orders: Allocation[]; next: { key: string; id: string } | null }> {
  const key = sql<string>`to_char(${allocationOrder.issuedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') collate "C"`
  const id = sql`${allocationOrder.id} collate "C"`
  const rows = await tx.select({ order: allocationOrder, key }).from(allocationOrder).where(and(
    ...(Object.entries(equal) as [keyof typeof equal, string | undefined][]).map(([field, value]) =>
      (value === undefined ? undefined : sql`${allocationOrder[field]} = ${value}`)),
    reach.isCity ? undefined : or(inArray(allocationOrder.fromPlace, [...reach.places]), inArray(allocationOrder.toPlace, [...reach.places])),
    after === null ? undefined : sql`(${key}, ${id}) < (${after.key}, ${after.id})`,
  )).orderBy(desc(key), desc(id)).limit(limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const lines = await linesOfAllocations(tx, page.map(({ order }) => order.id))
  return {
    orders: page.map(({ order }) => ({ order, lines: lines.get(order.id) ?? [] })),
    next: last === undefined ? null : { key: last.key, id: last.order.id },
  }
}

/** Orders that somebody still has to do something about, the oldest first: everywhere, or those that leave a place or lead there. */
export const allocationsThatMayRing = (tx: Tx, place: string | null): Promise<AllocationOrder[]> =>
  tx.select().from(allocationOrder).where(and(
    or(inArray(allocationOrder.state, UNDER_WAY), and(isNotNull(allocationOrder.phone), isNull(allocationOrder.confirmedAt))),
    place === null ? undefined : or(eq(allocationOrder.fromPlace, place), eq(allocationOrder.toPlace, place)),
  )).orderBy(allocationOrder.issuedAt, allocationOrder.id)

/** A lot in quarantine that an order holds. */
export interface LotLockedAway extends LockedAway {
  readonly lot: string
}

/** The lots in quarantine that issued orders hold, by order, the longest first: what they promised does not leave. Orders that hold none are left out. */
export async function lockedAwayIn(tx: Tx, orders: readonly AllocationOrder[]): Promise<ReadonlyMap<string, readonly LotLockedAway[]>> {
  const lines = await linesOfAllocations(tx, orders.filter(({ state }) => state === 'issued').map(({ id }) => id))
  const locked = await quarantinedSince(tx, [...new Set([...lines.values()].flat().map(({ lot }) => lot))])
  return new Map([...lines].flatMap(([id, own]): [string, LotLockedAway[]][] => {
    const held = [...new Set(own.map(({ lot }) => lot))].flatMap((lot): LotLockedAway[] => {
      const found = locked.get(lot)
      return found === undefined ? [] : [{ lot, ...found }]
    })
    return held.length === 0 ? [] : [[id, held.sort((a, b) => a.at.getTime() - b.at.getTime())]]
  }))
}

/** Approvals of material that were given by phone and have no paper yet. */
export const issuedAllocationsWithoutPaper = (tx: Tx): Promise<IssuedAllocation[]> =>
  tx.select().from(issuedAllocation).where(and(isNotNull(issuedAllocation.phone), isNull(issuedAllocation.confirmedAt), isNull(issuedAllocation.withdrawnAt)))
    .orderBy(issuedAllocation.approvedAt, issuedAllocation.run)

/** A line of an order that is issued or on the road. */
export interface LineUnderWay {
  readonly order: string
  readonly seq: number
  /** How many lines the order has. */
  readonly of: number
  readonly state: 'issued' | 'shipped'
  readonly item: string
  readonly lot: string
  readonly from: string | null
  readonly to: string
  /** Base units that are promised or on the road. */
  readonly units: number
  readonly arrivesOn: string
}

/** Lines of orders that are issued or on the road, now or as a past moment knew them, by order and line. */
export async function linesUnderWay(tx: Tx, past: Past | null): Promise<LineUnderWay[]> {
  const states = await statesAt(tx, past)
  if (states.size === 0) return []
  const rows = await tx.select({ line: allocationLine, order: allocationOrder }).from(allocationLine)
    .innerJoin(allocationOrder, eq(allocationOrder.id, allocationLine.order))
    .where(inArray(allocationLine.order, [...states.keys()])).orderBy(allocationLine.order, allocationLine.seq)
  const counts = new Map<string, number>()
  for (const { order } of rows) counts.set(order.id, (counts.get(order.id) ?? 0) + 1)
  return rows.flatMap(({ line, order }) => {
    const state = states.get(order.id)
    // What was shipped is not said again: the figure of now is that of then.
    const units = state === 'shipped' ? line.shipped ?? 0 : line.ordered
    if (state === undefined || units === 0) return []
    return [{
      order: order.id, seq: line.seq, of: counts.get(order.id) ?? 1, state, item: line.item, lot: line.lot, from: order.fromPlace, to: order.toPlace, units,
      arrivesOn: state === 'shipped' && order.shippedAt !== null ? comesOn(order, dayOf(order.shippedAt)) : order.arrivesOn,
    }]
  })
}

async function statesAt(tx: Tx, past: Past | null): Promise<ReadonlyMap<string, 'issued' | 'shipped'>> {
  if (past === null) {
    const rows = await tx.select({ id: allocationOrder.id, state: allocationOrder.state }).from(allocationOrder).where(inArray(allocationOrder.state, UNDER_WAY))
    return new Map(rows.flatMap(({ id, state }) => (state === 'issued' || state === 'shipped' ? [[id, state]] : [])))
  }
  // What was under way then and is not now has had something told of it since; nothing is told before it happens.
  const since = past.asOf < past.knownAt ? past.asOf : past.knownAt
  const toldSince = tx.select({ order: allocationEvent.order }).from(allocationEvent).where(gt(allocationEvent.recordedAt, since))
  const candidates = tx.select({ order: allocationOrder.id }).from(allocationOrder)
    .where(or(inArray(allocationOrder.state, UNDER_WAY), inArray(allocationOrder.id, toldSince)))
  const rows = await tx.selectDistinctOn([allocationEvent.order], { id: allocationEvent.order, state: allocationEvent.state }).from(allocationEvent)
    .where(and(inArray(allocationEvent.order, candidates), lte(allocationEvent.at, past.asOf), lte(allocationEvent.recordedAt, past.knownAt)))
    .orderBy(allocationEvent.order, desc(allocationEvent.seq))
  return new Map(rows.flatMap(({ id, state }) => (state === 'issued' || state === 'shipped' ? [[id, state]] : [])))
}
