import { expect, test } from 'vitest'
import type { DatabaseName } from '../support/databases.js'
import { modelRun } from './modelCampaign.js'
import { newStages } from './modelStage.js'

const STEPS = 4000
const SEED = 1
/** As long as it takes on a machine that does other things too. */
const MILLISECONDS = 900_000

/** The small campaign of every test run; one file a database, so that they run side by side. */
export function modelAgrees(name: DatabaseName): void {
  test(`does over HTTP what a model in plain maps says, for ${STEPS} commands and more of seed ${SEED}`, async () => {
    const stages = await newStages(name)
    try {
      const { steps, failure, missed } = await modelRun(stages, { seed: SEED, steps: STEPS })
      expect(failure, `again: npm run -s campaign -- model --database ${name} --seed ${SEED} --sequence ${failure?.sequence}`).toBe(null)
      expect(missed, 'situations that were never reached').toEqual([])
      expect(steps).toBeGreaterThanOrEqual(STEPS)
    } finally {
      for (const stage of stages) await stage.close()
    }
  }, MILLISECONDS)
}
