import { bookOut } from './modelBeds.js'
import { overdue, transferClocks, vehicleBoard } from './modelBoards.js'
import { byEveryEdition, dueObservations, illNow, observationsOf, releaseCalendar, roomsByDay, shortages } from './modelCalendar.js'
import type { Draw } from './modelChance.js'
import { type OrderAsk, orderList, reliefList, roomList } from './modelLook.js'
import { outOf } from './modelOrders.js'
import { planOut, stepOut } from './modelOut.js'
import type { Past } from './modelPast.js'
import { ordersOf } from './modelPlans.js'
import { ACTORS, admitted, atPlace, type Reach, seesContact, seesOrder } from './modelRoles.js'
import type { Look } from './modelSeen.js'
import { idsOf, present, type State } from './modelState.js'
import { dayLater, dayOf, type Fields } from './modelWords.js'

const READER = 'local'

/** What somebody is answered: a refusal at the door, or what is so within their reach. */
const within = (state: State, actor: string, operation: string, says: (reach: Reach) => Fields | string): Fields | string => {
  const reach = admitted(state, actor, operation)
  return typeof reach === 'string' ? reach : says(reach)
}
/** A list likewise. */
function listed(state: State, ask: { path: string; query?: Fields; actor: string; operation: string; limit: number; known?: (said: Fields) => Fields }, list: (reach: Reach) => readonly Fields[]): Look {
  const { path, query = {}, actor, operation, limit, known } = ask
  const reach = admitted(state, actor, operation)
  const asking = { path, query, actor, ...(known === undefined ? {} : { known }) }
  return typeof reach === 'string' ? { ...asking, says: reach } : { ...asking, list: list(reach), limit }
}

const accounts = (said: Fields): Fields =>
  ({ ...said, accounts: (said['accounts'] as Fields[]).map(({ account, balance, counted, held }) => ({ account, balance, counted, held })) })
const withoutText = (said: Fields): Fields => ({ rings: (said['rings'] as Fields[]).map(({ text: _text, ...ring }) => ring) })
const withoutId = ({ id: _id, ...said }: Fields): Fields => said
const withoutWords = (said: Fields): Fields => ({ items: (said['items'] as Fields[]).map(({ title: _title, source: _source, ...item }) => item) })

function books(draw: Draw, state: State, pools: readonly string[]): Look[] {
  return pools.map((id) => {
    const actor = draw.chance(75) ? READER : draw.of(Object.keys(ACTORS))
    const place = present(state, 'pools', id)?.body['place']
    return {
      path: `/pools/${encodeURIComponent(id)}/book`, query: {}, actor, known: accounts,
      says: within(state, actor, 'getBookOfBeds', (reach) => (place !== undefined && atPlace(reach, place) ? bookOut(state, id) : 'notFound')),
    }
  })
}

function orders(draw: Draw, state: State, { actor, isLast }: { actor: string; isLast: boolean }): Look[] {
  const all = [...state.orders.values()]
  const one = all.length === 0 ? undefined : draw.of(all)
  const asks: OrderAsk[] = [{}, { live: draw.of(['true', 'false']) }, { state: draw.of(['issued', 'accepted', 'expired', 'dispatched']) }, ...(one === undefined ? [] : [{ patient: one.patient }, { toPlace: one.now.toPlace }, ...(one.plan === null ? [] : [{ plan: one.plan }])])]
  const list = (who: string, ask: OrderAsk) =>
    listed(state, { path: '/transfer-orders', query: { ...ask }, actor: who, operation: 'listTransferOrders', limit: draw.chance(60) ? 500 : 3 }, (reach) => orderList(state, who, reach, ask))
  const steps = isLast ? all : all.slice(-2)
  return [
    list(READER, {}), list(READER, draw.of(asks)), list(actor, draw.of(asks)),
    ...(one === undefined ? [] : [{
      path: `/transfer-orders/${one.id}`, query: {}, actor,
      says: within(state, actor, 'getTransferOrder', (reach) => (seesOrder(reach, one) ? outOf(state, actor, one) : 'notFound')),
    }]),
    ...steps.map((order) => ({ path: `/transfer-orders/${order.id}/events`, query: {}, actor: READER, list: order.steps.map(stepOut), limit: draw.chance(80) ? 500 : 2 })),
  ]
}

function isolation(draw: Draw, state: State, { actor, then }: { actor: string; then: Past }): Look[] {
  const ids = idsOf(state, 'contacts')
  const id = ids.length === 0 ? undefined : draw.of(ids)
  const from = draw.of([dayOf(state.now), dayLater(dayOf(state.now), 1)])
  const window = { from, days: draw.of([1, 7, 31]) }
  const whom = draw.of([READER, actor])
  const limit = draw.of([500, 500, 2])
  return [
    listed(state, { path: '/isolation/stays', actor: READER, operation: 'listIsolationStays', limit: draw.of([500, 3]), known: withoutId }, (reach) => roomList(state, {}, reach)),
    listed(state, { path: '/isolation/stays', query: { ...then }, actor, operation: 'listIsolationStays', limit: 500, known: withoutId }, (reach) => roomList(state, then, reach)),
    listed(state, { path: '/isolation/release-calendar', query: { ...window }, actor: whom, operation: 'releaseCalendar', limit }, (reach) => releaseCalendar(state, reach, window)),
    listed(state, { path: '/isolation/rooms-by-day', query: { ...window }, actor: whom, operation: 'roomsByDay', limit },
      (reach) => roomsByDay(state, window).filter(({ place }) => atPlace(reach, place))),
    listed(state, { path: '/isolation/shortages', query: { ...window }, actor: whom, operation: 'roomShortages', limit }, (reach) => shortages(state, reach, window)),
    listed(state, { path: '/isolation/observations-due', actor: whom, operation: 'observationsDue', limit }, (reach) => dueObservations(state, reach)),
    listed(state, { path: '/isolation/symptoms', actor: whom, operation: 'listSymptoms', limit }, (reach) => illNow(state, reach)),
    ...(id === undefined ? [] : [
      { path: `/contacts/${id}/observations`, query: {}, actor: READER, says: { items: observationsOf(state, id) } },
      { path: `/contacts/${id}/editions`, query: {}, actor, known: withoutWords, says: within(state, actor, 'contactByEveryEdition', (reach) => (seesContact(state, reach, id) ? { items: byEveryEdition(state, id) } : 'notFound')) },
    ]),
  ]
}

function plans(draw: Draw, state: State): Look[] {
  const run = [...state.runs.keys()].at(-1 - draw.below(3))
  const approved = [...state.plans.values()].filter(({ brought }) => !brought).slice(-3)
  const look = (id: string): Look => {
    const plan = state.plans.get(id)
    return { path: `/plan-runs/${id}/approval`, query: {}, actor: READER, says: plan === undefined ? 'notFound' : planOut(plan, ordersOf(state, id)), etag: plan === undefined ? null : `"${plan.version}"` }
  }
  return [...approved.map(({ id }) => look(id)), ...(run === undefined ? [] : [look(run)])]
}

/** The supplies group of the city hears all that a shift of the city lists; everybody else, the orders that they see. */
function ordersThatRingFor(state: State, who: string): Reach {
  const [shifts, orders] = [admitted(state, who, 'listHandovers'), admitted(state, who, 'listTransferOrders')]
  if (typeof shifts !== 'string' && shifts.isCity) return shifts
  return typeof orders === 'string' ? { isCity: false, units: new Set(), places: new Set(), homes: new Set() } : orders
}

function symptomsThatRingFor(state: State, who: string): Reach {
  const all = ordersThatRingFor(state, who)
  const own = admitted(state, who, 'listSymptoms')
  if (all.isCity) return all
  return typeof own === 'string' ? { isCity: false, units: new Set(), places: new Set(), homes: new Set() } : own
}

/** Beds, orders, plans and isolation of a city, as they stand. */
export function cityLooks(draw: Draw, state: State, { then, isLast }: { then: Past; isLast: boolean }): Look[] {
  const actor = draw.of(Object.keys(ACTORS))
  const pools = idsOf(state, 'pools')
  const board = (path: string, operation: string, says: (who: string) => Fields, known?: (said: Fields) => Fields): Look => {
    const who = draw.chance(85) ? READER : actor
    return { path, query: {}, actor: who, says: within(state, who, operation, () => says(who)), ...(known === undefined ? {} : { known }) }
  }
  return [
    ...books(draw, state, isLast ? pools : pools.filter(() => draw.chance(30))), ...orders(draw, state, { actor, isLast }), ...isolation(draw, state, { actor, then }), ...plans(draw, state),
    listed(state, { path: '/reliefs', query: {}, actor: READER, operation: 'listReliefs', limit: 2 }, (reach) => reliefList(state, undefined, reach)),
    listed(state, { path: '/reliefs', query: { open: 'true' }, actor, operation: 'listReliefs', limit: 500 }, (reach) => reliefList(state, 'true', reach)),
    board('/vehicle-board', 'getVehicleBoard', () => vehicleBoard(state)),
    board('/overdue', 'listOverdue', (who) => overdue(state, ordersThatRingFor(state, who), symptomsThatRingFor(state, who)), withoutText),
    board('/transfer-clocks', 'getTransferClocks', () => transferClocks(state)),
  ]
}
