import type { Tx } from '../db/database.js'
import { allRecords, firstVersions, hasRecords, type Past, type RecordKind } from '../db/records.js'
import { sha256 } from '../kernel/canonical.js'
import { type Figure, UNKNOWN } from '../kernel/quantity.js'
import { type Day, dayOf } from '../kernel/time.js'
import type { Item, KitPart, Packing, Substitute } from './items.js'
import { type Consumed, MEASURED_DAYS, measuredUses } from './measured.js'
import type { Norm, Staff, Use } from './norms.js'
import { consumedSince, openRequests } from './pictureStore.js'
import type { MaterialRequest, Receiver } from './receivers.js'
import { type Lot, type LotRecord, type PromisedStock, type Source, stockRowId, type Supply } from './stock.js'
import { placeIn } from './stockBook.js'
import { stockAt, type StockRow } from './noteStore.js'
import { EQUIPMENT, ITEM_CODES, ITEMS, KIT_PARTS, LOTS, NORMS, PACKINGS, RECEIVERS, SOURCES, STAFF, SUBSTITUTES, SUPPLIES, USES } from './store.js'

type Rows<T> = Readonly<Record<string, T>>

/** Every kind of record of material. */
export const MATERIAL_KINDS = [ITEMS, ITEM_CODES, PACKINGS, SUBSTITUTES, KIT_PARTS, NORMS, RECEIVERS, STAFF, USES, SOURCES, SUPPLIES, EQUIPMENT, LOTS] as const

/** The tables of material of a scenario, without what is on the road: that is for whoever sends it. */
export interface MaterialPicture {
  readonly items: Rows<Item>
  readonly packings: Rows<Packing>
  readonly substitutes: Rows<Substitute>
  readonly kitParts: Rows<KitPart>
  readonly norms: Rows<Norm>
  readonly receivers: Rows<Receiver>
  readonly staff: Rows<Staff>
  readonly uses: Rows<Use>
  readonly sources: Rows<Source>
  readonly lots: Rows<Lot>
  readonly supplies: Rows<Supply>
  readonly requests: Rows<MaterialRequest>
}

/** What is known of material at a moment: its tables, but for lots, of which it has yet to be said what is promised. */
export interface MaterialKnown extends Omit<MaterialPicture, 'lots'> {
  readonly stock: readonly StockRow[]
  readonly lots: ReadonlyMap<string, LotRecord>
}

const DAY_MILLISECONDS = 24 * 3600_000
const ID_LETTERS_MAX = 80

/** How much of it is asked for: to judge whether records fit together, stock, use by notes and requests are left out; who is about people only asks for none. */
export type MaterialAsk = 'all' | 'records' | 'none'

/** Null where nothing of material was ever put down, which is asked first: a city that plans none pays for one question. */
export const materialAt = async (tx: Tx, past: Past | null, now: Date, asked: MaterialAsk): Promise<MaterialKnown | null> => {
  if (asked === 'none' || !await hasRecords(tx, MATERIAL_KINDS)) return null
  const [records, flow] = await Promise.all([recordsAt(tx, past), asked === 'all' ? flowAt(tx, past, now) : NOTHING_FLOWS])
  const received = byPlace(records.receivers)
  const moment = past?.asOf ?? now
  return {
    ...records, receivers: received, sources: byPlace(records.sources), supplies: notPast(records.supplies, dayOf(moment)),
    uses: { ...records.uses, ...measuredUses(records.uses, flow.consumed.filter(({ place }) => Object.hasOwn(received, place))) },
    stock: flow.stock, lots: flow.lots, requests: flow.requests,
  }
}

async function recordsAt(tx: Tx, past: Past | null) {
  const of = <Body>(kind: RecordKind<Body>) => allRecords(tx, kind, past)
  const [items, packings, substitutes, kitParts, norms, receivers, staff, uses, sources, supplies] = await Promise.all([
    of(ITEMS), of(PACKINGS), of(SUBSTITUTES), of(KIT_PARTS), of(NORMS), of(RECEIVERS), of(STAFF), of(USES), of(SOURCES), of(SUPPLIES),
  ])
  return { items, packings, substitutes, kitParts, norms, receivers, staff, uses, sources, supplies }
}

/** What notes, orders and requests say. Each is looked at when it is written, and none can make records contradict each other. */
interface Flow extends Pick<MaterialKnown, 'stock' | 'lots' | 'requests'> {
  readonly consumed: readonly Consumed[]
}
const NOTHING_FLOWS: Flow = { stock: [], lots: new Map(), requests: {}, consumed: [] }

async function flowAt(tx: Tx, past: Past | null, now: Date): Promise<Flow> {
  const until = past?.asOf ?? now
  const days = { since: new Date(until.getTime() - MEASURED_DAYS * DAY_MILLISECONDS), until, knownAt: past?.knownAt ?? now }
  const [stock, consumed, requests] = await Promise.all([stockAt(tx, past), consumedSince(tx, days), openRequests(tx, past)])
  return { stock, consumed, requests, lots: await lotsOf(tx, stock, past) }
}

/** By place, as plans look them up, whatever somebody called the row. */
const byPlace = <T extends { readonly place: string }>(rows: Rows<T>): Rows<T> => Object.fromEntries(Object.values(rows).map((row) => [row.place, row]))

/**
 * What was expected on a day that is past has come, and is stock, or has not. What is expected today counts until
 * whoever takes it in says in its record that nothing more comes.
 */
const notPast = (supplies: Rows<Supply>, today: Day): Rows<Supply> =>
  Object.fromEntries(Object.entries(supplies).filter(([, { day }]) => day >= today))

/** Lots of which something lies somewhere or is on the road, and no others: those that are used up are ever more. */
export async function lotsOf(tx: Tx, stock: readonly Pick<StockRow, 'lot'>[], past: Past | null): Promise<ReadonlyMap<string, LotRecord>> {
  const ids = [...new Set(stock.map(({ lot }) => lot))]
  if (ids.length === 0) return new Map()
  const bodies = await allRecords(tx, LOTS, past, ids)
  // More of a lot may have been told of a day before the one on which it was first put down.
  const older = past === null ? new Map() : await firstVersions(tx, LOTS, ids.filter((id) => !Object.hasOwn(bodies, id)), past.knownAt)
  return new Map([...Object.entries(bodies), ...[...older].map(([id, { body }]): [string, LotRecord] => [id, body])])
}

/**
 * The tables of a scenario. A row of lots is so much of a lot at a place that gives out or receives: what lies elsewhere is
 * no plan's to use. What is promised is not there to be given: `promised` says of how many that is so, where the stock
 * itself, of a past moment, does not.
 */
export function materialTables({ stock, lots, ...tables }: MaterialKnown, promised: readonly PromisedStock[]): MaterialPicture {
  const promisedAt = new Map(promised.map(({ lot, place, units }) => [JSON.stringify([lot, place]), units]))
  const lying = stock.flatMap(({ lot, account, balance, held, counted }) => {
    const [place, body] = [placeIn(account), lots.get(lot)]
    // Whoever judges the picture reads committed rows one kind after the other: a lot that came meanwhile is not of it.
    if (place === null || body === undefined || !(Object.hasOwn(tables.receivers, place) || Object.hasOwn(tables.sources, place))) return []
    const units: Figure = counted ? Math.max(0, balance - Math.max(held, promisedAt.get(JSON.stringify([lot, place])) ?? 0)) : UNKNOWN
    return [{ lot, isAtHome: place === body.place, row: { ...body, place, units } }]
  })
  const rows: Record<string, Lot> = {}
  for (const { lot, row } of lying.filter(({ isAtHome }) => isAtHome)) rows[lot] = row
  for (const { lot, row } of lying.filter(({ isAtHome }) => !isAtHome)) rows[rowElsewhere(lot, row.place, rows)] = row
  return { ...tables, lots: rows }
}

/** The lot and the place where it lies by now; hashed where that is too long for an id, or is another lot's. */
function rowElsewhere(lot: string, place: string, taken: Rows<Lot>): string {
  const names = rowsElsewhere(lot, place)
  return names.find((name) => name.length <= ID_LETTERS_MAX && !Object.hasOwn(taken, name)) ?? names.at(-1) ?? ''
}

/** Rows that so much of a lot at another place than its own may be, the likeliest first. */
export const rowsElsewhere = (lot: string, place: string): string[] =>
  [stockRowId(lot, place, null), stockRowId(lot, sha256(place).slice(0, 16), null), sha256(JSON.stringify([lot, place]))]
