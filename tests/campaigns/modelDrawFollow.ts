import type { Draw } from './modelChance.js'
import { asks, type DrawCommand, rather } from './modelDrawCommon.js'
import { ofTheIll, ofTheShortened, release } from './modelDrawIsolation.js'
import { confirmOrder, leaveFirst, ofWhomIsElsewhere, ofWhomIsThere, overtake, stepOf } from './modelDrawOrders.js'
import { ofTheTold } from './modelDrawPeople.js'
import * as plans from './modelDrawPlans.js'
import { seenNow } from './modelOrders.js'
import { type Order, planInForce, type State } from './modelState.js'
import type { Command } from './modelWords.js'

/** A step of one of those orders for which something is so; none: there is no such order. */
const of = (state: State, is: (order: Order, seen: string) => boolean, names: readonly string[]): DrawCommand[] => {
  const fitting = [...state.orders.values()].filter((order) => is(order, seenNow(order.now, state.now).state))
  return fitting.length === 0 ? [] : names.map((name): DrawCommand => (draw) => stepOf(draw, state, draw.of(fitting), name))
}

/** With the vehicle of another order, which may be out at the same time. */
const withOthersVehicle = (state: State): DrawCommand[] => {
  const timed = [...state.orders.values()].filter(({ now }) => ['accepted', 'dispatched', 'issued'].includes(now.state) && now.vehicle !== null && now.returns !== null && now.returns > state.now)
  return timed.flatMap((order) => timed.filter((other) => seenNow(order.now, state.now).state === 'accepted' && other.now.vehicle !== order.now.vehicle)
    .map((other): DrawCommand => () => asks('dispatchOrder', order.id, { vehicle: other.now.vehicle })))
}

const isOfPlanInForce = (state: State, { plan }: Order): boolean => plan !== null && planInForce(state)?.id === plan

/** What naturally follows from what was, and would seldom be drawn by itself. */
export function follow(draw: Draw, state: State): Command | null {
  const { reliefs } = state
  const isLifted = (id: string) => reliefs.get(id)?.lifted !== null
  const ways: readonly DrawCommand[] = [
    ...(plans.waiting(state) === undefined ? [] : [plans.approve, plans.approve, plans.approve, plans.spoil]),
    ...of(state, (_, seen) => seen === 'issued', ['askRelief', 'accept']), ...of(state, (_, seen) => seen === 'reliefAsked', ['uphold', 'overrule']),
    ...of(state, ({ id }, seen) => seen === 'relieved' && !isLifted(id), ['lift']), ...(draw.chance(30) ? of(state, ({ id }, seen) => seen === 'relieved' && isLifted(id), ['lift']) : []),
    ...of(state, ({ now }) => now.state === 'dispatched', ['arrive', 'divert', ...(draw.chance(40) ? ['worsen', 'die'] : [])]), ...([...state.orders.values()].some(({ now }) => now.state === 'dispatched') ? [overtake] : []),
    ...of(state, (order, seen) => seen === 'accepted' && isOfPlanInForce(state, order), ['dispatch']), ...withOthersVehicle(state).slice(0, 2),
    ...(draw.chance(25) && ofWhomIsThere(state).length > 0 ? [leaveFirst] : []), ...ofWhomIsElsewhere(state).slice(0, 2).map((order): DrawCommand => () => stepOf(draw, state, order, 'dispatch')),
    ...([...state.orders.values()].some((order) => isOfPlanInForce(state, order) && order.now.state !== 'expired' && (order.now.dispatchedAt !== null || draw.chance(30))) ? [plans.withdraw] : []),
    ...([...state.orders.values()].some(({ phone, now }) => phone !== null && now.confirmed === null) ? [confirmOrder] : []),
    ...([...state.plans.values()].some(({ phone, confirmed }) => phone !== null && confirmed === null) ? [plans.confirm] : []),
    ...([...state.rooms.values()].some(({ end }) => end === null) ? [release] : []), ...ofTheIll(draw, state), ...ofTheShortened(draw, state), ...(draw.chance(50) ? ofTheTold(draw, state) : []),
  ]
  return rather(draw, ways, 100, () => true)?.(draw, state) ?? null
}
