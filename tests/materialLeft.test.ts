import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { planned } from './support/planning.js'
import { supplied, type SuppliedPatch } from './support/supplied.js'

afterAll(closeSolvers)

/** One nurse a day at a and at b, who wears a mask: seven in a week; masks go out in boxes of ten, gowns singly. */
const CITY: SuppliedPatch = {
  items: { mask: { unit: 'piece', shipsBy: 'box' }, gown: {} }, packings: { mask: {} }, norms: { mask: {}, gown: {} },
  receivers: { a: {}, b: {} }, staff: { 'a/1': {}, 'b/1': {} },
}
const materialOf = async (patch: SuppliedPatch) => {
  const { material } = (await planned(supplied({ ...CITY, ...patch }))).plan
  if (material === null) throw new Error('there is no plan of material')
  return material
}

describe('what is left', () => {
  test('of a kit that wants another part, or of what does not get there, is not called beyond all needs', async () => {
    const kit = { kitParts: { 'set/mask': {}, 'set/gown': {} }, lots: { 'mask→store': { units: 50 }, 'gown→store': { units: 5 } } }
    expect((await materialOf(kit)).surplus.map(({ item, units, why }) => [item, units, why])).toEqual([['mask', 30, 'incomplete']])
    const given = { lots: { 'mask→store': { units: 50, earmark: 'a' }, 'gown→store': { units: 14 } } }
    expect((await materialOf(given)).surplus.map(({ item, units, why }) => [item, units, why])).toEqual([['mask', 40, 'outOfReach']])
  })

  test('at a receiver is listed once it is a lot that would be sent anywhere', async () => {
    const lots = { 'mask→a': { units: 7 + 9 }, 'mask→b': { units: 7 + 10 }, 'gown→a': { units: 7 + 1 }, 'gown→b': { units: 7 } }
    const { surplus } = await materialOf({ lots })
    expect(surplus.map(({ place, item, units, why }) => [place, item, units, why])).toEqual([['a', 'gown', 1, 'aboveNeed'], ['b', 'mask', 10, 'aboveNeed']])
  })

  test('in a store is listed however little it is, and apart from what expires before anybody needs it', async () => {
    const lots = {
      'mask→a': { units: 7 }, 'mask→b': { units: 7 }, 'gown→a': { units: 7 }, 'gown→b': { units: 7 },
      'mask→store': { units: 3 }, 'gown→store': { units: 5, expiresOn: '2020-02-01' },
    }
    const { surplus } = await materialOf({ lots })
    expect(surplus.map(({ place, item, units, why }) => [place, item, units, why])).toEqual([['store', 'gown', 5, 'expires'], ['store', 'mask', 3, 'unused']])
  })
})

test('each day needs what the norm of that day says: one that begins or ends within the plan counts from its day', async () => {
  const norm = { item: 'mask', effectiveFrom: '2020-01-01', effectiveUntil: '2020-02-01' }
  const norms = { mask: norm, later: { ...norm, conventionalPerMille: 3000, effectiveFrom: '2020-02-01', effectiveUntil: null }, gown: { effectiveFrom: '2020-02-04' } }
  const { allocations } = await materialOf({ norms, lots: { 'mask→store': { units: 90 }, 'gown→store': { units: 90 } } })
  // Two days of one and five of three; of gowns the last two days.
  expect(allocations.map(({ place, item, need }) => [place, item, need])).toEqual([['a', 'gown', 2], ['a', 'mask', 17], ['b', 'gown', 2], ['b', 'mask', 17]])
})

test('what is not planned with is named with its place, how many there are, and why', async () => {
  const { withheld } = await materialOf({ lots: {
    'mask→store#1': { units: 2000, released: false }, 'mask→store#2': { units: 'unknown' }, 'gown→store': { units: 1, quarantined: true },
  } })
  expect(withheld.map(({ row, units, rule, text }) => [row, units, rule, text.zh, text.en])).toEqual([
    ['gown→store', 1, 'quarantined', '名store：名gown 1 只，封存', 'the store: 1 piece of the gown, in quarantine'],
    ['mask→store#1', 2000, 'notReleased', '名store：名mask 2000 只，未经主管单位放行', 'the store: 2000 pieces of the mask, not released by its authority'],
    ['mask→store#2', null, 'unknown', '名store：名mask，未报数量，按零处理', 'the store: the mask, nobody stated how many: planned as nought'],
  ])
})
