import { type LieOfDeed, drivenBy, withTrip } from './corruption.js'
import { story } from './given.js'

/** Two rides of 甲县-0002 and 甲县-0003 to one hospital, 175 minutes each from base to base, by two like ambulances. */
const twoRides = (patch = {}) => story('discharge-due', patch)

/** Musts about crews, their hours and the hour of arrival. */
export const CORRUPTIONS_OF_CREWS: readonly LieOfDeed[] = [
  {
    kind: 'deed',
    name: 'a crew that the vehicle does not have',
    rule: 'crewHours',
    scenario: twoRides,
    corrupt: (plan) => withTrip(plan, '甲县-0002', (trip) => ({ ...trip, crew: `${trip.vehicle}/3` })),
  },
  {
    kind: 'deed',
    name: 'a crew longer on duty than it may be',
    rule: 'crewHours',
    scenario: () => twoRides({ policy: { timetable: { crewMinutesMax: 200 } } }),
    corrupt: (plan, world) => {
      const first = withTrip(plan, '甲县-0002', drivenBy(world, { vehicle: 'v-1', leaves: '08:00' }))
      return withTrip(first, '甲县-0003', drivenBy(world, { vehicle: 'v-1', leaves: '12:00' }))
    },
  },
  {
    kind: 'deed',
    name: 'a trip before the vehicle’s hours',
    rule: 'crewHours',
    scenario: twoRides,
    corrupt: (plan, world) => withTrip(plan, '甲县-0002', drivenBy(world, { vehicle: 'v-1', leaves: '05:00' })),
  },
  {
    kind: 'deed',
    name: 'a trip that comes back after midnight',
    rule: 'crewHours',
    scenario: twoRides,
    corrupt: (plan, world) => withTrip(plan, '甲县-0002', drivenBy(world, { vehicle: 'v-1', leaves: '22:00' })),
  },
  {
    kind: 'deed',
    name: 'more arrivals in an hour than the receiver takes',
    rule: 'arrivalsPerHour',
    scenario: () => twoRides({ places: { east: { arrivalsPerHour: 1 } } }),
    corrupt: (plan, world) => {
      const first = withTrip(plan, '甲县-0002', drivenBy(world, { vehicle: 'v-1', leaves: '08:00' }))
      return withTrip(first, '甲县-0003', drivenBy(world, { vehicle: 'v-2', leaves: '08:10' }))
    },
  },
]
