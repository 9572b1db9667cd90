import { afterAll, describe, expect, it } from 'vitest'
import { MUSTS } from '../src/planning/rules/musts.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { allCorruptions } from './campaigns/allCorruptions.js'
import { whyNotRefused } from './campaigns/corruption.js'

describe('a corrupted plan', () => {
  afterAll(closeSolvers)

  for (const corruption of allCorruptions) {
    it(`with ${corruption.name} is refused by ${corruption.rule}`, async () => {
      expect(await whyNotRefused(corruption)).toBeNull()
    })
  }

  it('every must refuses at least one', () => {
    const rules = new Set(allCorruptions.map(({ rule }) => rule))
    expect(MUSTS.map(({ name }) => name).filter((name) => !rules.has(name))).toEqual([])
  })
})
