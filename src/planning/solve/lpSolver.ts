import { lpSolver } from './libraries.js'
import { isWhole, type LevelAnswer, type Problem, type ProblemRow, sumOf } from './problem.js'

export interface LevelTask {
  readonly problem: Problem
  readonly level: number
  /** Values kept from the earlier levels, constants included. */
  readonly kept: readonly number[]
}

/**
 * One level by javascript-lp-solver. It reports "feasible" for fractional or broken answers, so every answer is
 * recomputed here: rows, bounds and whole numbers. Null: infeasible or not to be believed.
 */
export function solveLevelWithLpSolver(task: LevelTask): LevelAnswer | null {
  const { problem, level } = task
  const goal = problem.goals[level]
  if (goal === undefined) return null
  const allRows = rowsOf(task)
  const zero = columnsAtZero(problem, allRows)
  const present = problem.columns.map((column, i) => column.from <= level && !zero.has(i))
  const rows = allRows.filter((row) => !holdsAnyway(problem, row, zero))
  const implied = boundsImplied(problem, rows)
  const variables: Record<string, Record<string, number>> = {}
  const ints: Record<string, 1> = {}
  const constraints: Record<string, { min?: number; max?: number; equal?: number }> = {}
  problem.columns.forEach((column, i) => {
    if (present[i] !== true) return
    variables[`x${i}`] = { cost: 0 }
    if (column.whole) ints[`x${i}`] = 1
    // A row for every bound would double the tableau; most follow from the row that places each group once.
    if (Number.isFinite(column.upper) && !implied.has(i)) bound(`u${i}`, `x${i}`, { max: column.upper })
    if (column.lower > 0) bound(`l${i}`, `x${i}`, { min: column.lower })
  })
  for (const [i, cost] of goal.terms) (variables[`x${i}`] ?? {})['cost'] = cost
  rows.forEach((row, r) => {
    for (const [i, value] of row.terms) if (!zero.has(i)) (variables[`x${i}`] ?? {})[`r${r}`] = value
    constraints[`r${r}`] = row.lower === row.upper ? { equal: row.upper } : { max: row.upper }
  })

  const solved = (relaxed: boolean) =>
    accept(task, allRows, lpSolver().Solve({ optimize: 'cost', opType: 'min', constraints, variables, ...(relaxed ? {} : { ints }) }))
  // As a pure linear model first: on these its answer is whole, and its whole-number search is where it fails.
  return solved(true) ?? solved(false)

  function bound(name: string, variable: string, limit: { min?: number; max?: number }): void {
    constraints[name] = limit
    const own = variables[variable]
    if (own !== undefined) own[name] = 1
  }
}

/** Columns that cannot be other than nought: shut, or in a row of no negative coefficients with nought on its right. */
function columnsAtZero(problem: Problem, rows: ReturnType<typeof rowsOf>): Set<number> {
  const zero = new Set<number>(problem.columns.flatMap((column, i) => (column.upper === 0 ? [i] : [])))
  for (const row of rows) {
    if (row.upper !== 0 || row.terms.some(([, value]) => value < 0)) continue
    for (const [i] of row.terms) zero.add(i)
  }
  return zero
}

/** A row that holds whatever the columns are, within their bounds. */
function holdsAnyway(problem: Problem, row: ReturnType<typeof rowsOf>[number], zero: ReadonlySet<number>): boolean {
  if (row.lower === row.upper) return false
  const most = row.terms.reduce((total, [i, value]) =>
    zero.has(i) || value <= 0 ? total : total + value * (problem.columns[i]?.upper ?? Number.POSITIVE_INFINITY), 0)
  return most <= row.upper
}

/** Columns whose upper bound follows from an equality row with no negative coefficient. */
function boundsImplied(problem: Problem, rows: ReturnType<typeof rowsOf>): Set<number> {
  const implied = new Set<number>()
  for (const row of rows) {
    if (row.lower !== row.upper || row.terms.some(([, value]) => value < 0)) continue
    for (const [i, value] of row.terms) if (row.upper / value <= (problem.columns[i]?.upper ?? 0)) implied.add(i)
  }
  return implied
}

function rowsOf({ problem, level, kept }: LevelTask): Pick<ProblemRow, 'terms' | 'lower' | 'upper'>[] {
  const rows: Pick<ProblemRow, 'terms' | 'lower' | 'upper'>[] = problem.rows.filter((row) => row.from <= level)
  problem.goals.slice(0, level).forEach((goal, i) => {
    const value = kept[i]
    if (value !== undefined) rows.push({ terms: goal.terms, lower: Number.NEGATIVE_INFINITY, upper: value - goal.constant })
  })
  return rows
}

function accept(
  { problem, level }: LevelTask,
  rows: readonly Pick<ProblemRow, 'terms' | 'lower' | 'upper'>[],
  answer: unknown,
): LevelAnswer | null {
  const goal = problem.goals[level]
  if (goal === undefined || typeof answer !== 'object' || answer === null || !('feasible' in answer) || answer.feasible !== true) {
    return null
  }
  const values = new Map(Object.entries(answer))
  const x = problem.columns.map((_, i) => {
    const value = values.get(`x${i}`)
    return typeof value === 'number' ? value : 0
  })
  const bounded = problem.columns.every((c, i) => (x[i] ?? 0) >= c.lower - 1e-6 && (x[i] ?? 0) <= c.upper + 1e-6)
  const whole = problem.columns.every((c, i) => !c.whole || isWhole(x[i] ?? 0))
  const holds = rows.every((row) => sumOf(row.terms, x) <= row.upper + 1e-6 && sumOf(row.terms, x) >= row.lower - 1e-6)
  if (!bounded || !whole || !holds) return null
  return { value: Math.round(sumOf(goal.terms, x) + goal.constant), optimal: false, bound: null, x }
}
