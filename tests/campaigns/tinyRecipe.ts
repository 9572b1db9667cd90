import fc from 'fast-check'
import type { Attribute, CareLevel } from '../../src/facilities/beds.js'
import type { PlaceKind } from '../../src/facilities/places.js'
import { keysOf } from '../../src/kernel/vocabulary.js'
import { WISHES } from '../../src/planning/policy.js'
import { among, index, often } from './tinyDraw.js'
import { person } from './tinyPerson.js'

/** Levels of a place that has one of each. */
export const LEVELS_IN_TURN = ['ordinary', 'intensive', 'severe', 'observation'] as const

const limit = often<number | 'notTracked' | 'unknown'>('notTracked', 2, 1, 0, 'unknown')

const pool = fc.record({
  careLevel: among<CareLevel>('ordinary', 'severe', 'intensive', 'observation', 'light'),
  attributes: fc.oneof(
    { weight: 3, arbitrary: fc.constant<Attribute[]>([]) },
    { weight: 3, arbitrary: fc.constant<Attribute[]>(['singleRoom', 'doctorsAndTests']) },
    { weight: 2, arbitrary: fc.subarray<Attribute>(['singleRoom', 'ventilator', 'dialysis', 'doctorsAndTests']) },
  ),
  /** Beds that come out free, and people without a name who lie there. */
  free: among(1, 1, 2, 2, 0, -1),
  others: among(0, 1, 2),
  notStaffed: among(0, 1),
  held: often(0, 1),
  protected: often(0, 1),
  oxygenBeds: often<number | 'notTracked' | 'unknown'>('notTracked', 0, 2, 4, 'unknown'),
  notReported: often<'physical' | 'staffed' | 'occupied' | 'held' | null>(
    null, 'physical', 'staffed', 'occupied', 'held',
  ),
})

const block = fc.record({
  opened: often(false, true),
  notSigned: often<'oxygen' | 'staff' | null>(null, 'oxygen', 'staff'),
  critical: among<'signed' | 'notSigned'>('signed', 'notSigned'),
})

const place = fc.record({
  kind: among<PlaceKind>(
    'centralisedTreatmentHospital', 'reserveHospital', 'reserveHospital', 'reserveHospital',
    'districtDesignatedHospital', 'fangcang', 'isolationSite', 'feverClinic', 'home',
  ),
  underCommand: often(true, true, true, false),
  arrivalsPerHour: limit,
  ventilatorsFree: limit,
  /** Mostly a pool of each level in turn. */
  inTurn: among(true, true, true, false),
  pools: fc.array(pool, { minLength: 2, maxLength: 4 }),
  blocks: fc.array(block, { minLength: 1, maxLength: 2 }),
})

const vehicle = fc.record({
  fleet: among(0, 0, 1, 2, 5),
  base: among(1, 1, 0, 2, 3),
  negativePressure: often(true, false),
  lifeSupport: often(true, false),
  crews: often(1, 2, 0),
  window: among<readonly [string, string]>(['06:00', '24:00'], ['08:00', '13:00'], ['00:00', '11:30']),
})

const journey = fc.record({
  minutes: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 3, max: 170 }) },
    { weight: 2, arbitrary: fc.integer({ min: 171, max: 500 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  back: fc.option(fc.integer({ min: 3, max: 170 }), { freq: 1 }),
})

const order = fc.record({
  of: index,
  to: index,
  pool: index,
  leaves: often(false, true),
  state: among<'issued' | 'dispatched'>('issued', 'issued', 'dispatched'),
  vehicle: fc.option(index),
  departs: fc.nat(200),
  minutes: fc.integer({ min: 30, max: 240 }),
})
type Order = typeof order extends fc.Arbitrary<infer O> ? O : never
const orders = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Order[]>([]) },
  { weight: 1, arbitrary: fc.array(order, { minLength: 1, maxLength: 2 }) },
)

type Demands = ('critical' | 'severe' | 'suspected' | 'concentrated')[]

/** What a tiny scenario is made of: small numbers and words, which fast-check makes smaller when a property breaks. */
export const recipe = fc.record({
  edition: often<'2020' | '2022'>('2020', '2022'),
  /** Minutes from midnight of the plan's day to what was known. */
  clock: often(0, -240, 570),
  lotSeed: fc.nat(9),
  names: fc.nat(3),
  places: fc.array(place, { minLength: 2, maxLength: 4 }),
  teams: fc.array(
    fc.record({ station: among(0, 0, 1, 2, 3), underCommand: often(true, false) }), { minLength: 1, maxLength: 3 },
  ),
  people: fc.array(person, { minLength: 1, maxLength: 5 }),
  vehicles: fc.array(vehicle, { maxLength: 5 }),
  journeys: fc.array(journey, { minLength: 6, maxLength: 6 }),
  orders,
  require: often<Demands>([], [], [], [], ['critical'], ['suspected', 'severe'], ['concentrated']),
  wishes: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.shuffledSubarray([...keysOf(WISHES)]) },
  ),
  timetable: often({}, { crewMinutesMax: 240 }, { decontaminationMinutes: 90 }, { rounds: 0 }),
})
export type Recipe = typeof recipe extends fc.Arbitrary<infer R> ? R : never
