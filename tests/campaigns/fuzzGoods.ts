import { AREAS, STAFF_ROLES } from '../../src/supplies/norms.js'
import { ZONES } from '../../src/supplies/items.js'
import { dayAfter } from '../../src/kernel/time.js'
import { keysOf } from '../../src/kernel/vocabulary.js'
import type { Found } from './fuzzFound.js'
import type { Chance } from './racesChance.js'

/** Material that is fuzzed: much of what comes and goes, and something that is only counted. */
export const FUZZ_STORE = 'fuzz-store'
export const COMES_AND_GOES = 'fuzz-mask'
const IS_COUNTED = 'fuzz-cloth'
const source = 'made up for the fuzzer'
const receipt = (item: string) => ({ place: FUZZ_STORE, party: 'a supplier', authority: 'city', released: true, lines: [{ item, expiresOn: null, count: 9000 }] })

/** What is put down of material before the first question, one of each kind; `site` receives. */
export function goodsToPut(site: string): readonly (readonly [path: string, body: object])[] {
  const name = { zh: '测试品', en: 'Tests' }
  const item = { name, unit: 'piece', grade: 'GB 1-2020', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', source }
  return [
    [`places/${FUZZ_STORE}`, {
      name, kind: 'warehouse', unit: '武隆区', underCommand: true, longitude: 107.7, latitude: 29.3, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
    }],
    [`items/${COMES_AND_GOES}`, item], [`items/${IS_COUNTED}`, item],
    ['packings/fuzz-box', { item: COMES_AND_GOES, packing: 'box', units: 50, source }],
    ['item-codes/fuzz-gtin', { item: COMES_AND_GOES, system: 'gtin', code: '06932876543012', packing: 'box', source }],
    ['substitutes/fuzz', { item: COMES_AND_GOES, order: 1, substitute: IS_COUNTED, source }],
    ['kit-parts/fuzz', { kit: 'set', item: COMES_AND_GOES, units: 1, source }],
    ['norms/fuzz', {
      item: COMES_AND_GOES, unit: 'piece', per: 'staffShift', severity: null, zone: null, role: null,
      conventionalPerMille: 1000, contingencyPerMille: 900, crisisPerMille: 500, effectiveFrom: '2020-01-26', effectiveUntil: '2020-12-31', source,
    }],
    [`receivers/${site}`, { place: site, suppliedBy: null, opensOn: null, source }],
    [`sources/${FUZZ_STORE}`, { place: FUZZ_STORE, keepBackPerMille: 0, litresPerDay: 'notTracked', source }],
    ['staff/fuzz', { place: site, area: 'isolationSite', zone: 'red', role: 'nurse', peoplePerShift: 3, shiftsPerDay: 4, source }],
    ['uses/fuzz', { place: site, item: COMES_AND_GOES, days: 3, units: 211, source }],
    ['expected-supplies/fuzz', { item: COMES_AND_GOES, place: FUZZ_STORE, day: '2020-02-03', units: 900, authority: 'purchase', released: true, source }],
    ['equipment/fuzz', { kind: 'monitor', name, serial: null, place: site, state: 'ready', onLoanFrom: null, source }],
  ]
}

/** And what comes in, so that there is something to count and to use. */
export const GOODS_TO_RECEIVE = [receipt(COMES_AND_GOES), receipt(IS_COUNTED)] as const

interface Drawing {
  readonly chance: Chance
  readonly found: Found
  readonly site: string
  /** A number that no other draft has. */
  readonly nth: number
  readonly isNew: boolean
  /** The row that stands, of one that is not new. */
  readonly old: Readonly<Record<string, unknown>> | null
}

/** What a row of material cannot share with another, and what it refers to. */
export function fixedOfGoods(collection: string, { chance, found, site, nth, isNew, old }: Drawing): Record<string, unknown> {
  const stays = (field: string) => ({ [field]: old?.[field] })
  switch (collection) {
    case 'items': return { unit: 'piece', zones: ['red'], shipsBy: null }
    case 'packings': return isNew ? { item: COMES_AND_GOES, packing: `box-${nth}` } : { ...stays('item'), ...stays('packing') }
    case 'item-codes': return { item: COMES_AND_GOES, system: 'own', code: `N-${nth}`, packing: null }
    // Everything else stands in for one item, so that there is no circle.
    case 'substitutes': return isNew ? { item: COMES_AND_GOES, order: 1 + nth, substitute: chance.one(found.of('items').filter((id) => id !== COMES_AND_GOES)) } : { ...stays('item'), ...stays('order'), ...stays('substitute') }
    case 'kit-parts': return { item: COMES_AND_GOES, kit: `set-${nth}` }
    // Each in days of its own: norms of one use do not overlap.
    case 'norms': return { item: COMES_AND_GOES, unit: 'piece', per: 'trip', severity: null, zone: null, role: null, effectiveFrom: dayAfter('2021-01-01', 2 * nth), effectiveUntil: dayAfter('2021-01-02', 2 * nth) }
    case 'receivers': return { ...(isNew ? { place: found.one('places', chance) } : stays('place')), suppliedBy: null, opensOn: null }
    case 'sources': return isNew ? { place: found.one('places', chance) } : stays('place')
    case 'staff': return isNew ? { place: site, area: chance.one(keysOf(AREAS)), zone: chance.one(keysOf(ZONES)), role: chance.one(keysOf(STAFF_ROLES)) } : { ...stays('place'), ...stays('area'), ...stays('zone'), ...stays('role') }
    case 'uses': return isNew ? { place: site, item: found.one('items', chance) } : { ...stays('place'), ...stays('item') }
    case 'expected-supplies': return { place: FUZZ_STORE, item: COMES_AND_GOES, authority: 'purchase', earmark: null }
    case 'equipment': return { place: site, onLoanFrom: null }
    default: return {}
  }
}

/** Bodies of notes of stock that are taken. */
export function noteOfGoods(operation: string, found: Found): Record<string, unknown> | null {
  const lot = found.of('lots').find((id) => found.body('lots', id)?.['item'] === IS_COUNTED) ?? 'none'
  switch (operation) {
    case 'receiveStock': return receipt(COMES_AND_GOES)
    case 'takeOutStock': return { place: FUZZ_STORE, kind: 'consumption', lines: [{ item: COMES_AND_GOES, count: 7 }] }
    case 'countStock': return { place: FUZZ_STORE, item: IS_COUNTED, counted: { [lot]: 8900 } }
    case 'reverseStockNote': return { note: '数量录错' }
    default: return null
  }
}

/** Of before the last count, which has it already. */
export const TOLD_TOO_LATE = { at: '2020-01-29T10:00:00+08:00' }
/** What cannot be so of stock: more than lies there, and what a count has in it already. */
export const GOODS_CONTRADICTED: Readonly<Record<string, object>> = {
  takeOutStock: { lines: [{ item: COMES_AND_GOES, count: 1_000_000 }] },
  receiveStock: { ...receipt(IS_COUNTED), ...TOLD_TOO_LATE },
  countStock: TOLD_TOO_LATE,
  issueAllocation: { lines: [{ item: COMES_AND_GOES, count: 1_000_000 }] },
}
/** What a second row of a kind cannot share with the first. */
export const GOODS_ONCE: Readonly<Record<string, readonly string[]>> = {
  'item-codes': ['system', 'code'], packings: ['item', 'packing'], substitutes: ['item', 'order'], 'kit-parts': ['kit', 'item'], receivers: ['place'], sources: ['place'], uses: ['place', 'item'],
}
