import type { Pool } from '../facilities/beds.js'
import type { ReportingState } from '../facilities/compliance.js'
import type { PlaceKind } from '../facilities/places.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { type Figure as Reported, isKnown, sum, UNKNOWN } from '../kernel/quantity.js'
import type { Text } from '../kernel/text.js'
import { isOpenAt } from './comings.js'
import { BED_FIGURES, type BedFigure, type Figures, type PlaceFigure } from './figures.js'
import type { DayRead } from './reading.js'

/** One place in a report. */
export interface PlaceRow {
  readonly name: Text
  readonly kind: PlaceKind
  readonly unit: string
  readonly underCommand: boolean
  /** Whether it had told its figures for this cut-off; null: it has no beds to tell of. */
  readonly state: ReportingState | null
  /** Pools of which nothing was told for this cut-off: what they show is older. */
  readonly notReported: readonly string[]
  readonly figures: Figures<PlaceFigure>
}

/** Every place that has beds, or where somebody is. */
export function placesOf(read: DayRead): Record<string, PlaceRow> {
  const { picture, compliance } = read
  const counts = Object.keys(picture.places).map((id) => [id, figuresAt(read, (place) => place === id)] as const)
  return Object.fromEntries(counts.flatMap(([id, figures]): [string, PlaceRow][] => {
    const place = picture.places[id]
    if (place === undefined || (figures.poolsThere === 0 && figures.casesLying === 0 && figures.contactsLying === 0)) return []
    const { name, kind, unit, underCommand } = place
    const told = compliance.find((one) => one.id === id)
    return [[id, { name, kind, unit, underCommand, state: told?.state ?? null, notReported: told?.missing ?? [], figures }]]
  }))
}

/** The same of all places together, counted over all at once. */
export const allPlaces = (read: DayRead): Figures<PlaceFigure> => figuresAt(read, () => true)

function figuresAt({ picture, isolations, compliance, span }: DayRead, isOfThem: (place: string) => boolean): Figures<PlaceFigure> {
  const leading = new Map<string, number>()
  for (const { pool } of Object.values(picture.orders)) if (pool !== null) leading.set(pool, (leading.get(pool) ?? 0) + 1)
  const pools = Object.entries(picture.pools).filter(([, { place }]) => isOfThem(place)).sort(([a], [b]) => byCodeUnits(a, b))
  const beds = pools.map(([id, pool]) => bedsOf(pool, leading.get(id) ?? 0))
  const sums = BED_FIGURES.flatMap((name): [string, number | 'unknown'][] => {
    const known = beds.map((figures) => figures[name]).filter(isKnown)
    // A sum of nothing that is known is not nought.
    return [[name, known.length === 0 ? UNKNOWN : sum(known)], [`${name}Unknown`, beds.length - known.length]]
  })
  return {
    casesLying: Object.values(picture.cases).filter(({ place }) => isOfThem(place)).length,
    contactsLying: isolations.filter((stay) => isOfThem(stay.place) && isOpenAt(stay, span.to)).length,
    poolsThere: pools.length,
    poolsNotReported: sum(compliance.filter(({ id }) => isOfThem(id)).map(({ missing }) => missing.length)),
    ...Object.fromEntries(sums) as Figures<BedFigure | `${BedFigure}Unknown`>,
  }
}

/** What is free is neither in use nor promised; below nought where more are than are staffed. */
function bedsOf({ staffed, occupied, held }: Pick<Pool, 'staffed' | 'occupied' | 'held'>, ordered: number): Record<BedFigure, Reported> {
  // An order that stands holds its bed beside those that the place and the reliefs hold.
  const promised = isKnown(held) ? held + ordered : held
  const free = isKnown(staffed) && isKnown(occupied) && isKnown(promised) ? staffed - occupied - promised : UNKNOWN
  return { bedsStaffed: staffed, bedsOccupied: occupied, bedsHeld: promised, bedsFree: free }
}
