import type { Act } from '../db/act.js'
import { invariant } from '../kernel/invariant.js'
import { dayOf, momentOf } from '../kernel/time.js'
import type { Scenario } from '../planning/scenario.js'
import { World } from '../planning/world.js'
import { sendOnTheWay } from '../supplies/opening.js'
import { insertBroughtOrders } from './material/consignmentStore.js'
import { BROUGHT } from './plans.js'
import { promise } from './promises.js'
import { insertOrders, insertPlan } from './store.js'

/** Brings in the orders of a scenario that stand, what is on the road and the plan that it was under; the picture is there already. */
export async function importOrders(act: Act, scenario: Scenario): Promise<void> {
  const { orders, lastPlan, cases, pools } = scenario
  const effective = (asOf: string | null) => momentOf(asOf ?? scenario.asOf)
  const world = new World(scenario)
  for (const [id, order] of Object.entries(orders)) {
    const [person, toPlace] = [cases[order.patient], order.pool === null ? null : pools[order.pool]?.place]
    invariant(person !== undefined && toPlace !== undefined, 'an order of a lawful scenario has its patient and its pool')
    const at = effective(order.asOf)
    await insertOrders(act.tx, [{
      id, state: order.state, patient: order.patient, severity: person.severity, fromPlace: person.place, fromPool: person.pool,
      toPlace, pool: order.pool, outside: order.outside, vehicle: order.vehicle,
      travelMinutes: toPlace === null ? null : world.minutesBetween(person.place, toPlace) ?? 0,
      leavesBase: order.departs === null ? null : momentOf(order.departs), returns: order.returns === null ? null : momentOf(order.returns),
      requestedAt: person.waitingSince === null ? null : momentOf(person.waitingSince),
      issuedAt: at, issuedBy: act.by, dispatchedAt: order.state === 'dispatched' ? at : null, brought: order,
    }], { step: 'issue', at, recordedAt: act.at, by: act.by, note: null, details: { brought: scenario.name } })
  }
  await importConsignments(act, scenario)
  await promise(act, Object.entries(orders).flatMap(([purpose, { pool }]) => (pool === null ? [] : [{ pool, purpose, deadline: null }])))
  if (Object.keys(lastPlan).length === 0) return
  await insertPlan(act.tx, {
    id: BROUGHT, version: 1, state: 'approved', approvedAt: momentOf(scenario.asOf), recordedAt: act.at, approvedBy: act.by, struck: [], opened: [],
  }, lastPlan)
}

/** What is on the road becomes an allocation order each, shipped, with a lot of its own that is on the way. */
async function importConsignments(act: Act, { name, asOf, consignments, lots }: Scenario): Promise<void> {
  const orders = Object.entries(consignments).map(([id, row]) => {
    const shippedAt = momentOf(row.asOf ?? asOf)
    const [leftOn, comesOn] = [dayOf(shippedAt), row.arrivesOn]
    // The number of a row is a lot's as well where one has it in stock.
    return { id, row, lot: Object.hasOwn(lots, id) ? act.newId() : id, shippedAt, leavesOn: leftOn < comesOn ? leftOn : comesOn }
  })
  await sendOnTheWay(act, orders.map(({ id, lot, ...order }) => ({ ...order, id: lot, order: id })))
  await insertBroughtOrders(act, orders, name)
}
