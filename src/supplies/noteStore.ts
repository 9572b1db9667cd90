import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { isOneOf, type Past } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { lyingAtColumns } from '../db/lying.js'
import { recordVersion } from '../db/tables.js'
import { invariant } from '../kernel/invariant.js'
import type { Reach } from '../kernel/roles.js'
import { account, movement } from '../ledger/tables.js'
import { atPlace, bookOfLot, type Flow } from './stockBook.js'
import { stockLot, stockNote } from './tables.js'

/** So many of one lot in one account. */
export interface StockRow {
  readonly lot: string
  readonly account: string
  readonly balance: number
  readonly held: number
  readonly counted: boolean
}

/** Of one place or one item only. */
export interface StockAsk {
  readonly place?: string | undefined
  readonly item?: string | undefined
}

/**
 * What lies at places, by lot: accounts that hold something, or that nobody has counted; now, or as it was. Of a past moment
 * nothing says what was promised then; that is for whoever promises. What nobody counted moved nowhere, since nobody takes
 * from it: it lay there uncounted from the lot's first day until the first count, of which there is a note.
 */
export async function stockAt(tx: Tx, past: Past | null, { place, item: of }: StockAsk = {}): Promise<StockRow[]> {
  const asked = sql`${place === undefined ? sql`true` : sql`name = ${atPlace(place)}`}
    and ${of === undefined ? sql`true` : sql`exists (select from ${stockLot} as l where 'lot ' || l.id = book and l.item = ${of})`}`
  if (past === null) {
    return rowsOf<StockRow>(tx, sql`select substr(book, 5) as lot, name as account, balance, held, counted from ${account}
      where starts_with(book, 'lot ') and starts_with(name, 'at ') and (balance <> 0 or not counted) and ${asked} order by book collate "C", name collate "C"`)
  }
  const [asOf, knownAt] = [past.asOf.toISOString(), past.knownAt.toISOString()]
  return rowsOf<StockRow>(tx, sql`
    select substr(book, 5) as lot, name as account, balance, 0 as held, counted from (
      select m.book, m.name, sum(m.quantity)::float8 as balance, true as counted from (
        select book, to_account as name, quantity, effective_at, recorded_at, subject from ${movement}
        union all select book, from_account, -quantity, effective_at, recorded_at, subject from ${movement}
      ) m where m.subject not in (${undone(sql`recorded_at <= ${knownAt}`)}) and starts_with(m.book, 'lot ') and starts_with(m.name, 'at ') and m.effective_at <= ${asOf} and m.recorded_at <= ${knownAt}
      group by m.book, m.name having sum(m.quantity) <> 0
      union all
      select a.book, a.name, 0::float8, false from ${stockLot} as l join ${account} as a on a.book = 'lot ' || l.id and a.name = 'at ' || l.place
      where exists (select from ${recordVersion} as v where v.kind = 'lots' and v.id = l.id and v.effective_at <= ${asOf} and v.recorded_at <= ${knownAt})
        and not exists (select from ${movement} as m where m.book = a.book and m.effective_at <= ${asOf} and m.recorded_at <= ${knownAt})
        and not exists (select from ${stockNote} as n where n.id = ${openingNote('')} || l.id)
        and not exists (select from ${stockNote} as n where n.kind = 'stocktake' and n.place = l.place and n.item = l.item
          and n.effective_at <= ${asOf} and n.recorded_at <= ${knownAt})
    ) lying where ${asked} order by book collate "C", name collate "C"`)
}

/**
 * Whether a stocktake was the first to count something, be it as none: then nobody had known how much of it there was. What
 * came in by a note, or lay there counted when a scenario was taken in, was known from its first day.
 */
export async function isFirstCount(tx: Tx, { id, place: at, item: of, recordedAt }: StockNote): Promise<boolean> {
  const found = await rowsOf<unknown>(tx, sql`
    select 1 from ${stockLot} as l join ${recordVersion} as v on v.kind = 'lots' and v.id = l.id and v.version = 1
    where l.item = ${of} and l.place = ${at} and v.recorded_at <= ${recordedAt.toISOString()}
      and not exists (select from ${stockNote} as n where n.id = ${openingNote('')} || l.id)
      and not exists (select from ${movement} as m where m.book = 'lot ' || l.id and m.from_account = 'outside')
      and not exists (select from ${stockNote} as n where n.kind = 'stocktake' and n.place = l.place and n.item = l.item
        and n.id < ${id} and n.recorded_at >= v.recorded_at) limit 1`)
  return found.length > 0
}

/** What notes that were reversed moved, and their reversals: they never happened. `known`: which reversals count. */
const undone = (known: SQL): SQL => sql`
  select 'notes/' || id from ${stockNote} where reverses is not null and ${known}
  union all select 'notes/' || reverses from ${stockNote} where reverses is not null and ${known}`

/** What an account gained by each movement that happened after a moment, and was not undone, the latest first. */
export async function gainsSince(tx: Tx, lot: string, name: string, since: Date): Promise<number[]> {
  const rows = await rowsOf<{ gained: number }>(tx, sql`
    select case to_account when ${name} then quantity else -quantity end as gained from ${movement}
    where book = ${bookOfLot(lot)} and ${name} in (from_account, to_account) and effective_at > ${since.toISOString()}
      and subject not in (${undone(sql`true`)})
    order by effective_at desc, id desc`)
  return rows.map(({ gained }) => gained)
}

export type StockNote = typeof stockNote.$inferSelect

/** So many of one lot that a note moved. */
export interface NoteLine extends Flow {
  readonly lot: string
}

export async function insertNote(act: Act, note: Omit<StockNote, 'recordedAt' | 'recordedBy'>): Promise<StockNote> {
  const [kept] = await act.tx.insert(stockNote).values({ ...note, recordedAt: act.at, recordedBy: act.by }).returning()
  invariant(kept !== undefined, 'an insert returns its row')
  return kept
}

export const NOTES_LIE = lyingAtColumns(stockNote, ['place'])

export async function noteById(tx: Tx, id: string): Promise<StockNote | null> {
  const [found] = await tx.select().from(stockNote).where(eq(stockNote.id, id))
  return found ?? null
}

/** The note that reverses another; null: none does. */
export async function reversalOf(tx: Tx, id: string): Promise<StockNote | null> {
  const [found] = await tx.select().from(stockNote).where(eq(stockNote.reverses, id))
  return found ?? null
}

/** The notes that reverse some others, by these. */
export async function reversalsOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = ids.length === 0 ? [] : await tx.select({ id: stockNote.id, reverses: stockNote.reverses }).from(stockNote).where(inArray(stockNote.reverses, [...ids]))
  return new Map(rows.flatMap(({ id, reverses }) => (reverses === null ? [] : [[reverses, id]])))
}

/** What notes moved, by note, in the order in which it was written. */
export async function linesOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, NoteLine[]>> {
  const lines = new Map<string, NoteLine[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return lines
  const rows = await rowsOf<{ subject: string; lot: string; from: string; to: string; units: number }>(tx, sql`
    select subject, substr(book, 5) as lot, from_account as "from", to_account as "to", quantity as units from ${movement}
    where subject in (${sql.join(ids.map((id) => sql`${subjectOf(id)}`), sql`, `)}) order by id`)
  for (const { subject, ...line } of rows) lines.get(subject.slice(subjectOf('').length))?.push(line)
  return lines
}

/** The note by which stock that a scenario brought is there: by the row's id, and never a number that is given out here. */
export const openingNote = (row: string): string => `import-${row}`

/** What movements of a note belong to. */
export const subjectOf = (note: string): string => `notes/${note}`

export interface NotesAsk {
  readonly place: string | undefined
  readonly kind: StockNote['kind'] | undefined
  readonly reach: Reach
  /** Notes before this one. */
  readonly before: string | null
  readonly limit: number
}

/** Notes, the latest first. */
export const listNotes = (tx: Tx, { place, kind, reach, before, limit }: NotesAsk): Promise<StockNote[]> =>
  tx.select().from(stockNote).where(and(
    place === undefined ? undefined : eq(stockNote.place, place), kind === undefined ? undefined : eq(stockNote.kind, kind),
    reach.isCity ? undefined : isOneOf(sql`${stockNote.place}`, reach.places), before === null ? undefined : lt(stockNote.id, before),
  )).orderBy(desc(stockNote.id)).limit(limit)

interface Told {
  readonly place: string
  readonly item: string
  readonly at: Date
  /** By which note; null: by none yet. */
  readonly of: StockNote | null
}

/**
 * When stock of an item at a place was last counted with what happened at a moment in the count; null: it was not, by any
 * count that stands. A count of the same moment has in it what was told before it, and no more.
 */
export async function countedSince(tx: Tx, { place, item: what, at, of }: Told): Promise<Date | null> {
  const alike = of === null ? sql`false`
    : sql`n.effective_at = ${at.toISOString()} and (n.recorded_at, n.id) > (${of.recordedAt.toISOString()}::timestamptz, ${of.id})`
  const [row] = await rowsOf<{ at: number | null }>(tx, sql`
    select (extract(epoch from max(n.effective_at)) * 1000)::float8 as at from ${stockNote} as n
    where n.kind = 'stocktake' and n.place = ${place} and n.item = ${what} and n.id is distinct from ${of?.id ?? null}
      and (n.effective_at > ${at.toISOString()} or ${alike})
      and not exists (select from ${stockNote} as r where r.reverses = n.id)`)
  return row?.at == null ? null : new Date(row.at)
}
