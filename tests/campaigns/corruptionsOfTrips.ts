import { instantAt, minutesInto } from '../../src/kernel/time.js'
import type { World } from '../../src/planning/world.js'
import { type LieOfDeed, drivenBy, withMove, withTrip } from './corruption.js'
import { story } from './given.js'

/** Two rides of 甲县-0002 and 甲县-0003 to one hospital, 175 minutes each from base to base, by two like ambulances. */
const twoRides = () => story('discharge-due')

const shifted = (world: World, instant: string, minutes: number): string =>
  instantAt(world.scenario.planDay, minutesInto(world.scenario.planDay, instant) + minutes)

/** Musts about trips and vehicles. */
export const CORRUPTIONS_OF_TRIPS: readonly LieOfDeed[] = [
  {
    kind: 'deed',
    name: 'one vehicle on two trips at once',
    rule: 'decontamination',
    scenario: twoRides,
    corrupt: (plan, world) => {
      const first = withTrip(plan, '甲县-0002', drivenBy(world, { vehicle: 'v-1', leaves: '08:00' }))
      return withTrip(first, '甲县-0003', drivenBy(world, { vehicle: 'v-1', crew: 2, leaves: '09:30' }))
    },
  },
  {
    kind: 'deed',
    name: 'no time for decontamination',
    rule: 'decontamination',
    scenario: twoRides,
    corrupt: (plan, world) => withTrip(plan, '甲县-0002', (trip) =>
      ({ ...trip, decontaminatedUntil: shifted(world, trip.decontaminatedUntil, -45) })),
  },
  {
    kind: 'deed',
    name: 'a ride faster than the road',
    rule: 'decontamination',
    scenario: twoRides,
    corrupt: (plan, world) => withTrip(plan, '甲县-0002', (trip) =>
      ({ ...trip, arrives: shifted(world, trip.arrives, -10) })),
  },
  {
    kind: 'deed',
    name: 'no time to drive to the patient and load',
    rule: 'decontamination',
    scenario: twoRides,
    corrupt: (plan, world) => withTrip(plan, '甲县-0002', (trip) =>
      ({ ...trip, leavesBase: shifted(world, trip.leavesBase, 15) })),
  },
  {
    kind: 'deed',
    name: 'a vehicle that is out on an order',
    rule: 'decontamination',
    scenario: () => story('orders-stand'),
    corrupt: (plan, world) => withTrip(plan, '甲县-0002', drivenBy(world, { vehicle: 'v-1', leaves: '10:00' })),
  },
  {
    kind: 'deed',
    name: 'a vehicle that starts where it is not based',
    rule: 'decontamination',
    scenario: twoRides,
    corrupt: (plan) => withTrip(plan, '甲县-0002', (trip) => ({ ...trip, base: 'east' })),
  },
  {
    kind: 'deed',
    name: 'a vehicle of a foreign fleet',
    rule: 'lifeSupport',
    scenario: () => story('border-district'),
    corrupt: (plan, world) => withTrip(plan, '甲县-0001', drivenBy(world, { vehicle: 'v-2', crew: 2, leaves: '16:00' })),
  },
  {
    kind: 'deed',
    name: 'a critical case in a vehicle without life support',
    rule: 'lifeSupport',
    scenario: () => story('surge-needs-reserve', {
      vehicles: {
        'v-4': {
          fleet: '甲县', base: 'dd-jia', negativePressure: true, lifeSupport: false, crews: 1, availableFrom: '06:00',
          availableTo: '24:00', source: 'made up',
        },
      },
    }),
    corrupt: (plan, world) => withTrip(plan, '甲县-0001', drivenBy(world, { vehicle: 'v-4', leaves: '08:00' })),
  },
  {
    kind: 'deed',
    name: 'two patients in one trip',
    rule: 'onePatientATrip',
    scenario: twoRides,
    corrupt: (plan) => {
      const [first] = plan.trips
      if (first === undefined) return plan
      const { id: trip, departs, arrives } = first
      const shared = { ...plan, trips: [{ ...first, patients: ['甲县-0002', '甲县-0003'] }] }
      return withMove(withMove(shared, '甲县-0003', { trip, departs, arrives }), '甲县-0002', { trip, departs, arrives })
    },
  },
  {
    kind: 'deed',
    name: 'a move at other times than its trip',
    rule: 'onePatientATrip',
    scenario: twoRides,
    corrupt: (plan, world) => withMove(plan, '甲县-0002', { arrives: instantAt(world.scenario.planDay, 720) }),
  },
  {
    kind: 'deed',
    name: 'a ride without a trip',
    rule: 'vehicleMinutes',
    scenario: twoRides,
    corrupt: (plan) => ({
      ...withMove(plan, '甲县-0002', { trip: null, departs: null, arrives: null }),
      trips: plan.trips.filter((trip) => !trip.patients.includes('甲县-0002')),
    }),
  },
  {
    kind: 'deed',
    name: 'a ride that borrows somebody else’s trip',
    rule: 'vehicleMinutes',
    // The patient’s own trip now carries somebody who does not say so.
    also: ['onePatientATrip'],
    scenario: twoRides,
    corrupt: (plan) => withMove(plan, '甲县-0002', {
      trip: plan.moves.find(({ patient }) => patient === '甲县-0003')?.trip ?? null,
    }),
  },
]
