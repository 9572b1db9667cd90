import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { isOneOf, lockRecords, type Past, putRecord, type Recorded, type RecordKind, recordKind } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { recordVersion } from '../db/tables.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import type { Refusal } from '../kernel/refusal.js'
import { remembered } from '../kernel/remembered.js'
import type { Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import type { Book } from '../ledger/book.js'
import { lockBooks, post } from '../ledger/store.js'
import { account, movement } from '../ledger/tables.js'
import type { Equipment } from './equipment.js'
import type { Item, ItemCode, KitPart, Packing, Substitute } from './items.js'
import type { Norm, Staff, Use } from './norms.js'
import type { Receiver } from './receivers.js'
import type { LotRecord, Source, Supply } from './stock.js'
import { atPlace, bookOfLot, type Flow, type StockReason } from './stockBook.js'
import {
  equipment, expectedSupply, item, itemCode, kitPart, materialRequest, norm, packing, receiver, reportedUse, staffOnShift, stockLot, stockNote, stockSource, substitute,
} from './tables.js'

const atTheirs = { within: ({ places }: Reach) => isOneOf(sql`r.body ->> 'place'`, places) }

/** What everybody who plans or keeps material has to know. */
export const ITEMS = recordKind<Item>('items', item)
export const ITEM_CODES = recordKind<ItemCode>('itemCodes', itemCode)
export const PACKINGS = recordKind<Packing>('packings', packing)
export const SUBSTITUTES = recordKind<Substitute>('substitutes', substitute)
export const KIT_PARTS = recordKind<KitPart>('kitParts', kitPart)
export const NORMS = recordKind<Norm>('norms', norm)
/** What is of a place is seen by whoever looks after it. */
export const RECEIVERS = recordKind<Receiver>('receivers', receiver, atTheirs)
export const STAFF = recordKind<Staff>('staff', staffOnShift, atTheirs)
export const USES = recordKind<Use>('uses', reportedUse, atTheirs)
export const SOURCES = recordKind<Source>('sources', stockSource, atTheirs)
export const SUPPLIES = recordKind<Supply>('supplies', expectedSupply, atTheirs)
export const EQUIPMENT = recordKind<Equipment>('equipment', equipment, atTheirs)
/** A lot is seen where it came in, and where any of it has ever lain. */
export const LOTS: RecordKind<LotRecord> = recordKind<LotRecord>('lots', stockLot, {
  within: ({ places }) => sql`(${isOneOf(sql`r.body ->> 'place'`, places)} or exists (
    select from ${account} as a where a.book = 'lot ' || r.id and ${isOneOf(sql`a.name`, new Set([...places].map(atPlace)))}))`,
})

const noItem = { code: 'unknownReference', text: text('没有这个品目（item）', 'there is no such item (item)') } as const satisfies Refusal
const noPlace = { code: 'unknownReference', text: text('没有这个场所（place）', 'there is no such place (place)') } as const satisfies Refusal

/** What the database's own guards of this room say when something would break them. */
export const SUPPLY_GUARDS: Readonly<Record<string, Refusal>> = {
  ...Object.fromEntries(['item_code', 'packing', 'substitute', 'kit_part', 'norm', 'reported_use', 'expected_supply', 'stock_lot', 'stock_note', 'material_request']
    .map((table) => [`${table}_item_item_id_fk`, noItem])),
  ...Object.fromEntries(['receiver', 'staff_on_shift', 'reported_use', 'stock_source', 'expected_supply', 'equipment', 'stock_lot', 'stock_note', 'material_request']
    .map((table) => [`${table}_place_place_id_fk`, noPlace])),
  substitute_substitute_item_id_fk: { code: 'unknownReference', text: text('没有这个替代品（substitute）', 'there is no such item (substitute)') },
  item_code_means_one_thing: { code: 'alreadyExists', text: text('此编码已另有登记；一个编码只指一种品目的一种包装', 'this code stands already in another row; a code means one packing of one item') },
  packing_stands_once: { code: 'alreadyExists', text: text('该品目已有此包装', 'the item has this packing already') },
  substitute_has_its_turn: { code: 'alreadyExists', text: text('该品目另有替代品排在此位', 'another substitute of the item has this turn') },
  substitute_stands_once: { code: 'alreadyExists', text: text('该替代品已登记', 'this substitute of the item stands already') },
  kit_part_stands_once: { code: 'alreadyExists', text: text('该成套已有此品目', 'the kit has this item already') },
  receiver_stands_once: { code: 'alreadyExists', text: text('该场所已是接收方', 'the place is a receiver already') },
  reported_use_stands_once: { code: 'alreadyExists', text: text('该场所此品目的用量另有一行', 'another row says what the place used of the item') },
  stock_source_stands_once: { code: 'alreadyExists', text: text('该场所已是供货点', 'the place is a source already') },
}

/**
 * Whoever moves or counts stock of an item first holds the item, in the order of ids: nobody else's lots come to light
 * between looking and counting. Throws for an item that is not there: whoever asks has looked.
 */
export async function lockItems(act: Act, ids: readonly string[]): Promise<ReadonlyMap<string, Recorded<Item>>> {
  const records = await lockRecords(act, ITEMS, ids)
  for (const id of ids) invariant(records.has(id), `item ${id} is there`)
  return records
}

/** What items lots are of; that never changes. */
export async function itemsOfLots(tx: Tx, lots: readonly string[]): Promise<string[]> {
  const rows = lots.length === 0 ? [] : await tx.selectDistinct({ of: stockLot.item }).from(stockLot).where(inArray(stockLot.id, [...lots]))
  return rows.map(({ of }) => of).sort(byCodeUnits)
}

/** A lot, its book and both locked: lots first, in the order of their ids, then books in the same order. */
export interface LockedLot {
  readonly record: Recorded<LotRecord>
  readonly book: Book
}

/** What people call a lot: its number on the packing, or its id here. */
export const nameOf = (lot: Pick<LockedLot, 'record'> | undefined, id: string): string =>
  lot === undefined ? id : `${lot.record.body.item}（${lot.record.body.lot ?? id}）`

export async function lockLots(act: Act, ids: readonly string[]): Promise<Map<string, LockedLot>> {
  const records = await lockRecords(act, LOTS, ids)
  // At once: of small donations there are thousands of lots of one item.
  const books = await lockBooks(act.tx, [...records.keys()].map(bookOfLot))
  return new Map([...records].map(([id, record]) => [id, { record, book: books.get(bookOfLot(id)) ?? {} }]))
}

export interface StockChange {
  readonly lot: string
  readonly before: Book
  readonly after: Book
  readonly reason: StockReason
  /** `notes/…` or `allocation-orders/…`. */
  readonly subject: string
  readonly effectiveAt: Date
}

/** Moves a locked lot's book to another state. */
export const keepStock = (act: Act, { lot, ...change }: StockChange): Promise<void> => post(act.tx, { book: bookOfLot(lot), ...change }, act)

export const lotsOfItem = async (tx: Tx, of: string): Promise<string[]> =>
  (await tx.select({ id: stockLot.id }).from(stockLot).where(eq(stockLot.item, of)).orderBy(stockLot.id)).map(({ id }) => id)

/** So many of one lot in one account. */
export interface StockRow {
  readonly lot: string
  readonly account: string
  readonly balance: number
  readonly held: number
  readonly counted: boolean
}

/**
 * What lies at places, by lot: accounts that hold something, or that nobody has counted; now, or as it was. Of a past moment
 * nothing says what was promised then; that is for whoever promises. What nobody counted moved nowhere, since nobody takes
 * from it: it lay there uncounted from the lot's first day until the first count, of which there is a note.
 */
export async function stockAt(tx: Tx, past: Past | null): Promise<StockRow[]> {
  if (past === null) {
    return rowsOf<StockRow>(tx, sql`select substr(book, 5) as lot, name as account, balance, held, counted from ${account}
      where starts_with(book, 'lot ') and starts_with(name, 'at ') and (balance <> 0 or not counted) order by book collate "C", name collate "C"`)
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
    ) lying order by book collate "C", name collate "C"`)
}

/** Whether a stocktake counted something of which nothing had come in before: then nobody had known how much of it there was. */
export async function isFirstCount(tx: Tx, note: string): Promise<boolean> {
  const [found] = await rowsOf<unknown>(tx, sql`
    select 1 from ${movement} as m where m.subject = ${subjectOf(note)} and m.from_account = 'unexplained'
      and not exists (select from ${movement} as b where b.book = m.book and b.id < m.id) limit 1`)
  return found !== undefined
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
  if (kept === undefined) throw new Error('an insert returns its row')
  return kept
}

export async function noteById(tx: Tx, id: string): Promise<StockNote | null> {
  const [found] = await tx.select().from(stockNote).where(eq(stockNote.id, id))
  return found ?? null
}

/** The note that reverses another; null: none does. */
export async function reversalOf(tx: Tx, id: string): Promise<StockNote | null> {
  const [found] = await tx.select().from(stockNote).where(eq(stockNote.reverses, id))
  return found ?? null
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

/** When stock of an item at a place was last counted, by a note other than `but` that was not reversed; null: never. */
export async function lastCounted(tx: Tx, { place, item: of, but }: { place: string; item: string; but: string | null }): Promise<Date | null> {
  const [row] = await rowsOf<{ at: number | null }>(tx, sql`
    select (extract(epoch from max(n.effective_at)) * 1000)::float8 as at from ${stockNote} as n
    where n.kind = 'stocktake' and n.place = ${place} and n.item = ${of} and n.id is distinct from ${but}
      and not exists (select from ${stockNote} as r where r.reverses = n.id)`)
  return row?.at == null ? null : new Date(row.at)
}

/** Lots of an item of which some lie at a place, or which nobody has counted there. */
export async function lotsAt(tx: Tx, place: string, of: string): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(tx, sql`
    select l.id from ${stockLot} as l join ${account} as a on a.book = 'lot ' || l.id
    where l.item = ${of} and a.name = ${atPlace(place)} and (a.balance <> 0 or not a.counted) order by l.id collate "C"`)
  return rows.map(({ id }) => id)
}

/** A lot that is the same in all that counts, and may be added to, as one that nobody has counted may not; null: there is none. */
export async function sameLot(tx: Tx, { item: of, place: at, lot, expiresOn, authority, released, earmark }: LotRecord): Promise<string | null> {
  const [row] = await rowsOf<{ id: string }>(tx, sql`
    select id from ${stockLot} where item = ${of} and place = ${at} and body ->> 'lot' = ${lot} and body ->> 'expiresOn' is not distinct from ${expiresOn}
      and body ->> 'authority' = ${authority} and (body ->> 'released')::boolean = ${released} and body ->> 'earmark' is not distinct from ${earmark}
      and not (body ->> 'quarantined')::boolean
      and not exists (select from ${account} as a where a.book = 'lot ' || stock_lot.id and a.name = ${atPlace(at)} and not a.counted) order by id limit 1`)
  return row?.id ?? null
}

/** A new lot, of which nothing lies anywhere yet. */
export const newLot = (act: Act, { id, body, effectiveAt }: { id: string; body: LotRecord; effectiveAt: Date }): Promise<Recorded<LotRecord>> =>
  putRecord(act.tx, LOTS, { id, body, effectiveAt, before: null }, act)

/** What a code in some system means, by the id of its row; null: nobody put it down. */
export async function codeOf(tx: Tx, system: string, code: string): Promise<{ id: string; body: ItemCode } | null> {
  const [row] = await tx.select({ id: itemCode.id, body: itemCode.body }).from(itemCode).where(and(eq(itemCode.system, system), eq(itemCode.code, code)))
  return row ?? null
}

/** Whether a code in any system means this packing of an item. */
export async function hasCode(tx: Tx, of: string, name: string): Promise<boolean> {
  const found = await tx.select({ id: itemCode.id }).from(itemCode).where(and(eq(itemCode.item, of), sql`${itemCode.body} ->> 'packing' = ${name}`)).limit(1)
  return found.length > 0
}

/** Whether anything was put down in base units of an item, which would mean something else in another unit. */
export async function isCounted(tx: Tx, of: string): Promise<boolean> {
  const kinds = [stockLot, packing, kitPart, reportedUse, expectedSupply, materialRequest]
  const each = [
    ...kinds.map((table) => sql`select 1 from ${table} where ${table.item} = ${of}`),
    sql`select 1 from ${substitute} where ${of} in (${substitute.item}, ${substitute.substitute})`,
  ]
  return (await rowsOf<unknown>(tx, sql`${sql.join(each, sql` union all `)} limit 1`)).length > 0
}

/** The packings of some items, by item. */
export async function packingsOf(tx: Tx, items: readonly string[]): Promise<ReadonlyMap<string, Packing[]>> {
  const found = new Map<string, Packing[]>()
  const rows = items.length === 0 ? [] : await tx.select({ body: packing.body }).from(packing).where(inArray(packing.item, [...items]))
  for (const { body } of rows) remembered(found, body.item, () => []).push(body)
  return found
}

export async function packingOf(tx: Tx, of: string, name: string): Promise<Packing | null> {
  const [row] = await tx.select({ body: packing.body }).from(packing).where(and(eq(packing.item, of), eq(packing.packing, name)))
  return row?.body ?? null
}
