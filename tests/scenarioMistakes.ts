import type { Fault } from '../src/planning/scenarioFaults.js'
import { scenarioSchema, TABLES } from '../src/planning/scenario.js'
import { material } from './materialFixture.js'

const AS_OF = '2020-01-30T00:00:00+08:00'
const FROM = { source: 'made up for a test' }
const name = { zh: '某处', en: 'Somewhere' }
const unit = (gbt2260: string | null, aliases: string[]) =>
  ({ name, gbt2260, aliases, longitude: null, latitude: null, ...FROM })
const place = (kind: string) => ({
  name, kind, unit: 'jia', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 4,
  ventilatorsFree: 'notTracked', ...FROM,
})
const pool = (at: string, block: string | null) => ({
  place: at, block, careLevel: 'severe', physical: 10, staffed: 10, occupied: 2, held: 0, protected: 1,
  oxygenBeds: 'notTracked', ...FROM,
})
const block = (at: string, sequence: number) => ({
  place: at, sequence, opened: false, clearing: 'signed', conversion: 'signed', oxygen: 'signed', staff: 'signed',
  critical: 'signed', leadDays: 3, ...FROM,
})
export const person = (at: string, lies: string | null) => ({
  unit: 'jia', status: 'confirmed', severity: 'severe', place: at, pool: lies, waitingSince: null, fitness: 'unknown',
  fitnessAssessedAt: null, fitnessValidUntil: null, sex: 'unknown', ageBand: 'unknown', companion: null,
  dischargeDue: null, travelExceptionUntil: null, ...FROM,
})
const order = {
  patient: 'jia-1', pool: 'hub/1', state: 'issued', vehicle: 'v1',
  departs: '2020-01-30T07:00:00+08:00', returns: '2020-01-30T11:30:00+08:00', ...FROM,
}

/** Decided by hand. */
export const edit = (decided: object) =>
  ({ kind: 'stay', patient: null, unit: null, place: null, pool: null, reason: 'family', by: 'night-desk', ...decided, ...FROM })

/** A scenario without a mistake, as it comes before any check. */
export const sound = () => ({
  name: 'small', story: '', asOf: AS_OF, planDay: '2020-01-30', lotSeed: 'small', fleet: 'listed', policy: {},
  require: [],
  units: { jia: unit('500101', ['j1']), yi: unit(null, []) },
  places: {
    hub: place('centralisedTreatmentHospital'),
    dist: place('districtDesignatedHospital'),
    res: place('reserveHospital'),
    wh: place('warehouse'),
  },
  pools: { 'hub/1': pool('hub', null), 'dist/1': pool('dist', null), 'res/1': pool('res', 'res#1') },
  blocks: { 'res#1': block('res', 1), 'res#2': block('res', 2) },
  teams: { t1: { name, station: 'hub', underCommand: true, ...FROM } },
  cases: { 'jia-1': { ...person('dist', 'dist/1'), ageBand: '0-14' }, 'jia-2': person('dist', 'dist/1'), 'jia-3': person('dist', null) },
  vehicles: {
    v1: {
      fleet: 'hub', base: 'jia', negativePressure: true, lifeSupport: true, crews: 1, availableFrom: '06:00',
      availableTo: '24:00', ...FROM,
    },
  },
  travel: { 'dist→hub': { from: 'dist', to: 'hub', minutes: 60, ...FROM } },
  orders: { o1: order },
  lastPlan: { 'jia-1': { to: 'hub', careLevel: 'severe', ...FROM } },
  intake: { '2020-01-29': { newConfirmed: 18, ...FROM } },
  edits: { e1: edit({ kind: 'pin', patient: 'jia-3', place: 'hub' }) },
  ...material(),
})

/** The sound scenario with whatever stands at each dotted path (ids hold no dot) put there, or taken away. */
export function spoilt(changes: Readonly<Record<string, unknown>>): unknown {
  const value = JSON.parse(JSON.stringify(sound())) as unknown
  for (const [path, put] of Object.entries(changes)) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let holder = value as Record<string, unknown>
    for (const key of keys) holder = holder[key] as Record<string, unknown>
    if (put === undefined) delete holder[last]
    else Object.defineProperty(holder, last, { value: put, enumerable: true, configurable: true, writable: true })
  }
  return value
}

/** One mistake, and the one fault that it has to make. */
export type Row = readonly [
  what: string, changes: Readonly<Record<string, unknown>>, table: Fault['table'], id: string | null,
  field: string | null, got: string, says: string,
]
const LATE = '2020-01-30T00:00:01+08:00'

export const REFERENCES: readonly Row[] = [
  [
    'unit of a place', { 'places.hub.unit': 'jai' },
    'places', 'hub', 'unit', 'jai', 'reporting units; the closest is jia',
  ],
  [
    'place of beds', { 'pools.dist/1.place': 'x', 'cases': {}, orders: {}, edits: {} },
    'pools', 'dist/1', 'place', 'x', 'table of places',
  ],
  [
    'block of beds', { 'pools.res/1.block': 'res#3' },
    'pools', 'res/1', 'block', 'res#3', 'reserve blocks; the closest is res#1',
  ],
  [
    'place of a block', { 'blocks.res#2.place': 'rex' },
    'blocks', 'res#2', 'place', 'rex', 'places; the closest is res',
  ],
  [
    'place of a block, called like a part of the language', { 'blocks.res#2.place': 'constructor' },
    'blocks', 'res#2', 'place', 'constructor', 'table of places',
  ],
  [
    'place of a reserve', { 'pools.res/1.place': 'rex' },
    'pools', 'res/1', 'place', 'rex', 'places; the closest is res',
  ],
  ['station of a team', { 'teams.t1.station': 'hubs' }, 'teams', 't1', 'station', 'hubs', 'the closest is hub'],
  ['place of a case', { 'cases.jia-1.place': 'home' }, 'cases', 'jia-1', 'place', 'home', 'table of places'],
  [
    'beds of a case', { 'cases.jia-1.pool': 'dist/2' },
    'cases', 'jia-1', 'pool', 'dist/2', 'beds; the closest is dist/1',
  ],
  [
    'unit of a case', { 'cases.yo-1': { ...person('dist', null), unit: 'yo' } },
    'cases', 'yo-1', 'unit', 'yo', 'the closest is yi',
  ],
  [
    'companion', { 'cases.jia-1.companion': 'jia-9' },
    'cases', 'jia-1', 'companion', 'jia-9', 'cases; the closest is jia-1',
  ],
  ['fleet', { 'vehicles.v1.fleet': 'city' }, 'vehicles', 'v1', 'fleet', 'city', 'reporting units or places'],
  ['base', { 'vehicles.v1.base': 't1' }, 'vehicles', 'v1', 'base', 't1', 'reporting units or places'],
  [
    'start of a journey', { 'travel.dist→hub.from': 'x' },
    'travel', 'dist→hub', 'from', 'x', 'reporting units or places',
  ],
  ['end of a journey', { 'travel.dist→hub.to': 'toString' }, 'travel', 'dist→hub', 'to', 'toString', 'units or places'],
  ['patient of an order', { 'orders.o1.patient': 'jia-7' }, 'orders', 'o1', 'patient', 'jia-7', 'table of cases'],
  ['beds of an order', { 'orders.o1.pool': 'constructor' }, 'orders', 'o1', 'pool', 'constructor', 'table of beds'],
  [
    'vehicle of an order', { 'orders.o1.vehicle': 'v2' },
    'orders', 'o1', 'vehicle', 'v2', 'ambulances; the closest is v1',
  ],
  ['place of the last plan', { 'lastPlan.jia-1.to': 'yi' }, 'lastPlan', 'jia-1', 'to', 'yi', 'table of places'],
]

const FACILITIES: readonly Row[] = [
  ['no place', { places: {}, teams: {} }, 'scenario', null, 'places', '', 'empty scenario'],
  ['no unit', { units: {} }, 'scenario', null, 'units', '', 'empty scenario'],
  [
    'one id for a unit and a place', { 'places.yi': place('home') },
    'places', 'yi', null, 'yi', 'names a reporting unit',
  ],
  ['one alias for two units', { 'units.yi.aliases': ['j1'] }, 'units', 'yi', 'aliases.0', 'j1', 'j1 already names jia'],
  [
    'alias that is an id', { 'units.yi.aliases': ['y', 'jia'] },
    'units', 'yi', 'aliases.1', 'jia', 'jia already names jia',
  ],
  [
    'one code for two units', { 'units.yi.gbt2260': '500101' },
    'units', 'yi', 'gbt2260', '500101', 'jia already has it',
  ],
  [
    'block of another place', { 'pools.hub/1.block': 'res#1' },
    'pools', 'hub/1', 'block', 'res#1', 'res#1 belongs to res',
  ],
  ['reserve without a block', { 'pools.res/1.block': null }, 'pools', 'res/1', 'block', '', 'must name their block'],
  ['block of no reserve', { 'blocks.res#2.place': 'hub' }, 'blocks', 'res#2', 'place', 'hub', 'reserve hospital'],
  ['two blocks at one step', { 'blocks.res#2.sequence': 1 }, 'blocks', 'res#2', 'sequence', '1', 'res#1 already has'],
  [
    'more staffed than there are', { 'pools.hub/1.staffed': 11 },
    'pools', 'hub/1', 'staffed', '11', 'the 10 physical',
  ],
  [
    'more protected than there are', { 'pools.hub/1.protected': 11 },
    'pools', 'hub/1', 'protected', '11', 'the 10 physical',
  ],
  [
    'a day of no length', { 'vehicles.v1.availableTo': '06:00' },
    'vehicles', 'v1', 'availableTo', '06:00', 'start at 06:00',
  ],
  [
    'one journey twice', { 'travel.b': { from: 'dist', to: 'hub', minutes: 1, ...FROM } },
    'travel', 'b', 'to', 'hub', 'dist→hub already',
  ],
]

const PEOPLE: readonly Row[] = [
  ['beds elsewhere', { 'cases.jia-3.pool': 'hub/1' }, 'cases', 'jia-3', 'pool', 'hub/1', 'hub/1 belongs to hub'],
  ['more named than occupied', { 'pools.dist/1.occupied': 1 }, 'pools', 'dist/1', 'occupied', '1', 'at least 2'],
  ['id of another unit', { 'cases.yi-1': person('dist', null) }, 'cases', 'yi-1', null, 'yi-1', 'jia-…'],
  ['id without a number', { 'cases.jia-': person('dist', null) }, 'cases', 'jia-', null, 'jia-', 'own number'],
  [
    'unknown severity', { 'cases.jia-1.severity': 'mild' },
    'cases', 'jia-1', 'severity', 'mild', 'one of: ordinary 普通型',
  ],
  [
    'unknown status', { 'cases.jia-1.status': 'asymptomatic' },
    'cases', 'jia-1', 'status', 'asymptomatic', 'knows no asymptomatic',
  ],
  [
    'severity that the scenario itself struck out',
    {
      policy: { severities: { confirmed: ['critical', 'ordinary'] } },
      'cases.jia-1': undefined, 'cases.jia-2': undefined, orders: {},
    },
    'cases', 'jia-3', 'severity', 'severe', 'one of: critical 危重型, ordinary',
  ],
  [
    'two live orders', { 'orders.o2': { ...order, state: 'dispatched', vehicle: null, departs: null, returns: null } },
    'orders', 'o2', 'patient', 'jia-1', 'o1 already stands',
  ],
  ['vehicle without times', { 'orders.o1.returns': null }, 'orders', 'o1', 'returns', '', 'stated together'],
  [
    'back before it left', { 'orders.o1.returns': '2020-01-30T06:59:00+08:00' },
    'orders', 'o1', 'returns', '2020-01-30T06:59:00+08:00', 'later than departs',
  ],
  [
    'one vehicle on two orders at once',
    { 'orders.o2': { ...order, patient: 'jia-2', departs: '2020-01-30T11:00:00+08:00', returns: '2020-01-30T15:00:00+08:00' } },
    'orders', 'o2', 'vehicle', 'v1', 'must not overlap',
  ],
  ['order to where they lie', { 'orders.o1.pool': 'dist/1' }, 'orders', 'o1', 'pool', 'dist/1', 'already lies there'],
]

const TIMES: readonly Row[] = [
  ['waiting since tomorrow', { 'cases.jia-1.waitingSince': LATE }, 'cases', 'jia-1', 'waitingSince', LATE, 'later'],
  [
    'assessed tomorrow', { 'cases.jia-1.fitnessAssessedAt': LATE },
    'cases', 'jia-1', 'fitnessAssessedAt', LATE, 'later',
  ],
  ...TABLES.flatMap((table): Row[] => {
    const [id] = Object.keys(scenarioSchema.parse(sound())[table])
    return id === undefined ? [] : [[`${table} known tomorrow`, { [`${table}.${id}.asOf`]: LATE }, table, id, 'asOf', LATE, 'later']]
  }),
  ['fit without assessment', { 'cases.jia-1.fitness': 'fit' }, 'cases', 'jia-1', 'fitnessAssessedAt', '', 'assessment'],
  [
    'valid before it was made',
    { 'cases.jia-1.fitnessAssessedAt': AS_OF, 'cases.jia-1.fitnessValidUntil': '2020-01-29T23:00:00+08:00' },
    'cases', 'jia-1', 'fitnessValidUntil', '2020-01-29T23:00:00+08:00', 'before the assessment',
  ],
  [
    'no intake day', { 'intake.friday': { newConfirmed: 1, ...FROM } },
    'intake', 'friday', null, 'friday', 'a day such as',
  ],
  [
    'intake of a day to come', { 'intake.2020-01-30': { newConfirmed: 1, ...FROM } },
    'intake', '2020-01-30', null, '2020-01-30', 'later',
  ],
  ['plan for long ago', { planDay: '2020-01-28' }, 'scenario', null, 'planDay', '2020-01-28', '1 day before'],
  [
    'plan for a far day', { asOf: '2022-11-11T00:00:00+08:00', planDay: '2022-11-26' },
    'scenario', null, 'planDay', '2022-11-26', '14 days after',
  ],
  [
    'no edition', { planDay: '2020-02-04' },
    'scenario', null, 'planDay', '2020-02-04', '2022-11 (2022-11-11 to 2022-12-06)',
  ],
]

export const POLICY: readonly Row[] = [
  [
    'unknown field', { policy: { safeFil: 1 } },
    'policy', null, 'safeFil', '1', 'safeFillPerMille, warningLinePerMille',
  ],
  ['unknown field put to null', { policy: { rounds: null } }, 'policy', null, 'rounds', '', 'no such field'],
  [
    'prototype', { policy: JSON.parse('{"__proto__": 1}') as unknown },
    'policy', null, '__proto__', '1', 'no such field',
  ],
  [
    'unknown inner field', { policy: { timetable: { round: 1 } } },
    'policy', null, 'timetable.round', '1', 'closest is rounds',
  ],
  [
    'severity that is none, whatever the cases say',
    { policy: { severities: { confirmed: ['grave', 'mild'] } }, 'cases.jia-1.severity': 'mild' },
    'policy', null, 'severities.confirmed.0', 'grave', 'critical 危重型',
  ],
  ['wrong value', { policy: { safeFillPerMille: 1001 } }, 'policy', null, 'safeFillPerMille', '1001', 'at most 1000'],
  [
    'value taken away', { policy: { fitnessValidHours: null } },
    'policy', null, 'fitnessValidHours', '', 'whole number',
  ],
  [
    'wrong clock', { policy: { timetable: { lastReturn: '25:00' } } },
    'policy', null, 'timetable.lastReturn', '25:00', 'time of day',
  ],
  [
    'no time to travel', { policy: { timetable: { lastReturn: '05:00' } } },
    'policy', null, 'timetable', '{…}', 'must be before lastReturn',
  ],
  [
    'bands that grow shorter', { policy: { material: { bands: [{ days: 3, norm: 'crisis', who: 'exposed' }, { days: 1, norm: 'crisis', who: 'everybody' }] } } },
    'policy', null, 'material.bands', '[2]', 'must not grow shorter',
  ],
  ['no band', { policy: { material: { bands: [] } } }, 'policy', null, 'material.bands', '[0]', 'list at least 1'],
  ['area that is none', { policy: { material: { tiers: { ward: 6 } } } }, 'policy', null, 'material.tiers.ward', '6', 'at most 5'],
  ['norm that is none', { policy: { material: { bands: [{ days: 1, norm: 'usual', who: 'exposed' }] } } }, 'policy', null, 'material.bands.0.norm', 'usual', 'conventional 常规'],
  ['wish for material that is none', { policy: { material: { wishes: ['cheapest'] } } }, 'policy', null, 'material.wishes.0', 'cheapest', 'fewestSubstitutions 少用替代品'],
  ['wish twice', { policy: { wishes: ['minutes', 'minutes'] } }, 'policy', null, 'wishes', '[2]', 'each wish once'],
  [
    'way out twice', { policy: { waysOut: ['staffBeds', 'staffBeds'] } },
    'policy', null, 'waysOut', '[2]', 'each kind once',
  ],
  ['unknown wish', { policy: { wishes: ['speed'] } }, 'policy', null, 'wishes.0', 'speed', 'reserveBlocks 少启用后备分区'],
  [
    'limit of an unknown severity', { policy: { travelMinutesMax: { grave: 1 } } },
    'policy', null, 'travelMinutesMax.grave', '1', 'ordinary, mild, none',
  ],
  ['a list for an object', { policy: { timetable: [] } }, 'policy', null, 'timetable', '[0]', 'an object'],
]

export const SHAPES: readonly Row[] = [
  ['no name', { name: undefined }, 'scenario', null, 'name', '', 'text'],
  ['empty seed', { lotSeed: '' }, 'scenario', null, 'lotSeed', '', 'must not be empty'],
  ['unknown setting', { planday: 1 }, 'scenario', null, 'planday', '1', 'closest is planDay'],
  ['policy that is none', { policy: 'strict' }, 'scenario', null, 'policy', 'strict', 'an object'],
  ['demand of waiting', { require: ['waiting'] }, 'scenario', null, 'require.0', 'waiting', 'concentrated 确诊病例集中救治'],
  ['no table', { intake: undefined }, 'scenario', null, 'intake', '', 'an object'],
  ['row that is none', { 'teams.t1': 3 }, 'teams', 't1', null, '3', 'an object'],
  [
    'row called __proto__', { 'teams.__proto__': sound().teams.t1 },
    'teams', '__proto__', null, '__proto__', 'another id',
  ],
  ['id with a blank', { 'teams.t 2': sound().teams.t1 }, 'teams', 't 2', null, 't 2', 'letters, digits'],
  ['unknown field', { 'teams.t1.stations': 'hub' }, 'teams', 't1', 'stations', 'hub', 'the closest is station'],
  ['unknown inner field', { 'teams.t1.name.fr': 'x' }, 'teams', 't1', 'name.fr', 'x', 'the fields are zh, en'],
  ['field missing', { 'teams.t1.underCommand': undefined }, 'teams', 't1', 'underCommand', '', 'true or false'],
  ['fraction', { 'pools.hub/1.staffed': 1.5 }, 'pools', 'hub/1', 'staffed', '1.5', 'whole number or unknown'],
  ['limit', { 'pools.hub/1.oxygenBeds': 'lots' }, 'pools', 'hub/1', 'oxygenBeds', 'lots', 'unknown or notTracked'],
  ['negative', { 'pools.hub/1.held': -1 }, 'pools', 'hub/1', 'held', '-1', 'at least 0'],
  ['too many', { 'pools.hub/1.held': 1_000_001 }, 'pools', 'hub/1', 'held', '1000001', 'at most 1000000'],
  ['unknown word', { 'pools.hub/1.careLevel': 'icu' }, 'pools', 'hub/1', 'careLevel', 'icu', 'intensive 重症监护床'],
  ['west of China', { 'places.hub.longitude': 10 }, 'places', 'hub', 'longitude', '10', '73 to 136'],
  ['north of China', { 'places.hub.latitude': 70 }, 'places', 'hub', 'latitude', '70', '3 to 54'],
  ['code of five digits', { 'units.jia.gbt2260': '50010' }, 'units', 'jia', 'gbt2260', '50010', 'six digits'],
  [
    'time without offset', { 'cases.jia-1.waitingSince': '2020-01-29T00:00:00' },
    'cases', 'jia-1', 'waitingSince', '2020-01-29T00:00:00', 'with offset',
  ],
  ['no source', { 'cases.jia-1.source': '' }, 'cases', 'jia-1', 'source', '', 'must not be empty'],
]

/** Every way to be wrong, one row each. */
export const MISTAKES: readonly Row[] = [...REFERENCES, ...FACILITIES, ...PEOPLE, ...TIMES, ...POLICY, ...SHAPES]
