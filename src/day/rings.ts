import type { Severity } from '../cases/cases.js'
import { CASES } from '../cases/store.js'
import type { Tx } from '../db/database.js'
import { allRecords } from '../db/records.js'
import { OVERDUE_ALLOCATIONS, overdueAllocation } from '../dispatch/material/rings.js'
import { type AllocationOrder, allocationsThatMayRing, issuedAllocationsWithoutPaper, lockedAwayIn, type LotLockedAway } from '../dispatch/material/store.js'
import { OVERDUE_ORDERS, overdueOf, paperDue } from '../dispatch/boards.js'
import { seenAt } from '../dispatch/clockwork.js'
import { lastStepsOf } from '../dispatch/eventStore.js'
import { isLive, isOverUnclean } from '../dispatch/orders.js'
import { partedFrom } from '../dispatch/partyStore.js'
import { ordersThatMayRing, plansWithoutPaper, type TransferOrder } from '../dispatch/store.js'
import { FALLEN, type FallenOut } from '../dispatch/waiting.js'
import { peopleFallen } from '../dispatch/waitingStore.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { isolatedNow, type KeptObservation, remarkedNow } from '../stays/isolation/store.js'
import { unanswered } from '../stays/isolation/symptoms.js'
import { whereabouts } from '../stays/store.js'
import { URGENT_ANSWER_MINUTES } from '../supplies/requests.js'
import { type Request, urgentOpenSince } from '../supplies/requestStore.js'
import { type Handover, notTakenSince } from './store.js'

/** Whoever comes on takes over within so long. */
const TAKE_OVER_MINUTES = 30
const MINUTE = 60_000
const URGENT_ANSWER = URGENT_ANSWER_MINUTES * MINUTE

/**
 * What rings: orders that are late, people who fell out of the plans and wait, material that is late, plans approved by phone
 * that have no paper, shifts that nobody has taken over, urgent requests that nobody has answered, and fever and symptoms in
 * isolation that nobody has answered.
 */
export const OVERDUE = {
  ...OVERDUE_ORDERS,
  ...FALLEN,
  ...OVERDUE_ALLOCATIONS,
  planNotConfirmed: text('电话批准的方案未补书面', 'a plan approved by phone, and no paper yet'),
  materialNotConfirmed: text('电话批准的方案物资未补签', 'the material of a plan approved by phone, and no paper yet'),
  notTakenOver: text('交班无人接', 'a shift was handed over and nobody has taken it'),
  notAnswered: text('紧急申领无人答复', 'an urgent request for material that nobody has answered'),
  symptomsSeen: text('隔离人员有发热或症状，未处置', 'somebody in isolation has fever or symptoms, and nobody has extended it or ruled them out'),
} as const satisfies Vocabulary<string>
export type Overdue = keyof typeof OVERDUE

/** One ring: about one of these, the others are null. */
export interface Ring {
  readonly kind: Overdue
  readonly since: Date
  /** How ill the patient is now whom it is about; null: it is about none. */
  readonly severity: Severity | null
  readonly order: TransferOrder | null
  readonly fallen: FallenOut | null
  readonly allocation: AllocationOrder | null
  readonly handover: Handover | null
  readonly request: Request | null
  /** Somebody in isolation. */
  readonly contact: { readonly id: string; readonly unit: string; readonly place: string } | null
  /** The run of a plan. */
  readonly plan: string | null
  /** The lots that an order holds in quarantine; null: it rings for something else. */
  readonly lockedAway: readonly LotLockedAway[] | null
}
const ABOUT = { severity: null, order: null, fallen: null, allocation: null, handover: null, request: null, contact: null, plan: null, lockedAway: null }

/** An order, how ill its patient is now, whether it or its vehicle is still to be seen to, and what rings about it. */
export interface WithRings {
  readonly order: TransferOrder
  readonly severity: Severity
  readonly isUnderWay: boolean
  readonly rings: Ring[]
}

/** Orders that somebody still has to do something about, as the clock has them by now, each with what rings about it. */
export async function ordersWithRings(tx: Tx, now: Date): Promise<WithRings[]> {
  const parted = await partedFrom(tx, null, now)
  const orders = (await ordersThatMayRing(tx)).map((order) => seenAt(order, now)).sort((a, b) => byCodeUnits(a.id, b.id))
  const people = await allRecords(tx, CASES, null, orders.map(({ patient }) => patient))
  const last = await lastStepsOf(tx, orders.map(({ id }) => id))
  const lying = await whereabouts(tx, orders.map(({ patient }) => patient))
  return orders.map((order) => {
    const there = lying.get(order.patient)
    const gone = there === undefined || there.place === order.fromPlace ? null : there.since
    const { at: since = order.issuedAt, step } = last.get(order.id) ?? {}
    const isClean = step === 'decontaminate'
    const rings = overdueOf(order, { since, isClean, gone, parted: parted.get(order.id)?.since ?? null }, now)
    const isUnderWay = isLive(order.state) || (!isClean && (order.state === 'arrived' || isOverUnclean(order.state)))
    const severity = people[order.patient]?.severity ?? order.severity
    return { order, severity, isUnderWay, rings: rings.map((ring) => ({ ...ABOUT, ...ring, severity, order })) }
  })
}

/** What rings about a request: it is urgent, and nobody has answered it in time. */
export function requestRing({ state, urgency, askedAt }: Pick<Request, 'state' | 'urgency' | 'askedAt'>, now: Date): Pick<Ring, 'kind' | 'since'>[] {
  const since = new Date(askedAt.getTime() + URGENT_ANSWER)
  return state === 'open' && urgency === 'urgent' && since <= now ? [{ kind: 'notAnswered', since }] : []
}

/** What is about the gravest ill stands first: critical, then severe, then all others. */
export const urgencyOf = (severity: Severity | null): number => (severity === 'critical' ? 0 : severity === 'severe' ? 1 : 2)

/** Everything that rings: about critical patients, about severe ones, then the rest; of these what has rung longest. */
export async function ringsAt(tx: Tx, now: Date): Promise<Ring[]> {
  const takeOver = TAKE_OVER_MINUTES * MINUTE
  const shifts = (await notTakenSince(tx, new Date(now.getTime() - takeOver))).map((handover): Ring =>
    ({ ...ABOUT, kind: 'notTakenOver', since: new Date(handover.givenAt.getTime() + takeOver), handover }))
  const requests = (await urgentOpenSince(tx, new Date(now.getTime() - URGENT_ANSWER))).flatMap((request) =>
    requestRing(request, now).map((ring): Ring => ({ ...ABOUT, ...ring, request })))
  const plans = await plansThatRing(tx, now)
  const allocations = await allocationsThatMayRing(tx, null)
  const locked = await lockedAwayIn(tx, allocations)
  const material = allocations.flatMap((allocation) => {
    const held = locked.get(allocation.id) ?? []
    return overdueAllocation({ ...allocation, lockedAwayAt: held[0]?.at ?? null }, now)
      .map((ring): Ring => ({ ...ABOUT, ...ring, allocation, lockedAway: ring.kind === 'allocationHoldsQuarantined' ? held : null }))
  })
  const symptoms = (await unwellUnanswered(tx)).map(({ id, unit, place, since }): Ring => ({ ...ABOUT, kind: 'symptomsSeen', since, contact: { id, unit, place } }))
  const fallen = (await peopleFallen(tx, now)).map((one): Ring =>
    ({ ...ABOUT, kind: one.fall.kind, since: one.fall.since, severity: one.waiting.person.severity, fallen: one }))
  return [...(await ordersWithRings(tx, now)).flatMap(({ rings }) => rings), ...fallen, ...material, ...shifts, ...requests, ...plans, ...symptoms]
    .sort((a, b) => urgencyOf(a.severity) - urgencyOf(b.severity) || a.since.getTime() - b.since.getTime())
}

/** Approved by phone, transfers or material, and the morning has gone by without paper. */
async function plansThatRing(tx: Tx, now: Date): Promise<Ring[]> {
  const called = [
    ...(await plansWithoutPaper(tx)).map(({ id, approvedAt }) => ({ kind: 'planNotConfirmed' as const, plan: id, approvedAt })),
    ...(await issuedAllocationsWithoutPaper(tx)).map(({ run, approvedAt }) => ({ kind: 'materialNotConfirmed' as const, plan: run, approvedAt })),
  ]
  return called.map(({ kind, plan, approvedAt }): Ring => ({ ...ABOUT, kind, plan, since: paperDue(approvedAt) })).filter(({ since }) => since <= now)
}

/** Somebody in isolation who is unwell, since it was first put down, with what nobody has answered, the oldest first. */
export interface Unanswered {
  readonly id: string
  readonly unit: string
  readonly place: string
  readonly since: Date
  readonly looks: readonly KeptObservation[]
}

/** Everybody in isolation with fever or symptoms that nobody has answered: each of them rings once. */
export async function unwellUnanswered(tx: Tx): Promise<Unanswered[]> {
  const remarked = await remarkedNow(tx)
  if (remarked.size === 0) return []
  return (await isolatedNow(tx)).flatMap(({ id, contact, place }): Unanswered[] => {
    const looks = unanswered(contact, remarked.get(id) ?? [])
    const [first, ...others] = looks.map(({ recordedAt }) => recordedAt)
    if (first === undefined) return []
    return [{ id, unit: contact.unit, place, since: others.reduce((least, one) => (one < least ? one : least), first), looks }]
  })
}
