import { checkAuthority, decisionsOf } from '../access/authority.js'
import { checkAnswered, checkCall } from '../access/phone.js'
import { type Act, matchVersionIfGiven } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { readJournal } from '../db/journal.js'
import { lastPromised } from '../facilities/promisedStore.js'
import { lockPools } from '../facilities/store.js'
import { isSamePost } from '../kernel/ids.js'
import { refuse, refuseAt, type Refused } from '../kernel/refusal.js'
import { instantOf } from '../kernel/time.js'
import type { Plan } from '../planning/plan.js'
import { blocksOpened, type Lines } from '../planning/present.js'
import { requestIn } from '../planning/runs.js'
import { scenarioIn } from '../planning/scenario.js'
import { makersOf } from '../planning/store.js'
import { settled } from './clockwork.js'
import { approverOf, checkDayNotOver, checkNotOwn, checkNotStale, doneRun, possiblePlanOf } from './deciding.js'
import { lastRecorded } from './eventStore.js'
import { issue, lockLines, openBlocks } from './issuing.js'
import { linesInTurn, linesOf } from './lines.js'
import { isLive } from './orders.js'
import { notApproved } from './notApproved.js'
import { type NotInPlan, notInPlan } from './notInPlan.js'
import { type Approval, PLAN_STATES } from './plans.js'
import { presentOf } from './present.js'
import { releaseBed } from './promises.js'
import { whatChanged } from './stale.js'
import { changeOrder, changePlan, insertPlan, type IssuedPlan, issuedPlanOf, lockDesk, lockOrdersOf, ordersAt, planInForce, type TransferOrder } from './store.js'

const KIND = 'plan-runs'
const APPROVED = 'plan.approved'

/**
 * A draft becomes orders: each line of it with a bed promised and a number, all or none. Judged on the world as it is
 * now, under lock. Refuses: notFound, noPlan, planIsImpossible, planIsDecided, ownPlan, forbidden, planIsStale, invalidInput, wrongTime.
 */
export async function approve(act: Act, id: string, approval: Approval): Promise<{ plan: IssuedPlan; orders: TransferOrder[]; forgotten: NotInPlan }> {
  await lockDesk(act)
  const run = await doneRun(act, id)
  const before = await issuedPlanOf(act.tx, id)
  if (before !== null) throw decided(before)
  const { plan, snapshot } = await possiblePlanOf(act, run)
  const drafted = scenarioIn(snapshot)
  checkNotOwn(act, await makersOf(act.tx, id), approval)
  const byPhone = approval.phone !== undefined
  checkAuthority(act.who, ['transfers'], { byPhone })
  const called = approval.phone === undefined ? null : await checkCall(act, approval.phone, run.finishedAt)
  const lines = linesOf(plan, struckFrom(plan, approval))
  const cases = await lockLines(act, lines.moves)
  checkDayNotOver(plan, act.at)
  // Without what was decided by hand: its lines carry that out already, and whoever approves may strike them.
  const present = await presentOf(act, { planDay: plan.planDay, policy: requestIn(run.request).policy })
  const compared = { drafted, present, lines }
  if (whatChanged(compared).length > 0) checkNotStale(whatChanged({ ...compared, won: await lastPromised(act.tx, lines.moves.map(({ pool }) => pool)) }))
  const blocks = blocksOpened(present, lines.moves)
  checkAuthority(act.who, decisionsOf(blocks), { byPhone })
  if (approval.phone !== undefined && blocks.length > 0) await checkAnswered(act, approval.phone, 'reserve')
  await openBlocks(act, blocks)
  await supersede(act)
  const issued = await insertPlan(act.tx, {
    id, run: id, version: 1, state: 'approved', maker: run.requestedBy, recordedAt: act.at, ...approverOf(act, approval, called),
    note: approval.note ?? null, struck: approval.strike, opened: blocks,
  }, goals(plan, lines, await standingOrders(act.tx), act.at))
  await act.journal({ action: APPROVED, kind: KIND, subject: id, details: { ...approval, orders: lines.moves.length, opened: blocks } })
  const orders = await issue(act, { lines: linesInTurn(lines), cases, plan: id, opened: [], reason: null, phone: null, note: null })
  return { plan: issued, orders, forgotten: await notInPlan(act.tx, plan) }
}

/** Says who decided what and when, so that whoever came second knows. */
function decided({ id, state, approvedBy, approvedAt, endedBy, endedAt }: IssuedPlan): Refused {
  const { zh, en } = PLAN_STATES[state]
  const [by, at] = [endedBy ?? approvedBy, instantOf(endedAt ?? approvedAt)]
  return refuse('planIsDecided', `方案 ${id} 已由 ${by} 于 ${at} ${zh.replace('已', '')}`, `plan ${id} was ${en} by ${by} at ${at}`)
}

function struckFrom(plan: Plan, { strike }: Approval): ReadonlySet<string> {
  const known = new Set(plan.moves.filter(({ order }) => order === null).map(({ patient }) => patient))
  const at = strike.findIndex(({ patient }) => !known.has(patient))
  if (at >= 0) throw refuseAt(`/strike/${at}/patient`, '方案中没有这一行', 'the plan decides no move of this patient')
  return new Set(strike.map(({ patient }) => patient))
}

/** Where the issued lines lead, and where orders that still stand led already. */
function goals(plan: Plan, { moves }: Lines, standing: ReadonlySet<string>, at: Date) {
  const kept = new Set(moves.map(({ patient }) => patient))
  const lines = plan.moves.filter(({ patient, order }) => (order === null ? kept.has(patient) : standing.has(order)))
  return Object.fromEntries(lines.map(({ patient, to, careLevel }) =>
    [patient, { to, careLevel, source: `plan approved ${instantOf(at)}`, assumed: [], asOf: null }]))
}

const standingOrders = async (tx: Tx): Promise<ReadonlySet<string>> => new Set((await ordersAt(tx, null)).filter(({ state }) => isLive(state)).map(({ id }) => id))

/** A newer plan takes the place of the one in force; orders already issued stand. */
async function supersede(act: Act): Promise<void> {
  const before = await planInForce(act.tx)
  if (before === null) return
  await changePlan(act.tx, before, { state: 'superseded', endedAt: act.at, endedBy: act.by })
  await act.journal({ action: 'plan.superseded', kind: KIND, subject: before.id, details: {} })
}

/** The paper after an approval by phone. Refuses: notFound, planIsDecided, ownPlan, forbidden. */
export async function confirm(act: Act, id: string): Promise<IssuedPlan> {
  const plan = await standing(act, id)
  checkNotOwn(act, [plan.maker ?? '', ...await makersOf(act.tx, id)], {})
  checkAuthority(act.who, decisionsOf(plan.opened), { byPhone: false })
  // Of a plan that was taken back nothing stands; a superseded one still has its orders.
  if (plan.state !== 'withdrawn' && plan.confirmedAt !== null) {
    const [by, since] = [plan.confirmedBy ?? '', instantOf(plan.confirmedAt)]
    throw refuse('planIsDecided', `方案 ${id} 已由 ${by} 于 ${since} 补书面`, `plan ${id} has its paper already, by ${by} at ${since}`)
  }
  if (plan.phone === null || plan.state === 'withdrawn') throw decided(plan)
  // Two posts stand behind a decision by phone: who put the call down does not sign for it as well.
  const [call] = await readJournal(act.tx, { action: APPROVED, kind: KIND, subject: id, below: null, limit: 1 })
  if (call !== undefined && isSamePost(call.actor, act.by)) throw refuse('ownPlan', `电话批准由 ${act.by} 登记，须由他人补签`, `${act.by} put the call down; somebody else confirms it`)
  const confirmed = await changePlan(act.tx, plan, { confirmedAt: act.at, confirmedBy: act.by })
  await act.journal({ action: 'plan.confirmed', kind: KIND, subject: id, details: { phone: plan.phone } })
  return confirmed
}

/** Takes a plan back while none of its orders is on the road: they are cancelled, and their beds are free again. */
export async function withdraw(act: Act, id: string, note: string): Promise<IssuedPlan> {
  const plan = await standing(act, id)
  checkAuthority(act.who, ['transfers'], { byPhone: false })
  if (plan.state !== 'approved') throw decided(plan)
  const orders = await lockOrdersOf(act.tx, plan.id)
  const out = orders.filter(({ dispatchedAt }) => dispatchedAt !== null)
  if (out.length > 0) {
    const [first] = out
    throw refuse('ordersAreOut', `已有 ${out.length} 份指令出车（如 ${first?.id}），方案不能撤回；可逐份撤销其余`, `${out.length} of its orders have been dispatched (${first?.id} among them); cancel the others one by one`)
  }
  const last = await lastRecorded(act.tx, orders.map(({ id: order }) => order))
  if (last !== null) act.notBefore(last)
  await lockPools(act, orders.flatMap(({ pool }) => pool ?? []))
  const left: TransferOrder[] = []
  for (const order of orders) left.push(await settled(act, order))
  for (const order of left.filter(({ state }) => isLive(state))) {
    await releaseBed(act, order, 'voided')
    await changeOrder(act.tx, order, { state: 'cancelled' }, { step: 'cancel', at: act.at, recordedAt: act.at, by: act.by, note, details: { plan: id } })
    await act.journal({ action: 'order.cancelled', kind: 'transfer-orders', subject: order.id, details: { plan: id } })
  }
  const withdrawn = await changePlan(act.tx, plan, { state: 'withdrawn', endedAt: act.at, endedBy: act.by })
  await act.journal({ action: 'plan.withdrawn', kind: KIND, subject: id, details: { note } })
  return withdrawn
}

/** The issued plan of a run, its desk locked, in the version that the asker saw. */
async function standing(act: Act, id: string): Promise<IssuedPlan> {
  await lockDesk(act)
  const plan = await issuedPlanOf(act.tx, id)
  if (plan === null) throw await notApproved(act.tx, id, 'transfers')
  matchVersionIfGiven(act, plan)
  return plan
}
