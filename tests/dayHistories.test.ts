import fc from 'fast-check'
import { expect, test } from 'vitest'
import { history } from './campaigns/days.js'
import { eachDatabase } from './support/databases.js'

/** Of so few histories not every one has everything in it; those of this seed have, and `campaign -- days` draws others. */
const SEED = 3
const RUNS = { embedded: 3, postgres: 4 } as const

/** Also `npm run campaign -- days`. */
eachDatabase((name, open) => {
  test('whatever happened and however late it was told: what is frozen is what happened, and what changed since is a correction', async () => {
    const done = new Map<string, number>()
    let corrected = 0
    await fc.assert(fc.asyncProperty(fc.nat(), async (seed) => {
      const { problems, reports, corrections, done: own } = await history(await open(), seed)
      expect(problems).toEqual([])
      expect(reports).toBeGreaterThan(3)
      corrected += corrections
      for (const [what, times] of own) done.set(what, (done.get(what) ?? 0) + times)
    }), { numRuns: RUNS[name], endOnFailure: true, seed: SEED })
    // Nothing was only ever refused.
    expect([...done.keys()].sort()).toEqual(['admit', 'announce', 'checkIn', 'died', 'discharged', 'fulfilled', 'leaveRoom', 'left', 'move', 'moveRoom', 'putCase', 'reassess', 'released', 'report', 'request', 'turn'])
    expect(corrected).toBeGreaterThan(10)
  }, 300_000)
})
