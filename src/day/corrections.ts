import { byCodeUnits } from '../kernel/canonical.js'
import { isKnown } from '../kernel/quantity.js'
import type { DayFigures } from './content.js'
import { CITY } from './arithmetic.js'
import { CITY_FIGURES, type Figure, PLACE_FIGURES, UNIT_FIGURES } from './figures.js'

export const CORRECTED = ['city', 'unit', 'place'] as const

/** One figure that is otherwise by what was told after a report was frozen. It stands beside the report, never in it. */
export interface Correction {
  readonly of: (typeof CORRECTED)[number]
  readonly subject: string
  readonly figure: string
  /** Null: there was no such row in the report. */
  readonly frozen: Figure | null
  /** Null: there is no such row any more. */
  readonly now: Figure | null
  /** Null where one of the two is not known. */
  readonly difference: number | null
}

type Rows = Readonly<Record<string, { readonly figures: Readonly<Record<string, Figure>> }>>

/** Every figure that differs: of the city first, then of units and places by id, in the order in which figures stand. */
export function correctionsOf(frozen: DayFigures, now: DayFigures): Correction[] {
  const between = (of: Correction['of'], figures: readonly string[], was: Rows, is: Rows): Correction[] =>
    [...new Set([...Object.keys(was), ...Object.keys(is)])].sort(byCodeUnits).flatMap((subject) => figures.flatMap((figure) =>
      differing({ of, subject, figure, frozen: was[subject]?.figures[figure] ?? null, now: is[subject]?.figures[figure] ?? null })))
  return [
    ...between('city', Object.keys(CITY_FIGURES), { [CITY]: { figures: frozen.city } }, { [CITY]: { figures: now.city } }),
    ...between('unit', Object.keys(UNIT_FIGURES), frozen.units, now.units),
    ...between('place', Object.keys(PLACE_FIGURES), frozen.places, now.places),
  ]
}

function differing(row: Omit<Correction, 'difference'>): Correction[] {
  const { frozen, now } = row
  // A row that was not there and has nothing to tell corrects nothing.
  if (frozen === now || (frozen === null && now === 0) || (now === null && frozen === 0)) return []
  const isKnownBoth = frozen !== null && now !== null && isKnown(frozen) && isKnown(now)
  return [{ ...row, difference: isKnownBoth ? now - frozen : null }]
}
