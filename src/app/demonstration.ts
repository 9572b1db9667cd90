import type { Database, Tx } from '../db/database.js'
import { writeJournal } from '../db/journal.js'
import type { Act } from '../db/act.js'
import type { Clock } from '../kernel/clock.js'
import { SYSTEM } from '../kernel/roles.js'
import type { Text } from '../kernel/text.js'
import { momentOf } from '../kernel/time.js'
import { type Plan, planSchema } from '../planning/plan.js'
import { runRequestSchema } from '../planning/runs.js'
import type { Scenario } from '../planning/scenario.js'
import { importScenario, isStoreEmpty } from '../planning/snapshot.js'
import { listRuns, planOf, queueRun } from '../planning/store.js'
import { setClockShift } from '../db/clockShift.js'

const BY = 'start'

const actOf = (tx: Tx, { now, newId }: Clock): Act => {
  const at = now()
  return { tx, who: { ...SYSTEM, id: BY }, at, by: BY, newId, ifMatch: undefined, journal: (deed) => writeJournal(tx, deed, { at, by: BY, request: BY }) }
}

/**
 * Fills an empty store with a scenario at its own date, and asks for that day's plan. Returns how far the clock is then
 * from the machine's, or null when the store holds something already.
 */
export async function fillEmptyStore(
  db: Database, scenario: Scenario, machineNow: () => Date, clockAt: (shift: number) => Clock,
): Promise<number | null> {
  if (!await db.inSnapshot(isStoreEmpty)) return null
  const shift = momentOf(scenario.asOf).getTime() - machineNow().getTime()
  await setClockShift(db, shift)
  const clock = clockAt(shift)
  await db.inTransaction(async (tx) => {
    const act = actOf(tx, clock)
    await importScenario(act, scenario)
    const request = runRequestSchema.parse({ asOf: scenario.asOf, planDay: scenario.planDay })
    const run = await queueRun(tx, { id: act.newId(), request, by: act.by, at: act.at })
    await act.journal({ action: 'plan.asked', kind: 'plan-runs', subject: run.id, details: { request } })
  })
  return shift
}

/** The newest plan, once no run is under way; null when there is none. */
export async function newestPlan(db: Database): Promise<{ run: string; plan: Plan } | { failed: readonly Text[] } | 'underWay' | null> {
  return db.inSnapshot(async (tx) => {
    const [run] = await listRuns(tx, { state: undefined, after: null, limit: 1 })
    if (run === undefined) return null
    if (run.state === 'queued' || run.state === 'running') return 'underWay'
    const found = await planOf(tx, run.id)
    if (found === null) return { failed: run.reasons ?? [] }
    return { run: run.id, plan: planSchema.parse(JSON.parse(found.plan)) }
  })
}
