import { SEVERITIES } from '../cases/cases.js'
import { BASE_UNITS, ZONES } from '../supplies/items.js'
import { AREAS, NORM_BASES, STAFF_ROLES } from '../supplies/norms.js'
import { URGENCIES } from '../supplies/receivers.js'
import { AUTHORITIES } from '../supplies/stock.js'
import { column, id, NAMES, orNull, plain, table, type TableSpec, word, wordOrAll } from './csvColumns.js'

/** Who may dispose of it: the same of a lot and of what is still to come. */
const DISPOSAL = [word('authority', AUTHORITIES), plain('released', 'yesNo'), orNull('earmark', 'location')]

/** Tables of material, in the order in which a reader meets them. Where a row has no number of its own, what it is about is its id. */
export const MATERIAL_SPECS: readonly TableSpec[] = [
  table('items', 'items.csv', 'never', [
    id('item'), ...NAMES, word('unit', BASE_UNITS), plain('grade', 'text'), column('zones', 'zones', { is: 'words', vocabulary: ZONES }), orNull('ships_by', 'text'),
    plain('cubic_centimetres', 'limit'),
  ]),
  table('packings', 'packings.csv', 'never', [
    plain('item', 'text'), plain('packing', 'text'), plain('units', 'count'),
  ], { columns: ['item', 'packing'], join: '/' }),
  table('substitutes', 'substitutes.csv', 'never', [
    plain('item', 'text'), plain('order', 'count'), plain('substitute', 'text'),
  ], { columns: ['item', 'substitute'], join: '→' }),
  table('kitParts', 'kits.csv', 'never', [
    plain('kit', 'text'), plain('item', 'text'), plain('units', 'count'),
  ], { columns: ['kit', 'item'], join: '/' }),
  table('norms', 'norms.csv', 'never', [
    id('norm'), plain('item', 'text'), word('unit', BASE_UNITS), word('per', NORM_BASES), wordOrAll('severity', SEVERITIES),
    wordOrAll('zone', ZONES), wordOrAll('role', STAFF_ROLES), plain('conventional_per_mille', 'count'),
    plain('contingency_per_mille', 'count'), plain('crisis_per_mille', 'count'), plain('effective_from', 'day'),
    orNull('effective_until', 'day'),
  ]),
  table('receivers', 'receivers.csv', 'never', [plain('place', 'text'), orNull('supplied_by', 'unit'), orNull('opens_on', 'day')]),
  table('staff', 'staff.csv', 'never', [
    plain('place', 'text'), word('area', AREAS), word('zone', ZONES), word('role', STAFF_ROLES),
    plain('people_per_shift', 'figure'), plain('shifts_per_day', 'count'),
  ], { columns: ['place', 'area', 'zone', 'role'], join: '/' }),
  table('uses', 'uses.csv', 'never', [
    plain('place', 'text'), plain('item', 'text'), plain('days', 'count'), plain('units', 'count'),
  ], { columns: ['place', 'item'], join: '/' }),
  table('sources', 'sources.csv', 'never', [
    plain('place', 'text'), plain('keep_back_per_mille', 'count'), plain('litres_per_day', 'limit'),
  ]),
  table('lots', 'lots.csv', 'never', [
    id('stock'), plain('item', 'text'), plain('place', 'text'), orNull('lot', 'text'), plain('units', 'figure'),
    orNull('expires_on', 'day'), plain('quarantined', 'yesNo'), ...DISPOSAL,
  ]),
  table('supplies', 'supplies.csv', 'never', [
    id('supply'), plain('item', 'text'), plain('place', 'text'), plain('day', 'day'), plain('units', 'figure'),
    orNull('expires_on', 'day'), ...DISPOSAL,
  ]),
  table('consignments', 'consignments.csv', 'never', [
    id('consignment'), plain('item', 'text'), orNull('from', 'text'), plain('to', 'text'), plain('units', 'count'),
    plain('arrives_on', 'day'), orNull('expires_on', 'day'),
  ]),
  table('requests', 'requests.csv', 'never', [
    id('request'), plain('place', 'text'), plain('item', 'text'), plain('units', 'count'), word('urgency', URGENCIES),
    orNull('asked_at', 'instant'),
  ]),
]
