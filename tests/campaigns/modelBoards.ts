import { illAndUnanswered } from './modelCalendar.js'
import { seenNow } from './modelOrders.js'
import { wantsPaper } from './modelIssue.js'
import { partedFrom } from './modelLeaving.js'
import { isClean } from './modelPast.js'
import { backAt } from './modelRides.js'
import { atPlace, ofUnit, type Reach, seesOrder } from './modelRoles.js'
import { isLive, openStayOf, type Order, type OrderNow, present, type State } from './modelState.js'
import { fallenOut } from './modelWaiting.js'
import { type Fields, HOUR, MINUTE, ofCodePoints, written, writtenOrNull } from './modelWords.js'

type Seen = { readonly order: Order; readonly now: OrderNow }

const inOrder = (state: State): Seen[] => [...state.orders.values()].sort((a, b) => ofCodePoints(a.id, b.id)).map((order) => ({ order, now: seenNow(order.now, state.now) }))
const isUnderWay = ({ order, now }: Seen): boolean => isLive(now.state) || now.state === 'arrived' || (['died', 'returned'].includes(now.state) && !isClean(order.steps))
const later = (...moments: readonly (number | null)[]): number | null => moments.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)

/** Each ride of each vehicle, those of one ride together. */
export function vehicleBoard(state: State): Fields {
  const rides = new Map<string, { vehicle: string; leaves: number; crew: string | null; back: number | null; orders: Fields[] }>()
  for (const { order: { id, patient }, now } of inOrder(state).filter(isUnderWay)) {
    const { vehicle, crew, leavesBase, toPlace } = now
    if (vehicle === null) continue
    const key = JSON.stringify([vehicle, leavesBase ?? 0])
    const before = rides.get(key)
    rides.set(key, { vehicle, leaves: leavesBase ?? 0, crew, back: later(backAt(now), before?.back ?? null), orders: [...before?.orders ?? [], { id, state: now.state, patient, toPlace, outside: null }] })
  }
  const sorted = [...rides.values()].sort((a, b) => ofCodePoints(a.vehicle, b.vehicle) || a.leaves - b.leaves)
  return { rides: sorted.map(({ vehicle, crew, back, orders }) => ({ vehicle, crew, expectedBack: writtenOrNull(back), orders })) }
}

const GRACE = 30 * MINUTE

/** When the patient left where the order collects them; null: they lie there. */
function leftAt(state: State, { patient, fromPlace }: Order): number | null {
  const open = openStayOf(state, patient)
  if (open !== undefined) return open.place === fromPlace ? null : open.began
  const ends = [...state.stays.values()].flatMap(({ person, end }) => (person === patient && end !== null ? [end.at] : []))
  return ends.length === 0 ? null : Math.max(...ends)
}

/** What rings for whoever sees these orders, critical and severe patients first, then the longest: not there, not clean, not decided, no paper, nobody to collect, not gone, about to expire, waiting again; of the whole city also plans without paper. */
export function overdue(state: State, reach: Reach, isolation: Reach): Fields {
  const rings = inOrder(state).filter(({ order }) => seesOrder(reach, order)).flatMap(({ order, now }) => {
    const { dispatchedAt, arrivedAt, travelMinutes, vehicle, confirmed, leavesBase, arrives } = now
    // Whoever left when they were to, or later, collects first; who left before says nothing of when they are there.
    const there = dispatchedAt === null ? null : later(dispatchedAt + travelMinutes * MINUTE, leavesBase !== null && leavesBase <= dispatchedAt ? arrives : null)
    const since = order.steps.filter(({ step }) => step !== 'confirm').at(-1)?.at ?? 0
    const unclean = now.state === 'arrived' ? arrivedAt : ['died', 'returned'].includes(now.state) && !isClean(order.steps) ? since : null
    const [leaves, expires] = [now.departs ?? leavesBase, isLive(now.state) && now.deadline !== null ? now.deadline - 30 * MINUTE : null]
    const kinds: [string, number | null][] = [
      ['notArrived', now.state === 'dispatched' && there !== null ? there + GRACE : null],
      ['notClean', vehicle !== null && unclean !== null ? later(backAt(now), unclean + 2 * travelMinutes * MINUTE + GRACE) : null],
      ['reliefUndecided', now.state === 'reliefAsked' ? since + 30 * MINUTE : null],
      // One post alone wants the paper of another, whatever has become of the order meanwhile.
      ['notConfirmed', wantsPaper(order) && confirmed === null ? order.issued.at + 12 * HOUR : null],
      ['patientGone', isLive(now.state) ? leftAt(state, order) : null],
      ['partyParted', isLive(now.state) && now.state !== 'dispatched' ? partedFrom(state, order)?.since ?? null : null],
      ['notDispatched', leaves !== null && ['issued', 'accepted'].includes(now.state) && (expires === null || expires > state.now) ? leaves + GRACE : null],
      ['expiresSoon', expires],
    ]
    return kinds.flatMap(([kind, from]) => (from !== null && from <= state.now ? [{ ...ABOUT, order: order.id, kind, from, severity: severityOf(state, order.patient), state: now.state, patient: order.patient, toPlace: now.toPlace, vehicle }] : []))
  })
  const fallen = fallenOut(state).filter(({ body, place }) => reach.isCity || reach.units.has(String(body['unit'])) || reach.places.has(place))
    .map(({ kind, from, person, body, place, order, state: ended, plan, by, note }) => ({ ...ABOUT, kind, from, severity: String(body['severity']), order, state: ended, patient: person, plan, place, by, note }))
  const plans = [...state.plans.values()].filter((plan) => reach.isCity && plan.phone !== null && plan.confirmed === null && plan.state !== 'withdrawn' && plan.approved.at + 12 * HOUR <= state.now)
    .sort((a, b) => a.approved.at - b.approved.at || ofCodePoints(a.id, b.id))
    .map(({ id, approved }) => ({ ...ABOUT, kind: 'planNotConfirmed', from: approved.at + 12 * HOUR, plan: id }))
  const symptoms = illAndUnanswered(state).filter(({ place, unit }) => atPlace(isolation, place) || ofUnit(isolation, unit))
    .map(({ contact, place, from }) => ({ ...ABOUT, kind: 'symptomsSeen', from, contact, place }))
  const urgency = ({ severity }: { severity: string | null }) => (severity === 'critical' ? 0 : severity === 'severe' ? 1 : 2)
  return { rings: [...rings, ...fallen, ...plans, ...symptoms].sort((a, b) => urgency(a) - urgency(b) || a.from - b.from).map(({ from, ...ring }) => ({ ...ring, since: written(from) })) }
}

const ABOUT: Ringing = {
  severity: null, order: null, state: null, patient: null, toPlace: null, outside: null, vehicle: null, allocation: null, handover: null, toPost: null, plan: null,
  request: null, item: null, contact: null, place: null, by: null, note: null, lockedAway: null,
}
type Ringing = Readonly<Record<'severity' | 'order' | 'state' | 'patient' | 'toPlace' | 'vehicle' | 'plan' | 'contact' | 'place' | 'by' | 'note', string | null>> & Fields

const severityOf = (state: State, person: string): string => String(present(state, 'cases', person)?.body['severity'])

/** How long each stretch took of what was issued here, in whole minutes, by severity. */
export function transferClocks(state: State): Fields {
  const rows = ['critical', 'severe', 'ordinary'].flatMap((severity) => ['requestToApproval', 'approvalToDispatch', 'dispatchToHandover'].flatMap((stretch) => {
    const minutes = [...state.orders.values()].filter((order) => order.brought === null && order.severity === severity).flatMap(({ requestedAt, issued, now: { dispatchedAt, arrivedAt } }) => {
      const [from, to] = stretch === 'requestToApproval' ? [requestedAt, issued.at] : stretch === 'approvalToDispatch' ? [issued.at, dispatchedAt] : [dispatchedAt, arrivedAt]
      return from === null || to === null ? [] : [Math.max(0, Math.floor((to - from) / MINUTE))]
    }).sort((a, b) => a - b)
    const worst = minutes.at(-1)
    return worst === undefined ? [] : [{ severity, stretch, orders: minutes.length, median: minutes[Math.floor(minutes.length / 2)], worst }]
  }))
  return { rows }
}
