import { type Act, matchVersionIfGiven, mustReach } from '../db/act.js'
import { placeOf } from '../facilities/store.js'
import { canonicalJson, sha256 } from '../kernel/canonical.js'
import { isSamePost } from '../kernel/ids.js'
import { notFound, refuse } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { instantOf } from '../kernel/time.js'
import type { Giving, Open, Shift } from './handover.js'
import { type Handover, handoverById, insertHandover, takeHandover } from './store.js'

const KIND = 'handovers'

/** A shift is given once and taken once. */
export const versionOf = ({ takenAt }: Handover): number => (takenAt === null ? 1 : 2)

/**
 * Hands a shift over with what is open, which was read in a moment of its own just before.
 * Refuses: forbidden, ownHandover, unknownReference.
 */
export async function give(act: Act, giving: Giving, open: Open): Promise<Handover> {
  const { place, toPost } = giving
  if (place !== null) mustReach(act, { place })
  else if (!act.reach.isCity) throw refuse('forbidden', '全市的交班由全市的岗位办理；请写明您的场所（place）', 'the city’s shift is for a post of the whole city; name your place (place)')
  if (isSamePost(toPost, act.by)) throw refuse('ownHandover', `${toPost} 不能交班给自己；请写接班的岗位`, `${toPost} cannot hand over to themselves; name the post that takes over`)
  if (place !== null && await placeOf(act.tx, place) === null) throw refuse('unknownReference', `没有场所 ${place}`, `there is no place ${place}`)
  const content = canonicalJson({ ...giving, ...open } satisfies Shift)
  const contentHash = sha256(content)
  const handover = await insertHandover(act.tx, { id: act.newId(), givenAt: act.at, givenBy: act.by, content, contentHash })
  await act.journal({ action: 'handover.given', kind: KIND, subject: handover.id, details: { place, toPost, hash: contentHash } })
  return handover
}

/** Whoever comes on takes the shift over, once. Refuses: notFound, changedMeanwhile, ownHandover, stepOutOfOrder. */
export async function takeOver(act: Act, id: string): Promise<Handover> {
  const handover = await handoverById(act.tx, id, true)
  if (handover === null || !isWithin(act.reach, { place: handover.place })) throw notFound(id)
  matchVersionIfGiven(act, { version: versionOf(handover) })
  const { givenBy, givenAt, takenBy, takenAt } = handover
  if (isSamePost(givenBy, act.by)) throw refuse('ownHandover', `此班由 ${givenBy} 交出，须由他人接班`, `${givenBy} gave this shift; somebody else takes it over`)
  if (takenAt !== null) {
    throw refuse('stepOutOfOrder', `此班已由 ${takenBy} 于 ${instantOf(takenAt)} 接班`, `the shift was taken over by ${takenBy} at ${instantOf(takenAt)}`)
  }
  act.notBefore(givenAt)
  const taken = await takeHandover(act.tx, id, act)
  await act.journal({ action: 'handover.taken', kind: KIND, subject: id, details: { place: handover.place, givenBy } })
  return taken
}
