import { type Act, matchVersion } from '../../db/act.js'
import { placeOf } from '../../facilities/store.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { isSamePost } from '../../kernel/ids.js'
import { invariant } from '../../kernel/invariant.js'
import { type Detail, notFound, refuse, Refused } from '../../kernel/refusal.js'
import { text } from '../../kernel/text.js'
import { dayOf, instantOf } from '../../kernel/time.js'
import { whenOf } from '../../kernel/when.js'
import { resolveHold } from '../../ledger/store.js'
import { mustNotBeCounted, toldOf } from '../../supplies/noteCommands.js'
import { mustHaveHad } from '../../supplies/pastStock.js'
import { atPlace, bookOfLot, type Flow, flowed, onTheWay, promisedMore, purposeOfLine, type StockReason } from '../../supplies/stockBook.js'
import type { NoteLine } from '../../supplies/noteStore.js'
import { keepStock, type LockedLot, nameOf } from '../../supplies/store.js'
import type { ReceiptAsk, ShipmentAsk } from './bodies.js'
import { ALLOCATION_RECORDS, lockStock, subjectOfAllocation } from './issuing.js'
import { receivedOf, shippedOf } from './lines.js'
import { whyNotGiven } from './lots.js'
import { type AllocationState, type AllocationStep, comesOn } from './allocations.js'
import { allocationAfter, concernsPlaces } from './steps.js'
import {
  type Allocation, allocationById, type AllocationEvent, allocationEventsOf, allocationRecordedAt, changeAllocation, lastStepOfAllocation, type LineChange,
} from './store.js'
import type { StepBody } from '../stepBodies.js'

export const ALLOCATION_ORDER = text('调拨单', 'allocation order')

/** Refuses with changedMeanwhile who saw another version of an order than the one that stands. */
export async function matchAllocation(act: Act, { order: { id, version } }: Allocation): Promise<void> {
  if (act.ifMatch === undefined) return
  const [last] = await allocationEventsOf(act.tx, id, { after: version - 1, limit: 1 })
  matchVersion(act, { version, ...last })
}

/** An order whose step is lawful, locked, with its stock, and the moment that the step is told of. */
interface Begun {
  readonly found: Allocation
  readonly name: AllocationStep
  readonly to: AllocationState
  readonly locked: ReadonlyMap<string, LockedLot>
  readonly at: Date
  /** Who made the step before. */
  readonly after: string
}

/** Refuses: notFound, changedMeanwhile, forbidden, stepOutOfOrder, wrongTime. */
async function begin(act: Act, id: string, name: AllocationStep, { at: stated }: Pick<StepBody, 'at'>): Promise<Begun> {
  const found = await allocationById(act.tx, id, true)
  if (found === null || !concernsPlaces(act.reach, found.order)) throw notFound(id, ALLOCATION_ORDER)
  await matchAllocation(act, found)
  const last = await lastStepOfAllocation(act.tx, id)
  act.notBefore(await allocationRecordedAt(act.tx, id))
  const to = allocationAfter(act.who, name, { ...found.order, since: last.at, by: last.recordedBy })
  const locked = await lockStock(act, found.lines.map(({ lot }) => lot))
  const at = stated === undefined ? whenOf(stated, act.at, last.at) : toldOf(act, stated)
  if (at < last.at) throw refuse('wrongTime', `不能早于上一步（${instantOf(last.at)}）`, `it cannot be earlier than the step before (${instantOf(last.at)})`)
  return { found, name, to, locked, at, after: last.recordedBy }
}

interface Moved {
  /** By lot. */
  readonly flows: readonly NoteLine[]
  readonly reason: StockReason
  /** Base units of each lot that are promised no more where they lie. */
  readonly freed?: { readonly place: string; readonly units: ReadonlyMap<string, number> }
}

/** The stock as it is after it. */
async function moved(act: Act, { found: { order, lines }, locked, at }: Begun, { flows, reason, freed }: Moved): Promise<ReadonlyMap<string, LockedLot>> {
  const left = new Map(locked)
  for (const lot of [...new Set(lines.map((line) => line.lot))].sort(byCodeUnits)) {
    const one = locked.get(lot)
    invariant(one !== undefined, 'whoever moves stock has locked it')
    const { book: before } = one
    const own: Flow[] = flows.filter((flow) => flow.lot === lot).map(({ from, to, units }) => ({ from, to, units }))
    const what = nameOf(one, lot)
    const free = freed === undefined ? before : promisedMore(before, { place: freed.place, more: -(freed.units.get(lot) ?? 0), what })
    const after = flowed(free, own, what)
    await keepStock(act, { lot, before, after, reason, subject: subjectOfAllocation(order.id), effectiveAt: at })
    left.set(lot, { ...one, book: after })
  }
  return left
}

interface Finished {
  readonly order: Partial<Allocation['order']>
  readonly lines: ReadonlyMap<number, LineChange>
  readonly details: AllocationEvent['details']
}

async function finish(act: Act, { found, name, to, at }: Begun, note: string | undefined, { order, lines, details }: Finished): Promise<Allocation> {
  const changed = await changeAllocation(act.tx, found, { order: { ...order, state: to }, lines },
    { step: name, at, recordedAt: act.at, by: act.by, note: note ?? null, details })
  await act.journal({ action: `allocation.${to}`, kind: ALLOCATION_RECORDS, subject: found.order.id, details: { from: found.order.state, to, at: instantOf(at), ...details } })
  return changed
}

/** What an order promised where it lies is promised no more: the promises themselves end, and so many units of each lot are free. */
async function freedOf(act: Act, { found: { order, lines } }: Begun, as: 'settled' | 'voided'): Promise<Required<Moved>['freed']> {
  const { fromPlace } = order
  invariant(fromPlace !== null, 'what comes from outside is on the road from the first')
  const units = new Map<string, number>()
  for (const { seq, lot, ordered } of lines) {
    await resolveHold(act.tx, { book: bookOfLot(lot), account: atPlace(fromPlace), purpose: purposeOfLine(order.id, seq) }, as, act.at)
    units.set(lot, (units.get(lot) ?? 0) + ordered)
  }
  return { place: fromPlace, units }
}

/**
 * The vehicle leaves with so much of each line, at most what was ordered. A lot that may no longer be given out stays. Refuses
 * also: wrongReference, doesNotAddUp, breaksMust, figureIsOlder, notEnoughStock.
 */
export async function ship(act: Act, id: string, { vehicle, carrier, lines: told, note, at: stated }: ShipmentAsk): Promise<Allocation> {
  const begun = await begin(act, id, 'ship', { at: stated })
  const { found: { order, lines }, locked, at } = begun
  const { fromPlace } = order
  invariant(fromPlace !== null, 'an issued order leaves a place of this system')
  const shipped = shippedOf(order.id, lines, told)
  await checkStillGiven(act, begun, shipped)
  for (const item of new Set(lines.filter(({ seq }) => (shipped.get(seq) ?? 0) > 0).map((line) => line.item))) await mustNotBeCounted(act, fromPlace, item, at)
  const flows = lines.flatMap(({ seq, lot }): NoteLine[] => {
    const units = shipped.get(seq) ?? 0
    return units === 0 ? [] : [{ lot, from: atPlace(fromPlace), to: onTheWay(order.id), units }]
  })
  await mustHaveHad(act, fromPlace, flows, locked, at)
  await moved(act, begun, { flows, reason: 'shipment', freed: await freedOf(act, begun, 'settled') })
  const by = { ...(vehicle === undefined ? {} : { vehicle }), ...(carrier === undefined ? {} : { carrier }) }
  return finish(act, begun, note, {
    order: { ...by, shippedAt: at }, lines: new Map(lines.map(({ seq }) => [seq, { shipped: shipped.get(seq) ?? 0 }])),
    details: { ...by, lines: lines.map(({ seq, item, lot }) => ({ seq, item, lot, units: shipped.get(seq) ?? 0 })) },
  })
}

/** Lots are looked at again at the door: whatever is locked away or has expired by now does not leave. */
async function checkStillGiven(act: Act, { found: { order, lines }, locked, at }: Begun, shipped: ReadonlyMap<number, number>): Promise<void> {
  const receiver = await placeOf(act.tx, order.toPlace)
  const going = { to: order.toPlace, unit: receiver?.body.unit ?? '', arrivesOn: comesOn(order, dayOf(at)) }
  const details = lines.flatMap(({ seq, lot }): Detail[] => {
    const record = locked.get(lot)?.record
    const why = record === undefined || shipped.get(seq) === 0 ? null : whyNotGiven(record.body, going)
    return why === null ? [] : [{ pointer: `lines/${seq}`, want: text(`第 ${seq} 行：${why.zh}`, `line ${seq}: ${why.en}`) }]
  })
  if (details.length === 0) return
  throw new Refused({
    code: 'breaksMust', details,
    text: text('所列各行的批次现在不能调出；将其发运数填 0，或取消此单', 'lots of the lines that are listed may not be given out now; ship 0 of these lines, or cancel the order'),
  })
}

/** What came is looked through at the door: accepted, damaged or missing, together all that was shipped. Refuses also: doesNotAddUp, invalidInput, figureIsOlder, and forbidden to whoever shipped it, where some did not come. */
export async function receiveAllocation(act: Act, id: string, { lines: told, note, at: stated }: ReceiptAsk): Promise<Allocation> {
  const begun = await begin(act, id, 'receive', { at: stated })
  const { found: { order, lines }, at } = begun
  const found = receivedOf(order.id, lines, told)
  // Whoever owes stock does not clear themselves: not by losing it, and not by signing for less.
  if (isSamePost(begun.after, act.by) && [...found.values()].some(({ damaged, missing }) => damaged + missing > 0)) {
    throw refuse('forbidden', `此单由 ${act.by} 发运，有损坏或短少时须由接收方另一人签收`, `${act.by} shipped it; where some is damaged or missing, somebody else signs for it where it came to`)
  }
  for (const item of new Set(lines.filter(({ seq }) => (found.get(seq)?.accepted ?? 0) > 0).map((line) => line.item))) await mustNotBeCounted(act, order.toPlace, item, at)
  const flows = lines.flatMap(({ seq, lot }) => {
    const { accepted = 0, damaged = 0, missing = 0 } = found.get(seq) ?? {}
    return ([[atPlace(order.toPlace), accepted], ['damaged', damaged], ['lost', missing]] as const)
      .filter(([, units]) => units > 0).map(([to, units]): NoteLine => ({ lot, from: onTheWay(order.id), to, units }))
  })
  await moved(act, begun, { flows, reason: 'arrival' })
  return finish(act, begun, note, { order: { endedAt: at }, lines: found, details: { lines: lines.map(({ seq, item, lot }) => ({ seq, item, lot, ...found.get(seq) })) } })
}

/** All that is on the road is lost: not by the word of whoever shipped it. */
export async function lose(act: Act, id: string, { note, at: stated }: StepBody): Promise<Allocation> {
  const begun = await begin(act, id, 'lose', { at: stated })
  if (isSamePost(begun.after, act.by)) throw refuse('forbidden', `此单由 ${act.by} 发运，途中丢失须由他人认定`, `${act.by} shipped it; somebody else says that it is lost`)
  const { found: { order, lines }, at } = begun
  const flows = lines.map(({ lot, shipped }): NoteLine => ({ lot, from: onTheWay(order.id), to: 'lost', units: shipped ?? 0 })).filter(({ units }) => units > 0)
  await moved(act, begun, { flows, reason: 'loss' })
  return finish(act, begun, note, { order: { endedAt: at }, lines: new Map(), details: { lines: flows.map((flow) => ({ lot: flow.lot, units: flow.units })) } })
}

/** Nothing leaves: what was promised is free again. */
export async function cancelAllocation(act: Act, id: string, { note, at: stated }: StepBody): Promise<Allocation> {
  return (await cancelled(act, await begin(act, id, 'cancel', { at: stated }), note, {})).allocation
}

async function cancelled(
  act: Act, begun: Begun, note: string | undefined, details: AllocationEvent['details'],
): Promise<{ allocation: Allocation; left: ReadonlyMap<string, LockedLot> }> {
  const left = await moved(act, begun, { flows: [], reason: 'promise', freed: await freedOf(act, begun, 'voided') })
  return { left, allocation: await finish(act, begun, note, { order: { endedAt: begun.at }, lines: new Map(), details }) }
}

/**
 * The same of several orders of one plan that are issued, at one moment: all of their stock is locked before the first of
 * them is written down. Whoever does it has locked the desk and the orders.
 */
export async function cancelTogether(act: Act, orders: readonly Allocation[], { note, run }: { note: string; run: string }): Promise<void> {
  if (orders.length === 0) return
  act.notBefore(await allocationRecordedAt(act.tx, ...orders.map(({ order }) => order.id)))
  let locked: ReadonlyMap<string, LockedLot> = await lockStock(act, orders.flatMap(({ lines }) => lines.map(({ lot }) => lot)))
  for (const found of orders) {
    const to = allocationAfter(act.who, 'cancel', { ...found.order, since: found.order.issuedAt, by: found.order.issuedBy })
    // Two orders may take of one lot: the second finds it as the first left it.
    locked = (await cancelled(act, { found, name: 'cancel', to, locked, at: act.at, after: found.order.issuedBy }, note, { run })).left
  }
}
