import type { Highs, Model, ModelData } from 'highs'
import { highsLoader } from './libraries.js'
import { isWhole, type LevelAnswer, type Problem, type ProblemColumn, type ProblemRow, sumOf } from './problem.js'

/** Reading a status: https://ergo-code.github.io/HiGHS, HighsModelStatus. */
const OPTIMAL = 7
const INFEASIBLE = 8
const UNBOUNDED_OR_INFEASIBLE = 9
const TIME_LIMIT = 13

let loaded: Promise<Highs> | null = null

export interface HighsRun {
  readonly problem: Problem
  readonly milliseconds: number
  readonly now: () => number
  readonly onLevel: (answer: LevelAnswer) => void
}

/** Solves level by level in one HiGHS instance, each level's value kept as a row for the next. */
export async function solveWithHighs(run: HighsRun): Promise<'solved' | 'infeasible' | 'outOfTime'> {
  loaded ??= highsLoader()({ print: () => undefined, printErr: () => undefined })
  const highs = await loaded
  return highs.withModel((model) => new Levels(highs, model, run).solve())
}

class Levels {
  private readonly wholeColumns: number[] = []
  private columns = 0
  private x: number[] = []
  private readonly deadline: number

  constructor(
    private readonly highs: Highs,
    private readonly model: Model,
    private readonly run: HighsRun,
  ) {
    this.deadline = run.now() + run.milliseconds
    model.options.set({ output_flag: false, random_seed: 0, mip_rel_gap: 0, mip_abs_gap: 0.5 })
  }

  solve(): 'solved' | 'infeasible' | 'outOfTime' {
    const { goals } = this.run.problem
    let outOfTime = false
    for (let level = 0; level < Math.max(1, goals.length); level += 1) {
      this.grow(level)
      const goal = goals[level] ?? { terms: [], constant: 0 }
      this.setCosts(goal.terms)
      const answer = this.solveLevel(goal)
      if (answer === 'infeasible') return 'infeasible'
      if (answer === null) return 'outOfTime'
      outOfTime ||= !answer.optimal
      this.x = [...answer.x]
      this.run.onLevel(answer)
      this.keep(goal.terms, answer.value - goal.constant)
    }
    return outOfTime ? 'outOfTime' : 'solved'
  }

  /** Columns and rows that are part of the model from this level on. */
  private grow(level: number): void {
    const { problem } = this.run
    const columns = problem.columns.slice(this.columns).filter((column) => column.from <= level)
    const rows = problem.rows.filter((row) => row.from === level || (level === 0 && row.from < 0))
    if (level === 0) this.model.passModel(modelData(this.highs, columns, rows))
    else {
      for (const column of columns) this.model.addCol(0, column.lower, infinite(this.highs, column.upper), { indices: [], values: [] })
      for (const row of rows) this.addRow(row)
    }
    columns.forEach((column, i) => {
      if (column.whole) this.wholeColumns.push(this.columns + i)
    })
    this.columns += columns.length
  }

  private addRow(row: Pick<ProblemRow, 'terms' | 'lower' | 'upper'>): void {
    const entries = { indices: row.terms.map(([column]) => column), values: row.terms.map(([, value]) => value) }
    this.model.addRow(infinite(this.highs, row.lower), infinite(this.highs, row.upper), entries)
  }

  private setCosts(terms: Problem['goals'][number]['terms']): void {
    if (this.columns === 0) return
    const costs = new Float64Array(this.columns)
    for (const [column, cost] of terms) costs[column] = cost
    this.model.changeColsCost({ kind: 'range', from: 0, to: this.columns - 1 }, costs)
  }

  /** First without whole numbers: where that answer is whole, it is the answer, and proved. */
  private solveLevel(goal: Problem['goals'][number]): LevelAnswer | 'infeasible' | null {
    if (this.isLeastPossible(goal)) return this.answer(goal, this.x, true, null)
    if (this.columns === 0) return { value: goal.constant, optimal: true, bound: null, x: [] }
    this.model.clearIntegrality()
    const relaxed = this.runOnce()
    if (relaxed === INFEASIBLE || relaxed === UNBOUNDED_OR_INFEASIBLE) return 'infeasible'
    if (relaxed === OPTIMAL) {
      const x = Array.from(this.model.getSolution().colValue)
      if (this.wholeColumns.every((column) => isWhole(x[column] ?? 0))) return this.answer(goal, x, true, null)
      // Costs are whole, so no whole answer lies below the relaxed value rounded up.
      const least = Math.ceil(sumOf(goal.terms, x) - 1e-6)
      if (this.x.length === this.columns && sumOf(goal.terms, this.x) <= least + 1e-6) return this.answer(goal, this.x, true, null)
    }
    return this.solveWhole(goal)
  }

  /** The answer in hand cannot be improved: every term is at the bound that makes it least. */
  private isLeastPossible(goal: Problem['goals'][number]): boolean {
    if (this.columns === 0 || this.x.length !== this.columns) return false
    return goal.terms.every(([i, cost]) => {
      const column = this.run.problem.columns[i]
      const value = this.x[i] ?? 0
      return column !== undefined && Math.abs(value - (cost > 0 ? column.lower : column.upper)) <= 1e-9
    })
  }

  private solveWhole(goal: Problem['goals'][number]): LevelAnswer | 'infeasible' | null {
    const types = new Int32Array(this.columns)
    for (const column of this.wholeColumns) types[column] = 1
    this.model.changeColsIntegrality({ kind: 'range', from: 0, to: this.columns - 1 }, types)
    // The answer of the level before still holds, and is where the search starts.
    if (this.x.length === this.columns) this.model.setSolution({ colValue: this.x })
    const status = this.runOnce()
    if (status === INFEASIBLE || status === UNBOUNDED_OR_INFEASIBLE) return 'infeasible'
    if (status === OPTIMAL) return this.answer(goal, Array.from(this.model.getSolution().colValue), true, null)
    if (status !== TIME_LIMIT) throw new Error(`HiGHS stopped with model status ${status}`)
    return this.incumbent(goal)
  }

  /** Out of time: the best whole answer found, or else that of the level before, which still holds. */
  private incumbent(goal: Problem['goals'][number]): LevelAnswer | null {
    const found = Number(this.model.info.get('primal_solution_status')) === this.highs.constants.solutionStatus.feasible
    const bound = Number(this.model.info.get('mip_dual_bound'))
    const x = found ? Array.from(this.model.getSolution().colValue) : this.x
    if (x.length < this.columns || !this.wholeColumns.every((column) => isWhole(x[column] ?? 0))) return null
    return this.answer(goal, x, false, Number.isFinite(bound) ? Math.ceil(bound + goal.constant - 1e-6) : null)
  }

  private answer(goal: Problem['goals'][number], x: readonly number[], optimal: boolean, bound: number | null): LevelAnswer {
    return { value: Math.round(sumOf(goal.terms, x) + goal.constant), optimal, bound, x }
  }

  private runOnce(): number {
    const left = Math.max(0.05, (this.deadline - this.run.now()) / 1000)
    this.model.options.set('time_limit', left)
    this.model.zeroAllClocks()
    return this.model.run().modelStatus
  }

  private keep(terms: Problem['goals'][number]['terms'], value: number): void {
    if (terms.length > 0) this.addRow({ terms, lower: Number.NEGATIVE_INFINITY, upper: value })
  }
}

const infinite = (highs: Highs, bound: number): number =>
  Number.isFinite(bound) ? bound : bound > 0 ? highs.infinity : -highs.infinity

function modelData(highs: Highs, columns: readonly ProblemColumn[], rows: readonly ProblemRow[]): ModelData {
  const starts: number[] = [0]
  const indices: number[] = []
  const values: number[] = []
  for (const row of rows) {
    for (const [column, value] of row.terms) {
      indices.push(column)
      values.push(value)
    }
    starts.push(indices.length)
  }
  return {
    numCols: columns.length,
    numRows: rows.length,
    colCost: new Float64Array(columns.length),
    colLower: columns.map((column) => column.lower),
    colUpper: columns.map((column) => infinite(highs, column.upper)),
    rowLower: rows.map((row) => infinite(highs, row.lower)),
    rowUpper: rows.map((row) => infinite(highs, row.upper)),
    matrix: { format: 'csr', numRows: rows.length, numCols: columns.length, starts, indices, values },
  }
}
