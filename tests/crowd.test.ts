import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { crowded } from './campaigns/crowd.js'
import { ON_A_SERVER } from './support/databases.js'

afterAll(closeSolvers)
const PATIENCE_MILLISECONDS = 120_000

/** Also `npm run campaign -- crowd`. */
describe.each(ON_A_SERVER)('%s', () => {
  test('nobody of a crowd that does everything at once is told that the store is busy, and no two wait for each other', async () => {
    const { requests, tallies, triedAgain, problems } = await crowded({ seconds: 5, clients: 32, seed: 1 })
    expect([problems, triedAgain['40P01'] ?? 0]).toEqual([[], 0])
    const done = [...tallies].filter(([, tally]) => tally.done > 0).map(([name]) => name)
    expect([requests > 100, done.length > 10]).toEqual([true, true])
  }, PATIENCE_MILLISECONDS)
})
