import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Case } from '../cases/cases.js'
import { careCase } from '../cases/tables.js'
import type { Tx } from '../db/database.js'
import type { Span } from '../db/history.js'
import { lyingAtColumns } from '../db/lying.js'
import { isAmong, type Past } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import type { Recording } from '../kernel/clock.js'
import { invariant } from '../kernel/invariant.js'
import type { Refusal } from '../kernel/refusal.js'
import type { Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import type { Bed, Ending } from './stays.js'
import type { isolationStay } from './tables.js'
import { stay } from './tables.js'

export type Stay = typeof stay.$inferSelect

export const STAY_GUARDS: Readonly<Record<string, Refusal>> = {
  stay_never_overlaps: { code: 'alreadyInCare', text: text('此人这段时间已在别处', 'the person had another place at that time') },
  stay_case_id_care_case_id_fk: { code: 'unknownReference', text: text('没有这个病例（case）', 'there is no such case (case)') },
  stay_place_place_id_fk: { code: 'unknownReference', text: text('没有这个场所（place）', 'there is no such place (place)') },
}

export async function openStayOf(tx: Tx, caseId: string): Promise<Stay | null> {
  const [found] = await tx.select().from(stay).where(and(eq(stay.caseId, caseId), isNull(stay.endedAt)))
  return found ?? null
}

/** The last stay of a case that has ended. */
export async function lastEndedStayOf(tx: Tx, caseId: string): Promise<Stay | null> {
  const [found] = await tx.select().from(stay).where(and(eq(stay.caseId, caseId), isNotNull(stay.endedAt)))
    .orderBy(desc(stay.endedAt)).limit(1)
  return found ?? null
}

export const STAYS_LIE = lyingAtColumns(stay, ['place'])

export async function stayById(tx: Tx, id: string): Promise<Stay | null> {
  const [found] = await tx.select().from(stay).where(eq(stay.id, id))
  return found ?? null
}

export interface NewStay extends Bed {
  readonly id: string
  readonly caseId: string
  readonly beganAt: Date
}

/** Each is held against the others of its case: of nine thousand at once a busy server came to the end of a statement's time. */
const BEGUN_TOGETHER = 1000

export async function beginStays(tx: Tx, stays: readonly NewStay[], { at, by }: Recording): Promise<void> {
  for (let first = 0; first < stays.length; first += BEGUN_TOGETHER) {
    const some = JSON.stringify(stays.slice(first, first + BEGUN_TOGETHER))
    await tx.execute(sql`insert into ${stay} (id, case_id, place, pool, began_at, version, began_recorded_at, began_recorded_by)
      select r.id, r."caseId", r.place, r.pool, r."beganAt", 1, ${at.toISOString()}::timestamptz, ${by}
      from jsonb_to_recordset(${some}::jsonb) as r(id text, "caseId" text, place text, pool text, "beganAt" timestamptz)`)
  }
}

export async function beginStay(tx: Tx, stay: NewStay, recording: Recording): Promise<Stay> {
  await beginStays(tx, [stay], recording)
  const begun = await stayById(tx, stay.id)
  invariant(begun !== null, 'what was inserted is there')
  return begun
}

/** Ends a stay that is open; null when somebody else has ended it. */
export async function endStay(tx: Tx, { id, version }: Stay, { endedAt, ending }: { endedAt: Date; ending: Ending }, { at, by }: Recording): Promise<Stay | null> {
  const [ended] = await tx.update(stay)
    .set({ version: version + 1, endedAt, ending, endedRecordedAt: at, endedRecordedBy: by })
    .where(and(eq(stay.id, id), eq(stay.version, version), isNull(stay.endedAt))).returning()
  return ended ?? null
}

export interface StayAsk {
  readonly caseId: string | undefined
  readonly place: string | undefined
  readonly pool: string | undefined
  readonly open: boolean | undefined
  readonly past: Past | null
  readonly reach: Reach
  readonly after: string | null
  readonly descending: boolean
  readonly limit: number
}

/** A stay as it was: what was recorded by then, and not ended then as far as was known. */
function openAt({ asOf, knownAt }: Past): SQL | undefined {
  return and(
    lte(stay.beganAt, asOf), lte(stay.beganRecordedAt, knownAt),
    or(isNull(stay.endedAt), gt(stay.endedAt, asOf), gt(stay.endedRecordedAt, knownAt)),
  )
}

const openNow = (open: boolean | undefined): SQL | undefined =>
  open === undefined ? undefined : open ? isNull(stay.endedAt) : isNotNull(stay.endedAt)

/** Of a past moment only those that were open then, so that none of them has ended. */
export async function listStays(tx: Tx, ask: StayAsk): Promise<Stay[]> {
  const { caseId, place, pool, open, past, reach, after, descending, limit } = ask
  const wanted = [
    reach.isCity ? undefined : inArray(stay.place, [...reach.places]),
    caseId === undefined ? undefined : eq(stay.caseId, caseId),
    place === undefined ? undefined : eq(stay.place, place),
    pool === undefined ? undefined : eq(stay.pool, pool),
    past === null ? openNow(open) : and(openAt(past), open === false ? sql`false` : undefined),
    after === null ? undefined : descending ? lt(stay.id, after) : gt(stay.id, after),
  ]
  return tx.select().from(stay).where(and(...wanted)).orderBy(descending ? desc(stay.id) : asc(stay.id)).limit(limit)
}

/** Where everyone lies, by case; each person once. */
export async function bedsOfCases(tx: Tx, past: Past): Promise<ReadonlyMap<string, Bed>> {
  const rows = await tx.select({ caseId: stay.caseId, place: stay.place, pool: stay.pool }).from(stay).where(openAt(past))
  return new Map(rows.map(({ caseId, place, pool }) => [caseId, { place, pool }]))
}

/** Where each of some people lies, and since when; place null: they have left, then. Who never had a place is left out. */
export async function whereabouts(tx: Tx, cases: readonly string[]): Promise<ReadonlyMap<string, { place: string | null; since: Date }>> {
  if (cases.length === 0) return new Map()
  const rows = await tx.selectDistinctOn([stay.caseId], { id: stay.caseId, place: stay.place, beganAt: stay.beganAt, endedAt: stay.endedAt })
    .from(stay).where(isAmong(sql`${stay.caseId}`, cases)).orderBy(stay.caseId, sql`${stay.endedAt} desc nulls first`)
  return new Map(rows.map(({ id, place, beganAt, endedAt }) => [id, endedAt === null ? { place, since: beganAt } : { place: null, since: endedAt }]))
}

/** Everyone who has a place now, with it. */
export async function casesInCare(tx: Tx): Promise<ReadonlyMap<string, Case>> {
  const rows = await tx.select({ id: careCase.id, person: careCase.body, place: stay.place, pool: stay.pool })
    .from(stay).innerJoin(careCase, eq(careCase.id, stay.caseId)).where(isNull(stay.endedAt))
  return new Map(rows.map(({ id, person, place, pool }) => [id, { ...person, place, pool }]))
}

/** One stay as far as a span of time knows of it: an end that was told later is none. */
export interface During<E> {
  /** The case, or the contact. */
  readonly person: string
  readonly place: string
  readonly pool: string | null
  readonly beganAt: Date
  readonly beganRecordedAt: Date
  readonly beganRecordedBy: string
  readonly endedAt: Date | null
  readonly ending: E | null
}

/** Every stay of a table that goes on at some moment of a span, its two ends among them. */
export async function spentDuring<E>(tx: Tx, of: { table: typeof stay | typeof isolationStay; person: SQL }, { from, to, knownAt }: Span): Promise<During<E>[]> {
  const known = knownAt.toISOString()
  const ended = sql`ended_at is not null and ended_recorded_at <= ${known}`
  const rows = await rowsOf<{ person: string; place: string; pool: string | null; began: number; recorded: number; by: string; ended: number | null; ending: E | null }>(tx, sql`
    select ${of.person} as person, place, pool, (extract(epoch from began_at) * 1000)::float8 as began,
      (extract(epoch from began_recorded_at) * 1000)::float8 as recorded, began_recorded_by as by,
      case when ${ended} then (extract(epoch from ended_at) * 1000)::float8 end as ended, case when ${ended} then ending end as ending
    from ${of.table} where ${spanOf} && tstzrange(${from.toISOString()}, ${to.toISOString()}, '[]') and began_recorded_at <= ${known}
      and not (${ended} and ended_at < ${from.toISOString()})
    order by began_at, id collate "C"`)
  return rows.map(({ began, recorded, by, ended: end, ...row }) =>
    ({ ...row, beganAt: new Date(began), beganRecordedAt: new Date(recorded), beganRecordedBy: by, endedAt: end === null ? null : new Date(end) }))
}

/** As the index has it. Whoever knew less took a stay to go on until its end was told. */
const spanOf = sql`tstzrange(began_at, greatest(ended_at, ended_recorded_at), '[]')`

/** How many stays somebody began at one moment of telling, as an import does. */
export async function countBegunIn(tx: Tx, { at, by }: Recording): Promise<number> {
  const [row] = await tx.select({ stays: count() }).from(stay).where(and(eq(stay.beganRecordedAt, at), eq(stay.beganRecordedBy, by)))
  return row?.stays ?? 0
}

export const staysDuring = (tx: Tx, span: Span): Promise<During<Ending>[]> => spentDuring(tx, { table: stay, person: sql`case_id` }, span)
