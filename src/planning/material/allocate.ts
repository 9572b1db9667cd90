import { byCodeUnits } from '../../kernel/canonical.js'
import type { Alike, Family } from './family.js'
import type { Ground } from './ground.js'
import { Heap } from './heap.js'
import type { Holding } from './holding.js'
import { bySlotOrder, type Slot } from './slots.js'

/*
 * Who is served, one unit of need after the other.
 *
 * Every unit that somebody needs has a key: (band, tier, day, thousandths of the need of that band and day that this
 * taker has covered so far, less need after greater, lot by the day's seed). A taker is a place, or a unit of which the
 * places are ranked in the same way among themselves. In the order of their keys the units are asked for one by one, and
 * a unit is accepted when all that were accepted before can be served together with it, and refused for good otherwise.
 *
 * What can be served together. Of one item, place p wants w[t] units on day t. Own stock serves of them, day by day,
 * what it can; r[t] is left. Lots of L units that lie at p by day t, and do not expire within the horizon, serve r[1..t]
 * if and only if there are ⌈(r[1] + … + r[t]) / L⌉ of them, for every t. So the k-th lot of p has a last day on which it
 * may come, and all wants can be served if and only if the lots of all places can be matched, each to a lot at a source
 * that comes to it in time. `Matching` decides that exactly, by augmenting paths (König, Hall).
 *
 * Proposition 1. No plan in whole lots serves an earlier unit: of all plans, the one found has the lexicographically first
 * record (accepted, refused, …) in the order of the keys. For if a plan agreed with it up to a unit that it refused and
 * served that one, the accepted units together with it could be served, and it would have been accepted.
 *
 * Proposition 2. With lots of one unit, of one item outside kits, the sets of units that can be served together are those
 * that can be matched into the lots at sources: the independent sets of a transversal matroid. Then taking units in any
 * fixed order, each if it keeps independence, serves of every first part of the order as many as can be served of it: so
 * every band and tier leaves the fewest units unserved, the earlier ones being kept. And more lots at sources are the
 * union of the matroid with another, in which what was independent stays so and what depended on earlier units is all that
 * can be refused: nobody who was served is refused.
 *
 * Lots of more than one unit keep Proposition 1 alone, and so do kits, of which every part has to be found (the
 * intersection of matroids is none). Shared vehicle volume does not keep it: there a unit is refused when the first ways
 * that are found to serve it do not fit into the vehicles. A lot that expires within the horizon counts only for days on
 * which it is good, and own stock is used first all the same; then Proposition 1 holds among plans that do so. What is not
 * proved is compared with the bound of `bound.ts`, and said.
 */

/** One item at one place in the family that serves it. */
export interface Want {
  readonly place: string
  readonly item: string
  readonly holding: Holding
  readonly family: Family
  readonly alike: Alike
}

export interface Serving {
  readonly ground: Ground
  /** Slots of items and kits that hang together. */
  readonly slots: readonly Slot[]
  readonly wantOf: (place: string, item: string) => Want
  /** Whether what is given so far fits into the vehicles; the sources where it does not. */
  readonly overfull?: () => readonly string[]
}

/** How many units of each slot are accepted; what they take stands in the holdings and matchings afterwards. */
export function allocate(serving: Serving): Map<Slot, number> {
  const served = new Map<Slot, number>()
  const ordered = [...serving.slots].sort(bySlotOrder)
  for (let first = 0; first < ordered.length;) {
    const slot = ordered[first] as Slot
    let end = first + 1
    while (end < ordered.length && bySlotOrder(slot, ordered[end] as Slot) === 0) end += 1
    const entries = ordered.slice(first, end).map((one) => new Entry(serving, one))
    if (!allAtOnce(entries)) inTurn(serving, entries)
    for (const entry of entries) {
      served.set(entry.slot, entry.served)
      for (const { family } of entry.wants) family.matching.settle()
    }
    first = end
  }
  return served
}

/**
 * Of every slot in turn as many units as can be served, whoever shares its band, tier and day: how many can be served of
 * every first part of the bands and tiers, where lots are of one unit and no kits are asked for.
 */
export function serveMost(serving: Serving): Map<Slot, number> {
  return new Map([...serving.slots].sort(bySlotOrder).map((slot) => {
    const entry = new Entry(serving, slot)
    for (let units = slot.units; units > 0; units = Math.min(entry.left, units)) {
      if (!entry.accept(units)) units >>= 1
    }
    for (const { family } of entry.wants) family.matching.settle()
    return [slot, entry.served]
  }))
}

/** A slot while it is being served. */
class Entry {
  served = 0
  readonly wants: readonly (Want & { readonly units: number })[]
  readonly draw: number

  constructor(private readonly serving: Serving, readonly slot: Slot) {
    this.wants = slot.parts.map(({ item, units }) => ({ ...serving.wantOf(slot.place, item), units }))
    this.draw = serving.ground.draw(slot.place)
  }

  get left(): number {
    return this.slot.units - this.served
  }

  /** Serves more units if they can be served besides all before them; otherwise nothing is changed. */
  accept(units: number): boolean {
    const barred = new Set<string>()
    for (;;) {
      const undo = this.tryWith(units, barred)
      if (undo === null) return false
      const overfull = this.serving.overfull?.() ?? []
      if (overfull.length === 0) return true
      undo()
      if (overfull.every((source) => barred.has(source))) return false
      for (const source of overfull) barred.add(source)
    }
  }

  /** Serves what needs no lot beyond those that the place has been given. */
  acceptFree(): void {
    let [free, next] = [0, 1]
    while (next <= this.left && this.isFree(next)) [free, next] = [next, 2 * next]
    let beyond = Math.min(next, this.left + 1)
    while (beyond - free > 1) {
      const middle = (free + beyond) >> 1
      if (this.isFree(middle)) free = middle
      else beyond = middle
    }
    if (free > 0) this.accept(free)
  }

  private isFree(units: number): boolean {
    return this.wants.every((want) => isSame(want.holding.lots, want.holding.lotsWith(this.slot.day, units * want.units)))
  }

  /** Returns how to undo it; null: it cannot be done. */
  private tryWith(units: number, barred: ReadonlySet<string>): (() => void) | null {
    const { day } = this.slot
    const before = this.wants.map(({ family, holding }) => ({ family, holding, state: family.matching.state, lots: holding.lots }))
    for (const want of this.wants) {
      const after = want.holding.lotsWith(day, units * want.units)
      if (!moveLots(want, after, barred)) {
        for (const { family, state } of before) family.matching.backTo(state)
        for (const { holding, lots } of before) holding.lots = lots
        return null
      }
      want.holding.lots = after
    }
    for (const want of this.wants) want.holding.serve(day, units * want.units, want.holding.lots)
    this.served += units
    return () => {
      for (const { family, state } of before) family.matching.backTo(state)
      for (const want of this.wants) want.holding.serve(day, -units * want.units, want.holding.lots)
      for (const { holding, lots } of before) holding.lots = lots
      this.served -= units
    }
  }

  /** As nothing had been served since then. */
  undo(units: number, lots: readonly (readonly number[])[]): void {
    for (const [i, want] of this.wants.entries()) want.holding.serve(this.slot.day, -units * want.units, lots[i] ?? want.holding.lots)
    this.served -= units
  }
}

const isSame = (a: readonly number[], b: readonly number[]): boolean => a.every((count, i) => count === b[i])

/** Gives back the lots of a place that it no longer needs by those days, and finds those that it needs now. */
function moveLots({ holding, family, alike }: Want, after: readonly number[], barred: ReadonlySet<string>): boolean {
  const { matching } = family
  const pointOf = (code: number) => family.pointOf(alike, holding.span(code))
  for (const [code, lots] of after.entries()) {
    const less = (holding.lots[code] ?? 0) - lots
    if (less > 0) matching.take(pointOf(code), less)
  }
  const shut = barred.size === 0 ? undefined : new Set(family.batches.flatMap(({ source }, batch) => (barred.has(source) ? [batch] : [])))
  for (const [code, lots] of after.entries()) {
    const more = lots - (holding.lots[code] ?? 0)
    if (more > 0 && matching.give(pointOf(code), more, shut) < more) return false
  }
  return true
}

/** Where there is enough for all of them, their order is of no account. */
function allAtOnce(entries: readonly Entry[]): boolean {
  const families = [...new Set(entries.flatMap(({ wants }) => wants.map(({ family }) => family)))]
  const states = families.map(({ matching }) => matching.state)
  const done: { entry: Entry; units: number; lots: (readonly number[])[] }[] = []
  for (const entry of entries) {
    const [units, lots] = [entry.left, entry.wants.map(({ holding }) => holding.lots)]
    if (!entry.accept(units)) {
      for (const [i, { matching }] of families.entries()) matching.backTo(states[i] ?? 0)
      for (const one of done.reverse()) one.entry.undo(one.units, one.lots)
      return false
    }
    done.push({ entry, units, lots })
  }
  return true
}

interface Ranked {
  readonly of: string
  readonly units: number
  readonly draw: number
  served: number
}

/** The least covered first, of these the greatest need, then by lot. */
const byKey = (a: Ranked, b: Ranked): number =>
  Math.floor((a.served * 1000) / a.units) - Math.floor((b.served * 1000) / b.units) || b.units - a.units || a.draw - b.draw || byCodeUnits(a.of, b.of)

/** Who shares one key: a place, or a unit with its places. */
interface Taker extends Ranked {
  readonly places: Heap<Ranked & { readonly entry: Entry }>
}

/** Slots of one band, tier and day, unit by unit. */
function inTurn(serving: Serving, entries: readonly Entry[]): void {
  const takers = new Heap(byKey, takersOf(serving.ground, entries))
  for (let taker = takers.pop(); taker !== undefined; taker = takers.pop()) {
    const next = taker.places.pop()
    if (next === undefined) continue
    const before = next.entry.served
    // What needs no lot goes before; then the key is another, unless there was nothing of the kind.
    next.entry.acceptFree()
    const isRefused = next.entry.served === before && !next.entry.accept(1)
    if (!isRefused) next.entry.acceptFree()
    next.served = next.entry.served
    taker.served += next.entry.served - before
    if (!isRefused && next.entry.left > 0) taker.places.push(next)
    if (taker.places.size > 0) takers.push(taker)
    // A unit is never taken back: how it was found need not be remembered.
    for (const { family } of next.entry.wants) family.matching.settle()
  }
}

function takersOf(ground: Ground, entries: readonly Entry[]): Taker[] {
  const takers = new Map<string, Entry[]>()
  for (const entry of entries) {
    const { place, of, isKit } = entry.slot
    const unit = ground.unitOf(place)
    const key = JSON.stringify([unit ?? place, unit !== null, of, isKit])
    takers.set(key, [...(takers.get(key) ?? []), entry])
  }
  return [...takers.values()].map((own) => {
    const [{ slot }] = own as [Entry, ...Entry[]]
    const places = own.map((entry) => ({ of: entry.slot.of, units: entry.slot.units, draw: entry.draw, served: entry.served, entry }))
    return {
      of: slot.of, units: own.reduce((sum, entry) => sum + entry.slot.units, 0), draw: ground.draw(ground.unitOf(slot.place) ?? slot.place),
      served: own.reduce((sum, entry) => sum + entry.served, 0), places: new Heap(byKey, places),
    }
  })
}
