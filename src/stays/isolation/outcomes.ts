import type { Person } from '../../cases/cases.js'
import { checkNotLongAgo } from '../../cases/commands.js'
import { CASES } from '../../cases/store.js'
import type { Act } from '../../db/act.js'
import { lockRecord, putRecord, type Recorded } from '../../db/records.js'
import { isDrillStore } from '../../db/storeMark.js'
import { stampedNumber } from '../../kernel/drill.js'
import { isNumberOf, isSamePost } from '../../kernel/ids.js'
import { refuse } from '../../kernel/refusal.js'
import { isWithin, reachOf } from '../../kernel/roles.js'
import { text } from '../../kernel/text.js'
import { dayOf, instantOf } from '../../kernel/time.js'
import { whenOf } from '../../kernel/when.js'
import { checkNotBefore } from '../commands.js'
import { beginStay, type Stay } from '../store.js'
import { checkExposure, checkKind, inIsolation, keepContact, leaveRoom, lockedContact } from './commands.js'
import { type Contact, datesOf, type Exposure, HALVES, type Ruling, type SymptomsAnswered, withExposure, withShortening } from './contacts.js'
import { endIsolation, observationsOf } from './store.js'
import { checkWell, notRuledOut, unanswered, withAnswer } from './symptoms.js'

/** Who puts right what somebody is to be released by: the desk of their unit or of the city, never the site alone. */
const CORRECTORS = ['transferDesk', 'planner'] as const

/** A newer exposure sets the days again; with a reason it is a correction. Refuses: notFound, changedMeanwhile, isolationIsOver, wrongTime, figureIsOlder; forbidden, wrongReference. */
export async function expose(act: Act, id: string, { lastExposure, kind, reason }: Exposure): Promise<Recorded<Contact>> {
  const before = await lockedContact(act, id)
  checkExposure(lastExposure, act.at)
  if (reason !== undefined) return correct(act, before, { lastExposure, kind: kind ?? before.body.kind, reason })
  const body = withExposure(before.body, lastExposure)
  if (body === null) {
    const { lastExposure: later } = before.body
    throw refuse('figureIsOlder', `已记末次暴露 ${later}，${lastExposure} 更早，不改变解除日期；原来记错的，由本单位或全市调度台写明缘由（reason）更正`,
      `a later exposure, of ${later}, is put down, and ${lastExposure} would change nothing; if that is wrong, the desk of the unit or the city corrects it with a reason`)
  }
  return body === before.body ? before : keepContact(act, { id, before, body, at: act.at, action: 'exposed' })
}

async function correct(act: Act, before: Recorded<Contact>, { reason, ...right }: Pick<Contact, 'lastExposure' | 'kind'> & { reason: string }): Promise<Recorded<Contact>> {
  const { id, body: { unit, edition, expectedOn } } = before
  if (!isWithin(reachOf(act.who, CORRECTORS), { unit })) {
    throw refuse('forbidden', `更正末次暴露、类别由${unit}或全市的调度台、方案编制员办理`, `the last exposure and the kind are put right by the desk or planner of ${unit} or of the city`)
  }
  checkKind(edition, { kind: right.kind, expectedOn })
  const body = withShortening(before.body, { ...before.body, ...right }, act.by)
  return keepContact(act, { id, before, body, at: act.at, action: 'corrected', details: { reason } })
}

/** More days in the site, for a coded reason; it answers whatever fever and symptoms were seen. Refuses: notFound, changedMeanwhile, isolationIsOver, notInCare. */
export async function extend(act: Act, id: string, extension: Contact['extensions'][number]): Promise<Recorded<Contact>> {
  const { contact: before } = await inIsolation(act, id)
  const seen = unanswered(before.body, await observationsOf(act.tx, id))
  const body = { ...withAnswer(before.body, seen, { how: 'extended', physician: null, reason: null, by: act.by }), extensions: [...before.body.extensions, extension] }
  return keepContact(act, { id, before, body, at: act.at, action: 'extended' })
}

/**
 * A physician has ruled out that fever and symptoms, up to a half day, are of the disease; what is seen later is not among
 * it. Refuses: notFound, changedMeanwhile, isolationIsOver, notInCare, nothingToRuleOut.
 */
export async function ruleOut(act: Act, id: string, { physician, reason, ...until }: Ruling): Promise<Recorded<Contact>> {
  const { contact: before } = await inIsolation(act, id)
  const looks = notRuledOut(before.body, await observationsOf(act.tx, id), until)
  if (looks.length === 0) {
    throw refuse('nothingToRuleOut', `${id} 至 ${until.day} ${HALVES[until.half].zh}没有未排除的发热或症状`, `of ${id} no fever or symptoms stand open up to the ${HALVES[until.half].en} of ${until.day}`)
  }
  const body = withAnswer(before.body, looks, { how: 'ruledOut', physician, reason, by: act.by })
  return keepContact(act, { id, before, body, at: act.at, action: 'ruledOut', details: { physician, reason, until } })
}

/**
 * Release from observation, with its certificate (解除隔离医学观察). Refuses as `leaveRoom` does, wrongTime before the day,
 * symptomsObserved, notObserved, and ownRuling where one post would bring it about alone.
 */
export async function release(act: Act, id: string, { signedBy, at }: { signedBy: string; at: string | undefined }): Promise<Recorded<Contact>> {
  const { contact: before, open } = await inIsolation(act, id)
  const when = whenOf(at, act.at, open.beganAt)
  const until = datesOf(before.body)?.siteUntil ?? null
  const day = dayOf(when)
  if (until === null || day < until) {
    throw refuse('wrongTime', `按 ${before.body.edition} 版规定，${until} 才能解除`, `by the edition ${before.body.edition} release is on ${until} at the earliest`)
  }
  const ruled = checkWell(before.body, await observationsOf(act.tx, id), when)
  checkAnother([signedBy, act.by], before.body, ruled)
  await leaveRoom(act, id, 'released', at)
  // The version stands once for this contact, so the number stands once in the city.
  const number = stampedNumber(`${id}-R${before.version + 1}`, await isDrillStore(act.tx))
  const certificate = { number, day, signedBy }
  return keepContact(act, { id, before, body: { ...before.body, certificate }, at: when, action: 'certified' })
}

/** Whoever else looks after them: nobody is locked out where a site has one post only. */
const BY_ANOTHER = text('请由该隔离点的另一岗位、调度台或方案编制员办理，并由另一岗位签发', 'let another post of the site, the desk or the planner do it, and another post sign it')

/** Who has ruled symptoms out, entered that, or made the day earlier would decide alone. `posts`: who releases them. */
function checkAnother(posts: readonly string[], { shortened }: Contact, ruled: readonly SymptomsAnswered[]): void {
  const isOne = (of: string | null | undefined) => typeof of === 'string' && posts.some((post) => isSamePost(post, of))
  const own = ruled.find(({ physician, by }) => isOne(physician) || isOne(by))
  if (own !== undefined) {
    const { physician, by = physician } = own
    throw refuse('ownRuling', `症状由 ${physician} 排除、${by} 登记，两者都不办理、不签发解除；${BY_ANOTHER.zh}`,
      `${physician} has ruled the symptoms out, as put down by ${by}, and neither of them does or signs the release; ${BY_ANOTHER.en}`)
  }
  if (shortened === undefined || !isOne(shortened.by)) return
  throw refuse('ownRuling', `解除日期由 ${shortened.by} 提前，其不办理、不签发解除；${BY_ANOTHER.zh}`,
    `${shortened.by} has made the day of release earlier, and neither does nor signs the release; ${BY_ANOTHER.en}`)
}

/** What a district says of somebody who has turned positive. */
export interface Positive {
  readonly case: string
  readonly status: 'confirmed' | 'asymptomatic'
  readonly severity: Person['severity']
  readonly at?: string | undefined
  readonly source?: string | undefined
}

/**
 * Who turns positive becomes a case and lies on in the same room: isolation ends and care begins at one moment, nobody
 * comes and nobody leaves, so the room's figures do not change. They wait for a place from then on.
 * Refuses: notFound, changedMeanwhile, isolationIsOver, notInCare, wrongTime, wrongReference, alreadyExists.
 */
export async function turnPositive(act: Act, id: string, said: Positive): Promise<{ contact: Recorded<Contact>; stay: Stay }> {
  const { contact: before, open } = await inIsolation(act, id)
  const { unit } = before.body
  if (!isNumberOf(said.case, unit)) throw refuse('wrongReference', `病例编号应为 ${unit}-…`, `a case id must be its reporting unit and the unit's own number: ${unit}-…`)
  if (await lockRecord(act, CASES, said.case) !== null) throw refuse('alreadyExists', `已有病例 ${said.case}`, `there is a case ${said.case} already`)
  const at = whenOf(said.at, act.at, open.beganAt)
  checkNotBefore(at, open.beganAt)
  checkNotLongAgo(at, act.at, '/at')
  const since = instantOf(at)
  const person: Person = {
    unit, status: said.status, severity: said.severity, waitingSince: since, fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null,
    needs: [], sex: 'unknown', ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null,
    source: said.source ?? `contact ${id} turned positive`, assumed: [], asOf: since,
  }
  const made = await putRecord(act.tx, CASES, { id: said.case, body: person, effectiveAt: at, before: null }, act)
  await act.journal({ action: 'put', kind: CASES.kind, subject: said.case, details: { version: made.version, before: null, after: person } })
  await endIsolation(act.tx, open, { endedAt: at, ending: 'positive' }, act)
  const contact = await keepContact(act, { id, before, body: { ...before.body, case: said.case }, at, action: 'positive', details: { case: said.case } })
  const bed = { place: open.place, pool: open.pool }
  const stay = await beginStay(act.tx, { id: act.newId(), caseId: said.case, ...bed, beganAt: at }, act)
  await act.journal({ action: 'admitted', kind: 'stays', subject: stay.id, details: { case: said.case, ...bed, at: since, contact: id } })
  return { contact, stay }
}
