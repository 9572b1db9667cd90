import type { Person } from '../cases/cases.js'
import { fulfilRequest, mustLive, onTheRoad } from '../cases/commands.js'
import { standingOrderOf } from '../cases/standingStore.js'
import { CASES } from '../cases/store.js'
import { isSeen, lockRecord, type Recorded } from '../db/records.js'
import { lockPools, type LockedPool, placeOf } from '../facilities/store.js'
import { type Act, matchVersionIfGiven, mustReach } from '../db/act.js'
import { whenOf } from '../kernel/when.js'
import { invariant } from '../kernel/invariant.js'
import { notFound, refuse, type Refused } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { instantOf } from '../kernel/time.js'
import { comeIn, goOut } from './occupancy.js'
import type { Bed, Ending } from './stays.js'
import { beginStay, endStay, lastEndedStayOf, openStayOf, type Stay, stayById } from './store.js'

/** When it happened; undefined: now. */
type When = string | undefined

/** Brings a person who has no place to one. Refuses: forbidden, notInCare, stepOutOfOrder, alreadyInCare, unknownReference, wrongReference, wrongTime, noFreeBed. */
export async function admit(act: Act, caseId: string, bed: Bed, when: When): Promise<Stay> {
  mustReach(act, { place: bed.place })
  await lockPerson(act, caseId)
  if (!await isSeen(act.tx, CASES, caseId, act.reach)) throw noSuchCase(caseId)
  await mustLive(act, caseId)
  await checkNotOnTheRoad(act, caseId)
  const open = await openStayOf(act.tx, caseId)
  if (open !== null) {
    const [where, by, since] = [open.pool ?? open.place, open.beganRecordedBy, instantOf(open.beganAt)]
    throw refuse('alreadyInCare', `${caseId} 自 ${since} 起已在 ${where}（${by} 登记）；请用转移`, `${caseId} lies at ${where} since ${since}, as put down by ${by}; move them instead`)
  }
  const lastStay = await lastEndedStayOf(act.tx, caseId)
  if (lastStay?.endedRecordedAt != null) act.notBefore(lastStay.endedRecordedAt)
  const last = lastStay?.endedAt ?? null
  const beganAt = whenOf(when, act.at, last)
  if (last !== null) checkNotBefore(beganAt, last)
  const pools = await lockBeds(act, [bed])
  await checkBed(act, bed, pools)
  await throughPool(act, bed, pools, comeIn, beganAt)
  const stay = await beginStay(act.tx, { id: act.newId(), caseId, ...bed, beganAt }, act)
  await act.journal({ action: 'admitted', kind: 'stays', subject: stay.id, details: { case: caseId, ...bed, at: instantOf(beganAt) } })
  return stay
}

/**
 * Ends a stay and begins the next, in one step. Refuses as `admit` does, and notInCare. Whoever comes into a bed that was
 * promised for `order` is taken in, and the promise is fulfilled; nobody else moves who is on the road by it.
 */
export async function move(act: Act, stayId: string, bed: Bed, when: When, order: string | null = null): Promise<Stay> {
  const { stay, person } = await lockedStay(act, stayId)
  await checkNotOnTheRoad(act, stay.caseId, order)
  mustReach(act, { place: bed.place })
  const movedAt = whenOf(when, act.at, stay.beganAt)
  checkNotBefore(movedAt, stay.beganAt)
  const pools = await lockBeds(act, [stay, bed])
  await checkBed(act, bed, pools)
  // Who changes nothing but the record of it neither leaves nor comes.
  if (bed.pool !== stay.pool) {
    await throughPool(act, stay, pools, goOut, movedAt)
    await throughPool(act, bed, pools, (...to) => comeIn(...to, order), movedAt)
  }
  await closeStay(act, stay, movedAt, 'moved')
  const next = await beginStay(act.tx, { id: act.newId(), caseId: stay.caseId, ...bed, beganAt: movedAt }, act)
  const from = { stay: stay.id, place: stay.place, pool: stay.pool }
  await act.journal({ action: 'moved', kind: 'stays', subject: next.id, details: { case: stay.caseId, from, ...bed, at: instantOf(movedAt) } })
  // Whoever looks after the place that they left hears of that; the stay that goes on is no longer theirs to see.
  if (bed.place !== stay.place) await act.journal({ action: 'movedAway', kind: 'stays', subject: stay.id, details: { case: stay.caseId, to: bed.place } })
  if (order !== null || bed.place !== stay.place) await fulfilRequest(act, person, movedAt)
  return next
}

/** Discharge, death, or leaving for elsewhere; of who is on the road by an order, only with `order`. Refuses: notInCare, stepOutOfOrder, wrongTime. */
export async function end(act: Act, stayId: string, ending: Ending, when: When, order: string | null = null): Promise<Stay> {
  const { stay, person } = await lockedStay(act, stayId)
  await checkNotOnTheRoad(act, stay.caseId, order)
  const endedAt = whenOf(when, act.at, stay.beganAt)
  checkNotBefore(endedAt, stay.beganAt)
  await throughPool(act, stay, await lockBeds(act, [stay]), goOut, endedAt)
  const ended = await closeStay(act, stay, endedAt, ending)
  await act.journal({ action: ending, kind: 'stays', subject: stay.id, details: { case: stay.caseId, place: stay.place, pool: stay.pool, at: instantOf(endedAt) } })
  await fulfilRequest(act, person, endedAt)
  return ended
}

/** Whoever else wants to place this person waits until this is over. */
async function lockPerson(act: Act, caseId: string): Promise<Recorded<Person>> {
  const person = await lockRecord(act, CASES, caseId)
  if (person === null) throw noSuchCase(caseId)
  return person
}

/** Where somebody is whose vehicle has left, its order says: `own`, where that is what is carried out. The person is locked, so that none leaves meanwhile. */
async function checkNotOnTheRoad(act: Act, caseId: string, own: string | null = null): Promise<void> {
  const order = await standingOrderOf(act.tx, caseId, act.at)
  if (order?.isOut === true && order.id !== own) throw onTheRoad(caseId, order)
}

const noSuchCase = (caseId: string): Refused =>
  refuse('unknownReference', `没有病例 ${caseId}`, `there is no case ${caseId}`)

/** The open stay of this id, its person locked, in the version that the asker saw where they said which. */
async function lockedStay(act: Act, id: string): Promise<{ stay: Stay; person: Recorded<Person> }> {
  const seen = await stayById(act.tx, id)
  if (seen === null || !isWithin(act.reach, { place: seen.place })) throw notFound(id)
  const person = await lockPerson(act, seen.caseId)
  const stay = await stayById(act.tx, id)
  invariant(stay !== null, 'a stay is never deleted')
  if (stay.endedAt !== null) {
    const [ended, by] = [instantOf(stay.endedAt), stay.endedRecordedBy ?? '']
    throw refuse('notInCare', `此次住院已于 ${ended} 结束（${by} 登记）`, `the stay ended at ${ended}, as put down by ${by}`)
  }
  matchVersionIfGiven(act, stay)
  act.notBefore(stay.beganRecordedAt)
  return { stay, person }
}

export type LockedPools = ReadonlyMap<string, LockedPool>

export const lockBeds = (act: Act, beds: readonly Bed[]): Promise<LockedPools> =>
  lockPools(act, beds.flatMap(({ pool }) => (pool === null ? [] : [pool])))

/**
 * The place exists and the pool, where one is named, is of that place. Of a pool at a place out of reach nobody learns that
 * it exists, or where.
 */
export async function checkBed({ tx, reach }: Act, { place, pool }: Bed, pools: LockedPools): Promise<void> {
  if (await placeOf(tx, place) === null) throw refuse('unknownReference', `没有场所 ${place}`, `there is no place ${place}`)
  if (pool === null) return
  const itsPlace = pools.get(pool)?.record.body.place
  if (itsPlace === place) return
  if (itsPlace === undefined || !isWithin(reach, { place: itsPlace })) throw refuse('unknownReference', `没有床位 ${pool}`, `there is no pool ${pool}`)
  throw refuse('wrongReference', `床位 ${pool} 在 ${itsPlace}，不在 ${place}`, `pool ${pool} is at ${itsPlace}, not at ${place}`)
}

/** Somebody comes into or leaves the pool of a bed; where only the place is known no figures change. */
export async function throughPool(act: Act, { pool: id }: Bed, pools: LockedPools, through: typeof goOut, at: Date): Promise<void> {
  const pool = id === null ? undefined : pools.get(id)
  if (id !== null && pool !== undefined) await through(act, id, pool, at)
}

export function checkNotBefore(moment: Date, earliest: Date): void {
  if (moment >= earliest) return
  throw refuse('wrongTime', `不能早于 ${instantOf(earliest)}`, `it cannot be earlier than ${instantOf(earliest)}`)
}

async function closeStay(act: Act, stay: Stay, endedAt: Date, ending: Ending): Promise<Stay> {
  const ended = await endStay(act.tx, stay, { endedAt, ending }, act)
  invariant(ended !== null, 'an open stay whose person is locked ends once')
  return ended
}
