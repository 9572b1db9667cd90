import { type MaterialPlan, materialSchema } from '../src/planning/material/plan.js'
import type { Plan } from '../src/planning/plan.js'
import { type Scenario, scenarioSchema } from '../src/planning/scenario.js'
import type { z } from 'zod'
import { smallPlan, smallScenario } from './planFixture.js'

const SOURCE = { source: 'made up for a test' }
const name = (zh: string, en: string) => ({ zh, en })
const item = (zh: string, en: string, unit: string) =>
  ({ name: name(zh, en), unit, grade: 'GB 1', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', ...SOURCE })
const FROM_CITY = { authority: 'city', released: true, earmark: null }

/** The small scenario with a store and three items. */
export function materialScenario(): Scenario {
  const { places, units } = smallScenario()
  const store = { ...places['east'], name: name('市级仓库', 'Municipal store'), kind: 'warehouse' }
  return scenarioSchema.parse({
    ...smallScenario(), units, places: { ...places, store },
    items: {
      suit: item('防护服', 'Suit', 'suit'), mask: item('医用防护口罩', 'Respirator', 'piece'), n95: item('进口口罩', 'N95', 'piece'),
    },
    kitParts: { 'set/mask': { kit: 'set', item: 'mask', units: 1, ...SOURCE }, 'set/suit': { kit: 'set', item: 'suit', units: 1, ...SOURCE } },
    lots: {
      l1: { item: 'suit', place: 'store', lot: '20200107', units: 90, expiresOn: null, quarantined: false, ...FROM_CITY, ...SOURCE },
      l2: { item: 'n95', place: 'store', lot: null, units: 50, expiresOn: null, quarantined: false, ...FROM_CITY, ...SOURCE },
    },
  })
}

const level = (rank: number, of: { band: number | null; tier: number | null }, title: [string, string], value: number, short: object[] = []) => ({
  level: of.band === null ? 'wish' : 'need', rank, rule: `r${rank}`, title: name(...title), value, unit: name('件', 'units'), optimal: true, bound: null, note: null, ...of, short,
})
const allocation = (place: string, of: { item: string; substituteFor?: string }, figures: object) => ({
  place, unit: null, need: 100, own: 0, asked: null, allocated: 0, share: 0, daysBefore: 0, daysAfter: 0, band: 0, tier: 1, areas: [], lots: [],
  substituteFor: null, reason: name('按需要', 'by need'), ...of, ...figures,
})

/** Two hospitals, suits that are short, respirators of which some are others’. */
export const smallMaterial = (changes: Partial<z.input<typeof materialSchema>> = {}): MaterialPlan =>
  materialSchema.parse({
    days: ['2020-01-30', '2020-01-31', '2020-02-01'],
    basis: name('先转运，后物资', 'transfers first, then material'),
    lotsOfUse: [{ item: 'suit', units: 1 }],
    levels: [
      level(1, { band: 0, tier: 1 }, ['一日危机标准，一类', 'one day at crisis, tier 1'], 0),
      level(2, { band: 1, tier: 1 }, ['三日应急标准，一类', 'three days at contingency, tier 1'], 17, [{ item: 'suit', units: 12 }, { item: 'mask', units: 5 }]),
      { ...level(3, { band: null, tier: null }, ['少用替代品', 'fewest substitutions'], 20), optimal: false, bound: 14 },
    ],
    needs: [{ place: 'east', area: 'intensiveCare', tier: 1, item: 'suit', perMilleByBand: [20_000, 64_500], factorPerMille: 1250 }],
    allocations: [
      allocation('dd-jia', { item: 'suit' }, { need: 36, own: 6, asked: 400, allocated: 21, share: 750, daysBefore: 50, daysAfter: 225, tier: 3, areas: [{ area: 'districtWard', tier: 3, need: 36, served: 27 }] }),
      allocation('east', { item: 'suit' }, { need: 85, allocated: 82, share: 964, daysAfter: 683, areas: [{ area: 'intensiveCare', tier: 1, need: 85, served: 82 }], lots: [{ table: 'lots', row: 'l1', from: 'store', units: 82 }] }),
      allocation('east', { item: 'n95', substituteFor: 'mask' }, { need: 60, allocated: 20, share: 333, daysAfter: 100, areas: [{ area: 'ward', tier: 2, need: 60, served: 20 }], reason: name('没有医用防护口罩了', 'no respirator is left') }),
    ],
    shipments: [
      {
        id: 'S0001', from: 'store', to: 'east', unit: null, leavesOn: '2020-01-30', arrivesOn: '2020-01-30', litres: 41,
        lines: [
          { table: 'lots', row: 'l1', item: 'suit', units: 82, packings: [{ packing: 'carton', count: 1 }, { packing: 'box', count: 3 }], singles: 2, substituteFor: null },
          { table: 'lots', row: 'l2', item: 'n95', units: 20, packings: [], singles: 20, substituteFor: 'mask' },
        ],
      },
      {
        id: 'S0002', from: 'store', to: 'dd-jia', unit: 'jia', leavesOn: '2020-01-30', arrivesOn: '2020-01-31', litres: null,
        lines: [{ table: 'supplies', row: 's9', item: 'suit', units: 21, packings: [], singles: 21, substituteFor: null }],
      },
    ],
    ownSubstitutes: [{ table: 'lots', row: 'l7', place: 'dd-yi', item: 'n95', substituteFor: 'mask', units: 3 }],
    standing: [{ consignment: 'c1', to: 'dd-yi', item: 'suit', units: 8, arrivesOn: '2020-01-31' }],
    unmet: [
      { place: 'dd-jia', area: 'districtWard', item: 'suit', day: '2020-02-01', band: 1, tier: 1, units: 9, rule: 'stock', waysOut: ['m1'] },
      { place: 'east', area: 'intensiveCare', item: 'set', day: '2020-01-31', band: 1, tier: 1, units: 3, rule: 'stock', waysOut: [] },
    ],
    waysOut: [{
      id: 'm1', kind: 'addSupply', item: 'suit', text: name('再要 9 套防护服', 'ask for 9 more suits'), amount: 9, unit: name('套', 'suits'),
      patch: { supplies: {} }, proved: { before: 12, after: 3 },
    }],
    kits: [{ place: 'east', kit: 'set', need: 85, served: 82, shortOf: [{ item: 'mask', units: 3 }] }],
    cover: [
      { place: 'dd-jia', item: 'suit', daysBefore: 50, daysAfter: 225, runsOutOn: '2020-02-01' },
      { place: 'east', item: 'suit', daysBefore: 0, daysAfter: 683, runsOutOn: '2020-01-31' },
      { place: 'east', item: 'mask', daysBefore: 300, daysAfter: 300, runsOutOn: null },
    ],
    surplus: [{ place: 'store', item: 'n95', units: 30, why: 'unused', text: name('多出 30 只', '30 are left') }],
    withheld: [{ table: 'lots', row: 'l9', place: 'store', item: 'suit', units: 2000, rule: 'notReleased', text: name('国家调拨 2000 套未放行', '2,000 of the state are not released') }],
    substitutions: [{ place: 'east', item: 'mask', substitute: 'n95', units: 20, text: name('进口口罩代替 20 只', '20 N95 stand in') }],
    unexplained: [{ place: 'dd-jia', item: 'suit', measuredPerMille: 1505, appliedPerMille: 1300, text: name('消耗过多', 'more was used than the norm explains') }],
    fairness: [{ item: 'suit', servedByOrder: 103, largestTotal: 110, price: 7 }, { item: 'mask', servedByOrder: 20, largestTotal: 20, price: 0 }],
    callList: [{ rule: 'unknown', subject: 'dd-yi', text: name('请致电乙区人民医院：在岗人数未报', 'call Yi: people on shift unknown') }],
    violations: [],
    ...changes,
  })

/** The small plan with material. */
export const planWithMaterial = (changes: Partial<z.input<typeof materialSchema>> = {}): Plan => ({ ...smallPlan(), material: smallMaterial(changes) })
