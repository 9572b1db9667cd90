import type { IssuedAt } from '../planning/snapshot.js'
import type { Order } from '../planning/scenario.js'
import type { Out } from '../planning/underWay.js'
import { instantOf, instantOrNull, isBefore, momentOf } from '../kernel/time.js'
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
  const planned = orders.flatMap((order): [string, Order][] => {
    if (!isLive(order.state)) return []
    // What a scenario brought stays as it was written there, to the letter, until something happens to it.
    if (order.brought !== null && order.version === 1) return [[order.id, { ...order.brought, outside: order.outside }]]
    return [[order.id, {
      patient: order.patient, pool: order.pool, outside: order.outside, state: planningState(order.state), ...vehicleOf(order, out),
      source: order.brought?.source ?? `transfer order ${order.id}`, assumed: [], asOf: null,
    }]]
  })
  return besideEachOther(planned)
}

/**
 * A vehicle that drives for another order than planned, or is led elsewhere, is out while it was to drive for the next. Who
 * has left keeps it busy for what is left beside those who have not: that it is out until later is said of the vehicle.
 */
function besideEachOther(planned: readonly [string, Order][]): Record<string, Order> {
  const kept: [string, Order][] = planned.filter(([, { state }]) => state === 'issued')
  for (const [id, order] of planned) if (order.state === 'dispatched') kept.push([id, { ...order, ...leftBeside(order, kept.map(([, other]) => other)) }])
  const rows = new Map(kept)
  return Object.fromEntries(planned.map(([id, order]) => [id, rows.get(id) ?? order]))
}

const NO_TIME = { vehicle: null, departs: null, returns: null }

function leftBeside({ vehicle, departs, returns }: Order, others: readonly Order[]): Pick<Order, 'vehicle' | 'departs' | 'returns'> {
  if (vehicle === null || departs === null || returns === null) return { vehicle, departs, returns }
  const taken = others.flatMap((other) => (other.vehicle === vehicle && other.departs !== null && other.returns !== null ? [{ from: other.departs, to: other.returns }] : []))
  let [from, to] = [departs, returns]
  for (const span of taken.sort((a, b) => momentOf(a.from).getTime() - momentOf(b.from).getTime())) {
    if (!isBefore(from, span.to) || !isBefore(span.from, to)) continue
    if (isBefore(from, span.from)) to = span.from
    else from = span.to
  }
  return isBefore(from, to) ? { vehicle, departs: from, returns: to } : NO_TIME
}

/** A carer and children share one ride, which keeps the vehicle busy once. */
function vehicleOf({ vehicle, leavesBase, returns }: OrderThen, out: Set<string>): Pick<Order, 'vehicle' | 'departs' | 'returns'> {
  if (vehicle === null || leavesBase === null || returns === null) return NO_TIME
  const ride = `${vehicle} ${leavesBase.getTime()}`
  if (out.has(ride)) return NO_TIME
  out.add(ride)
  return { vehicle, departs: instantOf(leavesBase), returns: instantOf(returns) }
}
