import { afterAll, describe, expect, test } from 'vitest'
import { check } from '../src/planning/check.js'
import type { Plan } from '../src/planning/plan.js'
import { type Machine, thisMachine } from '../src/planning/solve/machine.js'
import type { LevelAnswer } from '../src/planning/solve/problem.js'
import { closeSolvers, threadSolver } from '../src/planning/solve/thread.js'
import { CENTRALISED, type CityPatch, city, people } from './support/city.js'
import { NEED_ROWS } from './support/needRows.js'
import { planned } from './support/planning.js'

afterAll(closeSolvers)

/** Two hospitals, five ordinary cases, two critical ones and a severe one; no reserve, ambulances unlimited. */
const TWO_HUBS: CityPatch = {
  places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 61 }, teams: { 'hub2-team': {} },
  policy: { wishes: ['unneededMoves', 'safeFill', 'preferredLevel', 'urgentMinutes', 'minutes'] },
  pools: {
    'hub/ordinary': { staffed: 3 }, 'hub/intensive': { staffed: 1 }, 'hub2/ordinary': { staffed: 1 },
    'hub2/severe': { staffed: 2 }, 'hub2/intensive': { staffed: 1 },
  },
  cases: { ...people(5), ...people(2, { severity: 'critical' }, 'south', 6), 'south-8': { severity: 'severe' } },
}
const CITIES: [string, CityPatch][] = [
  ['two hospitals', TWO_HUBS],
  ...NEED_ROWS.filter((row) => row.city.blocks === undefined).map((row): [string, CityPatch] => [row.says, row.city]),
]
/** One ambulance that has time for both patients and to spare, and the same with time for one only. */
const listed = (until: string): CityPatch =>
  ({ fleet: 'listed', vehicles: { V1: { availableTo: until } }, pools: { 'hub/ordinary': {} }, cases: people(2) })

const valuesOf = (plan: Plan) => plan.levels.map(({ rule, value }) => [rule, value])
const ranksOf = (levels: readonly { rank: number; rule: string }[]) => levels.map(({ rank, rule }) => [rank, rule])
const carried = (plan: Plan) => plan.secondOpinion.levels.filter((level) => level.carried).map((level) => level.rule)

describe('a second opinion', () => {
  test.each(CITIES)('agrees: %s', async (_, patch) => {
    const { plan } = await planned(city(patch), { secondOpinion: true })
    expect(plan.secondOpinion).toMatchObject({ engine: 'javascript-lp-solver', agrees: true })
    expect(ranksOf(plan.secondOpinion.levels)).toEqual(ranksOf(plan.levels))
    for (const level of plan.secondOpinion.levels) expect(level.agrees).toBe(level.carried ? true : null)
    expect(carried(plan).slice(0, 5)).toEqual(['critical', 'severe', 'suspected', 'concentrated', 'waiting'])
  }, 20_000)

  test('is asked on every level where no ambulance and no reserve block has to be counted', async () => {
    const { plan } = await planned(city(TWO_HUBS), { secondOpinion: true })
    expect(carried(plan)).toEqual(plan.levels.map((level) => level.rule))
  }, 20_000)

  test('is not asked where the minutes of the ambulances decide, and is where they do not', async () => {
    // Rounds of 149 minutes from six in the morning: until nine there is time for one of two patients.
    expect(carried((await planned(city(listed('24:00')), { secondOpinion: true })).plan)).toContain('concentrated')
    expect(carried((await planned(city(listed('09:00')), { secondOpinion: true })).plan)).not.toContain('concentrated')
  }, 20_000)

  test('is not asked where reserve blocks could be opened', async () => {
    const patch: CityPatch = {
      ...TWO_HUBS, places: { hub2: CENTRALISED, spare: { kind: 'reserveHospital' } },
      travel: { 'dist→hub2': 61, 'dist→spare': 15 }, blocks: { 'spare/A': {} },
      pools: { ...TWO_HUBS.pools, 'spare/ordinary': { block: 'spare/A' } },
    }
    expect(carried((await planned(city(patch), { secondOpinion: true })).plan)).toEqual([])
  }, 20_000)

  test('that nobody asked for is on no level', async () => {
    const { plan } = await planned(city(TWO_HUBS), { secondOpinion: false })
    expect(ranksOf(plan.secondOpinion.levels)).toEqual(ranksOf(plan.levels))
    expect(plan.secondOpinion.levels.every((level) => !level.carried && level.agrees === null)).toBe(true)
    expect(plan.levels.every((level) => level.optimal)).toBe(true)
  }, 20_000)

  test('changes nothing in the plan', async () => {
    const plan = async (secondOpinion: boolean) =>
      ({ ...(await planned(city(TWO_HUBS), { secondOpinion })).plan, secondOpinion: null })
    expect(await plan(true)).toEqual(await plan(false))
  }, 20_000)
})

/** This machine, whose second engine answers otherwise on the level of `rule` (the fourth need). */
const FOURTH = 3
const secondThat = (answer: (given: LevelAnswer) => LevelAnswer | 'killed' | 'infeasible'): Machine => ({
  ...thisMachine,
  solver: {
    ...threadSolver,
    solveLevel: async (ask) => {
      const given = await threadSolver.solveLevel(ask)
      return ask.level !== FOURTH || typeof given === 'string' ? given : answer(given)
    },
  },
})

describe('a second opinion that differs', () => {
  const rows: [string, Machine][] = [
    ['by one too few', secondThat((given) => ({ ...given, value: given.value - 1 }))],
    ['by one too many', secondThat((given) => ({ ...given, value: given.value + 1 }))],
    ['by finding no answer at all', secondThat(() => 'infeasible')],
  ]
  test.each(rows)('%s is shown; the plan stands as HiGHS made it', async (_, machine) => {
    const scenario = city(TWO_HUBS)
    const { plan, exit } = await planned(scenario, { secondOpinion: true }, machine)
    expect(plan.secondOpinion.agrees).toBe(false)
    const doubted = plan.secondOpinion.levels.filter((level) => level.agrees === false)
    expect(doubted.map((level) => level.rule)).toEqual(['concentrated'])
    expect([exit, valuesOf(plan)]).toEqual([0, valuesOf((await planned(scenario)).plan)])
    expect(check(scenario, plan)).toEqual([])
  }, 20_000)

  test('by not answering in time agrees with nobody, and is counted beside the times', async () => {
    const { plan, milliseconds } = await planned(city(TWO_HUBS), { secondOpinion: true }, secondThat(() => 'killed'))
    expect(plan.secondOpinion.levels[FOURTH]).toMatchObject({ rule: 'concentrated', agrees: null })
    expect([plan.secondOpinion.agrees, milliseconds['secondOpinionLevelsKilled']]).toEqual([true, 1])
  }, 20_000)
})

describe('a plan by javascript-lp-solver', () => {
  const engine = 'javascript-lp-solver' as const

  test.each(CITIES)('has the values that HiGHS has, each proved by HiGHS: %s', async (_, patch) => {
    const scenario = city(patch)
    const [ours, theirs] = [await planned(scenario, { engine, secondOpinion: true }), await planned(scenario)]
    expect([ours.exit, valuesOf(ours.plan)]).toEqual([0, valuesOf(theirs.plan)])
    expect(ours.plan).toMatchObject({ engine, secondOpinion: { engine: 'highs', agrees: true } })
    expect(ours.plan.levels.every((level) => level.optimal && level.note === null)).toBe(true)
    expect(check(scenario, ours.plan)).toEqual([])
  }, 20_000)

  test('is not called the best where nobody confirms it', async () => {
    const { plan } = await planned(city(TWO_HUBS), { engine })
    for (const level of plan.levels) {
      expect(level).toMatchObject({ optimal: false, bound: null })
      expect(level.note?.en).toMatch(/does not prove/)
    }
    expect(plan.secondOpinion.levels.every((level) => !level.carried && level.agrees === null)).toBe(true)
  }, 20_000)

  // Two ambulances there for 260 minutes each: together long enough for three rounds of 152, but each for one only.
  const tight: CityPatch = {
    fleet: 'listed', travel: { 'south→dist': 11, 'hub→south': 29 }, pools: { 'hub/ordinary': {} }, cases: people(3),
    vehicles: { V1: { base: 'south', availableTo: '10:20' }, V2: { base: 'south', availableTo: '10:20' } },
  }

  test('is not called the best from the level that the timetable costs something, and the engines agree', async () => {
    const { plan } = await planned(city(tight), { engine, secondOpinion: true })
    expect([plan.trips.length, plan.levels[FOURTH]]).toMatchObject([2, { rule: 'concentrated', value: 1 }])
    expect(plan.levels.slice(FOURTH).filter((level) => level.optimal)).toEqual([])
    expect(plan.secondOpinion.agrees).toBe(true)
  }, 20_000)

  test('is not called the best where fewer were let ride for the timetable’s sake', async () => {
    // A round of 100 to the second hospital fits after one of 152, but its beds are not of the preferred level.
    const { plan } = await planned(city({
      ...tight, places: { hub2: CENTRALISED }, pools: { 'hub/ordinary': {}, 'hub2/severe': {} },
      travel: { ...tight.travel, 'dist→hub2': 5, 'hub2→south': 9 }, policy: { wishes: ['preferredLevel'] },
    }), { engine, secondOpinion: true })
    expect(plan.trips.length).toBe(3)
    expect(plan.levels.at(-1)).toMatchObject({ rule: 'preferredLevel', value: 1, optimal: false })
  }, 20_000)

  const confirms = (change: (levels: readonly LevelAnswer[]) => readonly LevelAnswer[]): Machine => ({
    ...thisMachine,
    solver: {
      ...threadSolver,
      solve: async (ask) => {
        const result = await threadSolver.solve(ask)
        return result.status === 'infeasible' ? result : { ...result, levels: change(result.levels) }
      },
    },
  })
  const oneBetter = (level: LevelAnswer, i: number) => (i === FOURTH ? { ...level, value: level.value - 1 } : level)
  const unproved = (level: LevelAnswer, i: number) => (i === 1 ? { ...level, optimal: false } : level)
  // From which level on none is called the best: later ones rest on earlier ones.
  const doubts: [string, Machine, number, boolean][] = [
    ['finds a better value', confirms((levels) => levels.map(oneBetter)), FOURTH, false],
    ['does not prove a level', confirms((levels) => levels.map(unproved)), 1, true],
    ['is stopped by the clock after two levels', confirms((levels) => levels.slice(0, 2)), 2, true],
  ]
  test.each(doubts)('is called the best only up to the level where HiGHS %s', async (_, machine, from, agrees) => {
    const { plan } = await planned(city(TWO_HUBS), { engine, secondOpinion: true }, machine)
    expect(plan.levels.map((level) => level.optimal)).toEqual(plan.levels.map((_level, i) => i < from))
    expect(plan.secondOpinion.agrees).toBe(agrees)
  }, 20_000)
})
