import { remembered } from '../../kernel/remembered.js'
import { sum } from '../../kernel/quantity.js'
import { type AreaWants, areasWith } from './areas.js'
import type { CoreGiven } from './core.js'
import type { Need } from './need.js'
import { drawOn, servedBy, Stores, type Usable } from './served.js'
import type { Shipment, ShipmentLine } from './plan.js'
import type { Deed } from './shipments.js'
import type { Slot } from './slots.js'

/** Base units of an item that a place wants on each day, over all bands, parts of kits included. */
export type ByDay = readonly number[]

/** One line with the shipment that it is of. */
export interface Shipped {
  readonly shipment: Shipment
  readonly line: ShipmentLine
}

/** What a plan of material comes to, measured in plain arithmetic on what goes where. */
export class Account {
  readonly before: Stores
  readonly after: Stores
  /** What lies at places and is on the way to them, less what the plan uses there for another item. */
  readonly own: Stores
  /** How much of every slot is served by what places have now, and by what they have with the plan. */
  readonly servedBefore: ReadonlyMap<Slot, number>
  readonly served: ReadonlyMap<Slot, number>
  readonly lines: readonly Shipped[]
  private readonly wants = new Map<string, number[]>()
  private readonly slotsAt = new Map<string, Slot[]>()
  private readonly needsAt = new Map<string, Need[]>()
  private readonly needsOfPlace = new Map<string, Need[]>()
  private readonly areas = new Map<string, readonly AreaWants[]>()
  private readonly asked = new Map<string, number>()

  constructor(readonly given: CoreGiven, readonly deed: Deed) {
    const { ground, supplies, slots } = given
    this.lines = deed.shipments.flatMap((shipment) => shipment.lines.map((line) => ({ shipment, line })))
    this.before = new Stores(ground, supplies, null)
    this.after = new Stores(ground, supplies, deed)
    this.own = new Stores(ground, supplies, { ...deed, shipments: [] })
    this.servedBefore = servedBy(this.before, slots, ground.horizon)
    this.served = servedBy(this.after, slots, ground.horizon)
    for (const need of given.needs) {
      remembered(this.needsAt, JSON.stringify([need.place, need.item]), () => []).push(need)
      remembered(this.needsOfPlace, need.place, () => []).push(need)
    }
    for (const { place, item, units } of Object.values(ground.scenario.requests)) {
      const key = JSON.stringify([place, item])
      this.asked.set(key, (this.asked.get(key) ?? 0) + units)
    }
    for (const slot of slots) {
      for (const { item, units } of slot.parts) {
        const key = JSON.stringify([slot.place, item])
        const days = remembered(this.wants, key, () => ground.days.map(() => 0))
        days[slot.day] = (days[slot.day] ?? 0) + slot.units * units
        remembered(this.slotsAt, key, () => []).push(slot)
      }
    }
  }

  wanted(place: string, item: string): ByDay {
    return this.wants.get(JSON.stringify([place, item])) ?? this.given.ground.days.map(() => 0)
  }

  /** Slots of a place that want an item, in their order. */
  slotsOf(place: string, item: string): readonly Slot[] {
    return this.slotsAt.get(JSON.stringify([place, item])) ?? []
  }

  /** Places and items that are wanted there, in the order of slots. */
  pairs(): { place: string; item: string }[] {
    return [...this.wants.keys()].map((key) => {
      const [place = '', item = ''] = JSON.parse(key) as string[]
      return { place, item }
    })
  }

  needsOf(place: string, item: string): readonly Need[] {
    return this.needsAt.get(JSON.stringify([place, item])) ?? []
  }

  /** Areas of a place with what they want: worked out once, since it is asked for every item and every shortage there. */
  areasAt(place: string): readonly AreaWants[] {
    return remembered(this.areas, place, () => areasWith(this.given.ground, this.needsOfPlace.get(place) ?? []))
  }

  /** What a place asked for, which decides nothing; null: nothing. */
  askedFor(place: string, item: string): number | null {
    return this.asked.get(JSON.stringify([place, item])) ?? null
  }

  short(slot: Slot): number {
    return slot.units - (this.served.get(slot) ?? 0)
  }
}

/**
 * How much of what is wanted a store serves, looked at alone, what is short by day, and what of it no day uses: what
 * expires first is used first.
 */
export function usedOf(store: readonly Usable[], wanted: ByDay): { served: number; short: number[]; left: { usable: Usable; units: number }[] } {
  const left = store.map(({ units }) => units)
  const short = wanted.map((units, day) => drawOn(day, units, store, left))
  return { served: sum(wanted) - sum(short), short, left: store.map((usable, i) => ({ usable, units: left[i] ?? 0 })) }
}

export const total = (wanted: ByDay): number => sum(wanted)
