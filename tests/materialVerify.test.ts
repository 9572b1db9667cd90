import { afterAll, describe, expect, test } from 'vitest'
import { expectedMaterialSchema, type ExpectedMaterial, materialDifferences } from '../src/cli/expectedMaterial.js'
import { areasAddUp, needMoved } from '../src/cli/verifyMaterial.js'
import { dayAfter } from '../src/kernel/time.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { story } from './campaigns/given.js'
import { smallMaterial } from './materialPlanFixture.js'
import { planned } from './support/planning.js'

afterAll(closeSolvers)

describe('areas of a line', () => {
  const material = smallMaterial()
  const [first] = material.allocations
  test.each([[27, 36, []], [26, 36, ['areas of dd-jia come to 26 of 36 suit, its line to 750 per mille of 36']], [27, 35, ['areas of dd-jia come to 27 of 35 suit, its line to 750 per mille of 36']]])(
    'that come to %i of %i', (served, need, faults) => {
      const allocations = first === undefined ? [] : [{ ...first, areas: [{ area: 'districtWard' as const, tier: 3, need, served }] }]
      expect(areasAddUp({ material: { ...material, allocations } }).faults).toEqual(faults)
    })
})

describe('totals of material worked out by hand', () => {
  const right: ExpectedMaterial = {
    allocated: { east: { suit: 82, mask: 20 }, 'dd-jia': { suit: 21 }, 'dd-yi': { suit: 0 } },
    served: { 'east:intensiveCare': { suit: 82 }, 'dd-jia:districtWard': { suit: 27 } },
    unmet: { 'dd-jia': { suit: 9 }, 'east:intensiveCare': { set: 3 }, east: { mask: 0 } },
    asked: { 'dd-jia': { suit: 400 }, east: { suit: 0 } },
    kits: { east: { set: 82 } },
    surplus: { store: { n95: 30 } },
    daysBefore: { 'dd-jia': { suit: 50 } },
    daysAfter: { east: { suit: 683, mask: 300 } },
    unexplained: { 'dd-jia': { suit: 1505 } },
    factors: { east: { suit: 1250 } },
    runsOutOn: { east: { suit: '2020-01-31', mask: 'never' } },
    short: { 0: { 1: 0 }, 1: { 1: 17 } },
    shipped: { suit: 103, n95: 20, mask: 0 },
    fromLots: { l1: 82, s9: 21 },
    unmetUnits: { suit: 9, set: 3, mask: 0 },
    substitutions: 20,
    withheld: ['l9'],
    calls: ['dd-yi'],
  }
  test('that are right have no differences', () => {
    expect(materialDifferences(expectedMaterialSchema.parse(right), smallMaterial())).toEqual([])
  })

  test.each<[ExpectedMaterial, string]>([
    [{ allocated: { east: { mask: 21 } } }, 'material.allocated.east.mask expected 21, got 20'],
    [{ allocated: { east: { n95: 20 } } }, 'material.allocated.east.n95 expected 20, got 0'],
    [{ served: { 'east:ward': { suit: 1 } } }, 'material.served.east:ward.suit expected 1, got 0'],
    [{ unmet: { 'dd-jia': { suit: 8 } } }, 'material.unmet.dd-jia.suit expected 8, got 9'],
    [{ asked: { 'dd-jia': { suit: 40 } } }, 'material.asked.dd-jia.suit expected 40, got 400'],
    [{ kits: { east: { set: 85 } } }, 'material.kits.east.set expected 85, got 82'],
    [{ surplus: { store: { n95: 0 } } }, 'material.surplus.store.n95 expected 0, got 30'],
    [{ daysBefore: { east: { suit: 1 } } }, 'material.daysBefore.east.suit expected 1, got 0'],
    [{ daysAfter: { east: { suit: 700 } } }, 'material.daysAfter.east.suit expected 700, got 683'],
    [{ unexplained: { 'dd-jia': { suit: 1300 } } }, 'material.unexplained.dd-jia.suit expected 1300, got 1505'],
    [{ factors: { east: { suit: 1000 } } }, 'material.factors.east.suit expected 1000, got 1250'],
    [{ runsOutOn: { east: { mask: '2020-02-01' } } }, 'material.runsOutOn.east.mask expected 2020-02-01, got never'],
    [{ short: { 1: { 1: 0 } } }, 'material.short.1.1 expected 0, got 17'],
    [{ shipped: { suit: 104 } }, 'material.shipped.suit expected 104, got 103'],
    [{ fromLots: { l2: 0 } }, 'material.fromLots.l2 expected 0, got 20'],
    [{ unmetUnits: { suit: 0 } }, 'material.unmetUnits.suit expected 0, got 9'],
    [{ substitutions: 0 }, 'material.substitutions expected 0, got 20'],
    [{ withheld: ['l8'] }, 'material.withheld expected l8, got l9'],
    [{ calls: ['east'] }, 'material.calls expected east, got dd-yi'],
  ])('%j differs', (expected, difference) => {
    expect(materialDifferences(expectedMaterialSchema.parse(expected), smallMaterial())).toEqual([difference])
  })

  test('are not met by a plan without material', () => {
    expect(materialDifferences({}, null)).toEqual(['material expected a plan, got none'])
  })
})

describe('transfers and material in one run', () => {
  const days = Array.from({ length: 7 }, (_, day) => dayAfter('2020-01-30', day))

  test('the need that moves is that of the moved patients, and a difference is found', async () => {
    const scenario = story('joint')
    const { plan } = await planned(scenario)
    const withDays = { ...plan, material: smallMaterial({ days, needs: [] }) }
    expect(needMoved(scenario, withDays)).toEqual({ facts: ['need moved = need of moved patients (gloves 644)'], faults: [] })
    const doubled = smallMaterial({ days, needs: [{ place: 'east', area: 'ward', tier: 2, item: 'gloves', perMilleByBand: [], factorPerMille: 2000 }] })
    expect(needMoved(scenario, { ...plan, material: doubled }).faults).toEqual(['need moved at ["east","gloves"] expected 1288000 thousandths, got 644000'])
  })

  test('nothing is said where nobody moves, and where there is no material', async () => {
    const scenario = story('material-half')
    const { plan } = await planned(scenario)
    expect(needMoved(scenario, { ...plan, material: smallMaterial({ days }) })).toEqual({ facts: [], faults: [] })
    expect(needMoved(story('joint'), { ...plan, material: null })).toEqual({ facts: [], faults: [] })
  })
})
