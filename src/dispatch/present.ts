import type { Act } from '../db/act.js'
import { dayOf } from '../kernel/time.js'
import type { RunRequest } from '../planning/runs.js'
import type { Scenario } from '../planning/scenario.js'
import { snapshotOf, soundPicture } from '../planning/snapshot.js'
import { issuedAt } from './issued.js'

/** The world as it stands in this transaction, under what a plan assumes; of people only. */
export async function presentOf({ tx, at }: Act, assumed: Partial<Pick<RunRequest, 'planDay' | 'policy'>> = {}): Promise<Scenario> {
  const { planDay = dayOf(at), policy = {} } = assumed
  return soundPicture(await snapshotOf(tx, { asOf: null, planDay, policy, require: null, material: 'none' }, at, issuedAt))
}
