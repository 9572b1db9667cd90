import { CENTRALISED, type CityPatch, people } from './city.js'
import { CRITICAL, type GoalRow, SEVERE } from './goalRow.js'
import { moves, type PaperTrip } from './planning.js'

const only = (...wishes: string[]) => ({ wishes })
/** South-1 to south-`count`, all to one pool. */
const allTo = (pool: string, count: number) =>
  moves(Object.fromEntries(Object.keys(people(count)).map((id) => [id, pool])))
const TWO_HUBS = { places: { hub2: CENTRALISED }, travel: { 'dist→hub': 20, 'dist→hub2': 45 } } satisfies CityPatch

/** V1 stands at `dist` with negative pressure until 09:00, V2 without all day: 149 minutes a round trip. */
const trip = (vehicle: string, ...patients: string[]): PaperTrip =>
  ({ vehicle, patients, leaves: '06:00', departs: '06:15', arrives: '06:52', clean: '08:29' })

const BEDS: readonly GoalRow[] = [
  {
    rule: 'reserveBlocks',
    says: 'one bed in the hub, one in the first block, two in the second: four people need two blocks, not the third',
    city: {
      policy: only('reserveBlocks'), cases: people(4),
      places: { spare: { kind: 'reserveHospital' } }, travel: { 'dist→spare': 50 },
      blocks: { 'spare/A': { sequence: 1 }, 'spare/B': { sequence: 2 }, 'spare/C': { sequence: 3 } },
      pools: {
        'hub/ordinary': { staffed: 1 }, 'spare/ordinary#A': { block: 'spare/A', staffed: 1 },
        'spare/ordinary#B': { block: 'spare/B', staffed: 2 }, 'spare/ordinary#C': { block: 'spare/C', staffed: 5 },
      },
    },
    paper: { moves: allTo('spare/ordinary#C', 4), opened: ['spare/A', 'spare/B', 'spare/C'] }, byHand: 3, best: 2,
  },
  {
    rule: 'unneededMoves',
    says: 'five severe beds are full, three of them with ordinary cases: two step down for the two who come',
    city: {
      policy: only('unneededMoves'), pools: { 'hub/severe': { staffed: 5 }, 'hub/ordinary': { staffed: 4 } },
      cases: {
        ...people(3, { place: 'hub', pool: 'hub/severe' }),
        ...people(2, { ...SEVERE, place: 'hub', pool: 'hub/severe' }, 'south', 4), ...people(2, SEVERE, 'south', 6),
      },
    },
    // All three step down; the severe case who comes moves because it must, and is not counted.
    paper: { moves: [...allTo('hub/ordinary', 3), ...moves({ 'south-6': 'hub/severe' })] }, byHand: 3, best: 2,
  },
  {
    rule: 'safeFill',
    says: 'of 13 beds 11 are safe and 8 taken, of 20 beds 17 safe and 14 taken, one promised: eight come, five safely',
    city: {
      ...TWO_HUBS, policy: only('safeFill'), cases: people(8),
      pools: { 'hub/ordinary': { staffed: 13, occupied: 8 }, 'hub2/ordinary': { staffed: 20, occupied: 14, held: 1 } },
    },
    // Five to the first, two over. At best every bed beyond the five safe ones.
    paper: { moves: allTo('hub/ordinary', 5) }, byHand: 2, best: 3,
  },
  {
    rule: 'safeFill',
    says: 'a ward that was past its safe fill in the morning is not the plan’s doing: only the two who come count',
    city: { policy: only('safeFill'), pools: { 'hub/ordinary': { staffed: 20, occupied: 18 } }, cases: people(2) },
    paper: { moves: moves({ 'south-1': 'hub/ordinary' }) }, byHand: 1, best: 2,
  },
  {
    rule: 'preferredLevel',
    says: 'six ordinary cases, two ordinary beds: four take severe ones, and the severe case an intensive one',
    city: {
      policy: only('preferredLevel'),
      pools: { 'hub/ordinary': { staffed: 2 }, 'hub/severe': { staffed: 4 }, 'hub/intensive': { staffed: 3 } },
      cases: { ...people(6), 'south-7': SEVERE },
    },
    paper: { moves: moves({ 'south-1': 'hub/severe', 'south-2': 'hub/severe', 'south-3': 'hub/ordinary' }) },
    byHand: 2, best: 5,
  },
]

const ROADS: readonly GoalRow[] = [
  {
    rule: 'negativePressure',
    says: 'the ambulance with negative pressure has time for one of four trips',
    city: {
      policy: only('negativePressure'), fleet: 'listed', pools: { 'hub/ordinary': {} }, cases: people(4),
      vehicles: { V1: { availableTo: '09:00' }, V2: { negativePressure: false } },
    },
    paper: { moves: allTo('hub/ordinary', 2), trips: [trip('V1', 'south-1'), trip('V2', 'south-2')] },
    byHand: 1, best: 3,
  },
  {
    rule: 'negativePressure',
    says: 'a carer and two children in one plain ambulance are one trip, not three; the other patient is a second',
    city: {
      policy: only('negativePressure'), fleet: 'listed', pools: { 'hub/ordinary': {} },
      vehicles: { V2: { negativePressure: false } },
      cases: { ...people(2), ...people(2, { companion: 'south-1', ageBand: '0-14' }, 'south', 3) },
    },
    paper: {
      moves: moves({ 'south-1': 'hub/ordinary', 'south-3': 'hub/ordinary', 'south-4': 'hub/ordinary' }),
      trips: [trip('V2', 'south-1', 'south-3', 'south-4')],
    },
    byHand: 1, best: 2,
  },
  {
    rule: 'urgentMinutes',
    says: 'a critical minute weighs three: 3 × 25 and 61 rather than 3 × 61 and 25; an ordinary case is not counted',
    city: {
      policy: only('urgentMinutes'), places: { hub2: CENTRALISED }, teams: { 'hub2-team': {} },
      travel: { 'dist→hub': 25, 'dist→hub2': 61 },
      pools: {
        'hub/intensive': { staffed: 1 }, 'hub2/intensive': { staffed: 1 }, 'hub2/severe': { staffed: 1 },
        'hub2/ordinary': {},
      },
      cases: { 'south-1': CRITICAL, 'south-2': SEVERE, 'south-3': {} },
    },
    paper: { moves: moves({ 'south-1': 'hub2/intensive', 'south-2': 'hub/intensive', 'south-3': 'hub2/ordinary' }) },
    byHand: 3 * 61 + 25, best: 3 * 25 + 61,
  },
  {
    rule: 'oneHospitalPerUnit',
    says: 'six ordinary cases of one unit need two of three hospitals; another severity and another unit count apart',
    city: {
      policy: only('oneHospitalPerUnit'), teams: { 'hub4-team': {} },
      places: { hub2: CENTRALISED, hub3: CENTRALISED, hub4: CENTRALISED },
      travel: { 'dist→hub2': 45, 'dist→hub3': 10, 'dist→hub4': 80 },
      pools: {
        'hub/ordinary': { staffed: 3 }, 'hub2/ordinary': { staffed: 4 }, 'hub3/ordinary': { staffed: 2 },
        'hub4/severe': { staffed: 1 },
      },
      cases: { ...people(6), 'south-7': SEVERE, ...people(2, {}, 'north') },
    },
    // Those of the south on three hospitals, those of the north on two: two and one beyond the first.
    paper: {
      moves: moves({
        'south-1': 'hub/ordinary', 'south-2': 'hub/ordinary', 'south-3': 'hub2/ordinary', 'south-4': 'hub2/ordinary',
        'south-5': 'hub3/ordinary', 'south-7': 'hub4/severe', 'north-1': 'hub/ordinary', 'north-2': 'hub3/ordinary',
      }),
    },
    byHand: 3, best: 1,
  },
  {
    rule: 'minutes',
    says: 'one bed 20 minutes away, the other two people ride 45',
    city: {
      ...TWO_HUBS, policy: only('minutes'), pools: { 'hub/ordinary': { staffed: 1 }, 'hub2/ordinary': {} },
      cases: people(3),
    },
    paper: { moves: allTo('hub2/ordinary', 3) }, byHand: 135, best: 110,
  },
]

const TO_HUB = { to: 'hub', careLevel: 'ordinary' } as const

const BY_REQUEST: readonly GoalRow[] = [
  {
    rule: 'lastPlan',
    says: 'the last plan wanted four in ordinary beds of the hub, which has one left; a fifth it left where they lay',
    city: {
      ...TWO_HUBS, policy: only('lastPlan'), cases: people(5),
      pools: { 'hub/ordinary': { staffed: 1 }, 'hub/severe': { staffed: 1 }, 'hub2/ordinary': {} },
      lastPlan: { 'south-1': TO_HUB, 'south-2': TO_HUB, 'south-3': TO_HUB, 'south-4': TO_HUB },
    },
    // A severe bed of the same hospital is another bed; so is staying, for the two who were to go.
    paper: { moves: [...moves({ 'south-1': 'hub/severe', 'south-2': 'hub2/ordinary', 'south-5': 'hub2/ordinary' })] },
    byHand: 5, best: 4,
  },
  {
    rule: 'lastPlan',
    says: 'a last plan that sent two to the farther hospital and one to the nearer can be kept as a whole',
    city: {
      ...TWO_HUBS, policy: only('lastPlan', 'minutes'), cases: people(3),
      pools: { 'hub/ordinary': {}, 'hub2/ordinary': {} },
      lastPlan: {
        'south-1': { to: 'hub2', careLevel: 'ordinary' }, 'south-2': { to: 'hub', careLevel: 'ordinary' },
        'south-3': { to: 'hub2', careLevel: 'ordinary' },
      },
    },
    paper: { moves: allTo('hub/ordinary', 3) }, byHand: 2, best: 0,
  },
  {
    rule: 'loadBalance',
    says: 'ten beds with two taken, seven with one: four who come are best shared two and two, 3 of 7 is 429 per mille',
    city: {
      ...TWO_HUBS, policy: only('loadBalance'), cases: people(4),
      pools: { 'hub/ordinary': { staffed: 10, occupied: 2 }, 'hub2/ordinary': { staffed: 7, occupied: 1 } },
    },
    // All four to the second: 5 of 7, rounded up.
    paper: { moves: allTo('hub2/ordinary', 4) }, byHand: 715, best: 429,
  },
  {
    rule: 'loadBalance',
    says: 'a severe case leaves a full hub of ten for one with four beds and one taken: 9 of 10 afterwards',
    city: {
      ...TWO_HUBS, policy: only('loadBalance'), teams: { 'hub2-team': {} }, travel: { 'hub→hub2': 30 },
      pools: { 'hub/ordinary': { staffed: 10, occupied: 10 }, 'hub2/severe': { staffed: 4, occupied: 1 } },
      cases: { 'south-1': { ...SEVERE, place: 'hub', pool: 'hub/ordinary' } },
    },
    paper: { moves: moves({ 'south-1': 'hub2/severe' }) }, byHand: 900, best: 900,
  },
]

export const WISH_ROWS: readonly GoalRow[] = [...BEDS, ...ROADS, ...BY_REQUEST]
