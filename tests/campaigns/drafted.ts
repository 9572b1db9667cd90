import { oneTrip } from '../../src/dispatch/lines.js'
import type { Plan } from '../../src/planning/plan.js'
import { planFor } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { shipped } from './load.js'

/** Who is to come to which pool. */
export interface Wanted {
  readonly patient: string
  readonly pool: string
}

/** A lawful plan in which nobody moves. */
export const emptyPlan = async (): Promise<Plan> =>
  (await planFor(shipped('nothing-to-do'), { engine: 'highs', milliseconds: 20_000, secondOpinion: false })).plan

/** The same plan, of the day of a scenario and with these moves: computed by nobody, as a draft that is approved is judged anew. */
export function draftedPlan(empty: Plan, scenario: Scenario, wanted: readonly Wanted[]): Plan {
  const moves = wanted.flatMap((one) => oneTrip(scenario, { riders: [one], vehicle: null, leaves: 0 }).moves)
  return { ...empty, planDay: scenario.planDay, status: 'planned', moves, trips: [] }
}
