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

describe('what binds', () => {
  const rulesOf = ({ unmet }: MaterialPlan) => unmet.map(({ place, item, band, units, rule }) => [place, item, band, units, rule])

  test('is that goods come too late only as far as what comes late would have been enough', async () => {
    expect(rulesOf(await materialOf(story('material-producer-fails')))).toEqual([
      ['east', 'suit', 1, 4, 'arrival'], ['east', 'suit', 2, 30, 'stock'], ['west', 'suit', 1, 7, 'arrival'], ['west', 'suit', 2, 45, 'stock']])
  })

  test('of a kit is that its goods come too late, though they serve later bands', async () => {
    const { unmet } = await materialOf(story('chongqing-2020-01-29-material'))
    const early = unmet.filter(({ day }) => day === '2020-01-30')
    expect([early.length, new Set(early.map(({ rule }) => rule))]).toEqual([5, new Set(['arrival'])])
    expect(new Set(unmet.filter(({ day }) => day > '2020-01-30').map(({ rule }) => rule))).toEqual(new Set(['kit']))
  })

  test.each<[string, SuppliedPatch, MaterialPlan['unmet'][number]['rule'], string[]]>([
    ['short for good', { lots: { 'suit→store': { units: 500 }, 'mask→store': { units: 30 } } }, 'kit', ['mask']],
    ['short for good, the other part lying at the place itself', { lots: { 'suit→a': { units: 500 }, 'mask→store': { units: 30 } } }, 'kit', ['mask']],
    ['both short for good', { lots: { 'suit→store': { units: 40 }, 'mask→store': { units: 30 } } }, 'kit', ['mask', 'suit']],
    ['earmarked for others', { lots: { 'suit→store': { units: 500 }, 'mask→store': { units: 500, earmark: 'b' } }, receivers: { a: {}, b: {} } }, 'earmark', ['mask']],
    ['coming too late', { lots: { 'suit→store': { units: 500 } }, supplies: { 'mask→store': { units: 500, day: '2020-02-03' } } }, 'arrival', ['mask']],
    ['expired by then', { lots: { 'suit→store': { units: 500 }, 'mask→store': { units: 500, expiresOn: '2020-01-30' } } }, 'expiry', ['mask']],
    ['left behind by full vehicles', { lots: { 'suit→store': { units: 500 }, 'mask→store': { units: 500 } }, sources: { store: { litresPerDay: 5 } }, items: { ...SETS.items, mask: { cubicCentimetres: 1000 } } }, 'volume', []],
  ])('of a kit is what binds the part that lacks: %s', async (_, patch, rule, shortOf) => {
    const { unmet, kits } = await materialOf(supplied({ ...SETS, ...patch }))
    expect([new Set(unmet.filter(({ item }) => item === 'set').map((one) => one.rule)), kits.map((kit) => kit.shortOf.map(({ item }) => item))]).toEqual([new Set([rule]), [shortOf]])
  })

  test('of the sets of a scenario is respirators alone, where suits are plentiful', async () => {
    const { kits, surplus } = await materialOf(story('material-suits-without-respirators'))
    expect(kits.map(({ shortOf }) => shortOf)).toEqual([[{ item: 'respirator', units: 32 }], [{ item: 'respirator', units: 33 }]])
    expect(surplus.map(({ item, why }) => [item, why])).toEqual([['suit', 'incomplete']])
  })

  test('of a kit lacks as many units as nothing in time could be, part by part', async () => {
    const { kits } = await materialOf(supplied({ ...SETS, lots: { 'suit→store': { units: 40 }, 'mask→store': { units: 30 } } }))
    expect(kits).toEqual([{ place: 'a', kit: 'set', need: 70, served: 30, shortOf: [{ item: 'mask', units: 40 }, { item: 'suit', units: 30 }] }])
  })

  test('makes of what is left of a kit something that cannot get there, not something that wants other parts', async () => {
    const late = await materialOf(supplied({ ...SETS, lots: { 'suit→store': { units: 500 } }, supplies: { 'mask→store': { units: 500, day: '2020-02-03' } } }))
    expect(late.surplus.map(({ item, why }) => [item, why])).toEqual([['mask', 'outOfReach'], ['suit', 'incomplete']])
  })

  test('is checked: another rule, and another part that lacks, are found', async () => {
    const scenario = story('material-suits-without-respirators')
    const { plan } = await planned(scenario)
    const rulesWith = (lie: (plan: MaterialPlan) => Partial<MaterialPlan>) =>
      check(scenario, { ...plan, material: plan.material === null ? null : { ...plan.material, ...lie(plan.material) } }).map(({ rule }) => rule)
    expect(rulesWith(({ unmet }) => ({ unmet: unmet.map((one) => ({ ...one, rule: 'arrival' as const })) }))).toEqual(['unmet'])
    expect(rulesWith(({ kits }) => ({ kits: kits.map((one) => ({ ...one, shortOf: [...one.shortOf, { item: 'suit', units: 1 }] })) }))).toEqual(['kits'])
  })
})
