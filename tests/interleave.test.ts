import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { interleaved } from './campaigns/interleave.js'
import { PAIRS } from './campaigns/interleavePairs.js'
import { ON_A_SERVER } from './support/databases.js'

afterAll(closeSolvers)
const PATIENCE_MILLISECONDS = 300_000

/** Also `npm run campaign -- interleave`. */
describe.each(ON_A_SERVER)('%s', () => {
  test('however two works take turns, the outcome is one that one after the other could have', async () => {
    const { count, broken } = await interleaved({ each: 4, seed: 1, isLocking: true })
    expect([broken, count]).toEqual([[], 4 * PAIRS.length])
  }, PATIENCE_MILLISECONDS)

  test('without locks something breaks', async () => {
    expect((await interleaved({ each: 2, seed: 1, isLocking: false })).broken).not.toEqual([])
  }, PATIENCE_MILLISECONDS)
})
