import { CENTRALISED, people } from './city.js'
import { CRITICAL, type GoalRow, SEVERE } from './goalRow.js'
import { moves } from './planning.js'

export const NEED_ROWS: readonly GoalRow[] = [
  {
    rule: 'critical',
    says: 'of six critical cases one goes home soon and one cannot travel; the other four find two beds',
    city: {
      // Four staffed, one occupied and one promised: two usable.
      pools: { 'hub/intensive': { staffed: 4, occupied: 1, held: 1 } },
      cases: {
        ...people(4, CRITICAL), 'south-5': { ...CRITICAL, dischargeDue: '2020-01-31' },
        'south-6': { ...CRITICAL, fitness: 'unfit' },
      },
    },
    paper: { moves: moves({ 'south-3': 'hub/intensive' }) }, byHand: 3, best: 2,
  },
  {
    rule: 'critical',
    says: 'an intensive bed is not enough where no expert team is: of three beds only the one under a team counts',
    city: {
      places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 21 },
      pools: { 'hub/intensive': { staffed: 1 }, 'hub2/intensive': { staffed: 2 } }, cases: people(3, CRITICAL),
    },
    paper: { moves: moves({ 'south-1': 'hub2/intensive', 'south-2': 'hub2/intensive' }) }, byHand: 3, best: 2,
  },
  {
    rule: 'critical',
    says: 'three intensive beds are full, one with an ordinary case that got better: it steps down for one of two',
    city: {
      pools: { 'hub/intensive': { staffed: 3, occupied: 3 }, 'hub/ordinary': {} },
      cases: { 'south-1': { place: 'hub', pool: 'hub/intensive' }, ...people(2, CRITICAL, 'south', 2) },
    },
    paper: {}, byHand: 2, best: 1,
  },
  {
    rule: 'critical',
    says: 'three hours is too far without a signed exception: of three critical cases the two far ones need one',
    city: {
      places: { far: {} }, travel: { 'far→hub': 181 }, pools: { 'hub/intensive': {} },
      cases: {
        'south-1': CRITICAL, 'south-2': { ...CRITICAL, place: 'far' },
        'south-3': { ...CRITICAL, place: 'far', travelExceptionUntil: '2020-01-30T18:00:00+08:00' },
      },
    },
    paper: { moves: moves({ 'south-1': 'hub/intensive' }) }, byHand: 2, best: 1,
  },
  {
    rule: 'critical',
    says: 'who cannot travel may change to the intensive bed under a team of their own hospital; who goes home, not',
    city: {
      teams: { 'dist-team': {} }, pools: { 'dist/ordinary': {}, 'dist/intensive': { staffed: 1 } },
      cases: {
        ...people(2, { ...CRITICAL, fitness: 'unfit', pool: 'dist/ordinary' }),
        'south-3': { ...CRITICAL, dischargeDue: '2020-01-31', pool: 'dist/ordinary' },
      },
    },
    paper: {}, byHand: 2, best: 1,
  },
  {
    rule: 'severe',
    says: 'the bed that a critical case leaves by ambulance is not filled again the same day',
    city: {
      places: { hub2: CENTRALISED }, teams: { 'hub2-team': {} }, travel: { 'hub→hub2': 52 },
      pools: { 'hub/severe': { staffed: 1 }, 'hub2/intensive': {} },
      cases: { 'south-1': { ...CRITICAL, place: 'hub', pool: 'hub/severe' }, ...people(2, SEVERE, 'south', 2) },
    },
    paper: { moves: moves({ 'south-1': 'hub2/intensive', 'south-2': 'hub/severe' }) }, byHand: 1, best: 2,
  },
  {
    rule: 'severe',
    says: 'a severe case where a team is stationed is served where it lies; one in an ordinary bed of the hub is not',
    city: {
      places: { east: {} }, travel: { 'east→hub': 66 }, teams: { 'east-team': {} },
      pools: { 'hub/severe': { staffed: 2 }, 'hub/ordinary': {}, 'east/severe': {} },
      cases: {
        ...people(3, SEVERE), 'south-4': { ...SEVERE, place: 'east', pool: 'east/severe' },
        'south-5': { ...SEVERE, place: 'hub', pool: 'hub/ordinary' },
      },
    },
    paper: { moves: moves({ 'south-5': 'hub/severe' }) }, byHand: 3, best: 2,
  },
  {
    rule: 'severe',
    says: 'in a reserve hospital the block has to be signed and a team to be there: two of five stay',
    city: {
      places: { spare: { kind: 'reserveHospital' }, idle: { kind: 'reserveHospital' } },
      travel: { 'dist→spare': 50, 'dist→idle': 50 }, teams: { 'spare-team': {} },
      blocks: { 'spare/A': {}, 'idle/A': {} },
      pools: { 'spare/severe': { block: 'spare/A', staffed: 3 }, 'idle/severe': { block: 'idle/A' } },
      cases: people(5, SEVERE),
    },
    paper: {
      moves: moves({ 'south-1': 'spare/severe', 'south-2': 'idle/severe', 'south-3': 'idle/severe' }),
      opened: ['idle/A', 'spare/A'],
    },
    byHand: 4, best: 2,
  },
  {
    rule: 'suspected',
    says: 'of seven suspected cases two already lie alone; one room here and two in the next district are free',
    city: {
      places: { east: {}, hotel: { kind: 'isolationSite' } }, travel: { 'dist→east': 30, 'dist→hotel': 5 },
      pools: {
        'dist/observation': { attributes: ['singleRoom'], staffed: 3 }, 'dist/ordinary': {},
        'east/observation': { attributes: ['singleRoom', 'negativePressure'], staffed: 2 },
        // No doctors and tests there, so no place for suspected cases.
        'hotel/observation': { attributes: ['singleRoom'], staffed: 8 },
      },
      cases: {
        ...people(2, { status: 'suspected', pool: 'dist/observation' }),
        ...people(4, { status: 'suspected', pool: 'dist/ordinary' }, 'south', 3),
        'south-7': { status: 'suspected' },
      },
    },
    paper: { moves: moves({ 'south-7': 'dist/observation' }) }, byHand: 4, best: 2,
  },
  {
    rule: 'concentrated',
    says: 'of seven in reserves four lie in blocks that nobody signed ready, two of them in a bed that nobody stated',
    city: {
      places: { spare: { kind: 'reserveHospital' }, bare: { kind: 'reserveHospital' } },
      travel: { 'spare→hub': 61, 'bare→hub': 62 }, pools: {
        'spare/ordinary#A': { block: 'spare/A' }, 'spare/ordinary#B': { block: 'spare/B' },
        'spare/ordinary#C': { block: 'spare/C' }, 'bare/ordinary#D': { block: 'bare/D' }, 'hub/ordinary': { staffed: 1 },
      },
      blocks: {
        'spare/A': { opened: true, staff: 'unknown' }, 'spare/B': { sequence: 2 },
        'spare/C': { sequence: 3, oxygen: 'notSigned' }, 'bare/D': { clearing: 'unknown' },
      },
      cases: {
        'south-1': { place: 'spare', pool: 'spare/ordinary#A' }, 'south-2': { place: 'spare', pool: 'spare/ordinary#B' },
        'south-3': { place: 'spare', pool: null }, ...people(2, { place: 'spare', pool: 'spare/ordinary#C' }, 'south', 4),
        ...people(2, { place: 'bare', pool: null }, 'south', 6),
      },
    },
    // Block B, signed ready, takes the two of its own hospital; of the other two the hub has a bed for one.
    paper: {}, byHand: 4, best: 1,
  },
  {
    rule: 'concentrated',
    says: 'of eight confirmed cases one is there, one due home and one unfit are not counted; three beds are free',
    city: {
      pools: { 'hub/ordinary': { staffed: 6, occupied: 3 } },
      cases: {
        ...people(5), 'south-6': { place: 'hub', pool: 'hub/ordinary' }, 'south-7': { dischargeDue: '2020-01-30' },
        'south-8': { fitness: 'unfit' },
      },
    },
    paper: { moves: moves({ 'south-2': 'hub/ordinary' }) }, byHand: 4, best: 2,
  },
  {
    rule: 'concentrated',
    says: 'a hospital that did not say how many lie there receives nobody: one bed elsewhere for three',
    city: {
      places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 12 }, cases: people(3),
      pools: { 'hub/ordinary': { staffed: 1 }, 'hub2/ordinary': { staffed: 40, occupied: 'unknown' } },
    },
    paper: { moves: moves({ 'south-3': 'hub/ordinary' }) }, byHand: 2, best: 2,
  },
  {
    rule: 'concentrated',
    says: 'in November 2022 mild and asymptomatic ones go to the fangcang, which has three beds for five',
    city: {
      asOf: '2022-11-20T00:00:00+08:00', planDay: '2022-11-20',
      places: { hall: { kind: 'fangcang' } }, travel: { 'dist→hall': 14 },
      pools: { 'hall/light': { staffed: 3 }, 'hub/ordinary': {} },
      cases: {
        ...people(3, { severity: 'mild' }), ...people(2, { status: 'asymptomatic', severity: 'none' }, 'south', 4),
      },
    },
    paper: { moves: moves({ 'south-4': 'hall/light' }) }, byHand: 4, best: 2,
  },
  {
    rule: 'waiting',
    says: 'two beds for those who waited 31 and 12 hours; those of 9 hours, of 2 h 59 min and of none stay: 11 hours',
    city: {
      pools: { 'hub/ordinary': { staffed: 2 } },
      cases: {
        'south-1': { waitingSince: '2020-01-29T15:00:00+08:00' }, 'south-3': {},
        'south-2': { waitingSince: '2020-01-28T17:00:00+08:00' },
        'south-4': { waitingSince: '2020-01-29T12:00:00+08:00' },
        'south-5': { waitingSince: '2020-01-29T21:01:00+08:00' },
      },
    },
    // 31 + 9 + 2 are left.
    paper: { moves: moves({ 'south-4': 'hub/ordinary', 'south-3': 'hub/ordinary' }) }, byHand: 42, best: 11,
  },
]
