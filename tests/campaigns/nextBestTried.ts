import { canonicalJson } from '../../src/kernel/canonical.js'
import { blocksToOpen, Facts } from '../../src/planning/facts.js'
import { goalsOf } from '../../src/planning/levels.js'
import { partiesOf } from '../../src/planning/parties.js'
import type { Move, Plan } from '../../src/planning/plan.js'
import { MUSTS } from '../../src/planning/rules/musts.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { World } from '../../src/planning/world.js'

/**
 * Takes each next best place at its word, in a city without vehicle rows: the plan with the party sent there breaks no
 * must, and every level changes by what is said. Returns the first that does not, or null.
 */
export function nextBestWrong(scenario: Scenario, plan: Plan): string | null {
  const world = new World(scenario)
  const goals = goalsOf(world)
  const before = new Facts(world, plan)
  for (const { members } of partiesOf(world)) {
    const moves = plan.moves.filter(({ patient }) => members.includes(patient))
    // Only where everybody of the party moves, each line says where each would go.
    if (moves.length < members.length || moves.some(({ nextBest }) => nextBest === null)) continue
    const after = instead(world, plan, moves)
    const broken = MUSTS.flatMap((rule) => rule.measure(after))
    const to = moves[0]?.nextBest?.to ?? ''
    if (broken.length > 0) return `${members.join(', ')} to ${to}: ${broken[0]?.text.en ?? ''}`
    const differences = goals.flatMap((goal, i) => {
      const difference = goal.measure(after) - goal.measure(before)
      return difference === 0 ? [] : [{ rank: i + 1, rule: goal.name, difference }]
    })
    const said = moves[0]?.nextBest?.differences
    if (canonicalJson(differences) !== canonicalJson(said)) {
      return `${members.join(', ')}: ${canonicalJson(said)} is said, ${canonicalJson(differences)} is so`
    }
  }
  return null
}

function instead(world: World, plan: Plan, moves: readonly Move[]): Facts {
  const changed = plan.moves.map((move) => {
    const next = moves.includes(move) ? move.nextBest : null
    const { to, pool, careLevel, travelMinutes } = next ?? move
    return { ...move, to, pool, careLevel, travelMinutes }
  })
  const reserves = blocksToOpen(world, changed).map((block) => ({ block, opened: true }))
  return new Facts(world, { moves: changed, trips: [], reserves })
}
