import { byCodeUnits } from '../../kernel/canonical.js'
import { remembered } from '../../kernel/remembered.js'
import { allocate, type Want } from './allocate.js'
import { Family, type Grades } from './family.js'
import type { Ground } from './ground.js'
import { Holding } from './holding.js'
import { families } from './lotsOfUse.js'
import type { Need } from './need.js'
import { kitsOf, type Slot } from './slots.js'
import type { Stock, Supplies } from './supply.js'
import { roomPerDay, Volumes, volumeOf } from './volume.js'
import { type Brought, ladingsOf } from './wishes.js'

/** What planning material starts from: who needs what, and what there is. */
export interface Given {
  readonly ground: Ground
  readonly needs: readonly Need[]
  readonly slots: readonly Slot[]
  readonly supplies: Supplies
  readonly grades: Grades
}

/** Items that hang together: by standing in for each other, by being parts of one kit, or by vehicles that are counted. */
export interface Joint {
  readonly families: readonly (readonly string[])[]
  readonly slots: readonly Slot[]
  readonly hasKits: boolean
  readonly hasVolume: boolean
  /** Something of it at a source expires within the horizon. */
  readonly isDated: boolean
}

export function jointsOf({ ground, slots, supplies }: Given): Joint[] {
  const items = Object.keys(ground.scenario.items).sort(byCodeUnits)
  const pairs = Object.values(ground.scenario.substitutes).map(({ item, substitute }) => [item, substitute] as const)
  const kits = kitsOf(ground).filter(({ kit }) => slots.some((slot) => slot.isKit && slot.of === kit))
  const inKits = kits.flatMap(({ parts }) => parts.map(({ item }) => [parts[0]?.item ?? item, item] as const))
  const carried = carriedTogether(ground, supplies)
  const groups = families(items, [...pairs, ...inKits, ...carried.flatMap((list) => list.map((item) => [list[0] ?? item, item] as const))])
  const ofItem = new Map(groups.flatMap((group, index) => group.map((item) => [item, index])))
  const bySlots = groups.map((): Slot[] => [])
  for (const slot of slots) bySlots[ofItem.get(slot.parts[0]?.item ?? '') ?? 0]?.push(slot)
  return groups.flatMap((group, index): Joint[] => {
    const own = bySlots[index] ?? []
    const linked = families(group, pairs)
    return own.length === 0 ? [] : [{
      families: linked, slots: own, hasKits: own.some(({ isKit }) => isKit), hasVolume: carried.some((list) => list.some((item) => group.includes(item))),
      isDated: supplies.atSources.some(({ item, until }) => group.includes(item) && until < ground.horizon - 1),
    }]
  })
}

/** Items that share the vehicles of a source whose volume is counted. */
function carriedTogether(ground: Ground, { atSources }: Supplies): string[][] {
  const bySource = new Map<string, Set<string>>()
  for (const { place, item } of atSources) {
    if (roomPerDay(ground, place) === null || volumeOf(ground, item) === 0) continue
    bySource.set(place, (bySource.get(place) ?? new Set()).add(item))
  }
  return [...bySource.values()].map((items) => [...items])
}

/** Whether what stands in for an item is of a grade for every zone in which the item is worn at the place. */
export function gradesOf(ground: Ground, needs: readonly Need[]): Grades {
  const zones = new Map<string, Set<string>>()
  for (const need of needs) {
    const key = JSON.stringify([need.place, need.item])
    const worn = zones.get(key) ?? new Set<string>()
    for (const zone of need.zones) worn.add(zone)
    zones.set(key, worn)
  }
  return ({ place, item, substitute }) => {
    const allowed: readonly string[] = ground.item(substitute).zones
    return [...zones.get(JSON.stringify([place, item])) ?? []].every((zone) => allowed.includes(zone))
  }
}

/** What a place has of an item beyond all that it will need of it: by row, what no day uses when what expires first is used first. */
export function beyondNeed({ ground, slots, supplies }: Given, items: ReadonlySet<string>): Stock[] {
  const wanted = new Map<string, number[]>()
  for (const { place, parts, day, units } of slots) {
    for (const part of parts) {
      const days = remembered(wanted, JSON.stringify([place, part.item]), () => ground.days.map(() => 0))
      days[day] = (days[day] ?? 0) + units * part.units
    }
  }
  const rows = new Map<string, Stock[]>()
  for (const stock of supplies.atReceivers) {
    if (!items.has(stock.item)) continue
    const key = JSON.stringify([stock.place, stock.item])
    rows.set(key, [...(rows.get(key) ?? []), stock])
  }
  return [...rows].flatMap(([key, own]) => {
    const left = new Map(own.map((stock) => [stock, stock.units]))
    const soonest = [...own].sort((a, b) => a.until - b.until || a.from - b.from)
    for (const [day, units] of (wanted.get(key) ?? []).entries()) {
      let missing = units
      for (const stock of soonest) {
        if (stock.from > day || stock.until < day) continue
        const used = Math.min(missing, left.get(stock) ?? 0)
        left.set(stock, (left.get(stock) ?? 0) - used)
        missing -= used
      }
    }
    return own.map((stock) => ({ ...stock, units: left.get(stock) ?? 0 })).filter(({ units }) => units > 0)
  })
}

/** How a joint is served: as it is planned, or as a bound is found. */
interface Setting {
  /** Base units of a lot of a family. */
  readonly lotOf: (items: readonly string[]) => number
  readonly undying: boolean
  readonly volumes: Volumes | null
}

/** The families of a joint and what every place wants of them, nothing served yet. */
export function tableFor(given: Given, joint: Pick<Joint, 'families'>, setting: Setting): { families: Family[]; wants: Map<string, Want>; wantOf: (place: string, item: string) => Want } {
  const { ground, supplies } = given
  const replacing = new Set(joint.families.flatMap((items) => (items.length > 1 ? items : [])))
  const stock = { atSources: supplies.atSources, beyondNeed: replacing.size === 0 ? [] : beyondNeed(given, replacing) }
  const made = joint.families.map((items) => new Family(ground, items, stock, given.grades, {
    lot: setting.lotOf(items), undying: setting.undying, ...(setting.volumes === null ? {} : { onChange: setting.volumes.onChange }),
  }))
  const familyOf = new Map(made.flatMap((family) => family.items.map((item) => [item, family])))
  const own = new Map<string, Stock[]>()
  for (const row of supplies.atReceivers) {
    const key = JSON.stringify([row.place, row.item])
    own.set(key, [...(own.get(key) ?? []), row])
  }
  const wants = new Map<string, Want>()
  const wantOf = (place: string, item: string) => remembered(wants, JSON.stringify([place, item]), () => {
    const family = familyOf.get(item)
    if (family === undefined) throw new Error(`${item} is of the joint`)
    const rows = own.get(JSON.stringify([place, item])) ?? []
    return { place, item, family, alike: family.alikeTo(place, item), holding: new Holding(rows, setting.lotOf(family.items), ground.horizon, family.isDated) }
  })
  return { families: made, wants, wantOf }
}

/** Serves what hangs together, and says which lots go where for it; and whether all wishes of single units were weighed. */
export function serve(given: Given, joint: Joint): Brought[] {
  const { ground } = given
  const volumes = joint.hasVolume ? new Volumes(ground) : null
  const table = tableFor(given, joint, { lotOf: (items) => ground.lotOfUse(items[0] ?? ''), undying: false, volumes })
  allocate({ ground, slots: joint.slots, wantOf: table.wantOf, ...(volumes === null ? {} : { overfull: volumes.overfull }) })
  return table.families.map((family) =>
    ladingsOf(ground, family, [...table.wants.values()].filter((want) => want.family === family), !joint.hasVolume))
}
