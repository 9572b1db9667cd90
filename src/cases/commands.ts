import { checkAuthority } from '../access/authority.js'
import { checkCall } from '../access/phone.js'
import { type Act, matchVersionIfGiven } from '../db/act.js'
import { isSeen, lockRecord, putRecord, type Recorded, versionsOf } from '../db/records.js'
import { type Detail, notFound, refuse, type Refused, wrongAt } from '../kernel/refusal.js'
import { type Day, dayOf, instantOf, isBefore, momentOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { laterThan, type Person, SEVERITIES } from './cases.js'
import {
  asksOtherwise, type Assessment, type CaseChange, exceptedOtherwise, type Exception, isOtherDiagnosis, judgedOtherwise, type Reassessment, withException, withFitness, withoutOutgrown, withoutRequest, withRequest, withRequestDone,
  withSeverity, worsenedAt,
} from './changes.js'
import { type Remark, remarksOn } from './remarks.js'
import { cameOrLeftAt, diedAt, type StandingOrder, standingOrderOf } from './standingStore.js'
import { CASES } from './store.js'

/** Of one case there are some dozens. */
const ALL_VERSIONS = 1_000_000
/** What is told later of a request could not be checked any more. */
const BACK_DAYS_MAX = 7
/** An exception is for a ride that is planned; on a word by phone, for one of this day. */
const EXCEPTION_DAYS_MAX = { signed: 7, byPhone: 1 } as const
const DAY_MILLISECONDS = 86_400_000

interface Said {
  readonly at?: string | undefined
  readonly source?: string | undefined
}

/** Who has waited for longer goes first: no slip of a date takes somebody to the front, whoever puts the request down. */
export function checkNotLongAgo(since: Date, now: Date, pointer: string): void {
  const earliest = new Date(now.getTime() - BACK_DAYS_MAX * DAY_MILLISECONDS)
  if (since >= earliest) return
  throw wrongAt('wrongTime', pointer, `转运申请最多可补记 ${BACK_DAYS_MAX} 天前的，即 ${instantOf(earliest)} 以后`,
    `a transfer request is put down at most ${BACK_DAYS_MAX} days late, so not before ${instantOf(earliest)}`)
}

/** The case asks for a place. Asked twice it is asked once, since the first time. Refuses: notFound, changedMeanwhile, wrongTime, notInCare. */
export async function requestTransfer(act: Act, id: string, { at, source }: Said): Promise<Recorded<Person>> {
  const before = await lockedCase(act, id)
  await mustLive(act, id)
  const since = whenOf(at, act.at)
  const after = withRequest(before.body, instantOf(since))
  if (after === before.body) return before
  checkNotLongAgo(since, act.at, '/at')
  const doneUntil = await cameOrLeftAt(act.tx, id)
  if (doneUntil !== null && since < doneUntil) {
    throw wrongAt('wrongTime', '/at', `${id} 于 ${instantOf(doneUntil)} 转到现处或离开，此前的申请已了结；请写此后的时间`,
      `${id} came to another place or left at ${instantOf(doneUntil)}, which ended what was asked for before; say when it was asked for since`)
  }
  return keep(act, { before, after, source, at: since, change: 'requested' })
}

/** The case asks no longer; what was ordered for it is called off first. Refuses: notFound, changedMeanwhile, wrongTime, notWaiting, stepOutOfOrder. */
export async function withdrawRequest(act: Act, id: string, { at, source }: Said): Promise<Recorded<Person>> {
  const before = await lockedCase(act, id)
  const after = withoutRequest(before.body)
  if (after === null) throw refuse('notWaiting', `${id} 没有转运申请`, `${id} has no transfer request`)
  const order = await standingOrderOf(act.tx, id, act.at)
  if (order !== null) throw order.isOut ? onTheRoad(id, order) : stillOrdered(id, order)
  return keep(act, { before, after, source, at: whenOf(at, act.at), change: 'requestWithdrawn' })
}

/** Somebody has come to another place, or needs none any more: what was asked for them until then is done. `before`: locked. */
export async function fulfilRequest(act: Act, before: Recorded<Person>, at: Date): Promise<void> {
  const after = withRequestDone(before.body, instantOf(at))
  // Nobody has told anything new about the case itself.
  if (after !== null) await keep(act, { before, after, source: before.body.source, at, change: 'requestFulfilled' })
}

/** What of a diagnosis the edition in force on that day does not know, as a place of the body; null: nothing. */
type Judge = (tx: Act['tx'], diagnosis: { day: Day; status: string; severity: string }) => Promise<Detail | null>

/**
 * What is kept of a full report of a case, of a moment. It neither takes an older diagnosis for a newer one, nor speaks for
 * the two posts that judge fitness or who signs an exception, nor moves the clock of a transfer request; of who got worse no judgement of before is kept. Its own time is that of the diagnosis.
 * Refuses: wrongTime, wrongReference, figureIsOlder, scenarioRefused.
 */
export async function settled(act: Act, { said, before, at, judge }: { said: Person; before: Person | null; at: Date; judge: Judge }): Promise<Person> {
  checkTimes(said, instantOf(at))
  const asOf = said.asOf ?? instantOf(at)
  if (exceptedOtherwise(before, said)) {
    throw wrongAt('wrongReference', '/travelExceptionUntil', '超程例外由救治组或指挥长签署，请用 /travel-exception；此处照原样填写，新登记的填 null',
      'an exception from the travel limit is signed by the treatment group or the commander: use /travel-exception, and leave it here as it stands; null in a new case')
  }
  if (before === null && said.waitingSince !== null) checkNotLongAgo(momentOf(said.waitingSince), act.at, '/waitingSince')
  if (before !== null) {
    const field = judgedOtherwise(before, said)
    if (field !== null) {
      throw wrongAt('wrongReference', `/${field}`, '已登记病例能否转运，由两名不同岗位的医生评估，请用 /fitness；此处照原样填写',
        'whether a case that stands can travel is judged by two doctors of different posts: use /fitness, and leave it here as it stands')
    }
    const isOlder = before.asOf !== null && isBefore(asOf, before.asOf)
    if (asksOtherwise(before, said)) {
      throw wrongAt('wrongReference', '/waitingSince', '已登记病例的转运申请，用 /transfer-request 提出，用 /withdraw-request 撤回；此处照原样填写',
        'another place is asked for a case that stands by /transfer-request, and no longer by /withdraw-request; leave it here as it stands')
    }
    if (!isOtherDiagnosis(before, said)) return { ...said, asOf: isOlder ? before.asOf : asOf }
    if (isOlder) throw tooOld(before.asOf)
  }
  await checkDiagnosis(act, said, at, judge)
  return before === null ? { ...said, asOf } : withoutOutgrown(before, { ...said, asOf })
}

/** A row that tells of later than it is of would be told of a past moment as if it had been known. */
function checkTimes(body: Person, at: string): void {
  const field = laterThan(body, at)
  if (field === null) return
  throw refuse('wrongTime', `${field} ${body[field]} 晚于此行所属的时间 ${at}`, `${field}, ${body[field]}, is later than ${at}, of when the row is`)
}

/** Whoever has no place yet is in no picture that could contradict itself, and has to find one that takes them. */
async function checkDiagnosis({ tx }: Act, { status, severity }: Pick<Person, 'status' | 'severity'>, at: Date, judge: Judge): Promise<void> {
  const fault = await judge(tx, { day: dayOf(at), status, severity })
  if (fault !== null) throw wrongAt('scenarioRefused', fault.pointer, fault.want.zh, fault.want.en)
}

/** A case that was assessed, and what of it should be looked at again. */
export interface Reassessed {
  readonly record: Recorded<Person>
  readonly remarks: readonly Remark[]
}

/**
 * How ill somebody is now. Who got worse may travel by no judgement of before. Refuses: notFound, changedMeanwhile, wrongTime,
 * figureIsOlder, scenarioRefused.
 */
export async function reassess(act: Act, id: string, said: Reassessment, judge: Judge): Promise<Reassessed> {
  const before = await lockedCase(act, id)
  const { asOf } = before.body
  const assessedAt = whenOf(said.at, act.at, asOf === null ? null : momentOf(asOf))
  const assessed = withSeverity(before.body, said, instantOf(assessedAt))
  if (assessed === null) throw tooOld(asOf)
  await checkDiagnosis(act, assessed, assessedAt, judge)
  const after = withoutOutgrown(before.body, assessed)
  const record = await keep(act, { before, after, source: said.source, at: assessedAt, change: 'reassessed' })
  return { record, remarks: remarksOn(before.body, after) }
}

/** Whether somebody can travel, and until when that holds. Refuses: notFound, changedMeanwhile, wrongTime, figureIsOlder. */
export async function assessFitness(act: Act, id: string, said: Assessment): Promise<Recorded<Person>> {
  const before = await lockedCase(act, id)
  const at = whenOf(said.assessedAt, act.at)
  if (said.validUntil !== null && momentOf(said.validUntil) < at) {
    throw refuse('wrongTime', `有效期不能早于评估时间 ${said.assessedAt}`, `it cannot end before the assessment at ${said.assessedAt}`)
  }
  const after = withFitness(before.body, said)
  if (after === null) throw tooOld(before.body.fitnessAssessedAt)
  if (said.fitness === 'fit') await checkNotOutgrown(act, before, said.assessedAt)
  const [one, other] = said.assessors
  const source = said.source ?? `assessment by ${one} and ${other}`
  return keep(act, { before, after, source, at, change: 'fitnessAssessed', details: { assessors: said.assessors } })
}

/**
 * Somebody may ride for longer than the limit of their severity until then, as whoever decides on transfers has signed; null:
 * no longer. Refuses: forbidden, notFound, changedMeanwhile, notInCare, wrongTime, invalidInput, figureIsOlder.
 */
export async function signTravelException(act: Act, id: string, { until, phone, source }: Exception): Promise<Recorded<Person>> {
  checkAuthority(act.who, ['transfers'], { byPhone: phone !== undefined })
  const before = await lockedCase(act, id)
  const signedAt = phone === undefined ? act.at : await checkCall(act, phone, null)
  if (until !== null) {
    await mustLive(act, id)
    if (phone !== undefined) await checkNotOutgrown(act, before, phone.at)
    checkUntil(act, momentOf(until), signedAt, phone === undefined ? 'signed' : 'byPhone')
  }
  if (until === null && before.body.travelExceptionUntil === null) return before
  const after = withException(before.body, until)
  return keep(act, { before, after, source, at: act.at, change: until === null ? 'exceptionLifted' : 'exceptionSigned', details: phone === undefined ? {} : { phone } })
}

function checkUntil({ at: now }: Act, until: Date, signedAt: Date, how: keyof typeof EXCEPTION_DAYS_MAX): void {
  if (until <= now) throw wrongAt('wrongTime', '/until', `${instantOf(until)} 已过；请填今后的时间，取消填 null`, `${instantOf(until)} has passed; say a time to come, or null to lift it`)
  const days = EXCEPTION_DAYS_MAX[how]
  const latest = new Date(signedAt.getTime() + days * DAY_MILLISECONDS)
  if (until <= latest) return
  const [zh, en] = how === 'byPhone' ? ['电话同意的例外', 'on a word by phone an exception'] : ['例外', 'an exception']
  throw wrongAt('wrongTime', '/until', `${zh}最长 ${days} 天，即至 ${instantOf(latest)}`, `${en} holds for ${days === 1 ? 'a day' : `${days} days`} at most, until ${instantOf(latest)}`)
}

/** Told late, a judgement from before somebody got worse is none all the same. */
async function checkNotOutgrown({ tx }: Act, { id, body: { severity } }: Recorded<Person>, judgedAt: string): Promise<void> {
  const since = worsenedAt((await versionsOf(tx, CASES, id, { below: null, limit: ALL_VERSIONS })).map(({ body }) => body))
  if (since === null || !isBefore(judgedAt, since)) return
  throw refuse('figureIsOlder', `${id} 自 ${since} 起病情加重，现为${SEVERITIES[severity].zh}，此前所评、所签不作数；请重新评估或签署`,
    `${id} got worse at ${since} and is ${SEVERITIES[severity].en} now: what was judged or signed before does not count; let it be judged or signed again`)
}

/** Whoever has died is not taken anywhere any more. Refuses: notInCare. */
export async function mustLive(act: Act, id: string): Promise<void> {
  const died = await diedAt(act.tx, id)
  if (died !== null) throw refuse('notInCare', `${id} 已于 ${instantOf(died)} 死亡；请核对病例编号`, `${id} died at ${instantOf(died)}; check the number of the case`)
}

/** Only the order says where somebody is who is on the road. */
export const onTheRoad = (id: string, { id: order }: StandingOrder): Refused => refuse('stepOutOfOrder',
  `${id} 正按指令 ${order} 在途；请在该指令上记交接（arrive）、改送（divert）、折返（turn-back）或途中死亡（die）`,
  `${id} is on the road by order ${order}; put down there that they were handed over (arrive), are taken elsewhere (divert), turned back (turn-back) or died (die)`)

const stillOrdered = (id: string, { id: order }: StandingOrder): Refused => refuse('stepOutOfOrder',
  `${id} 有有效的指令 ${order}；请先由调度台撤销该指令（cancel），或记患者或家属不愿（unwilling）`,
  `order ${order} stands for ${id}; first let the desk cancel it (cancel), or put down that patient or family are unwilling (unwilling)`)

const tooOld = (last: string | null) =>
  refuse('figureIsOlder', `已有 ${last} 的评估，不能再记更早的`, `there is an assessment of ${last} already; an earlier one comes too late`)

async function lockedCase(act: Act, id: string): Promise<Recorded<Person>> {
  const found = await lockRecord(act, CASES, id)
  if (found === null || !await isSeen(act.tx, CASES, id, act.reach)) throw notFound(id)
  matchVersionIfGiven(act, found)
  return found
}

interface Kept {
  readonly before: Recorded<Person>
  readonly after: Person
  readonly source: string | undefined
  readonly at: Date
  readonly change: CaseChange
  readonly details?: Readonly<Record<string, unknown>>
}

/** One new version of the case, and its line in the journal. */
async function keep(act: Act, { before, after, source, at, change, details = {} }: Kept): Promise<Recorded<Person>> {
  const { id } = before
  const body = { ...after, source: source ?? `${change} by ${act.by}` }
  const record = await putRecord(act.tx, CASES, { id, body, effectiveAt: at, before }, act)
  await act.journal({
    action: `case.${change}`, kind: CASES.kind, subject: id,
    details: { version: record.version, before: before.body, after: body, at: instantOf(at), ...details },
  })
  return record
}
