import type { IssuedAt } from '../planning/snapshot.js'
import type { Order } from '../planning/scenario.js'
import { instantOf } from '../kernel/time.js'
import { isLive, planningState } from './orders.js'
import { lastPlanAt, liveOrders, type OrderThen, relievedBeds } from './store.js'

/** What is on the road, for planning: orders that stand, the plan in force, and beds that reliefs took away. */
export const issuedAt: IssuedAt = async (tx, past, now) => {
  const moment = past?.asOf ?? now
  const orders = (await liveOrders(tx, past)).filter(({ deadline }) => deadline === null || deadline > moment)
  return { orders: asPlanned(orders), lastPlan: await lastPlanAt(tx, past), held: await relievedBeds(tx, past) }
}

function asPlanned(orders: readonly OrderThen[]): Record<string, Order> {
  const out = new Set<string>()
  return Object.fromEntries(orders.flatMap((order): [string, Order][] => {
    if (!isLive(order.state)) return []
    // What a scenario brought stays as it was written there, to the letter, until something happens to it.
    if (order.brought !== null && order.version === 1) return [[order.id, order.brought]]
    return [[order.id, {
      patient: order.patient, pool: order.pool, state: planningState(order.state), ...vehicleOf(order, out),
      source: order.brought?.source ?? `transfer order ${order.id}`, assumed: [], asOf: null,
    }]]
  }))
}

/** A carer and children share one ride, which keeps the vehicle busy once. */
function vehicleOf({ vehicle, leavesBase, returns }: OrderThen, out: Set<string>): Pick<Order, 'vehicle' | 'departs' | 'returns'> {
  if (vehicle === null || leavesBase === null || returns === null) return { vehicle: null, departs: null, returns: null }
  const ride = `${vehicle} ${leavesBase.getTime()}`
  if (out.has(ride)) return { vehicle: null, departs: null, returns: null }
  out.add(ride)
  return { vehicle, departs: instantOf(leavesBase), returns: instantOf(returns) }
}
