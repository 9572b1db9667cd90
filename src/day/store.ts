import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Status } from '../cases/cases.js'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import type { Span } from '../db/history.js'
import { lyingAtColumns } from '../db/lying.js'
import { rowsOf } from '../db/rows.js'
import { journal } from '../db/tables.js'
import { invariant } from '../kernel/invariant.js'
import type { Refusal } from '../kernel/refusal.js'
import type { Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { momentOf } from '../kernel/time.js'
import type { CutOff } from './cutOff.js'
import { dailyReport, shiftHandover } from './tables.js'

export type DailyReport = typeof dailyReport.$inferSelect
export type Handover = typeof shiftHandover.$inferSelect

export const DAY_GUARDS: Readonly<Record<string, Refusal>> = {
  shift_handover_place_place_id_fk: { code: 'unknownReference', text: text('没有这个场所（place）', 'there is no such place (place)') },
}

export const HANDOVERS_LIE = lyingAtColumns(shiftHandover, ['place'])

/** When an import filled the store, who did it, and how many cases it says to have brought. */
export interface Import {
  readonly at: Date
  readonly by: string
  readonly cases: number
}

export async function importsUntil(tx: Tx, knownAt: Date): Promise<Import[]> {
  const rows = await tx.select({ at: journal.at, by: journal.actor, details: journal.details }).from(journal)
    .where(and(eq(journal.kind, 'scenario'), eq(journal.action, 'scenario.imported'), lte(journal.at, knownAt))).orderBy(journal.seq)
  return rows.map(({ at, by, details }) => ({ at, by, cases: (details as { cases: number }).cases }))
}

/** One line of the journal about somebody, as much of it as a day is held against. */
export interface Told {
  readonly kind: 'stays' | 'cases' | 'contacts'
  readonly action: string
  /** The case or the contact. */
  readonly person: string
  /** When it happened, where the line says so. */
  readonly at: Date | null
  /** The version of a case that it tells of; null: it is about something else. */
  readonly version: number | null
  readonly was: Status | null
  readonly is: Status | null
}

/** Lines about people that were written after a day began: nothing is written before it happens, so all of the day's are there. */
export async function toldDuring(tx: Tx, { from, knownAt }: Span): Promise<Told[]> {
  const rows = await rowsOf<Omit<Told, 'at'> & { at: string | null }>(tx, sql`
    select kind, action, case kind when 'stays' then details ->> 'case' else subject end as person, details ->> 'at' as at,
      case kind when 'cases' then (details ->> 'version')::int end as version, details #>> '{before,status}' as was, details #>> '{after,status}' as "is"
    from ${journal} where at > ${from.toISOString()} and at <= ${knownAt.toISOString()} and kind in ('stays', 'cases', 'contacts') order by seq`)
  return rows.map(({ at, ...row }) => ({ ...row, at: at === null ? null : momentOf(at) }))
}

/** Any number: whoever asks for it numbers daily reports, and nothing else asks for one. */
const REPORTS = 442_021

/** Nobody else freezes a report before this act's transaction ends, so that numbers are given once. */
export async function lockReports({ tx, notBefore, at }: Pick<Act, 'tx' | 'notBefore' | 'at'>): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${REPORTS}::bigint)`)
  notBefore(at)
}

/** The last number given out in a year; nought when there is none. */
export async function lastReportNumber(tx: Tx, year: string): Promise<number> {
  const [last] = await tx.select({ number: dailyReport.number }).from(dailyReport).where(eq(dailyReport.year, year)).orderBy(desc(dailyReport.number)).limit(1)
  return last?.number ?? 0
}

export async function insertReport(tx: Tx, report: typeof dailyReport.$inferInsert): Promise<DailyReport> {
  const [inserted] = await tx.insert(dailyReport).values(report).returning()
  invariant(inserted !== undefined, 'an insert returns its row')
  return inserted
}

export async function reportById(tx: Tx, id: string): Promise<DailyReport | null> {
  const [found] = await tx.select().from(dailyReport).where(eq(dailyReport.id, id))
  return found ?? null
}

/** A report as a list shows it: of what is frozen only the city's figures. */
export interface ShortReport extends Pick<DailyReport, 'id' | 'number' | 'year' | 'day' | 'cutOff' | 'frozenAt' | 'signatory' | 'contentHash'> {
  /** Where the list goes on. */
  readonly key: string
  readonly city: unknown
}

export interface ReportsAsk {
  readonly cutOff: CutOff | undefined
  /** Days, both among them. */
  readonly from: string | undefined
  readonly until: string | undefined
  readonly after: string | null
  readonly descending: boolean
  readonly limit: number
}

/** Reports by day and cut-off; noon of a day sorts before its midnight. */
export async function listReports(tx: Tx, { cutOff, from, until, after, descending, limit }: ReportsAsk): Promise<ShortReport[]> {
  // In letters `midnight` is before `noon`.
  const key = sql<string>`(${dailyReport.day} || case ${dailyReport.cutOff} when 'noon' then ' 12' else ' 24' end)`
  return tx.select({
    id: dailyReport.id, number: dailyReport.number, year: dailyReport.year, day: dailyReport.day, cutOff: dailyReport.cutOff, key,
    frozenAt: dailyReport.frozenAt, signatory: dailyReport.signatory, contentHash: dailyReport.contentHash,
    city: sql<unknown>`(${dailyReport.content}::jsonb) -> 'city'`,
  }).from(dailyReport).where(and(
      cutOff === undefined ? undefined : eq(dailyReport.cutOff, cutOff),
      from === undefined ? undefined : gte(dailyReport.day, from),
      until === undefined ? undefined : lte(dailyReport.day, until),
      after === null ? undefined : descending ? lt(key, after) : gt(key, after),
    )).orderBy(descending ? desc(key) : asc(key)).limit(limit)
}

export async function insertHandover(tx: Tx, handover: typeof shiftHandover.$inferInsert): Promise<Handover> {
  const [inserted] = await tx.insert(shiftHandover).values(handover).returning()
  invariant(inserted !== undefined, 'an insert returns its row')
  return inserted
}

export async function handoverById(tx: Tx, id: string, lock = false): Promise<Handover | null> {
  const query = tx.select().from(shiftHandover).where(eq(shiftHandover.id, id))
  const [found] = await (lock ? query.for('update') : query)
  return found ?? null
}

/** Writes down who takes over a locked handover. */
export async function takeHandover(tx: Tx, id: string, taken: { at: Date; by: string }): Promise<Handover> {
  const [changed] = await tx.update(shiftHandover).set({ takenAt: taken.at, takenBy: taken.by })
    .where(and(eq(shiftHandover.id, id), isNull(shiftHandover.takenAt))).returning()
  invariant(changed !== undefined, 'a handover that is locked is taken once')
  return changed
}

export interface HandoversAsk {
  readonly place: string | undefined
  readonly taken: boolean | undefined
  /** Whose shifts: of the city, or of some places. */
  readonly reach: Reach
  readonly after: string | null
  readonly limit: number
}

/** Handovers, the newest first. */
export const listHandovers = (tx: Tx, { place, taken, reach, after, limit }: HandoversAsk): Promise<Handover[]> =>
  tx.select().from(shiftHandover).where(and(
    reach.isCity ? undefined : inArray(shiftHandover.place, [...reach.places]),
    place === undefined ? undefined : eq(shiftHandover.place, place),
    taken === undefined ? undefined : taken ? isNotNull(shiftHandover.takenAt) : isNull(shiftHandover.takenAt),
    after === null ? undefined : lt(shiftHandover.id, after),
  )).orderBy(desc(shiftHandover.id)).limit(limit)

/** Handovers that nobody has taken over since a moment, the oldest first. */
export const notTakenSince = (tx: Tx, since: Date): Promise<Handover[]> =>
  tx.select().from(shiftHandover).where(and(isNull(shiftHandover.takenAt), lte(shiftHandover.givenAt, since)))
    .orderBy(shiftHandover.givenAt, shiftHandover.id)
