import { afterAll, describe, expect, test } from 'vitest'
import { check } from '../src/planning/check.js'
import type { MaterialPlan } from '../src/planning/material/plan.js'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { story } from './campaigns/given.js'
import { planned } from './support/planning.js'
import { supplied, type SuppliedPatch } from './support/supplied.js'

afterAll(closeSolvers)

async function materialOf(scenario: Scenario): Promise<MaterialPlan> {
  const { plan } = await planned(scenario)
  expect(check(scenario, plan)).toEqual([])
  if (plan.material === null) throw new Error('somebody receives material')
  return plan.material
}

/** One place where sets of a suit and a mask are worn, ten a day, and ten gloves. */
const SETS: SuppliedPatch = {
  receivers: { a: {} }, items: { mask: {}, suit: {}, gloves: {} }, norms: { mask: {}, suit: {}, gloves: {} },
  kitParts: { 'set/mask': {}, 'set/suit': {} }, staff: { 'a/1': { peoplePerShift: 10 } },
}

describe('what the order of bands and tiers costs', () => {
  test('is told of what is used by itself, not of parts of kits nor of what stands in for them', async () => {
    const { fairness } = await materialOf(supplied({
      ...SETS, items: { ...SETS.items, n95: {} }, substitutes: { 'mask/n95': {} }, lots: { 'suit→store': { units: 500 }, 'gloves→store': { units: 30 } },
    }))
    expect(fairness).toEqual([{ item: 'gloves', servedByOrder: 30, largestTotal: 30, price: 0 }])
    expect((await materialOf(story('material-suits-without-respirators'))).fairness).toEqual([])
  })

  test('is checked: an item left out is found, and so is one that has no place there', async () => {
    const scenario = supplied({ ...SETS, lots: { 'suit→store': { units: 500 }, 'gloves→store': { units: 30 } } })
    const { plan } = await planned(scenario)
    const { material } = plan
    const rulesWith = (fairness: MaterialPlan['fairness']) => check(scenario, { ...plan, material: material === null ? null : { ...material, fairness } }).map(({ rule }) => rule)
    expect(rulesWith([])).toEqual(['fairness'])
    expect(rulesWith([...material?.fairness ?? [], { item: 'suit', servedByOrder: 0, largestTotal: 70, price: 70 }])).toEqual(['fairness'])
  })
})
