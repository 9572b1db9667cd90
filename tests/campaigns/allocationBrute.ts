import type { Slot } from '../../src/planning/material/slots.js'
import type { Stock } from '../../src/planning/material/supply.js'

/** What a tiny problem of one item is, as brute force sees it: units one by one, lots one by one. */
export interface Tiny {
  readonly slots: readonly Slot[]
  /** Lots of each row at the source, and base units of a lot. */
  readonly rows: readonly { readonly lots: number; readonly from: number; readonly until: number }[]
  readonly lot: number
  readonly own: (place: string) => readonly Pick<Stock, 'from' | 'until' | 'units'>[]
  /** Days on the road to a place. */
  readonly road: (place: string) => number
  readonly draw: (place: string) => number
}

/** One unit of need with its key. */
interface Unit {
  readonly slot: Slot
  readonly key: readonly number[]
}

/** Every unit that is needed, in the order of bands, tiers, days, thousandths covered before it, greater needs and lots drawn. */
export function unitsInOrder({ slots, draw }: Pick<Tiny, 'slots' | 'draw'>): Unit[] {
  const units = slots.flatMap((slot) => Array.from({ length: slot.units }, (_, j): Unit => ({
    slot, key: [slot.band, slot.tier, slot.day, Math.floor((j * 1000) / slot.units), -slot.units, draw(slot.place)],
  })))
  return units.sort((a, b) => {
    const first = a.key.findIndex((value, i) => value !== b.key[i])
    return first < 0 ? 0 : (a.key[first] ?? 0) - (b.key[first] ?? 0)
  })
}

/** The best record (served or not, unit by unit in their order) of all ways to give the lots out, and the most served up to every unit. */
export function bestOf(tiny: Tiny): { record: boolean[]; most: number[] } {
  const units = unitsInOrder(tiny)
  const places = [...new Set(units.map(({ slot }) => slot.place))]
  const memory = new Map<string, boolean[]>()
  const recordAt = (place: string, given: readonly number[]): boolean[] => {
    const key = JSON.stringify([place, given])
    const known = memory.get(key) ?? servedAt(tiny, place, given, units.filter(({ slot }) => slot.place === place))
    memory.set(key, known)
    return known
  }
  let best: boolean[] | null = null
  const most = units.map(() => 0)
  for (const way of waysToGive(tiny.rows.map(({ lots }) => lots), places.length)) {
    const records = places.map((place, p) => recordAt(place, way.map((row) => row[p] ?? 0)))
    const at = places.map(() => 0)
    const record = units.map(({ slot }) => {
      const p = places.indexOf(slot.place)
      const k = at[p] ?? 0
      at[p] = k + 1
      return records[p]?.[k] ?? false
    })
    let sum = 0
    for (const [i, isServed] of record.entries()) {
      sum += isServed ? 1 : 0
      most[i] = Math.max(most[i] ?? 0, sum)
    }
    if (best === null || isBefore(record, best)) best = record
  }
  return { record: best ?? [], most }
}

const isBefore = (a: readonly boolean[], b: readonly boolean[]): boolean => {
  const first = a.findIndex((value, i) => value !== b[i])
  return first >= 0 && a[first] === true
}

/** Unit by unit, each if it can be matched to a unit of stock of its own with all that were matched before. */
function servedAt(tiny: Tiny, place: string, given: readonly number[], units: readonly Unit[]): boolean[] {
  const stock = tiny.own(place).flatMap((own) => Array.from({ length: own.units }, () => own))
  for (const [i, { from, until }] of tiny.rows.entries()) {
    stock.push(...Array.from({ length: (given[i] ?? 0) * tiny.lot }, () => ({ from: from + tiny.road(place), until, units: 1 })))
  }
  const holder = stock.map(() => -1)
  const tryFor = (unit: number, seen: Set<number>): boolean => stock.some(({ from, until }, s) => {
    const day = units[unit]?.slot.day ?? 0
    if (from > day || until < day || seen.has(s)) return false
    seen.add(s)
    const before = holder[s] ?? -1
    if (before >= 0 && !tryFor(before, seen)) return false
    holder[s] = unit
    return true
  })
  return units.map((_, unit) => tryFor(unit, new Set()))
}

/** Every way to give so many lots of each row to so many places; some may stay. */
function waysToGive(rows: readonly number[], places: number): number[][][] {
  const [first, ...rest] = rows
  if (first === undefined) return [[]]
  const later = waysToGive(rest, places)
  return splits(first, places).flatMap((split) => later.map((ways) => [split, ...ways]))
}

function splits(lots: number, places: number): number[][] {
  if (places === 0) return [[]]
  return Array.from({ length: lots + 1 }, (_, own) => own)
    .flatMap((own) => splits(lots - own, places - 1).map((rest) => [own, ...rest]))
}
