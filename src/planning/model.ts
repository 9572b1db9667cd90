import { invariant } from '../kernel/invariant.js'
import type { WayOutKind } from './policy.js'

/**
 * A linear model in whole numbers, its rows named by rule and subject:
 *
 *   minimise   Σ cost·x          level by level
 *   subject to Σ a·x ≤ upper     for every row
 *              0 ≤ x ≤ upper     whole where it is said so
 */
export type Terms = Map<number, number>

export interface Column {
  readonly name: string
  readonly lower: number
  readonly upper: number
  /** Must be whole; otherwise it is whole by itself whenever the others are. */
  readonly whole: boolean
  /** The level from which on it is part of the model; musts are there from 0. */
  readonly from: number
}

/** How a row may be eased when looking for ways out: each unit adds `per` to its upper bound. */
export interface Easing {
  readonly kind: WayOutKind
  readonly subject: string
  readonly per: number
  readonly max: number
  /** What the first unit costs beside itself: beds to be staffed before one becomes usable. */
  readonly fixed?: number
  /** The column that has to be 1 before any unit is of use: the reserve block is opened. */
  readonly opens?: number
}

export interface Row {
  readonly rule: string
  readonly subject: string
  readonly terms: Terms
  readonly upper: number
  /** Equality rows have lower = upper; others have none. */
  readonly lower: number
  readonly easing: Easing | null
  readonly from: number
}

/** Σ coefficient·column + constant. */
export interface Expression {
  readonly terms: Terms
  readonly constant: number
}

export class Model {
  readonly columns: Column[] = []
  readonly rows: Row[] = []
  /** The level to which columns and rows are now being added. */
  level = 0

  column(column: { name: string; upper: number; lower?: number; whole?: boolean }): number {
    this.columns.push({ lower: 0, whole: true, from: this.level, ...column })
    return this.columns.length - 1
  }

  /** Adds Σ terms ≤ upper; a row without terms is dropped when it holds by itself. */
  atMost(row: { rule: string; subject: string; terms: Terms; upper: number; easing?: Easing }): void {
    if (row.terms.size === 0 && row.upper >= 0) return
    this.rows.push({ lower: Number.NEGATIVE_INFINITY, easing: null, from: this.level, ...row })
  }

  exactly(row: { rule: string; subject: string; terms: Terms; value: number }): void {
    const { value, ...rest } = row
    this.rows.push({ ...rest, lower: value, upper: value, easing: null, from: this.level })
  }
}

export const addTerm = (terms: Terms, column: number, coefficient: number): void => {
  invariant(Number.isInteger(coefficient), 'a coefficient is whole')
  const value = (terms.get(column) ?? 0) + coefficient
  if (value === 0) terms.delete(column)
  else terms.set(column, value)
}

