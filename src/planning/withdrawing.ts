import { Eased } from './explain/eased.js'
import type { Demand, Scenario } from './scenario.js'
import type { Solved } from './solveLevels.js'
import { undoneIn } from './solveLevels.js'
import type { Problem, SolveResult } from './solve/problem.js'
import { World } from './world.js'

interface Solving {
  readonly levels: (world: World, demands: readonly Demand[]) => Promise<Solved | null>
  readonly problem: (problem: Problem) => Promise<SolveResult>
}

/**
 * The best plan where not every decision by hand can be carried out, and nothing is demanded: without as few of them as
 * the musts allow, and without those whose rides find no time. Null: orders that stand clash with the musts themselves.
 */
export async function withoutTheImpossible(scenario: Scenario, solving: Solving): Promise<Solved | null> {
  let kept: Scenario = { ...scenario, require: [] }
  // Each turn takes at least one decision away.
  for (let turns = Object.keys(scenario.edits).length; turns >= 0; turns -= 1) {
    const world = new World(kept)
    const solved = await solving.levels(world, [])
    const undone = solved === null ? await fewest(world, solving) : undoneIn(solved)
    if (undone.length === 0 || solved?.outOfTime === true) return solved
    kept = { ...kept, edits: Object.fromEntries(Object.entries(kept.edits).filter(([id]) => !undone.includes(id))) }
  }
  return null
}

/** The fewest decisions without which the musts can hold; all of them where that is not known in time; none: it would not help. */
async function fewest(world: World, { problem: solve }: Solving): Promise<string[]> {
  const { problem, amounts } = new Eased(world, { need: null, keep: new Map() }).buying(['withdrawEdit'])
  if (amounts.size === 0) return []
  const result = await solve(problem)
  if (result.status === 'infeasible') return []
  const x = result.levels.at(-1)?.x
  if (result.status === 'outOfTime' || x === undefined) return Object.keys(world.scenario.edits)
  return [...amounts].filter(([, column]) => (x[column] ?? 0) > 0).map(([{ subject }]) => subject)
}
