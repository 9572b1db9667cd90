import type { Expression, Model } from '../model.js'

/** Column and coefficient, in column order. */
export type Sparse = readonly (readonly [number, number])[]

export interface ProblemRow {
  readonly terms: Sparse
  readonly lower: number
  readonly upper: number
  readonly from: number
}

export interface ProblemColumn {
  readonly lower: number
  readonly upper: number
  readonly whole: boolean
  readonly from: number
}

/** A model without its names, as it crosses to the solver's thread: goals are made small one after the other. */
export interface Problem {
  readonly columns: readonly ProblemColumn[]
  readonly rows: readonly ProblemRow[]
  readonly goals: readonly { readonly terms: Sparse; readonly constant: number }[]
}

export const sparse = (terms: ReadonlyMap<number, number>): Sparse => [...terms].sort(([a], [b]) => a - b)

export const problemOf = (model: Pick<Model, 'columns' | 'rows'>, goals: readonly Expression[]): Problem => ({
  columns: model.columns.map(({ lower, upper, whole, from }) => ({ lower, upper, whole, from })),
  rows: model.rows.map(({ terms, lower, upper, from }) => ({ terms: sparse(terms), lower, upper, from })),
  goals: goals.map(({ terms, constant }) => ({ terms: sparse(terms), constant })),
})

export const sumOf = (terms: Sparse, x: ArrayLike<number>): number => {
  let total = 0
  for (const [column, coefficient] of terms) total += coefficient * (x[column] ?? 0)
  return total
}

/** What a solver says of one level. `x` covers every column that is part of the level. */
export interface LevelAnswer {
  readonly value: number
  /** Proved by the solver itself. */
  readonly optimal: boolean
  /** Nothing smaller exists than this; null: not known. */
  readonly bound: number | null
  readonly x: readonly number[]
}

export type SolveResult =
  | { readonly status: 'solved'; readonly levels: readonly LevelAnswer[] }
  | { readonly status: 'infeasible' }
  /** Stopped by the clock: the levels finished so far; `killed` when the solver did not stop by itself. */
  | { readonly status: 'outOfTime'; readonly levels: readonly LevelAnswer[]; readonly killed?: boolean }

/** Distance from a whole number that is noise of floating point, not a fraction of a patient. */
export const NOISE = 1e-6

export const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) <= NOISE
