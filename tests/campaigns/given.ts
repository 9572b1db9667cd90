import { fileURLToPath } from 'node:url'
import { readScenarioFolder } from '../../src/interop/scenarioFolder.js'
import { invariant } from '../../src/kernel/invariant.js'
import { type JsonPatch, mergePatch } from '../../src/kernel/mergePatch.js'
import { planFor, type PlanOutcome } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'

/** From the compiled tests to the folder of stories. */
const SCENARIOS = fileURLToPath(new URL('../../../scenarios/', import.meta.url))
const MILLISECONDS = 60_000

/** A story of the scenarios folder, with a merge patch laid over it. */
export function story(name: string, patch: JsonPatch = {}): Scenario {
  const read = readScenarioFolder(`${SCENARIOS}${name}`)
  invariant(read.ok, `the story ${name} can be read`)
  return patched(read.scenario, patch)
}

export const patched = (scenario: Scenario, patch: JsonPatch): Scenario => lawful(mergePatch(scenario, patch))

export function lawful(value: unknown): Scenario {
  const validated = validateScenario(value)
  invariant(validated.ok, `a scenario is lawful: ${validated.ok ? '' : JSON.stringify(validated.faults[0])}`)
  return validated.scenario
}

/** Planned without a second opinion, and without ways out unless asked. */
export const planned = (scenario: Scenario, waysOut = false): Promise<PlanOutcome> =>
  planFor(scenario, { engine: 'highs', milliseconds: MILLISECONDS, secondOpinion: false, waysOut })

