import { checkAuthority, decisionsOf } from '../access/authority.js'
import { checkCall, type Phone } from '../access/phone.js'
import { diedAt } from '../cases/standingStore.js'
import type { Act } from '../db/act.js'
import { lastPromised } from '../facilities/promisedStore.js'
import { isSamePost } from '../kernel/ids.js'
import { notFound, refuse, refuseAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf, minutesIntoUp } from '../kernel/time.js'
import type { Scenario } from '../planning/scenario.js'
import { makersOf } from '../planning/store.js'
import { openStayOf } from '../stays/store.js'
import { settled } from './clockwork.js'
import { type Destination, destinationOf } from './destination.js'
import { standingDrafts } from './draftStore.js'
import { lastRecorded, openedBy } from './eventStore.js'
import { issue, lockLines } from './issuing.js'
import { judged, mustBeThere, openFor } from './judging.js'
import { matchOrder } from './orderCommands.js'
import { wantsPaper } from './orders.js'
import { dayOfLeaving, presentOf } from './present.js'
import type { OffPlan, StepBody } from './stepBodies.js'
import { changeOrder, lockDesk, orderById, type TransferOrder } from './store.js'

/** Somebody of a party, with the pool that they are for and where the request names them. */
interface Member {
  readonly patient: string
  readonly pool: string | null
  readonly at: string
}

/**
 * Orders outside any plan for one trip: somebody, with a carer or children who go along. A plan of one trip, judged by the
 * same musts; all of them or none. Refuses: breaksMust, forbidden, alreadyExists, ownPlan.
 */
export async function issueOffPlan(act: Act, ask: OffPlan): Promise<TransferOrder[]> {
  await lockDesk(act)
  const byPhone = ask.phone !== undefined
  checkAuthority(act.who, ['transfers'], { byPhone })
  if (ask.phone !== undefined) await checkCall(act, ask.phone, null)
  const to = destinationOf(ask, ask.vehicle)
  const party = partyOf(ask, to)
  const lying = []
  for (const { patient, pool } of party) lying.push({ patient, pool, fromPool: (await openStayOf(act.tx, patient))?.pool ?? null })
  const cases = await lockLines(act, lying)
  const base = ask.leavesBase ?? instantOf(act.at)
  const present = await presentOf(act, { planDay: dayOfLeaving(act, base) })
  // What is named and not there comes before who has an order already: it would have to be mended all the same.
  mustBeThere(present, ask)
  for (const member of party) {
    await mustBeFree(act, present, member)
    await mustBeNobodysOwn(act, member, ask.phone)
  }
  const leaves = minutesIntoUp(present.planDay, base)
  const lines = judged(present, { to, riders: party, vehicle: ask.vehicle, leaves, won: await lastPromised(act.tx, party.flatMap(({ pool: one }) => one ?? [])) })
  const opened = await openFor(act, present, lines, ask.phone)
  const { reason, note = null, phone = null } = ask
  return issue(act, { lines, cases, plan: null, opened, reason, phone, note })
}

/** Everybody once, and in the bed that the head is for unless another is named. */
function partyOf({ patient, companions = [] }: OffPlan, { pool: head }: Destination): Member[] {
  const seen = new Set([patient])
  const others = companions.map(({ patient: other, pool }, i): Member => {
    const at = `/companions/${i}`
    if (seen.has(other)) throw refuseAt(`${at}/patient`, '同一人只写一次', 'each of them is named once')
    if (head === null && pool !== undefined) throw refuseAt(`${at}/pool`, '转往系统外的不写床位', 'who leaves the system is given no bed of it; leave it out')
    seen.add(other)
    return { patient: other, pool: pool ?? head, at }
  })
  return [{ patient, pool: head, at: '' }, ...others]
}

async function mustBeFree({ tx }: Act, present: Scenario, { patient, pool, at }: Member): Promise<void> {
  const died = await diedAt(tx, patient)
  if (died !== null) throw refuseAt(`${at}/patient`, `${patient} 已于 ${instantOf(died)} 死亡`, `${patient} died at ${instantOf(died)}`)
  if (!Object.hasOwn(present.cases, patient)) throw refuseAt(`${at}/patient`, `没有此人，或不在任何场所：${patient}`, `there is no such person in care: ${patient}`)
  if (pool !== null && !Object.hasOwn(present.pools, pool)) throw refuseAt(`${at}/pool`, `没有这组床位：${pool}`, `there is no such pool: ${pool}`)
  const standing = Object.entries(present.orders).find(([, order]) => order.patient === patient)
  if (standing === undefined) return
  const [id] = standing
  const order = await orderById(tx, id)
  const issued = order === null ? text('', '') : text(`（${order.issuedBy} 于 ${instantOf(order.issuedAt)} 下达）`, `, issued by ${order.issuedBy} at ${instantOf(order.issuedAt)}`)
  throw refuse('alreadyExists', `${patient} 已有指令 ${id}${issued.zh}`, `order ${id} stands for ${patient}${issued.en}`)
}

/** A line of a draft that stands is approved with it by somebody else, and not issued beside it by whoever made it. */
async function mustBeNobodysOwn(act: Act, { patient, pool }: Member, phone: Phone | undefined): Promise<void> {
  if (pool === null) return
  const deciders = [act.by, phone?.answeredPost].filter((post) => post !== undefined)
  for (const run of await standingDrafts(act, { patient, pool })) {
    const maker = (await makersOf(act.tx, run)).find((one) => deciders.some((post) => isSamePost(post, one)))
    if (maker === undefined) continue
    throw refuse('ownPlan', `${patient} 去 ${pool} 是方案 ${run} 的一行，该方案由 ${maker} 提出；须由他人批准该方案，或由他人下达`,
      `that ${patient} goes to ${pool} is a line of the plan of run ${run}, for which ${maker} asked; somebody else approves that plan, or issues this order`)
  }
}

/** The paper after an order outside any plan, by another post. Refuses: notFound, forbidden, ownPlan, tooLate. */
export async function confirmOrder(act: Act, id: string, { note }: StepBody): Promise<TransferOrder> {
  const found = await orderById(act.tx, id, true)
  if (found === null) throw notFound(id)
  await matchOrder(act, found)
  const last = await lastRecorded(act.tx, [id])
  if (last !== null) act.notBefore(last)
  const order = await settled(act, found)
  // What was decided then: an order that opened a reserve block is the commander's to sign.
  checkAuthority(act.who, decisionsOf(await openedBy(act.tx, id)), { byPhone: false })
  if (isSamePost(order.issuedBy, act.by)) throw refuse('ownPlan', `此指令由 ${act.by} 登记，须由他人确认`, `${act.by} put the order down; somebody else confirms it`)
  if (!wantsPaper(order)) {
    if (order.confirmedAt === null) throw refuse('tooLate', '此指令无须书面确认', 'the order needs no paper')
    const [by, since] = [order.confirmedBy ?? '', instantOf(order.confirmedAt)]
    throw refuse('tooLate', `此指令已由 ${by} 于 ${since} 书面确认`, `the order has its paper already, by ${by} at ${since}`)
  }
  const changed = await changeOrder(act.tx, order, { confirmedAt: act.at, confirmedBy: act.by },
    { step: 'confirm', at: act.at, recordedAt: act.at, by: act.by, note: note ?? null, details: {} })
  await act.journal({ action: 'order.confirmed', kind: 'transfer-orders', subject: id, details: { phone: order.phone } })
  return changed
}
