import { describe, expect, test } from 'vitest'
import { byPost } from './support/serving.js'
import { buildApp } from '../src/app/app.js'
import { languageOf } from '../src/app/guards.js'
import { machine } from '../src/app/machine.js'
import type { Database } from '../src/db/database.js'
import { DatabaseUnavailable } from '../src/db/errors.js'

describe('the language of an answer', () => {
  const rows: [string, 'zh' | 'en'][] = [
    ['', 'zh'], ['en', 'en'], ['zh', 'zh'], ['en-GB', 'en'], ['EN-us', 'en'], ['de', 'zh'], ['*', 'zh'],
    ['zh,en', 'zh'], ['en,zh', 'zh'], ['en;q=0.9,zh;q=0.8', 'en'], ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'], ['en-US,en;q=0.9,zh-CN;q=0.3', 'en'],
    ['en;q=0', 'zh'], ['en;q=x', 'zh'], [' en ; q=0.7 , zh ; q=0.2', 'en'], ['fr, en;q=0.5', 'en'], [';;;,,,', 'zh'],
    [`${'fr,'.repeat(30)}en`, 'zh'],
  ]
  test.each(rows)('%j is answered in %s', (accept, language) => expect(languageOf(accept)).toBe(language))
})

/** A store that is away: whatever reaches it is answered with 503, whatever a guard refuses is not. */
const away: Database = {
  kind: 'embedded',
  triedAgain: new Map([['40P01', 3]]),
  inTransaction: () => Promise.reject(new DatabaseUnavailable('closed')),
  inSnapshot: () => Promise.reject(new DatabaseUnavailable('closed')),
  listen: async () => async () => undefined,
  close: async () => undefined,
}
const appOf = (isProduction: boolean, origins: readonly string[]) => buildApp({
  db: away, clock: machine, version: '0', stopwatch: machine.stopwatch, onRequest: () => undefined, onBug: () => undefined,
  secrets: machine.secret, origins, proxies: [], isProduction, isDemonstration: false, isDrill: false, identify: byPost,
}).app
const app = appOf(false, ['https://beds.example'])

interface Problem { readonly code: string; readonly errors?: readonly { readonly pointer: string }[] }
async function asked(path: string, init: RequestInit & { headers?: Record<string, string> } = {}) {
  const answer = await app.fetch(new Request(`http://127.0.0.1${path}`, init))
  const problem = await answer.json() as Problem
  return { status: answer.status, code: problem.code, pointers: problem.errors?.map(({ pointer }) => pointer) ?? [], headers: answer.headers }
}
const LET_IN = { status: 503, code: 'databaseUnavailable', pointers: [] }

describe('who is answered', () => {
  const rows: [string, Record<string, string>, number][] = [
    ['this machine', {}, 503],
    ['by its name', { host: 'localhost:8018' }, 503],
    ['by its other address', { host: '[::1]:8018' }, 503],
    ['a page of its own', { host: '127.0.0.1:8018', origin: 'http://127.0.0.1:8018' }, 503],
    ['a page of its own by its name', { host: 'localhost:8018', origin: 'http://localhost:8018' }, 503],
    ['a page that something else on this machine serves', { host: '127.0.0.1:8018', origin: 'http://127.0.0.1:3000' }, 421],
    ['a page of this machine that has no port', { host: '127.0.0.1:8018', origin: 'http://127.0.0.1' }, 421],
    ['a page of this machine by another of its names', { host: '127.0.0.1:8018', origin: 'http://localhost:8018' }, 421],
    ['a page of this machine at the address that it is told of', { host: 'beds.example', origin: 'http://127.0.0.1:8018' }, 421],
    ['the address that it is told of', { host: 'beds.example', origin: 'https://beds.example' }, 503],
    ['that address without TLS', { host: 'beds.example', origin: 'http://beds.example' }, 421],
    ['another name, which a page may have given this address', { host: 'evil.example' }, 421],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }, 421],
    ['a page from elsewhere', { origin: 'https://evil.example' }, 421],
    ['a page of no origin', { origin: 'null' }, 421],
    ['a page whose name begins like ours', { origin: 'http://localhost.evil.example' }, 421],
  ]
  test.each(rows)('%s', async (_, headers, status) => expect((await asked('/api/places', { headers })).status).toBe(status))

  const inProduction: [string, readonly string[], Record<string, string>, number][] = [
    ['the address that it is told of', ['https://beds.example'], { host: 'beds.example', origin: 'https://beds.example' }, 503],
    ['whoever looks from this machine whether it is well', ['https://beds.example'], { host: '127.0.0.1:8018' }, 503],
    ['a page of this machine, where pages come from elsewhere', ['https://beds.example'], { host: '127.0.0.1:8018', origin: 'http://127.0.0.1:8018' }, 421],
    ['a page of its own, where it is told of no address', [], { host: '127.0.0.1:8018', origin: 'http://127.0.0.1:8018' }, 503],
    ['what else this machine serves', [], { host: '127.0.0.1:8018', origin: 'http://127.0.0.1:3000' }, 421],
  ]
  test.each(inProduction)('in production %s', async (_, origins, headers, status) =>
    expect((await appOf(true, origins).fetch(new Request('http://127.0.0.1/api/places', { headers }))).status).toBe(status))

  test('an operation without a word of who asks is refused', async () => {
    expect(await asked('/api/places', { headers: { authorization: 'Post nobody' } })).toMatchObject({ status: 401, code: 'notSignedIn' })
    expect(await asked('/api/places', { headers: { authorization: 'Post idle' } })).toMatchObject({ status: 403, code: 'forbidden' })
  })

  test('a request keeps the number that it brings, if it is one', async () => {
    expect((await asked('/api/places', { headers: { 'x-request-id': 'ward-7-000123' } })).headers.get('x-request-id')).toBe('ward-7-000123')
    expect((await asked('/api/places', { headers: { 'x-request-id': 'ward-13812345678' } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect((await asked('/api/places', { headers: { 'x-request-id': '<b>' } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

test('whoever watches reads what the store has had to try again', async () => {
  const read = async () => (await app.fetch(new Request('http://127.0.0.1/metrics'))).text()
  expect(await read()).toContain('sijizhong_transactions_tried_again_total{sqlstate="40P01"} 3\n')
  // Read twice it is not counted twice.
  expect(await read()).toContain('sijizhong_transactions_tried_again_total{sqlstate="40P01"} 3\n')
})

describe('an address', () => {
  const rows: [string, string, readonly string[]][] = [
    ['NUL in an id', '/api/places/a%00b', ['param:/']],
    ['bytes that are no text in an id', '/api/places/%ff', ['param:/']],
    ['half of a pair in an id', '/api/places/%ed%a0%80', ['param:/']],
    ['a telephone number in an id', '/api/cases/%E5%BF%A0%E5%8E%BF-13812345678', ['param:/']],
    ['one in groups', '/api/cases/138%200013%208000', ['param:/']],
    ['one with slashes', '/api/cases/138%2F0013%2F8000', ['param:/']],
    ['an identity number in the middle', '/api/cases/11010519491231002X/history', ['param:/']],
    ['NUL in a query', '/api/places?unit=%00', ['query:/unit']],
    ['bytes that are no text in a query', '/api/places?unit=a&kind=%fe&limit=%', ['query:/kind', 'query:/limit']],
  ]
  test.each(rows)('%s is refused at its place', async (_, path, pointers) => {
    const { status, code, pointers: found } = await asked(path)
    expect({ status, code, found }).toEqual({ status: 400, code: 'invalidInput', found: pointers })
  })

  test('a key that is a telephone number is refused', async () => {
    const refused = await asked('/api/plan-runs/x/cancel', { method: 'POST', headers: { 'idempotency-key': 'case-13812345678' } })
    expect(refused).toMatchObject({ status: 400, code: 'invalidInput', pointers: ['header:/idempotency-key'] })
    const taken = await asked('/api/plan-runs/x/cancel', { method: 'POST', headers: { 'idempotency-key': '01977420-1234-7abc-8def-a13812345678' } })
    expect(taken).toMatchObject(LET_IN)
  })

  test.each(['/api/plan-runs/01977420-1234-7abc-8def-a13812345678', '/api/places/phc%2Fsevere', '/api/places/%E6%B8%9D', '/api/places?unit=%E6%B8%9D+%25', '/api/places?'])('%s is let in', async (path) => {
    expect(await asked(path)).toMatchObject(LET_IN)
  })
})

describe('a body', () => {
  const sent = (method: string, path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    asked(path, { method, body, headers: { 'content-type': type, 'idempotency-key': 'guards-test-1' } })
  const put = (body: string | Uint8Array<ArrayBuffer>, type?: string) => sent('PUT', '/api/places/x', body, type)
  const GOOD = JSON.stringify({
    name: { zh: '甲', en: 'A' }, kind: 'home', unit: 'u', underCommand: true,
    longitude: null, latitude: null, arrivalsPerHour: 3, ventilatorsFree: 0, source: 'x',
  })
  const bytes = (...parts: readonly (string | number)[]): Uint8Array<ArrayBuffer> =>
    new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part)))))

  test('that is right is let in', async () => expect(await put(GOOD)).toMatchObject(LET_IN))
  test('may say that it is UTF-8', async () => expect(await put(GOOD, 'application/json; charset="UTF-8"')).toMatchObject(LET_IN))

  const unreadable: [string, string | Uint8Array<ArrayBuffer>, string?][] = [
    ['nothing', ''],
    ['half of it', GOOD.slice(0, 40)],
    ['more behind it', `${GOOD}{}`],
    ['a name twice', GOOD.replace('"kind"', '"unit":"v","kind"')],
    ['nested too deep', GOOD.replace('3', `${'['.repeat(20_000)}${']'.repeat(20_000)}`)],
    ['a letter that is no UTF-8', bytes(GOOD.slice(0, -3), 0xff, GOOD.slice(-3))],
    ['another encoding', new Uint8Array(Buffer.from(GOOD, 'utf16le'))],
    ['another encoding by its name', GOOD, 'application/json; charset=gbk'],
  ]
  test.each(unreadable)('%s cannot be read', async (_, body, type) => {
    expect(await put(body, type)).toMatchObject({ status: 400, code: 'malformedBody' })
  })

  const wrong: [string, string, string][] = [
    ['NUL', GOOD.replace('"A"', '"a\\u0000b"'), '/name/en'],
    ['more letters than anybody types', GOOD.replace('"A"', `"${'1 '.repeat(2001)}"`), '/name/en'],
    ['half of a pair', GOOD.replace('"A"', '"\\ud800"'), '/name/en'],
    ['an identity number', GOOD.replace('"A"', `"${['110105', '19491231', '002X'].join('')}"`), '/name/en'],
    ['a field that there is not', GOOD.replace('"kind"', '"__proto__":{"a":1},"kind"'), '/__proto__'],
  ]
  test.each(wrong)('with %s is refused at its place', async (_, body, pointer) => {
    expect(await put(body)).toMatchObject({ status: 400, code: 'invalidInput', pointers: [pointer] })
  })

  const anything: [string, string, string][] = [
    ['a number beyond all numbers', '{"policy":{"a":[2,-1e400]}}', '/policy/a/1'],
    ['a field that would be passed over', '{"policy":{"__proto__":{"a":1}}}', '/policy/__proto__'],
  ]
  test.each(anything)('that may hold anything does not hold %s', async (_, body, pointer) => {
    expect(await sent('POST', '/api/plan-runs', body)).toMatchObject({ status: 400, code: 'invalidInput', pointers: [pointer] })
  })

  test('of more than a megabyte is too large', async () => {
    expect(await put(GOOD + ' '.repeat(1024 * 1024))).toMatchObject({ status: 413, code: 'tooLarge' })
  })
  test('of a file is not read as JSON', async () => {
    expect(await sent('POST', '/api/scenario', `"${'1 '.repeat(400_000)}"`)).toMatchObject({ status: 415, code: 'unsupportedMediaType' })
  })
  test('that is none may be said to be anything', async () => {
    expect(await sent('POST', '/api/plan-runs/x/cancel', '', 'json')).toMatchObject(LET_IN)
  })
  test('of another type is not taken', async () => {
    expect(await put(GOOD, 'text/plain')).toMatchObject({ status: 415, code: 'unsupportedMediaType' })
  })
})
