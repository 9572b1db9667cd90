import type { Scenario } from '../../src/planning/scenario.js'
import { solveLevels } from '../../src/planning/solveLevels.js'
import { SolverFault } from '../../src/planning/solve/engine.js'
import { thisMachine } from '../../src/planning/solve/machine.js'
import { type Problem, problemOf } from '../../src/planning/solve/problem.js'
import { threadSolver } from '../../src/planning/solve/thread.js'
import { World } from '../../src/planning/world.js'

export const PEER = 'javascript-lp-solver'
export const OPTIONS = { engine: 'highs', milliseconds: 60_000, secondOpinion: false } as const
/** After so long on one level the peer's thread is ended. */
const PEER_MILLISECONDS = 20_000

/** The levels of one scenario, without the ties, and their values as HiGHS proved them. */
export interface SameLevels {
  readonly problem: Problem
  readonly rules: readonly string[]
  readonly values: readonly number[]
  /** As the plan states them: the same, unless trips did not fit and minutes were lowered. */
  readonly planned: readonly number[]
}

export async function levelsToShare(scenario: Scenario): Promise<SameLevels> {
  const ask = { demands: scenario.require, options: OPTIONS, machine: thisMachine }
  const solved = await solveLevels(new World(scenario), ask)
  if (solved === null || solved.outOfTime) throw new Error(`${scenario.name}: not all levels were solved`)
  const { build, goals } = solved.prepared
  return {
    problem: problemOf(build.model, goals.map(({ expression }) => expression)),
    rules: goals.map(({ goal }) => goal.name),
    values: solved.answers.map(({ value }) => value),
    planned: solved.levels.map(({ value }) => value),
  }
}

/** How the peer fared on one level, the earlier ones kept at their proved values. */
export type Fared =
  | { readonly how: 'carried' | 'killed' | 'infeasible' | 'died' }
  | { readonly how: 'differs'; readonly value: number }

export async function peerOn({ problem, values }: SameLevels, level: number): Promise<Fared> {
  const kept = values.slice(0, level)
  try {
    const answer = await threadSolver.solveLevel({ problem, level, kept, milliseconds: PEER_MILLISECONDS })
    if (answer === 'killed' || answer === 'infeasible') return { how: answer }
    return answer.value === values[level] ? { how: 'carried' } : { how: 'differs', value: answer.value }
  } catch (error) {
    if (!(error instanceof SolverFault)) throw error
    return { how: 'died' }
  }
}

/** Null where it carried the level. */
export function failing({ rules, values }: SameLevels, level: number, fared: Fared): string | null {
  const at = `level ${level + 1} ${rules[level] ?? ''}`
  switch (fared.how) {
    case 'carried': return null
    case 'killed': return `${at}: ended after ${PEER_MILLISECONDS / 1000} s`
    case 'infeasible': return `${at}: no answer to be believed`
    case 'died': return `${at}: its thread died`
    case 'differs': return `${at}: ${fared.value}, not ${values[level] ?? '?'}`
  }
}
