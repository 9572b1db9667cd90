import { byCodeUnits } from '../../kernel/canonical.js'
import type { Ground } from './ground.js'
import { type Need, needOn, shiftNeedOn } from './need.js'
import type { Band } from './policy.js'

/** A part of what is wanted: an item, and how many base units of it for one. */
export interface Part {
  readonly item: string
  readonly units: number
}

/**
 * So many of one item, or of one kit, wanted by one tier of a place on one day to reach one band. Served in the order of
 * bands, then tiers, then days.
 */
export interface Slot {
  readonly place: string
  readonly tier: number
  readonly band: number
  /** Counted from the plan's day: it has to be there on that day. */
  readonly day: number
  /** The item or kit. */
  readonly of: string
  readonly isKit: boolean
  /** Of one: an item alone, or every part of the kit. */
  readonly parts: readonly Part[]
  /** Base units, or kits. */
  readonly units: number
}

/** Bands before tiers, tiers before days; never said twice. */
export const bySlotOrder = (a: Slot, b: Slot): number => a.band - b.band || a.tier - b.tier || a.day - b.day

/**
 * Slots of every receiver, in order of place, then as they are served. A band adds what earlier ones do not ask for; what
 * they add is summed in the order of bands and days and rounded up to whole units as it grows. Who works shifts that use
 * up every part of a kit wants kits, as many as the scarcest part makes; what is used up beyond them is wanted by item.
 */
export function slotsOf(ground: Ground, needs: readonly Need[]): Slot[] {
  const kits = kitsOf(ground)
  const groups = new Map<string, Need[]>()
  for (const need of needs) {
    const key = JSON.stringify([need.place, ground.tierOf(need.area)])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [need])
    else group.push(need)
  }
  return [...groups.values()].flatMap((group) => slotsOfTier(ground, group, kits))
    .sort((a, b) => byCodeUnits(a.place, b.place) || bySlotOrder(a, b) || Number(b.isKit) - Number(a.isKit) || byCodeUnits(a.of, b.of))
}

interface Kit {
  readonly kit: string
  readonly parts: readonly Part[]
}

/** Kits with their parts, in code-unit order. */
export function kitsOf({ scenario }: Pick<Ground, 'scenario'>): Kit[] {
  const parts = new Map<string, Part[]>()
  for (const { kit, item, units } of Object.values(scenario.kitParts)) parts.set(kit, [...(parts.get(kit) ?? []), { item, units }])
  return [...parts].sort(([a], [b]) => byCodeUnits(a, b))
    .map(([kit, list]) => ({ kit, parts: list.sort((a, b) => byCodeUnits(a.item, b.item)) }))
}

/** Thousandths wanted of something, by band and day. */
type Wanted = number[][]

function slotsOfTier(ground: Ground, needs: readonly Need[], kits: readonly Kit[]): Slot[] {
  const { bands } = ground.policy
  const [{ place, area }] = needs as [Need, ...Need[]]
  const tier = ground.tierOf(area)
  const wanted = new Map<string, AreaWant>()
  for (const want of byArea(needs).flatMap((own) => wantsOfArea(ground, own, kits))) {
    const key = JSON.stringify([want.isKit, want.of])
    const before = wanted.get(key)?.by
    wanted.set(key, { ...want, by: want.by.map((days, band) => days.map((units, day) => units + (before?.[band]?.[day] ?? 0))) })
  }
  const opens = ground.opensIn(place)
  const last = ground.horizon - 1
  return [...wanted.values()].flatMap(({ of, isKit, parts, by }) => {
    // A place that opens after the horizon is for a later plan.
    if (opens > last) return []
    return unitsByBand(by, bands).flatMap((days, band) => byLastDay(days, opens, last).flatMap((units, day): Slot[] =>
      units === 0 ? [] : [{ place, tier, band, day, of, isKit, parts, units }]))
  })
}

/** What one area wants of one item or kit: thousandths, by band and day. */
export interface AreaWant extends Pick<Slot, 'of' | 'isKit' | 'parts'> {
  readonly by: Wanted
}

/** What the needs of one area come to: kits, as many as the scarcest part makes for those who work shifts, and items beyond them. */
export function wantsOfArea(ground: Ground, needs: readonly Need[], kits: readonly Kit[]): AreaWant[] {
  const left = new Map(needs.map((need) => [need.item, overBands(ground, (band, day) => needOn(need, band, day))]))
  const shifts = new Map(needs.map((need) => [need.item, overBands(ground, (band, day) => shiftNeedOn(need, band, day))]))
  const made = kits.filter(({ parts }) => parts.every(({ item }) => shifts.has(item))).map(({ kit, parts }): AreaWant => {
    const by = overBands(ground, (_, day, band) =>
      Math.min(...parts.map(({ item, units }) => Math.floor((shifts.get(item)?.[band]?.[day] ?? 0) / units))))
    for (const { item, units } of parts) {
      for (const of of [left, shifts]) of.set(item, less(of.get(item) ?? [], by, units))
    }
    return { of: kit, isKit: true, parts, by }
  })
  return [...made, ...[...left].map(([of, by]): AreaWant => ({ of, isKit: false, parts: [{ item: of, units: 1 }], by }))]
}

/** Days counted from an opening as days of the plan; what is for days after the last is wanted by the last, in one slot with its own. */
function byLastDay(days: readonly number[], opens: number, last: number): number[] {
  const units = Array.from({ length: last + 1 }, () => 0)
  for (const [day, wanted] of days.entries()) {
    const on = Math.min(opens + day, last)
    units[on] = (units[on] ?? 0) + wanted
  }
  return units
}

function byArea(needs: readonly Need[]): Need[][] {
  const areas = new Map<string, Need[]>()
  for (const need of needs) areas.set(need.area, [...(areas.get(need.area) ?? []), need])
  return [...areas.values()]
}

const overBands = ({ policy, horizon }: Ground, of: (band: Band, day: number, index: number) => number): Wanted =>
  policy.bands.map((band, index) => Array.from({ length: horizon }, (_, day) => of(band, day, index)))

const less = (all: Wanted, made: Wanted, units: number): Wanted =>
  all.map((days, band) => days.map((thousandths, day) => thousandths - units * (made[band]?.[day] ?? 0)))

/** What each band adds to the earlier ones, in whole units; a later band never asks for less. */
function unitsByBand(by: Wanted, bands: readonly Band[]): number[][] {
  const most = Array.from({ length: by[0]?.length ?? 0 }, () => 0)
  let [sum, rounded] = [0, 0]
  return bands.map((_, band) => most.map((before, day) => {
    const wanted = Math.max(before, by[band]?.[day] ?? 0)
    most[day] = wanted
    sum += wanted - before
    const units = Math.ceil(sum / 1000) - rounded
    rounded += units
    return units
  }))
}
