import type { Recorded } from '../db/records.js'
import { type Act, goingOn, matchVersion, matchVersionIfGiven, mustReach } from '../db/act.js'
import { whenOf } from '../kernel/when.js'
import { type Figure, isKnown } from '../kernel/quantity.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { type Detail, notFound, type Refusal, refuse, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { stillAssumed } from '../kernel/provenance.js'
import { isWithin } from '../kernel/roles.js'
import { instantOf } from '../kernel/time.js'
import { heldOf, namedIn, NOT_COUNTED, reportedHeld, withReport } from './bedBook.js'
import { type BedReport, type PlaceReport, type Pool, type PoolDefinition, poolSchema, sourceOfReport } from './beds.js'
import { type Remark, remarksOn } from './reportRemarks.js'
import { keepPool, lockPools, moreSince, placeOf, poolsOf, POOLS } from './store.js'

const FIELDS = Object.keys(poolSchema.shape)

/** Puts down what a pool is. Its figures stay as they are; a new pool has none. Refuses: forbidden, alreadyExists, versionMissing, changedMeanwhile. */
export async function definePool(act: Act, id: string, definition: PoolDefinition): Promise<{ record: Recorded<Pool>; isNew: boolean }> {
  mustReach(act, { place: definition.place })
  const before = (await lockPools(act, [id])).get(id) ?? null
  if (before !== null && !isWithin(act.reach, { place: before.record.body.place })) {
    throw refuse('alreadyExists', `${id} 已是另一场所的床位；请换一个编号`, `${id} is a pool of another place; take another id`)
  }
  matchVersion(act, before?.record ?? null)
  const { physical, staffed, occupied, held, asOf } = before?.record.body ?? { ...NOT_COUNTED, asOf: null }
  // `asOf` of a pool is that of its last count, whatever else is put down.
  const after = { ...definition, physical, staffed, occupied, held, asOf }
  const effectiveAt = whenOf(definition.asOf, act.at)
  const record = await keepPool(act, { id, before, after, named: namedIn(before?.book ?? {}), reason: 'count', effectiveAt })
  await act.journal({ action: 'put', kind: POOLS.kind, subject: id, details: { version: record.version, before: before?.record.body ?? null, after } })
  return { record, isNew: before === null }
}

/** A count that was taken, and what of it should be looked at again. */
export interface Reported {
  readonly record: Recorded<Pool>
  readonly remarks: readonly Remark[]
}

/** Takes a count. Refuses: notFound, changedMeanwhile, wrongTime, wrongFigure, figureIsOlder. */
export async function reportBeds(act: Act, id: string, report: BedReport): Promise<Reported> {
  const before = (await lockPools(act, [id])).get(id)
  if (before === undefined || !isWithin(act.reach, { place: before.record.body.place })) throw notFound(id)
  matchVersionIfGiven(act, before.record)
  const { body } = before.record
  const { countedAt: last } = before
  const countedAt = whenOf(report.asOf, act.at, last)
  if (last !== null && last > countedAt) {
    throw refuse('figureIsOlder',
      `已有 ${instantOf(last)} 的数字，不能再报 ${instantOf(countedAt)} 的`,
      `there is a figure of ${instantOf(last)} already; one of ${instantOf(countedAt)} comes too late`)
  }
  const after = {
    ...withReport(body, { ...report, occupied: await occupiedNow(act, before.record, { report, countedAt }) }),
    assumed: stillAssumed(body.assumed, { said: report, fields: FIELDS }),
    source: sourceOfReport(report, act.by),
    asOf: instantOf(countedAt),
  }
  checkStaffed(after)
  const named = namedIn(before.book)
  const record = await keepPool(act, { id, before, after, named, reason: 'count', effectiveAt: countedAt })
  const { physical, staffed, occupied, held } = body
  await act.journal({
    action: 'beds.reported', kind: POOLS.kind, subject: id,
    details: { version: record.version, report, before: { physical, staffed, occupied, held }, named },
  })
  const promised = heldOf(before.book) - reportedHeld(body) + reportedHeld(after)
  // What was told, and not what it comes to with who came since, is what the place can look at again.
  return { record, remarks: remarksOn({ figures: { ...after, occupied: report.occupied }, named, held: promised }) }
}

/** More beds staffed than stand there are a slip of the pen, and would be given away. */
function checkStaffed({ physical, staffed }: Pick<Pool, 'physical' | 'staffed'>): void {
  if (!isKnown(physical) || !isKnown(staffed) || staffed <= physical) return
  throw refuse('wrongFigure',
    `开放 ${staffed} 张多于实有 ${physical} 张；如已加床，请一并报实有床位数（physical）`,
    `${staffed} staffed beds are more than the ${physical} that stand there; where beds were added, report physical as well`)
}

/**
 * Takes a count of every pool of a place, all of them or none. A pool left out would carry its old figure on in silence,
 * so each is named, with `unknown` where nobody knows. Refuses: notFound, and what is wrong with each pool at its place.
 */
export async function reportPlace(act: Act, place: string, { pools, ...told }: PlaceReport): Promise<Reported[]> {
  if (!isWithin(act.reach, { place }) || await placeOf(act.tx, place) === null) throw notFound(place)
  const there = await poolsOf(act.tx, place)
  const named = Object.keys(pools)
  checkPools(place, [
    ...there.filter((id) => !named.includes(id)).map((id) => at(id, '缺这一组；不知道的填 unknown', 'this pool is missing; where nobody knows say unknown')),
    ...named.filter((id) => !there.includes(id)).map((id) => at(id, `${place} 没有这组床位`, `${place} has no such pool`)),
  ])
  await lockPools(act, there)
  const reported: Reported[] = []
  const refusals: { id: string; refusal: Refusal }[] = []
  for (const id of [...there].sort(byCodeUnits)) {
    const counted = pools[id]
    if (counted === undefined) continue
    try {
      reported.push(await reportBeds(goingOn(act), id, { ...counted, ...told }))
    } catch (error) {
      // A refusal is a decision, taken before anything of the pool was written; the whole is given up below.
      if (!(error instanceof Refused)) throw error
      refusals.push({ id, refusal: error.refusal })
    }
  }
  const [first] = refusals
  if (first === undefined) return reported
  throw new Refused({
    code: first.refusal.code, text: text(`${first.id}：${first.refusal.text.zh}`, `${first.id}: ${first.refusal.text.en}`),
    details: refusals.map(({ id, refusal }) => at(id, refusal.text.zh, refusal.text.en)),
  })
}

const at = (id: string, zh: string, en: string): Detail =>
  ({ pointer: `/pools/${id.replaceAll('~', '~0').replaceAll('/', '~1')}`, want: text(zh, en) })

function checkPools(place: string, details: readonly Detail[]): void {
  if (details.length === 0) return
  throw new Refused({ code: 'wrongReference', text: text(`请报 ${place} 的每一组床位，且只报这些`, `report every pool of ${place}, and no other`), details })
}

/** Who came or left after a count is not part of it, however late the count is told. */
async function occupiedNow(
  { tx }: Act, pool: Recorded<Pool>, { report: { occupied }, countedAt }: { report: BedReport; countedAt: Date },
): Promise<Figure> {
  return isKnown(occupied) ? Math.max(0, occupied + await moreSince(tx, pool, countedAt)) : occupied
}
