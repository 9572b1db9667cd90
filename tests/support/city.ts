import type { Case } from '../../src/cases/cases.js'
import { type CareLevel, CARE_LEVELS, type Pool } from '../../src/facilities/beds.js'
import type { Block } from '../../src/facilities/blocks.js'
import type { Place, Team, Unit } from '../../src/facilities/places.js'
import type { Vehicle } from '../../src/facilities/transport.js'
import type { Edit } from '../../src/planning/edits.js'
import type { Order, Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import { NO_MATERIAL } from './noMaterial.js'

/** Rows by id: what is written here replaces the default, and null takes a row of the default city away. */
type Rows<T> = Readonly<Record<string, Partial<T> | null>>
type Settings = 'story' | 'asOf' | 'planDay' | 'lotSeed' | 'fleet' | 'policy' | 'require'

export interface CityPatch extends Partial<Pick<Scenario, Settings>> {
  readonly units?: Rows<Unit>
  readonly places?: Rows<Place>
  /** The id says where and what: `hub/severe`, or `hub/severe#2` for a second pool of the kind. */
  readonly pools?: Rows<Pool>
  readonly blocks?: Rows<Block>
  readonly teams?: Rows<Team>
  /** The id begins with the reporting unit: `south-1`. */
  readonly cases?: Rows<Case>
  readonly vehicles?: Rows<Vehicle>
  /** Road minutes by `dist→hub`. */
  readonly travel?: Readonly<Record<string, number>>
  readonly orders?: Rows<Order>
  readonly lastPlan?: Readonly<Record<string, { readonly to: string; readonly careLevel: CareLevel }>>
  readonly edits?: Rows<Edit>
  readonly intake?: Readonly<Record<string, number | 'unknown'>>
}

export const PLAN_DAY = '2020-01-30'
export const AS_OF = '2020-01-30T00:00:00+08:00'
export const DIST_TO_HUB = 37

/** A row of a centralised hospital in the north, as the `hub` is one. */
export const CENTRALISED = { kind: 'centralisedTreatmentHospital', unit: 'north' } as const satisfies Partial<Place>

const SOURCE = { source: 'made up for a test', assumed: [] as string[], asOf: null }
const named = (id: string) => ({ name: { zh: `名${id}`, en: `the ${id}` } })

/** What happens on a wall clock of the plan's day: `at('07:03')`. */
export const at = (clock: string): string => `${PLAN_DAY}T${clock}:00+08:00`

/**
 * A small city that is valid by itself: a centralised hospital `hub` in the unit `north` with an expert team, and a
 * district designated hospital `dist` in the unit `south`, 37 road minutes away. Ambulances are unlimited until told.
 */
export function city(patch: CityPatch = {}): Scenario {
  const asOf = patch.asOf ?? AS_OF
  const cases = filled<Case>(patch.cases ?? {}, (id) => personOf(id, asOf))
  const scenario: Scenario = {
    name: 'small city', story: '', asOf, planDay: patch.planDay ?? PLAN_DAY, lotSeed: patch.lotSeed ?? 'seed',
    fleet: patch.fleet ?? 'unlimited', policy: patch.policy ?? {}, require: patch.require ?? [],
    units: filled<Unit>({ south: {}, north: {}, ...patch.units }, unitOf),
    places: filled<Place>({ hub: CENTRALISED, dist: {}, ...patch.places }, placeOf),
    pools: filled<Pool>(patch.pools ?? {}, (id) => poolOf(id, cases)),
    blocks: filled<Block>(patch.blocks ?? {}, blockOf),
    teams: filled<Team>({ 'hub-team': {}, ...patch.teams }, teamOf),
    cases,
    vehicles: filled<Vehicle>(patch.vehicles ?? {}, vehicleOf),
    travel: Object.fromEntries(Object.entries({ 'dist→hub': DIST_TO_HUB, ...patch.travel }).map(([id, minutes]) => {
      const [from = '', to = ''] = id.split('→')
      return [id, { from, to, minutes, ...SOURCE }]
    })),
    orders: filled<Order>(patch.orders ?? {}, orderOf),
    lastPlan: mapped(patch.lastPlan ?? {}, (row) => ({ ...row, ...SOURCE })),
    edits: filled<Edit>(patch.edits ?? {}, editOf),
    intake: mapped(patch.intake ?? {}, (newConfirmed) => ({ newConfirmed, ...SOURCE })),
    ...NO_MATERIAL,
  }
  const validated = validateScenario(scenario)
  if (validated.ok) return validated.scenario
  throw new Error(`the city is not valid: ${JSON.stringify(validated.faults, null, 1)}`)
}

type Row = Partial<Case>
/** So many alike cases, `south-1`, `south-2` …, each as `row` says. */
export function people(count: number, row: Row = {}, unit = 'south', first = 1): Record<string, Row> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${unit}-${first + i}`, row]))
}

const mapped = <A, B>(rows: Readonly<Record<string, A>>, change: (row: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, change(row)]))

function filled<T>(rows: Rows<T>, defaults: (id: string) => T): Record<string, T> {
  const kept = Object.entries(rows).filter(([, row]) => row !== null)
  return Object.fromEntries(kept.map(([id, row]) => [id, { ...defaults(id), ...row }]))
}

const unitOf = (id: string): Unit =>
  ({ ...named(id), gbt2260: null, aliases: [], longitude: null, latitude: null, ...SOURCE })

const placeOf = (id: string): Place => ({
  ...named(id), kind: 'districtDesignatedHospital', unit: 'south', underCommand: true, longitude: null, latitude: null,
  arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', ...SOURCE,
})

/** Nine staffed beds; whoever is named there occupies one. */
function poolOf(id: string, cases: Readonly<Record<string, Case>>): Pool {
  const [place = '', level = ''] = id.replace(/#.*$/, '').split('/')
  const careLevel = (Object.keys(CARE_LEVELS) as CareLevel[]).find((known) => known === level)
  if (careLevel === undefined) throw new Error(`the pool ${id} should be called place/level`)
  const occupied = Object.values(cases).filter((person) => person.pool === id).length
  return {
    place, block: null, careLevel, attributes: [], physical: 50, staffed: 9, occupied, held: 0, protected: 0,
    oxygenBeds: 'notTracked', ...SOURCE,
  }
}

const blockOf = (id: string): Block => ({
  place: id.split('/')[0] ?? '', sequence: 1, opened: false, clearing: 'signed', conversion: 'signed', oxygen: 'signed',
  staff: 'signed', critical: 'signed', leadDays: 2, ...SOURCE,
})

const teamOf = (id: string): Team =>
  ({ ...named(id), station: id.replace(/-team.*$/, ''), underCommand: true, ...SOURCE })

const personOf = (id: string, asOf: string): Case => ({
  unit: id.slice(0, id.lastIndexOf('-')), status: 'confirmed', severity: 'ordinary', place: 'dist', pool: null,
  waitingSince: null, fitness: 'fit', fitnessAssessedAt: asOf, fitnessValidUntil: null, needs: [], sex: 'unknown',
  ageBand: '15-59', companion: null, dischargeDue: null, travelExceptionUntil: null, ...SOURCE,
})

const vehicleOf = (_id: string): Vehicle => ({
  fleet: 'south', base: 'dist', negativePressure: true, lifeSupport: true, crews: 2, availableFrom: '00:00',
  availableTo: '24:00', ...SOURCE,
})

const orderOf = (_id: string): Order => ({
  patient: '', pool: '', outside: null, state: 'issued', vehicle: null, departs: null, returns: null, ...SOURCE,
})

/** Decided by the post `night`, for the reason `family`. */
const editOf = (_id: string): Edit =>
  ({ kind: 'pin', patient: null, unit: null, place: null, pool: null, reason: 'family', by: 'night', ...SOURCE })
