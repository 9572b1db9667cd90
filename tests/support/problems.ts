import type { Problem, ProblemColumn, ProblemRow, Sparse } from '../../src/planning/solve/problem.js'

const INFINITE = Number.POSITIVE_INFINITY

/** A row Σ terms ≤ atMost, or = exactly; there from a level on. */
interface SmallRow {
  readonly terms: readonly number[]
  readonly atMost?: number
  readonly exactly?: number
  readonly from?: number
}

/** Whole columns 0 … upper, rows, and goals made small in their order. */
export interface SmallProblem {
  readonly uppers: readonly number[]
  readonly rows: readonly SmallRow[]
  readonly goals: readonly { readonly terms: readonly number[]; readonly constant?: number }[]
  readonly columns?: Readonly<Record<number, Partial<ProblemColumn>>>
}

const sparse = (terms: readonly number[]): Sparse =>
  terms.flatMap((value, i) => (value === 0 ? [] : [[i, value] as const]))

export const problem = ({ uppers, rows, goals, columns = {} }: SmallProblem): Problem => ({
  columns: uppers.map((upper, i) => ({ lower: 0, upper, whole: true, from: 0, ...columns[i] })),
  rows: rows.map(({ terms, atMost, exactly, from = 0 }): ProblemRow => ({
    terms: sparse(terms), lower: exactly ?? -INFINITE, upper: exactly ?? atMost ?? INFINITE, from,
  })),
  goals: goals.map(({ terms, constant = 0 }) => ({ terms: sparse(terms), constant })),
})

const total = (terms: Sparse, x: readonly number[]) => terms.reduce((sum, [i, value]) => sum + value * (x[i] ?? 0), 0)

export const isAllowed = ({ columns, rows }: Problem, x: readonly number[]): boolean =>
  columns.every((column, i) => (x[i] ?? 0) >= column.lower && (x[i] ?? 0) <= column.upper) &&
  rows.every((row) => total(row.terms, x) >= row.lower - 1e-6 && total(row.terms, x) <= row.upper + 1e-6)

/** The best value of each level by trying every whole point; null: there is none. For a few columns of a few values. */
export function byTrying(asked: Problem): number[] | null {
  const points = asked.columns.reduce<number[][]>((all, { lower, upper }) => {
    const values = Array.from({ length: upper - lower + 1 }, (_, i) => lower + i)
    return all.flatMap((x) => values.map((value) => [...x, value]))
  }, [[]])
  const vectors = points.filter((x) => isAllowed(asked, x))
    .map((x) => asked.goals.map((goal) => total(goal.terms, x) + goal.constant))
  return vectors.reduce<number[] | null>((best, next) => (best === null || isLess(next, best) ? next : best), null)
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, level) => value !== b[level])
  return i >= 0 && (a[i] ?? 0) < (b[i] ?? 0)
}
