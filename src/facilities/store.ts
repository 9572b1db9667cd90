import { eq, sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import {
  allRecords, currentRecord, firstVersions, isOneOf, lockRecords, type Past, putRecord, type Recorded, type RecordKind, recordKind,
} from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { isKnown } from '../kernel/quantity.js'
import { recordVersion } from '../db/tables.js'
import type { Refusal } from '../kernel/refusal.js'
import { EVERYWHERE, type Grant, type HeldGrant } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { momentOf } from '../kernel/time.js'
import type { Book } from '../ledger/book.js'
import { booksOf, lockBook, movedLater, post, setHold } from '../ledger/store.js'
import { type BedReason, bedBook, COMING_AND_GOING, FREE_BEDS, heldOf, NAMED_BEDS, namedIn, peopleIn, reportedHeld } from './bedBook.js'
import type { Pool } from './beds.js'
import type { Block } from './blocks.js'
import type { Place, Team, Unit } from './places.js'
import { place, pool, reportingUnit, reserveBlock, team, travel, vehicle } from './tables.js'
import type { Travel, Vehicle } from './transport.js'

export const UNITS = recordKind<Unit>('units', reportingUnit)
export const PLACES = recordKind<Place>('places', place)
/** Beds are seen by whoever looks after their place. */
export const POOLS: RecordKind<Pool> = recordKind<Pool>('pools', pool, {
  within: ({ places }) => isOneOf(sql`r.body ->> 'place'`, places), asThen: withWhoWasToldLater,
})
export const BLOCKS = recordKind<Block>('blocks', reserveBlock)
export const TEAMS = recordKind<Team>('teams', team)
export const VEHICLES = recordKind<Vehicle>('vehicles', vehicle)
export const TRAVEL = recordKind<Travel>('travel', travel)

/** What the database's own guards of this room say when something would break them. */
export const FACILITY_GUARDS: Readonly<Record<string, Refusal>> = {
  place_unit_reporting_unit_id_fk: { code: 'unknownReference', text: text('没有这个报告单位（unit）', 'there is no such reporting unit (unit)') },
  reserve_block_place_place_id_fk: { code: 'unknownReference', text: text('没有这个场所（place）', 'there is no such place (place)') },
  pool_place_place_id_fk: { code: 'unknownReference', text: text('没有这个场所（place）', 'there is no such place (place)') },
  pool_block_at_place: { code: 'wrongReference', text: text('该场所没有这个分区（block）', 'that place has no such block (block)') },
  team_station_place_id_fk: { code: 'unknownReference', text: text('没有这个驻地（station）', 'there is no such station (station)') },
  reporting_unit_code_stands_once: { code: 'alreadyExists', text: text('另一报告单位已有此 GB/T 2260 代码', 'another reporting unit has this GB/T 2260 code') },
  travel_stands_once: { code: 'alreadyExists', text: text('另一行已写这段路程', 'another row states this journey already') },
  reserve_block_opens_in_order: { code: 'alreadyExists', text: text('该院另一分区已有此顺序号', 'another block of the place has this sequence') },
  stay_pool_at_place: { code: 'wrongReference', text: text('有人在此住过，床位不能换场所；请另立一组床位', 'somebody lies or has lain there: these beds keep their place; put down others') },
}

/** A pool, its book and both locked: pools first, in the order of their ids, then books in the same order. */
export interface LockedPool {
  readonly record: Recorded<Pool>
  readonly book: Book
  /** Of when the count of its people is; null: there is none. */
  readonly countedAt: Date | null
}

/** When the people of pools were counted. A count that came without a time is of when the pool first came. */
async function countsOf(tx: Tx, pools: readonly Recorded<Pool>[]): Promise<(id: string) => Date | null> {
  const said = new Map(pools.map(({ id, body }) => [id, body.asOf]))
  const unsaid = pools.filter(({ body }) => body.asOf === null && isKnown(body.occupied)).map(({ id }) => id)
  const first = await firstVersions(tx, POOLS, unsaid, null)
  return (id) => {
    const asOf = said.get(id) ?? null
    return asOf === null ? first.get(id)?.effectiveAt ?? null : momentOf(asOf)
  }
}

/**
 * Pools of a past moment with the people who had come or left by then though it was told later: the time of a version
 * does not go back behind the one before it, that of a movement is when it was.
 */
async function withWhoWasToldLater(tx: Tx, past: Past, pools: readonly Recorded<Pool>[]): Promise<ReadonlyMap<string, Pool>> {
  const counted = await countsOf(tx, pools)
  const later = await movedLater(tx, {
    account: NAMED_BEDS, reasons: COMING_AND_GOING, past,
    since: pools.map(({ id, version, recordedAt }) => ({ book: id, version, recordedAt, after: counted(id) })),
  })
  return new Map(pools.flatMap(({ id, body }) => {
    const more = later.get(id) ?? 0
    return more === 0 || !isKnown(body.occupied) ? [] : [[id, { ...body, occupied: Math.max(0, body.occupied + more) }]]
  }))
}

/**
 * How many more named people, cases and contacts, lie in a pool by who came and left after a moment. Stays are another
 * room's tables, named and not imported.
 */
export async function moreSince(tx: Tx, { id, body }: Recorded<Pool>, since: Date): Promise<number> {
  const at = since.toISOString()
  const [row] = await rowsOf<{ more: number }>(tx, sql`
    select (count(*) filter (where began_at > ${at}) - count(*) filter (where ended_at > ${at}))::int as more
    from (select place, pool, began_at, ended_at from stay union all select place, pool, began_at, ended_at from isolation_stay) as lying
    where place = ${body.place} and pool = ${id}`)
  return row?.more ?? 0
}

/** Every pool as its book has it: whoever is named there is in it, and what anybody has promised of it is held. */
export async function bookedPools(tx: Tx): Promise<Record<string, Pool>> {
  const pools = await allRecords(tx, POOLS, null)
  const books = await booksOf(tx, Object.keys(pools))
  return Object.fromEntries(Object.entries(pools).map(([id, pool]) => {
    const book = books.get(id) ?? {}
    const people = peopleIn({ figures: pool, named: namedIn(book) })
    return [id, { ...pool, occupied: people ?? pool.occupied, held: isKnown(pool.held) ? heldOf(book) : pool.held }]
  }))
}

export async function lockPools(act: Act, ids: readonly string[]): Promise<ReadonlyMap<string, LockedPool>> {
  const records = await lockRecords(act, POOLS, ids)
  const countedAt = await countsOf(act.tx, [...records.values()])
  const locked = new Map<string, LockedPool>()
  for (const [id, record] of records) locked.set(id, { record, book: await lockBook(act.tx, id), countedAt: countedAt(id) })
  return locked
}

/** The purpose of what a place has promised by itself. */
export const REPORTED = 'reported'

export interface BedChange {
  readonly id: string
  /** Null: the pool is new. */
  readonly before: LockedPool | null
  readonly after: Pool
  /** Named cases who lie there then. */
  readonly named: number
  readonly reason: BedReason
  readonly effectiveAt: Date
  /** Beds of promises that this fulfils. */
  readonly fulfilled?: number
}

/** Writes a pool's new state: its version, its book's movements, and what it has promised by itself. */
export async function keepPool(act: Act, { id, before, after, named, reason, effectiveAt, fulfilled = 0 }: BedChange): Promise<Recorded<Pool>> {
  const promised = reportedHeld(after)
  const promisedBefore = before === null ? 0 : reportedHeld(before.record.body)
  const held = heldOf(before?.book ?? {}) - promisedBefore + promised - fulfilled
  const record = await putRecord(act.tx, POOLS, { id, body: after, effectiveAt, before: before?.record ?? null }, act)
  const book = bedBook({ figures: after, named, held })
  const subject = `pools/${id}/${record.version}`
  await post(act.tx, { book: id, before: before?.book ?? {}, after: book, reason, subject, effectiveAt }, act)
  if (promised !== promisedBefore) {
    await setHold(act.tx, { book: id, account: FREE_BEDS, purpose: REPORTED, quantity: promised }, act.newId(), act)
  }
  return record
}

/** The places that grants reach, as the city is now. A unit takes in every place that lies in it. */
export async function heldGrants(tx: Tx, grants: readonly Grant[]): Promise<HeldGrant[]> {
  if (grants.every(({ scope }) => scope.kind === 'city')) return grants.map(({ role }) => ({ role, ...EVERYWHERE }))
  const scoped = (kind: Grant['scope']['kind']) => new Set(grants.flatMap(({ scope }) => (scope.kind === kind && scope.kind !== 'city' ? [scope.id] : [])))
  const all = await rowsOf<{ id: string; unit: string }>(tx, sql`
    select id, unit from ${place} where ${isOneOf(sql`unit`, scoped('unit'))} or ${isOneOf(sql`id`, scoped('place'))} order by id collate "C"`)
  return grants.map(({ role, scope }) => {
    if (scope.kind === 'city') return { role, ...EVERYWHERE }
    const reached = all.filter(({ id, unit }) => (scope.kind === 'unit' ? unit === scope.id : id === scope.id))
    const units = new Set(scope.kind === 'unit' ? [scope.id] : [])
    return {
      role, isCity: false, units, places: new Set(reached.map(({ id }) => id)), homes: new Set([...units, ...reached.map(({ unit }) => unit)]),
    }
  })
}

/** So many more beds of a locked pool are promised than before, or fewer; nobody comes or goes, and no figure changes. */
export async function changePromised(act: Act, { id, pool, more, subject }: { id: string; pool: LockedPool; more: number; subject: string }): Promise<void> {
  const after = bedBook({ figures: pool.record.body, named: namedIn(pool.book), held: heldOf(pool.book) + more })
  await post(act.tx, { book: id, before: pool.book, after, reason: 'promise' satisfies BedReason, subject, effectiveAt: act.at }, act)
}

/** The record of a place that exists, for whoever refers to it. */
export const placeOf = (tx: Tx, id: string): Promise<Recorded<Place> | null> => currentRecord(tx, PLACES, id)

/** Ids of the pools of a place, in the order in which they are locked. */
export async function poolsOf(tx: Tx, at: string): Promise<string[]> {
  const rows = await tx.select({ id: pool.id }).from(pool).where(eq(pool.place, at)).orderBy(pool.id)
  return rows.map(({ id }) => id)
}

/** When a pool was first counted in a span of time, who told it, and when. */
export interface FirstCount {
  readonly id: string
  readonly countedAt: Date
  readonly recordedAt: Date
  readonly recordedBy: string
}

/**
 * The first count of each pool that speaks for a moment after `from` and until `to`, as far as it was told. Only counts change `asOf` of a
 * pool, so the first version that bears one is the count itself.
 */
export async function firstCounts(tx: Tx, { from, to, knownAt }: { from: Date; to: Date; knownAt: Date }): Promise<FirstCount[]> {
  const rows = await rowsOf<{ id: string; counted: number; recorded: number; by: string }>(tx, sql`
    select distinct on (id) id, (extract(epoch from (body ->> 'asOf')::timestamptz) * 1000)::float8 as counted,
      (extract(epoch from recorded_at) * 1000)::float8 as recorded, recorded_by as by
    from ${recordVersion}
    where kind = ${POOLS.kind} and effective_at > ${from.toISOString()} and recorded_at <= ${knownAt.toISOString()}
      and (body ->> 'asOf')::timestamptz > ${from.toISOString()} and (body ->> 'asOf')::timestamptz <= ${to.toISOString()}
    order by id, version`)
  return rows.map(({ id, counted, recorded, by }) => ({ id, countedAt: new Date(counted), recordedAt: new Date(recorded), recordedBy: by }))
}
