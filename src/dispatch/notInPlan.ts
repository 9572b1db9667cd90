import type { Severity } from '../cases/cases.js'
import type { Tx } from '../db/database.js'
import { byCodeUnits } from '../kernel/canonical.js'
import type { Instant } from '../kernel/time.js'
import type { Plan } from '../planning/plan.js'
import { casesInCare } from '../stays/store.js'
import { isLive } from './orders.js'
import { ordersAt } from './store.js'

const FIRST = 50

/** Who waits for another place by now and is nowhere in a plan: whoever approves an older one is not to forget them. */
export interface NotInPlan {
  readonly count: number
  /** At most 50, the longest wait first. */
  readonly first: { readonly patient: string; readonly severity: Severity; readonly place: string; readonly waitingSince: Instant }[]
}

/** Those who have asked for another place, for whom no order stands, whom no line of the plan moves, and of whom it does not say why they stay. */
export async function notInPlan(tx: Tx, { moves, unplaced }: Pick<Plan, 'moves' | 'unplaced'>): Promise<NotInPlan> {
  const standing = (await ordersAt(tx, null)).filter(({ state }) => isLive(state))
  // A line that only carries an order on is none once that order has ended.
  const decided = moves.filter(({ order }) => order === null)
  const known = new Set([...decided, ...unplaced, ...standing].map(({ patient }) => patient))
  const waiting = [...await casesInCare(tx)].flatMap(([patient, { severity, place, waitingSince }]) =>
    (waitingSince === null || known.has(patient) ? [] : [{ patient, severity, place, waitingSince }]))
  waiting.sort((a, b) => Date.parse(a.waitingSince) - Date.parse(b.waitingSince) || byCodeUnits(a.patient, b.patient))
  return { count: waiting.length, first: waiting.slice(0, FIRST) }
}
