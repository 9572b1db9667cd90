import { sql } from 'drizzle-orm'
import { type Act, actOf } from '../../src/db/act.js'
import type { Database } from '../../src/db/database.js'
import { putRecord, type RecordKind } from '../../src/db/records.js'
import { rowsOf } from '../../src/db/rows.js'
import { allocationEvent, allocationLine, allocationOrder, issuedAllocation } from '../../src/dispatch/tables.js'
import { PLACES } from '../../src/facilities/store.js'
import { invariant } from '../../src/kernel/invariant.js'
import { makeHolds } from '../../src/ledger/store.js'
import type { Item } from '../../src/supplies/items.js'
import { receive, reverse, takeOut, takeStock } from '../../src/supplies/noteCommands.js'
import { receiptSchema } from '../../src/supplies/notes.js'
import { atPlace, bookOfLot, type Flow, flowed, onTheWay, promisedMore, type StockReason } from '../../src/supplies/stockBook.js'
import {
  EQUIPMENT, ITEM_CODES, ITEMS, keepStock, KIT_PARTS, lockLots, NORMS, PACKINGS, RECEIVERS, SOURCES, STAFF, SUBSTITUTES, SUPPLIES, USES,
} from '../../src/supplies/store.js'
import { materialRequest } from '../../src/supplies/tables.js'
import type { StandingClock } from '../support/serving.js'

const SOURCE = { source: 'test', assumed: [], asOf: null }
const DEPOT = 'depot'
const WARD = 'sanxia'
const DAY = '2020-01-29'
const LATER = '2020-01-30'

type Deed = <T>(by: string, what: (act: Act) => Promise<T>) => Promise<T>

/** Something of everything that is told of material, so that no guard of it lacks a row to break. */
export async function furnishMaterial(db: Database, clock: StandingClock): Promise<void> {
  const deed: Deed = async (by, what) => {
    // Each at its own moment, so that no line of the journal speaks for another.
    clock.forward(1000)
    return db.inTransaction((tx) => what(actOf({ tx, at: clock.now(), newId: clock.newId }, by)))
  }
  await told(deed)
  const lots = await stocked(deed, clock)
  const request = await asked(deed)
  await allocated(deed, lots, request)
}

async function told(deed: Deed): Promise<void> {
  const put = <B>(kind: RecordKind<B>, id: string, body: B) => deed('store-keeper', async (act) => {
    await putRecord(act.tx, kind, { id, body, effectiveAt: act.at, before: null }, act)
    await act.journal({ action: 'record.put', kind: kind.kind, subject: id, details: {} })
  })
  const item = (zh: string, en: string): Item => ({
    name: { zh, en }, unit: 'piece', grade: 'GB 19083-2010', zones: ['red', 'buffer', 'clean'], shipsBy: null, cubicCentimetres: 100, ...SOURCE,
  })
  await put(PLACES, DEPOT, {
    name: { zh: '市级库', en: 'Depot' }, kind: 'warehouse', unit: '武隆区', underCommand: true, longitude: null, latitude: null,
    arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', ...SOURCE,
  })
  await put(ITEMS, 'mask', item('口罩', 'Mask'))
  await put(ITEMS, 'cloth', item('布口罩', 'Cloth mask'))
  await put(ITEM_CODES, 'mask/own', { item: 'mask', system: 'own', code: 'M-1', packing: null, ...SOURCE })
  await put(PACKINGS, 'mask/box', { item: 'mask', packing: 'box', units: 20, ...SOURCE })
  await put(SUBSTITUTES, 'mask/cloth', { item: 'mask', order: 1, substitute: 'cloth', ...SOURCE })
  await put(KIT_PARTS, 'set/mask', { kit: 'set', item: 'mask', units: 1, ...SOURCE })
  await put(NORMS, 'mask/shift', {
    item: 'mask', unit: 'piece', per: 'staffShift', severity: null, zone: null, role: null,
    conventionalPerMille: 2000, contingencyPerMille: 1000, crisisPerMille: 500, effectiveFrom: '2020-01-01', effectiveUntil: null, ...SOURCE,
  })
  await put(RECEIVERS, WARD, { place: WARD, suppliedBy: null, opensOn: null, ...SOURCE })
  await put(STAFF, `${WARD}/ward/red/nurse`, { place: WARD, area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 12, shiftsPerDay: 4, ...SOURCE })
  await put(USES, `${WARD}/mask`, { place: WARD, item: 'mask', days: 3, units: 240, ...SOURCE })
  await put(SOURCES, DEPOT, { place: DEPOT, keepBackPerMille: 100, litresPerDay: 2000, ...SOURCE })
  await put(SUPPLIES, 'mask→depot', {
    item: 'mask', place: DEPOT, day: LATER, units: 5000, expiresOn: null, authority: 'producer', released: true, earmark: null, ...SOURCE,
  })
  await put(EQUIPMENT, 'ventilator-1', { kind: 'ventilator', name: { zh: '呼吸机一号', en: 'Ventilator 1' }, serial: null, place: WARD, state: 'ready', onLoanFrom: null, ...SOURCE })
}

/** Two lots of masks in the depot, some used, a loss told by mistake and taken back, and a count that found fewer. */
async function stocked(deed: Deed, clock: StandingClock): Promise<{ first: string; second: string }> {
  const receipt = receiptSchema.parse({
    place: DEPOT, party: '省红十字会', authority: 'city', released: true,
    lines: [{ item: 'mask', lot: 'A1', expiresOn: '2021-01-01', count: 1000 }, { item: 'mask', lot: 'B2', expiresOn: '2022-01-01', count: 2000 }],
  })
  const { lines: [first, second] } = await deed('store-keeper', (act) => receive(act, receipt))
  invariant(first !== undefined && second !== undefined, 'two lots came in')
  const out = (kind: 'consumption' | 'loss', count: number) => deed('store-keeper', (act) =>
    takeOut(act, { place: DEPOT, kind, party: null, note: 'found so', lines: [{ item: 'mask', lot: first.lot, packing: null, count }] }))
  await out('consumption', 30)
  const { note } = await out('loss', 70)
  await deed('store-keeper', (act) => reverse(act, note.id, { note: 'found again' }))
  clock.forward(1000)
  await deed('store-keeper', (act) => takeStock(act, { place: DEPOT, item: 'mask', note: null, counted: { [first.lot]: 965, [second.lot]: 2000 } }))
  return { first: first.lot, second: second.lot }
}

/** Requests, one of each end; returns the one that was approved. */
async function asked(deed: Deed): Promise<string> {
  const ids = new Map<string, string>()
  for (const state of ['open', 'approved', 'refused'] as const) {
    const id = await deed('head-nurse', async (act) => {
      const [row] = await act.tx.insert(materialRequest).values({
        id: act.newId(), version: 1, state: 'open', place: WARD, item: 'mask', urgency: 'ordinary', asked: 400, askedAt: act.at, askedBy: act.by, recordedAt: act.at,
      }).returning({ id: materialRequest.id })
      await act.journal({ action: 'request.asked', kind: 'material-requests', subject: row?.id ?? '', details: {} })
      return row?.id ?? ''
    })
    ids.set(state, id)
    if (state === 'open') continue
    await deed('supplies-group', async (act) => {
      await act.tx.update(materialRequest).set({ version: 2, state, approved: state === 'approved' ? 300 : null, answeredAt: act.at, answeredBy: act.by }).where(sql`id = ${id}`)
      await act.journal({ action: `request.${state}`, kind: 'material-requests', subject: id, details: {} })
    })
  }
  return ids.get('approved') ?? ''
}

type Step = Pick<typeof allocationEvent.$inferInsert, 'step' | 'state'>

/** The material of the plan that was computed, approved by phone; and orders: issued, on the road, and received with a difference. */
async function allocated(deed: Deed, { first, second }: { first: string; second: string }, request: string): Promise<void> {
  const run = await deed('commander', async ({ tx, at, by, journal }) => {
    const [done] = await rowsOf<{ id: string }>(tx, sql`select min(id) as id from plan_run where state = 'done'`)
    await tx.insert(issuedAllocation).values({
      run: done?.id ?? '', maker: 'planner', approvedAt: at, recordedAt: at, approvedBy: by, confirmedAt: at, confirmedBy: by, note: null, struck: [],
      phone: { calledPost: 'desk', answeredPost: 'commander', at: at.toISOString() },
    })
    await journal({ action: 'allocation.approved', kind: 'allocation-plans', subject: done?.id ?? '', details: {} })
    return done?.id ?? ''
  })
  const step = async (act: Act, order: string, { version, ...done }: Step & { version: number }) => {
    await act.tx.insert(allocationEvent).values({ order, seq: version, ...done, at: act.at, recordedAt: act.at, recordedBy: act.by, note: null, details: {} })
    await act.journal({ action: `allocation.${done.state}`, kind: 'allocation-orders', subject: order, details: {} })
  }
  const moved = async (act: Act, lot: string, { order, flows, reason, freed = 0 }: { order: string; flows: Flow[]; reason: StockReason; freed?: number }) => {
    const { book: before = {} } = (await lockLots(act, [lot])).get(lot) ?? {}
    const unpromised = freed === 0 ? before : promisedMore(before, { place: DEPOT, more: -freed, what: lot })
    await keepStock(act, { lot, before, after: flowed(unpromised, flows, lot), reason, subject: `allocation-orders/${order}`, effectiveAt: act.at })
    if (freed > 0) await act.tx.execute(sql`update hold set state = 'settled', resolved_at = ${act.at.toISOString()} where purpose = ${`${order}/1`}`)
  }
  const issued = (id: string, lot: string, of: { kind: 'plan' | 'allocation'; run: string | null; request: string | null }) => deed('commander', async (act) => {
    await act.tx.insert(allocationOrder).values({
      id, version: 1, state: 'issued', ...of, fromPlace: DEPOT, toPlace: WARD, leavesOn: DAY, arrivesOn: LATER, issuedAt: act.at, issuedBy: act.by,
    })
    await act.tx.insert(allocationLine).values({ order: id, seq: 1, item: 'mask', lot, ordered: 300, substituteFor: id === 'A-3' ? 'cloth' : null })
    const { book: before = {} } = (await lockLots(act, [lot])).get(lot) ?? {}
    const after = promisedMore(before, { place: DEPOT, more: 300, what: lot })
    await keepStock(act, { lot, before, after, reason: 'promise', subject: `allocation-orders/${id}`, effectiveAt: act.at })
    await makeHolds(act.tx, [{ book: bookOfLot(lot), account: atPlace(DEPOT), purpose: `${id}/1`, quantity: 300, id: act.newId(), deadline: null }], act)
    await step(act, id, { version: 1, step: 'issue', state: 'issued' })
  })
  await issued('A-1', first, { kind: 'allocation', run: null, request })
  await issued('A-2', second, { kind: 'plan', run, request: null })
  await issued('A-3', second, { kind: 'plan', run, request: null })
  for (const order of ['A-2', 'A-3']) {
    await deed('store-keeper', async (act) => {
      await moved(act, second, { order, reason: 'shipment', freed: 300, flows: [{ from: atPlace(DEPOT), to: onTheWay(order), units: 300 }] })
      await act.tx.update(allocationLine).set({ shipped: 300 }).where(sql`order_id = ${order}`)
      await act.tx.update(allocationOrder).set({ version: 2, state: 'shipped', shippedAt: act.at }).where(sql`id = ${order}`)
      await step(act, order, { version: 2, step: 'ship', state: 'shipped' })
    })
  }
  await deed('head-nurse', async (act) => {
    const from = onTheWay('A-3')
    const flows = [{ from, to: atPlace(WARD), units: 290 }, { from, to: 'damaged', units: 6 }, { from, to: 'lost', units: 4 }]
    await moved(act, second, { order: 'A-3', reason: 'arrival', flows })
    await act.tx.update(allocationLine).set({ accepted: 290, damaged: 6, missing: 4, difference: 'wet' }).where(sql`order_id = 'A-3'`)
    await act.tx.update(allocationOrder).set({ version: 3, state: 'received', endedAt: act.at }).where(sql`id = 'A-3'`)
    await step(act, 'A-3', { version: 3, step: 'receive', state: 'received' })
  })
}
