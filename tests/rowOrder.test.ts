import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { byCodeUnits } from '../src/kernel/canonical.js'
import { planJson } from '../src/planning/planJson.js'
import { TABLES } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { shuffled } from './campaigns/changed.js'
import { lawful, planned, story } from './campaigns/given.js'

afterAll(closeSolvers)

const draws = fc.array(fc.nat(), { minLength: 97, maxLength: 97 })
const STORIES = ['chongqing-2020-01-29', 'orders-stand', 'surge-needs-reserve', 'carer-and-child'] as const

describe('the order of the rows of a file or of a database', () => {
  test.each(STORIES)('changes no byte of a valid scenario: %s', (name) => {
    const scenario = story(name)
    fc.assert(fc.property(draws, (drawn) => {
      expect(JSON.stringify(lawful(shuffled(scenario, drawn)))).toBe(JSON.stringify(scenario))
    }), { numRuns: 20 })
    for (const table of TABLES) {
      const ids = Object.keys(scenario[table])
      expect(ids).toEqual([...ids].sort(byCodeUnits))
    }
  })

  test.each(STORIES)('changes no byte of the plan: %s', async (name) => {
    const scenario = story(name)
    const bytes = planJson((await planned(scenario)).plan)
    await fc.assert(fc.asyncProperty(draws, async (drawn) => {
      expect(planJson((await planned(lawful(shuffled(scenario, drawn)))).plan)).toBe(bytes)
    }), { numRuns: 3 })
  })
})
