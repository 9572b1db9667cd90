import { byCodeUnits } from '../kernel/canonical.js'
import { sum } from '../kernel/quantity.js'
import { remembered } from '../kernel/remembered.js'
import { type Day, daysBetween } from '../kernel/time.js'
import type { Use } from './norms.js'

/** Days back over which notes of consumption are added up. */
export const MEASURED_DAYS = 7
/** So many days with notes before they say anything of a norm: who has just begun to keep books has saved nothing yet. */
const NOTED_DAYS_MIN = 3
const SOURCE_LETTERS_MAX = 400
const ID_LETTERS_MAX = 80

/** What notes say that a place used up of one lot of an item in the last days. */
export interface Consumed {
  readonly place: string
  readonly item: string
  readonly units: number
  /** The notes that say so. */
  readonly notes: readonly string[]
  /** The days of the calendar on which they say so. */
  readonly days: readonly Day[]
}

/** Base units of an item that counts at a place have not found; fewer than nought where they found more. */
export interface Missed {
  readonly place: string
  readonly item: string
  readonly units: number
}

/**
 * Use as the notes of consumption have it, where a place has not reported its own: over the days of the calendar from the
 * first with a note to the last, MEASURED_DAYS at most. What was used before and after them is unknown, which is not nought.
 */
export function measuredUses(reported: Readonly<Record<string, Use>>, consumed: readonly Consumed[]): Record<string, Use> {
  const stated = new Set(Object.values(reported).map(({ place, item }) => JSON.stringify([place, item])))
  const byItem = new Map<string, Consumed[]>()
  for (const one of consumed) remembered(byItem, JSON.stringify([one.place, one.item]), () => []).push(one)
  return Object.fromEntries([...byItem].flatMap(([key, lots]): [string, Use][] => {
    const [{ place, item } = { place: '', item: '' }] = lots
    const id = `${place}/${item}`
    // A row of a scenario has an id of so many letters, and what somebody put down under the same stands.
    if (stated.has(key) || Object.hasOwn(reported, id) || id.length > ID_LETTERS_MAX) return []
    const noted = [...new Set(lots.flatMap((lot) => lot.days))].sort(byCodeUnits)
    const [first, last] = [noted.at(0), noted.at(-1)]
    if (first === undefined || last === undefined || noted.length < NOTED_DAYS_MIN) return []
    const days = Math.min(MEASURED_DAYS, 1 + daysBetween({ from: first, to: last }))
    const notes = [...new Set(lots.flatMap((lot) => lot.notes))].sort(byCodeUnits)
    return [[id, { place, item, days, units: sum(lots.map(({ units }) => units)), source: sourceOf(notes), assumed: [], asOf: null }]]
  }))
}

/** As many notes as the field has room for, and how many more there are. */
function sourceOf(notes: readonly string[]): string {
  const saying = (shown: number) => {
    const more = notes.length - shown
    return `notes of consumption ${notes.slice(0, shown).join(', ')}${more === 0 ? '' : `, and ${more} more`}`
  }
  let shown = notes.length
  while (shown > 1 && saying(shown).length > SOURCE_LETTERS_MAX) shown -= 1
  return saying(shown)
}
