import { mergePatch } from '../kernel/mergePatch.js'
import { type Text, text } from '../kernel/text.js'
import { check } from './check.js'
import { describe } from './explain/describe.js'
import { explainUnmet, type Questions } from './explain/unmet.js'
import { Facts } from './facts.js'
import type { Plan } from './plan.js'
import type { Demand, Scenario } from './scenario.js'
import { validateScenario } from './scenarioFaults.js'
import { type EngineName, SolverFault } from './solve/engine.js'
import { type Machine, thisMachine } from './solve/machine.js'
import { type PlanMachine, planMachine } from './solve/planMachine.js'
import { secondOpinionOf } from './solve/secondOpinion.js'
import { type Solved, solveLevels, undoneIn } from './solveLevels.js'
import { withoutTheImpossible } from './withdrawing.js'
import { World } from './world.js'

export interface Progress {
  readonly done: number
  readonly of: number
  readonly title: Text
}

export interface RunOptions {
  readonly engine: EngineName
  /** For the whole plan: levels first, then the second opinion, then ways out, then those of material out of half of what is left; ways out get a floor of two seconds, and material one of two minutes. */
  readonly milliseconds: number
  readonly secondOpinion: boolean
  /** false: unmet needs are listed without their clash and ways out. Default true. */
  readonly waysOut?: boolean
  readonly onProgress?: (progress: Progress) => void
  /** Aborted: whatever is being solved is ended, nothing more is begun, and planFor rejects with PlanCancelled. */
  readonly signal?: AbortSignal
}

export interface PlanOutcome {
  readonly exit: 0 | 3 | 4
  readonly plan: Plan
  /** Beside the plan, whose bytes must repeat: time taken by stage, and levels whose second opinion was killed on time. */
  readonly milliseconds: Readonly<Record<string, number>>
}

/**
 * From a valid scenario to a checked, explained plan.
 * Exit 0: every must holds; 3: impossible, or a demanded need fails; 4: out of time.
 * Throws SolverFault when a solver dies or lies, material is not dealt out in time, or the plan fails its own check, and PlanCancelled by the signal:
 * then there is no plan.
 */
export async function planFor(scenario: Scenario, options: RunOptions, given: Machine = thisMachine): Promise<PlanOutcome> {
  const machine = planMachine(given, options.signal)
  const times = new Stopwatch(machine.now)
  const deadline = machine.now() + options.milliseconds
  const left = () => deadline - machine.now()
  const atLeast = (floor: number) => Math.max(floor, left())
  await machine.pause()
  const world = new World(scenario)
  const solve = (of: World, demands: readonly Demand[], milliseconds: number) =>
    solveLevels(of, { demands, options: { ...options, milliseconds }, machine })
  const demanded = await solve(world, scenario.require, options.milliseconds)
  // A demand or a decision by hand may hold in the model and still find no time for its trips.
  const full = demanded !== null && (demanded.outOfTime || keepsAll(demanded, scenario.require)) ? demanded : null
  // What cannot be met: the best plan without the demands is shown, marked impossible, and without the decisions that stand in the way.
  const asked = full ?? (scenario.require.length > 0 ? await solve(world, [], atLeast(FLOOR_MILLISECONDS)) : null)
  const isBest = !world.hand.arePins || (asked !== null && (asked.outOfTime || keepsAll(asked, [])))
  const solved = isBest ? asked : await withoutTheImpossible(scenario, {
    levels: (of, demands) => solve(of, demands, atLeast(FLOOR_MILLISECONDS)),
    problem: (problem) => machine.solver.solve({ problem, milliseconds: atLeast(FLOOR_MILLISECONDS) }),
  })
  // Judged in the world that was asked for, whatever had to be left out of it.
  const facts = solved === null ? null : new Facts(world, solved.draft.facts.plan)
  times.lap('solve')
  const status = full === null ? 'impossible' : solved?.outOfTime ? 'outOfTime' : null
  const { secondOpinion, levels, killed } = await secondOpinionOf({ solved, options, machine, milliseconds: left() / 2 })
  times.lap('secondOpinion')
  if (killed > 0) times.note('secondOpinionLevelsKilled', killed)
  await machine.pause()
  const described = describe({ world, scenario, facts, levels, status, engine: options.engine, secondOpinion })
  times.lap('explain')
  await machine.pause()
  const questions = options.waysOut === false ? null : questionsOf(scenario, machine, atLeast(FLOOR_MILLISECONDS))
  const unmet = await explainUnmet(world, described, questions)
  times.lap('waysOut')
  await machine.pause()
  const draft: Plan = { ...described, unmet }
  await machine.pause()
  // Where nobody receives any there is no material to be dealt out, and the check takes no time.
  const isDealt = Object.keys(scenario.receivers).length > 0
  const { material, violations } = isDealt ? await machine.deal({
    scenario, draft, waysOut: options.waysOut !== false, milliseconds: left(), floor: FLOOR_MILLISECONDS, killAfter: atLeast(MATERIAL_FLOOR_MILLISECONDS),
  }) : { material: null, violations: check(scenario, draft) }
  const plan: Plan = { ...draft, material }
  times.lap(isDealt ? 'material' : 'check')
  if (violations.length > 0) throw failedCheck(violations.map((v) => v.text))
  return { exit: exitOf(plan), plan, milliseconds: times.laps }
}

/** How long one question about a clash or a way out may take. */
const QUESTION_MILLISECONDS = 10_000
/** What a stage that people wait for gets though the time is up: most ways out are found in a tenth of it. */
const FLOOR_MILLISECONDS = 2000
/** Of material there is no half: a plan without it would be no plan, so that it gets two minutes though the time is up. */
const MATERIAL_FLOOR_MILLISECONDS = 120_000

/** What is not answered when the time is up stays unsaid. */
function questionsOf(scenario: Scenario, machine: PlanMachine, milliseconds: number): Questions {
  const deadline = machine.now() + milliseconds
  return {
    pause: machine.pause,
    solve: async (problem) => {
      const left = deadline - machine.now()
      if (left <= 0) return { status: 'outOfTime', levels: [] }
      return machine.solver.solve({ problem, milliseconds: Math.min(QUESTION_MILLISECONDS, left) })
    },
    replan: async ({ patch }, need) => {
      const left = deadline - machine.now()
      if (left <= 0) return null
      const quiet: RunOptions = { engine: 'highs', milliseconds: left, secondOpinion: false }
      const patched = validateScenario(mergePatch(scenario, patch))
      if (!patched.ok) return null
      const { require } = patched.scenario
      const solved = await solveLevels(new World(patched.scenario), { demands: require, options: quiet, machine })
      if (solved === null || !keepsAll(solved, require)) return { exit: 3, value: -1 }
      const level = solved.levels.find((l) => l.rule === need)
      return { exit: solved.outOfTime ? 4 : 0, value: level?.value ?? 0 }
    },
  }
}

const keepsAll = (solved: Solved, demands: readonly Demand[]): boolean =>
  undoneIn(solved).length === 0 && demands.every((need) => solved.levels.find((level) => level.rule === need)?.value === 0)

export const exitOf = (plan: Pick<Plan, 'status'>): 0 | 3 | 4 =>
  plan.status === 'impossible' ? 3 : plan.status === 'outOfTime' ? 4 : 0

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
