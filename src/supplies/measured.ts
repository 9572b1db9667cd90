import { byCodeUnits } from '../kernel/canonical.js'
import type { Use } from './norms.js'

/** Days back over which notes of consumption are added up. */
export const MEASURED_DAYS = 7
const DAY_MILLISECONDS = 24 * 3600_000
const SOURCE_LETTERS_MAX = 400
const ID_LETTERS_MAX = 80

/** What notes say that a place used up of an item in the last days. */
export interface Consumed {
  readonly place: string
  readonly item: string
  readonly units: number
  /** The notes that say so. */
  readonly notes: readonly string[]
  /** When any of the item first came to the place or left it. */
  readonly firstMoved: Date
}

/** Base units of an item that counts at a place have not found; fewer than nought where they found more. */
export interface Missed {
  readonly place: string
  readonly item: string
  readonly units: number
}

/**
 * Use as the notes of consumption have it, where a place has not reported its own: over as many whole days as it has had
 * any of the item, at least one and at most MEASURED_DAYS.
 */
export function measuredUses(reported: Readonly<Record<string, Use>>, consumed: readonly Consumed[], moment: Date): Record<string, Use> {
  const stated = new Set(Object.values(reported).map(({ place, item }) => JSON.stringify([place, item])))
  return Object.fromEntries(consumed.flatMap(({ place, item, units, notes, firstMoved }): [string, Use][] => {
    const id = `${place}/${item}`
    // A row of a scenario has an id of so many letters, and what somebody put down under the same stands.
    if (stated.has(JSON.stringify([place, item])) || Object.hasOwn(reported, id) || id.length > ID_LETTERS_MAX) return []
    const days = Math.min(MEASURED_DAYS, Math.max(1, Math.floor((moment.getTime() - firstMoved.getTime()) / DAY_MILLISECONDS)))
    return [[id, { place, item, days, units, source: sourceOf([...notes].sort(byCodeUnits)), assumed: [], asOf: null }]]
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
