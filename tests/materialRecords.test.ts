import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import { heardBy } from './support/heard.js'
import { changesAfter } from '../src/db/changes.js'
import type { Database } from '../src/db/database.js'
import { heldGrants } from '../src/facilities/store.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { EVERYWHERE, type Grant, type HeldGrant } from '../src/kernel/roles.js'
import { city } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { ask, byPost, serving, type Served, StandingClock } from './support/serving.js'

/** Whoever asks, by post; every other post may do everything. */
const POSTS: Readonly<Record<string, Grant>> = {
  'hub-officer': { role: 'supplyOfficer', scope: { kind: 'place', id: 'hub' } },
  'hub-beds': { role: 'bedManager', scope: { kind: 'place', id: 'hub' } },
  'dist-site': { role: 'siteManager', scope: { kind: 'place', id: 'dist' } },
  'store-officer': { role: 'supplyOfficer', scope: { kind: 'place', id: 'warehouse' } },
  'south-officer': { role: 'supplyOfficer', scope: { kind: 'unit', id: 'south' } },
  group: { role: 'suppliesGroup', scope: { kind: 'city' } },
  desk: { role: 'transferDesk', scope: { kind: 'city' } },
}
const source = 'made up for a test'
const name = { zh: '某物', en: 'Something' }
const item = (unit: string) => ({ name, unit, grade: 'GB 1-2020', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', source })
const substitute = (of: string, instead: string) => ({ item: of, order: 1, substitute: instead, source })
const code = (change: object) => ({ item: 'respirator', system: 'gtin', code: '06932876543029', packing: 'carton', source, ...change })
const packing = (change: object) => ({ item: 'respirator', packing: 'box', units: 20, source, ...change })
const staff = (change: object) => ({ place: 'hub', area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 7, shiftsPerDay: 4, source, ...change })
const machine = (change: object) => ({ kind: 'ventilator', name, serial: null, place: 'hub', state: 'ready', onLoanFrom: null, source, ...change })
const supply = (change: object) => ({ item: 'boot', place: 'warehouse', day: '2020-02-03', units: 900, authority: 'purchase', released: true, source, ...change })

/** What is there before each test, in the order in which it can be put down. */
const ROWS: readonly (readonly [path: string, id: string, body: object])[] = [
  ...['respirator', 'n95', 'glove', 'boot', 'gown', 'cap', 'apron', 'visor', 'mask'].map((id) => ['items', id, item('piece')] as const),
  ['items', 'goggle', item('pair')],
  ['packings', 'respirator/carton', packing({ packing: 'carton', units: 480 })],
  ['packings', 'n95/box', packing({ item: 'n95', units: 50 })],
  ['item-codes', 'gtin/1', code({ code: '06932876543012' })],
  ['substitutes', 'cap/visor', substitute('cap', 'visor')],
  ['kit-parts', 'set/gown', { kit: 'set', item: 'gown', units: 1, source }],
  ['receivers', 'hub', { place: 'hub', suppliedBy: null, opensOn: null, source }],
  ['receivers', 'dist', { place: 'dist', suppliedBy: 'south', opensOn: null, source }],
  ['sources', 'warehouse', { place: 'warehouse', keepBackPerMille: 0, litresPerDay: 'notTracked', source }],
  ['expected-supplies', 'boots', supply({})],
  ['uses', 'dist/glove', { place: 'dist', item: 'glove', days: 3, units: 211, source }],
  ['staff', 'dist/nurses', staff({ place: 'dist' })],
  ['equipment', 'v-1', machine({ onLoanFrom: 'dist' })],
  ['equipment', 'v-2', machine({ place: 'dist' })],
]

type Problem = { code: string; detail: string; errors?: { pointer: string; detail: string }[] }
/** Its code, which field it names, and what is said of that. */
const saidOf = ({ code: said, detail, errors = [] }: Problem) => [said, errors.map(({ pointer }) => pointer).join(' '), errors[0]?.detail ?? detail]

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date('2020-01-30T09:00:00+08:00'))
  let db: Database
  let served: Served
  const held = new Map<string, HeldGrant[]>()
  const identify: Identify = async (given) => {
    const post = /^Post (\S+)$/.exec(given.authorization ?? '')?.[1] ?? ''
    const grants = held.get(post)
    return grants === undefined ? byPost(given) : { id: post, grants }
  }
  const at = (path: string, id: string) => `/api/${path}/${encodeURIComponent(id)}`
  const headers = (post: string, version: number | null) =>
    ({ authorization: `Post ${post}`, 'accept-language': 'en', ...(version === null ? {} : { 'if-match': `"${version}"` }) })
  const put = async (path: string, id: string, body: object, { post = 'local', version = null }: { post?: string; version?: number | null } = {}) => {
    const { status, json } = await ask(served.address, at(path, id), { method: 'PUT', body, headers: headers(post, version) })
    return status < 300 ? status : saidOf(json as Problem)
  }
  const read = async (path: string, post: string, accept = 'application/json') => ask(served.address, `/api/${path}`, { headers: { ...headers(post, null), accept } })
  const idsSeen = async (path: string, post: string) => ((await read(path, post)).json as { items: { id: string }[] }).items.map(({ id }) => id)
  const versionOf = async (path: string, id: string) => ((await ask(served.address, at(path, id))).json as { version?: number }).version ?? null

  beforeAll(async () => {
    db = await open()
    served = await serving(db, { clock, identify })
    const warehouse = { kind: 'warehouse' as const }
    const zip = { type: 'application/zip', content: scenarioZip(city({ places: { warehouse, 'other-store': warehouse } })) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
    for (const [post, grant] of Object.entries(POSTS)) held.set(post, await db.inSnapshot((tx) => heldGrants(tx, [grant])))
    for (const [path, id, body] of ROWS) expect([path, id, await put(path, id, body)]).toEqual([path, id, 201])
    return () => served.close()
  })

  type Row = readonly [what: string, path: string, id: string, body: object, said: readonly string[]]
  const counted = (of: string) => ['wrongReference', '/unit', `${of} is counted by the piece already, in lots, packings or elsewhere, so its unit stays; put down another item`]
  const rows: Row[] = [
    ['a GTIN of a shop', 'item-codes', 'new', code({ code: '6932876543029' }), ['wrongReference', '/code', 'a GTIN is put down in 14 digits: 06932876543029']],
    ['a GTIN of eight digits', 'item-codes', 'new', code({ code: '96385074' }), ['wrongReference', '/code', 'a GTIN is put down in 14 digits: 00000096385074']],
    ['a GTIN misread', 'item-codes', 'new', code({ code: '06932876543028' }),
      ['wrongReference', '/code', 'the check digit of this GTIN is 8; after these digits it is 9: look at the bar code again']],
    ['a GTIN with letters', 'item-codes', 'new', code({ code: 'GB-19083' }),
      ['wrongReference', '/code', 'a GTIN is 8, 12, 13 or 14 digits, and is put down in 14 with noughts before it']],
    ['a GTIN too long', 'item-codes', 'new', code({ code: '069328765430290' }),
      ['wrongReference', '/code', 'a GTIN is 8, 12, 13 or 14 digits, and is put down in 14 with noughts before it']],
    ['a code of a packing of another item', 'item-codes', 'new', code({ packing: 'box' }),
      ['wrongReference', '/packing', 'respirator has no packing called box; put the packing down first, or leave this out where the code is of the base unit']],
    ['a code of no item', 'item-codes', 'new', code({ item: 'none' }), ['unknownReference', '/item', 'there is no item none']],
    ['a code that means something already', 'item-codes', 'new', code({ item: 'n95', code: '06932876543012', packing: null }),
      ['alreadyExists', '', 'this code means the carton of respirator already (gtin/1); change that row where it is wrong']],
    ['a code that means just that already', 'item-codes', 'new', code({ code: '06932876543012' }), ['alreadyExists', '', 'this code stands already (gtin/1), and means just that: the carton of respirator']],
    ['a packing of one', 'packings', 'new', packing({ units: 1 }), ['invalidInput', '/units', 'must be a whole number of at least 2']],
    ['a packing of too many', 'packings', 'new', packing({ units: 1_000_001 }), ['invalidInput', '/units', 'must be a whole number of at most 1000000']],
    ['a packing twice', 'packings', 'new', packing({ packing: 'carton' }), ['alreadyExists', '', 'the item has this packing already']],
    ['a packing of no item', 'packings', 'new', packing({ item: 'none' }), ['unknownReference', '', 'there is no such item (item): none']],
    ['another name for a packing that bears a code', 'packings', 'respirator/carton', packing({ packing: 'crate', units: 480 }),
      ['wrongReference', '/packing', 'a code means the carton of respirator; change the code first']],
    ['another item for it', 'packings', 'respirator/carton', packing({ item: 'n95', packing: 'carton', units: 480 }),
      ['wrongReference', '/item', 'a code means the carton of respirator; change the code first']],
    ['a pair in the place of a piece', 'substitutes', 'new', substitute('glove', 'goggle'),
      ['wrongReference', '/substitute', 'goggle is counted by the pair, and glove by the piece; what stands in one for one is counted in the same unit']],
    ['what does not exist in the place of something', 'substitutes', 'new', substitute('glove', 'none'), ['unknownReference', '/substitute', 'there is no item none']],
    ['something in the place of what does not exist', 'substitutes', 'new', substitute('none', 'glove'), ['unknownReference', '/item', 'there is no item none']],
    ['a turn that another has', 'substitutes', 'new', substitute('cap', 'n95'), ['alreadyExists', '', 'another substitute of the item has this turn']],
    ['a part of a kit twice', 'kit-parts', 'new', { kit: 'set', item: 'gown', units: 2, source }, ['alreadyExists', '', 'the kit has this item already']],
    ['another unit for an item with packings', 'items', 'respirator', item('pair'), counted('respirator')],
    ['another unit for an item that stands in', 'items', 'visor', item('pair'), counted('visor')],
    ['another unit for an item for which one stands in', 'items', 'cap', item('pair'), counted('cap')],
    ['another unit for an item of a kit', 'items', 'gown', item('pair'), counted('gown')],
    ['another unit for an item of which use was measured', 'items', 'glove', item('pair'), counted('glove')],
    ['another unit for an item that is expected', 'items', 'boot', item('pair'), counted('boot')],
    ['a second row for a receiver', 'receivers', 'new', { place: 'hub', suppliedBy: null, opensOn: null, source }, ['alreadyExists', '', 'the place is a receiver already']],
    ['a second row for a source', 'sources', 'new', { place: 'warehouse', keepBackPerMille: 1, litresPerDay: 7, source }, ['alreadyExists', '', 'the place is a source already']],
    ['use told twice', 'uses', 'new', { place: 'dist', item: 'glove', days: 4, units: 9, source }, ['alreadyExists', '', 'another row says what the place used of the item']],
    ['staff nowhere', 'staff', 'new', staff({ place: 'nowhere' }), ['unknownReference', '', 'there is no such place (place): nowhere']],
    ['a loan from where it stands', 'equipment', 'new', machine({ onLoanFrom: 'hub' }),
      ['wrongReference', '/onLoanFrom', 'hub is where it stands; leave this out for a machine of the place itself']],
    ['a loan from nowhere', 'equipment', 'new', machine({ onLoanFrom: 'nowhere' }), ['unknownReference', '/onLoanFrom', 'there is no place nowhere']],
    ['a lot that never came in', 'lots', 'new', { item: 'mask', place: 'hub', lot: null, expiresOn: null, quarantined: false, authority: 'city', released: true, source },
      ['notFound', '', 'there is no such lot; lots come in by receipts']],
    // What the picture of the city says, as it says it of a scenario.
    ['what no packing is, to ship by', 'items', 'n95', { ...item('piece'), shipsBy: 'crate' }, ['scenarioRefused', 'items/n95/shipsBy', 'must be a packing of this item: box']],
    ['a packing to ship by, of an item that has none', 'items', 'apron', { ...item('piece'), shipsBy: 'box' },
      ['scenarioRefused', 'items/apron/shipsBy', 'must be empty: the item has no packing; state one, or leave this out']],
    ['an item in its own place', 'substitutes', 'new', substitute('glove', 'glove'), ['scenarioRefused', 'substitutes/new/substitute', 'an item must not stand in for itself: name another']],
    ['a circle of substitutes', 'substitutes', 'visor/cap', substitute('visor', 'cap'),
      ['scenarioRefused', 'substitutes/visor/cap/substitute', 'substitutes must not run in a circle: visor already stands in for cap, by itself or through others; keep one direction']],
    ['a norm in another unit', 'norms', 'new', norm({ unit: 'suit' }), ['scenarioRefused', 'norms/new/unit', 'a norm must count in the unit of its item, piece 只']],
    ['a norm without a unit', 'norms', 'new', norm({ unit: null }), ['invalidInput', '/unit', 'must be one of: piece 只, pair 双, suit 套, bottle 瓶, bag 袋']],
    ['a norm that ends before it begins', 'norms', 'new', norm({ effectiveUntil: '2020-01-26' }),
      ['scenarioRefused', 'norms/new/effectiveUntil', 'is the first day on which it no longer holds, so it must be later than 2020-01-26']],
    ['a receiver of no unit', 'receivers', 'dist', { place: 'dist', suppliedBy: 'west', opensOn: null, source },
      ['scenarioRefused', 'receivers/dist/suppliedBy', 'must be an id in the table of reporting units']],
    ['a receiver that gives out', 'sources', 'new', { place: 'hub', keepBackPerMille: 0, litresPerDay: 7, source },
      ['scenarioRefused', 'sources/hub/place', 'must not be a receiver as well: who gives out and who receives are two places, such as a hospital and its store']],
    ['staff where nothing is received', 'staff', 'new', staff({ place: 'other-store' }),
      ['scenarioRefused', 'staff/new/place', 'must be a receiver of material: state the place as one, or leave this row out']],
    ['a supply that comes to no source', 'expected-supplies', 'new', supply({ place: 'hub' }),
      ['scenarioRefused', 'supplies/new/place', 'must be a source: what comes goes to a source and is given out by the plan; what is on its way to a receiver is a consignment']],
    ['a donation earmarked for nobody', 'expected-supplies', 'new', supply({ authority: 'earmarkedDonation' }),
      ['scenarioRefused', 'supplies/new/earmark', 'an earmarked donation must name the place or reporting unit that it is for']],
    ['a donation earmarked for nowhere', 'expected-supplies', 'new', supply({ authority: 'earmarkedDonation', earmark: 'nowhere' }),
      ['scenarioRefused', 'supplies/new/earmark', 'must be an id in the table of reporting units or places']],
  ]
  test.each(rows)('refused, and nothing changes: %s', async (_, path, id, body, said) => {
    const version = await versionOf(path, id)
    expect(await put(path, id, body, { version })).toEqual(said)
    expect(await versionOf(path, id)).toBe(version)
  })

  test('what stands at an edge is taken', async () => {
    expect(await put('packings', 'mask/pair', packing({ item: 'mask', packing: 'pair', units: 2 }))).toBe(201)
    expect(await put('packings', 'mask/hold', packing({ item: 'mask', packing: 'hold', units: 1_000_000 }))).toBe(201)
    // A code of our own has any form, and one without a packing means the base unit.
    expect(await put('item-codes', 'own/7', code({ system: 'own', code: 'N-7', packing: null }))).toBe(201)
    // Without a code a packing takes another name; an item that nobody has counted another unit.
    expect(await put('packings', 'n95/box', packing({ item: 'n95', packing: 'pack', units: 50 }), { version: 1 })).toBe(200)
    expect(await put('items', 'apron', item('suit'), { version: 1 })).toBe(200)
    expect(await put('items', 'respirator', { ...item('piece'), grade: 'GB 2626-2019' }, { version: 1 })).toBe(200)
    // It can be told what an item ships by once the packing is there.
    expect(await put('items', 'respirator', { ...item('piece'), shipsBy: 'carton' }, { version: 2 })).toBe(200)
    // From then on the packing keeps its name, without a code as well.
    expect(await put('packings', 'n95/box', packing({ item: 'n95', packing: 'box', units: 50 }), { version: 2 })).toBe(200)
    expect(await put('items', 'n95', { ...item('piece'), shipsBy: 'box' }, { version: 1 })).toBe(200)
    expect(await put('packings', 'n95/box', packing({ item: 'n95', packing: 'pack', units: 50 }), { version: 3 })).toEqual(
      ['scenarioRefused', 'items/n95/shipsBy', 'must be a packing of this item: pack'])
  })

  test('an item of which a lot lies somewhere keeps its unit, and the lot its item', async () => {
    const body = { place: 'hub', party: 'a supplier', authority: 'city', released: false, lines: [{ item: 'mask', lot: 'A-7', expiresOn: null, count: 70 }] }
    const { json } = await ask(served.address, '/api/stock-notes/receipts', { method: 'POST', body })
    const lot = (json as { lines: { lot: string }[] }).lines[0]?.lot ?? ''
    const { quarantined, released, ...kept } = { item: 'mask', place: 'hub', lot: 'A-7', expiresOn: null, quarantined: true, authority: 'city', released: true, source }
    expect(await put('items', 'mask', item('pair'), { version: 1 })).toEqual(counted('mask'))
    for (const change of [{ item: 'cap' }, { place: 'dist' }, { lot: 'A-8' }, { expiresOn: '2021-01-01' }]) {
      const field = Object.keys(change)[0]
      expect(await put('lots', lot, { ...kept, quarantined, released, ...change }, { version: 1 })).toEqual([
        'wrongReference', `/${field}`, 'a lot keeps its item, the place where it came in, its number and its expiry; reverse the receipt and take it in again'])
    }
    expect(await put('lots', lot, { ...kept, quarantined, released }, { version: 1 })).toBe(200)
    expect((await read(`lots/${lot}`, 'group')).json).toMatchObject({ quarantined: true, released: true, version: 2 })
    expect(await idsSeen('lots', 'south-officer')).toEqual([])
  })

  describe('reach', () => {
    const outside = (place: string) => ['forbidden', '', `${place} is outside of what you look after; let them, or the supplies group, do it`]

    test('a place puts down what is its own, by whoever looks after it', async () => {
      expect(await put('staff', 'hub/nurses', staff({}), { post: 'hub-officer' })).toBe(201)
      expect(await put('staff', 'hub/nurses', staff({ peoplePerShift: 9 }), { post: 'hub-beds', version: 1 })).toBe(200)
      expect(await put('uses', 'dist/cap', { place: 'dist', item: 'cap', days: 3, units: 4, source }, { post: 'dist-site' })).toBe(201)
      expect(await put('uses', 'dist/cap', { place: 'dist', item: 'cap', days: 3, units: 5, source }, { post: 'south-officer', version: 1 })).toBe(200)
      expect(await put('staff', 'hub/nurses', staff({ peoplePerShift: 'unknown' }), { post: 'group', version: 2 })).toBe(200)
    })

    test('what is of the reserve does not come as released on the word of a store', async () => {
      const reserve = supply({ authority: 'strategicReserve' })
      const said = await put('expected-supplies', 'reserve', reserve, { post: 'store-officer' })
      expect(said).toEqual(['forbidden', '', 'what is of “strategic reserve” is released by the supplies group or the commander of the whole city only; take it in as not released (released: false)'])
      expect(await put('expected-supplies', 'reserve', { ...reserve, released: false }, { post: 'store-officer' })).toBe(201)
      expect(await put('expected-supplies', 'reserve', reserve, { post: 'group', version: 1 })).toBe(200)
    })

    const elsewhere: [string, string, object][] = [
      ['staff', 'dist/nurses', staff({})],
      ['uses', 'dist/glove', { place: 'hub', item: 'glove', days: 3, units: 1, source }],
      ['expected-supplies', 'boots', supply({ place: 'hub' })],
      ['equipment', 'v-2', machine({})],
    ]
    test.each(elsewhere)('%s of another place: %s is as if it were not', async (path, id, body) => {
      for (const under of ['', '/history']) {
        const said = await read(`${path}/${encodeURIComponent(id)}${under}`, 'hub-officer')
        const absent = await read(`${path}/nobody-there${under}`, 'hub-officer')
        expect([said.status, saidOf(said.json as Problem)]).toEqual([404, saidOf(absent.json as Problem).map((part) => part.replace('nobody-there', id))])
      }
      expect(await idsSeen(path, 'hub-officer')).not.toContain(id)
      expect(await put(path, id, body, { post: 'hub-officer' })).toEqual(['alreadyExists', '', `${id} was put down by others`])
      expect(await put(path, id, body, { post: 'hub-officer', version: 1 })).toEqual(['alreadyExists', '', `${id} was put down by others`])
      expect(await put(path, id, { ...body, place: 'dist' }, { post: 'hub-officer' })).toEqual(outside('dist'))
      expect(await put(path, 'new', { ...body, place: 'dist' }, { post: 'hub-officer' })).toEqual(outside('dist'))
      expect(await versionOf(path, id)).toBe(1)
    })

    test('nothing goes where its keeper does not reach; the group takes it there', async () => {
      expect(await put('equipment', 'v-3', machine({}), { post: 'hub-officer' })).toBe(201)
      expect(await put('equipment', 'v-3', machine({ place: 'dist' }), { post: 'hub-officer', version: 1 })).toEqual(outside('dist'))
      expect(await put('equipment', 'v-3', machine({ place: 'dist', onLoanFrom: 'hub' }), { post: 'group', version: 1 })).toBe(200)
      // On loan it is seen where it stands, and not where it belongs.
      expect(await idsSeen('equipment', 'hub-beds')).toEqual(['v-1'])
      expect(await idsSeen('equipment', 'south-officer')).toEqual(['v-2', 'v-3'])
      expect(await idsSeen('equipment?onLoanFrom=dist', 'group')).toEqual(['v-1'])
    })

    test('everybody who works with material knows the items; the city puts them down', async () => {
      for (const [path, id, body] of ROWS.slice(0, 1).concat(ROWS.filter(([path]) => ['packings', 'item-codes', 'substitutes', 'kit-parts', 'receivers', 'sources'].includes(path)))) {
        expect([path, await put(path, id, body, { post: 'hub-officer', version: 1 })]).toEqual(
          [path, ['forbidden', '', 'this is for the supplies group, planner, with the whole city in reach']])
        if (!['receivers', 'sources'].includes(path)) expect((await idsSeen(path, 'hub-beds')).length).toBeGreaterThan(0)
        expect((await read(path, 'desk')).status).toBe(403)
      }
      expect([await idsSeen('receivers', 'hub-beds'), await idsSeen('receivers', 'group')]).toEqual([['hub'], ['dist', 'hub']])
      expect([await idsSeen('sources', 'hub-officer'), await idsSeen('sources', 'group')]).toEqual([[], ['warehouse']])
    })

    const heardOf: [string, boolean, boolean][] = [
      ...['items respirator', 'itemCodes gtin/1', 'packings respirator/carton', 'substitutes cap/visor', 'kitParts set/gown'].map((one): [string, boolean, boolean] => [one, true, true]),
      ['staff hub/nurses', true, false], ['equipment v-1', true, false], ['receivers hub', true, false],
      ['uses dist/glove', false, true], ['equipment v-3', false, true], ['receivers dist', false, true],
      ['sources warehouse', false, false], ['supplies boots', false, false],
    ]
    test('changes are heard where they are seen', async () => {
      const [note] = await idsSeen('stock-notes', 'group')
      // Who writes in another database of the server holds what is heard back for a while.
      const all = async () => db.inSnapshot((tx) => changesAfter(tx, { xid: '0', seq: '0' }))
      await expect.poll(async () => (await all()).map(({ kind, subject }) => `${kind} ${subject}`), { timeout: 20_000 }).toEqual(expect.arrayContaining(heardOf.map(([one]) => one)))
      const changes = await all()
      const heard = async (post: string) => new Set((await heardBy(db, held.get(post)?.[0] ?? { ...EVERYWHERE, isCity: false }, changes)).map(({ kind, subject }) => `${kind} ${subject}`))
      const [here, there] = [await heard('hub-officer'), await heard('dist-site')]
      const rows: typeof heardOf = [...heardOf, [`notes ${note}`, true, false]]
      expect(rows.map(([one]) => [one, here.has(one), there.has(one)])).toEqual(rows)
    })
  })

  test('every version stands, with who put it down', async () => {
    clock.forward(3_600_000)
    expect(await put('norms', 'cap/red', norm({}), { post: 'group' })).toBe(201)
    expect(await put('norms', 'cap/red', norm({ crisisPerMille: 250, asOf: '2020-01-30T09:30:00+08:00' }), { post: 'group', version: 1 })).toBe(200)
    expect(await put('norms', 'cap/red', norm({ crisisPerMille: 7 }), { post: 'group', version: 1 })).toEqual(
      ['changedMeanwhile', '', 'version 2 stands now, put down by group at 2020-01-30T10:00:00+08:00; read it again and decide anew'])
    const { items } = (await read('norms/cap%2Fred/history', 'hub-beds')).json as { items: Record<string, unknown>[] }
    expect(items.map(({ version, crisisPerMille, recordedBy }) => [version, crisisPerMille, recordedBy])).toEqual([[2, 250, 'group'], [1, 500, 'group']])
    expect((await read('norms?per=trip', 'group')).json).toEqual({ items: [], next: null })
    const before = await read(`items?asOf=${encodeURIComponent('2020-01-30T08:00:00+08:00')}`, 'group')
    expect((before.json as { items: object[] }).items).toEqual([])
  })

  test('a list is a table under the names of its own fields, with what the asker sees', async () => {
    const table = async (path: string, post: string) => parse<Record<string, string>>((await ask(served.address, `/api/${path}`, { headers: { ...headers(post, null), accept: 'text/csv', 'accept-language': 'zh' } })).text, { bom: true, columns: true })
    const items = await table('items', 'hub-officer')
    expect(items.map((row) => row['编号 id'])).toEqual(await idsSeen('items', 'group'))
    expect(items.find((row) => row['编号 id'] === 'goggle')).toMatchObject({ '基本单位：只、双、套、瓶、袋 unit': 'pair', '名称（英文） name.en': 'Something' })
    const [first = {}, ...more] = await table('equipment', 'hub-officer')
    expect([first['编号 id'], first['借自哪个场所；null 为本处所有 onLoanFrom'], more]).toEqual(['v-1', 'dist', []])
    for (const path of ['item-codes', 'packings', 'substitutes', 'kit-parts', 'norms', 'receivers', 'staff', 'uses', 'sources', 'expected-supplies', 'lots', 'stock', 'stock-notes']) {
      const [row = {}] = await table(path, 'group')
      expect([path, Object.keys(row).length > 5, Object.keys(row).filter((title) => !/\p{Script=Han}/u.test(title))]).toEqual([path, true, []])
    }
  })

  test('the store is sound after all of it', async () => {
    expect((await ask(served.address, '/api/integrity')).json).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
  })
})

const norm = (change: object) => ({
  item: 'cap', unit: 'piece', per: 'staffShift', severity: null, zone: 'red', role: null, conventionalPerMille: 1000, contingencyPerMille: 900, crisisPerMille: 500,
  effectiveFrom: '2020-01-26', effectiveUntil: null, source, ...change,
})
