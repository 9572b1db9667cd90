import type { Plan, PlanLevel } from '../plan.js'
import type { RunOptions } from '../run.js'
import type { Solved } from '../solveLevels.js'
import type { Machine } from './machine.js'
import { type Problem, problemOf, sumOf } from './problem.js'

type Opinion = Plan['secondOpinion']

export interface Judged {
  readonly secondOpinion: Opinion
  /** The plan's levels; proved where the other engine was HiGHS and agrees. */
  readonly levels: readonly PlanLevel[]
  /** Levels on which the second engine was ended on time. */
  readonly killed: number
}

/** Beyond this many columns javascript-lp-solver is not asked; measured, it needs over 10 s from there on. */
const COLUMNS_MAX = 3000
const LEVEL_MILLISECONDS = 10_000

interface Asked {
  readonly options: RunOptions
  readonly machine: Machine
  /** For all levels together; not above nought: no time is left, and no level is carried. */
  readonly milliseconds: number
}

/** Decision 17: the other engine on every level that it can carry, its value compared with ours. */
export async function secondOpinionOf(ask: Asked & { solved: Solved | null }): Promise<Judged> {
  const { solved, options } = ask
  const engine = options.engine === 'highs' ? 'javascript-lp-solver' : 'highs'
  if (solved === null) return { secondOpinion: { engine, agrees: true, levels: [] }, levels: [], killed: 0 }
  if (!options.secondOpinion || solved.outOfTime || ask.milliseconds <= 0) {
    return { secondOpinion: { engine, agrees: true, levels: solved.levels.map(notCarried) }, levels: solved.levels, killed: 0 }
  }
  return options.engine === 'highs' ? byLpSolver(solved, ask) : byHighs(solved, ask)
}

const notCarried = ({ rank, rule }: PlanLevel) => ({ rank, rule, carried: false, agrees: null })

async function byLpSolver(solved: Solved, { machine, milliseconds }: Asked): Promise<Judged> {
  const deadline = machine.now() + milliseconds
  const problem = problemOf(solved.prepared.build.model, solved.prepared.goals.map(({ expression }) => expression))
  const levels: Opinion['levels'] = []
  let killed = 0
  for (const [i, level] of solved.levels.entries()) {
    const left = deadline - machine.now()
    if (left <= 0 || !isCarried(solved, problem, i)) {
      levels.push(notCarried(level))
      continue
    }
    const kept = solved.answers.slice(0, i).map((answer) => answer.value)
    const answer = await machine.solver.solveLevel({ problem, level: i, kept, milliseconds: Math.min(LEVEL_MILLISECONDS, left) })
    if (answer === 'killed') killed += 1
    const agrees = answer === 'killed' ? null : answer !== 'infeasible' && answer.value === solved.answers[i]?.value
    levels.push({ rank: level.rank, rule: level.rule, carried: true, agrees })
  }
  const agrees = levels.every((level) => level.agrees !== false)
  return { secondOpinion: { engine: 'javascript-lp-solver', agrees, levels }, levels: solved.levels, killed }
}

/** Small enough, without whole-number columns beside the moves, and without vehicle rows that may bind. */
function isCarried(solved: Solved, problem: Problem, level: number): boolean {
  const answer = solved.answers[level]
  if (answer === undefined) return false
  const { build } = solved.prepared
  const columns = problem.columns.filter((column) => column.from <= level)
  const switches = columns.slice(build.options.length).some((column) => column.whole && column.upper > 0)
  if (switches || columns.length > COLUMNS_MAX) return false
  return build.model.rows.every((row) => {
    if (row.rule !== 'vehicleMinutes') return true
    const terms = [...row.terms]
    return row.upper - sumOf(terms, answer.x) >= Math.max(...terms.map(([, minutes]) => minutes))
  })
}

async function byHighs(solved: Solved, { machine, milliseconds }: Asked): Promise<Judged> {
  const { build, goals } = solved.prepared
  const problem = problemOf(build.model, goals.map(({ expression }) => expression))
  const result = await machine.solver.solve({ problem, milliseconds })
  const answers = result.status === 'infeasible' ? [] : result.levels
  const levels = solved.levels.map((level, i) => {
    const answer = answers[i]
    const carried = answer !== undefined && answer.optimal
    return { rank: level.rank, rule: level.rule, carried, agrees: carried ? answer.value === solved.answers[i]?.value : null }
  })
  const proved = solved.isCut ? solved.levels : solved.levels.map((level, i) =>
    levels.slice(0, i + 1).every((l) => l.agrees === true) ? { ...level, optimal: true, bound: null, note: null } : level)
  return { secondOpinion: { engine: 'highs', agrees: levels.every((l) => l.agrees !== false), levels }, levels: proved, killed: 0 }
}
