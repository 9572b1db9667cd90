import type { Act } from '../db/act.js'
import { Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { dayOf } from '../kernel/time.js'
import type { RunRequest } from '../planning/runs.js'
import type { Scenario } from '../planning/scenario.js'
import { validateScenario } from '../planning/scenarioFaults.js'
import { detailOf, snapshotOf } from '../planning/snapshot.js'
import { issuedAt } from './issued.js'

/** The world as it stands in this transaction, under what a plan assumes. */
export async function presentOf({ tx, at }: Act, assumed: Partial<Pick<RunRequest, 'planDay' | 'policy'>> = {}): Promise<Scenario> {
  const { planDay = dayOf(at), policy = {} } = assumed
  const read = validateScenario(await snapshotOf(tx, { asOf: null, planDay, policy, require: null }, at, issuedAt))
  if (read.ok) return read.scenario
  throw new Refused({
    code: 'scenarioRefused', text: text('现有数据自相矛盾，无法核对；请按所列补正', 'what stands in the store contradicts itself, so nothing can be checked; mend what is listed'),
    details: read.faults.map(detailOf),
  })
}
