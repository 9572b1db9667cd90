import { type Act, done, found, keep, matchIfGiven, needs, note, when } from './modelAct.js'
import { isDiagnosis } from './modelFaults.js'
import { seenNow } from './modelOrders.js'
import { recordOut } from './modelOut.js'
import { EVERYWHERE, seesCase } from './modelRoles.js'
import { isLive, type Version } from './modelState.js'
import { stated } from './modelStated.js'
import { isDead } from './modelStays.js'
import { type Answered, dayOf, type Fields, read, written } from './modelWords.js'

/** The case, seen by whoever asks, in the version that they saw. */
function standing(act: Act, id: string): Version {
  const record = found(act, 'cases', id)
  needs(seesCase(act.state, act.reach, id), 'notFound')
  matchIfGiven(act, record.version)
  return record
}

function told(act: Act, { id, body }: Version, what: { said: Fields; source: unknown; by: string; at: number; action: string }): Answered {
  const after = { ...stated(body, what.said), source: what.source ?? what.by }
  const kept = keep(act, 'cases', { id, body: after, at: what.at })
  note(act, `case.${what.action}`, 'cases', id)
  return done(recordOut(kept))
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
  return told(act, before, { said: now, source, by: `reassessed by ${act.by}`, at, action: 'reassessed' })
}

/**
 * What is kept of a full report of a case, as of a moment: it takes no diagnosis of before the one that stands, and leaves
 * to two posts whether somebody can travel.
 */
export function settled(act: Act, before: Version | undefined, body: Fields, at: number): Fields {
  const asOf = body['asOf'] ?? written(at)
  const stands = before?.body
  if (stands !== undefined) {
    const isSame = (one: unknown, other: unknown) => one === other || (one !== null && other !== null && read(one) === read(other))
    const isJudged = stands['fitness'] !== body['fitness'] || ['fitnessAssessedAt', 'fitnessValidUntil'].some((field) => !isSame(stands[field], body[field]))
    needs(!isJudged, 'wrongReference')
    const isOlder = stands['asOf'] !== null && read(asOf) < read(stands['asOf'])
    if (isOlder) act.reached('full report of before the last assessment')
    if (stands['status'] === body['status'] && stands['severity'] === body['severity']) return { ...body, asOf: isOlder ? stands['asOf'] : asOf }
    needs(!isOlder, 'figureIsOlder')
  }
  needs(isDiagnosis(dayOf(at), body['status'], body['severity']), 'scenarioRefused')
  return { ...body, asOf }
}

/** As the crew says on the road, who sees every case that it drives. */
export function worse(act: Act, id: string, said: Fields): void {
  reassess({ ...act, reach: EVERYWHERE, ifMatch: null }, id, said)
}

export function assessFitness(act: Act, id: string, { fitness, assessedAt, validUntil = null, assessors, source }: Fields): Answered {
  const before = standing(act, id)
  const at = when(act, assessedAt)
  needs(validUntil === null || read(validUntil) >= at, 'wrongTime')
  const last = before.body['fitnessAssessedAt']
  needs(last === null || at >= read(last), 'figureIsOlder')
  const [one, other] = assessors as string[]
  const now = { fitness, fitnessAssessedAt: assessedAt, fitnessValidUntil: validUntil }
  return told(act, before, { said: now, source, by: `assessment by ${one} and ${other}`, at, action: 'fitnessAssessed' })
}
