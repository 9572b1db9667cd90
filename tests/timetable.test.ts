import { afterAll, describe, expect, test } from 'vitest'
import { check } from '../src/planning/check.js'
import { busyWithOrders } from '../src/planning/fleet.js'
import type { Plan } from '../src/planning/plan.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { World } from '../src/planning/world.js'
import { at, CENTRALISED, type CityPatch, city, people } from './support/city.js'
import { planned } from './support/planning.js'

afterAll(closeSolvers)

/**
 * The ambulances of the south stand at its seat, 11 minutes from `dist`; `dist` is 37 minutes from `hub`, and `hub`
 * 29 from the seat. A round is 11 to get there, 15 loading, 37 riding, 15 handing over, 29 back, 45 disinfecting: 152.
 */
const garage = (patch: CityPatch): CityPatch => ({
  fleet: 'listed', pools: { 'hub/ordinary': {}, 'hub/severe': {}, 'hub/intensive': {} },
  vehicles: { V1: { base: 'south' } }, ...patch, travel: { 'south→dist': 11, 'hub→south': 29, ...patch.travel },
})
const vehicle = (row: NonNullable<NonNullable<CityPatch['vehicles']>[string]> = {}) => ({ base: 'south', ...row })

/** `V1/1 south-1 06:00 06:26 07:03 08:32`: crew, patients, leaves the base, departs, arrives, clean. */
const boardOf = (plan: Plan): string[] => plan.trips.map((trip) => [
  trip.crew, trip.patients.join('+'),
  ...[trip.leavesBase, trip.departs, trip.arrives, trip.decontaminatedUntil].map((time) =>
    time.startsWith('2020-01-31T00:00') ? '24:00' : time.slice(11, 16)),
].join(' '))

async function planOf(patch: CityPatch): Promise<Plan> {
  const scenario = city(garage(patch))
  const { plan, exit } = await planned(scenario)
  expect(exit).toBe(0)
  expect(check(scenario, plan)).toEqual([])
  return plan
}

const FIRST = 'V1/1 south-1 06:00 06:26 07:03 08:32'
/** The first waited twelve hours until midnight, the second six. */
const TWO = {
  'south-1': { waitingSince: '2020-01-29T12:00:00+08:00' }, 'south-2': { waitingSince: '2020-01-29T18:00:00+08:00' },
}
const orderOf = (patient: string, departs: string, returns: string) =>
  ({ 'O-1': { patient, pool: 'hub/ordinary', vehicle: 'V1', departs: at(departs), returns: at(returns) } })
const duty = (crewMinutesMax: number) => ({ timetable: { crewMinutesMax } })

describe('trips of a day, worked out on paper', () => {
  const rows: [string, CityPatch, string[]][] = [
    ['there, loading, the ride, handing over, back and disinfecting', { cases: people(1) }, [FIRST]],
    ['the second patient waits until the vehicle is clean', { cases: TWO }, [
      FIRST, 'V1/1 south-2 08:32 08:58 09:35 11:04']],
    ['a duty of 303 minutes is one minute short of two rounds: a second crew takes over', {
      policy: duty(303), cases: TWO,
    }, [FIRST, 'V1/2 south-2 08:32 08:58 09:35 11:04']],
    ['one crew with a duty of 303 minutes takes one patient, the longer wait', {
      policy: duty(303), vehicles: { V1: vehicle({ crews: 1 }) }, cases: TWO,
    }, [FIRST]],
    ['of two vehicles the one that brings the patient sooner goes', {
      vehicles: { V1: vehicle(), V2: { base: 'dist' } }, cases: people(1),
    }, ['V2/1 south-1 06:00 06:15 06:52 08:29']],
    ['a hospital that can take in one an hour makes the second arrive at eight', {
      places: { hub: { ...CENTRALISED, arrivalsPerHour: 1 } }, vehicles: { V1: vehicle(), V2: vehicle() }, cases: TWO,
    }, [FIRST, 'V2/1 south-2 06:57 07:23 08:00 09:29']],
    ['a vehicle out for an order until a quarter past nine leaves then', {
      orders: orderOf('south-2', '06:30', '09:15'), cases: people(2),
    }, ['V1/1 south-1 09:15 09:41 10:18 11:47']],
    ['before an order at a quarter to nine there is time for one round, the next waits for its return', {
      orders: orderOf('south-3', '08:45', '10:20'), cases: { ...TWO, 'south-3': {} },
    }, [FIRST, 'V1/1 south-2 10:20 10:46 11:23 12:52']],
    ['nothing leaves before the plan is made at seven past one', { asOf: at('13:07'), cases: people(1) }, [
      'V1/1 south-1 13:07 13:33 14:10 15:39']],
    ['a plan made the evening before begins in the morning', {
      asOf: '2020-01-29T20:00:00+08:00', cases: people(1),
    }, [FIRST]],
    ['nothing leaves before the policy’s first departure', {
      policy: { timetable: { firstDeparture: '07:30' } }, vehicles: { V1: vehicle({ availableFrom: '03:00' }) },
      cases: people(1),
    }, ['V1/1 south-1 07:30 07:56 08:33 10:02']],
    ['nothing leaves before its vehicle is there', {
      vehicles: { V1: vehicle({ availableFrom: '10:10' }) }, cases: people(1),
    }, ['V1/1 south-1 10:10 10:36 11:13 12:42']],
    ['a round may end at midnight', {
      vehicles: { V1: vehicle({ availableFrom: '21:28' }) }, cases: people(1),
    }, ['V1/1 south-1 21:28 21:54 22:31 24:00']],
    ['but not a minute later', { vehicles: { V1: vehicle({ availableFrom: '21:29' }) }, cases: people(1) }, []],
    ['a carer and child ride together', { cases: { 'south-1': {}, 'south-2': { companion: 'south-1', ageBand: '0-14' } } }, [
      'V1/1 south-1+south-2 06:00 06:26 07:03 08:32']],
    ['critical before severe before ordinary, whoever waits longer; among ordinary ones the longest wait', {
      vehicles: { V1: vehicle({ crews: 4 }) },
      cases: {
        ...TWO, 'south-3': { severity: 'severe' },
        'south-4': { severity: 'critical', waitingSince: '2020-01-29T23:00:00+08:00' },
      },
    }, [
      'V1/1 south-4 06:00 06:26 07:03 08:32', 'V1/1 south-3 08:32 08:58 09:35 11:04',
      'V1/1 south-1 11:04 11:30 12:07 13:36', 'V1/2 south-2 13:36 14:02 14:39 16:08']],
    ['a severe case waits for the vehicle with life support, an ordinary one does not', {
      vehicles: { V1: vehicle({ availableFrom: '09:00' }), V2: vehicle({ lifeSupport: false }) },
      cases: { 'south-1': {}, 'south-2': { severity: 'severe' } },
    }, ['V2/1 south-1 06:00 06:26 07:03 08:32', 'V1/1 south-2 09:00 09:26 10:03 11:32']],
    ['a judgement of fitness that ends at half past nine: the vehicle that departs before takes the patient', {
      cases: { 'south-1': { severity: 'severe', fitnessValidUntil: at('09:30') } },
      vehicles: { V1: vehicle({ availableFrom: '09:04' }) },
    }, ['V1/1 south-1 09:04 09:30 10:07 11:36']],
    ['and one that departs a minute later does not', {
      cases: { 'south-1': { severity: 'severe', fitnessValidUntil: at('09:30') } },
      vehicles: { V1: vehicle({ availableFrom: '09:05' }) },
    }, []],
    ['a patient who changes beds inside the hospital needs no vehicle', {
      vehicles: { V1: null }, cases: { 'south-1': { severity: 'severe', place: 'hub', pool: 'hub/ordinary' } },
    }, []],
  ]
  test.each(rows)('%s', async (_, patch, board) => {
    const plan = await planOf(patch)
    expect(boardOf(plan)).toEqual(board)
  }, 20_000)

  test('the move says what its trip says', async () => {
    const { moves, trips } = await planOf({ cases: people(1) })
    expect(moves[0]).toMatchObject({
      trip: trips[0]?.id, departs: trips[0]?.departs, arrives: trips[0]?.arrives, travelMinutes: 37,
    })
    expect(trips[0]).toMatchObject({ vehicle: 'V1', base: 'south', from: 'dist', to: 'hub' })
  }, 20_000)

  test('equals are fetched in the order of the lot', async () => {
    for (const lotSeed of ['a', 'b', 'c']) {
      const plan = await planOf({ lotSeed, cases: people(3), vehicles: { V1: vehicle({ crews: 1 }) } })
      const world = new World(city({ lotSeed, cases: people(3) }))
      const drawn = ['south-1', 'south-2', 'south-3'].sort((a, b) => world.lotRank(a) - world.lotRank(b))
      expect(plan.trips.flatMap((trip) => trip.patients)).toEqual(drawn)
    }
  }, 30_000)
})

describe('a day in which the minutes suffice but the trips do not fit', () => {
  /** Two alike vehicles, there for 260 minutes each: 520 minutes are more than three rounds, but each fits one. */
  const tight: CityPatch = {
    vehicles: { V1: vehicle({ availableTo: '10:20' }), V2: vehicle({ availableTo: '10:20' }) },
    cases: {
      ...people(2, { waitingSince: '2020-01-29T12:00:00+08:00' }),
      'south-3': { waitingSince: '2020-01-29T18:00:00+08:00' },
    },
  }

  test('two of three ride, the two that waited longer, and the plan passes its check', async () => {
    const plan = await planOf(tight)
    expect(plan.trips.flatMap((trip) => trip.patients).sort()).toEqual(['south-1', 'south-2'])
    expect(plan.levels.find((level) => level.rule === 'concentrated')?.value).toBe(1)
    expect(plan.unplaced.map((line) => [line.patient, line.rule])).toEqual([['south-3', 'vehicleMinutes']])
  }, 20_000)

  const tries: [string, number][] = [['with six tries', 6], ['with none', 0]]
  test.each(tries)('no level is called the best from the first that it costs something on, %s', async (_, rounds) => {
    const plan = await planOf({ ...tight, policy: { timetable: { rounds } } })
    expect(plan.trips).toHaveLength(2)
    const cost = plan.levels.findIndex((level) => level.rule === 'concentrated')
    // By the minutes alone nobody would be left.
    expect(plan.levels[cost]).toMatchObject({ value: 1, bound: 0 })
    for (const level of plan.levels.slice(cost)) {
      expect(level.optimal).toBe(false)
      expect(level.note?.en).toMatch(/^conservative/)
      expect(level.note?.zh).toMatch(/^保守/)
    }
  }, 20_000)

  test('who finds no time on the preferred road rides to another hospital, to a bed of a higher level', async () => {
    // A round of 100 to the second hospital fits after one of 152.
    const plan = await planOf({
      ...tight, places: { hub2: CENTRALISED }, pools: { 'hub/ordinary': {}, 'hub2/severe': {} },
      travel: { 'dist→hub2': 5, 'hub2→south': 9 }, policy: { wishes: ['preferredLevel'] },
    })
    expect(plan.trips.map((trip) => trip.to).sort()).toEqual(['hub', 'hub', 'hub2'])
    expect(plan.levels.slice(0, 5).every((level) => level.optimal)).toBe(true)
    expect(plan.levels.at(-1)).toMatchObject({ rule: 'preferredLevel', value: 1, optimal: false, bound: 0 })
  }, 20_000)

  test('a severe case is never left for an ordinary one', async () => {
    const severe = { severity: 'severe', waitingSince: '2020-01-29T18:00:00+08:00' } as const
    const plan = await planOf({ ...tight, cases: { ...tight.cases, 'south-3': severe } })
    expect(plan.trips[0]?.patients ?? []).toEqual(['south-3'])
    expect(plan.trips).toHaveLength(2)
  }, 20_000)
})

describe('crews', () => {
  test('are never on duty beyond their limit, the orders of their vehicle counted', async () => {
    const plan = await planOf({
      pools: { 'hub/ordinary': { staffed: 20 } },
      vehicles: { V1: vehicle({ crews: 1 }), V2: vehicle({ crews: 1, availableFrom: '14:00' }) },
      orders: orderOf('south-9', '06:00', '10:00'), cases: people(9),
    })
    const minutesOf = (name: string) => plan.trips.filter((trip) => trip.vehicle === name).length * 152
    // The one crew of V1 drives four hours for the order: one more round fits into its eight hours, not two.
    expect(minutesOf('V2')).toBeLessThanOrEqual(480)
    expect(minutesOf('V1') + 240).toBeLessThanOrEqual(480)
  }, 20_000)

  test('are those of the vehicle: a vehicle without any crew drives nobody', async () => {
    expect((await planOf({ vehicles: { V1: vehicle({ crews: 0 }) }, cases: people(1) })).trips).toEqual([])
  }, 20_000)
})

describe('orders that keep a vehicle busy', () => {
  const order = (patient: string, departs: string, returns: string, state: 'issued' | 'dispatched' = 'issued') =>
    ({ patient, pool: 'hub/ordinary', vehicle: 'V1', departs: at(departs), returns: at(returns), state })
  const rows: [string, string, Parameters<typeof order>[], string[]][] = [
    ['are those times while they are to come', '05:50', [['south-1', '06:00', '08:10'], ['south-2', '08:20', '10:00']], ['06:00-08:10', '08:20-10:00']],
    ['go on as long as they were to, from now on, when they are late', '09:00', [['south-1', '06:00', '08:10']], ['09:00-11:10']],
    ['come one after the other when both are late', '09:00', [['south-2', '08:20', '10:00'], ['south-1', '06:00', '08:10']], ['09:00-11:10', '11:10-12:50']],
    ['push what was to leave before the late one is back', '09:00', [['south-1', '06:00', '08:10'], ['south-2', '10:30', '12:00']], ['09:00-11:10', '11:10-12:40']],
    ['and nothing that leaves later', '09:00', [['south-1', '06:00', '08:10'], ['south-2', '11:15', '12:00']], ['09:00-11:10', '11:15-12:00']],
    ['are not pushed once they are on the road', '09:00', [['south-1', '06:00', '08:10', 'dispatched'], ['south-2', '08:20', '10:00']], ['06:00-08:10', '09:00-10:40']],
  ]
  test.each(rows)('%s', (_, now, orders, busy) => {
    const scenario = city(garage({ asOf: at(now), cases: people(3), orders: Object.fromEntries(orders.map((one, i) => [`O${i + 1}`, order(...one)])) }))
    const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    expect(busyWithOrders(new World(scenario), 'V1').map(({ from, to }) => `${clock(from)}-${clock(to)}`)).toEqual(busy)
  })
})

test('an unlimited fleet has no timetable', async () => {
  const plan = await planOf({ fleet: 'unlimited', vehicles: {}, cases: people(2) })
  expect([plan.trips, plan.moves.map((move) => [move.trip, move.departs, move.travelMinutes])]).toEqual([
    [], [[null, null, 37], [null, null, 37]],
  ])
}, 20_000)
