import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { planFor } from '../src/planning/run.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { verifyLine } from '../src/cli/verifyScenario.js'

afterAll(closeSolvers)

describe('every scenario is planned twice to the same bytes, checked, and comes to its expected totals', () => {
  it.each(readdirSync('scenarios').sort())('%s', async (name) => {
    const verified = await verifyLine(`scenarios/${name}`, planFor)
    expect(verified.line).toMatch(/: ok$/)
  })
})
