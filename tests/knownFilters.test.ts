import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { KNOWN_TO_ALL, type KnownToAll } from '../src/http/lists.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import { namedFilters } from '../src/app/knownFilters.js'
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
const filters = () => [...namedFilters(served.app.app)].flatMap(([address, named]) => named.map((one) => ({ path: address.replace('GET ', ''), ...one })))
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
