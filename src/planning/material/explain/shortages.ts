import { remembered } from '../../../kernel/remembered.js'
import { sum } from '../../../kernel/quantity.js'
import { type Account, total, usedOf } from '../account.js'
import { type MaterialPlan, type Shortage, SHORTAGE_RULES, type ShortageRule } from '../plan.js'
import type { Slot } from '../slots.js'
import type { Stock } from '../supply.js'
import { roomPerDay } from '../volume.js'

/** What stays short, by place, area, item or kit, and band. */
export function shortagesOf(account: Account): Shortage[] {
  const groups = new Map<string, Slot[]>()
  for (const slot of account.given.slots) {
    if (account.short(slot) > 0) remembered(groups, JSON.stringify([slot.place, slot.tier, slot.of, slot.isKit, slot.band]), () => []).push(slot)
  }
  const left = leftAtSources(account)
  return [...groups.values()].flatMap((slots) => byArea(account, slots, ruleOf(account, left, slots)))
}

type Left = ReadonlyMap<string, readonly Stock[]>

/** By item, what the plan leaves at sources of what it may give out. */
export function leftAtSources({ given: { supplies }, lines }: Account): Left {
  const gone = new Map<string, number>()
  for (const { line: { table, row, units } } of lines) {
    const key = JSON.stringify([table, row])
    gone.set(key, (gone.get(key) ?? 0) + units)
  }
  const left = new Map<string, Stock[]>()
  for (const stock of supplies.atSources) {
    const units = stock.units - (gone.get(JSON.stringify([stock.table, stock.row])) ?? 0)
    if (units > 0) remembered(left, stock.item, () => []).push({ ...stock, units })
  }
  return left
}

/** The first reason, in the order of SHORTAGE_RULES, for which something that is left does not help. */
function ruleOf({ given: { ground, grades } }: Account, left: Left, slots: readonly Slot[]): ShortageRule {
  const [{ place, of, isKit }] = slots as [Slot, ...Slot[]]
  if (isKit) return 'kit'
  const [first, last] = [Math.min(...slots.map(({ day }) => day)), Math.max(...slots.map(({ day }) => day))]
  const instead = ground.substitutesOf(of).filter((substitute) => grades({ place, item: of, substitute }))
  const rows = [of, ...instead].flatMap((item) => left.get(item) ?? [])
  const reasons = new Set(rows.map((stock): ShortageRule => {
    const road = ground.daysOnRoad(stock.place, place)
    if (stock.units < ground.lotOfUse(stock.item)) return 'packing'
    if (stock.earmark !== null && stock.earmark !== place && stock.earmark !== ground.world.place(place).unit) return 'earmark'
    if (road === null) return 'road'
    if (stock.from + road > last) return 'arrival'
    if (stock.until < Math.max(first, stock.from + road)) return 'expiry'
    return roomPerDay(ground, stock.place) === null ? 'stock' : 'volume'
  }))
  return (Object.keys(SHORTAGE_RULES) as ShortageRule[]).find((rule) => reasons.has(rule)) ?? 'stock'
}

/** Areas of one tier share what is short in the proportion of their need; what rounding leaves over is the last one's. */
function byArea(account: Account, slots: readonly Slot[], rule: ShortageRule): Shortage[] {
  const { ground } = account.given
  const [{ place, tier, of, isKit, band }] = slots as [Slot, ...Slot[]]
  const units = slots.reduce((sum, slot) => sum + account.short(slot), 0)
  const day = ground.days[Math.min(...slots.map((slot) => slot.day))] ?? ''
  const areas = wantByArea(account, slots)
  const all = areas.reduce((sum, { need }) => sum + need, 0)
  let left = units
  return areas.flatMap(({ area, need }, i): Shortage[] => {
    const own = i === areas.length - 1 ? left : Math.min(left, Math.floor((units * need) / Math.max(all, 1)))
    left -= own
    return own === 0 ? [] : [{ place, area, item: of, day, band, tier, units: own, rule: isKit ? 'kit' : rule, waysOut: [] }]
  })
}

/** Who of a tier wants this item by itself, or this kit: an area that needs a part of a kit alone lacks no kit. */
function wantByArea(account: Account, slots: readonly Slot[]): { area: Shortage['area']; need: number }[] {
  const [{ place, tier, of, isKit, band }] = slots as [Slot, ...Slot[]]
  return account.areasAt(place).filter((one) => one.tier === tier).flatMap(({ area, wants }) => {
    const want = wants.find((one) => one.of === of && one.isKit === isKit)
    const need = sum(want?.by[band] ?? [])
    return need > 0 ? [{ area, need }] : []
  })
}

/** Complete sets by place and kit: how many are wanted and how many can be made up, and of which parts there are too few. */
export function kitsMadeUp(account: Account): MaterialPlan['kits'] {
  const kits = new Map<string, Slot[]>()
  for (const slot of account.given.slots) if (slot.isKit) remembered(kits, JSON.stringify([slot.place, slot.of]), () => []).push(slot)
  return [...kits.values()].map((slots) => {
    const [{ place, of, parts }] = slots as [Slot, ...Slot[]]
    const need = slots.reduce((sum, slot) => sum + slot.units, 0)
    const short = need - slots.reduce((sum, slot) => sum + (account.served.get(slot) ?? 0), 0)
    const lacking = parts.filter(({ item }) => usedOf(account.after.of(place, item), account.wanted(place, item)).served < total(account.wanted(place, item)))
    return { place, kit: of, need, served: need - short, shortOf: short === 0 ? [] : lacking.map(({ item }) => item) }
  })
}
