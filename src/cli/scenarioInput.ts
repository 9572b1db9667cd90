import { readScenarioFolder } from '../interop/scenarioFolder.js'
import { problemLine } from '../interop/problemText.js'
import { type Text, text } from '../kernel/text.js'
import { mergePatch } from '../kernel/mergePatch.js'
import { TABLE_TITLES } from '../planning/faults/faultList.js'
import type { Demand, Scenario } from '../planning/scenario.js'
import { type Fault, validateScenario } from '../planning/scenarioFaults.js'
import { type PolicySetting, withSetting } from './policyOption.js'

/** A scenario, or a sentence for each thing that is wrong with it. */
export type ScenarioRead =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly sentences: Text[] }

export function readFolder(folder: string): ScenarioRead {
  const read = readScenarioFolder(folder)
  if (read.ok) return read
  return { ok: false, sentences: read.problems.map((one) => text(problemLine(one, 'zh'), problemLine(one, 'en'))) }
}

/** The scenario with the policy settings and demands of a command line. */
export function withAsked(
  scenario: Scenario,
  asked: { policy: readonly PolicySetting[]; require: readonly Demand[] },
): ScenarioRead {
  const policy = asked.policy.reduce<Record<string, unknown>>(withSetting, scenario.policy)
  return validated({ ...scenario, policy, require: [...new Set([...scenario.require, ...asked.require])] })
}

/** The scenario with a JSON merge patch laid over it. */
export const withPatch = (scenario: Scenario, patch: unknown): ScenarioRead => validated(mergePatch(scenario, patch))

function validated(value: unknown): ScenarioRead {
  const checked = validateScenario(value)
  return checked.ok ? checked : { ok: false, sentences: checked.faults.map(faultSentence) }
}

/** Where, what stands there, and what would be right. */
export function faultSentence({ table, id, field, got, want }: Fault): Text {
  const place = { policy: text('政策', 'policy'), scenario: text('情景', 'scenario'), ...TABLE_TITLES }[table]
  const where = [id, field]
    .filter((part) => part !== null)
    .map((part) => ` ${part}`)
    .join('')
  return text(
    `${place.zh}${where}：现为${got === '' ? '空' : `“${got}”`}；${want.zh}`,
    `${place.en}${where}: found ${got === '' ? 'nothing' : `"${got}"`}; ${want.en}`,
  )
}
