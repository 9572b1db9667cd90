import { CENTRALISED, type CityPatch, people } from './city.js'
import { broken, ill, kept, type MustRow, one, type Person, to } from './mustRow.js'
import { moves, type Paper, type PaperTrip } from './planning.js'

/** V1 stands at `dist`: 15 minutes loading, 37 riding, 15 handing over, 37 back, 45 decontamination. */
const trip = (change: Partial<PaperTrip> = {}): PaperTrip => ({
  vehicle: 'V1', patients: ['south-1'], leaves: '06:00', departs: '06:15', arrives: '06:52', clean: '08:29', ...change,
})
const second = (change: Partial<PaperTrip> = {}): PaperTrip =>
  trip({ patients: ['south-2'], leaves: '08:29', departs: '08:44', arrives: '09:21', clean: '10:58', ...change })
const listed = (change: CityPatch = {}): CityPatch => ({ fleet: 'listed', vehicles: { V1: {}, V2: {} }, ...change })
const single = (change: CityPatch = {}, row: Person = {}): CityPatch => one(row, listed(change))
const TWO = { 'south-1': {}, 'south-2': {} }
const CHILD = { ageBand: '0-14', companion: 'south-3' } as const
const rides = (...trips: readonly PaperTrip[]): Paper => {
  const riders = trips.flatMap(({ patients }) => patients)
  return { moves: moves(Object.fromEntries(riders.map((id) => [id, 'hub/ordinary']))), trips }
}
const severe = (...trips: readonly PaperTrip[]): Paper => ({ moves: moves({ 'south-1': 'hub/severe' }), trips })

export const TRANSPORT: readonly MustRow[] = [
  broken('arrivalsPerHour', 'two arrive between six and seven where one can be taken in', ['hub'], {
    city: ill(TWO, listed({ places: { hub: { ...CENTRALISED, arrivalsPerHour: 1 } } })),
    paper: rides(trip(), trip({
      vehicle: 'V2', patients: ['south-2'], leaves: '06:07', departs: '06:22', arrives: '06:59', clean: '08:36',
    })),
  }),
  broken('arrivalsPerHour', 'one arrives where nobody knows how many can be taken in', ['hub'], {
    city: single({ places: { hub: { ...CENTRALISED, arrivalsPerHour: 'unknown' } } }), paper: rides(trip()),
  }),
  broken('arrivalsPerHour', 'unlimited ambulances bring somebody where nobody is taken in', ['hub'], {
    city: one({}, { places: { hub: { ...CENTRALISED, arrivalsPerHour: 0 } } }), paper: to('hub/ordinary'),
  }),
  kept('arrivalsPerHour', 'one arrives before seven and one at seven', {
    city: ill(TWO, listed({ places: { hub: { ...CENTRALISED, arrivalsPerHour: 1 } } })),
    paper: rides(trip(), trip({
      vehicle: 'V2', patients: ['south-2'], leaves: '06:08', departs: '06:23', arrives: '07:00', clean: '08:37',
    })),
  }),

  broken('vehicleMinutes', 'somebody rides without any trip', ['south-1'], {
    city: single(), paper: to('hub/ordinary'),
  }),
  broken('vehicleMinutes', 'somebody is said to ride in a trip that carries another', ['south-2'], {
    city: ill(TWO, listed()),
    paper: {
      moves: [...moves({ 'south-1': 'hub/ordinary' }), { patient: 'south-2', pool: 'hub/ordinary', trip: 'T1' }],
      trips: [trip()],
    },
  }),
  kept('vehicleMinutes', 'inside the hospital nobody needs a trip', { city: single(), paper: to('dist/ordinary') }),

  broken('lifeSupport', 'a severe case in an ambulance without life support', ['T1'], {
    city: single({ vehicles: { V1: { lifeSupport: false } } }, { severity: 'severe' }), paper: severe(trip()),
  }),
  broken('lifeSupport', 'an ambulance that belongs neither to the sender nor to the receiver', ['T1'], {
    city: single({ vehicles: { V1: { fleet: 'north' } } }), paper: rides(trip()),
  }),
  kept('lifeSupport', 'an ordinary case needs none', {
    city: single({ vehicles: { V1: { lifeSupport: false } } }), paper: rides(trip()),
  }),
  kept('lifeSupport', 'the receiving hospital sends its own', {
    city: single({ vehicles: { V1: { fleet: 'hub' } } }, { severity: 'severe' }), paper: severe(trip()),
  }),
  kept('lifeSupport', 'the district in which a case of another unit lies sends its own', {
    city: ill({ 'north-1': {} }, listed()),
    paper: { moves: moves({ 'north-1': 'hub/ordinary' }), trips: [trip({ patients: ['north-1'] })] },
  }),

  broken('onePatientATrip', 'two strangers in one ambulance', ['T1'], {
    city: ill(TWO, listed()), paper: rides(trip({ patients: ['south-1', 'south-2'] })),
  }),
  broken('onePatientATrip', 'a child rides with somebody who is not its carer', ['T1'], {
    city: ill({ 'south-1': {}, 'south-2': CHILD, 'south-3': { place: 'hub' } }, listed()),
    paper: rides(trip({ patients: ['south-1', 'south-2'] })),
  }),
  broken('onePatientATrip', 'the trip departs at another time than its patient', ['T1'], {
    city: single(),
    paper: {
      moves: [{ patient: 'south-1', pool: 'hub/ordinary', departs: '2020-01-30T06:20:00+08:00' }], trips: [trip()],
    },
  }),
  broken('onePatientATrip', 'a trip fetches somebody who stays', ['T1'], {
    city: ill({ 'south-1': {}, 'south-2': { ...CHILD, companion: 'south-1' } }, listed()),
    paper: { moves: moves({ 'south-1': 'hub/ordinary' }), trips: [trip({ patients: ['south-1', 'south-2'] })] },
    also: ['together'],
  }),
  broken('together', 'the child rides to the same hospital in another ambulance than its carer', ['south-2'], {
    city: ill({ 'south-1': {}, 'south-2': { ...CHILD, companion: 'south-1' } }, listed()),
    paper: rides(trip(), trip({ vehicle: 'V2', patients: ['south-2'] })),
  }),
  kept('onePatientATrip', 'a carer and two children of one status share', {
    city: ill({ 'south-1': {}, ...people(2, { ...CHILD, companion: 'south-1' }, 'south', 2) }, listed()),
    paper: rides(trip({ patients: ['south-1', 'south-2', 'south-3'] })),
  }),

  broken('decontamination', 'a minute too short for handing over, driving back and disinfecting', ['T1'], {
    city: single(), paper: rides(trip({ clean: '08:28' })),
  }),
  broken('decontamination', 'a minute too short for loading', ['T1'], {
    city: single(), paper: rides(trip({ leaves: '06:01' })),
  }),
  broken('decontamination', 'faster than the road allows', ['T1'], {
    city: single(), paper: rides(trip({ arrives: '06:51' })),
  }),
  broken('decontamination', 'the way to a patient far from the base is forgotten', ['T1'], {
    city: single({ vehicles: { V1: { base: 'north' } }, travel: { 'north→dist': 10, 'hub→north': 37 } }),
    paper: rides(trip()),
  }),
  broken('decontamination', 'the next patient is fetched a minute before the vehicle is clean', ['T2'], {
    city: ill(TWO, listed()),
    paper: rides(trip(), second({ leaves: '08:28', departs: '08:43', arrives: '09:20', clean: '10:57' })),
  }),
  broken('decontamination', 'the vehicle is out for an order at that time', ['T1'], {
    city: ill(TWO, listed(
      {
        orders: {
          'O-1': {
            patient: 'south-2', pool: 'hub/ordinary', vehicle: 'V1', departs: '2020-01-30T08:28:00+08:00',
            returns: '2020-01-30T10:00:00+08:00',
          },
        },
      }
    )),
    paper: {
      moves: [...moves({ 'south-1': 'hub/ordinary' }), { patient: 'south-2', pool: 'hub/ordinary', order: 'O-1' }],
      trips: [trip()],
    },
  }),
  kept('decontamination', 'the next patient is fetched the minute the vehicle is clean', {
    city: ill(TWO, listed()), paper: rides(trip(), second()),
  }),

  broken('crewHours', 'a trip begins before the vehicle is there', ['T1'], {
    city: single({ vehicles: { V1: { availableFrom: '06:01' } } }), paper: rides(trip()),
  }),
  broken('crewHours', 'a trip ends after the vehicle is gone', ['T1'], {
    city: single({ vehicles: { V1: { availableTo: '08:28' } } }), paper: rides(trip()),
  }),
  broken('crewHours', 'a trip begins before anybody knew what the plan knows', ['T1'], {
    city: single({ asOf: '2020-01-30T06:01:00+08:00' }), paper: rides(trip()),
  }),
  broken('crewHours', 'a third crew drives a vehicle that has two', ['T1'], {
    city: single(), paper: rides(trip({ crew: 3 })),
  }),
  broken('crewHours', 'one crew drives two trips of 149 minutes in a duty of 297', ['V1/1'], {
    city: ill(TWO, listed({ policy: { timetable: { crewMinutesMax: 297 } } })), paper: rides(trip(), second()),
  }),
  kept('crewHours', 'one crew drives both in a duty of 298', {
    city: ill(TWO, listed({ policy: { timetable: { crewMinutesMax: 298 } } })), paper: rides(trip(), second()),
  }),
  kept('crewHours', 'two crews drive them in a duty of 149', {
    city: ill(TWO, listed({ policy: { timetable: { crewMinutesMax: 149 } } })),
    paper: rides(trip(), second({ crew: 2 })),
  }),
]
