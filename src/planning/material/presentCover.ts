import { byCodeUnits } from '../../kernel/canonical.js'
import { remembered } from '../../kernel/remembered.js'
import { sum } from '../../kernel/quantity.js'
import { type Day, dayAfter } from '../../kernel/time.js'
import type { Missed } from '../../supplies/measured.js'
import { Facts } from '../facts.js'
import { editionNear } from '../policy.js'
import type { Scenario } from '../scenario.js'
import { World } from '../world.js'
import { DAYS_MAX, type DailyUse, dailyUse, daysOfSupply, HUNDREDTHS } from './cover.js'
import { Ground } from './ground.js'
import { measuredUses, type Need, needsOf } from './need.js'
import { servedBy, Stores, type Usable } from './served.js'
import { bySlotOrder, kitsOf, type Part, type Slot, slotsOf } from './slots.js'
import { NEVER, type Stock, suppliesOf } from './supply.js'


/** Use and counts that nothing explains: received − used by norm − counted. */
export interface Unaccounted {
  /** Base units used up in so many days, by the place's own count or its notes; null: nobody measured it. */
  readonly used: number | null
  readonly usedDays: number | null
  /** What the norm says of those days for the people who are there now, rounded up. */
  readonly usedByNorm: number | null
  /** Base units that stocktakes did not find; fewer than nought where they found more. */
  readonly missedInCounts: number
  /** Both together: used beyond the norm, and not found. */
  readonly unexplained: number
}

/** How long a place lasts with an item, or with a kit, as things are. */
export interface PresentCover extends Unaccounted {
  readonly id: string
  readonly place: string
  /** The item or kit. */
  readonly item: string
  readonly isKit: boolean
  /** Base units or complete kits that can be used there now, and that are on the way. */
  readonly usable: number
  readonly onTheWay: number
  /** Thousandths a day at the conventional norm, on the first day on which anything is used up; nought: nothing is. */
  readonly dailyPerMille: number
  /** Hundredths of a day; null where nothing is used up. */
  readonly cover: number | null
  /** The same with what is unexplained counted as lying there. */
  readonly coverWithUnexplained: number | null
  /** The first day that is not covered in full; beyond the bands the last day's use is taken to go on. */
  readonly runsOutOn: Day | null
  /** What falls short first: the band, from nought, and the tier in it; null where no band does. */
  readonly band: number | null
  readonly tier: number | null
  /** Of a kit, the part that runs out first; null of an item. */
  readonly scarcest: string | null
}

/** Every receiver, with every item that is used up there or was missed, and every kit that is worn there: the least covered first. */
export function presentCover(scenario: Scenario, missed: readonly Missed[]): PresentCover[] {
  // Norms have days of their own, and bands and tiers outlast an edition: what lies there is told on any day.
  const world = new World(scenario, editionNear(scenario.planDay))
  const ground = new Ground(world, new Facts(world, { moves: [], trips: [], reserves: [] }))
  const { needs } = needsOf(ground)
  const supplies = suppliesOf(ground)
  const stores = new Stores(ground, supplies, null)
  const stock = inStock(supplies.atReceivers)
  const short = shortFirst(stores, slotsOf(ground, needs), ground.horizon)
  const unaccounted = unaccountedOf(ground, missed)
  const daily = new Map(dailyUse({ ground, needs }).map((use) => [JSON.stringify([use.place, use.item]), use]))
  const keys = [...new Set([...daily.keys(), ...unaccounted.keys()])]
  const items = keys.map((key): PresentCover => {
    const [place = '', item = ''] = JSON.parse(key) as string[]
    const found = unaccounted.get(key) ?? NOTHING
    const { days } = daily.get(key) ?? { days: [] }
    const store = stores.of(place, item)
    const more: Usable = { from: 0, until: NEVER, units: Math.max(0, found.unexplained) }
    return {
      id: key, place, item, isKit: false, ...(stock.get(key) ?? NO_STOCK), ...lasting(ground, store, days), ...found, ...(short.get(key) ?? NOT_SHORT), scarcest: null,
      coverWithUnexplained: lasting(ground, [...store, more], days).cover,
    }
  })
  const byKey = new Map(items.map((row) => [row.id, row]))
  const kits = kitsOf(ground).flatMap(({ kit, parts }) => ground.receivers.flatMap((place): PresentCover[] => {
    const perMille = kitsADay(needs.filter((need) => need.place === place), parts)
    const rows = parts.flatMap(({ item, units }) => {
      const row = byKey.get(JSON.stringify([place, item]))
      return row === undefined ? [] : [{ row, units }]
    })
    if (perMille === 0 || rows.length < parts.length) return []
    const id = JSON.stringify([place, kit, 'kit'])
    // Nobody works a shift with less: a kit lasts as long as the part that runs out first.
    const least = [...rows].sort((a, b) => byLength(a.row.cover, b.row.cover))[0]?.row
    const fewest = (of: 'usable' | 'onTheWay' | null) =>
      Math.min(...rows.map(({ row, units }) => Math.floor((of === null ? row.usable + row.onTheWay : row[of]) / units)))
    return [{
      id, place, item: kit, isKit: true, usable: fewest('usable'), onTheWay: fewest(null) - fewest('usable'), dailyPerMille: perMille,
      cover: least?.cover ?? null, coverWithUnexplained: leastOf(rows.map(({ row }) => row.coverWithUnexplained)), runsOutOn: least?.runsOutOn ?? null,
      ...NOTHING, ...(short.get(id) ?? NOT_SHORT), scarcest: least?.item ?? null,
    }]
  }))
  return [...items, ...kits].sort((a, b) => byLength(a.cover, b.cover) || byCodeUnits(a.id, b.id))
}

const NOTHING: Unaccounted = { used: null, usedDays: null, usedByNorm: null, missedInCounts: 0, unexplained: 0 }
const NOT_SHORT = { band: null, tier: null }
/** What never runs out comes last. */
const byLength = (a: number | null, b: number | null): number => (a ?? Number.MAX_SAFE_INTEGER) - (b ?? Number.MAX_SAFE_INTEGER)
const leastOf = (covers: readonly (number | null)[]): number | null => [...covers].sort(byLength)[0] ?? null

type InStock = Pick<PresentCover, 'usable' | 'onTheWay'>
const NO_STOCK: InStock = { usable: 0, onTheWay: 0 }

/** What lies at receivers and what comes to them, today's arrivals too, by place and item. */
function inStock(atReceivers: readonly Stock[]): ReadonlyMap<string, InStock> {
  const found = new Map<string, InStock>()
  for (const { table, place, item, units } of atReceivers) {
    const key = JSON.stringify([place, item])
    const { usable, onTheWay } = found.get(key) ?? NO_STOCK
    found.set(key, table === 'lots' ? { usable: usable + units, onTheWay } : { usable, onTheWay: onTheWay + units })
  }
  return found
}

function lasting(ground: Ground, store: readonly Usable[], days: DailyUse['days']): Pick<PresentCover, 'cover' | 'runsOutOn' | 'dailyPerMille'> {
  const dailyPerMille = days.find((units) => units > 0) ?? 0
  if (dailyPerMille === 0) return { cover: null, runsOutOn: null, dailyPerMille }
  const { hundredths: cover } = daysOfSupply(store, days)
  const isForEver = cover >= DAYS_MAX * HUNDREDTHS
  return { cover, dailyPerMille, runsOutOn: isForEver ? null : dayAfter(ground.scenario.planDay, Math.floor(cover / HUNDREDTHS)) }
}

/**
 * Of every place, and item or kit, the first band and tier in which what is there does not suffice. An item is looked at
 * by itself: a kit that lacks suits is no lack of respirators.
 */
function shortFirst(stores: Stores, slots: readonly Slot[], horizon: number): ReadonlyMap<string, { band: number; tier: number }> {
  const byItem = slots.flatMap((slot) => slot.parts.map(({ item, units }): Slot =>
    ({ ...slot, of: item, isKit: false, parts: [{ item, units: 1 }], units: slot.units * units })))
  const found = new Map<string, { band: number; tier: number }>()
  for (const wanted of [byItem, slots.filter(({ isKit }) => isKit)]) {
    const served = servedBy(stores, wanted, horizon)
    for (const slot of [...wanted].sort(bySlotOrder)) {
      const { place, of, isKit, band, tier, units } = slot
      if ((served.get(slot) ?? 0) < units) remembered(found, JSON.stringify(isKit ? [place, of, 'kit'] : [place, of]), () => ({ band, tier }))
    }
  }
  return found
}

function unaccountedOf(ground: Ground, missed: readonly Missed[]): ReadonlyMap<string, Unaccounted> {
  const found = new Map<string, Unaccounted>()
  for (const { place, item, units, days, normPerMille } of measuredUses(ground)) {
    const usedByNorm = Math.ceil((days * normPerMille) / 1000)
    found.set(JSON.stringify([place, item]), { used: units, usedDays: days, usedByNorm, missedInCounts: 0, unexplained: units - usedByNorm })
  }
  for (const { place, item, units } of missed) {
    if (!ground.isReceiver(place)) continue
    const before = found.get(JSON.stringify([place, item])) ?? NOTHING
    found.set(JSON.stringify([place, item]), { ...before, missedInCounts: units, unexplained: before.unexplained + units })
  }
  return found
}

/** Thousandths of a kit that the shifts of a place wear in a day, area by area as many as the scarcest norm says. */
function kitsADay(needs: readonly Need[], parts: readonly Part[]): number {
  const areas = new Map<string, Need[]>()
  for (const need of needs) remembered(areas, need.area, () => []).push(need)
  return sum([...areas.values()].map((own) => Math.min(...parts.map(({ item, units }) => {
    const days = own.find((need) => need.item === item)?.staff.conventional ?? []
    return Math.floor((days.find((worn) => worn > 0) ?? 0) / units)
  }))))
}
