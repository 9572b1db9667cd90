import { startAct } from '../../src/app/startAct.js'
import type { Database } from '../../src/db/database.js'
import { sha256 } from '../../src/kernel/canonical.js'
import type { Clock } from '../../src/kernel/clock.js'
import type { Plan } from '../../src/planning/plan.js'
import { requestIn } from '../../src/planning/runs.js'
import { type Scenario, scenarioBytes } from '../../src/planning/scenario.js'
import { claimRun, finishRun, queueRun } from '../../src/planning/store.js'

interface Finished {
  readonly by: string
  readonly scenario: Scenario
  readonly plan: Plan
  readonly exit: 0 | 3 | 4
}

/** A run that is done, with a plan that was computed elsewhere. */
export async function finishedRun(db: Database, clock: Clock, { by, scenario, plan, exit }: Finished): Promise<string> {
  const id = clock.newId()
  const [snapshot, bytes] = [scenarioBytes(scenario), JSON.stringify(plan)]
  await db.inTransaction(async (tx) => {
    const at = clock.now()
    await queueRun(tx, { id, request: requestIn({ secondOpinion: false }), by, at })
    await startAct(tx, clock).journal({ action: 'plan.asked', kind: 'plan-runs', subject: id, details: {} })
    const claimed = await claimRun(tx, 'tests', at)
    await finishRun(tx, { id, fence: claimed?.fence ?? 0 }, { snapshot, snapshotHash: sha256(snapshot), plan: bytes, planHash: sha256(bytes), exit, milliseconds: {} }, at)
  })
  return id
}
