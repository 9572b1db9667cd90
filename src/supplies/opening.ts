import type { Act } from '../db/act.js'
import { insertRecords, type RecordKind } from '../db/records.js'
import { isKnown } from '../kernel/quantity.js'
import { insertBroughtRequests, insertOpeningLots, insertOpeningNotes } from './openingStore.js'
import type { MaterialPicture } from './picture.js'
import type { Consignment } from './stock.js'
import { atPlace, onTheWay } from './stockBook.js'
import { openingNote, subjectOf } from './noteStore.js'
import { ITEMS, KIT_PARTS, NORMS, PACKINGS, RECEIVERS, SOURCES, STAFF, SUBSTITUTES, SUPPLIES, USES } from './store.js'

const PARTY_LETTERS_MAX = 80

/** The moment of which a row’s figures are, where it says none itself. */
type Effective = (asOf: string | null) => Date

/** Puts the material of a scenario into a store that has none; what is on the road is for dispatch to bring in. */
export async function openStock(act: Act, tables: MaterialPicture, effective: Effective): Promise<void> {
  const insert = <Body extends { asOf: string | null }>(kind: RecordKind<Body>, rows: Readonly<Record<string, Body>>) =>
    insertRecords(act.tx, kind, Object.entries(rows).map(([id, body]) => ({ id, body, effectiveAt: effective(body.asOf) })), act)
  await insert(ITEMS, tables.items)
  await insert(PACKINGS, tables.packings)
  await insert(SUBSTITUTES, tables.substitutes)
  await insert(KIT_PARTS, tables.kitParts)
  await insert(NORMS, tables.norms)
  await insert(RECEIVERS, tables.receivers)
  await insert(STAFF, tables.staff)
  await insert(USES, tables.uses)
  await insert(SOURCES, tables.sources)
  await insert(SUPPLIES, tables.supplies)
  const lots = Object.entries(tables.lots).map(([id, { units, ...body }]) =>
    ({ id, body, units: isKnown(units) ? units : null, effectiveAt: effective(body.asOf), note: openingNote(id) }))
  // What nobody has counted did not come in by a note: the first count will say how much there is.
  await insertOpeningNotes(act, lots.filter(({ units }) => units !== null).map(({ note, body: { place, source }, effectiveAt }) =>
    ({ id: note, place, party: [...source].slice(0, PARTY_LETTERS_MAX).join(''), effectiveAt })))
  await insertOpeningLots(act, lots.map(({ note, ...lot }) => ({ ...lot, account: atPlace(lot.body.place), reason: 'receipt', subject: subjectOf(note) })))
  await insertBroughtRequests(act, Object.entries(tables.requests).map(([id, row]) => ({ id, row, askedAt: effective(row.askedAt) })))
}

/** What is on the road of an order, as a lot of its own: it has come from outside, and lies nowhere until it is received. */
export interface LotOnTheWay {
  readonly id: string
  readonly order: string
  readonly row: Consignment
  readonly shippedAt: Date
}

/** A scenario says what is on the road and not whose it is: that is assumed, and is said. */
const NOT_SAID = ['lot', 'authority', 'released'] as const

export const sendOnTheWay = (act: Act, lots: readonly LotOnTheWay[]): Promise<void> =>
  insertOpeningLots(act, lots.map(({ id, order, row: { item, to, units, expiresOn, source, assumed, asOf }, shippedAt }) => ({
    id, units, account: onTheWay(order), reason: 'shipment', subject: `allocation-orders/${order}`, effectiveAt: shippedAt,
    body: {
      item, place: to, lot: null, expiresOn, quarantined: false, authority: 'city', released: true, earmark: null, source,
      assumed: assumed.includes('*') ? [...assumed] : [...assumed, ...NOT_SAID], asOf,
    },
  })))
