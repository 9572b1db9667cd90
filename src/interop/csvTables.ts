import { AGE_BANDS, FITNESS, NEEDS, SEVERITIES, SEXES, STATUSES } from '../cases/cases.js'
import { ATTRIBUTES, CARE_LEVELS } from '../facilities/beds.js'
import { SIGNATURES } from '../facilities/blocks.js'
import { PLACE_KINDS } from '../facilities/places.js'
import { EDIT_KINDS } from '../planning/edits.js'
import { ORDER_STATES } from '../planning/scenario.js'
import { column, id, NAMES, orNull, plain, POSITION, table, type TableSpec, word, words } from './csvColumns.js'
import { MATERIAL_SPECS } from './csvTablesOfMaterial.js'

/** Every table that a scenario folder may hold, with every column: the one list behind reading and documentation. */
export const TABLE_SPECS: readonly TableSpec[] = [
  table('units', 'reporting-units.csv', 'always', [
    id('unit'),
    // A unit that bulletins call by its id needs no second name.
    { ...column('name_zh', 'name.zh', { is: 'text' }), leftOut: 'id' },
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
    id('order'), plain('patient', 'patient'), orNull('pool', 'text'), word('state', ORDER_STATES),
    orNull('vehicle', 'text'), orNull('departs', 'instant'), orNull('returns', 'instant'),
    // Folders from before orders could lead out of the system have no such column.
    { ...orNull('outside', 'text'), leftOut: 'null' },
  ]),
  table('lastPlan', 'last-plan.csv', 'never', [
    id('patient', { is: 'patient' }), plain('to', 'text'), word('care_level', CARE_LEVELS),
  ]),
  table('intake', 'intake.csv', 'never', [id('day', { is: 'day' }), plain('new_confirmed', 'figure')]),
  table('edits', 'edits.csv', 'never', [
    id('edit'), word('kind', EDIT_KINDS), orNull('patient', 'patient'), orNull('unit', 'unit'), orNull('place', 'text'),
    orNull('pool', 'text'), plain('reason', 'text'), plain('by', 'text'),
  ]),
  ...MATERIAL_SPECS,
]

/** Whether a scenario of this fleet must have the table's file. */
export const isRequired = ({ required }: TableSpec, fleet: unknown): boolean =>
  required === 'always' || (required === 'fleetListed' && fleet === 'listed')
