import { type Act, done, found, keep, matchIfGiven, needs, No, note, when } from './modelAct.js'
import { isDiagnosis } from './modelFaults.js'
import { calledAt, checkAuthority } from './modelIssue.js'
import { seenNow } from './modelOrders.js'
import { recordOut } from './modelOut.js'
import { EVERYWHERE, seesCase } from './modelRoles.js'
import { isLive, type Version } from './modelState.js'
import { stated } from './modelStated.js'
import { isDead } from './modelStays.js'
import { type Answered, dayOf, type Fields, HOUR, read, written } from './modelWords.js'

/** The case, seen by whoever asks, in the version that they saw. */
function standing(act: Act, id: string): Version {
  const record = found(act, 'cases', id)
  needs(seesCase(act.state, act.reach, id), 'notFound')
  matchIfGiven(act, record.version)
  return record
}

const ILL = ['none', 'mild', 'ordinary', 'severe', 'critical']
/** From what was said before to what is said now, somebody has become severe or critical. */
function gotWorse(before: Fields, after: Fields): boolean {
  const [was, is] = [before, after].map(({ severity }) => ILL.indexOf(String(severity)))
  return is !== undefined && was !== undefined && is > was && is >= ILL.indexOf('severe')
}

/**
 * That a patient can travel was judged of one who was less ill; that they cannot is so all the more. That they may be on
 * the road for longer was signed of one who was less ill, whenever that was.
 */
function judgedAnew(act: Act, before: Fields, told: Fields): Fields {
  if (!gotWorse(before, told)) return told
  const isExcepted = told['travelExceptionUntil'] !== null
  if (isExcepted) act.reached('exception outgrown')
  const after = isExcepted ? stated(told, { travelExceptionUntil: null }) : told
  const { fitness, fitnessAssessedAt: judged, asOf } = after
  if (fitness !== 'fit' || (judged !== null && read(judged) >= read(asOf))) return after
  act.reached('fitness outgrown')
  return stated(after, { fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null })
}

function told(act: Act, { id, body }: Version, what: { said: Fields; source: unknown; by: string; at: number; action: string }): Answered {
  const after = { ...judgedAnew(act, body, stated(body, what.said)), source: what.source ?? what.by }
  const kept = keep(act, 'cases', { id, body: after, at: what.at })
  note(act, `case.${what.action}`, 'cases', id)
  return done(recordOut(kept))
}

/** Nobody checks when somebody asked longer ago. */
export function mustBeLately(act: Act, at: number): void {
  if (act.state.now - at > 7 * 24 * HOUR) act.reached('asked for too long ago')
  needs(act.state.now - at <= 7 * 24 * HOUR, 'wrongTime')
}

/** Asked twice, the first time stands, and nothing changes. */
export function requestTransfer(act: Act, id: string, { at: said, source }: Fields): Answered {
  const before = standing(act, id)
  needs(!isDead(act.state, id), 'notInCare')
  const at = when(act, said)
  if (before.body['waitingSince'] !== null) {
    act.reached('transfer requested twice')
    return done(recordOut(before))
  }
  mustBeLately(act, at)
  const stays = [...act.state.stays.values()].filter(({ person }) => person === id)
  const goings = stays.filter(({ end, place, id: own }) => end !== null
    && !(end.how === 'moved' && stays.some((next) => next.id !== own && next.place === place && next.began === end.at)))
  if (goings.some(({ end }) => end !== null && at < end.at)) {
    act.reached('asked for before they came or left, and told after')
    throw new No('wrongTime')
  }
  return told(act, before, { said: { waitingSince: written(at) }, source, by: `requested by ${act.by}`, at, action: 'requested' })
}

export function withdrawRequest(act: Act, id: string, { at, source }: Fields): Answered {
  const before = standing(act, id)
  needs(before.body['waitingSince'] !== null, 'notWaiting')
  const stands = [...act.state.orders.values()].some(({ patient, now }) => patient === id && isLive(seenNow(now, act.state.now).state))
  needs(!stands, 'stepOutOfOrder')
  return told(act, before, { said: { waitingSince: null }, source, by: `requestWithdrawn by ${act.by}`, at: when(act, at), action: 'requestWithdrawn' })
}

/** How ill somebody is now; a judgement of before the last one comes too late. */
export function reassess(act: Act, id: string, { at: said, source, severity, status }: Fields): Answered {
  const before = standing(act, id)
  const at = when(act, said)
  const { asOf } = before.body
  needs(asOf === null || at >= read(asOf), 'figureIsOlder')
  const now = { status: status ?? before.body['status'], severity, asOf: written(at) }
  needs(isDiagnosis(dayOf(at), now.status, severity), 'scenarioRefused')
  const answer = told(act, before, { said: now, source, by: `reassessed by ${act.by}`, at, action: 'reassessed' })
  const isOutgrown = before.body['fitness'] === 'fit' && answer.body?.['fitness'] === 'unknown'
  const isExceptionOutgrown = before.body['travelExceptionUntil'] !== null && answer.body?.['travelExceptionUntil'] === null
  const remarks = [...(isOutgrown ? [{ kind: 'fitnessOutgrown' }] : []), ...(isExceptionOutgrown ? [{ kind: 'exceptionOutgrown' }] : [])]
  return { ...answer, body: { ...answer.body, remarks } }
}

/**
 * What is kept of a full report of a case, as of a moment: it takes no diagnosis of before the one that stands, and leaves
 * to two posts whether somebody can travel, but that nobody has judged who got worse, and to whoever signs it how far.
 */
export function settled(act: Act, before: Version | undefined, body: Fields, at: number): Fields {
  const asOf = body['asOf'] ?? written(at)
  const stands = before?.body
  const isSame = (one: unknown, other: unknown) => one === other || (one !== null && other !== null && read(one) === read(other))
  const isExceptedOtherwise = !isSame(stands?.['travelExceptionUntil'] ?? null, body['travelExceptionUntil'])
  if (isExceptedOtherwise) act.reached('an exception by a full report')
  needs(!isExceptedOtherwise, 'wrongReference')
  if (stands === undefined && body['waitingSince'] !== null) mustBeLately(act, read(body['waitingSince']))
  if (stands !== undefined) {
    const isJudged = stands['fitness'] !== body['fitness'] || ['fitnessAssessedAt', 'fitnessValidUntil'].some((field) => !isSame(stands[field], body[field]))
    needs(!isJudged && isSame(stands['waitingSince'], body['waitingSince']), 'wrongReference')
    const isOlder = stands['asOf'] !== null && read(asOf) < read(stands['asOf'])
    if (isOlder) act.reached('full report of before the last assessment')
    if (stands['status'] === body['status'] && stands['severity'] === body['severity']) return { ...body, asOf: isOlder ? stands['asOf'] : asOf }
    needs(!isOlder, 'figureIsOlder')
  }
  needs(isDiagnosis(dayOf(at), body['status'], body['severity']), 'scenarioRefused')
  return stands === undefined ? { ...body, asOf } : judgedAnew(act, stands, { ...body, asOf })
}

/** As the crew says on the road, who sees every case that it drives. */
export function worse(act: Act, id: string, said: Fields): void {
  reassess({ ...act, reach: EVERYWHERE, ifMatch: null }, id, said)
}

/** Nothing that was judged or signed before they last got worse counts, when it is told after. Null: it is of now. */
function mustNotBeOutgrown(act: Act, id: string, at: number | null): void {
  const versions = act.state.records.cases.get(id) ?? []
  const worsened = versions.filter(({ body }, i) => i > 0 && gotWorse(versions[i - 1]?.body ?? body, body)).at(-1)
  if (at === null || worsened === undefined || at >= read(worsened.body['asOf'])) return
  act.reached('judged before they got worse, and told after')
  throw new No('figureIsOlder')
}

export function assessFitness(act: Act, id: string, { fitness, assessedAt, validUntil = null, assessors, source }: Fields): Answered {
  const before = standing(act, id)
  const at = when(act, assessedAt)
  needs(validUntil === null || read(validUntil) >= at, 'wrongTime')
  const last = before.body['fitnessAssessedAt']
  needs(last === null || at >= read(last), 'figureIsOlder')
  if (fitness === 'fit') mustNotBeOutgrown(act, id, at)
  const [one, other] = assessors as string[]
  const now = { fitness, fitnessAssessedAt: assessedAt, fitnessValidUntil: validUntil }
  return told(act, before, { said: now, source, by: `assessment by ${one} and ${other}`, at, action: 'fitnessAssessed' })
}

/** Signed for seven days at most, or, by a word on the phone, for a day from the call. Null lifts it. */
export function signTravelException(act: Act, id: string, { until = null, phone = null, source }: Fields): Answered {
  checkAuthority(act, { byPhone: phone !== null })
  const before = standing(act, id)
  const signed = phone === null ? act.state.now : calledAt(act, phone as Fields, null)
  if (until !== null) {
    needs(!isDead(act.state, id), 'notInCare')
    mustNotBeOutgrown(act, id, phone === null ? null : signed)
    needs(read(until) > act.state.now && read(until) - signed <= (phone === null ? 7 : 1) * 24 * HOUR, 'wrongTime')
  }
  if (until === null && before.body['travelExceptionUntil'] === null) return done(recordOut(before))
  const action = until === null ? 'exceptionLifted' : 'exceptionSigned'
  act.reached(`${action}${phone === null ? '' : ' by phone'}`)
  return told(act, before, { said: { travelExceptionUntil: until }, source, by: `${action} by ${act.by}`, at: act.state.now, action })
}
