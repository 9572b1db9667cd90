import { text } from '../kernel/text.js'
import { type Draft, draftOf } from './draft.js'
import { goalsOf, prepare, type Prepared } from './levels.js'
import type { PlanLevel } from './plan.js'
import type { RunOptions } from './run.js'
import { placedByHand } from './rules/edits.js'
import type { Demand } from './scenario.js'
import { SolverFault, verified } from './solve/engine.js'
import type { Machine } from './solve/machine.js'
import { type LevelAnswer, problemOf } from './solve/problem.js'
import { solveWithSecondEngine } from './solve/secondEngine.js'
import type { World } from './world.js'

/** What the levels came to: the draft, their values, and how the solving ended. */
export interface Solved {
  readonly prepared: Prepared
  readonly answers: readonly LevelAnswer[]
  readonly draft: Draft
  readonly levels: readonly PlanLevel[]
  readonly outOfTime: boolean
  /** Options were cut so that the trips fit: what is proved of the model is not proved of the day. */
  readonly isCut: boolean
}

/**
 * All levels and the timetable (decision 7). While rides find no time, so many fewer may take their option, in later
 * rounds with fewer minutes for their vehicles too, and the levels are solved again. The best draft of all rounds is
 * kept. Null: impossible.
 */
export async function solveLevels(world: World, ask: LevelsAsk): Promise<Solved | null> {
  const deadline = ask.machine.now() + ask.options.milliseconds
  const caps = new Map<number, number>()
  const lowered = new Map<string, number>()
  const { rounds } = world.policy.timetable
  let first: Solved | null = null
  let best: Solved | null = null
  for (let round = 0; round <= rounds; round += 1) {
    const left = deadline - ask.machine.now()
    if (best !== null && left <= 0) break
    const solved = await solveOnce(world, ask, { caps, lowered, milliseconds: left, first: first?.answers ?? null })
    // What we cut off ourselves is a guess, never a reason to call a day impossible.
    if (solved === null) break
    first ??= solved
    if (best === null || isBetter(solved, best)) best = solved
    if (solved.draft.late.length === 0 || solved.outOfTime) break
    tighten(solved, { caps, lowered: round >= rounds / 2 ? lowered : null })
  }
  return best
}

interface LevelsAsk {
  readonly demands: readonly Demand[]
  readonly options: RunOptions
  readonly machine: Machine
}

/** Decisions by hand that a draft does not carry out, since their rides found no time. */
export const undoneIn = ({ draft: { facts } }: Solved): string[] => placedByHand.measure(facts).map(({ subject }) => subject)

function isBetter(a: Solved, b: Solved): boolean {
  const [undone, before] = [undoneIn(a).length, undoneIn(b).length]
  if (undone !== before) return undone < before
  const at = a.levels.findIndex((level, i) => level.value !== b.levels[i]?.value)
  return at >= 0 && (a.levels[at]?.value ?? 0) < (b.levels[at]?.value ?? 0)
}

function tighten({ prepared, draft }: Solved, limits: { caps: Map<number, number>; lowered: Map<string, number> | null }): void {
  const { build } = prepared
  for (const { option } of draft.late) {
    const column = build.x(option)
    const taken = limits.caps.get(column) ?? draft.taken.get(column) ?? 0
    limits.caps.set(column, Math.max(0, taken - 1))
  }
  for (const { option } of limits.lowered === null ? [] : draft.late) {
    const { key = '', minutes = null } = option.vehicles ?? {}
    if (minutes === null) continue
    const used = draft.used.get(key) ?? 0
    limits.lowered?.set(key, Math.max(limits.lowered.get(key) ?? 0, minutes - used) + option.tripMinutes)
  }
}

async function solveOnce(
  world: World,
  ask: LevelsAsk,
  limits: {
    caps: ReadonlyMap<number, number>; lowered: ReadonlyMap<string, number>
    milliseconds: number; first: readonly LevelAnswer[] | null
  },
): Promise<Solved | null> {
  const { options, machine, demands } = ask
  const prepared = prepare(world, { lowered: limits.lowered, caps: limits.caps, eased: false, demands })
  const { build, goals, ties } = prepared
  const problem = problemOf(build.model, [...goals.map(({ expression }) => expression), ...ties])
  const of = problem.goals.length
  const onLevel = (done: number) =>
    options.onProgress?.({ done, of, title: goals[done]?.goal.title ?? text('同级分先后', 'ties') })
  const solver = options.engine === 'highs' ? machine.solver : solveWithSecondEngine(machine)
  const result = await solver.solve({ problem, milliseconds: Math.max(1, limits.milliseconds), onLevel })
  if (result.status === 'infeasible') {
    // Everybody may stay where nothing is ordered, demanded or pinned, so this cannot be.
    if (world.orderOf.size === 0 && demands.length === 0 && !world.hand.arePins) throw falselyInfeasible()
    return null
  }
  if (result.status === 'outOfTime' && result.killed && result.levels.length === 0) throw hung()
  const levelsSolved = result.levels.map((answer, level) => verified(problem, level, answer))
  if (result.status === 'solved' && levelsSolved.length !== problem.goals.length) throw incomplete()
  const last = levelsSolved.at(-1)
  const draft = draftOf(build, last?.x ?? everybodyStays(prepared))
  const answers = levelsSolved.slice(0, goals.length)
  const levels = levelsOf(world, draft, limits.first ?? answers, limits.first !== null)
  const isCut = limits.first !== null || draft.late.length > 0
  return { prepared, answers, draft, levels, isCut, outOfTime: result.status === 'outOfTime' }
}

const falselyInfeasible = () =>
  new SolverFault(text('求解器称无解，而人人留在原处即是一解，不出方案', 'the solver calls infeasible what staying everywhere solves; no plan is shown'))
const incomplete = () =>
  new SolverFault(text('求解器未答完各级即称完成，不出方案', 'the solver left out levels and called it solved; no plan is shown'))
const hung = () =>
  new SolverFault(text('求解器到时未作任何回答，已中止，不出方案', 'the solver gave no answer in time and was ended; no plan is shown'))

/** The plan that changes nothing but carries out the orders: what is left when no level was finished in time. */
function everybodyStays({ build }: Prepared): number[] {
  return build.options.map((option) =>
    option.order !== null || (option.kind === 'stay' && build.optionsOf(option.group)[0] === option) ? option.group.parties.length : 0)
}

const CONSERVATIVE = text('保守：为使车次排得下，已减少可选车次', 'conservative: options were cut so that the trips fit')
const TOO_LITTLE_TIME = text('时限内未证最优', 'not proved best within the time limit')
const UNPROVED = text('第二求解器未获证明', 'the engine used does not prove its answer')

/**
 * Level values are those of the finished draft, measured. `first`: what the model came to before anything was cut
 * for the timetable's sake, a bound on every plan; as long as the draft reaches it, it is best.
 */
function levelsOf(world: World, draft: Draft, first: readonly LevelAnswer[], isCut: boolean): PlanLevel[] {
  let reached = true
  return goalsOf(world).map((goal, i) => {
    const value = goal.measure(draft.facts)
    const answer = first[i]
    // Worse than solved although every ride has its trip: model and measure are not one truth.
    if (reached && !isCut && draft.late.length === 0 && answer?.optimal === true && value > answer.value) {
      throw new SolverFault(text(
        `第 ${i + 1} 级“${goal.title.zh}”：求解值 ${answer.value}，核算值 ${value}，不出方案`,
        `level ${i + 1} "${goal.title.en}": solved ${answer.value}, measured ${value}; no plan is shown`))
    }
    const bound = reached && answer !== undefined ? (answer.optimal ? answer.value : answer.bound) : null
    const optimal = reached && answer?.optimal === true && answer.value === value
    const note = optimal ? null : answer === undefined ? TOO_LITTLE_TIME : answer.optimal ? CONSERVATIVE : answer.bound === null ? UNPROVED : TOO_LITTLE_TIME
    reached &&= optimal
    return {
      level: goal.level, rank: i + 1, rule: goal.name, title: goal.title, value, unit: goal.unit, optimal,
      bound: optimal ? null : bound, note,
    }
  })
}
