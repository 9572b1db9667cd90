import { canonicalJson } from '../../src/kernel/canonical.js'
import { mergePatch } from '../../src/kernel/mergePatch.js'
import type { Plan } from '../../src/planning/plan.js'
import { EDITIONS, POLICY_FIELDS } from '../../src/planning/policy.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import { planned, story } from './given.js'
import { POLICY_ROWS, type PolicyRow } from './policyRows.js'
import type { Property } from './property.js'

/** Every field of the policy, and every inner field of those that are a set of numbers, changes a plan somewhere. */
export const everyFieldMatters: Property = {
  name: 'every policy field changes some plan',
  run: async () => {
    const fields = POLICY_FIELDS.flatMap(innerFields)
    const missing = fields.filter((field) => !Object.hasOwn(POLICY_ROWS, field)).map((field) => `${field} has no row`)
    const broken: string[] = []
    for (const [field, row] of Object.entries(POLICY_ROWS)) {
      const wrong = fields.includes(field) ? await idle(field, row) : `${field} is no field of the policy`
      if (wrong !== null) broken.push(wrong)
    }
    const all = [...missing, ...broken]
    return { runs: Object.keys(POLICY_ROWS).length, broken: all.length === 0 ? null : all.join('\n  ') }
  },
}

const WITH_INNER_FIELDS = ['timetable', 'travelEstimate', 'urgentWeights', 'material'] as const

function innerFields(field: string): string[] {
  const outer = WITH_INNER_FIELDS.find((name) => name === field)
  if (outer === undefined) return [field]
  return Object.keys(EDITIONS[0]?.policy[outer] ?? {}).map((inner) => `${field}.${inner}`)
}

/** Why the row does not show that its field matters, or null. */
async function idle(field: string, row: PolicyRow): Promise<string | null> {
  const [name = '', inner] = field.split('.')
  const { [name]: own, ...others } = row.policy
  const set = inner === undefined ? own !== undefined : Object.keys(Object(own)).join() === inner
  if (!set || Object.keys(others).length > 0) return `the row of ${field} sets something else`
  const before = story(row.story, row.given)
  const after = validateScenario(mergePatch(before, { policy: row.policy }))
  if (!after.ok) return row.unlawful === true ? null : `${field} makes ${row.story} unlawful`
  const [a, b] = [await shownPlan(before, row), await shownPlan(after.scenario, row)]
  return a === b ? `${field} changes nothing in ${row.story}` : null
}

/** A plan but for what only says which policy it was made under. */
async function shownPlan(scenario: Scenario, row: PolicyRow): Promise<string> {
  const { plan } = await planned(scenario, row.waysOut)
  const shown: Partial<Plan> = { ...plan }
  for (const field of NOT_OF_THE_PLAN) delete shown[field]
  return canonicalJson(shown)
}

const NOT_OF_THE_PLAN = ['snapshotHash', 'policyEdition', 'policySources', 'secondOpinion'] as const
