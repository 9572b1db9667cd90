import type { Act } from '../db/act.js'
import { isSeen, type Recorded } from '../db/records.js'
import type { Place } from '../facilities/places.js'
import { refuse, type Refused, wrongAt } from '../kernel/refusal.js'
import { counted as numbered, joinTexts, type Text, text } from '../kernel/text.js'
import type { Day } from '../kernel/time.js'
import type { Book } from '../ledger/book.js'
import { ofThatNumber } from './counting.js'
import { BASE_UNITS, type Item } from './items.js'
import type { NoteKind } from './notes.js'
import type { LotRecord } from './stock.js'
import { type Drawable, drawn, freeAt } from './stockBook.js'
import { type LockedLot, LOTS } from './store.js'

/** Why a lot is not used: in a sentence of its own, beside a figure, and what is done about it. */
const UNUSED = {
  expired: {
    lot: ({ expiresOn }: LotRecord) => text(`此批已于 ${expiresOn} 过期，不能使用；请作过期处理`, `the lot expired on ${expiresOn} and must not be used; write it off as expired`),
    are: text('已过期', 'expired'), then: text('过期的作过期处理', 'write off what has expired'),
  },
  notReleased: {
    lot: () => text('此批未经有权者放行，不能使用', 'the lot has not been released by whoever may dispose of it, and must not be used'),
    are: text('未放行', 'not released'), then: text('未放行的请有权者放行', 'have released what is not'),
  },
  quarantined: {
    lot: () => text('此批已封存，不能使用；请换用其他批次，此批能否解除由全市的物资保障组或物资管理员决定',
      'the lot is in quarantine and must not be used; use another one, and leave this to the supplies group or a supply officer of the whole city, who decide on it'),
    are: text('封存', 'in quarantine'), then: text('封存的能否解除由全市的物资保障组或物资管理员决定', 'leave what is in quarantine to the supplies group or a supply officer of the whole city'),
  },
} as const satisfies Readonly<Record<string, { lot: (lot: LotRecord) => Text; are: Text; then: Text }>>
type Unused = keyof typeof UNUSED
const REASONS = Object.keys(UNUSED) as Unused[]

function unusedOf({ expiresOn, quarantined, released }: LotRecord, day: Day): Unused | null {
  if (expiresOn !== null && expiresOn < day) return 'expired'
  return !released ? 'notReleased' : quarantined ? 'quarantined' : null
}

/** Why a lot does not go that way; null: it does. */
function whyNot(lot: LotRecord, kind: NoteKind, day: Day): Text | null {
  const unused = unusedOf(lot, day)
  if (kind === 'expiry' && unused !== 'expired') return text('此批还没有过期', 'the lot has not expired')
  return kind !== 'consumption' || unused === null ? null : UNUSED[unused].lot(lot)
}

interface Picking {
  readonly kind: NoteKind
  readonly day: Day
  readonly locked: ReadonlyMap<string, LockedLot>
  /** As they are after the lines before. */
  readonly books: ReadonlyMap<string, Book>
}

interface Wanted {
  readonly item: Recorded<Item>
  readonly place: Recorded<Place>
  readonly units: number
}

/** What expires first goes first; what has expired is written off and never used. */
export function firstOut(wanted: Wanted, { kind, day, locked, books }: Picking): { lot: string; units: number }[] {
  const there = [...locked].filter(([, { record }]) => record.body.item === wanted.item.id)
    .map(([lot, { record }]): Drawable & { body: LotRecord } => ({ lot, body: record.body, expiresOn: record.body.expiresOn, free: Math.max(0, freeAt(books.get(lot) ?? {}, wanted.place.id)) }))
  const fit = there.filter(({ body }) => whyNot(body, kind, day) === null)
  const picked = drawn(fit, wanted.units)
  if (picked !== null) return picked
  const [free, rest] = [sumOf(fit), there.filter((one) => !fit.includes(one))]
  if (kind === 'expiry') throw notExpired(wanted, { free, rest: sumOf(rest) })
  const unused = REASONS.map((why) => ({ why, units: sumOf(rest.filter(({ body }) => unusedOf(body, day) === why)) })).filter(({ units }) => units > 0)
  throw tooFew(wanted, { free, unused })
}

const sumOf = (lots: readonly Drawable[]): number => lots.reduce((sum, { free }) => sum + free, 0)

function notExpired(wanted: Wanted, { free, rest }: { free: number; rest: number }): Refused {
  const [at, of, unit] = wordsOf(wanted)
  return refuse('notEnoughStock', `${at.zh} 的 ${of.zh} 已过期的有 ${free} ${unit.zh}，不是 ${wanted.units}；其余 ${rest} ${unit.zh}没有过期，不能作过期处理`,
    `${numbered(free, `${unit.en}s`)} of ${of.en} at ${at.en} have expired, and ${wanted.units} are said to have; the other ${rest} have not, and are not written off as expired`)
}

function tooFew(wanted: Wanted, { free, unused }: { free: number; unused: readonly { why: Unused; units: number }[] }): Refused {
  const [at, of, unit] = wordsOf(wanted)
  const each = joinTexts(unused.map(({ why, units }) => text(`${UNUSED[why].are.zh} ${units} ${unit.zh}`, `${units} ${UNUSED[why].are.en}`)))
  const then = joinTexts(unused.map(({ why }) => UNUSED[why].then), text('，', ', '))
  const [restZh, restEn] = unused.length === 0 ? ['', ''] : [`（另有${each.zh}，不能使用）`, `, beside ${each.en}`]
  const next = unused.length === 0 ? text('请先盘点', 'count first') : then
  return refuse('notEnoughStock', `${at.zh} 可用的 ${of.zh} 只有 ${free} ${unit.zh}${restZh}，不够 ${wanted.units}；${next.zh}，或改数量`,
    `there are ${numbered(free, `${unit.en}s`)} of ${of.en} at ${at.en} that may be taken${restEn}, and ${wanted.units} are asked for; ${next.en}, or ask for fewer`)
}

const wordsOf = ({ item, place }: Wanted): [at: Text, of: Text, unit: Text] => [called(place), called(item), BASE_UNITS[item.body.unit]]

/** What people call something, and by what it is known here. */
export const called = ({ id, body: { name } }: Pick<Recorded<{ readonly name: Text }>, 'id' | 'body'>): Text => text(`${name.zh}（${id}）`, `${name.en} (${id})`)

/** A lot of an item, as a line at `at` names it: by its id, and not by the number on its packing, by which several may go at a place. */
export async function ofItem(
  act: Act, locked: ReadonlyMap<string, LockedLot>, { lot, item, place, at }: { lot: string; item: string; place: string; at: string },
): Promise<LockedLot & { id: string }> {
  const found = locked.get(lot)
  if (found?.record.body.item === item && await isSeen(act.tx, LOTS, lot, act.reach)) return { ...found, id: lot }
  const meant = await ofThatNumber(act.tx, { number: lot, item, place })
  const [zh, en] = meant === null ? ['', ''] : [`；这是批号，请填批次编号，${place} 处此批号的有：${meant.zh}`, `; that is a number on a packing: name the lot by its id, of this number there are at ${place}: ${meant.en}`]
  throw wrongAt('wrongReference', `${at}/lot`, `${item} 没有编号为 ${lot} 的批次${zh}`, `there is no lot of ${item} with the id ${lot}${en}`)
}

/** Refuses a named lot that does not go that way. */
export function mustSuit({ id, record }: LockedLot & { id: string }, { kind, day, at }: { kind: NoteKind; day: Day; at: string }): string {
  const why = whyNot(record.body, kind, day)
  if (why !== null) throw wrongAt('wrongReference', `${at}/lot`, why.zh, why.en)
  return id
}
