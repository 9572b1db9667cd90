import { remembered } from '../../kernel/remembered.js'
import { sum } from '../../kernel/quantity.js'
import type { Ground } from './ground.js'
import type { OwnSubstitute } from './plan.js'
import type { Deed } from './shipments.js'
import type { Slot } from './slots.js'
import type { Supplies } from './supply.js'

/** So much that can be used from one day to another. */
export interface Usable {
  readonly from: number
  readonly until: number
  readonly units: number
}

/** What every place can use for every item: what lies there and comes to it, less what is used there for another item. */
export class Stores {
  private readonly stores = new Map<string, Usable[]>()

  constructor(ground: Ground, supplies: Supplies, deed: Deed | null) {
    const usedFor = new Map<string, OwnSubstitute[]>()
    for (const own of deed?.ownSubstitutes ?? []) remembered(usedFor, rowOf(own), () => []).push(own)
    for (const stock of supplies.atReceivers) {
      const { place, item, from, until, units } = stock
      const others = usedFor.get(rowOf(stock)) ?? []
      this.add(place, item, { from, until, units: units - sum(others.map((own) => own.units)) })
      for (const own of others) this.add(place, own.substituteFor, { from, until, units: own.units })
    }
    const lasts = new Map(supplies.atSources.map((stock) => [rowOf(stock), stock.until]))
    for (const { to, arrivesOn, lines } of deed?.shipments ?? []) {
      for (const line of lines) {
        const until = lasts.get(rowOf(line)) ?? -1
        this.add(to, line.substituteFor ?? line.item, { from: Math.max(0, ground.dayIndex(arrivesOn)), until, units: line.units })
      }
    }
    for (const own of this.stores.values()) own.sort((a, b) => a.until - b.until || a.from - b.from)
  }

  /** What expires first before the rest. */
  of(place: string, item: string): readonly Usable[] {
    return this.stores.get(JSON.stringify([place, item])) ?? []
  }

  private add(place: string, item: string, usable: Usable): void {
    remembered(this.stores, JSON.stringify([place, item]), () => []).push(usable)
  }
}

const rowOf = ({ table, row }: { table: string; row: string }): string => JSON.stringify([table, row])

/** Takes so much of what is left of a store on a day, what expires first before the rest; what is missing then. */
export function drawOn(day: number, units: number, store: readonly Usable[], left: number[]): number {
  let missing = units
  for (let i = 0; i < store.length && missing > 0; i += 1) {
    const { from, until } = store[i] as Usable
    if (from > day || until < day) continue
    const used = Math.min(missing, left[i] ?? 0)
    left[i] = (left[i] ?? 0) - used
    missing -= used
  }
  return missing
}

/** Whether a store has, on every day, what is used up on it, when what expires first is used first. */
export function lasts(store: readonly Usable[], wanted: readonly number[]): boolean {
  const left = store.map(({ units }) => units)
  return wanted.every((units, day) => drawOn(day, units, store, left) === 0)
}

/**
 * How much of every slot is served by what a place has, in plain arithmetic and without whoever gave it out: slot by slot
 * in their order as much as the store lasts for, all that was served before being kept. A kit is served with all its parts.
 */
export function servedBy(stores: Pick<Stores, 'of'>, slots: readonly Slot[], days: number): Map<Slot, number> {
  const wanted = new Map<string, number[]>()
  const served = new Map<Slot, number>()
  for (const slot of slots) {
    const parts = slot.parts.map(({ item, units }) => ({
      units, store: stores.of(slot.place, item),
      days: remembered(wanted, JSON.stringify([slot.place, item]), () => Array.from({ length: days }, () => 0)),
    }))
    const isEnough = (count: number) => parts.every((part) =>
      lasts(part.store, part.days.map((before, day) => (day === slot.day ? before + count * part.units : before))))
    const count = largest(slot.units, isEnough)
    served.set(slot, count)
    for (const part of parts) part.days[slot.day] = (part.days[slot.day] ?? 0) + count * part.units
  }
  return served
}

/** The largest whole number up to `most` for which it is enough; it is for nought. */
function largest(most: number, isEnough: (count: number) => boolean): number {
  if (most > 0 && isEnough(most)) return most
  let [enough, tooMany] = [0, most]
  while (tooMany - enough > 1) {
    const middle = (enough + tooMany) >> 1
    if (isEnough(middle)) enough = middle
    else tooMany = middle
  }
  return enough
}
