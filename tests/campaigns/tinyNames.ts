import { invariant } from '../../src/kernel/invariant.js'
import { instantAt } from '../../src/kernel/time.js'
import type { PlaceKind } from '../../src/facilities/places.js'
import type { Recipe } from './tinyRecipe.js'

export const SOURCE = { source: 'drawn at random', assumed: [], asOf: null }
export const UNITS = ['u1', 'u2']
const PLAN_DAYS = { 2020: '2020-01-30', 2022: '2022-11-20' } as const

/** What the things of a recipe are called; any number stands for something, however many there are. */
export class Names {
  readonly day: string

  constructor(readonly made: Recipe) {
    this.day = PLAN_DAYS[made.edition]
  }

  /** So many hours before what was known. */
  ago(hours: number): string {
    return instantAt(this.day, this.made.clock - 60 * hours)
  }

  /** A city has at least a centralised hospital and a district designated one; only 2022 knows the fangcang. */
  kindOf(place: number): PlaceKind {
    if (place < 2) return place === 0 ? 'centralisedTreatmentHospital' : 'districtDesignatedHospital'
    const { kind } = pick(this.made.places, place)
    return kind === 'fangcang' && this.made.edition === '2020' ? 'centralisedTreatmentHospital' : kind
  }

  /** In another order than the places themselves, so that ties by id mean nothing else. */
  place(place: number): string {
    const { places, names } = this.made
    return `p${((place % places.length) + names) % places.length}`
  }

  pool(place: number, pool: number): string {
    return `${this.place(place)}/${pool % pick(this.made.places, place).pools.length}`
  }

  block(place: number, block: number): string {
    return `${this.place(place)}#${(block % pick(this.made.places, place).blocks.length) + 1}`
  }

  case(person: number): string {
    return `${pick(UNITS, pick(this.made.people, person).unit)}-000${(person % this.made.people.length) + 1}`
  }
}

export const keyed = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries)

export function pick<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  invariant(item !== undefined, 'a list to draw from is not empty')
  return item
}
