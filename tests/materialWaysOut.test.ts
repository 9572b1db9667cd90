import { afterAll, describe, expect, test } from 'vitest'
import { mergePatch } from '../src/kernel/mergePatch.js'
import { check } from '../src/planning/check.js'
import type { MaterialPlan } from '../src/planning/material/plan.js'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { lawful, story } from './campaigns/given.js'
import { planned } from './support/planning.js'
import { supplied, type SuppliedPatch } from './support/supplied.js'

afterAll(closeSolvers)

async function materialOf(scenario: Scenario): Promise<MaterialPlan> {
  const { plan } = await planned(scenario, { waysOut: true })
  expect(check(scenario, plan)).toEqual([])
  if (plan.material === null) throw new Error('somebody receives material')
  return plan.material
}

/** One place that wears masks, ten a day. */
const WARD: SuppliedPatch = { receivers: { a: {} }, items: { mask: {} }, norms: { mask: {} }, staff: { 'a/1': { peoplePerShift: 10 } } }
const waysOf = async (patch: SuppliedPatch) => (await materialOf(supplied({ ...WARD, ...patch }))).waysOut

describe('what is bought', () => {
  test('is delivered to the warehouse, not to a producer a day away, and is proved there', async () => {
    const { waysOut } = await materialOf(story('material-producer-fails'))
    expect(waysOut.map(({ proved, patch }) => ({ proved, patch }))).toEqual([{
      proved: { before: 86, after: 0 },
      patch: { supplies: { 'more/1/suit': expect.objectContaining({ place: 'warehouse', units: 86 }) as unknown } },
    }])
    expect(waysOut[0]?.text.en).toMatch(/, delivered to Municipal warehouse today$/)
    expect(waysOut[0]?.text.zh).toMatch(/，运抵市级物资仓库入库$/)
  })

  test('is delivered where it leaves the least short, whatever the source is called', async () => {
    const far = { 'abroad→a': 2000 }
    const ways = await waysOf({ sources: { abroad: {}, store: {} }, travel: far })
    expect(ways.map(({ patch, proved: { after } }) => ({ patch, after }))).toEqual([{ after: 0, patch: { supplies: { 'more/1/mask': expect.objectContaining({ place: 'store' }) as unknown } } }])
  })

  test('is delivered to a producer where nothing else is a source', async () => {
    const ways = await waysOf({ sources: { mill: {} }, places: { mill: { kind: 'producer' } } })
    expect(ways.map(({ text }) => text.en)).toEqual([expect.stringMatching(/delivered to the mill today$/)])
  })

  test('stands beside what was bought before', async () => {
    const scenario = supplied(WARD)
    const before = await materialOf(scenario)
    const bought = lawful(mergePatch(scenario, before.waysOut[0]?.patch))
    const more = lawful(mergePatch(bought, { staff: { 'a/1': { peoplePerShift: 20 } } }))
    const after = await materialOf(more)
    expect(after.waysOut.map(({ patch, proved }) => [Object.keys(patch['supplies'] as object), proved.after])).toEqual([[['more/2/mask'], 0]])
    expect((await materialOf(lawful(mergePatch(more, after.waysOut[0]?.patch)))).unmet).toEqual([])
  })

  test('has a row of its own for each of two items that differ in the last letter alone', async () => {
    const [one, other] = ['x'.repeat(79) + '1', 'x'.repeat(79) + '2']
    const ways = await waysOf({ items: { [one]: {}, [other]: {} }, norms: { [one]: {}, [other]: {} } })
    const rows = ways.flatMap(({ patch }) => Object.keys(patch['supplies'] as object))
    expect([rows.length, new Set(rows).size]).toEqual([2, 2])
    expect(rows.every((row) => row.length <= 80)).toBe(true)
  })
})

test('a source that keeps nothing back keeps nothing of any item, and is said to', async () => {
  const ways = await waysOf({
    items: { mask: {}, gown: {} }, norms: { mask: {}, gown: {} }, sources: { store: { keepBackPerMille: 500 } },
    lots: { 'mask→store': { units: 40 }, 'gown→store': { units: 60 } },
  })
  const lower = ways.filter(({ kind }) => kind === 'lowerKeepBack')
  expect(lower.map(({ text }) => text)).toEqual([
    { zh: '名store所有品种都不再留存，其中名mask 20 只', en: 'nothing of any item is kept back any more at the store; of the mask that is 20 pieces' },
    { zh: '名store所有品种都不再留存，其中名gown 30 只', en: 'nothing of any item is kept back any more at the store; of the gown that is 30 pieces' },
  ])
})

test('a way out is named where it lessens what is short, and nowhere else', async () => {
  const material = await materialOf(story('chongqing-2020-01-29-material'))
  const early = material.unmet.filter(({ day }) => day === '2020-01-30')
  expect(early.map(({ waysOut }) => waysOut)).toEqual(early.map(() => []))
  expect(material.unmet.filter(({ day }) => day > '2020-01-30').every(({ waysOut }) => waysOut.length > 0)).toBe(true)
})
