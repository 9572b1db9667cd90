import type { IssuedAt } from '../planning/snapshot.js'
import type { Order } from '../planning/scenario.js'
import type { Out } from '../planning/underWay.js'
import { instantOf, instantOrNull } from '../kernel/time.js'
import { underWayAt } from './material/consignments.js'
import { isLive, planningState } from './orders.js'
import { relievedBeds } from './reliefStore.js'
import { outUntil } from './rides.js'
import { lastPlanAt, ordersAt, type OrderThen } from './store.js'

/** What is on the road, for planning: orders that stand, the plan in force, beds that reliefs took away, and vehicles that are out. */
export const issuedAt: IssuedAt = async (tx, past, now) => {
  const moment = past?.asOf ?? now
  const orders = await ordersAt(tx, past)
  const standing = orders.filter(({ deadline }) => deadline === null || deadline > moment)
  return {
    orders: asPlanned(standing), lastPlan: await lastPlanAt(tx, past), held: await relievedBeds(tx, past), out: vehiclesOut(orders, moment),
    ...await underWayAt(tx, past, now),
  }
}

/** Each vehicle with the order that keeps it longest; one that nobody knows the end of keeps it longest of all. */
function vehiclesOut(orders: readonly OrderThen[], moment: Date): Record<string, Out> {
  const last = new Map<string, { order: string; until: Date | null }>()
  for (const order of orders) {
    const until = outUntil(order, moment)
    if (order.vehicle === null || until === undefined) continue
    const before = last.get(order.vehicle)
    const isLonger = before === undefined || (before.until !== null && (until === null || until > before.until))
    if (isLonger) last.set(order.vehicle, { order: order.id, until })
  }
  return Object.fromEntries([...last].map(([vehicle, { order, until }]) => [vehicle, { order, until: instantOrNull(until) }]))
}

function asPlanned(orders: readonly OrderThen[]): Record<string, Order> {
  const out = new Set<string>()
  return Object.fromEntries(orders.flatMap((order): [string, Order][] => {
    if (!isLive(order.state)) return []
    // What a scenario brought stays as it was written there, to the letter, until something happens to it.
    if (order.brought !== null && order.version === 1) return [[order.id, { ...order.brought, outside: order.outside }]]
    return [[order.id, {
      patient: order.patient, pool: order.pool, outside: order.outside, state: planningState(order.state), ...vehicleOf(order, out),
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
