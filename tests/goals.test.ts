import { afterAll, describe, expect, test } from 'vitest'
import { check } from '../src/planning/check.js'
import { WISHES } from '../src/planning/policy.js'
import { NEEDS } from '../src/planning/rules/needs.js'
import { wishesOf } from '../src/planning/rules/wishes.js'
import { NEEDS_IN_ORDER } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { World } from '../src/planning/world.js'
import { CENTRALISED, city, DIST_TO_HUB, people } from './support/city.js'
import { NEED_ROWS } from './support/needRows.js'
import { onPaper, planned, valueOf } from './support/planning.js'
import { WISH_ROWS } from './support/wishRows.js'

afterAll(closeSolvers)

const ROWS = [...NEED_ROWS, ...WISH_ROWS].map((row) => [`${row.rule}: ${row.says}`, row] as const)
describe.each(ROWS)('%s', (_, { rule, city: patch, paper, byHand, best }) => {
  const scenario = city(patch)

  test(`a plan written by hand comes to ${byHand}`, () => {
    const goal = [...NEEDS, ...wishesOf(new World(scenario))].find((one) => one.name === rule)
    expect(goal?.measure(onPaper(scenario, paper))).toBe(byHand)
  })

  test(`the best plan comes to ${best}, proved, and passes its check`, async () => {
    const { plan, exit } = await planned(scenario)
    expect([exit, valueOf(plan, rule)]).toEqual([0, best])
    expect(plan.levels.find((level) => level.rule === rule)).toMatchObject({ optimal: true, bound: null, note: null })
    expect(check(scenario, plan)).toEqual([])
  }, 20_000)
})

const placedIn = (plan: { moves: readonly { patient: string }[] }) => plan.moves.map((move) => move.patient)

test('every need has such a city, in the order that no policy can change', () => {
  expect([...new Set(NEED_ROWS.map((row) => row.rule))]).toEqual(NEEDS.map((need) => need.name))
  expect(NEEDS.map((need) => need.name)).toEqual(Object.keys(NEEDS_IN_ORDER))
  expect(NEEDS.map((need) => need.level)).toEqual(['need', 'need', 'need', 'need', 'need'])
})

test('every wish that a policy may rank has such a city', () => {
  expect([...new Set(WISH_ROWS.map((row) => row.rule))].sort()).toEqual(Object.keys(WISHES).sort())
})

test('wishes stand in the order of the policy, and one left out is not counted at all', () => {
  const ranked = (wishes: string[]) => wishesOf(new World(city({ policy: { wishes } }))).map((wish) => wish.name)
  expect(ranked(['minutes', 'loadBalance', 'safeFill'])).toEqual(['minutes', 'loadBalance', 'safeFill'])
  expect(ranked([])).toEqual([])
  // Even load contradicts concentration: nobody gets it without asking.
  expect(wishesOf(new World(city())).map((wish) => wish.name)).not.toContain('loadBalance')
})

/** Four people in two hospitals, equally far from two beds. */
const equals = (lotSeed: string) => city({
  lotSeed, places: { dist2: {} }, travel: { 'dist2→hub': DIST_TO_HUB }, pools: { 'hub/ordinary': { staffed: 2 } },
  cases: { ...people(2), ...people(2, { place: 'dist2' }, 'south', 3) },
})

describe('levels go before each other', () => {
  test('a critical case has the last intensive bed, though a severe one waited longer and lies nearer', async () => {
    const { plan } = await planned(city({
      places: { near: {} }, travel: { 'near→hub': 4, 'dist→hub': 170 }, pools: { 'hub/intensive': { staffed: 1 } },
      cases: {
        'south-1': { severity: 'critical' },
        'south-2': { severity: 'severe', place: 'near', waitingSince: '2020-01-27T00:00:00+08:00' },
      },
    }))
    expect(placedIn(plan)).toEqual(['south-1'])
  }, 20_000)

  test('two wishes in either order give either plan', async () => {
    const patch = {
      places: { hub2: CENTRALISED }, travel: { 'dist→hub': 20, 'dist→hub2': 45 }, cases: people(3),
      pools: { 'hub/ordinary': { staffed: 2 }, 'hub2/ordinary': {} },
    }
    const values = async (wishes: string[]) => {
      const { plan } = await planned(city({ ...patch, policy: { wishes } }))
      return [valueOf(plan, 'minutes'), valueOf(plan, 'oneHospitalPerUnit')]
    }
    // Two to the near one and one to the far, or all three to the far.
    expect(await values(['minutes', 'oneHospitalPerUnit'])).toEqual([85, 1])
    expect(await values(['oneHospitalPerUnit', 'minutes'])).toEqual([135, 0])
  }, 20_000)

  test('between hospitals that are alike the id decides', async () => {
    const alike = (id: string) => city({
      places: { [id]: CENTRALISED }, travel: { [`dist→${id}`]: 37 }, cases: people(2),
      pools: { 'hub/ordinary': {}, [`${id}/ordinary`]: {} },
    })
    const places = async (id: string) => (await planned(alike(id))).plan.moves.map((move) => move.to)
    expect(await places('gub')).toEqual(['gub', 'gub'])
    expect(await places('iub')).toEqual(['hub', 'hub'])
  }, 20_000)

  test('between equals the lot decides, wherever they lie', async () => {
    const winners = new Set<string>()
    for (const lotSeed of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      const world = new World(equals(lotSeed))
      const drawn = Object.keys(world.scenario.cases).filter((id) => world.lotRank(id) <= 2)
      const placed = placedIn((await planned(equals(lotSeed))).plan).sort()
      expect({ lotSeed, placed }).toEqual({ lotSeed, placed: drawn.sort() })
      winners.add(placed.join())
    }
    expect(winners.size).toBeGreaterThan(1)
  }, 30_000)
})

test('one more patient never changes who of the others was drawn first', () => {
  const ids = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`south-${i}`, {}]))
  const order = (count: number) => {
    const world = new World(city({ cases: ids(count) }))
    return Object.keys(ids(40)).sort((a, b) => world.lotRank(a) - world.lotRank(b))
  }
  expect(order(41)).toEqual(order(40))
  expect(order(90)).toEqual(order(40))
})
