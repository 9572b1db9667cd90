import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, like, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import type { Span } from '../db/history.js'
import { insertRows } from '../db/insertRows.js'
import { lyingAtColumns } from '../db/lying.js'
import type { Past } from '../db/records.js'
import { invariant } from '../kernel/invariant.js'
import type { Refusal } from '../kernel/refusal.js'
import type { Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import type { LastPlanRow, Order } from '../planning/scenario.js'
import { LIVE, OVER_UNCLEAN, type State } from './orders.js'
import type { RideTimes } from './rides.js'
import type { StepName } from './steps.js'
import { dispatchDesk, issuedPlan, orderEvent, planLine, transferOrder } from './tables.js'

export type IssuedPlan = typeof issuedPlan.$inferSelect
export type TransferOrder = typeof transferOrder.$inferSelect
export type OrderEvent = typeof orderEvent.$inferSelect
/** What is known of how long an order took. */
export type Clocked = Pick<TransferOrder, 'severity' | 'requestedAt' | 'issuedAt' | 'dispatchedAt' | 'arrivedAt'>

export const DISPATCH_GUARDS: Readonly<Record<string, Refusal>> = {
  transfer_order_is_one_a_person: { code: 'alreadyExists', text: text('此人已有一份有效的转运指令', 'the person has a standing transfer order') },
  transfer_order_patient_care_case_id_fk: { code: 'unknownReference', text: text('没有这个病例（patient）', 'there is no such case (patient)') },
  transfer_order_leads_to_one_place: { code: 'invalidInput', text: text('去处只有一个：系统内的床位，或系统外的一处', 'an order leads to one place: beds of this system, or one outside of it') },
  transfer_order_pool_at_place: { code: 'wrongReference', text: text('有转运指令前往，床位不能换场所；请另立一组床位', 'a transfer order leads there: these beds keep their place; put down others') },
}

/** Nobody else issues orders or ends a plan before this act's transaction is over. */
export async function lockDesk({ tx, notBefore, at }: Pick<Act, 'tx' | 'notBefore' | 'at'>): Promise<void> {
  await tx.insert(dispatchDesk).values({ only: true }).onConflictDoNothing()
  await tx.select().from(dispatchDesk).for('update')
  notBefore(at)
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
  await insertRows(tx, planLine, Object.entries(lines).map(([patient, body]) => ({ plan: plan.id, patient, body })))
  return inserted
}

/** The plan in its next version; whoever changes it has locked the desk. */
export async function changePlan(tx: Tx, { id, version }: IssuedPlan, set: Partial<typeof issuedPlan.$inferInsert>): Promise<IssuedPlan> {
  const [changed] = await tx.update(issuedPlan).set({ ...set, version: version + 1 })
    .where(and(eq(issuedPlan.id, id), eq(issuedPlan.version, version))).returning()
  invariant(changed !== undefined, 'a plan is changed by one at a time')
  return changed
}

/** The last number given out behind a day, which may be stamped; nought when there is none. */
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
  pool: order.pool, outside: order.outside, vehicle: order.vehicle, leavesBase: order.leavesBase, departs: order.departs, returns: order.returns, deadline: order.deadline,
})

export async function insertOrders(tx: Tx, orders: readonly Omit<typeof transferOrder.$inferInsert, 'version'>[], happening: Happening): Promise<TransferOrder[]> {
  const inserted = await insertRows(tx, transferOrder, orders.map((order) => ({ ...order, version: 1 })))
  await insertRows(tx, orderEvent, inserted.map((order) => eventOf(order, happening)))
  return inserted
}

export const ORDERS_LIE = lyingAtColumns(transferOrder, ['from_place', 'to_place'])

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

/** The order that each line of a plan became, by patient. */
export const numbersByPatient = async (tx: Tx, plan: string): Promise<Map<string, string>> =>
  new Map((await tx.select({ patient: transferOrder.patient, id: transferOrder.id }).from(transferOrder).where(eq(transferOrder.plan, plan)).orderBy(desc(transferOrder.id)))
    .map(({ patient, id }) => [patient, id]))

const isDue = (now: Date) => or(
  and(eq(transferOrder.state, 'issued'), lte(transferOrder.answerBy, now)),
  and(inArray(transferOrder.state, ['issued', 'accepted', 'reliefAsked']), lte(transferOrder.deadline, now)),
)

/** Orders on which the clock has something to say. */
export async function dueOrders(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const rows = await tx.select({ id: transferOrder.id }).from(transferOrder).where(isDue(now)).orderBy(transferOrder.id).limit(limit)
  return rows.map(({ id }) => id)
}

/** The same, each locked, in the order of their numbers. */
export const lockDueOrders = (tx: Tx, now: Date, limit: number): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(isDue(now)).orderBy(transferOrder.id).limit(limit).for('update')

export interface OrderAsk {
  /** The moment for which the clock is asked what the states are. */
  readonly now: Date
  /** What the order has to equal; its state as the clock has it by then. */
  readonly equal: Readonly<{ [F in 'state' | 'patient' | 'fromPlace' | 'toPlace' | 'plan' | 'vehicle']?: string | undefined }>
  readonly live: boolean | undefined
  readonly outside: boolean | undefined
  /** Orders that leave from there or lead there. */
  readonly reach: Reach
  readonly sort: { readonly by: keyof typeof SORT_KEYS; readonly descending: boolean }
  /** The key and id behind which the page begins. */
  readonly after: { readonly key: string; readonly id: string } | null
  readonly limit: number
}

const LIVE_STATES: State[] = [...LIVE]

/** The state as the clock has it by now, though nobody has written that down yet. */
const stateBy = (now: Date) => sql`case
  when ${transferOrder.state} in ('issued', 'accepted', 'reliefAsked') and ${transferOrder.deadline} <= ${now.toISOString()} then 'expired'
  when ${transferOrder.state} = 'issued' and ${transferOrder.answerBy} <= ${now.toISOString()} then 'accepted' else ${transferOrder.state} end`

const timeKey = (column: typeof transferOrder.issuedAt | typeof transferOrder.deadline) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`
const SORT_KEYS = {
  id: sql`''::text`,
  issuedAt: timeKey(transferOrder.issuedAt),
  // A word stands behind every time.
  deadline: sql`coalesce(${timeKey(transferOrder.deadline)}, 'none')`,
} as const

/** One page of orders, and the key of its last when there are more. */
export async function listOrders(tx: Tx, ask: OrderAsk): Promise<{ orders: TransferOrder[]; next: { key: string; id: string } | null }> {
  const key = sql<string>`${SORT_KEYS[ask.sort.by]} collate "C"`
  const id = sql`${transferOrder.id} collate "C"`
  const way = ask.sort.descending ? desc : asc
  const beyond = ask.sort.descending ? sql`<` : sql`>`
  const { state, ...equal } = ask.equal
  const rows = await tx.select({ order: transferOrder, key }).from(transferOrder).where(and(
    state === undefined ? undefined : sql`${stateBy(ask.now)} = ${state}`,
    ask.live === undefined ? undefined : sql`(${stateBy(ask.now)} in ${LIVE_STATES}) = ${ask.live}`,
    ...(Object.entries(equal) as [keyof typeof equal, string | undefined][]).map(([field, value]) =>
      (value === undefined ? undefined : sql`${transferOrder[field]} = ${value}`)),
    ask.outside === undefined ? undefined : ask.outside ? isNotNull(transferOrder.outside) : isNull(transferOrder.outside),
    ask.reach.isCity ? undefined : or(inArray(transferOrder.fromPlace, [...ask.reach.places]), inArray(transferOrder.toPlace, [...ask.reach.places])),
    ask.after === null ? undefined : sql`(${key}, ${id}) ${beyond} (${ask.after.key}, ${ask.after.id})`,
  )).orderBy(way(key), way(id)).limit(ask.limit + 1)
  const page = rows.slice(0, ask.limit)
  const last = rows.length > ask.limit ? page.at(-1) : undefined
  return { orders: page.map(({ order }) => order), next: last === undefined ? null : { key: last.key, id: last.order.id } }
}

/** Whether a vehicle is out on an order: on the road, or not yet clean. A death stays one, and so does a return, so that what says that it is clean is the step. */
const isVehicleOut = (past: Past | null) => or(inArray(transferOrder.state, ['dispatched', 'arrived']), and(inArray(transferOrder.state, [...OVER_UNCLEAN]), isNotClean(past)))

/** Nobody had said that the vehicle of an order is clean, as far as a past moment knew. */
const isNotClean = (past: Past | null) => sql`not exists (select from ${orderEvent} e where e.order_id = ${transferOrder.id} and e.step = 'decontaminate'${
  past === null ? sql`` : sql` and e.at <= ${past.asOf.toISOString()} and e.recorded_at <= ${past.knownAt.toISOString()}`})`

/**
 * Orders that people still have to do something about: live, or over and the vehicle not yet clean. All of them, here and
 * below: one that is left out rings nowhere, and there are no more than people in care.
 */
export const ordersUnderWay = (tx: Tx): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(or(inArray(transferOrder.state, LIVE_STATES), isVehicleOut(null))).orderBy(transferOrder.id)

/** Orders on which a vehicle is out. */
export const ordersOut = (tx: Tx, vehicle: string): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(and(eq(transferOrder.vehicle, vehicle), isVehicleOut(null))).orderBy(transferOrder.id)

const WITHOUT_PAPER = and(isNull(transferOrder.plan), isNull(transferOrder.brought), isNull(transferOrder.confirmedAt))

/** Orders about which something can be overdue: those under way, and those outside any plan that have no paper, whatever became of them. */
export const ordersThatMayRing = (tx: Tx): Promise<TransferOrder[]> => tx.select().from(transferOrder).where(or(
  inArray(transferOrder.state, LIVE_STATES), isVehicleOut(null), WITHOUT_PAPER,
)).orderBy(transferOrder.id)

/** Orders outside any plan that have no paper yet, whatever became of them. */
export const ordersWithoutPaper = (tx: Tx): Promise<TransferOrder[]> =>
  tx.select().from(transferOrder).where(WITHOUT_PAPER).orderBy(transferOrder.id)

/** Plans that were approved by phone and have no paper yet, unless they were taken back. */
export const plansWithoutPaper = (tx: Tx): Promise<IssuedPlan[]> =>
  tx.select().from(issuedPlan).where(and(isNotNull(issuedPlan.phone), isNull(issuedPlan.confirmedAt), ne(issuedPlan.state, 'withdrawn'))).orderBy(issuedPlan.approvedAt, issuedPlan.id)

/** When each order issued here in a span of time was asked for, issued, dispatched and there: what a scenario brought says only that it stood when it came. */
export const timesOfIssued = (tx: Tx, span: { from: Date | undefined; until: Date | undefined }): Promise<Clocked[]> =>
  tx.select({
    severity: transferOrder.severity, requestedAt: transferOrder.requestedAt, issuedAt: transferOrder.issuedAt,
    dispatchedAt: transferOrder.dispatchedAt, arrivedAt: transferOrder.arrivedAt,
  }).from(transferOrder).where(and(
    isNull(transferOrder.brought),
    span.from === undefined ? undefined : gte(transferOrder.issuedAt, span.from),
    span.until === undefined ? undefined : lt(transferOrder.issuedAt, span.until),
  ))

/** What a past moment knew of an order. */
export interface OrderThen extends RideTimes, Pick<TransferOrder, 'id' | 'version' | 'state' | 'patient' | 'pool' | 'outside' | 'vehicle' | 'leavesBase' | 'deadline'> {
  readonly brought: Order | null
}

/** Orders that stand, and those whose vehicles are not clean yet, as they are, or as a past moment knew them. */
export async function ordersAt(tx: Tx, past: Past | null): Promise<OrderThen[]> {
  const states: State[] = [...LIVE_STATES, 'arrived', ...OVER_UNCLEAN]
  if (past === null) return tx.select().from(transferOrder).where(or(inArray(transferOrder.state, LIVE_STATES), isVehicleOut(null))).orderBy(transferOrder.id)
  // What was under way then and is not now has had something told of it since; nothing is told before it happens.
  const since = past.asOf < past.knownAt ? past.asOf : past.knownAt
  const toldSince = tx.select({ order: orderEvent.order }).from(orderEvent).where(gt(orderEvent.recordedAt, since))
  const candidates = tx.select({ order: transferOrder.id }).from(transferOrder)
    .where(or(inArray(transferOrder.state, states), inArray(transferOrder.id, toldSince)))
  const last = tx.selectDistinctOn([orderEvent.order]).from(orderEvent)
    .where(and(inArray(orderEvent.order, candidates), lte(orderEvent.at, past.asOf), lte(orderEvent.recordedAt, past.knownAt)))
    .orderBy(orderEvent.order, desc(orderEvent.seq)).as('last')
  return tx.select({
    id: transferOrder.id, version: last.seq, state: last.state, patient: transferOrder.patient, pool: last.pool, outside: last.outside,
    vehicle: last.vehicle, leavesBase: last.leavesBase, returns: last.returns, deadline: last.deadline, brought: transferOrder.brought,
    departs: sql<Date | null>`coalesce(${last.departs}, ${transferOrder.departs})`.mapWith(transferOrder.departs),
    // When they left stays as it was put down, and so, once they have arrived, does when they were to; before that nobody asks for these.
    arrives: transferOrder.arrives, dispatchedAt: transferOrder.dispatchedAt, arrivedAt: transferOrder.arrivedAt,
  }).from(transferOrder).innerJoin(last, eq(last.order, transferOrder.id)).where(or(inArray(last.state, [...LIVE_STATES, 'arrived']), and(inArray(last.state, [...OVER_UNCLEAN]), isNotClean(past))))
    .orderBy(transferOrder.id)
}

/** What happened to orders in a span of time, in order, with whose each is. */
export const stepsDuring = (tx: Tx, { from, to, knownAt }: Span): Promise<{ order: string; patient: string; step: StepName; at: Date }[]> =>
  tx.select({ order: orderEvent.order, patient: transferOrder.patient, step: orderEvent.step, at: orderEvent.at })
    .from(orderEvent).innerJoin(transferOrder, eq(transferOrder.id, orderEvent.order))
    .where(and(
      gt(orderEvent.at, from), lte(orderEvent.at, to), lte(orderEvent.recordedAt, knownAt),
      // What the clock ended and a vehicle had left for in time was not over, once that was told.
      sql`not (${orderEvent.step} = 'expire' and exists (select from ${orderEvent} e where e.order_id = ${orderEvent.order}
        and e.seq > ${orderEvent.seq} and e.step = 'dispatch' and e.recorded_at <= ${knownAt.toISOString()}))`,
    )).orderBy(orderEvent.order, orderEvent.seq)

/** Plans whose approval was put down in a span of time, so that each is of one day: by phone it was given before. */
export const plansApprovedDuring = (tx: Tx, { from, to, knownAt }: Span): Promise<Pick<IssuedPlan, 'id' | 'approvedAt' | 'approvedBy'>[]> =>
  tx.select({ id: issuedPlan.id, approvedAt: issuedPlan.approvedAt, approvedBy: issuedPlan.approvedBy }).from(issuedPlan)
    .where(and(isNotNull(issuedPlan.run), gt(issuedPlan.recordedAt, from), lte(issuedPlan.recordedAt, to), lte(issuedPlan.recordedAt, knownAt))).orderBy(issuedPlan.approvedAt, issuedPlan.id)

/** Lines of the plan that was in force then. */
export async function lastPlanAt(tx: Tx, past: Past | null): Promise<Record<string, LastPlanRow>> {
  const then = past === null ? eq(issuedPlan.state, 'approved') : and(
    lte(issuedPlan.approvedAt, past.asOf), lte(issuedPlan.recordedAt, past.knownAt),
    or(isNull(issuedPlan.endedAt), gt(issuedPlan.endedAt, past.asOf), gt(issuedPlan.endedAt, past.knownAt)),
  )
  // One approved by phone holds from the call on, which was put down only later: of two the newer was in force.
  const [plan] = await tx.select({ id: issuedPlan.id }).from(issuedPlan).where(then).orderBy(desc(issuedPlan.approvedAt), desc(issuedPlan.recordedAt)).limit(1)
  if (plan === undefined) return {}
  const rows = await tx.select({ patient: planLine.patient, body: planLine.body }).from(planLine).where(eq(planLine.plan, plan.id))
  return Object.fromEntries(rows.map(({ patient, body }) => [patient, body]))
}
