import type { Act } from '../db/act.js'
import { invariant } from '../kernel/invariant.js'
import { refuse, refuseAt } from '../kernel/refusal.js'
import { instantOf, minutesIntoUp } from '../kernel/time.js'
import type { Scenario } from '../planning/scenario.js'
import { destinationOf } from './destination.js'
import { lockLines } from './issuing.js'
import { judged, mustBeThere, openFor } from './judging.js'
import { limitsOf } from './limits.js'
import { begin, finish } from './orderCommands.js'
import { presentOf } from './present.js'
import { promise, releaseBed } from './promises.js'
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
  const vehicle = isOut ? null : other ?? order.vehicle
  const to = destinationOf({ pool, outside, travelMinutes: minutes }, vehicle)
  await lockLines(act, [{ patient: order.patient, pool: to.pool, fromPool: order.pool }])
  const present = await presentOf(act)
  if (to.pool === order.pool && to.outside === order.outside) throw refuseAt('/pool', '即原去处', 'the order leads there already')
  if (to.pool !== null && !Object.hasOwn(present.pools, to.pool)) throw refuseAt('/pool', `没有这组床位：${to.pool}`, `there is no such pool: ${to.pool}`)
  const { [id]: _own, ...orders } = present.orders
  const isBack = to.pool !== null && present.pools[to.pool]?.place === order.fromPlace
  const without: Scenario = { ...present, orders, places: isOut && !isBack ? underCommand(present.places, order.fromPlace) : present.places }
  if (!Object.hasOwn(without.cases, order.patient)) throw refuse('notInCare', `${order.patient} 不在任何场所`, `${order.patient} has no place`)
  mustBeThere(present, { vehicle: other ?? order.vehicle })
  const planned = order.leavesBase !== null && order.leavesBase > act.at ? order.leavesBase : act.at
  const leaves = minutesIntoUp(present.planDay, leavesBase ?? instantOf(planned))
  const lines = judged(without, {
    to, riders: [{ patient: order.patient, pool: to.pool }], vehicle, leaves, isSettled: (rule) => isOut && OF_LEAVING.includes(rule),
  })
  await openFor(act, without, lines)
  const [line] = lines
  invariant(line !== undefined, 'one move was asked for')
  const { toPlace, travelMinutes, ride } = line
  const limits = isOut ? { deadline: null } : { ...ride, ...limitsOf({ issuedAt: act.at, leavesBase: ride.leavesBase, toPlace }) }
  if (to.pool !== null) await promise(act, [{ pool: to.pool, purpose: id, deadline: limits.deadline }])
  await releaseBed(act, order, 'voided')
  const led = { from: order.pool ?? order.outside, to: to.pool ?? to.outside }
  return finish(act, begun, body, { pool: to.pool, toPlace, outside: to.outside, travelMinutes, ...limits }, led)
}
