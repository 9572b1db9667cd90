import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { type Lying, lyingAt } from '../db/lying.js'
import { allRecords, isOneOf, lockRecords, putRecord, type Recorded, type RecordKind, recordKind } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import type { Refusal } from '../kernel/refusal.js'
import { remembered } from '../kernel/remembered.js'
import type { Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import type { Book } from '../ledger/book.js'
import { lockBooks, post } from '../ledger/store.js'
import { account } from '../ledger/tables.js'
import type { Equipment } from './equipment.js'
import type { Item, ItemCode, KitPart, Packing, Substitute } from './items.js'
import type { Norm, Staff, Use } from './norms.js'
import type { Receiver } from './receivers.js'
import type { LotRecord, Source, Supply } from './stock.js'
import { atPlace, bookOfLot, type StockReason } from './stockBook.js'
import {
  equipment, expectedSupply, item, itemCode, kitPart, materialRequest, norm, packing, receiver, reportedUse, staffOnShift, stockLot, stockSource, substitute,
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
/** The same of each, for who hears of it. */
export const LOTS_LIE: Lying = {
  table: stockLot,
  lies: lyingAt({ places: sql`jsonb_build_array(r.body ->> 'place') || coalesce((
    select jsonb_agg(substr(a.name, ${atPlace('').length + 1}::int)) from ${account} as a where a.book = 'lot ' || r.id and starts_with(a.name, ${atPlace('')}::text)), '[]')` }),
}

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

/** Who gives out, by place. */
export const sourcesByPlace = async (tx: Tx): Promise<ReadonlyMap<string, Source>> =>
  new Map(Object.values(await allRecords(tx, SOURCES, null)).map((source) => [source.place, source]))

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

/** Lots of an item of which some lie at a place, or which nobody has counted there. */
export async function lotsAt(tx: Tx, place: string, of: string): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(tx, sql`
    select l.id from ${stockLot} as l join ${account} as a on a.book = 'lot ' || l.id
    where l.item = ${of} and a.name = ${atPlace(place)} and (a.balance <> 0 or not a.counted) order by l.id collate "C"`)
  return rows.map(({ id }) => id)
}

/** Lots of one number and expiry, wherever they came in: none of what has no number. `isLocked`: those in quarantine only. */
export async function lotsOfNumber(tx: Tx, { item: of, lot, expiresOn }: Pick<LotRecord, 'item' | 'lot' | 'expiresOn'>, isLocked = false): Promise<string[]> {
  if (lot === null) return []
  const rows = await rowsOf<{ id: string }>(tx, sql`
    select id from ${stockLot} where item = ${of} and body ->> 'lot' = ${lot} and body ->> 'expiresOn' is not distinct from ${expiresOn}
      and (${isLocked ? sql`(body ->> 'quarantined')::boolean` : sql`true`}) order by id collate "C"`)
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

/** What a kit is made of, with what each item is called and counted by; empty: there is no such kit. */
export const partsOf = async (tx: Tx, kit: string): Promise<(Pick<KitPart, 'item' | 'units'> & Pick<Item, 'name' | 'unit'>)[]> =>
  (await tx.select({ part: kitPart.body, of: item.body }).from(kitPart).innerJoin(item, eq(item.id, kitPart.item)).where(eq(kitPart.kit, kit)).orderBy(kitPart.item))
    .map(({ part, of }) => ({ item: part.item, units: part.units, name: of.name, unit: of.unit }))

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
