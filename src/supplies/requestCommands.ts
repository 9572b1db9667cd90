import { checkAuthority } from '../access/authority.js'
import { type Act, matchVersionIfGiven, mustReach } from '../db/act.js'
import { placeOf } from '../facilities/store.js'
import { isSamePost } from '../kernel/ids.js'
import { notFound, refuse, refuseAt, wrongAt } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { SUPPLIES_GROUP, unitsOf } from './noteLines.js'
import { type Recommendation, REQUEST_STATES, type RequestApproval, type RequestAsk, type RequestRefusal } from './requests.js'
import { changeRequest, insertRequest, openRequest, type Request, requestById } from './requestStore.js'
import { mustCover, mustNotBeServed } from './served.js'
import { lockItems } from './store.js'

export const REQUEST = text('申领', 'request for material')

/** A place asks for material (申领). Refuses: invalidInput, forbidden, unknownReference, wrongReference, wrongFigure, wrongTime, alreadyExists. */
export async function askForMaterial(act: Act, ask: RequestAsk): Promise<Request> {
  const { place, item, urgency, reason } = ask
  if (await placeOf(act.tx, place) === null) throw wrongAt('unknownReference', '/place', `没有场所 ${place}`, `there is no place ${place}`)
  mustReach(act, { place }, SUPPLIES_GROUP)
  const asked = await unitsOf(act.tx, { item, ...quantityOf(ask) }, '')
  // Whoever asks for the same item at the same moment waits here.
  await lockItems(act, [item])
  const other = await openRequest(act.tx, { place, item })
  if (other !== null) {
    const since = instantOf(other.askedAt)
    throw refuse('alreadyExists', `${place} 对 ${item} 的申领 ${other.id}（${other.askedBy}，${since}）尚待批；要改请先撤回那一份`,
      `request ${other.id} of ${place} for ${item} is open, by ${other.askedBy} at ${since}; to change it withdraw that one first`)
  }
  const request = await insertRequest(act.tx, {
    id: act.newId(), version: 1, state: 'open', place, item, urgency, asked, reason, askedAt: whenOf(ask.askedAt, act.at), askedBy: act.by, recordedAt: act.at,
    need: null, recommended: null, recommendedAt: null, recommendedBy: null, approved: null, answeredAt: null, answeredBy: null, answer: null, brought: null,
  })
  return journalled(act, 'asked', request, { place, item, asked, urgency })
}

function quantityOf({ units, packing, count }: RequestAsk): { packing: string | null; count: number } {
  if (units !== null && packing === null && count === null) return { packing: null, count: units }
  if (units === null && packing !== null && count !== null) return { packing, count }
  throw refuseAt('/units', '请写 units（基本单位数），或写 packing 和 count（包装与件数），二者取一', 'say units (base units), or packing and count: one of the two')
}

/** What was computed is kept beside what was asked, and binds nobody. Refuses: notFound, changedMeanwhile, stepOutOfOrder. */
export async function recommend(act: Act, id: string, { need, recommended }: Recommendation): Promise<Request> {
  const request = await lockOpen(act, id)
  const changed = await changeRequest(act.tx, request, { need, recommended, recommendedAt: act.at, recommendedBy: act.by })
  return journalled(act, 'recommended', changed, { need, recommended })
}

/** Refuses: notFound, changedMeanwhile, stepOutOfOrder, forbidden, ownRequest, and wrongFigure for more than was asked or less than was ordered. */
export async function approveRequest(act: Act, id: string, { units, answer }: RequestApproval): Promise<Request> {
  const request = await lockToAnswer(act, id)
  if (units > request.asked) {
    throw wrongAt('wrongFigure', '/units', `申请 ${request.asked}，核定 ${units}，不能多于申请；要多给请由该处撤回重报`,
      `${request.asked} were asked for, and ${units} are more; to give more let the place withdraw it and ask again`)
  }
  await mustCover(act, request, units)
  return answered(act, request, { state: 'approved', approved: units, answer })
}

/** Refuses: notFound, changedMeanwhile, stepOutOfOrder, forbidden, ownRequest. */
export async function refuseRequest(act: Act, id: string, { answer }: RequestRefusal): Promise<Request> {
  const request = await lockToAnswer(act, id)
  await mustNotBeServed(act, request)
  return answered(act, request, { state: 'refused', approved: null, answer })
}

/** The request, locked, for somebody who may answer it: whoever may give out material, and did not ask for this. */
async function lockToAnswer(act: Act, id: string): Promise<Request> {
  const request = await lockOpen(act, id)
  checkAuthority(act.who, ['material'], { byPhone: false })
  const { by } = act
  if (isSamePost(request.askedBy, by)) throw refuse('ownRequest', `此申领由 ${by} 提出，须由他人答复`, `${by} asked for this; somebody else answers it`)
  return request
}

/** Taken back by who asked, or by whoever looks after the place. Refuses: notFound, changedMeanwhile, stepOutOfOrder. */
export async function withdrawMaterial(act: Act, id: string): Promise<Request> {
  const request = await lockOpen(act, id)
  await mustNotBeServed(act, request)
  return answered(act, request, { state: 'withdrawn', approved: null, answer: null })
}

/** The request, locked, while nobody has answered it. */
async function lockOpen(act: Act, id: string): Promise<Request> {
  const request = await requestById(act.tx, id, true)
  if (request === null || !isTheirs(act, request)) throw notFound(id, REQUEST)
  const last = lastOf(request)
  act.notBefore(last.recordedAt)
  matchVersionIfGiven(act, { version: request.version, ...last })
  if (request.state === 'open') return request
  const { zh, en } = REQUEST_STATES[request.state]
  throw refuse('stepOutOfOrder', `此申领${zh}（${last.recordedBy}，${instantOf(last.recordedAt)}），不再变动；需要的请另行申领`,
    `the request is ${en} since ${instantOf(last.recordedAt)}, by ${last.recordedBy}, and does not change; ask anew for what is needed`)
}

/** A request is seen by whoever looks after its place, and by who asked. */
export const isTheirs = ({ reach, by }: Pick<Act, 'reach' | 'by'>, { place, askedBy }: Pick<Request, 'place' | 'askedBy'>): boolean =>
  isWithin(reach, { place }) || askedBy === by

/** Who last wrote in it, and when. */
export function lastOf({ recordedAt, askedBy, recommendedAt, recommendedBy, answeredAt, answeredBy }: Request): { recordedAt: Date; recordedBy: string } {
  if (answeredAt !== null && answeredBy !== null) return { recordedAt: answeredAt, recordedBy: answeredBy }
  if (recommendedAt !== null && recommendedBy !== null) return { recordedAt: recommendedAt, recordedBy: recommendedBy }
  return { recordedAt, recordedBy: askedBy }
}

async function answered(act: Act, request: Request, change: Pick<Request, 'state' | 'approved' | 'answer'>): Promise<Request> {
  const changed = await changeRequest(act.tx, request, { ...change, answeredAt: act.at, answeredBy: act.by })
  return journalled(act, change.state, changed, { ...(change.approved === null ? {} : { approved: change.approved }) })
}

async function journalled(act: Act, deed: string, request: Request, details: Readonly<Record<string, unknown>>): Promise<Request> {
  await act.journal({ action: `materialRequest.${deed}`, kind: 'material-requests', subject: request.id, details: { version: request.version, ...details } })
  return request
}
