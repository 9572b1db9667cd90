import { type Text, text } from '../../kernel/text.js'
import { type LevelAnswer, NOISE, type Problem, type ProblemRow, type SolveResult, isWhole, sumOf } from './problem.js'

export const ENGINES = ['highs', 'javascript-lp-solver'] as const
export type EngineName = (typeof ENGINES)[number]

/** A solver hung, died or lied. No plan comes of it. */
export class SolverFault extends Error {
  override name = 'SolverFault'
  constructor(readonly text: Text) {
    super(text.en)
  }
}

/** Whoever asked for the plan no longer wants it. */
export class PlanCancelled extends Error {
  override name = 'PlanCancelled'
  readonly text = text('排方案已取消', 'planning was cancelled')
  constructor() {
    super('planning was cancelled')
  }
}

/** How a request stands among others: it waits its turn, and it can be withdrawn. */
export interface Turn {
  /** Called when the solver begins with this request; `milliseconds` count from here. */
  readonly onTurn?: (() => void) | undefined
  /** Aborted: a request that waits is withdrawn, one that is being solved is ended, and both reject with PlanCancelled. */
  readonly signal?: AbortSignal | undefined
}

/** Solves a problem level by level; what it returns has been recomputed and is whole. */
export interface Solver {
  readonly solve: (ask: Turn & {
    readonly problem: Problem
    readonly milliseconds: number
    readonly onLevel?: (level: number) => void
  }) => Promise<SolveResult>
  /** One level by the second engine; `killed` when it did not answer in time. */
  readonly solveLevel: (ask: Turn & {
    readonly problem: Problem
    readonly level: number
    readonly kept: readonly number[]
    readonly milliseconds: number
  }) => Promise<LevelAnswer | 'infeasible' | 'killed'>
}

/** Rounds away floating noise and verifies bounds and rows again, exactly. Throws SolverFault when the answer lies. */
export function verified(problem: Problem, level: number, answer: LevelAnswer): LevelAnswer {
  const x = problem.columns.map((column, i) => {
    const value = answer.x[i] ?? 0
    if (column.from <= level && !Number.isFinite(value)) throw lie(`column ${i} is no number`)
    if (column.from > level || !column.whole) return value
    if (!isWhole(value)) throw lie(`column ${i} is ${value}, not whole`)
    return Math.round(value)
  })
  problem.columns.forEach((column, i) => {
    const value = x[i] ?? 0
    if (column.from <= level && (value < column.lower - NOISE || value > column.upper + NOISE)) throw lie(`column ${i} is out of bounds`)
  })
  for (const row of problem.rows) if (row.from <= level && !holds(row, x)) throw lie('a row does not hold')
  const goal = problem.goals[level]
  const value = goal === undefined ? 0 : Math.round(sumOf(goal.terms, x) + goal.constant)
  if (goal !== undefined && value !== answer.value) throw lie(`level ${level + 1} is ${value}, not ${answer.value}`)
  return { ...answer, x }
}

const holds = (row: ProblemRow, x: readonly number[]): boolean => {
  const total = sumOf(row.terms, x)
  // Noise of the columns that need not be whole, times their coefficients.
  const slack = NOISE * (1 + Math.abs(total) + row.terms.length)
  return total <= row.upper + slack && total >= row.lower - slack
}

const lie = (what: string) =>
  new SolverFault(text(`求解器给出的答案经核算不成立（${what}），不出方案`, `the solver's answer does not hold when recomputed (${what}); no plan is shown`))
