import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { KNOWN_TO_ALL, type KnownToAll } from '../src/http/lists.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import { describedBy } from '../src/app/described.js'
import { queriesOf } from '../src/app/queries.js'
import { story } from './campaigns/given.js'
import { freshDatabase } from './support/databases.js'
import { ask, type Served, serving } from './support/serving.js'

let served: Served
let end: () => unknown
const scenario = story('chongqing-2020-01-29-material')
beforeAll(async () => {
  const fresh = await freshDatabase('embedded')
  end = fresh.end
  served = await serving(fresh.database)
  expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })).status).toBe(201)
}, 60_000)
afterAll(async () => {
  await served.close()
  await end()
})

const idOf = (names: KnownToAll): string => Object.keys(scenario[names] ?? {})[0] ?? ''
const filters = () => [...queriesOf(describedBy(served.app.app))].flatMap(([address, { named }]) => named.map((one) => ({ path: address.replace('GET ', ''), ...one })))
const asked = (path: string, field: string, value: string, more = '') => ask(served.address, `${path}?${field}=${encodeURIComponent(value)}${more}`, { headers: { 'accept-language': 'en' } })

test('every list says of a filter by an id that nobody has that there is none, and takes one that somebody has', async () => {
  expect(new Set(filters().map(({ names }) => names))).toEqual(new Set(keysOf(KNOWN_TO_ALL)))
  for (const { path, field, names } of filters()) {
    const typo = await asked(path, field, 'nobody-has-this', '&limit=1')
    const want = `there is no ${KNOWN_TO_ALL[names].en} with the id nobody-has-this`
    expect([path, field, typo.status, typo.json]).toEqual([path, field, 400, expect.objectContaining({ code: 'invalidInput', errors: [{ pointer: `query:/${field}`, detail: want }] })])
    expect([path, field, (await asked(path, field, idOf(names))).status]).toEqual([path, field, 200])
  }
})

test('a slip of the pen is told what is closest', async () => {
  const { json } = await ask(served.address, '/api/pools?place=sanxai', { headers: { 'accept-language': 'zh' } })
  expect(json).toMatchObject({ detail: '没有编号为 sanxai 的场所；最接近的是 sanxia' })
})

test('a query field that an operation does not take is refused by its name, at every address', async () => {
  const addresses = [...queriesOf(describedBy(served.app.app))].filter(([address]) => address.startsWith('GET '))
  expect(addresses.length).toBeGreaterThan(100)
  for (const [address, { fields }] of addresses) {
    const { status, json } = await ask(served.address, `${address.replace('GET ', '').replaceAll(/\{\w+\}/g, 'x')}?nosuchfield=1`)
    const detail = expect.stringMatching(/^there is no such field: nosuchfield(?:; the fields are |$)/) as unknown
    expect([address, status, json]).toEqual([address, 400, expect.objectContaining({ code: 'invalidInput', errors: [{ pointer: 'query:/nosuchfield', detail }] })])
    if (fields.length > 0 && fields.length < 10) expect([address, json]).toEqual([address, expect.objectContaining({ detail: `there is no such field: nosuchfield; the fields are ${fields.join(', ')}` })])
  }
})

test('one that is nearly right is told which is meant, where data change as well', async () => {
  const detailAt = async (path: string, method = 'GET') => (await ask(served.address, path, { method })).json
  expect(await detailAt('/api/journal?acter=desk')).toMatchObject({ status: 400, detail: 'there is no such field: acter; the closest is actor' })
  expect(await detailAt('/api/plan-runs/none/cancel?dry=yes', 'POST')).toMatchObject({ status: 400, detail: 'there is no such field: dry' })
})

test('what is missing is said to be missing, and where it may be null, that it may', async () => {
  const errors = async (path: string, method: string, body: unknown) =>
    ((await ask(served.address, path, { method, body, headers: { 'accept-language': 'zh' } })).json as { errors: unknown }).errors
  expect(await errors('/api/plan-runs/x/compare', 'GET', undefined)).toEqual([{ pointer: 'query:/with', detail: '缺少，应为文字' }])
  const place = { name: { zh: '甲' }, kind: 'home', unit: 7, underCommand: true, longitude: 'east', arrivalsPerHour: 3, ventilatorsFree: 0, sourse: 'x' }
  expect(await errors('/api/places/x', 'PUT', place)).toEqual([
    { pointer: '/name/en', detail: '缺少，应为文字' },
    { pointer: '/unit', detail: '应为文字' },
    { pointer: '/longitude', detail: '应为中国境内经度，73 至 136，或 null' },
    { pointer: '/latitude', detail: '缺少，应为中国境内纬度，3 至 54，或 null' },
    { pointer: '/source', detail: '缺少，应为文字' },
    { pointer: '/sourse', detail: '没有此字段：sourse；最接近的是 source' },
  ])
  expect(await errors('/api/pools/phc%2Fsevere', 'PUT', { place: 'phc' })).toContainEqual({ pointer: '/block', detail: '缺少，应为文字或 null' })
})

test('what is not there is called by what it would have been, with the closest of what everybody may know of', async () => {
  const detailAt = async (path: string, method = 'GET', body?: unknown) => (await ask(served.address, path, { method, ...(body === undefined ? {} : { body }) })).json
  const rows: readonly (readonly [path: string, detail: string])[] = [
    ['/api/places/sanxai', 'there is no place with the id sanxai; the closest is sanxia'],
    ['/api/places/sanxai/history', 'there is no place with the id sanxai; the closest is sanxia'],
    ['/api/items/siut', 'there is no item with the id siut; the closest is suit'],
    ['/api/places/sanxia?asOf=2020-01-01T00:00:00%2B08:00', 'there is no place with the id sanxia'],
    ['/api/pools/phc%2Fsevrre', 'there is no pool of beds with the id phc/sevrre'],
    ['/api/pools/phc%2Fsevrre/book', 'there is no pool of beds with the id phc/sevrre'],
    ['/api/transfer-orders/2020-01-30-9999', 'there is no transfer order with the id 2020-01-30-9999'],
    ['/api/stays/none', 'there is no stay with the id none'],
  ]
  for (const [path, detail] of rows) expect([path, await detailAt(path)]).toEqual([path, expect.objectContaining({ status: 404, code: 'notFound', detail })])
  const step = { note: '-' }
  expect(await detailAt('/api/transfer-orders/2020-01-30-9999/accept', 'POST', step)).toMatchObject({ status: 404, detail: 'there is no transfer order with the id 2020-01-30-9999' })
  expect(await detailAt('/api/cases/nobody-7/severity', 'POST', { severity: 'ordinary' })).toMatchObject({ status: 404, detail: 'there is no case with the id nobody-7' })
})

test('what refers to nothing says to what', async () => {
  const place = { ...scenario.places['sanxia'], unit: '三峡区', source: '-' }
  const { json } = await ask(served.address, '/api/places/new', { method: 'PUT', body: place })
  expect(json).toMatchObject({ status: 422, code: 'unknownReference', detail: 'there is no such reporting unit (unit): 三峡区' })
})
