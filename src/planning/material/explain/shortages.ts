import { remembered } from '../../../kernel/remembered.js'
import { sum } from '../../../kernel/quantity.js'
import type { Account } from '../account.js'
import type { MaterialPlan, Shortage, ShortageRule } from '../plan.js'
import { bySlotOrder, type Slot } from '../slots.js'
import { Binding } from './binding.js'

/** What stays short, by place, area, item or kit, and band. */
export function shortagesOf(account: Account): Shortage[] {
  const groups = new Map<string, Slot[]>()
  for (const slot of account.given.slots) {
    if (account.short(slot) > 0) remembered(groups, JSON.stringify([slot.place, slot.tier, slot.of, slot.isKit, slot.band]), () => []).push(slot)
  }
  const binding = new Binding(account)
  const first = (slots: readonly Slot[]) => slots[0] as Slot
  const rules = new Map([...groups.values()].sort((a, b) => bySlotOrder(first(a), first(b))).map((slots) => [slots, binding.ruleOf(slots)]))
  return [...groups.values()].flatMap((slots) => byArea(account, slots, rules.get(slots) ?? 'stock'))
}

/** Areas of one tier share what is short in the proportion of their need; what rounding leaves over is the last one's. */
function byArea(account: Account, slots: readonly Slot[], rule: ShortageRule): Shortage[] {
  const { ground } = account.given
  const [{ place, tier, of, band }] = slots as [Slot, ...Slot[]]
  const units = slots.reduce((sum, slot) => sum + account.short(slot), 0)
  const day = ground.days[Math.min(...slots.map((slot) => slot.day))] ?? ''
  const areas = wantByArea(account, slots)
  const all = areas.reduce((sum, { need }) => sum + need, 0)
  let left = units
  return areas.flatMap(({ area, need }, i): Shortage[] => {
    const own = i === areas.length - 1 ? left : Math.min(left, Math.floor((units * need) / Math.max(all, 1)))
    left -= own
    return own === 0 ? [] : [{ place, area, item: of, day, band, tier, units: own, rule, waysOut: [] }]
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

/** Complete sets by place and kit: how many are wanted and how many can be made up, and of which parts there are too few for the rest. */
export function kitsMadeUp(account: Account): MaterialPlan['kits'] {
  const kits = new Map<string, Slot[]>()
  for (const slot of account.given.slots) if (slot.isKit) remembered(kits, JSON.stringify([slot.place, slot.of]), () => []).push(slot)
  const binding = new Binding(account)
  return [...kits.values()].map((slots) => {
    const [{ place, of }] = slots as [Slot, ...Slot[]]
    const need = sum(slots.map(({ units }) => units))
    const short = sum(slots.map((slot) => account.short(slot)))
    return { place, kit: of, need, served: need - short, shortOf: binding.lacking(slots).map(({ item, days }) => ({ item, units: sum(days) })) }
  })
}
