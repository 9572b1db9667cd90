import { type Act, matchVersionIfGiven } from '../db/act.js'
import { invariant } from '../kernel/invariant.js'
import { notFound, refuse, refuseAt, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import type { Violation } from '../planning/plan.js'
import { blocksOpened, type Lines, mustsBroken } from '../planning/present.js'
import type { Scenario } from '../planning/scenario.js'
import { openStayOf } from '../stays/store.js'
import { checkAuthority, decisionsOf } from './authority.js'
import { settleDue } from './clockwork.js'
import { issue, lockLines, openBlocks } from './issuing.js'
import { limitsOf } from './limits.js'
import { lineOf, minutesOf, oneMove } from './lines.js'
import { begin, finish } from './orderCommands.js'
import { presentOf } from './present.js'
import { promise, release } from './promises.js'
import type { Diversion, OffPlan, StepBody } from './stepBodies.js'
import { changeOrder, lockDesk, orderById, type TransferOrder } from './store.js'

/** Refuses a move by the sentence of every must that it would break. */
function checkMusts(scenario: Scenario, lines: Lines, passing: (violation: Violation) => boolean = () => false): void {
  const broken = mustsBroken(scenario, lines).filter((violation) => !passing(violation))
  if (broken.length === 0) return
  throw new Refused({
    code: 'breaksMust', text: text('此转运不合下列必须满足的规则', 'the transfer would break what must hold, as listed'),
    details: broken.map(({ rule, subject, text: want }) => ({ pointer: `${rule}/${subject}`, want })),
  })
}

/** An order outside any plan: a plan of one move, judged by the same musts. Refuses: breaksMust, forbidden, alreadyExists. */
export async function issueOffPlan(act: Act, ask: OffPlan): Promise<TransferOrder> {
  await lockDesk(act.tx)
  await settleDue(act)
  const byPhone = ask.phone !== undefined
  checkAuthority(act.who, ['transfers'], { byPhone })
  if (ask.phone !== undefined) whenOf(ask.phone.at, act.at)
  const stay = await openStayOf(act.tx, ask.patient)
  await lockLines(act, [{ patient: ask.patient, pool: ask.pool, fromPool: stay?.pool ?? null }])
  const present = await presentOf(act)
  if (present.cases[ask.patient] === undefined) throw refuseAt('/patient', '没有此人，或不在任何场所', 'there is no such person in care')
  if (present.pools[ask.pool] === undefined) throw refuseAt('/pool', '没有这组床位', 'there is no such pool')
  if (ask.vehicle !== null && present.vehicles[ask.vehicle] === undefined) throw refuseAt('/vehicle', '没有这辆车', 'there is no such vehicle')
  const standing = Object.entries(present.orders).find(([, { patient }]) => patient === ask.patient)
  if (standing !== undefined) throw refuse('alreadyExists', `${ask.patient} 已有指令 ${standing[0]}`, `order ${standing[0]} stands for ${ask.patient}`)
  const leaves = minutesOf(present, ask.leavesBase ?? instantOf(act.at))
  const lines = oneMove(present, { patient: ask.patient, pool: ask.pool, vehicle: ask.vehicle, leaves })
  checkMusts(present, lines)
  const blocks = blocksOpened(present, lines.moves)
  checkAuthority(act.who, decisionsOf(blocks), { byPhone })
  await openBlocks(act, blocks)
  const { reason, note = null, phone = null } = ask
  const [order] = await issue(act, { lines: lines.moves.map((move) => lineOf(move, lines.trips)), plan: null, reason, phone, note })
  invariant(order !== undefined, 'one line is one order')
  return order
}

/** The paper after an order by phone. Refuses: notFound, forbidden, ownPlan, tooLate. */
export async function confirmOrder(act: Act, id: string, { note }: StepBody): Promise<TransferOrder> {
  const order = await orderById(act.tx, id, true)
  if (order === null) throw notFound(id)
  matchVersionIfGiven(act, order.version)
  checkAuthority(act.who, ['transfers'], { byPhone: false })
  if (order.issuedBy === act.by) throw refuse('ownPlan', `此指令由 ${act.by} 登记，须由他人确认`, `${act.by} put the order down; somebody else confirms it`)
  if (order.phone === null || order.confirmedAt !== null) {
    throw refuse('tooLate', '此指令无须书面确认，或已确认', 'the order needs no paper, or has it already')
  }
  const changed = await changeOrder(act.tx, order, { confirmedAt: act.at, confirmedBy: act.by },
    { step: 'confirm', at: act.at, recordedAt: act.at, by: act.by, note: note ?? null, details: {} })
  await act.journal({ action: 'order.confirmed', kind: 'transfer-orders', subject: id, details: { phone: order.phone } })
  return changed
}

/** Whoever is on the road has left already: what speaks against leaving is no reason against another bed. */
const OF_LEAVING: readonly string[] = ['fitness', 'dischargeDue', 'inpatients', 'travelLimit', 'vehicleMinutes', 'decontamination', 'crewHours', 'together']

/** To another pool, judged like a new order; the new bed is promised before the old one is given up. */
export async function divert(act: Act, id: string, { pool, vehicle: other, leavesBase, ...body }: Diversion): Promise<TransferOrder> {
  await lockDesk(act.tx)
  const begun = await begin(act, id, 'divert')
  const { order } = begun
  await lockLines(act, [{ patient: order.patient, pool, fromPool: order.pool }])
  const present = await presentOf(act)
  if (present.pools[pool] === undefined || pool === order.pool) throw refuseAt('/pool', '没有这组床位，或即原去处', 'there is no such pool, or the order leads there already')
  const { [id]: _own, ...orders } = present.orders
  const without: Scenario = { ...present, orders }
  if (without.cases[order.patient] === undefined) throw refuse('notInCare', `${order.patient} 不在任何场所`, `${order.patient} has no place`)
  const isOut = order.state === 'dispatched'
  const planned = order.leavesBase !== null && order.leavesBase > act.at ? order.leavesBase : act.at
  const leaves = minutesOf(present, leavesBase ?? instantOf(planned))
  const vehicle = other ?? order.vehicle
  if (vehicle !== null && present.vehicles[vehicle] === undefined) throw refuseAt('/vehicle', '没有这辆车', 'there is no such vehicle')
  const lines = oneMove(without, { patient: order.patient, pool, vehicle: isOut ? null : vehicle, leaves })
  checkMusts(without, lines, ({ rule }) => isOut && OF_LEAVING.includes(rule))
  const blocks = blocksOpened(without, lines.moves)
  checkAuthority(act.who, decisionsOf(blocks), { byPhone: false })
  await openBlocks(act, blocks)
  const [move] = lines.moves
  invariant(move !== undefined, 'one move was asked for')
  const { toPlace, travelMinutes, ride } = lineOf(move, lines.trips)
  const limits = isOut ? { deadline: null } : { ...ride, ...limitsOf({ issuedAt: act.at, leavesBase: ride.leavesBase }) }
  await promise(act, [{ pool, purpose: id, deadline: limits.deadline }])
  await release(act, { pool: order.pool, purpose: id }, 'voided')
  return finish(act, begun, body, { pool, toPlace, travelMinutes, ...limits }, { from: order.pool, to: pool })
}
