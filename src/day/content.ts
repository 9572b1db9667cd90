import type { Text } from '../kernel/text.js'
import { type Day, type Instant, instantOf } from '../kernel/time.js'
import type { Checked } from './arithmetic.js'
import { byUnit, marksOf, tally } from './counting.js'
import type { CutOff } from './cutOff.js'
import { type CityFigure, type Figures, UNIT_FIGURES, type UnitFigure } from './figures.js'
import { allPlaces, type PlaceRow, placesOf } from './placeCounting.js'
import type { DayRead } from './reading.js'

/** The figures of a day, for each reporting unit, each place and the city. */
export interface DayFigures {
  readonly city: Figures<CityFigure>
  readonly units: Readonly<Record<string, { readonly name: Text; readonly figures: Figures<UnitFigure> }>>
  readonly places: Readonly<Record<string, PlaceRow>>
  readonly plans: readonly { readonly id: string; readonly approvedAt: Instant; readonly approvedBy: string }[]
}

/** What of a report is frozen. */
export interface DayContent extends DayFigures {
  readonly day: Day
  readonly cutOff: CutOff
  readonly from: Instant
  readonly to: Instant
  /** What was told later is not in it. */
  readonly knownAt: Instant
  readonly note: string | null
  /** How many lines were checked by each rule of arithmetic; all of them hold. */
  readonly arithmetic: readonly Checked[]
}

/** Counts a day. The city is counted over everybody at once, so that it can be held against the sum of its units. */
export function figuresOf(read: DayRead): DayFigures {
  const { picture, plans } = read
  const marks = marksOf(read)
  const units = byUnit(Object.keys(picture.units), marks)
  return {
    city: { ...tally(UNIT_FIGURES, marks), ...allPlaces(read), plansApproved: plans.length },
    units: Object.fromEntries(Object.entries(units).flatMap(([id, figures]) => {
      const unit = picture.units[id]
      return unit === undefined ? [] : [[id, { name: unit.name, figures }]]
    })),
    places: placesOf(read),
    plans: plans.map(({ id, approvedAt, approvedBy }) => ({ id, approvedAt: instantOf(approvedAt), approvedBy })),
  }
}
