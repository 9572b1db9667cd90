import { sum } from '../../src/kernel/quantity.js'
import type { Plan } from '../../src/planning/plan.js'
import { planFor } from '../../src/planning/run.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import { SolverFault } from '../../src/planning/solve/engine.js'
import {
  balancesOf, hospitalOf, kmBetween, type Network, placeId, scenarioOf, type TransportProblem,
} from './transport.js'

const OPTIONS = { engine: 'highs', milliseconds: 60_000, secondOpinion: false, waysOut: false } as const

/** One problem through the planner as it is: a valid scenario, a solved, explained and checked plan. */
export async function solvedTransport(network: Network, problem: TransportProblem): Promise<readonly string[]> {
  const validated = validateScenario(scenarioOf(network, problem))
  if (!validated.ok) return validated.faults.map(({ table, id, field, want }) => `${table} ${id} ${field}: ${want.en}`)
  try {
    const { plan } = await planFor(validated.scenario, OPTIONS)
    return [...differences(problem, plan), ...recounted({ network, problem, plan })]
  } catch (error) {
    // A plan that fails its own check is one more difference; anything else is a mistake in this program.
    if (!(error instanceof SolverFault)) throw error
    return [error.text.en]
  }
}

/** The planner's levels against the optimum that is known. */
function differences(problem: TransportProblem, plan: Plan): string[] {
  const level = (rule: string) => plan.levels.find((line) => line.rule === rule)
  const [unmoved, minutes] = [level('concentrated'), level('minutes')]
  const pairs: readonly [string, unknown, unknown][] = [
    ['status', plan.status, problem.over === 0 ? 'nothingToDo' : 'planned'],
    ['patients over capacity', plan.moves.length + plan.unplaced.length, problem.over],
    ['moved', plan.moves.length, problem.moved],
    ['unmoved', unmoved?.value, problem.unmoved],
    ['cost', minutes?.value, problem.cost_km10],
    ['unmoved proved', unmoved?.optimal, true],
    ['cost proved', minutes?.optimal, true],
  ]
  return pairs
    .filter(([, got, want]) => got !== want)
    .map(([what, got, want]) => `${what} ${String(got)}, known ${String(want)}`)
}

/** The moves counted over again on the network's own figures, without a word of the planner's. */
function recounted({ network, problem, plan }: { network: Network; problem: TransportProblem; plan: Plan }): string[] {
  const wrong: string[] = []
  const rides = plan.moves.map(({ from, to }) => ({ from: hospitalOf(from), to: hospitalOf(to) }))
  const cost = sum(rides.map((ride) => Math.round(10 * kmBetween(network, ride))))
  if (cost !== problem.cost_km10) wrong.push(`the rides add up to ${cost}, known ${problem.cost_km10}`)
  if (new Set(plan.moves.map(({ patient }) => patient)).size !== rides.length) wrong.push('somebody is moved twice')
  if (rides.some((ride) => !(kmBetween(network, ride) <= problem.max_km))) wrong.push('a ride is too long')
  for (const [i, { surplus }] of balancesOf(network, problem).entries()) {
    const sent = rides.filter(({ from }) => from === i).length
    const received = rides.filter(({ to }) => to === i).length
    const [patients, beds] = [Math.max(0, surplus), Math.max(0, -surplus)]
    if (sent > patients) wrong.push(`${placeId(i)} sends ${sent} of ${patients}`)
    if (received > beds) wrong.push(`${placeId(i)} takes ${received} into ${beds} beds`)
  }
  return wrong
}
