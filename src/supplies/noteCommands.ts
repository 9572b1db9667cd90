import { type Act, mustReach } from '../db/act.js'
import type { Recorded } from '../db/records.js'
import type { Place } from '../facilities/places.js'
import { placeOf } from '../facilities/store.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { invariant, mustGet } from '../kernel/invariant.js'
import { notFound, refuse, refuseAt, Refused, wrongAt } from '../kernel/refusal.js'
import { isWithin } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import { dayOf, instantOf } from '../kernel/time.js'
import { whenOf } from '../kernel/when.js'
import { faultsOfCount, ordersPromised } from './counting.js'
import { mustBeForSomebody } from './earmarks.js'
import type { Out, OutKind, Receipt, Reversal, Stocktake } from './notes.js'
import { firstOut, mustSuit, ofItem } from './lotsToUse.js'
import { broughtIn, mustBeItem, type Quantity, SUPPLIES_GROUP, unitsOf } from './noteLines.js'
import { mustHaveHad, mustLieUnused } from './pastStock.js'
import { KEPT_BACK, mustRelease } from './releasing.js'
import type { LotRecord } from './stock.js'
import {
  accountIn, atPlace, backwards, counted, type Flow, flowed, type StockAccount,
} from './stockBook.js'
import { gainsSince, insertNote, isFirstCount, countedSince, linesOf, noteById, type NoteLine, reversalOf, type StockNote, subjectOf } from './noteStore.js'
import { itemsOfLots, keepStock, lockItems, type LockedLot, lockLots, lotsAt, lotsOfNumber, nameOf, newLot, sameLot } from './store.js'

/** What a note is called where it is not there. */
export const NOTE = text('单据', 'note of stock')

/** How far back what happened may be told: what is older is found by counting. */
export const BACK_DAYS_MAX = 7
const DAY_MILLISECONDS = 24 * 3600_000

/** A note as it was kept, and what it moved. */
export interface Noted {
  readonly note: StockNote
  readonly lines: readonly NoteLine[]
}

/** Stock comes in from outside (入库). Refuses: forbidden, unknownReference, wrongReference, wrongTime, figureIsOlder, wrongFigure. */
export async function receive(act: Act, receipt: Receipt): Promise<Noted> {
  const { place, lines, ...origin } = receipt
  await mustBeThere(act, place)
  await mustBeForSomebody(act.tx, receipt)
  if (origin.released) mustRelease(act, origin.authority, KEPT_BACK)
  const bringing = await broughtIn(act, lines, dayOf(toldOf(act, receipt.at)))
  await lockItems(act, itemsOf(bringing))
  const effectiveAt = toldOf(act, receipt.at)
  for (const item of itemsOf(bringing)) await mustNotBeCounted(act, place, item, effectiveAt)
  const { authority, released, earmark, party } = origin
  const bodies: LotRecord[] = []
  for (const { item, lot, expiresOn } of bringing) {
    // What is locked away anywhere comes in as that: it is the same bad lot.
    const quarantined = (await lotsOfNumber(act.tx, { item, lot, expiresOn }, true)).length > 0
    bodies.push({ item, place, lot, expiresOn, quarantined, authority, released, earmark, source: party, assumed: [], asOf: null })
  }
  const known: (string | null)[] = []
  for (const body of bodies) known.push(body.quarantined ? null : await sameLot(act.tx, body))
  const locked = await lockLots(act, known.flatMap((id) => id ?? []))
  // What is new is written only now: whoever locks may find that it is later, and a lot is as old as its note.
  const made = new Map<string, string>()
  const lots: { lotId: string; units: number }[] = []
  for (const [index, body] of bodies.entries()) {
    const key = JSON.stringify(body)
    // Looked for before it was locked: meanwhile somebody may have put it into quarantine, or released it.
    const stands = stillAlike(locked.get(known[index] ?? ''), body) ? known[index] : undefined
    const same = stands ?? made.get(key) ?? null
    const lotId = same ?? act.newId()
    if (same === null) {
      locked.set(lotId, { record: await newLot(act, { id: lotId, body, effectiveAt }), book: {} })
      // Lots without a number are never known to be one.
      if (body.lot !== null) made.set(key, lotId)
    }
    lots.push({ lotId, units: bringing[index]?.units ?? 0 })
  }
  const flows = lots.map(({ lotId, units }) => ({ lot: lotId, from: 'outside' satisfies StockAccount, to: atPlace(place), units }))
  return noted(act, { kind: 'receipt', place, party: origin.party, note: origin.note, item: null, reverses: null, effectiveAt }, { flows, locked })
}

/** Whether what comes in may be added to a lot as it stands. */
const stillAlike = (lot: LockedLot | undefined, { released, authority, earmark }: LotRecord): boolean =>
  lot !== undefined && !lot.record.body.quarantined && lot.record.body.released === released && lot.record.body.authority === authority && lot.record.body.earmark === earmark

const WAYS: Readonly<Record<OutKind, StockAccount>> = { return: 'outside', consumption: 'consumed', loss: 'lost', damage: 'damaged', expiry: 'expired' }

/**
 * Stock leaves a place for good: it is used up, given back, lost, damaged or expired. Where no lot is named, what expires
 * first goes first. Refuses as `receive` does, and invalidInput, notEnoughStock.
 */
export async function takeOut(act: Act, out: Out): Promise<Noted> {
  const { place, kind, lines } = out
  mustSayWhy(out)
  const at = await mustBeThere(act, place)
  toldOf(act, out.at)
  const wanted: (Quantity & { item: string; lot: string | null; units: number })[] = []
  for (const [index, line] of lines.entries()) wanted.push({ ...line, units: await unitsOf(act.tx, line, `/lines/${index}`) })
  const items = await lockItems(act, itemsOf(wanted))
  const effectiveAt = toldOf(act, out.at)
  for (const item of itemsOf(wanted)) await mustNotBeCounted(act, place, item, effectiveAt)
  const named = wanted.flatMap(({ lot }) => lot ?? [])
  const there: string[] = []
  for (const item of itemsOf(wanted.filter(({ lot }) => lot === null))) there.push(...await lotsAt(act.tx, place, item))
  const locked = await lockLots(act, [...named, ...there])
  const books = new Map([...locked].map(([id, { book }]) => [id, book]))
  const flows: NoteLine[] = []
  for (const [index, { item, lot, units }] of wanted.entries()) {
    const picked = lot === null
      ? firstOut({ item: mustGet(items, item, 'item'), place: at, units }, { kind, day: dayOf(effectiveAt), locked, books })
      : [{ lot: mustSuit(await ofItem(act, locked, { lot, item, place, at: `/lines/${index}` }), { kind, day: dayOf(effectiveAt), at: `/lines/${index}` }), units }]
    for (const one of picked) {
      const flow = { from: atPlace(place), to: WAYS[kind], units: one.units }
      books.set(one.lot, flowed(books.get(one.lot) ?? {}, [flow], nameOf(locked.get(one.lot), one.lot)))
      flows.push({ ...flow, lot: one.lot })
    }
  }
  await mustHaveHad(act, place, flows, locked, effectiveAt)
  return noted(act, { kind, place, party: out.party, note: out.note, item: null, reverses: null, effectiveAt }, { flows, locked })
}

/** What is gone without having been used is accounted for by whoever says so, and what is sent back went to somebody. */
function mustSayWhy({ kind, note, party }: Out): void {
  if (note === null && kind === 'loss') throw refuseAt('/note', '丢失须写事由：在何处、怎样丢的', 'stock that is lost says how in note: where, and how it was lost')
  if (note === null && kind === 'damage') throw refuseAt('/note', '损坏须写事由：怎样损坏的', 'stock that is damaged says in note how it was')
  if (party === null && kind === 'return') throw refuseAt('/party', '退回供方须写退给谁', 'stock that is sent back says in party to whom')
}

/**
 * A count of all of one item at a place. What came or went since the count stands beside it; the difference is nobody’s
 * and is shown. Refuses: forbidden, unknownReference, wrongReference, wrongTime, figureIsOlder, doesNotAddUp.
 */
export async function takeStock(act: Act, stocktake: Stocktake): Promise<Noted> {
  const { place, item } = stocktake
  await mustBeThere(act, place)
  toldOf(act, stocktake.at)
  await mustBeItem(act.tx, item, '/item')
  await lockItems(act, [item])
  const effectiveAt = toldOf(act, stocktake.at)
  await mustNotBeCounted(act, place, item, effectiveAt)
  const there = await lotsAt(act.tx, place, item)
  const ids = Object.keys(stocktake.counted)
  const wrong = await faultsOfCount(act, stocktake, there)
  if (wrong.length > 0) {
    throw new Refused({ code: 'wrongReference', text: text(`请报 ${place} 处 ${item} 的每一批，且只报这些`, `count every lot of ${item} at ${place}, and no other`), details: wrong })
  }
  const locked = await lockLots(act, ids)
  const note = await insertNote(act, { id: act.newId(), kind: 'stocktake', place, item, party: null, note: stocktake.note, reverses: null, effectiveAt })
  const lines: NoteLine[] = []
  for (const lot of [...ids].sort(byCodeUnits)) {
    const { book = {} } = locked.get(lot) ?? {}
    const later = await gainsSince(act.tx, lot, atPlace(place), effectiveAt)
    const before = accountIn(book, atPlace(place)).balance
    const promisedTo = accountIn(book, atPlace(place)).held === 0 ? [] : await ordersPromised(act.tx, lot, place)
    const after = counted(book, { place, counted: stocktake.counted[lot] ?? 0, later, what: nameOf(locked.get(lot), lot), promisedTo })
    const found = accountIn(after, atPlace(place)).balance - before
    // What was found as it was known is not written again.
    if (found === 0 && accountIn(book, atPlace(place)).counted) continue
    await keepStock(act, { lot, before: book, after, reason: 'stocktake', subject: subjectOf(note.id), effectiveAt })
    if (found !== 0) lines.push(found > 0 ? { lot, from: 'unexplained', to: atPlace(place), units: found } : { lot, from: atPlace(place), to: 'unexplained', units: -found })
  }
  return journalled(act, { note, lines })
}

/**
 * Takes a note back by another that moves the same the other way. Refuses: notFound, stepOutOfOrder for a reversal of a
 * reversal or a second one, figureIsOlder where the stock was counted since, notEnoughStock where what it brought is gone or
 * was used in the meantime: without it less than nought would have lain there.
 */
export async function reverse(act: Act, id: string, { note: why }: Reversal): Promise<Noted> {
  const note = await noteById(act.tx, id)
  if (note === null || !isWithin(act.reach, { place: note.place })) throw notFound(id, NOTE)
  const lines = (await linesOf(act.tx, [id])).get(id) ?? []
  const items = await itemsOfLots(act.tx, lines.map(({ lot }) => lot))
  await lockItems(act, note.item === null ? items : [note.item])
  const locked = await lockLots(act, lines.map(({ lot }) => lot))
  if (note.kind === 'reversal') throw refuse('stepOutOfOrder', '冲销单不能再冲销；请另开一张单据', 'a reversal is not reversed; write a new note')
  // Looked for only now: whoever reverses the same note holds its items.
  const other = await reversalOf(act.tx, id)
  if (other !== null) throw refuse('stepOutOfOrder', `此单已由 ${other.recordedBy} 冲销（${other.id}）`, `the note was reversed already by ${other.recordedBy} (${other.id})`)
  for (const item of note.item === null ? items : [note.item]) await mustNotBeCounted(act, note.place, item, note.effectiveAt, note)
  if (note.kind === 'stocktake' && await isFirstCount(act.tx, note)) {
    throw refuse('stepOutOfOrder', '这是首次清点，此前不知有多少，不能冲销；请再盘点一次', 'this was the first count, before which nobody knew how many there were; count again instead')
  }
  const flows = lines.map((line) => ({ lot: line.lot, ...backwards([line])[0] as Flow }))
  await mustLieUnused(act, note, flows, locked)
  return noted(act, { kind: 'reversal', place: note.place, party: null, note: why, item: null, reverses: id, effectiveAt: act.at }, { flows, locked })
}

interface Moving {
  readonly flows: readonly NoteLine[]
  readonly locked: ReadonlyMap<string, LockedLot>
}

async function noted(act: Act, header: Omit<StockNote, 'id' | 'recordedAt' | 'recordedBy'>, { flows, locked }: Moving): Promise<Noted> {
  const note = await insertNote(act, { id: act.newId(), ...header })
  invariant(flows.every(({ lot }) => locked.has(lot)), 'whatever moves is locked')
  for (const [lot, { book: before }] of locked) {
    const own = flows.filter((flow) => flow.lot === lot)
    if (own.length === 0) continue
    const after = flowed(before, own, nameOf(locked.get(lot), lot))
    await keepStock(act, { lot, before, after, reason: header.kind, subject: subjectOf(note.id), effectiveAt: header.effectiveAt })
  }
  return journalled(act, { note, lines: flows })
}

async function journalled(act: Act, { note, lines }: Noted): Promise<Noted> {
  const { id, kind, place, reverses, effectiveAt } = note
  await act.journal({ action: `stock.${kind}`, kind: 'notes', subject: id, details: { place, lines, at: instantOf(effectiveAt), ...(reverses === null ? {} : { reverses }) } })
  return { note, lines }
}

const itemsOf = (lines: readonly { readonly item: string }[]): string[] => [...new Set(lines.map(({ item }) => item))].sort(byCodeUnits)

async function mustBeThere(act: Act, place: string): Promise<Recorded<Place>> {
  const found = await placeOf(act.tx, place)
  if (found === null) throw wrongAt('unknownReference', '/place', `没有场所 ${place}`, `there is no place ${place}`)
  mustReach(act, { place }, SUPPLIES_GROUP)
  return found
}

/** The moment that something is told of, at most a week back. What is told of no moment happens once the items are locked: asked for again then. */
export function toldOf(act: Act, at: string | undefined): Date {
  const moment = whenOf(at, act.at)
  if (act.at.getTime() - moment.getTime() <= BACK_DAYS_MAX * DAY_MILLISECONDS) return moment
  throw wrongAt('wrongTime', '/at', `最多补记 ${BACK_DAYS_MAX} 天以内的事；更早的请盘点`, `what is told may be at most ${BACK_DAYS_MAX} days old; count what is older`)
}

/** Refuses what a count that was made since has in it already. `of`: what is looked at was told by this note; null: it is told only now. */
export async function mustNotBeCounted({ tx }: Act, place: string, item: string, at: Date, of: StockNote | null = null): Promise<void> {
  const counted = await countedSince(tx, { place, item, at, of })
  if (counted === null) return
  throw refuse('figureIsOlder', `${place} 的 ${item} 已于 ${instantOf(counted)} 盘点，此前的出入已在其中；请按现状再盘一次`,
    `${item} at ${place} was counted at ${instantOf(counted)}, and what happened before is in that count; count again`)
}
