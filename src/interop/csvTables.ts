import { AGE_BANDS, FITNESS, NEEDS, SEVERITIES, SEXES, STATUSES } from '../cases/cases.js'
import { ATTRIBUTES, CARE_LEVELS } from '../facilities/beds.js'
import { SIGNATURES } from '../facilities/blocks.js'
import { PLACE_KINDS } from '../facilities/places.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { ORDER_STATES, type TableName } from '../planning/scenario.js'

type PlainKind = 'text' | 'yesNo' | 'count' | 'figure' | 'limit' | 'instant' | 'day' | 'clock'

/** How a cell is read. `unit`, `location` and `patient` take a reporting unit's alias for its id. */
export type CellKind =
  | { readonly is: PlainKind | 'list' | 'decimal' | 'assumed' }
  | { readonly is: 'unit' | 'location' | 'patient' }
  | { readonly is: 'word' | 'words'; readonly vocabulary: Vocabulary<string> }

/** What an empty cell means: a mistake, not stated, nought, or an empty list. */
export type EmptyCell = 'refused' | 'null' | 'nought' | 'none'

export interface ColumnSpec {
  readonly column: string
  /** Field of the row's schema, dotted where it lies deeper; null where the cell only makes the id. */
  readonly field: string | null
  readonly kind: CellKind
  readonly empty: EmptyCell
  /** The column may be left out. */
  readonly optional?: true
}

export interface TableSpec {
  readonly table: TableName
  readonly file: string
  /** Whether the file has to be there; vehicles need not where the fleet is unlimited. */
  readonly required: 'always' | 'fleetListed' | 'never'
  /** Columns whose cells, joined, are the row's id. */
  readonly id: { readonly columns: readonly string[]; readonly join: string }
  readonly columns: readonly ColumnSpec[]
}

const column = (name: string, field: string | null, kind: CellKind, empty: EmptyCell = 'refused'): ColumnSpec =>
  ({ column: name, field, kind, empty })
const id = (name: string, kind: CellKind = { is: 'text' }) => column(name, null, kind)
const plain = (name: string, is: PlainKind | 'unit' | 'location' | 'patient') => column(name, camelCase(name), { is })
const orNull = (name: string, is: PlainKind | 'patient' | 'decimal') => column(name, camelCase(name), { is }, 'null')
const word = (name: string, vocabulary: Vocabulary<string>) => column(name, camelCase(name), { is: 'word', vocabulary })
const words = (name: string, vocabulary: Vocabulary<string>) =>
  column(name, camelCase(name), { is: 'words', vocabulary }, 'none')

const NAMES = [column('name_zh', 'name.zh', { is: 'text' }), column('name_en', 'name.en', { is: 'text' })]
const POSITION = [orNull('longitude', 'decimal'), orNull('latitude', 'decimal')]
const PROVENANCE = [
  plain('source', 'text'),
  column('assumed', 'assumed', { is: 'assumed' }, 'none'),
  orNull('as_of', 'instant'),
]

const table = (
  name: TableName,
  file: string,
  required: TableSpec['required'],
  columns: readonly ColumnSpec[],
  key: TableSpec['id'] = { columns: columns.slice(0, 1).map((first) => first.column), join: '' },
): TableSpec => ({ table: name, file, required, id: key, columns: [...columns, ...PROVENANCE] })

/** Every table that a scenario folder may hold, with every column: the one list behind reading and documentation. */
export const TABLE_SPECS: readonly TableSpec[] = [
  table('units', 'reporting-units.csv', 'always', [
    id('unit'),
    // A unit that bulletins call by its id needs no second name.
    { ...column('name_zh', 'name.zh', { is: 'text' }), optional: true },
    column('name_en', 'name.en', { is: 'text' }),
    column('gbt2260', 'gbt2260', { is: 'text' }, 'null'),
    column('aliases', 'aliases', { is: 'list' }, 'none'),
    ...POSITION,
  ]),
  table('places', 'places.csv', 'always', [
    id('place'), ...NAMES, word('kind', PLACE_KINDS), plain('unit', 'unit'), plain('under_command', 'yesNo'),
    ...POSITION, plain('arrivals_per_hour', 'limit'), plain('ventilators_free', 'limit'),
  ]),
  table('pools', 'beds.csv', 'always', [
    id('pool'), plain('place', 'text'), orNull('block', 'text'), word('care_level', CARE_LEVELS),
    words('attributes', ATTRIBUTES), plain('physical', 'figure'), plain('staffed', 'figure'),
    plain('occupied', 'figure'), plain('held', 'figure'), column('protected', 'protected', { is: 'count' }, 'nought'),
    plain('oxygen_beds', 'limit'),
  ]),
  table('blocks', 'blocks.csv', 'never', [
    id('block'), plain('place', 'text'), plain('sequence', 'count'), plain('opened', 'yesNo'),
    word('clearing', SIGNATURES), word('conversion', SIGNATURES), word('oxygen', SIGNATURES),
    word('staff', SIGNATURES), word('critical', SIGNATURES), plain('lead_days', 'limit'),
  ]),
  table('teams', 'teams.csv', 'never', [
    id('team'), ...NAMES, plain('station', 'text'), plain('under_command', 'yesNo'),
  ]),
  table('cases', 'cases.csv', 'always', [
    plain('unit', 'unit'), id('number'), word('status', STATUSES), word('severity', SEVERITIES),
    plain('place', 'text'), orNull('pool', 'text'), orNull('waiting_since', 'instant'), word('fitness', FITNESS),
    orNull('fitness_assessed_at', 'instant'), orNull('fitness_valid_until', 'instant'), words('needs', NEEDS),
    word('sex', SEXES), word('age_band', AGE_BANDS), orNull('companion', 'patient'), orNull('discharge_due', 'day'),
    orNull('travel_exception_until', 'instant'),
  ], { columns: ['unit', 'number'], join: '-' }),
  table('vehicles', 'vehicles.csv', 'fleetListed', [
    id('vehicle'), plain('fleet', 'location'), plain('base', 'location'), plain('negative_pressure', 'yesNo'),
    plain('life_support', 'yesNo'), plain('crews', 'count'), plain('available_from', 'clock'),
    plain('available_to', 'clock'),
  ]),
  table('travel', 'travel.csv', 'never', [
    plain('from', 'location'), plain('to', 'location'), plain('minutes', 'count'),
  ], { columns: ['from', 'to'], join: '→' }),
  table('orders', 'orders.csv', 'never', [
    id('order'), plain('patient', 'patient'), plain('pool', 'text'), word('state', ORDER_STATES),
    orNull('vehicle', 'text'), orNull('departs', 'instant'), orNull('returns', 'instant'),
  ]),
  table('lastPlan', 'last-plan.csv', 'never', [
    id('patient', { is: 'patient' }), plain('to', 'text'), word('care_level', CARE_LEVELS),
  ]),
  table('intake', 'intake.csv', 'never', [id('day', { is: 'day' }), plain('new_confirmed', 'figure')]),
]

/** Whether a scenario of this fleet must have the table's file. */
export const isRequired = ({ required }: TableSpec, fleet: unknown): boolean =>
  required === 'always' || (required === 'fleetListed' && fleet === 'listed')

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
