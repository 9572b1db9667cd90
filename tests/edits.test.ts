import { afterAll, describe, expect, test } from 'vitest'
import { check } from '../src/planning/check.js'
import { thisMachine } from '../src/planning/solve/machine.js'
import type { SolveResult } from '../src/planning/solve/problem.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { CENTRALISED, city, type CityPatch, people } from './support/city.js'
import { placements, planned, valueOf } from './support/planning.js'

afterAll(closeSolvers)

const TWO_HUBS: CityPatch = { places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 52 } }
const pin = (patient: string, place: string, pool: string | null = null) => ({ kind: 'pin' as const, patient, place, pool })
/** Two vehicles that can make one trip to the hub each. */
const SHORT_DAY = { availableFrom: '06:00', availableTo: '10:00', crews: 1 }
const TWO_TRIPS: CityPatch = { pools: { 'hub/ordinary': {}, 'hub/severe': {} }, fleet: 'listed', vehicles: { v1: SHORT_DAY, v2: SHORT_DAY } }

describe('a pin that contradicts another must', () => {
  /** What clashes with the decisions, and the kinds of the ways out. */
  const rows: [string, CityPatch, string[], string[]][] = [
    ['a full hospital', { ...TWO_HUBS, pools: { 'hub/ordinary': { staffed: 3, occupied: 3 }, 'hub2/ordinary': {} }, cases: people(2), edits: { E1: pin('south-1', 'hub') } },
      ['placedByHand@E1', 'usableBeds@hub'], ['staffBeds', 'withdrawEdit']],
    ['beds of a wrong level', { ...TWO_HUBS, pools: { 'hub/ordinary': {}, 'hub2/severe': {} }, cases: people(1, { severity: 'severe' }), edits: { E1: pin('south-1', 'hub') } },
      ['careLevel@hub', 'placedByHand@E1'], ['withdrawEdit']],
    ['nobody signed that they may ride', { pools: { 'hub/severe': {} }, cases: people(1, { severity: 'severe', fitness: 'unfit' }), edits: { E1: pin('south-1', 'hub') } },
      ['fitness@dist', 'placedByHand@E1'], ['assessFitness', 'withdrawEdit']],
    ['two for one bed', { ...TWO_HUBS, pools: { 'hub/ordinary': { staffed: 1 }, 'hub2/ordinary': {} }, cases: people(3), edits: { E1: pin('south-1', 'hub'), E2: pin('south-2', 'hub') } },
      ['placedByHand@E1', 'placedByHand@E2', 'usableBeds@hub'], ['staffBeds', 'withdrawEdit']],
    ['no road', { places: { far: CENTRALISED }, pools: { 'far/ordinary': {}, 'hub/ordinary': {} }, policy: { travelEstimate: null }, cases: people(1), edits: { E1: pin('south-1', 'far') } },
      ['placedByHand@E1', 'travelLimit@dist'], ['withdrawEdit']],
    ['a round that no crew can make', { ...TWO_TRIPS, travel: { 'dist→hub': 239 }, cases: people(1), edits: { E1: pin('south-1', 'hub') } },
      ['crewHours@dist', 'placedByHand@E1'], ['withdrawEdit']],
    ['an inpatient of another hospital', { ...TWO_HUBS, travel: { 'hub→hub2': 10 }, pools: { 'hub/ordinary': {}, 'hub2/ordinary': {} }, cases: { 'south-1': { place: 'hub', pool: 'hub/ordinary' } }, edits: { E1: pin('south-1', 'hub2') } },
      ['inpatients@hub', 'placedByHand@E1'], ['withdrawEdit']],
    ['a carer and a child sent apart', { ...TWO_HUBS, pools: { 'hub/ordinary': {}, 'hub2/ordinary': {} }, cases: { 'south-1': {}, 'south-2': { ageBand: '0-14', companion: 'south-1' } }, edits: { E1: pin('south-1', 'hub2'), E2: pin('south-2', 'hub') } },
      ['placedByHand@E1', 'placedByHand@E2'], ['withdrawEdit']],
    ['a child kept from where the carer is pinned', { ...TWO_HUBS, pools: { 'hub/ordinary': {}, 'hub2/ordinary': {} }, cases: { 'south-1': {}, 'south-2': { ageBand: '0-14', companion: 'south-1' } }, edits: { E1: pin('south-1', 'hub2'), E2: { kind: 'forbid', patient: 'south-2', place: 'hub2' } } },
      ['forbiddenByHand@E2', 'placedByHand@E1'], ['withdrawEdit']],
    ['nobody drives', { pools: { 'hub/ordinary': {} }, fleet: 'listed', cases: people(2), edits: { E1: pin('south-1', 'hub') } },
      ['placedByHand@E1', 'vehicleMinutes@city'], ['addVehicles', 'withdrawEdit']],
  ]
  test.each(rows)('%s: exit 3, the clash named, each way out proved', async (_, patch, clash, kinds) => {
    const scenario = city(patch)
    const { exit, plan } = await planned(scenario, { waysOut: true })
    expect([exit, plan.status, check(scenario, plan)]).toEqual([3, 'impossible', []])
    const [unmet] = plan.unmet
    expect(unmet).toMatchObject({ rule: 'placedByHand', demanded: true, value: plan.edits.filter(({ carriedOut }) => !carriedOut).length })
    expect(unmet?.clash?.smallest).toBe(true)
    expect(unmet?.clash?.rules.map(({ rule, subject }) => `${rule}@${subject}`).sort()).toEqual(clash)
    expect(unmet?.waysOut.map((way) => way.kinds.join())).toEqual(kinds)
    expect(plan.summary.en).toMatch(/^Some hand decisions cannot be carried out/)
  })

  test('the plan that is shown leaves out the fewest decisions, and is the best without them', async () => {
    const scenario = city({ ...TWO_HUBS, pools: { 'hub/ordinary': { staffed: 1 }, 'hub2/ordinary': {} }, cases: people(3), edits: { E1: pin('south-1', 'hub'), E2: pin('south-2', 'hub'), E3: { kind: 'stay', patient: 'south-3' } } })
    const { plan } = await planned(scenario)
    expect(plan.edits.map(({ carriedOut }) => carriedOut).sort()).toEqual([false, true, true])
    expect(Object.values(placements(plan)).sort()).toEqual(['hub/ordinary', 'hub2/ordinary'])
  })

  test('together with a demand that fails, each is told', async () => {
    const scenario = city({ require: ['concentrated'], pools: { 'hub/ordinary': { staffed: 1 } }, cases: people(2), edits: { E1: pin('south-1', 'hub'), E2: pin('south-2', 'hub') } })
    const { exit, plan } = await planned(scenario, { waysOut: true })
    expect([exit, check(scenario, plan), plan.unmet.map(({ rule }) => rule)]).toEqual([3, [], ['placedByHand', 'concentrated']])
    expect(plan.unmet[0]?.clash?.rules).toHaveLength(3)
  })

  test('beside orders that clash with the musts themselves, there is no plan, as without it', async () => {
    const scenario = city({ pools: { 'hub/ordinary': { staffed: 1, occupied: 1 } }, cases: people(2), orders: { O1: { patient: 'south-2', pool: 'hub/ordinary' } }, edits: { E1: pin('south-1', 'hub') } })
    const { exit, plan } = await planned(scenario)
    expect([exit, plan.moves, plan.levels, check(scenario, plan)]).toEqual([3, [], [], []])
  })
})

describe('what is decided by hand', () => {
  test('is carried out though nothing is gained by it', async () => {
    const rooms = { attributes: ['singleRoom' as const] }
    const { exit, plan } = await planned(city({
      pools: { 'hub/observation': rooms, 'dist/observation': rooms }, cases: { 'south-1': { status: 'suspected', pool: 'dist/observation' } }, edits: { E1: pin('south-1', 'hub') },
    }))
    expect([exit, placements(plan), valueOf(plan, 'unneededMoves')]).toEqual([0, { 'south-1': 'hub/observation' }, 1])
    expect(plan.moves[0]?.reason.en).toMatch(/^hand decision E1 of night: south-1 goes to the hub \(family\); the hub has 9 usable/)
  })

  test('takes the child along with its carer', async () => {
    const { exit, plan } = await planned(city({
      ...TWO_HUBS, pools: { 'hub/ordinary': {}, 'hub2/ordinary': {} }, cases: { 'south-1': {}, 'south-2': { ageBand: '0-14', companion: 'south-1' } }, edits: { E1: pin('south-2', 'hub2') },
    }))
    expect([exit, placements(plan)]).toEqual([0, { 'south-1': 'hub2/ordinary', 'south-2': 'hub2/ordinary' }])
  })

  test('tells apart those who are alike otherwise', async () => {
    const { exit, plan } = await planned(city({
      ...TWO_HUBS, policy: { wishes: ['minutes'] }, pools: { 'hub/ordinary': {}, 'hub2/ordinary': {} }, cases: people(4),
      edits: { E1: pin('south-3', 'hub2'), E2: { kind: 'stay', patient: 'south-2' }, E3: { kind: 'forbid', patient: 'south-4', place: 'hub' } },
    }))
    expect([exit, placements(plan)]).toEqual([0, { 'south-1': 'hub/ordinary', 'south-3': 'hub2/ordinary', 'south-4': 'hub2/ordinary' }])
    expect(plan.unplaced).toMatchObject([{ patient: 'south-2', rule: 'placedByHand', reason: { en: 'hand decision E2 of night: south-2 stays (family)' } }])
  })

  test('makes a need that is then not met one that somebody decided, with the way out of withdrawing it', async () => {
    const scenario = city({ require: ['concentrated'], pools: { 'hub/ordinary': {} }, cases: people(2), edits: { E1: { kind: 'forbid', unit: 'south', place: 'hub' } } })
    const { exit, plan } = await planned(scenario, { waysOut: true })
    expect([exit, plan.edits[0]?.carriedOut, check(scenario, plan)]).toEqual([3, true, []])
    expect(plan.unplaced.map(({ rule, reason }) => [rule, reason.en])).toEqual(Array.from({ length: 2 }, () =>
      ['forbiddenByHand', 'hand decision E1 of night: no cases of the south go to the hub (family)']))
    expect(plan.unmet[0]?.clash?.rules.map(({ rule, subject }) => `${rule}@${subject}`)).toEqual(['forbiddenByHand@E1'])
    expect(plan.unmet[0]?.waysOut.map(({ patch, price }) => [patch, price[0]?.amount])).toEqual([[{ edits: { E1: null } }, 1]])
  })
})

describe('the timetable', () => {
  const severe = { 'south-3': { severity: 'severe' as const } }

  test('takes the severest first, but where somebody who was pinned would find no trip', async () => {
    const free = await planned(city({ ...TWO_TRIPS, cases: { ...people(2), ...severe } }))
    expect(placements(free.plan)['south-3']).toBe('hub/severe')
    const { exit, plan } = await planned(city({ ...TWO_TRIPS, cases: { ...people(2), ...severe }, edits: { E1: pin('south-1', 'hub'), E2: pin('south-2', 'hub') } }))
    expect([exit, Object.keys(placements(plan)).sort()]).toEqual([0, ['south-1', 'south-2']])
  })

  test('that has no room for all who were pinned makes the plan impossible, and says why and the way out', async () => {
    const edits = { E1: pin('south-1', 'hub'), E2: pin('south-2', 'hub'), E3: pin('south-3', 'hub') }
    const scenario = city({ ...TWO_TRIPS, cases: people(3), edits })
    const { exit, plan } = await planned(scenario, { waysOut: true })
    expect([exit, plan.moves.length, check(scenario, plan)]).toEqual([3, 2, []])
    const [late] = plan.edits.filter(({ carriedOut }) => !carriedOut)
    expect(plan.unmet[0]?.clash).toMatchObject({ smallest: false, rules: [{ rule: 'placedByHand', subject: late?.edit }, { rule: 'vehicleMinutes', subject: 'city' }] })
    expect(plan.unmet[0]?.waysOut.map(({ patch }) => patch)).toEqual([{ edits: { [late?.edit ?? '']: null } }])
  })
})

test('out of time, a plan says of each decision whether it is carried out', async () => {
  const scenario = city({ pools: { 'hub/ordinary': {} }, cases: people(1), edits: { E1: pin('south-1', 'hub'), E2: { kind: 'forbid', unit: 'north', place: 'dist' } } })
  const late: SolveResult = { status: 'outOfTime', levels: [], killed: false }
  const { exit, plan } = await planned(scenario, {}, { ...thisMachine, solver: { ...thisMachine.solver, solve: () => Promise.resolve(late) } })
  expect([exit, plan.edits.map(({ carriedOut }) => carriedOut), check(scenario, plan)]).toEqual([4, [false, true], []])
})
