import type { Said } from '../support/serving.js'

interface Ids {
  readonly own: string
  readonly other: string
  readonly absent: string
}
type Asked = (method: string, path: string, body?: unknown) => Promise<Said>

const source = 'tests'
const NO_NOTE = '00000000-0000-7000-8000-000000000000'
export const storeOf = (place: string): string => `${place}-store`
const idsOf = (path: string, { own, other }: { own: string; other: string }): Ids => ({ own: `${path}-${own}`, other: `${path}-${other}`, absent: `${path}-of-nobody` })
/** Kinds of records that belong to a place, with what a row of each says beside the place. */
const OF_PLACES = {
  receivers: { suppliedBy: null, opensOn: null },
  staff: { area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 7, shiftsPerDay: 4 },
  uses: { item: 'respirator', days: 3, units: 211 },
  equipment: { kind: 'monitor', name: { zh: '监护仪', en: 'Monitor' }, serial: null, state: 'ready', onLoanFrom: null },
} as const

/** Material of the matrix: what everybody who works with it knows, and of the rest one at the own hospital and one elsewhere. */
export async function goodsOfMatrix(asked: Asked, { own, other, unitOf }: { own: string; other: string; unitOf: (place: string) => string }): Promise<Readonly<Record<string, Ids>>> {
  const name = { zh: '测试品', en: 'tests' }
  const item = { name, unit: 'piece', grade: 'GB 1-2020', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', source }
  const put = (path: string, id: string, body: object) => asked('PUT', `/api/${path}/${encodeURIComponent(id)}`, { ...body, source })
  for (const id of ['respirator', 'n95']) await put('items', id, item)
  await put('packings', 'respirator/carton', { item: 'respirator', packing: 'carton', units: 480 })
  await put('item-codes', 'gtin/1', { item: 'respirator', system: 'gtin', code: '06932876543012', packing: 'carton' })
  await put('substitutes', 'respirator/n95', { item: 'respirator', order: 1, substitute: 'n95' })
  await put('kit-parts', 'set/respirator', { kit: 'set', item: 'respirator', units: 1 })
  await put('norms', 'respirator/red', {
    item: 'respirator', unit: 'piece', per: 'staffShift', severity: null, zone: 'red', role: null,
    conventionalPerMille: 1000, contingencyPerMille: 900, crisisPerMille: 500, effectiveFrom: '2020-01-26', effectiveUntil: null,
  })
  for (const place of [own, other]) for (const [path, row] of Object.entries(OF_PLACES)) await put(path, `${path}-${place}`, { ...row, place })
  // A hospital gives out from a store beside it: who receives is no source.
  const store = { name, kind: 'warehouse', underCommand: true, longitude: 106.5, latitude: 29.6, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked' }
  for (const hospital of [own, other]) {
    const place = storeOf(hospital)
    await put('places', place, { ...store, unit: unitOf(hospital) })
    await put('sources', `sources-${place}`, { place, keepBackPerMille: 0, litresPerDay: 'notTracked' })
    await put('expected-supplies', `supplies-${place}`, { item: 'respirator', place, day: '2020-02-03', units: 900, authority: 'purchase', released: true })
  }
  const came = async (place: string): Promise<{ note: string; lot: string }> => {
    const { id, lines } = (await asked('POST', '/api/stock-notes/receipts', {
      place, party: 'a supplier', authority: 'city', released: true, lines: [{ item: 'respirator', expiresOn: null, count: 500 }],
    })).json as { id: string; lines: { lot: string }[] }
    return { note: id, lot: lines[0]?.lot ?? '' }
  }
  const [here, there] = [await came(own), await came(other)]
  // A loan, so that its sender may take it back as well.
  const lent = async (place: string): Promise<string> => ((await asked('POST', '/api/allocation-orders', {
    kind: 'loan', from: place, to: storeOf(place), reason: 'tests', lines: [{ item: 'respirator', count: 7 }],
  })).json as { id: string }).id
  const loans: Ids = { own: await lent(own), other: await lent(other), absent: '2020-01-30-M9999' }
  const wanted = async (place: string): Promise<string> =>
    ((await asked('POST', '/api/material-requests', { place, item: 'n95', units: 70, urgency: 'ordinary' })).json as { id: string }).id
  const requests: Ids = { own: await wanted(own), other: await wanted(other), absent: NO_NOTE }
  const everywhere = (id: string): Ids => ({ own: id, other: id, absent: 'nobody-there' })
  return {
    items: everywhere('respirator'), 'item-codes': everywhere('gtin/1'), packings: everywhere('respirator/carton'), substitutes: everywhere('respirator/n95'),
    'kit-parts': everywhere('set/respirator'), norms: everywhere('respirator/red'),
    ...Object.fromEntries(Object.keys(OF_PLACES).map((path) => [path, idsOf(path, { own, other })])),
    sources: idsOf('sources', { own: storeOf(own), other: storeOf(other) }), 'expected-supplies': idsOf('supplies', { own: storeOf(own), other: storeOf(other) }),
    lots: { own: here.lot, other: there.lot, absent: NO_NOTE },
    'allocation-orders': loans,
    'material-requests': requests,
    'stock-notes': { own: here.note, other: there.note, absent: NO_NOTE },
  }
}
