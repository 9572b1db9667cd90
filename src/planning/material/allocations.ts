import { byCodeUnits } from '../../kernel/canonical.js'
import { remembered } from '../../kernel/remembered.js'
import { sum } from '../../kernel/quantity.js'
import { counted, joinTexts, type Text, text } from '../../kernel/text.js'
import { type Account, total, usedOf } from './account.js'
import type { Allocation, MaterialPlan } from './plan.js'
import { amount, bandNamed, daysNamed, itemNamed, placeNamed, unitNamed } from './sayings.js'
import type { AreaWant, Slot } from './slots.js'

type Cover = ReadonlyMap<string, MaterialPlan['cover'][number]>
type Lot = Allocation['lots'][number]

/** What every place is given of every item, and what every unit that splits its part is given for its places. */
export function allocationsOf(account: Account, covers: MaterialPlan['cover']): Allocation[] {
  const cover: Cover = new Map(covers.map((one) => [JSON.stringify([one.place, one.item]), one]))
  const places = givenTo(account).map((gift) => atPlace(account, cover, gift))
  const units = new Map<string, Allocation[]>()
  for (const line of places) {
    if (line.unit !== null) remembered(units, JSON.stringify([line.unit, line.item, line.substituteFor]), () => []).push(line)
  }
  return [...[...units.values()].map((lines) => ofUnit(account, cover, lines)), ...places].sort((a, b) =>
    byCodeUnits(a.unit ?? a.place ?? '', b.unit ?? b.place ?? '') || byCodeUnits(a.place ?? '', b.place ?? '') ||
    byCodeUnits(a.item, b.item) || byCodeUnits(a.substituteFor ?? '', b.substituteFor ?? ''))
}

interface Gift {
  readonly place: string
  readonly item: string
  readonly substituteFor: string | null
  readonly lots: Lot[]
}

function givenTo({ deed }: Account): Gift[] {
  const gifts = new Map<string, Gift>()
  const giftOf = (place: string, item: string, substituteFor: string | null) =>
    remembered(gifts, JSON.stringify([place, item, substituteFor]), () => ({ place, item, substituteFor, lots: [] }))
  for (const { from, to, lines } of deed.shipments) {
    for (const { table, row, item, units, substituteFor } of lines) add(giftOf(to, item, substituteFor).lots, { table, row, from, units })
  }
  return [...gifts.values()]
}

/** Adds up what comes of one row in several shipments. */
function add(lots: Lot[], lot: Lot): void {
  const at = lots.findIndex(({ table, row }) => table === lot.table && row === lot.row)
  const before = lots[at]
  if (before === undefined) lots.push(lot)
  else lots[at] = { ...before, units: before.units + lot.units }
}

/** What one place needs of one item, and what it has of it. */
type Figures = Pick<Allocation, 'need' | 'own' | 'asked' | 'daysBefore' | 'daysAfter' | 'band' | 'tier' | 'areas'> & { readonly served: number }

function figuresOf(account: Account, cover: Cover, place: string, item: string): Figures {
  const days = account.wanted(place, item)
  const slots = account.slotsOf(place, item)
  const first = slots.find((slot) => (account.served.get(slot) ?? 0) > (account.servedBefore.get(slot) ?? 0)) ?? slots[0]
  const known = cover.get(JSON.stringify([place, item]))
  return {
    need: total(days), own: usedOf(account.before.of(place, item), days).served, served: usedOf(account.after.of(place, item), days).served,
    asked: account.askedFor(place, item), daysBefore: known?.daysBefore ?? 0, daysAfter: known?.daysAfter ?? 0,
    band: first?.band ?? 0, tier: first?.tier ?? 1, areas: areasOf(account, place, item, slots),
  }
}

function atPlace(account: Account, cover: Cover, { place, item, substituteFor, lots }: Gift): Allocation {
  const { served, ...figures } = figuresOf(account, cover, place, substituteFor ?? item)
  const line: Omit<Allocation, 'reason'> = {
    ...figures, place, unit: account.given.ground.unitOf(place), item, allocated: sum(lots.map(({ units }) => units)),
    share: perMille(served, figures.need), lots, substituteFor,
  }
  return { ...line, reason: reasonOf(account, line, figures.need - served) }
}

const perMille = (part: number, of: number): number => (of === 0 ? 1000 : Math.floor((part * 1000) / of))

/**
 * The need of each area and what of it is served; together they are what the place needs and has. Areas of one tier that want
 * the same item by itself, or the same kit, have the same share of it, rounded as they are added up; one that wants it by
 * itself is not short because a kit of another is.
 */
function areasOf(account: Account, place: string, item: string, slots: readonly Slot[]): Allocation['areas'] {
  const found = new Map<string, Allocation['areas'][number]>()
  for (const alike of alikeOf(slots)) {
    const [{ tier, of, isKit }] = alike
    const each = unitsOf(alike[0], item)
    const [whole, served] = [sum(alike.map(({ units }) => units)), sum(alike.map((slot) => account.served.get(slot) ?? 0))]
    const wanting = account.areasAt(place).filter((one) => one.tier === tier)
      .flatMap(({ area, wants }) => wants.filter((want) => want.of === of && want.isKit === isKit).map(({ by }) => ({ area, thousandths: mostOf(by) })))
    let [thousandths, needed, had] = [0, 0, 0]
    for (const [at, one] of wanting.entries()) {
      thousandths += one.thousandths
      const need = at === wanting.length - 1 ? whole : Math.min(whole, Math.ceil(thousandths / 1000))
      const has = Math.floor((served * need) / whole)
      const before = found.get(one.area)
      found.set(one.area, {
        area: one.area, tier, need: (before?.need ?? 0) + (need - needed) * each, served: (before?.served ?? 0) + (has - had) * each,
      })
      ;[needed, had] = [need, has]
    }
  }
  return [...found.values()].filter(({ need }) => need > 0).sort((a, b) => byCodeUnits(a.area, b.area))
}

/** Slots of one tier that want the same item or kit. */
function alikeOf(slots: readonly Slot[]): [Slot, ...Slot[]][] {
  const groups = new Map<string, [Slot, ...Slot[]]>()
  for (const slot of slots) {
    const key = JSON.stringify([slot.tier, slot.of, slot.isKit])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [slot])
    else group.push(slot)
  }
  return [...groups.values()]
}

/** What the days want in all: of each the most that a band wants of it. */
const mostOf = (by: AreaWant['by']): number => sum((by[0] ?? []).map((_, day) => Math.max(0, ...by.map((days) => days[day] ?? 0))))

const unitsOf = (slot: Slot, item: string): number => slot.parts.find((part) => part.item === item)?.units ?? 0

function reasonOf({ given: { ground } }: Account, line: Omit<Allocation, 'reason'>, short: number): Text {
  const of = line.substituteFor ?? line.item
  const days = ground.days.length
  const band = ground.policy.bands[line.band]
  const first = band === undefined ? text('', '') : bandNamed(band)
  const instead = line.substituteFor === null ? text('', '') : text(
    `${itemNamed(ground, of).zh}不足，以${itemNamed(ground, line.item).zh}代替；`, `${itemNamed(ground, line.item).en} in place of ${itemNamed(ground, of).en}, of which there is too little; `)
  const asked = line.asked === null ? text('', '') : text(`，申请 ${line.asked} 不作依据`, `; ${line.asked} were asked for, which decides nothing`)
  const left = short === 0 ? text('，需求全部满足', ', all that is needed is served') : text(
    `，尚有 ${amount(ground, of, short).zh}未满足`, `, ${amount(ground, of, short).en} not served`)
  return text(
    `${instead.zh}${days} 天测算需求 ${amount(ground, of, line.need).zh}，自有和在途可用 ${line.own}${asked.zh}；最先保 ${first.zh}第 ${line.tier} 级；可用 ${daysNamed(line.daysBefore)} → ${daysNamed(line.daysAfter)} 天${left.zh}`,
    `${instead.en}computed need of ${days} days ${amount(ground, of, line.need).en}, ${line.own} there or on the way${asked.en}; first for ${first.en}, tier ${line.tier}; cover ${daysNamed(line.daysBefore)} → ${daysNamed(line.daysAfter)} days${left.en}`)
}

/** The part of a unit: what its places are given, together, of what all of them need. */
function ofUnit(account: Account, cover: Cover, lines: readonly Allocation[]): Allocation {
  const { ground } = account.given
  const [{ unit, item, substituteFor }] = lines as [Allocation, ...Allocation[]]
  const wanted = substituteFor ?? item
  const places = ground.receivers.filter((place) => ground.unitOf(place) === unit && account.slotsOf(place, wanted).length > 0)
  const all = places.map((place) => figuresOf(account, cover, place, wanted))
  const of = (figure: (one: Figures) => number) => all.map(figure)
  const lots: Lot[] = []
  for (const lot of lines.flatMap((line) => line.lots)) add(lots, lot)
  const areas = new Map<string, Allocation['areas'][number]>()
  for (const area of all.flatMap((one) => one.areas)) {
    const before = areas.get(area.area)
    areas.set(area.area, { ...area, need: area.need + (before?.need ?? 0), served: area.served + (before?.served ?? 0) })
  }
  const asked = all.flatMap((one) => one.asked ?? [])
  const allocated = sum(lines.map((line) => line.allocated))
  const first = [...lines].sort((a, b) => a.band - b.band || a.tier - b.tier)[0]
  const need = sum(of((one) => one.need))
  const [name, part] = [unitNamed(ground, unit ?? ''), amount(ground, item, allocated)]
  const names = lines.map((line) => placeNamed(ground, line.place ?? ''))
  return {
    place: null, unit, item, need, own: sum(of((one) => one.own)), asked: asked.length === 0 ? null : sum(asked), allocated,
    share: perMille(sum(of((one) => one.served)), need), daysBefore: Math.min(...of((one) => one.daysBefore)),
    daysAfter: Math.min(...of((one) => one.daysAfter)), band: first?.band ?? 0, tier: first?.tier ?? 1, areas: [...areas.values()], lots, substituteFor,
    reason: text(
      `${name.zh}的份额 ${part.zh}，按同样次序分给 ${lines.length} 处：${joinTexts(names).zh}`,
      `the part of ${name.en} is ${part.en}, split in the same order over ${counted(lines.length, 'places')}: ${joinTexts(names).en}`),
  }
}
