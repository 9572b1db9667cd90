import type { Person } from '../cases/cases.js'
import { fulfilRequest, reassess } from '../cases/commands.js'
import { diedAt, standingOrderOf } from '../cases/standingStore.js'
import { CASES } from '../cases/store.js'
import { type Act, goingOn, matchVersion } from '../db/act.js'
import { currentRecord, lockRecord, type Recorded } from '../db/records.js'
import { bedsLeft, heldOf, namedIn } from '../facilities/bedBook.js'
import { lockPools, POOLS, VEHICLES } from '../facilities/store.js'
import { invariant } from '../kernel/invariant.js'
import { isKnown } from '../kernel/quantity.js'
import { notFound, refuse, refuseAt, wrongAt } from '../kernel/refusal.js'
import { EVERYWHERE } from '../kernel/roles.js'
import { instantOf, momentOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { diagnosisFault } from '../planning/store.js'
import { end, move } from '../stays/commands.js'
import { openStayOf, type Stay } from '../stays/store.js'
import { settled } from './clockwork.js'
import { eventsOf, lastStepOf } from './eventStore.js'
import type { Handover } from './handover.js'
import { checkLeaving } from './leaving.js'
import { concerns, type State } from './orders.js'
import { keepForGood, promise, release, releaseBed, reliefPurpose } from './promises.js'
import { insertRelief, liftRelief, reliefOf, relievedBeds } from './reliefStore.js'
import type { Arrival, Dispatch, ReliefAsked, StepBody, TurnBack, Worsening } from './stepBodies.js'
import { stateAfter, type StepName, STEPS } from './steps.js'
import { changeOrder, issuedPlanOf, orderById, type OrderEvent, type TransferOrder } from './store.js'

/** An order whose step is lawful: locked, as the clock has left it, with the state that the step leads to. */
export interface Begun {
  readonly order: TransferOrder
  readonly name: StepName
  readonly to: State
  readonly last: OrderEvent
  /** The clock had ended it and given its bed back, before somebody told that its vehicle left in time. */
  readonly wasOver: boolean
}

const KIND = 'transfer-orders'
const MINUTE = 60_000

/** Refuses with changedMeanwhile who saw another version of an order than the one that stands. */
export async function matchOrder(act: Act, { id, version }: Pick<TransferOrder, 'id' | 'version'>): Promise<void> {
  if (act.ifMatch === undefined) return
  const [last] = await eventsOf(act.tx, id, { after: version - 1, limit: 1 })
  matchVersion(act, { version, ...last })
}

/** `leftAt`: when its vehicle is said to have left. Refuses: notFound, changedMeanwhile, forbidden, stepOutOfOrder. */
export async function begin(act: Act, id: string, name: StepName, leftAt = act.at): Promise<Begun> {
  const found = await orderById(act.tx, id, true)
  if (found === null || !concerns(act.reach, found)) throw notFound(id)
  await matchOrder(act, found)
  const left = await settled(act, found, leftAt)
  const newest = await lastStepOf(act.tx, id)
  act.notBefore(newest.recordedAt)
  const before = name === 'dispatch' && newest.step === 'expire' && leftAt < newest.at ? await lastStepOf(act.tx, id, newest.seq) : null
  // Told late it left before its time was over; of a plan that was taken back meanwhile nothing leaves any more.
  const wasOver = before?.state === 'accepted' && (left.plan === null || (await issuedPlanOf(act.tx, left.plan))?.state !== 'withdrawn')
  const [order, last] = wasOver ? [{ ...left, state: before.state }, before] : [left, newest]
  const isGone = STEPS[name].ofTheGone?.[order.state] !== undefined && await hasNoPlace(act, order)
  const to = stateAfter(act.who, name, { ...order, since: last.at, by: last.recordedBy, isGone, last: last.step })
  return { order, name, to, last, wasOver }
}

async function hasNoPlace(act: Act, { patient }: TransferOrder): Promise<boolean> {
  await lockRecord(act, CASES, patient)
  return await openStayOf(act.tx, patient) === null
}

type Change = Partial<Omit<TransferOrder, 'id' | 'version' | 'state'>>

/**
 * The moment of a step, which is decided once, by whoever holds every lock that it wants: a later lock would make another of
 * it. `from`: nothing of it is earlier. Refuses: wrongTime.
 */
export function timeOf(act: Act, { last }: Pick<Begun, 'last'>, stated: string | undefined, from: Date = last.at): Date {
  const at = whenOf(stated, act.at, from > last.at ? from : last.at)
  if (at < last.at) throw refuse('wrongTime', `不能早于上一步（${instantOf(last.at)}）`, `it cannot be earlier than the step before (${instantOf(last.at)})`)
  return at
}

/** Writes the step down: the order, its event, and a line of the journal. `at`: what is stated, or the moment that was decided. */
export async function finish(
  act: Act, begun: Begun, { at: told, note }: Omit<StepBody, 'at'> & { readonly at?: string | Date | undefined }, change: Change = {}, details: OrderEvent['details'] = {},
): Promise<TransferOrder> {
  const { order, name, to } = begun
  const at = told instanceof Date ? told : timeOf(act, begun, told)
  const changed = await changeOrder(act.tx, order, { ...change, state: to }, { step: name, at, recordedAt: act.at, by: act.by, note: note ?? null, details })
  await act.journal({ action: `order.${name}`, kind: KIND, subject: order.id, details: { from: order.state, to, at: instantOf(at), ...details } })
  return changed
}

export const accept = async (act: Act, id: string, body: StepBody): Promise<TransferOrder> =>
  finish(act, await begin(act, id, 'accept'), body)

/** Refuses also: tooLate. */
export async function askRelief(act: Act, id: string, { reason, beds, ...body }: ReliefAsked): Promise<TransferOrder> {
  const begun = await begin(act, id, 'askRelief')
  const { answerBy } = begun.order
  if (answerBy !== null && answerBy <= act.at) {
    throw refuse('tooLate', `请求调整的时限已于 ${instantOf(answerBy)} 过去；请与调度台联系`, `relief could be asked for until ${instantOf(answerBy)}; call the desk`)
  }
  await checkRelievable(act, begun.order, beds, 'wrongFigure')
  return finish(act, begun, body, {}, { reason, beds })
}

/** Nobody is relieved of more beds than the pool has staffed, beside those of reliefs that stand. */
async function checkRelievable({ tx }: Act, { pool }: TransferOrder, beds: number, code: 'wrongFigure' | 'stepOutOfOrder'): Promise<void> {
  if (pool === null) return
  const staffed = (await currentRecord(tx, POOLS, pool))?.body.staffed
  if (staffed === undefined || !isKnown(staffed)) return
  const left = Math.max(0, staffed - ((await relievedBeds(tx, null))[pool] ?? 0))
  if (beds <= left) return
  throw code === 'wrongFigure'
    ? wrongAt(code, '/beds', `${pool} 开放 ${staffed} 张，还可请求调整 ${left} 张，不能是 ${beds} 张`, `${pool} has ${staffed} staffed beds, of which it can be relieved of ${left}, not of ${beds}`)
    : refuse(code, `${pool} 开放 ${staffed} 张，还可调整 ${left} 张，所请为 ${beds} 张；请维持指令，由接收方重新请求`, `${pool} has ${staffed} staffed beds, of which it can be relieved of ${left}, not of ${beds} as asked; overrule it, and let the receiver ask anew`)
}

/** The order is over, and so many beds of the pool are taken out of the plans until the relief is lifted. */
export async function uphold(act: Act, id: string, body: StepBody): Promise<TransferOrder> {
  const begun = await begin(act, id, 'uphold')
  const { pool } = begun.order
  const { reason, beds } = begun.last.details as Pick<ReliefAsked, 'reason' | 'beds'>
  invariant(pool !== null, 'only a place of this system asks for relief')
  await lockPools(act, [pool])
  await checkRelievable(act, begun.order, beds, 'stepOutOfOrder')
  await releaseBed(act, begun.order, 'voided')
  await promise(act, [{ pool, purpose: reliefPurpose(id), beds, deadline: null }])
  await insertRelief(act.tx, { order: id, pool, beds, reason, since: act.at, upheldBy: act.by })
  return finish(act, begun, body, {}, { reason, beds })
}

export const overrule = async (act: Act, id: string, body: StepBody): Promise<TransferOrder> =>
  finish(act, await begin(act, id, 'overrule'), body)

/** The receiver can take so many again. */
export async function lift(act: Act, id: string, body: StepBody): Promise<TransferOrder> {
  const begun = await begin(act, id, 'lift')
  const found = await reliefOf(act.tx, id, true)
  invariant(found?.liftedAt === null, 'a relief of which lifting was not the last step stands')
  await release(act, { pool: found.pool, purpose: reliefPurpose(id) }, 'voided')
  await liftRelief(act.tx, id, act)
  return finish(act, begun, body, {}, { pool: found.pool, beds: found.beds })
}

/**
 * The vehicle leaves with the patient's bed kept for good. Another vehicle than the planned one may drive: from when it left
 * its ride is reckoned anew, and its crew is who is named. That it left before its deadline may be told after it, while the bed
 * is still free and nothing else was ordered. Refuses also: invalidInput, notInCare, alreadyInCare, alreadyExists, noFreeBed, breaksMust.
 */
export async function dispatch(act: Act, id: string, { vehicle, crew, ...body }: Dispatch): Promise<TransferOrder> {
  const left = body.at === undefined ? act.at : momentOf(body.at)
  const begun = await begin(act, id, 'dispatch', left < act.at ? left : act.at)
  if (vehicle !== undefined && await currentRecord(act.tx, VEHICLES, vehicle) === null) throw refuseAt('/vehicle', `没有这辆车：${vehicle}`, `there is no such vehicle: ${vehicle}`)
  await lockRecord(act, CASES, begun.order.patient)
  const at = timeOf(act, begun, body.at)
  const drives = vehicle ?? begun.order.vehicle
  const { crew: itsCrew, ...times } = await checkLeaving(act, begun.order, { vehicle: drives, at })
  if (begun.wasOver) await promiseAgain(act, begun.order)
  await keepForGood(act, begun.order)
  const said = { ...(vehicle === undefined ? {} : { vehicle }), ...(crew === undefined ? {} : { crew }) }
  // What was planned of one vehicle is true of no other.
  const ride = drives === begun.order.vehicle ? said : { vehicle: drives, crew: crew ?? itsCrew, ...times }
  return finish(act, begun, { ...body, at }, { ...ride, dispatchedAt: at, deadline: null }, said)
}

/** The bed that the clock gave back is theirs again, unless it was given to somebody else, or they have another order. */
async function promiseAgain(act: Act, order: TransferOrder): Promise<void> {
  const { id, patient, pool } = order
  const other = await standingOrderOf(act.tx, patient, act.at)
  if (other !== null) throw refuse('alreadyExists', `指令 ${id} 已过期，${patient} 已另有指令 ${other.id}`, `order ${id} is over, and order ${other.id} stands for ${patient} since`)
  if (pool === null) return
  const there = (await lockPools(act, [pool])).get(pool)
  const left = there === undefined ? null : bedsLeft({ figures: there.record.body, named: namedIn(there.book), held: heldOf(there.book) })
  if (left === null || left < 1) {
    throw refuse('noFreeBed', `指令 ${id} 已过期，其床位已退还，${pool} 现无空床；请为 ${patient} 另下指令，去有空床处`, `order ${id} is over and its bed was given back, and ${pool} has none left; issue another order for ${patient}, to where there is one`)
  }
  await promise(act, [{ pool, purpose: id, deadline: null }])
}

/**
 * On the way they got worse: that is an assessment of its own time, and they are handed over or diverted next. Refuses also:
 * figureIsOlder, scenarioRefused.
 */
export async function worsen(act: Act, id: string, { severity, ...body }: Worsening): Promise<TransferOrder> {
  const begun = await begin(act, id, 'worsen')
  const { order } = begun
  const before = await lockRecord(act, CASES, order.patient)
  invariant(before !== null, 'the patient of an order is a case')
  const at = timeOf(act, begun, body.at)
  await reassess(ofTheStay(act), order.patient, { severity, at: instantOf(at), source: `transfer order ${id}, by ${act.by}` }, diagnosisFault)
  return finish(act, begun, { ...body, at }, {}, { severity, was: before.body.severity })
}

/** Whoever may take the step may move the stay with it, wherever that is. */
const ofTheStay = (act: Act): Act => goingOn(act, EVERYWHERE)

/** Where the patient lies, who is locked, and so are the beds that they leave and that are promised to them. */
async function stayOf(act: Act, { id, patient, pool }: TransferOrder): Promise<{ stay: Stay; person: Recorded<Person> }> {
  const person = await lockRecord(act, CASES, patient)
  invariant(person !== null, 'the patient of an order is a case')
  const stay = await openStayOf(act.tx, patient)
  if (stay === null) throw refuse('notInCare', `${patient} 已不在任何场所；请先由调度台撤销指令 ${id}，再登记收治`, `${patient} has no place any more; let the desk cancel order ${id}, then admit them where they lie`)
  await lockPools(act, [stay.pool, pool].filter((id) => id !== null))
  return { stay, person }
}

const SIGNING = ['sender', 'crew', 'receiver'] as const

/** Nobody signs for a ride before it has begun, or for what has not come. Refuses: wrongTime. */
function checkSigned({ at }: Act, { id, dispatchedAt }: TransferOrder, handover: Handover): void {
  const soon = SIGNING.find((post) => momentOf(handover[post].at) > at)
  if (soon !== undefined) {
    const [signed, now] = [handover[soon].at, instantOf(at)]
    throw wrongAt('wrongTime', `/handover/${soon}/at`, `签字时间 ${signed} 还没到；现在是 ${now}`, `${signed} has not come yet, so nobody signed then; it is ${now} now`)
  }
  if (dispatchedAt === null) return
  const minute = Math.floor(dispatchedAt.getTime() / MINUTE) * MINUTE
  const early = SIGNING.find((post) => momentOf(handover[post].at).getTime() < minute)
  if (early === undefined) return
  const left = instantOf(dispatchedAt)
  throw wrongAt('wrongTime', `/handover/${early}/at`, `不能早于指令 ${id} 出车（${left}）`, `it cannot be before order ${id} was dispatched (${left})`)
}

/** Handed over: the promised bed is theirs, whatever a census has said of the pool meanwhile. Out of the system their stay ends. */
export async function arrive(act: Act, id: string, { handover, ...body }: Arrival): Promise<TransferOrder> {
  const begun = await begin(act, id, 'arrive')
  const { order } = begun
  checkSigned(act, order, handover)
  const { stay, person } = await stayOf(act, order)
  const at = timeOf(act, begun, body.at, stay.beganAt)
  const told = instantOf(at)
  if (order.pool === null || order.toPlace === null) await end(ofTheStay(act), stay.id, 'left', told, id)
  else if (stay.pool === order.pool) {
    await releaseBed(act, order, 'settled')
    await fulfilRequest(act, person, at)
  } else await move(ofTheStay(act), stay.id, { place: order.toPlace, pool: order.pool }, told, id)
  return finish(act, begun, { ...body, at }, { arrivedAt: at, handover }, {})
}

/** The vehicle can drive again. */
export const decontaminate = async (act: Act, id: string, body: StepBody): Promise<TransferOrder> =>
  finish(act, await begin(act, id, 'decontaminate'), body)

/**
 * Ends an order before its vehicle has left: cancelled by the desk, or by the will of patient or family. The desk also
 * ends what can be carried out no more, because who is on the road has no place any more.
 */
export async function giveUp(act: Act, id: string, name: 'cancel' | 'unwilling', body: StepBody): Promise<TransferOrder> {
  const begun = await begin(act, id, name)
  await releaseBed(act, begun.order, 'voided')
  return finish(act, begun, body)
}

/** Back to where they were collected: their own bed is still theirs, and what they asked for is still asked. */
export async function turnBack(act: Act, id: string, { reason, ...body }: TurnBack): Promise<TransferOrder> {
  const begun = await begin(act, id, 'turnBack')
  await releaseBed(act, begun.order, 'voided')
  return finish(act, begun, body, {}, { reason })
}

export async function die(act: Act, id: string, body: StepBody): Promise<TransferOrder> {
  const begun = await begin(act, id, 'die')
  const { order } = begun
  await lockRecord(act, CASES, order.patient)
  // Where the place has put down the death already, the order only follows.
  const stay = await diedAt(act.tx, order.patient) === null ? (await stayOf(act, order)).stay : null
  const at = timeOf(act, begun, body.at, stay?.beganAt)
  if (stay !== null) await end(ofTheStay(act), stay.id, 'died', instantOf(at), id)
  await releaseBed(act, begun.order, 'voided')
  return finish(act, begun, { ...body, at })
}
