import { isPast, momentsOf, type Past, versionAt, wasOpen } from './modelPast.js'
import { contactOut } from './modelEditions.js'
import { outOf, seenNow } from './modelOrders.js'
import { knownOf, recordOut, reliefOut, roomOut, runOut, stayOut } from './modelOut.js'
import { atPlace, type Reach, seesCase, seesContact, seesOrder } from './modelRoles.js'
import { isLive, present, type State, type Version } from './modelState.js'
import { type Fields, type Kind, ofCodePoints } from './modelWords.js'

const SORTED_BY: Readonly<Record<string, (version: Version) => number>> = {
  id: () => 0, asOf: ({ effectiveAt }) => effectiveAt, recordedAt: ({ recordedAt }) => recordedAt,
}

/** Whether a record is one that somebody sees: what everybody has to know, or what lies with them. */
export function sees(state: State, reach: Reach, kind: Kind, { id, body }: Version): boolean {
  if (kind === 'pools') return atPlace(reach, body['place'])
  if (kind === 'cases') return seesCase(state, reach, id)
  return kind !== 'contacts' || seesContact(state, reach, id)
}
export const outOfKind = (kind: Kind, version: Version): Fields => (kind === 'contacts' ? contactOut(version) : recordOut(version))

/** The whole list, of which the service gives pages. */
export function recordList(state: State, kind: Kind, { past, equal, sort, reach }: { past: Past; equal: Fields; sort: string; reach: Reach }): Fields[] {
  const key = SORTED_BY[sort.replace('-', '')] ?? (() => 0)
  const found = [...state.records[kind].values()].flatMap((versions) => versionAt(versions, past, state.now) ?? [])
    .filter((version) => sees(state, reach, kind, version) && Object.entries(equal).every(([field, value]) => version.body[field] === value))
    .sort((a, b) => key(a) - key(b) || ofCodePoints(a.id, b.id))
  return (sort.startsWith('-') ? found.reverse() : found).map((version) => outOfKind(kind, version))
}

export interface StayAsk { readonly case?: string; readonly place?: string; readonly pool?: string; readonly open?: string }

export function stayList(state: State, ask: StayAsk, { past, sort, reach }: { past: Past; sort: string; reach: Reach }): Fields[] {
  const at = momentsOf(past, state.now)
  const found = [...state.stays.values()].filter((stay) =>
    atPlace(reach, stay.place) && (ask.case === undefined || stay.person === ask.case) && (ask.place === undefined || stay.place === ask.place) &&
    (ask.pool === undefined || stay.pool === ask.pool) && (ask.open === undefined || String(isPast(past) || stay.end === null) === ask.open) &&
    (!isPast(past) || wasOpen(stay, at))).sort((a, b) => ofCodePoints(a.id, b.id))
  // A stay that was open then shows nothing of its end.
  return (sort === '-id' ? found.reverse() : found).map((stay) => stayOut(isPast(past) ? { ...stay, end: null } : stay))
}

/** Without their ids, in the order in which they were put down. */
export const roomList = (state: State, past: Past, reach: Reach): Fields[] => [...state.rooms.values()]
  .filter((room) => atPlace(reach, room.place) && (!isPast(past) || wasOpen(room, momentsOf(past, state.now))))
  .map((room) => roomOut(isPast(past) ? { ...room, end: null } : room))

export const runList = (state: State, is: string | undefined): Fields[] =>
  [...state.runs.values()].map((run) => knownOf(runOut(run))).filter((run) => is === undefined || run['state'] === is)
    .sort((a, b) => ofCodePoints(String(b['id']), String(a['id'])))

export interface OrderAsk { readonly state?: string; readonly live?: string; readonly patient?: string; readonly toPlace?: string; readonly plan?: string }

/** As the clock has them by now, whoever has written that down. */
export const orderList = (state: State, actor: string, reach: Reach, ask: OrderAsk): Fields[] => [...state.orders.values()]
  .filter((order) => {
    const is = seenNow(order.now, state.now).state
    return seesOrder(reach, order) && (ask.state === undefined || is === ask.state) && (ask.live === undefined || String(isLive(is)) === ask.live) &&
      (ask.patient === undefined || order.patient === ask.patient) && (ask.toPlace === undefined || order.now.toPlace === ask.toPlace) && (ask.plan === undefined || order.plan === ask.plan)
  }).sort((a, b) => ofCodePoints(a.id, b.id)).map((order) => outOf(state, actor, order))

export const reliefList = (state: State, open: string | undefined, reach: Reach): Fields[] => [...state.reliefs.values()]
  .filter(({ pool }) => atPlace(reach, String(present(state, 'pools', pool)?.body['place'])))
  .filter(({ lifted }) => open === undefined || String(lifted === null) === open).sort((a, b) => ofCodePoints(a.order, b.order)).map((one) => reliefOut(one, state.now))
