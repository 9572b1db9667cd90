import type { Database } from '../db/database.js'
import { importOrders } from '../dispatch/importing.js'
import { issuedAt } from '../dispatch/issued.js'
import type { Clock } from '../kernel/clock.js'
import type { PlaceKind } from '../facilities/places.js'
import { momentOf } from '../kernel/time.js'
import { runRequestSchema } from '../planning/runs.js'
import type { Scenario } from '../planning/scenario.js'
import { importScenario, isStoreEmpty } from '../planning/snapshot.js'
import { queueRun } from '../planning/store.js'
import { hasClockShift, setClockShift } from '../db/clockShift.js'
import { startAct } from './startAct.js'
import { demonstrationAccounts } from '../access/accounts.js'
import { putAccount } from '../access/commands.js'

/**
 * Fills an empty store with a scenario at its own date, and asks for that day's plan. Returns how far the clock is then
 * from the machine's, or null when the store holds something already.
 */
export async function fillEmptyStore(
  db: Database, scenario: Scenario, machineNow: () => Date, clockAt: (shift: number) => Clock,
): Promise<number | null> {
  if (!await db.inSnapshot(isStoreEmpty)) return null
  const shift = shiftTo(scenario, machineNow)
  const clock = clockAt(shift)
  await db.inTransaction(async (tx) => {
    // In one transaction: a clock of its own makes a store a demonstration, which an empty one is not.
    await setClockShift(tx, shift)
    const act = startAct(tx, clock)
    await importScenario(act, scenario, issuedAt)
    await importOrders(act, scenario)
    const request = runRequestSchema.parse({ asOf: scenario.asOf, planDay: scenario.planDay })
    const run = await queueRun(tx, { id: act.newId(), request, by: act.by, at: act.at })
    for (const [id, account] of Object.entries(demonstrationAccounts(placesFor(scenario)))) await putAccount(act, id, account)
    await act.journal({ action: 'plan.asked', kind: 'plan-runs', subject: run.id, details: { request } })
  })
  return shift
}

/** How far the clock of a scenario is from the machine's. */
export const shiftTo = ({ asOf }: Pick<Scenario, 'asOf'>, machineNow: () => Date): number => momentOf(asOf).getTime() - machineNow().getTime()

/** A hospital that takes in and an isolation site, for those who look after one place. */
function placesFor({ places }: Scenario): { hospital: string | null; site: string | null } {
  const first = (kind: PlaceKind) => Object.entries(places).find(([, place]) => place.kind === kind && place.underCommand)?.[0] ?? null
  return { hospital: first('centralisedTreatmentHospital'), site: first('isolationSite') }
}

/** Whether the store was filled to try things out, at a date of its own: then nothing in it counts, and anybody may be anybody. */
export const isDemonstration = async (db: Database): Promise<boolean> => db.kind === 'embedded' && await hasClockShift(db)
