import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import type { Act } from '../src/db/act.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { interleaved, PAIRS } from './campaigns/interleave.js'
import type { Pair, Prepared } from './campaigns/interleavePairs.js'
import { ON_A_SERVER } from './support/databases.js'

afterAll(closeSolvers)
const PATIENCE_MILLISECONDS = 300_000

/** Also `npm run campaign -- interleave`. */
describe.each(ON_A_SERVER)('%s', () => {
  test('however two works take turns, the outcome is one that one after the other could have', async () => {
    const { count, broken } = await interleaved({ each: 2, seed: 1, isLocking: true })
    expect([broken, count]).toEqual([[], 2 * PAIRS.length])
  }, PATIENCE_MILLISECONDS)

  test('two that lock crosswise are found to wait for each other', async () => {
    const locks = (of: (prepared: Prepared) => readonly string[]) => (prepared: Prepared) => async ({ tx }: Act) => {
      for (const id of of(prepared)) await tx.execute(sql`select 1 from care_case where id = ${id} for update`)
    }
    const forward = locks(({ patient, drafted }) => [patient, drafted])
    const backward = locks(({ patient, drafted }) => [drafted, patient])
    const pair = (name: string, second: typeof forward): Pair => ({ name, works: (prepared) => [forward(prepared), second(prepared)], lawful: [['ok', 'ok']] })
    const { broken } = await interleaved({ each: 8, seed: 1, isLocking: true, pairs: [pair('alike', forward), pair('crosswise', backward)] })
    expect(broken.filter((one) => one.startsWith('alike'))).toEqual([])
    expect(broken.join('\n')).toMatch(/^crosswise: 40P01 1 times: each waited for the other/)
  }, PATIENCE_MILLISECONDS)

  test('without locks something breaks', async () => {
    expect((await interleaved({ each: 1, seed: 1, isLocking: false })).broken).not.toEqual([])
  }, PATIENCE_MILLISECONDS)
})
