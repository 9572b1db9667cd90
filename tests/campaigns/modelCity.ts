import type { Draw } from './modelChance.js'
import type { Fields } from './modelWords.js'

/** A tiny city for transfers and isolation: a district, two hubs, a reserve, two isolation sites, and seven people. */
export const CITY_DAY = '2020-01-28'
const AS_OF = `${CITY_DAY}T08:00:00+08:00`
const SOURCE: Fields = { source: 'made up', assumed: [], asOf: null }
const name = (word: string) => ({ zh: `${word}院`, en: `the ${word}` })
const keyed = (rows: readonly (readonly [string, Fields])[]): Record<string, Fields> => Object.fromEntries(rows.map(([id, row]) => [id, { ...SOURCE, ...row }]))

/** Rows as somebody may put them down again. */
export const placeRow = (draw: Draw, id: string, kind: string, unit: string): Fields => ({
  name: name(id), kind, unit, underCommand: draw.chance(94), longitude: null, latitude: null, arrivalsPerHour: draw.of(['notTracked', 'notTracked', 'notTracked', 2, 1, 'unknown']),
  ventilatorsFree: draw.of(['notTracked', 'notTracked', 1, 0]),
})
export const PLACE_KINDS: Readonly<Record<string, readonly [string, string]>> = {
  dist: ['districtDesignatedHospital', 'U1'], hubA: ['centralisedTreatmentHospital', 'U2'], hubB: ['centralisedTreatmentHospital', 'U2'],
  rsv: ['reserveHospital', 'U2'], site: ['isolationSite', 'U1'], inn: ['isolationSite', 'U2'],
}

/** Place, care level, attributes and block of each pool, and how many beds it has at most. */
export const POOLS: Readonly<Record<string, readonly [place: string, level: string, attributes: readonly string[], beds: number, block?: string]>> = {
  'dist/ordinary': ['dist', 'ordinary', [], 8], 'dist/obs': ['dist', 'observation', ['singleRoom'], 3], 'hubA/ordinary': ['hubA', 'ordinary', [], 4],
  'hubA/severe': ['hubA', 'severe', ['ventilator'], 2], 'hubA/intensive': ['hubA', 'intensive', ['ventilator'], 2], 'hubB/ordinary': ['hubB', 'ordinary', [], 2],
  'rsv/b1/ordinary': ['rsv', 'ordinary', [], 2, 'rsv#1'], 'rsv/b2/severe': ['rsv', 'severe', ['ventilator'], 1, 'rsv#2'], 'site/room': ['site', 'room', ['singleRoom', 'doctorsAndTests'], 3],
  'inn/room': ['inn', 'room', ['singleRoom'], 2],
}
export const poolRow = (draw: Draw, id: string): Fields => {
  const [place, careLevel, attributes, , block = null] = POOLS[id] ?? ['dist', 'ordinary', [], 1]
  return { place, block, careLevel, attributes, protected: draw.chance(10) ? 1 : 0, oxygenBeds: draw.of(['notTracked', 'notTracked', 'notTracked', 'notTracked', 3, 'unknown']) }
}

export const blockRow = (draw: Draw, id: string, opened: boolean): Fields => ({
  place: 'rsv', sequence: id === 'rsv#1' ? 1 : 2, opened, clearing: 'signed', conversion: 'signed', oxygen: 'signed', staff: draw.chance(80) ? 'signed' : draw.of(['notSigned', 'unknown']),
  critical: draw.of(['signed', 'notSigned']), leadDays: 1,
})

export const VEHICLES = ['v1', 'v2', 'v3'] as const
const FLEETS: Readonly<Record<string, readonly [string, string]>> = { v1: ['U1', 'dist'], v2: ['hubA', 'hubA'], v3: ['U1', 'U1'] }
export const vehicleRow = (draw: Draw, id: string): Fields => {
  const [fleet, base] = FLEETS[id] ?? ['U1', 'dist']
  return { fleet, base, negativePressure: draw.chance(70), lifeSupport: id !== 'v2' || draw.chance(30), crews: draw.of([1, 2, 2]), availableFrom: draw.of(['00:00', '08:00']), availableTo: draw.of(['24:00', '24:00', '20:00']) }
}

/** Road minutes; from the reserve to the inn there is no road. */
const ROADS: readonly (readonly [string, string, number])[] = [
  ['dist', 'hubA', 35], ['dist', 'hubB', 50], ['dist', 'rsv', 70], ['dist', 'site', 10], ['dist', 'inn', 40], ['hubA', 'hubB', 12], ['hubA', 'rsv', 25], ['hubB', 'rsv', 20],
  ['site', 'hubA', 40], ['hubB', 'site', 45], ['site', 'inn', 30], ['inn', 'hubA', 15], ['inn', 'hubB', 18], ['U1', 'dist', 5], ['U1', 'hubA', 33], ['hubB', 'U1', 48], ['U1', 'rsv', 66],
]
export const roadRow = (draw: Draw, from: string, to: string, minutes: number): Fields => ({ from, to, minutes: minutes + draw.below(3) })
export const roadsOf = (): readonly (readonly [string, string, number])[] => ROADS

/** Somebody as they may be told of. `wards`: where they lie. */
export const personRow = (draw: Draw, id: string, assessedAt: string | null): Fields => {
  const severity = draw.of(['ordinary', 'ordinary', 'ordinary', 'ordinary', 'severe', 'critical'])
  const isChild = id === 'U1-2'
  return {
    unit: id.slice(0, id.lastIndexOf('-')), status: draw.chance(80) ? 'confirmed' : 'suspected', severity, waitingSince: null,
    fitness: assessedAt === null ? draw.of(['unknown', 'unfit']) : 'fit', fitnessAssessedAt: assessedAt, fitnessValidUntil: null, needs: draw.chance(15) ? ['ventilator'] : [],
    sex: 'unknown', ageBand: isChild ? '0-14' : '15-59', companion: isChild && draw.chance(60) ? 'U1-1' : null, dischargeDue: draw.chance(6) ? '2020-01-30' : null,
    travelExceptionUntil: draw.chance(5) ? '2020-01-31T00:00:00+08:00' : null,
  }
}
export const PEOPLE = ['U1-1', 'U1-2', 'U1-3', 'U1-4', 'U1-5', 'U1-6', 'U2-1', 'U2-2'] as const

/** The scenario with which a sequence begins, lawful by itself. */
export function cityOf(draw: Draw): Fields {
  const waiting = `${CITY_DAY}T02:00:00+08:00`
  const people = keyed(PEOPLE.slice(0, 7).map((id) => {
    const row = { ...personRow(draw, id, `${CITY_DAY}T07:00:00+08:00`), status: 'confirmed' }
    const bed = id === 'U2-1' ? { place: 'hubA', pool: 'hubA/ordinary' } : id === 'U1-6' ? { place: 'site', pool: null } : { place: 'dist', pool: draw.chance(80) ? 'dist/ordinary' : null }
    return [id, { ...row, ...bed, waitingSince: draw.chance(50) ? waiting : null, asOf: draw.chance(40) ? AS_OF : null }]
  }))
  const lying = (pool: string) => Object.values(people).filter((person) => person['pool'] === pool).length
  const pools = keyed(Object.entries(POOLS).map(([id, [, , , beds]]) => [id, {
    ...poolRow(draw, id), physical: beds + draw.below(2), staffed: beds, occupied: draw.chance(4) ? 'unknown' : lying(id) + (draw.chance(20) ? 1 : 0), held: draw.chance(8) ? 1 : 0,
    asOf: draw.chance(30) ? AS_OF : null,
  }]))
  const order = { patient: 'U1-5', pool: draw.of(['hubA/ordinary', 'hubB/ordinary']), state: draw.of(['issued', 'dispatched']) }
  const ride = draw.chance(40) ? { vehicle: 'v1', departs: `${CITY_DAY}T09:00:00+08:00`, returns: `${CITY_DAY}T11:00:00+08:00` } : { vehicle: null, departs: null, returns: null }
  return {
    name: 'tiny', story: 'A tiny city', lotSeed: 'tiny', asOf: AS_OF, planDay: CITY_DAY, fleet: draw.chance(80) ? 'listed' : 'unlimited', policy: {}, require: [],
    units: keyed(['U1', 'U2'].map((id) => [id, { name: name(id), gbt2260: null, aliases: [], longitude: null, latitude: null }])),
    places: keyed(Object.entries(PLACE_KINDS).map(([id, [kind, unit]]) => [id, placeRow(draw, id, kind, unit)])), pools,
    blocks: keyed(['rsv#1', 'rsv#2'].map((id) => [id, blockRow(draw, id, false)])), teams: keyed([['hubA-team', { name: name('team'), station: 'hubA', underCommand: true }]]),
    cases: people, vehicles: keyed(VEHICLES.map((id) => [id, vehicleRow(draw, id)])), travel: keyed(ROADS.map(([from, to, minutes]) => [`${from}→${to}`, roadRow(draw, from, to, minutes)])),
    orders: draw.chance(30) ? keyed([['brought-1', { ...order, ...ride }]]) : {},
    lastPlan: draw.chance(30) ? keyed([['U1-3', { to: 'hubB', careLevel: 'ordinary' }]]) : {}, edits: {}, intake: keyed([['2020-01-27', { newConfirmed: 3 }]]),
  }
}
