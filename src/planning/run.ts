import { mergePatch } from '../kernel/mergePatch.js'
import { type Text, text } from '../kernel/text.js'
import { check } from './check.js'
import { type Draft, draftOf } from './draft.js'
import { describe } from './explain/describe.js'
import { explainUnmet, type Questions } from './explain/unmet.js'
import { goalsOf, prepare, type Prepared } from './levels.js'
import type { Plan, PlanLevel } from './plan.js'
import type { Demand, Scenario } from './scenario.js'
import { validateScenario } from './scenarioFaults.js'
import { type EngineName, SolverFault } from './solve/engine.js'
import { type Machine, thisMachine } from './solve/machine.js'
import { type LevelAnswer, problemOf } from './solve/problem.js'
import { secondOpinionOf } from './solve/secondOpinion.js'
import { solveWithSecondEngine } from './solve/secondEngine.js'
import { World } from './world.js'

export interface Progress {
  readonly done: number
  readonly of: number
  readonly title: Text
}

export interface RunOptions {
  readonly engine: EngineName
  /** For all levels of the plan together. */
  readonly milliseconds: number
  readonly secondOpinion: boolean
  /** false: unmet needs are listed without their clash and ways out. Default true. */
  readonly waysOut?: boolean
  readonly onProgress?: (progress: Progress) => void
}

export interface PlanOutcome {
  readonly exit: 0 | 3 | 4
  readonly plan: Plan
}

/** What the levels came to: the draft, their values, and how the solving ended. */
export interface Solved {
  readonly prepared: Prepared
  readonly answers: readonly LevelAnswer[]
  readonly draft: Draft
  readonly levels: readonly PlanLevel[]
  readonly outOfTime: boolean
}

/**
 * From a valid scenario to a checked, explained plan.
 * Exit 0: every must holds; 3: impossible, or a demanded need fails; 4: out of time.
 * Throws SolverFault when a solver dies or lies, or the plan fails its own check: then there is no plan.
 */
export async function planFor(scenario: Scenario, options: RunOptions, machine: Machine = thisMachine): Promise<PlanOutcome> {
  const times = new Stopwatch(machine.now)
  const world = new World(scenario)
  const full = await solveLevels(world, { demands: scenario.require, options, machine })
  // A demand that cannot be met: the best plan without it is shown, marked impossible.
  const solved = full ?? (scenario.require.length > 0 ? await solveLevels(world, { demands: [], options, machine }) : null)
  times.lap('solve')
  const status = full === null ? 'impossible' : solved?.outOfTime ? 'outOfTime' : null
  const { secondOpinion, levels, killed } = await secondOpinionOf({ solved, options, machine })
  times.lap('secondOpinion')
  if (killed > 0) times.note('secondOpinionLevelsKilled', killed)
  const described = describe({ world, scenario, facts: solved?.draft.facts ?? null, levels, status, engine: options.engine, secondOpinion })
  times.lap('explain')
  const unmet = await explainUnmet(world, described, options.waysOut === false ? null : questionsOf(scenario, options, machine))
  times.lap('waysOut')
  const plan: Plan = { ...described, unmet }
  const violations = solved === null ? [] : check(scenario, plan)
  times.lap('check')
  if (violations.length > 0) throw failedCheck(violations.map((v) => v.text))
  return { exit: exitOf(plan), plan: { ...plan, milliseconds: times.laps } }
}

/** How long one question about a clash or a way out may take. */
const QUESTION_MILLISECONDS = 10_000

function questionsOf(scenario: Scenario, options: RunOptions, machine: Machine): Questions {
  const quiet: RunOptions = { engine: 'highs', milliseconds: options.milliseconds, secondOpinion: false }
  return {
    solve: (problem) => machine.solver.solve({ problem, milliseconds: QUESTION_MILLISECONDS }),
    replan: async ({ patch }, need) => {
      const patched = validateScenario(mergePatch(scenario, patch))
      if (!patched.ok) return null
      const solved = await solveLevels(new World(patched.scenario), { demands: patched.scenario.require, options: quiet, machine })
      if (solved === null) return { exit: 3, value: -1 }
      const level = solved.levels.find((l) => l.rule === need)
      return { exit: solved.outOfTime ? 4 : 0, value: level?.value ?? 0 }
    },
  }
}

export const exitOf = (plan: Pick<Plan, 'status'>): 0 | 3 | 4 =>
  plan.status === 'impossible' ? 3 : plan.status === 'outOfTime' ? 4 : 0

/** All levels, the timetable, and again with fewer minutes while trips do not fit. Null: impossible. */
export async function solveLevels(
  world: World,
  ask: { demands: readonly Demand[]; options: RunOptions; machine: Machine },
): Promise<Solved | null> {
  const deadline = ask.machine.now() + ask.options.milliseconds
  const lowered = new Map<string, number>()
  for (let round = 0; ; round += 1) {
    const solved = await solveOnce(world, { ...ask, lowered, milliseconds: deadline - ask.machine.now() })
    if (solved === null) {
      // Lowered minutes are a guess of ours, never a reason to call a day impossible.
      if (lowered.size === 0) return null
      lowered.clear()
      return solveOnce(world, { ...ask, lowered, milliseconds: deadline - ask.machine.now() })
    }
    const { late, used } = solved.draft
    if (late.size === 0 || solved.outOfTime || round >= world.policy.timetable.rounds) return solved
    for (const { key, minutes } of solved.prepared.build.classes) {
      const missed = late.get(key)
      if (missed !== undefined && minutes !== null) lowered.set(key, minutes - (used.get(key) ?? 0) + missed)
    }
  }
}

async function solveOnce(
  world: World,
  ask: { demands: readonly Demand[]; options: RunOptions; machine: Machine; lowered: ReadonlyMap<string, number>; milliseconds: number },
): Promise<Solved | null> {
  const { options, machine, lowered } = ask
  const prepared = prepare(world, { lowered: new Map(lowered), eased: false, demands: ask.demands })
  const { build, goals, ties } = prepared
  const problem = problemOf(build.model, [...goals.map(({ expression }) => expression), ...ties])
  const of = problem.goals.length
  const onLevel = (done: number) =>
    options.onProgress?.({ done, of, title: goals[done]?.goal.title ?? text('同级分先后', 'ties') })
  const solver = options.engine === 'highs' ? machine.solver : solveWithSecondEngine(machine)
  const result = await solver.solve({ problem, milliseconds: Math.max(1, ask.milliseconds), onLevel })
  if (result.status === 'infeasible') return null
  const last = result.levels.at(-1)
  const draft = draftOf(build, last?.x ?? everybodyStays(prepared))
  const answers = result.levels.slice(0, goals.length)
  const outOfTime = result.status === 'outOfTime'
  return { prepared, answers, draft, outOfTime, levels: levelsOf(world, { answers, draft, conservative: lowered.size > 0 || draft.late.size > 0 }) }
}

/** The plan that changes nothing but carries out the orders: what is left when no level was finished in time. */
function everybodyStays({ build }: Prepared): number[] {
  return build.options.map((option) =>
    option.order !== null || (option.kind === 'stay' && build.optionsOf(option.group)[0] === option) ? option.group.parties.length : 0)
}

const CONSERVATIVE = text('保守：为使车次排得下，已减少车辆时间', 'conservative: vehicle minutes were lowered so that the trips fit')
const TOO_LITTLE_TIME = text('时限内未证最优', 'not proved best within the time limit')
const UNPROVED = text('第二求解器未获证明', 'the engine used does not prove its answer')

/** Level values are those of the finished draft, measured; the solver only says whether they are best. */
function levelsOf(
  world: World,
  { answers, draft, conservative }: { answers: readonly LevelAnswer[]; draft: Draft; conservative: boolean },
): PlanLevel[] {
  return goalsOf(world).map((goal, i) => {
    const value = goal.measure(draft.facts)
    const answer = answers[i]
    const exact = answer !== undefined && !conservative
    // A value other than the solver's means that model and measure are not one truth.
    if (exact && answer.optimal && answer.value !== value) {
      throw new SolverFault(text(
        `第 ${i + 1} 级“${goal.title.zh}”：求解值 ${answer.value}，核算值 ${value}，不出方案`,
        `level ${i + 1} "${goal.title.en}": solved ${answer.value}, measured ${value}; no plan is shown`))
    }
    const optimal = exact && answer.optimal
    const note = optimal ? null : conservative ? CONSERVATIVE : answer?.optimal === false && answer.bound === null ? UNPROVED : TOO_LITTLE_TIME
    return {
      level: goal.level, rank: i + 1, rule: goal.name, title: goal.title, value, unit: goal.unit, optimal,
      bound: optimal ? null : exact ? answer.bound : null, note,
    }
  })
}

function failedCheck(findings: readonly Text[]): SolverFault {
  const shown = findings.slice(0, 5)
  return new SolverFault(text(
    `方案未通过核对，不予显示：${shown.map((f) => f.zh).join('；')}`,
    `the plan failed its check and is not shown: ${shown.map((f) => f.en).join('; ')}`))
}

/** Whole milliseconds by stage. */
export class Stopwatch {
  readonly laps: Record<string, number> = {}
  private last: number
  constructor(private readonly now: () => number) {
    this.last = now()
  }
  lap(name: string): void {
    const at = this.now()
    this.laps[name] = Math.round(at - this.last)
    this.last = at
  }
  note(name: string, value: number): void {
    this.laps[name] = value
  }
}
