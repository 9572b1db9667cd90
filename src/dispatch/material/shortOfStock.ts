import type { Tx } from '../../db/database.js'
import type { Recorded } from '../../db/records.js'
import type { Place } from '../../facilities/places.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { type Refused, wrongAt } from '../../kernel/refusal.js'
import { counted, joinTexts, type Text, text } from '../../kernel/text.js'
import type { Book } from '../../ledger/book.js'
import { ordersPromised } from '../../supplies/counting.js'
import { BASE_UNITS, type Item } from '../../supplies/items.js'
import { called } from '../../supplies/lotsToUse.js'
import { accountIn, atPlace } from '../../supplies/stockBook.js'
import type { LockedLot } from '../../supplies/store.js'
import { type Going, NOT_GIVEN, type NotGiven, notGivenOf } from './lots.js'

const REASONS = Object.keys(NOT_GIVEN) as NotGiven[]
/** Nobody reads more of them in one sentence. */
const NAMED_MAX = 3

/** A line that the stock of a place does not serve. */
export interface Short {
  readonly item: Recorded<Item>
  readonly from: Recorded<Place>
  readonly going: Going
  /** Base units that are asked for, and how many of them go together. */
  readonly units: number
  readonly each: number
  /** Base units that may be given out. */
  readonly free: number
  readonly at: string
  readonly locked: ReadonlyMap<string, LockedLot>
  /** As they are after the lines before. */
  readonly books: ReadonlyMap<string, Book>
}

/** Says how few may be given out, what becomes of the others that lie there, and what may be done. */
export async function shortOfStock(tx: Tx, short: Short): Promise<Refused> {
  const { item, from, units, each, free, at } = short
  const unit = BASE_UNITS[item.body.unit]
  const { parts, then } = await restOf(tx, short)
  const [wholeZh, wholeEn] = each === 1 ? ['', ''] : ['（整件）', ' in whole packings']
  const named = joinTexts(parts.map(({ units: of, are }) => text(`${are.zh} ${of} ${unit.zh}`, `${of} ${are.en}`)))
  const [restZh, restEn] = parts.length === 0 ? ['', ''] : [`（另有${named.zh}）`, ` (beside ${named.en})`]
  const next = joinTexts([...then, text('请减少数量，或改由别处调出', 'ask for fewer, or for some from elsewhere')], text('；', '; '))
  return wrongAt('notEnoughStock', `${at}/count`, `${called(from).zh}可调出的${called(item).zh}${wholeZh}只有 ${free} ${unit.zh}${restZh}，不够 ${units}；${next.zh}`,
    `there are ${counted(free, `${unit.en}s`)} of ${called(item).en}${wholeEn} at ${called(from).en} that may be given out${restEn}, and ${units} are asked for; ${next.en}`)
}

/** What lies there and is not given out: by why, each with what may be done about it. */
async function restOf(tx: Tx, { item, from, going, each, free, locked, books }: Short): Promise<{ parts: { units: number; are: Text }[]; then: Text[] }> {
  const rest = new Map<NotGiven, number>()
  const orders = new Set<string>()
  let [promised, before, given, uncounted] = [0, 0, 0, 0]
  for (const [lot, { record, book }] of locked) {
    const { balance, held, counted: isCounted } = accountIn(book, atPlace(from.id))
    if (record.body.item !== item.id) continue
    if (!isCounted) uncounted += 1
    const now = accountIn(books.get(lot) ?? {}, atPlace(from.id))
    promised += held
    before += now.held - held
    if (held > 0) for (const order of await ordersPromised(tx, lot, from.id)) orders.add(order)
    const why = notGivenOf(record.body, going)
    if (why === null) given += balance - now.held
    else if (balance > held) rest.set(why, (rest.get(why) ?? 0) + balance - held)
  }
  const loose = each === 1 ? 0 : given - free
  const parts = [
    { units: promised, are: promisedTo([...orders].sort(byCodeUnits)) }, { units: before, are: text('列在本单前面各行', 'on the lines before') },
    { units: loose, are: text('不成整件', 'in no whole packing') }, ...REASONS.map((why) => ({ units: rest.get(why) ?? 0, are: NOT_GIVEN[why].are })),
  ].filter(({ units }) => units > 0)
  const then = REASONS.flatMap((why) => (rest.has(why) ? NOT_GIVEN[why].then ?? [] : []))
  return { parts, then: uncounted === 0 ? then : [text(`有 ${uncounted} 批还没有清点，请先盘点`, `${counted(uncounted, 'lots')} nobody has counted yet: count first`), ...then] }
}

function promisedTo(orders: readonly string[]): Text {
  const named = orders.slice(0, NAMED_MAX)
  return named.length === orders.length
    ? text(`已预占给 ${named.join('、')} 的`, `promised to ${named.join(', ')}`)
    : text(`已预占给 ${named.join('、')} 等 ${orders.length} 份调拨单的`, `promised to ${named.join(', ')} and ${orders.length - named.length} more`)
}
