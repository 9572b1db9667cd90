import { afterAll, describe, expect, it } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { allProperties } from './campaigns/allProperties.js'

/** The campaign in small; in full it is `npm run properties -- --runs 500 --seed 1`. */
const RUNS = 40
const SEED = 20200129
/** The city takes a quarter of a second a plan. */
const FEWER: Readonly<Record<string, number>> = { 'one more patient changes nobody else’s destination': 6 }

describe('properties', () => {
  afterAll(closeSolvers)

  for (const property of allProperties) {
    it(property.name, { timeout: 60_000 }, async () => {
      const { broken } = await property.run({ runs: FEWER[property.name] ?? RUNS, seed: SEED })
      expect(broken).toBeNull()
    })
  }

  it('every property has its own name, and every name that is cut short is one of them', () => {
    const names = allProperties.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(Object.keys(FEWER)))
  })
})
