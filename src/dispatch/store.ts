import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, like, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import type { Past } from '../db/records.js'
import { invariant } from '../kernel/invariant.js'
import type { Refusal } from '../kernel/refusal.js'
import type { Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import type { LastPlanRow, Order } from '../planning/scenario.js'
import { LIVE, type State } from './orders.js'
import type { StepName } from './steps.js'
import { dispatchDesk, issuedPlan, orderEvent, planLine, relief, transferOrder } from './tables.js'

export type IssuedPlan = typeof issuedPlan.$inferSelect
export type TransferOrder = typeof transferOrder.$inferSelect
export type OrderEvent = typeof orderEvent.$inferSelect
export type Relief = typeof relief.$inferSelect

export const DISPATCH_GUARDS: Readonly<Record<string, Refusal>> = {
  transfer_order_is_one_a_person: { code: 'alreadyExists', text: text('此人已有一份有效的转运指令', 'the person has a standing transfer order') },
  transfer_order_patient_care_case_id_fk: { code: 'unknownReference', text: text('没有这个病例（patient）', 'there is no such case (patient)') },
  transfer_order_pool_at_place: { code: 'wrongReference', text: text('有转运指令前往，床位不能换场所；请另立一组床位', 'a transfer order leads there: these beds keep their place; put down others') },
}

/** Nobody else issues orders or ends a plan before this transaction is over. */
export async function lockDesk(tx: Tx): Promise<void> {
  await tx.insert(dispatchDesk).values({ only: true }).onConflictDoNothing()
  await tx.select().from(dispatchDesk).for('update')
}

export async function planInForce(tx: Tx): Promise<IssuedPlan | null> {
  const [found] = await tx.select().from(issuedPlan).where(eq(issuedPlan.state, 'approved'))
  return found ?? null
}

export async function issuedPlanOf(tx: Tx, run: string): Promise<IssuedPlan | null> {
  const [found] = await tx.select().from(issuedPlan).where(eq(issuedPlan.run, run))
  return found ?? null
}

export async function insertPlan(tx: Tx, plan: typeof issuedPlan.$inferInsert, lines: Readonly<Record<string, LastPlanRow>>): Promise<IssuedPlan> {
  const [inserted] = await tx.insert(issuedPlan).values(plan).returning()
  invariant(inserted !== undefined, 'an insert returns its row')
  const rows = Object.entries(lines).map(([patient, body]) => ({ plan: plan.id, patient, body }))
  if (rows.length > 0) await tx.insert(planLine).values(rows)
  return inserted
}

/** The plan in its next version; whoever changes it has locked the desk. */
export async function changePlan(tx: Tx, { id, version }: IssuedPlan, set: Partial<typeof issuedPlan.$inferInsert>): Promise<IssuedPlan> {
  const [changed] = await tx.update(issuedPlan).set({ ...set, version: version + 1 })
    .where(and(eq(issuedPlan.id, id), eq(issuedPlan.version, version))).returning()
  invariant(changed !== undefined, 'a plan is changed by one at a time')
  return changed
}

/** The last number given out on a day; nought when there is none. */
export async function lastNumber(tx: Tx, day: string): Promise<number> {
  const rows = await tx.select({ id: transferOrder.id }).from(transferOrder).where(like(transferOrder.id, `${day}-%`))
  return Math.max(0, ...rows.map(({ id }) => id.slice(day.length + 1)).filter((part) => /^\d{4,9}$/.test(part)).map(Number))
}

/** What happened to an order, beside the order itself. */
export interface Happening {
  readonly step: StepName
  readonly at: Date
  readonly recordedAt: Date
  readonly by: string
  readonly note: string | null
  readonly details: Readonly<Record<string, unknown>>
}

const eventOf = (order: TransferOrder, { step, at, recordedAt, by, note, details }: Happening): typeof orderEvent.$inferInsert => ({
  order: order.id, seq: order.version, step, state: order.state, at, recordedAt, recordedBy: by, note, details,
  pool: order.pool, vehicle: order.vehicle, leavesBase: order.leavesBase, returns: order.returns, deadline: order.deadline,
})

export async function insertOrders(tx: Tx, orders: readonly Omit<typeof transferOrder.$inferInsert, 'version'>[], happening: Happening): Promise<TransferOrder[]> {
  if (orders.length === 0) return []
  const inserted = await tx.insert(transferOrder).values(orders.map((order) => ({ ...order, version: 1 }))).returning()
  await tx.insert(orderEvent).values(inserted.map((order) => eventOf(order, happening)))
  return inserted
}

export async function orderById(tx: Tx, id: string, lock = false): Promise<TransferOrder | null> {
  const query = tx.select().from(transferOrder).where(eq(transferOrder.id, id))
  const [found] = await (lock ? query.for('update') : query)
  return found ?? null
}

/** An order in its next version, with the event that made it so; the order is locked. */
export async function changeOrder(tx: Tx, { id, version }: TransferOrder, set: Partial<typeof transferOrder.$inferInsert>, happening: Happening): Promise<TransferOrder> {
  const [changed] = await tx.update(transferOrder).set({ ...set, version: version + 1 })
    .where(and(eq(transferOrder.id, id), eq(transferOrder.version, version))).returning()
  invariant(changed !== undefined, 'an order that is locked is changed by one at a time')
  await tx.insert(orderEvent).values(eventOf(changed, happening))
  return changed
}

/** Orders of a plan, each locked, in the order of their numbers. */
export const lockOrdersOf = (tx: Tx, plan: string): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(eq(transferOrder.plan, plan)).orderBy(transferOrder.id).for('update')

export const numbersOf = async (tx: Tx, plan: string): Promise<string[]> =>
  (await tx.select({ id: transferOrder.id }).from(transferOrder).where(eq(transferOrder.plan, plan)).orderBy(transferOrder.id)).map(({ id }) => id)

/** Orders on which the clock has something to say. */
export async function dueOrders(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await tx.select({ id: transferOrder.id }).from(transferOrder).where(or(
    and(eq(transferOrder.state, 'issued'), lte(transferOrder.answerBy, now)),
    and(inArray(transferOrder.state, ['issued', 'accepted', 'reliefAsked']), lte(transferOrder.deadline, now)),
  )).orderBy(transferOrder.id).limit(limit)
  return rows.map(({ id }) => id)
}

export const eventsOf = (tx: Tx, order: string, page: { after: number; limit: number }): Promise<OrderEvent[]> =>
  tx.select().from(orderEvent).where(and(eq(orderEvent.order, order), gt(orderEvent.seq, page.after))).orderBy(orderEvent.seq).limit(page.limit)

/** The step that made the order what it is; the paper that follows a call is none. */
export async function lastStepOf(tx: Tx, id: string): Promise<OrderEvent> {
  const [found] = await tx.select().from(orderEvent).where(and(eq(orderEvent.order, id), ne(orderEvent.step, 'confirm')))
    .orderBy(desc(orderEvent.seq)).limit(1)
  invariant(found !== undefined, 'an order was issued')
  return found
}

export interface OrderAsk {
  readonly state: State | undefined
  readonly live: boolean | undefined
  readonly patient: string | undefined
  readonly fromPlace: string | undefined
  readonly toPlace: string | undefined
  readonly plan: string | undefined
  readonly vehicle: string | undefined
  /** Orders that leave from there or lead there. */
  readonly reach: Reach
  readonly after: string | null
  readonly descending: boolean
  readonly limit: number
}

const LIVE_STATES: State[] = [...LIVE]

export const listOrders = (tx: Tx, ask: OrderAsk): Promise<TransferOrder[]> => tx.select().from(transferOrder).where(and(
  ask.state === undefined ? undefined : eq(transferOrder.state, ask.state),
  ask.live === undefined ? undefined : ask.live ? inArray(transferOrder.state, LIVE_STATES) : sql`not ${inArray(transferOrder.state, LIVE_STATES)}`,
  ask.patient === undefined ? undefined : eq(transferOrder.patient, ask.patient),
  ask.fromPlace === undefined ? undefined : eq(transferOrder.fromPlace, ask.fromPlace),
  ask.toPlace === undefined ? undefined : eq(transferOrder.toPlace, ask.toPlace),
  ask.plan === undefined ? undefined : eq(transferOrder.plan, ask.plan),
  ask.vehicle === undefined ? undefined : eq(transferOrder.vehicle, ask.vehicle),
  ask.reach.isCity ? undefined : or(inArray(transferOrder.fromPlace, [...ask.reach.places]), inArray(transferOrder.toPlace, [...ask.reach.places])),
  ask.after === null ? undefined : ask.descending ? lt(transferOrder.id, ask.after) : gt(transferOrder.id, ask.after),
)).orderBy(ask.descending ? desc(transferOrder.id) : asc(transferOrder.id)).limit(ask.limit)

/** Orders that people still have to do something about: live, or arrived and the vehicle not yet clean. */
export const ordersUnderWay = (tx: Tx, limit: number): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(inArray(transferOrder.state, [...LIVE_STATES, 'arrived'])).orderBy(transferOrder.id).limit(limit)

/** Orders issued in a span of time. */
export const ordersIssued = (tx: Tx, span: { from: Date | undefined; until: Date | undefined }, limit: number): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(and(
    span.from === undefined ? undefined : gte(transferOrder.issuedAt, span.from),
    span.until === undefined ? undefined : lt(transferOrder.issuedAt, span.until),
  )).orderBy(transferOrder.id).limit(limit)

/** What a past moment knew of an order. */
export interface OrderThen extends Pick<TransferOrder, 'id' | 'version' | 'state' | 'patient' | 'pool' | 'trip' | 'vehicle' | 'leavesBase' | 'returns' | 'deadline'> {
  readonly brought: Order | null
}

/** Live orders as they stand, or as a past moment knew them. */
export async function liveOrders(tx: Tx, past: Past | null): Promise<OrderThen[]> {
  if (past === null) return tx.select().from(transferOrder).where(inArray(transferOrder.state, LIVE_STATES)).orderBy(transferOrder.id)
  const last = tx.selectDistinctOn([orderEvent.order]).from(orderEvent)
    .where(and(lte(orderEvent.at, past.asOf), lte(orderEvent.recordedAt, past.knownAt)))
    .orderBy(orderEvent.order, desc(orderEvent.seq)).as('last')
  return tx.select({
    id: transferOrder.id, version: last.seq, state: last.state, patient: transferOrder.patient, pool: last.pool, trip: transferOrder.trip,
    vehicle: last.vehicle, leavesBase: last.leavesBase, returns: last.returns, deadline: last.deadline, brought: transferOrder.brought,
  }).from(transferOrder).innerJoin(last, eq(last.order, transferOrder.id)).where(inArray(last.state, LIVE_STATES)).orderBy(transferOrder.id)
}

/** Lines of the plan that was in force then. */
export async function lastPlanAt(tx: Tx, past: Past | null): Promise<Record<string, LastPlanRow>> {
  const then = past === null ? eq(issuedPlan.state, 'approved') : and(
    lte(issuedPlan.approvedAt, past.asOf), lte(issuedPlan.recordedAt, past.knownAt),
    or(isNull(issuedPlan.endedAt), gt(issuedPlan.endedAt, past.asOf), gt(issuedPlan.endedAt, past.knownAt)),
  )
  const rows = await tx.select({ patient: planLine.patient, body: planLine.body }).from(planLine)
    .innerJoin(issuedPlan, eq(issuedPlan.id, planLine.plan)).where(then)
  return Object.fromEntries(rows.map(({ patient, body }) => [patient, body]))
}

export async function insertRelief(tx: Tx, row: typeof relief.$inferInsert): Promise<void> {
  await tx.insert(relief).values(row)
}

export async function reliefOf(tx: Tx, order: string, lock: boolean): Promise<Relief | null> {
  const query = tx.select().from(relief).where(eq(relief.order, order))
  const [found] = await (lock ? query.for('update') : query)
  return found ?? null
}

export async function liftRelief(tx: Tx, order: string, lifted: { at: Date; by: string }): Promise<Relief> {
  const [changed] = await tx.update(relief).set({ liftedAt: lifted.at, liftedBy: lifted.by })
    .where(and(eq(relief.order, order), isNull(relief.liftedAt))).returning()
  invariant(changed !== undefined, 'a relief that is locked is lifted once')
  return changed
}

export const listReliefs = (tx: Tx, ask: { open: boolean | undefined; after: string | null; limit: number }): Promise<Relief[]> =>
  tx.select().from(relief).where(and(
    ask.open === undefined ? undefined : ask.open ? isNull(relief.liftedAt) : isNotNull(relief.liftedAt),
    ask.after === null ? undefined : gt(relief.order, ask.after),
  )).orderBy(relief.order).limit(ask.limit)

/** Beds by which reliefs lowered each pool then. */
export async function relievedBeds(tx: Tx, past: Past | null): Promise<Record<string, number>> {
  const then = past === null ? isNull(relief.liftedAt)
    : and(lte(relief.since, past.asOf), lte(relief.since, past.knownAt), or(isNull(relief.liftedAt), gt(relief.liftedAt, past.asOf), gt(relief.liftedAt, past.knownAt)))
  const rows = await tx.select({ pool: relief.pool, beds: sql<number>`sum(${relief.beds})::int` }).from(relief).where(then).groupBy(relief.pool)
  return Object.fromEntries(rows.map(({ pool, beds }) => [pool, beds]))
}
