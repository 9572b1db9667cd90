import { checkAuthority } from '../../access/authority.js'
import { checkCall } from '../../access/phone.js'
import type { Act } from '../../db/act.js'
import type { Recorded } from '../../db/records.js'
import type { Place } from '../../facilities/places.js'
import { placeOf } from '../../facilities/store.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { isSamePost } from '../../kernel/ids.js'
import { invariant, mustGet } from '../../kernel/invariant.js'
import { notFound, refuse, refuseAt, wrongAt } from '../../kernel/refusal.js'
import { isWithin, reachOf } from '../../kernel/roles.js'
import { type Day, dayAfter, dayOf } from '../../kernel/time.js'
import type { Book } from '../../ledger/book.js'
import type { Item } from '../../supplies/items.js'
import { ofItem } from '../../supplies/lotsToUse.js'
import { unitsOf } from '../../supplies/noteLines.js'
import type { OutLine } from '../../supplies/notes.js'
import { drawn, freeAt, promisedMore } from '../../supplies/stockBook.js'
import { type LockedLot, lockItems, lockLots, lotsAt, nameOf, packingOf, sourcesByPlace } from '../../supplies/store.js'
import type { AllocationAsk } from './bodies.js'
import { issueAllocations, type NewAllocation } from './issuing.js'
import { type Going, whyNotGiven } from './lots.js'
import { isGivenFreely } from './steps.js'
import { type Allocation, allocationById, allocationRecordedAt, changeAllocation } from './store.js'
import { ALLOCATION_ORDER, matchAllocation } from './commands.js'
import { checkNotAsked, checkWithin, lockAnswered } from './answering.js'
import type { StepBody } from '../stepBodies.js'
import { shortOfStock } from './shortOfStock.js'
import { lockDesk } from '../store.js'

/** Nobody knows the stock of a day so far ahead. */
const AHEAD_DAYS_MAX = 30

/** A line of the request with its base units, and how many of them go together. */
interface Wanted extends Pick<OutLine, 'item' | 'lot'> {
  readonly units: number
  /** Base units of the packing that is not opened; 1: single units do. */
  readonly each: number
  readonly at: string
}

/**
 * An order outside any plan: given out by the city, or lent or given back by a place of its own accord. Where no lot is
 * named, what expires first goes first, among lots that may go there. Refuses: forbidden, ownRequest, invalidInput,
 * unknownReference, wrongReference, wrongTime, wrongFigure, notEnoughStock.
 */
export async function issueAllocation(act: Act, ask: AllocationAsk): Promise<Allocation> {
  await lockDesk(act)
  const { from, to } = ask
  const sender = await placeOf(act.tx, from)
  if (sender === null) throw wrongAt('unknownReference', '/from', `没有场所 ${from}`, `there is no place ${from}`)
  await checkMayGive(act, ask)
  const receiver = await placeOf(act.tx, to)
  if (receiver === null) throw wrongAt('unknownReference', '/to', `没有场所 ${to}`, `there is no place ${to}`)
  if (from === to) throw refuseAt('/to', '发出与接收应是两个场所', 'it goes to another place than it leaves')
  const days = daysOf(act, ask)
  const request = await lockAnswered(act, ask)
  const wanted: Wanted[] = []
  for (const [index, line] of ask.lines.entries()) {
    const at = `/lines/${index}`
    const units = await unitsOf(act.tx, line, at)
    const each = line.packing === null ? 1 : (await packingOf(act.tx, line.item, line.packing))?.units ?? 1
    wanted.push({ item: line.item, lot: line.lot, units, each, at })
  }
  if (request !== null) await checkWithin(act, request, wanted)
  const items = [...new Set(wanted.map(({ item }) => item))].sort(byCodeUnits)
  const known = await lockItems(act, items)
  const there: string[] = []
  for (const item of items) there.push(...await lotsAt(act.tx, from, item))
  const locked = await lockLots(act, [...new Set([...wanted.flatMap(({ lot }) => lot ?? []), ...there])])
  const lines = await linesFor(act, wanted, { from: sender, items: known, going: { to, unit: receiver.body.unit, arrivesOn: days.arrivesOn }, locked })
  const { kind, reason, phone = null } = ask
  const [issued] = await issueAllocations(act, [{ kind, from, to, ...days, reason, request: request?.id ?? null, phone, run: null, shipment: null, lines }], locked)
  invariant(issued !== undefined, 'what is issued is an order')
  return issued
}

/**
 * The city gives out; what a place lends or gives back from its own stock is its own decision. What lies at a source is the
 * city's to give, whatever it is called.
 */
async function checkMayGive(act: Act, { kind, from, phone }: AllocationAsk): Promise<void> {
  if (phone !== undefined) {
    checkAuthority(act.who, ['material'], { byPhone: true })
    await checkCall(act, phone, null, 'material')
    return
  }
  const isSource = (await sourcesByPlace(act.tx)).has(from)
  if (isGivenFreely(kind) && !isSource && isWithin(reachOf(act.who, ['supplyOfficer', 'suppliesGroup']), { place: from })) return
  if (isGivenFreely(kind) && !isSource && !reachOf(act.who, ['suppliesGroup', 'commander']).isCity) {
    throw refuse('forbidden', `${from} 的物资由该处物资管理员，或全市的物资保障组、指挥长借出、归还`, `what ${from} lends or gives back is for its own supply officer, or for the supplies group or the commander of the whole city`)
  }
  checkAuthority(act.who, ['material'], { byPhone: false })
}

function daysOf(act: Act, ask: AllocationAsk): { leavesOn: Day; arrivesOn: Day } {
  const today = dayOf(act.at)
  const leavesOn = ask.leavesOn ?? today
  const arrivesOn = ask.arrivesOn ?? leavesOn
  if (leavesOn < today) throw wrongAt('wrongTime', '/leavesOn', `${leavesOn} 已过；今天是 ${today}`, `${leavesOn} is over; it is ${today} today`)
  if (arrivesOn < leavesOn) throw wrongAt('wrongTime', '/arrivesOn', `${arrivesOn} 早于发运日 ${leavesOn}`, `${arrivesOn} is before it leaves, on ${leavesOn}`)
  const last = dayAfter(today, AHEAD_DAYS_MAX)
  if (arrivesOn > last) throw wrongAt('wrongTime', ask.arrivesOn === undefined ? '/leavesOn' : '/arrivesOn', `${arrivesOn} 太远；最晚 ${last}`, `${arrivesOn} is too far ahead; ${last} is the last day`)
  return { leavesOn, arrivesOn }
}

interface Store {
  readonly from: Recorded<Place>
  readonly items: ReadonlyMap<string, Recorded<Item>>
  readonly going: Going
  readonly locked: ReadonlyMap<string, LockedLot>
}

/** Lines of the order, one for each lot that a line of the request is served from; each line sees what those before it took. */
async function linesFor(act: Act, wanted: readonly Wanted[], store: Store): Promise<NewAllocation['lines']> {
  const { from, items, going, locked } = store
  const books = new Map([...locked].map(([lot, { book }]) => [lot, book]))
  const lines: NewAllocation['lines'][number][] = []
  for (const one of wanted) {
    const picked = one.lot === null ? firstOut(one, store, books) : [{ lot: await named(act, { ...one, lot: one.lot }, store), units: one.units }]
    if (!Array.isArray(picked)) throw await shortOfStock(act.tx, { ...one, ...picked, item: mustGet(items, one.item, 'item'), from, going, locked, books })
    for (const { lot, units } of picked) {
      books.set(lot, promisedMore(books.get(lot) ?? {}, { place: from.id, more: units, what: nameOf(locked.get(lot), lot) }))
      lines.push({ item: one.item, lot, ordered: units, substituteFor: null })
    }
  }
  return lines
}

async function named(act: Act, { item, lot, at }: Wanted & { lot: string }, { from, going, locked }: Store): Promise<string> {
  const { record } = await ofItem(act, locked, { lot, item, place: from.id, at })
  const why = whyNotGiven(record.body, going)
  if (why !== null) throw wrongAt('wrongReference', `${at}/lot`, `${why.zh}，不能调出`, `${why.en}, so none of it is given out`)
  return lot
}

/** What of a line goes out of which lot, or how few may be given out where they do not serve it. */
function firstOut({ item, units, each }: Wanted, { from, going, locked }: Store, books: ReadonlyMap<string, Book>): { lot: string; units: number }[] | { free: number } {
  const lots = [...locked].filter(([, { record }]) => record.body.item === item && whyNotGiven(record.body, going) === null)
    // A packing is not opened: of each lot only whole ones go.
    .map(([lot, { record }]) => ({ lot, expiresOn: record.body.expiresOn, free: Math.floor(Math.max(0, freeAt(books.get(lot) ?? {}, from.id)) / each) * each }))
  return drawn(lots, units) ?? { free: lots.reduce((sum, { free }) => sum + free, 0) }
}

/** The paper after an order by phone. Refuses: notFound, changedMeanwhile, forbidden, ownPlan, ownRequest, tooLate. */
export async function confirmAllocationOrder(act: Act, id: string, { note }: StepBody): Promise<Allocation> {
  const found = await allocationById(act.tx, id, true)
  if (found === null) throw notFound(id, ALLOCATION_ORDER)
  await matchAllocation(act, found)
  act.notBefore(await allocationRecordedAt(act.tx, id))
  checkAuthority(act.who, ['material'], { byPhone: false })
  const { order } = found
  if (isSamePost(order.issuedBy, act.by)) throw refuse('ownPlan', `此调拨单由 ${act.by} 登记，须由他人补签`, `${act.by} put the order down; somebody else confirms it`)
  await checkNotAsked(act, order)
  if (order.phone === null || order.confirmedAt !== null) throw refuse('tooLate', '此调拨单无须补签，或已补签', 'the order needs no paper, or has it already')
  const changed = await changeAllocation(act.tx, found, { order: { confirmedAt: act.at, confirmedBy: act.by }, lines: new Map() },
    { step: 'confirm', at: act.at, recordedAt: act.at, by: act.by, note: note ?? null, details: {} })
  await act.journal({ action: 'allocation.orderConfirmed', kind: 'allocation-orders', subject: id, details: { phone: order.phone } })
  return changed
}
