import { byCodeUnits } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import { sum } from '../kernel/quantity.js'
import { refuse, type Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import type { AccountState, Book } from '../ledger/book.js'

/**
 * The ledger's book of one lot of one item, in base units: how many lie at each place, are on the way by each order, and
 * where the others went. No id has a space in it, so no book of a lot is that of a pool, and no account two of these.
 */
export const STOCK_ACCOUNTS = {
  outside: text('账外', 'outside'),
  consumed: text('已消耗', 'consumed'),
  damaged: text('已损坏', 'damaged'),
  lost: text('已丢失', 'lost'),
  expired: text('已过期', 'expired'),
  unexplained: text('盘点差异', 'unexplained'),
} as const satisfies Vocabulary<string>
export type StockAccount = keyof typeof STOCK_ACCOUNTS

/** Nobody's stock: what came from there is owed there. A count may find more than was there, or less. */
const MAY_OWE = new Set<string>(['outside', 'unexplained'] satisfies StockAccount[])

export const bookOfLot = (lot: string): string => `lot ${lot}`
export const atPlace = (place: string): string => `at ${place}`
export const onTheWay = (order: string): string => `way ${order}`
/** The place of an account of stock that lies somewhere; null: it does not. */
export const placeIn = (account: string): string | null => (account.startsWith('at ') ? account.slice('at '.length) : null)
/** The order of an account of stock on the way; null: it is not. */
export const orderIn = (account: string): string | null => (account.startsWith('way ') ? account.slice('way '.length) : null)

/** What a promise of stock is for: a line of an allocation order. */
export const purposeOfLine = (order: string, seq: number): string => `${order}/${seq}`
export const orderOfPurpose = (purpose: string): string => purpose.slice(0, purpose.lastIndexOf('/'))

/** Why stock changes its account. */
export const STOCK_REASONS = {
  receipt: text('入库', 'receipt'),
  return: text('退回供方', 'return to the supplier'),
  consumption: text('消耗', 'consumption'),
  loss: text('丢失', 'loss'),
  damage: text('损坏', 'damage'),
  expiry: text('过期', 'expiry'),
  stocktake: text('盘点', 'stocktake'),
  reversal: text('冲销', 'reversal'),
  promise: text('预占', 'promise'),
  shipment: text('发运', 'shipment'),
  arrival: text('签收', 'arrival'),
} as const satisfies Vocabulary<string>
export type StockReason = keyof typeof STOCK_REASONS

const empty = (name: string): AccountState => ({ balance: 0, counted: true, mayOwe: MAY_OWE.has(name), held: 0 })
export const accountIn = (book: Book, name: string): AccountState => book[name] ?? empty(name)

/** Base units of a lot at a place that nobody has been promised; nought while nobody has counted it. */
export function freeAt(book: Book, place: string): number {
  const { balance, held } = accountIn(book, atPlace(place))
  return balance - held
}

/** Most base units that anything here may come to: what a column of the ledger holds, with room to add. */
export const UNITS_MAX = 1_000_000_000

/** So many base units from one account of a book to another. */
export interface Flow {
  readonly from: string
  readonly to: string
  readonly units: number
}

/**
 * A book after such flows, all at once. `what` names the lot for people. Refuses notEnoughStock where a place or an order
 * would give more than it has and has not promised, doesNotAddUp where it would add to what nobody has counted, and wrongFigure where an account would grow beyond UNITS_MAX.
 */
export function flowed(book: Book, flows: readonly Flow[], what: string): Book {
  const after: Record<string, AccountState> = { ...book }
  for (const { from, to, units } of flows) {
    invariant(units > 0 && from !== to, 'stock flows in whole units from one account to another')
    const [giver, taker] = [accountIn(after, from), accountIn(after, to)]
    if (!taker.counted) {
      const place = placeIn(to) ?? to
      throw refuse('doesNotAddUp', `${place} 的 ${what} 还没有清点，不知有多少；请先盘点，再加入`, `nobody has counted ${what} at ${place}, so nothing can be added to it; count it first`)
    }
    after[from] = { ...giver, balance: giver.balance - units }
    after[to] = { ...taker, balance: taker.balance + units }
  }
  for (const [name, { balance, held, mayOwe }] of Object.entries(after)) {
    if (Math.abs(balance) > UNITS_MAX) throw tooMany(what)
    if (!mayOwe && balance < held) throw notEnough(accountIn(book, name), { name, what, wanted: accountIn(book, name).balance - balance })
  }
  return after
}

const tooMany = (what: string): Refused =>
  refuse('wrongFigure', `${what} 合计会超过 ${UNITS_MAX} 个基本单位；请核对数量`, `${what} would come to more than ${UNITS_MAX} base units; look at the figures again`)

function notEnough({ balance, held }: AccountState, { name, what, wanted }: { name: string; what: string; wanted: number }): Refused {
  const [place, order] = [placeIn(name), orderIn(name)]
  const [zh, en] = place !== null ? [`${place} `, `at ${place}`] : order !== null ? [`调拨单 ${order} 在途`, `on the way by ${order}`] : [`“${name}”`, `in ${name}`]
  const [heldZh, heldEn] = held === 0 ? ['', ''] : [`，其中 ${held} 已预占`, `, ${held} of them promised`]
  return refuse('notEnoughStock', `${zh}的 ${what} 现有 ${balance}${heldZh}，不够 ${wanted}；请先盘点，或改数量`,
    `there are ${balance} of ${what} ${en}${heldEn}, and ${wanted} are asked for; count first, or ask for fewer`)
}

/** A book in which so many more base units at a place are promised, or fewer. Refuses notEnoughStock. */
export function promisedMore(book: Book, { place, more, what }: { place: string; more: number; what: string }): Book {
  const name = atPlace(place)
  const state = accountIn(book, name)
  invariant(state.held + more >= 0, 'no more is given back than was promised')
  if (more > 0 && state.balance - state.held < more) throw notEnough(state, { name, what, wanted: more })
  return { ...book, [name]: { ...state, held: state.held + more } }
}

/** Nobody reads more orders in one sentence. */
const ORDERS_NAMED_MAX = 20

/** So many of a lot were counted at a place. `later`: what came since, less what went, the latest first. `promisedTo`: the orders of what is promised there. */
export interface Count {
  readonly place: string
  readonly counted: number
  readonly later: readonly number[]
  readonly what: string
  readonly promisedTo: readonly string[]
}

/**
 * A book in which a count found so many at a place. Refuses doesNotAddUp where more went since than there were, or more are
 * promised than are left, and wrongFigure beyond UNITS_MAX.
 */
export function counted(book: Book, { place, counted: found, later, what, promisedTo }: Count): Book {
  const name = atPlace(place)
  const before = accountIn(book, name)
  const since = sum(later)
  const units = found + since
  const most = found - fewestSince(units, later)
  if (most > found) {
    throw refuse('doesNotAddUp', `${place} 的 ${what} 盘得 ${found}，其后的单据却净出 ${most}；请核对盘点的数量和时间，或先冲销其后的单据`,
      `${found} of ${what} were counted at ${place}, and since then ${most} more went than had come; look at the figure and its time again, or reverse what was told of since`)
  }
  if (units < before.held) {
    const [zh, en] = namesOf(promisedTo)
    const [leftZh, leftEn] = since === 0 ? ['', ''] : [`，其后出入相抵尚有 ${units}`, `, which with what came and went since leaves ${units}`]
    throw refuse('doesNotAddUp',
      `${place} 的 ${what} 已预占 ${before.held}（调拨单 ${zh}），盘得 ${found}${leftZh}；请先由全市的物资保障组或指挥长取消这些调拨单（借用、归还也可由发出方的物资管理员取消），再盘点`,
      `${before.held} of ${what} at ${place} are promised (allocation orders ${en}) and ${found} were counted${leftEn}; first have those orders cancelled by the supplies group or the commander of the whole city `
        + '(a loan or a return also by the supply officer of its sender), then count again')
  }
  const more = units - before.balance
  const rest = accountIn(book, 'unexplained')
  if (units > UNITS_MAX || Math.abs(rest.balance - more) > UNITS_MAX) throw tooMany(what)
  return { ...book, [name]: { ...before, balance: units, counted: true }, unexplained: { ...rest, balance: rest.balance - more } }
}

function namesOf(orders: readonly string[]): [zh: string, en: string] {
  const named = orders.slice(0, ORDERS_NAMED_MAX)
  return orders.length > named.length
    ? [`${named.join('、')} 等 ${orders.length} 份`, `${named.join(', ')} and ${orders.length - named.length} more`]
    : [named.join('、'), named.join(', ')]
}

/** What flows back when a note is reversed. */
export const backwards = (flows: readonly Flow[]): Flow[] => flows.map(({ from, to, units }) => ({ from: to, to: from, units }))

/**
 * How few of an account there ever were since a moment, and are now: `later` are what it gained by each movement since
 * then, the latest first. What is told of that moment afterwards may take no more.
 */
export function fewestSince(balance: number, later: readonly number[]): number {
  let [fewest, then] = [balance, balance]
  for (const gained of later) {
    then -= gained
    fewest = Math.min(fewest, then)
  }
  return fewest
}

/** Behind every day on a label. */
const NEVER = '9999-12-31'

/** A lot as it may be drawn from. */
export interface Drawable {
  readonly lot: string
  readonly expiresOn: string | null
  readonly free: number
}

/**
 * So many base units out of lots, first expired first out (FEFO), lots without an expiry last, equal ones by id. Null:
 * there are not enough.
 */
export function drawn(lots: readonly Drawable[], units: number): { lot: string; units: number }[] | null {
  const inOrder = [...lots].sort((a, b) => byCodeUnits(a.expiresOn ?? NEVER, b.expiresOn ?? NEVER) || byCodeUnits(a.lot, b.lot))
  const taken: { lot: string; units: number }[] = []
  let left = units
  for (const { lot, free } of inOrder) {
    const part = Math.min(left, Math.max(0, free))
    if (part > 0) taken.push({ lot, units: part })
    left -= part
  }
  return left === 0 ? taken : null
}
