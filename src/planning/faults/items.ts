import { closest } from '../../kernel/nearest.js'
import { shown } from '../../kernel/shown.js'
import { text } from '../../kernel/text.js'
import { dayAfter } from '../../kernel/time.js'
import { BASE_UNITS, unitsShipped } from '../../supplies/items.js'
import type { Norm } from '../../supplies/norms.js'
import { families, lotsOfUse } from '../material/lotsOfUse.js'
import { type Check, type Report, rowOf, type Sound, wordsOf } from './faultList.js'

/** What an item ships by is a packing of its own, and no packing of it has two sizes. */
export const checkPackings: Check = (sound, report) => {
  const packingsOf = new Map<string, string[]>()
  const ofName = new Map<string, string>()
  for (const [id, { item, packing }] of Object.entries(sound.packings)) {
    packingsOf.set(item, [...(packingsOf.get(item) ?? []), packing])
    const other = once(ofName, id, [item, packing])
    if (other === null) continue
    report({ table: 'packings', id, field: 'packing', got: packing }, text(
      `同一品种的包装不能重名；${shown(other)} 已用此名`,
      `packings of one item must have different names; ${shown(other)} already has this one`,
    ))
  }
  for (const [id, { shipsBy }] of Object.entries(sound.items)) {
    const known = packingsOf.get(id) ?? []
    // With a packing whose name cannot be read, what it ships by may be that one. One that can be read is of the name it says.
    const row = `${id}/${shipsBy}`
    if (shipsBy === null || known.includes(shipsBy) || (sound.has('packings', row) && !Object.hasOwn(sound.packings, row))) continue
    report({ table: 'items', id, field: 'shipsBy', got: shipsBy }, () => {
      if (known.length === 0) return text('此品种没有登记任何包装：补一行包装，或留空', 'must be empty: the item has no packing; state one, or leave this out')
      const near = closest(shipsBy, known)
      return text(`应为此品种的包装之一：${known.join('、')}${near.zh}`, `must be a packing of this item: ${known.join(', ')}${near.en}`)
    })
  }
}

/** Instead of an item stands another, each in its own turn, and no chain of them leads back to where it began. */
export const checkSubstitutes: Check = (sound, report) => {
  const rows = Object.entries(sound.substitutes)
  const inTurn = new Map<string, string>()
  const ofPair = new Map<string, string>()
  for (const [id, { item, order, substitute }] of rows) {
    if (item === substitute) {
      report({ table: 'substitutes', id, field: 'substitute', got: substitute }, text('不能以自身替代，请写另一品种', 'an item must not stand in for itself: name another'))
      continue
    }
    const pair = once(ofPair, id, [item, substitute])
    if (pair !== null) {
      report({ table: 'substitutes', id, field: 'substitute', got: substitute }, text(`同一替代只写一行；${shown(pair)} 已写`, `one substitute must stand once; ${shown(pair)} already states it`))
      continue
    }
    const turn = once(inTurn, id, [item, order])
    if (turn === null) continue
    report({ table: 'substitutes', id, field: 'order', got: order }, text(
      `同一品种的替代次序不能重复；${shown(turn)} 已用此序号`,
      `substitutes of one item must come in different order; ${shown(turn)} already has this number`,
    ))
  }
  reportCircle(sound, report)
  reportUnlike(sound, report)
}

/** A lot of use of items that stand in for each other is at most so many of the largest packing among them. */
const PACKINGS_TOGETHER_MAX = 20

/** What goes out together is whole packings of an item and of whatever stands in for it: of 480 and of 500 that is 12,000, which no ward needs. */
function reportUnlike({ items, packings, substitutes }: Sound, report: Report): void {
  const packed = (item: string): number => {
    const body = items[item]
    return body === undefined ? 1 : unitsShipped(body, Object.values(packings).filter((packing) => packing.item === item))
  }
  const together = lotsOfUse({ items, packings, substitutes })
  const rows = Object.entries(substitutes)
  for (const family of families(Object.keys(items), rows.map(([, { item, substitute }]) => [item, substitute]))) {
    const lot = together.get(family[0] ?? '') ?? 1
    // One row of them is told: without it, or with another packing, the rest may fit.
    const worst = rows.find(([, { item, substitute }]) => family.includes(item) && packed(item) !== packed(substitute))
    if (worst === undefined || lot <= PACKINGS_TOGETHER_MAX * Math.max(...family.map(packed))) continue
    const [id, { item, substitute }] = worst
    const [own, others] = [packed(item), packed(substitute)]
    report({ table: 'substitutes', id, field: 'substitute', got: substitute }, text(
      `${shown(item)} 每件 ${own}、${shown(substitute)} 每件 ${others}，连同其他替代品，凑成整件至少 ${lot}，各处都用不了；请改为按较小的包装发运（ships_by），或不登记此替代`,
      `${shown(item)} ships by ${own} and ${shown(substitute)} by ${others}: with whatever else stands in, whole packings of all are ${lot} at least, which no place needs; ship one by a smaller packing (ships_by), or leave this row out`,
    ))
  }
}

/** Two items that stand in for each other would each wait for the other to be used up. The row that closes a circle is told. */
function reportCircle(sound: Sound, report: Report): void {
  const standsIn = new Map<string, string[]>()
  const leadsTo = (from: string, to: string): boolean => {
    const seen = new Set([from])
    for (const item of seen) {
      if (item === to) return true
      for (const next of standsIn.get(item) ?? []) seen.add(next)
    }
    return false
  }
  for (const [id, { item, substitute }] of Object.entries(sound.substitutes)) {
    if (item === substitute) continue
    if (leadsTo(substitute, item)) {
      report({ table: 'substitutes', id, field: 'substitute', got: substitute }, text(
        `替代成环：${shown(substitute)} 已（经其他品种）由 ${shown(item)} 替代；只写一个方向`,
        `substitutes must not run in a circle: ${shown(item)} already stands in for ${shown(substitute)}, by itself or through others; keep one direction`,
      ))
    } else standsIn.set(item, [...(standsIn.get(item) ?? []), substitute])
  }
}

/** A part stands in a kit once, with all its units. */
export const checkKitParts: Check = (sound, report) => {
  const ofPart = new Map<string, string>()
  for (const [id, { kit, item }] of Object.entries(sound.kitParts)) {
    const other = once(ofPart, id, [kit, item])
    if (other === null) continue
    report({ table: 'kitParts', id, field: 'item', got: item }, text(
      `同一套件中一个品种只写一行；${shown(other)} 已写`, `an item must stand once in a kit; ${shown(other)} already has it`))
  }
}

/** A norm counts in its item's own unit, by what its basis has, in days that do not overlap those of another. */
export const checkNorms: Check = (sound, report) => {
  const norms = Object.entries(sound.norms)
  const sameUse = new Map<string, [id: string, norm: Norm][]>()
  for (const [id, norm] of norms) {
    const item = rowOf(sound.items, norm.item)
    if (item !== undefined && item.unit !== norm.unit) {
      const { zh, en } = wordsOf(BASE_UNITS, [item.unit])
      report({ table: 'norms', id, field: 'unit', got: norm.unit }, text(
        `定额须用该品种自己的计量单位：${zh}`, `a norm must count in the unit of its item, ${en}`))
    }
    reportBasis(id, norm, report)
    if (norm.effectiveUntil !== null && norm.effectiveUntil <= norm.effectiveFrom) {
      report({ table: 'norms', id, field: 'effectiveUntil', got: norm.effectiveUntil }, text(
        `是不再有效的第一天，须晚于生效日 ${norm.effectiveFrom}`,
        `is the first day on which it no longer holds, so it must be later than ${norm.effectiveFrom}`,
      ))
      continue
    }
    const use = JSON.stringify([norm.item, norm.per, norm.severity, norm.zone, norm.role])
    const others = sameUse.get(use) ?? []
    sameUse.set(use, [...others, [id, norm]])
    const clash = others.find(([, other]) => overlap(other, norm))
    if (clash === undefined) continue
    const until = clash[1].effectiveUntil
    report({ table: 'norms', id, field: 'effectiveFrom', got: norm.effectiveFrom }, text(
      `同一用途的定额有效期不能重叠；${shown(clash[0])} ${clash[1].effectiveFrom} 起有效${until === null ? '，未写截止' : `，至 ${dayAfter(until, -1)}`}`,
      `norms of one use must not overlap in time; ${shown(clash[0])} holds from ${clash[1].effectiveFrom} ${until === null ? 'on' : `to ${dayAfter(until, -1)}`}`,
    ))
  }
}

/** Patients have a severity, people on shift a zone and a role, a trip neither: what the basis lacks would never be read. */
function reportBasis(id: string, norm: Norm, report: Report): void {
  const fields = { patientDay: ['zone', 'role'], staffShift: ['severity'], trip: ['severity', 'zone', 'role'] } as const
  for (const field of fields[norm.per]) {
    if (norm[field] === null) continue
    report({ table: 'norms', id, field, got: norm[field] }, text(
      '请留空：病情只用于每患者每日的定额，区域和岗位只用于每人每班的定额',
      'must be empty: severity is for norms per patient and day, zone and role are for norms per person and shift',
    ))
  }
}

/** Days from the first to the one before the second. */
const overlap = (a: Norm, b: Norm): boolean =>
  (b.effectiveUntil === null || a.effectiveFrom < b.effectiveUntil) && (a.effectiveUntil === null || b.effectiveFrom < a.effectiveUntil)

/** Who stood there first under the same words; null: nobody, and from now on this id does. */
export function once(seen: Map<string, string>, id: string, words: readonly (string | number)[]): string | null {
  const key = JSON.stringify(words)
  const before = seen.get(key)
  if (before === undefined) seen.set(key, id)
  return before ?? null
}
