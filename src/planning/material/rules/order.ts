import { remembered } from '../../../kernel/remembered.js'
import { text } from '../../../kernel/text.js'
import { violation } from '../../sayings.js'
import type { Found } from '../../planWords.js'
import type { Account, Shipped } from '../account.js'
import { leftAtSources } from '../explain/left.js'
import { jointsOf } from '../joint.js'
import { itemNamed, placeNamed } from '../sayings.js'
import { servedBy, type Usable } from '../served.js'
import { bySlotOrder, type Slot } from '../slots.js'
import type { Stock } from '../supply.js'
import type { MaterialMust } from './rule.js'

/** A unit of need in the order in which units are served. */
interface Unit {
  readonly slot: Slot
  /** Units of its slot before it. */
  readonly before: number
}

/** A row of stock as somebody else might be given of it. */
type Row = Pick<Stock, 'table' | 'row' | 'item' | 'place' | 'from' | 'until' | 'earmark'>

/**
 * Nobody is short while a lot that could serve them lies at a source, or serves a later band, tier or day; nor, within the
 * same, somebody better covered. Not asked of kits, of what shares counted vehicles, and of what hangs together with lots
 * that expire within the horizon: there the order is followed, and one exchange need not be possible.
 */
export const order: MaterialMust = {
  name: 'order', title: text('按带、级、日和覆盖次序', 'bands, tiers, days, and the least covered first'), source: 'decisions: bands before tiers',
  measure: (account) => {
    const plain = jointsOf(account.given).filter(({ hasKits, hasVolume, isDated }) => !hasKits && !hasVolume && !isDated)
    const seen: Seen = { lines: new Map(), left: leftAtSources(account) }
    for (const shipped of account.lines) remembered(seen.lines, shipped.line.item, () => []).push(shipped)
    return plain.flatMap(({ families, slots }) => families.flatMap((items) =>
      brokenIn(account, seen, items, slots.filter(({ of }) => items.includes(of)))))
  },
}

/** By item, what goes out and what is left at sources. */
interface Seen {
  readonly lines: Map<string, Shipped[]>
  readonly left: ReadonlyMap<string, readonly Stock[]>
}

function brokenIn(account: Account, seen: Seen, items: readonly string[], slots: readonly Slot[]): Found[] {
  const short = slots.filter((slot) => account.short(slot) > 0)
  if (short.length === 0) return []
  const lost = losses(account, items.flatMap((item) => seen.lines.get(item) ?? []))
  const lying = items.flatMap((item) => seen.left.get(item) ?? []).filter(({ item, units }) => units >= account.given.ground.lotOfUse(item))
  return short.flatMap((slot): Found[] => {
    const unit = { slot, before: account.served.get(slot) ?? 0 }
    const idle = lying.find((stock) => reaches(account, stock, slot))
    if (idle !== undefined) return [told(account, slot, text(`${idle.row} 尚未发完`, `${idle.row} is left at its source`))]
    const worse = [...lost.values()].find(({ row, latest }) => reaches(account, row, slot) && latest.some((one) => isBefore(account, unit, one)))
    return worse === undefined ? [] : [told(account, slot, text(`${worse.row.row} 却给了次序更后的`, `${worse.row.row} serves somebody later in the order`))]
  })
}

function told(account: Account, { place, tier, band, day, of }: Slot, why: { zh: string; en: string }): Found {
  const { ground } = account.given
  const [where, what, on] = [placeNamed(ground, place), itemNamed(ground, of), ground.days[day] ?? '']
  return violation('order', place, text(
    `${where.zh} ${on} 第 ${band + 1} 带第 ${tier} 级缺${what.zh}，而${why.zh}`, `${where.en} is short of ${what.en} on ${on} in band ${band + 1}, tier ${tier}, while ${why.en}`))
}

function reaches({ given: { ground, grades } }: Account, row: Row, { place, of, day }: Slot): boolean {
  const road = ground.daysOnRoad(row.place, place)
  if (road === null || row.from + road > day || row.until < day) return false
  if (row.earmark !== null && row.earmark !== place && row.earmark !== ground.world.place(place).unit) return false
  return row.item === of || (ground.substitutesOf(of).includes(row.item) && grades({ place, item: of, substitute: row.item }))
}

/** For every row that something is given of, the latest units that would no longer be served with one lot of it less: of all who share an order. */
function losses(account: Account, lines: readonly Shipped[]): Map<string, { row: Row; latest: Unit[] }> {
  const { ground, supplies } = account.given
  const rows = new Map<string, Row>(supplies.atSources.map((stock) => [JSON.stringify([stock.table, stock.row]), stock]))
  const lost = new Map<string, { row: Row; latest: Unit[] }>()
  for (const { shipment, line } of lines) {
    const key = JSON.stringify([line.table, line.row])
    const row = rows.get(key)
    if (row === undefined) continue
    const from = ground.dayIndex(shipment.arrivesOn)
    const unit = lostWithout(account, shipment.to, line.substituteFor ?? line.item, { from, until: row.until, units: ground.lotOfUse(line.item) })
    const { latest } = remembered(lost, key, () => ({ row, latest: [] }))
    if (unit === null) continue
    const at = latest.findIndex((one) => isComparable(account, one.slot, unit.slot))
    const before = latest[at]
    if (before === undefined) latest.push(unit)
    else if (isBefore(account, before, unit)) latest[at] = unit
  }
  return lost
}

/** The first unit of a place that is not served with so much less; null: all are, which the cap forbids. */
function lostWithout(account: Account, place: string, item: string, less: Usable): Unit | null {
  const slots = account.slotsOf(place, item)
  const of = account.after.of(place, item)
  const at = of.findIndex(({ from, until, units }) => from === less.from && until === less.until && units >= less.units)
  const store = of.map((usable, i) => (i === at ? { ...usable, units: usable.units - less.units } : usable))
  const served = servedBy({ of: () => store }, slots, account.given.ground.horizon)
  const slot = slots.find((one) => (served.get(one) ?? 0) < (account.served.get(one) ?? 0))
  return slot === undefined ? null : { slot, before: served.get(slot) ?? 0 }
}

/** Within one band, tier and day, units that the city ranks among themselves, or one unit its places. */
const isComparable = (account: Account, a: Slot, b: Slot): boolean =>
  bySlotOrder(a, b) === 0 && account.given.ground.unitOf(a.place) === account.given.ground.unitOf(b.place)

/** Whether a unit comes before another, as far as the two are ranked. */
function isBefore(account: Account, a: Unit, b: Unit): boolean {
  const { ground } = account.given
  const grade = bySlotOrder(a.slot, b.slot)
  if (grade !== 0) return grade < 0
  if (!isComparable(account, a.slot, b.slot) || a.slot.of !== b.slot.of) return false
  const covered = ({ slot, before }: Unit) => Math.floor((before * 1000) / slot.units)
  const first = covered(a) - covered(b) || b.slot.units - a.slot.units || ground.draw(a.slot.place) - ground.draw(b.slot.place)
  return first < 0
}
