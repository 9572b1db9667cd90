import type { Act } from '../db/act.js'
import { POOLS } from '../facilities/store.js'
import { lastPromised } from '../facilities/promisedStore.js'
import { invariant } from '../kernel/invariant.js'
import { refuse, refuseAt } from '../kernel/refusal.js'
import { instantOf, minutesIntoUp } from '../kernel/time.js'
import type { Scenario } from '../planning/scenario.js'
import { type Destination, destinationOf } from './destination.js'
import { lockLines } from './issuing.js'
import { judged, mustBeThere, openFor, thereOf } from './judging.js'
import { limitsOf } from './limits.js'
import { ledOn } from './lines.js'
import { begin, finish, timeOf } from './orderCommands.js'
import type { Ride } from './orders.js'
import { dayOfLeaving, presentOf } from './present.js'
import { promise, releaseBed } from './promises.js'
import { turnedRound } from './rides.js'
import type { Diversion } from './stepBodies.js'
import { lockDesk, type TransferOrder } from './store.js'

/** Whoever is on the road has left already: what speaks against leaving is no reason against another bed. */
const OF_LEAVING: readonly string[] = ['fitness', 'dischargeDue', 'inpatients', 'travelLimit', 'vehicleMinutes', 'decontamination', 'crewHours', 'together']

/** The place that somebody has left has no say any more in where they are taken. */
const underCommand = (places: Scenario['places'], id: string): Scenario['places'] => {
  const left = places[id]
  return left === undefined ? places : { ...places, [id]: { ...left, underCommand: true } }
}

/** Elsewhere, judged like a new order; where a bed is promised there, it is before the old one is given up. */
export async function divert(
  act: Act, id: string, { pool, outside, travelMinutes: minutes, vehicle: other, leavesBase, ...body }: Diversion,
): Promise<TransferOrder> {
  await lockDesk(act)
  const begun = await begin(act, id, 'divert')
  const { order } = begun
  const isOut = order.state === 'dispatched'
  if (isOut) staysAsItDrives(id, { vehicle: other, leavesBase })
  const vehicle = isOut ? null : other ?? order.vehicle
  const to = destinationOf({ pool, outside, travelMinutes: minutes }, vehicle)
  await lockLines(act, [{ patient: order.patient, pool: to.pool, fromPool: order.pool }])
  const [at, now] = [timeOf(act, begun, body.at), act.at]
  const planned = order.leavesBase !== null && order.leavesBase > now ? order.leavesBase : now
  const base = leavesBase ?? instantOf(planned)
  const present = await presentOf(act, { planDay: dayOfLeaving(act, base) })
  if (to.pool === order.pool && to.outside === order.outside) throw refuseAt('/pool', '即原去处', 'the order leads there already')
  if (to.pool !== null && !Object.hasOwn(present.pools, to.pool)) throw refuseAt('/pool', `没有这组床位：${to.pool}`, `there is no such pool: ${to.pool}`)
  const { [id]: _own, ...orders } = present.orders
  const isBack = to.pool !== null && present.pools[to.pool]?.place === order.fromPlace
  const without: Scenario = { ...present, orders, places: isOut && !isBack ? underCommand(present.places, order.fromPlace) : present.places }
  if (!Object.hasOwn(without.cases, order.patient)) throw refuse('notInCare', `${order.patient} 不在任何场所`, `${order.patient} has no place`)
  mustBeThere(present, { vehicle: other ?? order.vehicle })
  const leaves = minutesIntoUp(present.planDay, base)
  const lines = judged(without, {
    to, riders: [{ patient: order.patient, pool: to.pool }], vehicle, leaves, isSettled: (rule) => isOut && OF_LEAVING.includes(rule), won: await lastPromised(act.tx, to.pool === null ? [] : [to.pool]),
  })
  await openFor(act, without, lines)
  const [line] = lines
  invariant(line !== undefined, 'one move was asked for')
  const { toPlace, travelMinutes, ride } = line
  const limits = isOut ? { deadline: null } : { ...ride, ...limitsOf({ issuedAt: now, leavesBase: ride.leavesBase, toPlace }) }
  const driven = isOut ? onTheRoad(without, { order, to, at }) : {}
  if (to.pool !== null) await promise(act, [{ pool: to.pool, purpose: id, deadline: limits.deadline }])
  await releaseBed(act, order, 'voided')
  // Whoever expected them hears that they do not come; the order is no longer theirs to see.
  if (order.pool !== null && toPlace !== order.toPlace) await act.journal({ action: 'order.divertedAway', kind: POOLS.kind, subject: order.pool, details: { order: id } })
  const led = { from: order.pool ?? order.outside, to: to.pool ?? to.outside }
  return finish(act, begun, { ...body, at }, { pool: to.pool, toPlace, outside: to.outside, travelMinutes, ...limits, ...driven }, led)
}

/** Refuses with invalidInput what can be said only before the vehicle leaves. */
function staysAsItDrives(id: string, { vehicle, leavesBase }: Pick<Diversion, 'vehicle' | 'leavesBase'>): void {
  if (vehicle !== undefined) throw refuseAt('/vehicle', `指令 ${id} 已出车，途中不换车；请去掉 vehicle`, `order ${id} is on the road, and its vehicle stays: leave vehicle out`)
  if (leavesBase !== undefined) throw refuseAt('/leavesBase', `指令 ${id} 已出车；请去掉 leavesBase`, `order ${id} has left already: leave leavesBase out`)
}

/** Where the vehicle is nobody says: as if it turned round first, which is never shorter than the road that it takes. */
function onTheRoad(present: Scenario, { order, to, at }: { order: TransferOrder; to: Destination; at: Date }): Partial<Ride> {
  const { patient, vehicle, fromPlace: from, departs, dispatchedAt } = order
  const { scenario, pool } = thereOf(present, { patient, vehicle, to })
  // What it was late is in the new times.
  const left = departs !== null && dispatchedAt !== null && dispatchedAt > departs ? dispatchedAt : departs
  const isKnown = to.pool !== null || to.travelMinutes !== null
  return { departs: left, ...ledOn(scenario, { from, pool, vehicle: isKnown ? vehicle : null, starts: turnedRound(order, at) }) }
}
