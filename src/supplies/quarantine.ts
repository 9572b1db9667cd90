import { z } from 'zod'
import { type Act, matchVersionIfGiven } from '../db/act.js'
import { currentRecord, putRecord, type Recorded } from '../db/records.js'
import { stillAssumed } from '../kernel/provenance.js'
import { notFound, refuse, type Refused } from '../kernel/refusal.js'
import { isWithin, type Reach } from '../kernel/roles.js'
import { instantOf, instantSchema } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import type { Book } from '../ledger/book.js'
import { QUARANTINED, quarantinedSince } from './quarantineStore.js'
import { type LotRecord, lotRecordSchema } from './stock.js'
import { placeIn } from './stockBook.js'
import { lockItems, lockLots, LOTS, lotsOfNumber } from './store.js'

const FIELDS = Object.keys(lotRecordSchema.shape)

export const quarantineSchema = z.strictObject({
  /** What is wrong with it. */
  reason: z.string().min(1).max(400),
  /** When it was locked away; now when left out. */
  at: instantSchema.optional(),
})
export type Quarantine = z.infer<typeof quarantineSchema>

/**
 * A bad lot is bad everywhere: whoever finds it where they keep stock locks it away (封存) for the whole city and asks nobody
 * first; only the city lifts that. What came in elsewhere under the same number and expiry is the same lot, and locked away
 * with it. Refuses: notFound, changedMeanwhile, stepOutOfOrder, wrongTime.
 */
export async function quarantine(act: Act, id: string, { reason, at }: Quarantine): Promise<Recorded<LotRecord>> {
  const asked = await currentRecord(act.tx, LOTS, id)
  if (asked === null) throw notFound(id)
  // Nothing of that number comes in meanwhile.
  await lockItems(act, [asked.body.item])
  const alike = await lotsOfNumber(act.tx, asked.body)
  const locked = await lockLots(act, [...new Set([id, ...alike])])
  const found = locked.get(id)
  if (found === undefined || !liesWithin(act.reach, found.book)) throw notFound(id)
  const { record: before } = found
  matchVersionIfGiven(act, before)
  if (before.body.quarantined) throw await isLockedAway(act, id)
  const effectiveAt = whenOf(at, act.at, before.effectiveAt)
  if (effectiveAt < before.effectiveAt) {
    const since = instantOf(before.effectiveAt)
    throw refuse('wrongTime', `不能早于此批现状的时间（${since}）；不填 at 即现在`, `it cannot be earlier than what stands of the lot (${since}); leave at out for now`)
  }
  for (const [lot, { record }] of locked) {
    if (lot !== id && !record.body.quarantined) await lockAway(act, record, { reason, effectiveAt: record.effectiveAt > effectiveAt ? record.effectiveAt : effectiveAt })
  }
  return lockAway(act, before, { reason, effectiveAt })
}

async function lockAway(act: Act, before: Recorded<LotRecord>, { reason, effectiveAt }: { reason: string; effectiveAt: Date }): Promise<Recorded<LotRecord>> {
  const { id, body: { asOf, assumed } } = before
  const body: LotRecord = {
    ...before.body, quarantined: true, assumed: stillAssumed(assumed, { said: { quarantined: true }, fields: FIELDS }), asOf: asOf === null ? null : instantOf(effectiveAt),
  }
  const record = await putRecord(act.tx, LOTS, { id, body, effectiveAt, before }, act)
  await act.journal({ action: QUARANTINED, kind: LOTS.kind, subject: id, details: { version: record.version, reason, at: instantOf(effectiveAt), before: before.body, after: body } })
  return record
}

/** Whether any of it lies at a place that somebody looks after; what nobody has counted there may. */
const liesWithin = (reach: Reach, book: Book): boolean => reach.isCity || Object.entries(book).some(([name, { balance, counted }]) =>
  placeIn(name) !== null && (balance > 0 || !counted) && isWithin(reach, { place: placeIn(name) }))

async function isLockedAway({ tx }: Act, id: string): Promise<Refused> {
  const { at, by, reason } = (await quarantinedSince(tx, [id])).get(id) ?? { at: new Date(0), by: '', reason: null }
  return refuse('stepOutOfOrder', `此批已由 ${by} 于 ${instantOf(at)} 封存（${reason ?? '未写事由'}）；解除由市级办理`,
    `the lot is in quarantine since ${instantOf(at)}, by ${by} (${reason ?? 'no reason was given'}); the city lifts that`)
}

