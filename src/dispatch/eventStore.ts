import { and, desc, eq, gt, inArray, lt, max, ne, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { isAmong } from '../db/records.js'
import { invariant } from '../kernel/invariant.js'
import { ONCE, type StepName } from './steps.js'
import type { OrderEvent, TransferOrder } from './store.js'
import { orderEvent } from './tables.js'

export const eventsOf = (tx: Tx, order: string, page: { after: number; limit: number }): Promise<OrderEvent[]> =>
  tx.select().from(orderEvent).where(and(eq(orderEvent.order, order), gt(orderEvent.seq, page.after))).orderBy(orderEvent.seq).limit(page.limit)

/** The step that made the order what it is, or was `before` one; the paper of another post is none. */
export async function lastStepOf(tx: Tx, id: string, before?: number): Promise<OrderEvent> {
  const earlier = before === undefined ? undefined : lt(orderEvent.seq, before)
  const [found] = await tx.select().from(orderEvent).where(and(eq(orderEvent.order, id), ne(orderEvent.step, 'confirm'), earlier))
    .orderBy(desc(orderEvent.seq)).limit(1)
  invariant(found !== undefined, 'an order was issued')
  return found
}

/** Reserve blocks that were opened as an order outside any plan was issued. */
export async function openedBy(tx: Tx, order: string): Promise<readonly string[]> {
  const [issued] = await tx.select({ opened: sql<readonly string[] | null>`${orderEvent.details} -> 'opened'` }).from(orderEvent)
    .where(and(eq(orderEvent.order, order), eq(orderEvent.step, 'issue')))
  return issued?.opened ?? []
}

/** When anything was last put down of some orders; null: there is none. */
export async function lastRecorded(tx: Tx, orders: readonly string[]): Promise<Date | null> {
  const [row] = await tx.select({ at: max(orderEvent.recordedAt) }).from(orderEvent).where(inArray(orderEvent.order, [...orders]))
  return row?.at ?? null
}

/** The same of several orders, by number. */
export async function lastStepsOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, OrderEvent>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.selectDistinctOn([orderEvent.order]).from(orderEvent)
    .where(and(isAmong(sql`${orderEvent.order}`, ids), ne(orderEvent.step, 'confirm'))).orderBy(orderEvent.order, desc(orderEvent.seq))
  return new Map(rows.map((row) => [row.order, row]))
}

/** The last step of each of those orders of which a step that is taken once may be the last, by number. */
export async function lastOnceOf(tx: Tx, orders: readonly TransferOrder[]): Promise<ReadonlyMap<string, StepName>> {
  const steps = await lastStepsOf(tx, orders.filter(({ state }) => ONCE.includes(state)).map(({ id }) => id))
  return new Map([...steps].map(([id, { step }]) => [id, step]))
}
