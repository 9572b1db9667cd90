import type { Act } from '../db/act.js'
import { type Day, dayOf, type Instant, momentOf } from '../kernel/time.js'
import type { RunRequest } from '../planning/runs.js'
import type { Scenario } from '../planning/scenario.js'
import { snapshotOf, soundPicture } from '../planning/snapshot.js'
import { issuedAt } from './issued.js'

/** The day whose hours and rules a trip that leaves then is judged by; what has left is judged by today's. */
export function dayOfLeaving({ at }: Pick<Act, 'at'>, leavesBase: Instant): Day {
  const [today, day] = [dayOf(at), dayOf(momentOf(leavesBase))]
  return day > today ? day : today
}

/** The world as it stands in this transaction, under what a plan assumes; of people only. */
export async function presentOf({ tx, at }: Act, assumed: Partial<Pick<RunRequest, 'planDay' | 'policy'>> = {}): Promise<Scenario> {
  const { planDay = dayOf(at), policy = {} } = assumed
  return soundPicture(await snapshotOf(tx, { asOf: null, planDay, policy, require: null, material: 'none' }, at, issuedAt))
}
