import { material } from './materialFixture.js'
import type { Row } from './scenarioMistakes.js'

const { items, packings, substitutes, kitParts, norms, receivers, staff, uses, sources, lots, supplies, consignments } = material()
const EXPIRED = '2020-01-29'

const REFERENCES: readonly Row[] = [
  ['item of a packing', { 'packings.mask/carton.item': 'mark' }, 'packings', 'mask/carton', 'item', 'mark', 'items; the closest is mask'],
  ['item that has a substitute', { 'substitutes.n95→kn95.item': 'n96' }, 'substitutes', 'n95→kn95', 'item', 'n96', 'the closest is n95'],
  ['substitute', { 'substitutes.n95→kn95.substitute': 'x' }, 'substitutes', 'n95→kn95', 'substitute', 'x', 'table of items'],
  ['part of a kit', { 'kitParts.set/suit.item': 'suite' }, 'kitParts', 'set/suit', 'item', 'suite', 'the closest is suit'],
  ['item of a norm', { 'norms.n3.item': 'constructor' }, 'norms', 'n3', 'item', 'constructor', 'table of items'],
  ['place that receives', { 'receivers.x': { ...receivers.hub, place: 'hubs' } }, 'receivers', 'x', 'place', 'hubs', 'the closest is hub'],
  ['unit that supplies', { 'receivers.dist.suppliedBy': 'jai' }, 'receivers', 'dist', 'suppliedBy', 'jai', 'reporting units; the closest is jia'],
  ['place of staff', { 'staff.hub/ward/red/nurse.place': 'hubb' }, 'staff', 'hub/ward/red/nurse', 'place', 'hubb', 'the closest is hub'],
  ['place of a use', { 'uses.hub/suit.place': 'x' }, 'uses', 'hub/suit', 'place', 'x', 'table of places'],
  ['item of a use', { 'uses.hub/suit.item': 'x' }, 'uses', 'hub/suit', 'item', 'x', 'table of items'],
  ['place of a source', { 'sources.x': { ...sources.wh, place: 'x' } }, 'sources', 'x', 'place', 'x', 'table of places'],
  ['item of a lot', { 'lots.l1.item': 'x' }, 'lots', 'l1', 'item', 'x', 'table of items'],
  ['place of a lot', { 'lots.l1.place': 'whh' }, 'lots', 'l1', 'place', 'whh', 'the closest is wh'],
  ['whom a lot is for', { 'lots.l1.earmark': 'hubs' }, 'lots', 'l1', 'earmark', 'hubs', 'reporting units or places; the closest is hub'],
  ['item of a supply', { 'supplies.s1.item': 'x' }, 'supplies', 's1', 'item', 'x', 'table of items'],
  ['place of a supply', { 'supplies.s1.place': 'x' }, 'supplies', 's1', 'place', 'x', 'table of places'],
  ['whom a supply is for', { 'supplies.s1.earmark': 'x' }, 'supplies', 's1', 'earmark', 'x', 'reporting units or places'],
  ['item on the road', { 'consignments.c1.item': 'x' }, 'consignments', 'c1', 'item', 'x', 'table of items'],
  ['where it comes from', { 'consignments.c1.from': 'x' }, 'consignments', 'c1', 'from', 'x', 'table of places'],
  ['where it goes', { 'consignments.c1.to': 'x' }, 'consignments', 'c1', 'to', 'x', 'table of places'],
  ['who asks', { 'requests.r1.place': 'x' }, 'requests', 'r1', 'place', 'x', 'table of places'],
  ['what is asked for', { 'requests.r1.item': 'x' }, 'requests', 'r1', 'item', 'x', 'table of items'],
]

const OF_ITEMS: readonly Row[] = [
  ['shipped by a packing that it does not have', { 'items.mask.shipsBy': 'boxs' }, 'items', 'mask', 'shipsBy', 'boxs', 'packing of this item: box, carton; the closest is box'],
  ['shipped by a packing of another item', { 'items.suit.shipsBy': 'carton' }, 'items', 'suit', 'shipsBy', 'carton', 'the item has no packing'],
  ['two packings of one name', { 'packings.mask/big': { ...packings['mask/carton'], units: 100 } }, 'packings', 'mask/big', 'packing', 'carton', 'mask/carton already has this one'],
  ['one in a packing', { 'packings.mask/box.units': 1 }, 'packings', 'mask/box', 'units', '1', 'at least 2'],
  ['no zone', { 'items.kn95.zones': [] }, 'items', 'kn95', 'zones', '[0]', 'list at least 1'],
  ['packings that fit together in more than any place needs', { 'packings.mask/odd': { ...packings['mask/carton'], packing: 'odd', units: 997 }, 'items.mask.shipsBy': 'odd', 'packings.n95/odd': { ...packings['mask/carton'], item: 'n95', packing: 'odd', units: 1009 }, 'items.n95.shipsBy': 'odd' }, 'substitutes', 'mask→n95', 'substitute', 'n95', 'ships by 997 and n95 by 1009'],
  ['an item in its own place', { 'substitutes.mask→n95.substitute': 'mask' }, 'substitutes', 'mask→n95', 'substitute', 'mask', 'must not stand in for itself'],
  ['two items in each other’s place', { 'substitutes.n95→kn95.substitute': 'mask' }, 'substitutes', 'n95→kn95', 'substitute', 'mask', 'n95 already stands in for mask'],
  ['a longer circle', { 'substitutes.x': { ...substitutes['n95→kn95'], item: 'kn95', substitute: 'mask' } }, 'substitutes', 'x', 'substitute', 'mask', 'kn95 already stands in for mask, by itself or through others'],
  ['one substitute twice', { 'substitutes.x': { ...substitutes['n95→kn95'], order: 2 } }, 'substitutes', 'x', 'substitute', 'kn95', 'n95→kn95 already states it'],
  ['two substitutes in one turn', { 'substitutes.x': { ...substitutes['mask→n95'], substitute: 'kn95' } }, 'substitutes', 'x', 'order', '1', 'mask→n95 already has this number'],
  ['a part twice in a kit', { 'kitParts.x': kitParts['set/suit'] }, 'kitParts', 'x', 'item', 'suit', 'set/suit already has it'],
  ['a norm in another unit', { 'norms.n2.unit': 'suit' }, 'norms', 'n2', 'unit', 'suit', 'unit of its item, piece 只'],
  ['a norm of patients by zone', { 'norms.n2.zone': 'red' }, 'norms', 'n2', 'zone', 'red', 'must be empty: severity is for norms per patient'],
  ['a norm of staff by severity', { 'norms.n1.severity': 'severe' }, 'norms', 'n1', 'severity', 'severe', 'must be empty'],
  ['a norm of trips by role', { 'norms.n3.role': 'crew' }, 'norms', 'n3', 'role', 'crew', 'must be empty'],
  ['a norm that ends as it begins', { 'norms.n1.effectiveUntil': '2020-01-26' }, 'norms', 'n1', 'effectiveUntil', '2020-01-26', 'later than 2020-01-26'],
  ['two norms of one use at one time', { 'norms.n4': { ...norms.n1, effectiveFrom: '2020-02-09', effectiveUntil: null } }, 'norms', 'n4', 'effectiveFrom', '2020-02-09', 'n1 holds from 2020-01-26 to 2020-02-09'],
  ['a norm before one without an end', { 'norms.n4': { ...norms.n3, effectiveFrom: '2020-01-01', effectiveUntil: '2020-01-27' } }, 'norms', 'n4', 'effectiveFrom', '2020-01-01', 'n3 holds from 2020-01-26 on'],
  ['more than a norm may be', { 'norms.n1.crisisPerMille': 1_000_001 }, 'norms', 'n1', 'crisisPerMille', '1000001', 'at most 1000000'],
]

const OF_STOCK: readonly Row[] = [
  ['a receiver that is not under the command', { 'places.hub.underCommand': false, 'cases': {}, 'orders': {}, 'edits': {} }, 'receivers', 'hub', 'place', 'hub', 'under the command'],
  ['a receiver twice', { 'receivers.x': receivers.hub }, 'receivers', 'x', 'place', 'hub', 'must stand once'],
  ['a source twice', { 'sources.x': sources.wh }, 'sources', 'x', 'place', 'wh', 'must stand once'],
  ['a place that gives and receives', { 'sources.hub': { ...sources.wh, place: 'hub' } }, 'sources', 'hub', 'place', 'hub', 'must not be a receiver as well'],
  ['all of it kept back, and more', { 'sources.wh.keepBackPerMille': 1001 }, 'sources', 'wh', 'keepBackPerMille', '1001', 'at most 1000'],
  ['staff where nothing is received', { 'staff.x': { ...staff['hub/ward/red/nurse'], place: 'res' } }, 'staff', 'x', 'place', 'res', 'must be a receiver of material'],
  ['the same staff twice', { 'staff.x': staff['hub/ward/red/nurse'] }, 'staff', 'x', 'role', 'nurse', 'hub/ward/red/nurse already states the same'],
  ['25 shifts in a day', { 'staff.hub/ward/red/nurse.shiftsPerDay': 25 }, 'staff', 'hub/ward/red/nurse', 'shiftsPerDay', '25', 'at most 24'],
  ['use where nothing is received', { 'uses.x': { ...uses['hub/suit'], place: 'res' } }, 'uses', 'x', 'place', 'res', 'must be a receiver of material'],
  ['the same use twice', { 'uses.x': uses['hub/suit'] }, 'uses', 'x', 'item', 'suit', 'hub/suit already states the same'],
  ['a lot where nothing is given or received', { 'lots.l1.place': 'res' }, 'lots', 'l1', 'place', 'res', 'must be a source or a receiver'],
  ['a supply to a receiver', { 'supplies.s1.place': 'hub' }, 'supplies', 's1', 'place', 'hub', 'must be a source'],
  ['on the road to a source', { 'consignments.c1.to': 'wh' }, 'consignments', 'c1', 'to', 'wh', 'must be a receiver of material'],
  ['an earmarked donation for nobody', { 'lots.l1.authority': 'earmarkedDonation' }, 'lots', 'l1', 'earmark', '', 'must name the place or reporting unit'],
  ['an earmarked donation to come, for nobody', { 'supplies.s1': { ...supplies.s1, authority: 'earmarkedDonation', earmark: null } }, 'supplies', 's1', 'earmark', '', 'must name the place or reporting unit'],
  ['more than can be', { 'lots.l1.units': 1_000_000_001 }, 'lots', 'l1', 'units', '1000000001', 'at most 1000000000'],
  ['fewer than none', { 'lots.l1.units': -1 }, 'lots', 'l1', 'units', '-1', 'at least 0'],
  ['nothing asked for', { 'requests.r1.units': 0 }, 'requests', 'r1', 'units', '0', 'at least 1'],
]

const OF_TIMES: readonly Row[] = [
  ['a lot that had expired', { 'lots.l1.expiresOn': EXPIRED }, 'lots', 'l1', 'expiresOn', EXPIRED, 'expired by the day of asOf, 2020-01-30'],
  ['a supply that will have expired', { 'supplies.s1.expiresOn': EXPIRED }, 'supplies', 's1', 'expiresOn', EXPIRED, 'expired by the day of asOf'],
  ['goods on the road that have expired', { 'consignments.c1.expiresOn': EXPIRED }, 'consignments', 'c1', 'expiresOn', EXPIRED, 'expired by the day of asOf'],
  ['a supply of yesterday', { 'supplies.s1.day': '2020-01-29' }, 'supplies', 's1', 'day', '2020-01-29', "before the plan's day, 2020-01-30: what has come"],
  ['on the road since yesterday', { 'consignments.c1.arrivesOn': '2020-01-29' }, 'consignments', 'c1', 'arrivesOn', '2020-01-29', 'a day on which it is expected'],
]

/** Every way to be wrong in the tables of material, one row each. */
export const MATERIAL_MISTAKES: readonly Row[] = [...REFERENCES, ...OF_ITEMS, ...OF_STOCK, ...OF_TIMES]

/** What looks like a mistake and is none. */
export const NO_MISTAKES: readonly (readonly [what: string, changes: Readonly<Record<string, unknown>>])[] = [
  ['norms one after the other', { 'norms.n4': { ...norms.n1, effectiveFrom: '2020-02-10', effectiveUntil: null } }],
  ['norms of one item for different zones', { 'norms.n4': { ...norms.n1, zone: 'buffer' } }],
  ['packings of one name of different items', { 'packings.suit/box': { ...packings['mask/box'], item: 'suit' } }],
  ['a lot that expires today', { 'lots.l1.expiresOn': '2020-01-30' }],
  ['a lot that has expired and is set aside', { 'lots.l1': { ...lots.l1, expiresOn: EXPIRED, quarantined: true } }],
  ['one item with two substitutes', { 'substitutes.x': { ...substitutes['mask→n95'], order: 2, substitute: 'kn95' } }],
  ['one substitute of two items', { 'substitutes.x': { ...substitutes['n95→kn95'], item: 'suit', substitute: 'kn95' } }],
  ['a request of a place that is no receiver', { 'requests.r1.place': 'res' }],
  ['what comes from nobody knows where', { 'consignments.c1': { ...consignments.c1, from: null } }],
  ['items that nobody uses', { 'items.gown': items.suit }],
]
