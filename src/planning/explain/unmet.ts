import type { Plan } from '../plan.js'
import type { RunOptions } from '../run.js'
import type { Scenario } from '../scenario.js'
import type { Machine } from '../solve/machine.js'
import type { World } from '../world.js'

export async function explainUnmet(_ask: {
  world: World; scenario: Scenario; plan: Plan; options: RunOptions; machine: Machine
}): Promise<Plan['unmet']> {
  return []
}
