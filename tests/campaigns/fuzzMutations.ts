import type { Chance } from './racesChance.js'
import type { Operation } from './fuzzDocument.js'
import type { Draft } from './fuzzDraft.js'
import type { Found } from './fuzzFound.js'

/** What somebody may send who errs, or means harm. */
export interface Mutation {
  readonly name: string
  readonly fits: (operation: Operation, draft: Draft) => boolean
  readonly apply: (draft: Draft, chance: Chance, found: Found) => void
}

type Members = Record<string, unknown>
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)
const hasJson = (_: Operation, { json }: Draft): boolean => isMembers(json)
const always = (): boolean => true
const hasId = ({ segments }: Operation): boolean => segments.includes('{id}')

/** Stands in a body for text that JSON.stringify would not write. */
const RAW = 'raw-text-7f3a'
const raw = (text: string): string => `${RAW}${text}${RAW}`
/** The body's bytes, raw texts written out. */
export function bytesOf({ json, bytes }: Draft): Buffer | undefined {
  if (bytes !== undefined || json === undefined) return bytes
  const written = new RegExp(`"${RAW}(.*?)${RAW}"`, 'gs')
  return Buffer.from(JSON.stringify(json).replace(written, (_, inner: string) => String(JSON.parse(`"${inner}"`))))
}

const NUMBERS = [
  -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 + 2, 1e21, raw('-0'), raw('1e400'), raw('-1e400'), raw('NaN'), raw('01'),
  raw('9007199254740993'),
]
// Put together here: whoever reads this file finds none.
const IDENTITY_NUMBER = ['110105', '19491231', '002X'].join('')
const MOBILE_NUMBER = ['138', '0013', '8000'].join('')
const TEXTS = [
  '', ' ', 'x'.repeat(100_000), 'a\u0000b', raw('"\\ud800"'), raw('"\\udc00x"'), '\u202Eright to left', 'zero\u200Bwidth',
  '\uFEFF', "'; drop table pool; --", '%00', '../../etc/passwd', IDENTITY_NUMBER, MOBILE_NUMBER, '𠮷'.repeat(200), '\u0301'.repeat(500),
]
const OTHERS = [true, [], {}, [[]], { a: 1 }, 0, '0', null, [null], 'null']
const ALL = [...NUMBERS, ...TEXTS, ...OTHERS]

/** Changes one member somewhere in the body. */
const member = (name: string, change: (holder: Members, key: string, chance: Chance) => void): Mutation => ({
  name, fits: hasJson,
  apply: (draft, chance) => {
    const copy: unknown = structuredClone(draft.json)
    draft.json = copy
    let holder = copy
    for (let depth = 0; depth < 3 && isMembers(holder); depth += 1) {
      const keys = Object.keys(holder)
      if (keys.length === 0) return
      const key = chance.one(keys)
      const inner: unknown = holder[key]
      if (!isMembers(inner) || chance.below(2) === 0) return change(holder, key, chance)
      holder = inner
    }
  },
})
/** Rewrites the bytes of the body. */
const rewritten = (name: string, write: (source: string, chance: Chance) => string | Buffer): Mutation => ({
  name, fits: hasJson,
  apply: (draft, chance) => {
    draft.bytes = Buffer.from(write((bytesOf(draft) ?? Buffer.alloc(0)).toString('utf8'), chance))
    delete draft.json
  },
})
const header = (name: string, values: readonly (string | null)[], fits: Mutation['fits'] = always): Mutation => ({
  name: `header ${name}`, fits,
  apply: ({ headers }, chance) => {
    const value = chance.one(values)
    if (value === null) delete headers[name]
    else headers[name] = value
  },
})
const path = (name: string, ids: (chance: Chance, found: Found) => string): Mutation => ({
  name, fits: hasId,
  apply: (draft, chance, found) => {
    draft.segments[3] = ids(chance, found)
  },
})
const queryOf = (name: string, values: readonly string[]): Mutation => ({
  name: `query ${name}`, fits: ({ method }) => method === 'GET',
  apply: ({ query }, chance) => void query.push([name, chance.one(values)]),
})
const isUnsafe = ({ method }: Operation): boolean => method !== 'GET'

export const MUTATIONS: readonly Mutation[] = [
  member('a field left out', (holder, key) => delete holder[key]),
  member('a field is null', (holder, key) => void (holder[key] = null)),
  member('a field of another kind', (holder, key, chance) => void (holder[key] = chance.one(OTHERS))),
  member('a number beyond', (holder, key, chance) => void (holder[key] = chance.one(NUMBERS))),
  member('a text that nobody meant', (holder, key, chance) => void (holder[key] = chance.one(TEXTS))),
  member('a field that there is not', (holder, _, chance) => void (holder[chance.one([
    'nope', 'id', 'version', 'constructor', 'toString', 'a\u0000b', IDENTITY_NUMBER,
  ])] = chance.one(ALL))),
  member('a field called __proto__', (holder) => void Object.defineProperty(holder, '__proto__', { value: { admin: true }, enumerable: true })),
  member('nested too deep', (holder, key, chance) => void (holder[key] = raw('['.repeat(chance.one([31, 500, 20_000])) + ']'.repeat(20_000)))),
  rewritten('a name twice', (source) => source.replace(/^\{/, '{"source":"first",').replace(/\}$/, ',"source":"second"}')),
  rewritten('broken JSON', (source, chance) => source.slice(0, chance.below(source.length))),
  rewritten('more than JSON', (source, chance) => source + chance.one(['{}', ']', '\u0000', ' x', ','])),
  rewritten('other JSON', (_, chance) => chance.one(['[]', '""', '0', 'null', 'true', '', '[{}]', '{"":1}'])),
  rewritten('no UTF-8', (source) =>
    Buffer.concat([Buffer.from(`${source.slice(0, -1)},"x":"`), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}')])),
  rewritten('a bad letter in a word', (source) => {
    const at = source.lastIndexOf('":"') + 3
    return Buffer.concat([Buffer.from(source.slice(0, at)), Buffer.from([0xff]), Buffer.from(source.slice(at))])
  }),
  rewritten('UTF-16', (source) => Buffer.from(source, 'utf16le')),
  rewritten('a byte order mark', (source) => `\uFEFF${source}`),
  rewritten('far too large', (source) => source + ' '.repeat(1024 * 1024)),
  header('content-type', [
    null, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'application/json; charset=utf-16', 'application/JSON', 'application/zip', 'json', 'application/zip; of=json',
    ';;', 'application/xml',
  ], isUnsafe),
  header('content-encoding', ['gzip', 'br', 'identity', 'nothing'], isUnsafe),
  header('idempotency-key', [
    null, '', 'short', 'x'.repeat(201), 'x'.repeat(5000), 'with blank in it', 'é'.repeat(20),
  ], isUnsafe),
  header('if-match', [
    '*', '""', '"0"', '"999999999999999999999"', 'W/"1"', 'rubbish', `"${'9'.repeat(3000)}"`, '"1", "2", "3"', 'é',
  ], isUnsafe),
  header('authorization', ['', 'Bearer', 'Bearer x', 'Basic eA==', 'Post nobody', 'Post idle', 'Post desk-7', 'x'.repeat(5000)]),
  header('x-request-id', ['', 'short', 'x'.repeat(64), 'x'.repeat(65), '<script>', 'one-that-will-do']),
  header('accept-language', ['', 'en;q=x', 'en,'.repeat(3000), 'zh;q=-1', ';;;,,,', 'tlh']),
  header('accept', ['image/png', '', '*/*;q=0']),
  header('host', [
    'evil.example', '127.0.0.1.evil.example', 'localhost:99999', '', 'local host', 'a@127.0.0.1', '[::1]:1',
    '127.0.0.1/x', 'LOCALHOST', '0.0.0.0', '127.1', '2130706433',
  ]),
  header('origin', [
    'null', 'https://evil.example', 'http://127.0.0.1.evil.example', 'file://', 'http://localhost:1', '127.0.0.1',
    'javascript://127.0.0.1',
  ]),
  header('last-event-id', ['-1', 'x', '9'.repeat(16), '', '1.5', '0']),
  header('range', ['bytes=0-0', 'bytes=5-2']),
  header('expect', ['100-continue'], isUnsafe),
  header('transfer-encoding', ['chunked'], isUnsafe),
  path('an id of another kind', (chance, found) =>
    encodeURIComponent(found.one(chance.one(['cases', 'pools', 'places', 'stays', 'plan-runs']), chance))),
  path('an id that there is not', (chance) => encodeURIComponent(chance.one([
    'nobody', '0', '-1', 'null', 'undefined', '__proto__', 'constructor', 'x'.repeat(201), 'x'.repeat(80), '→',
    '18446744073709551616',
  ]))),
  path('rubbish in the address', (chance) => chance.one([
    '%00', '%ff', '%2e%2e', '%2e', '%', '%zz', '%ed%a0%80', '%c0%af', 'a%00b', '%E2%80%AE', '%F0%9F%9B%8F', 'a%2fb',
    '', ';', '*', '{id}', ':id', "'", '\\', '%5c..%5c',
  ])),
  queryOf('limit', [
    '0', '501', '-1', '1.5', '1e3', 'NaN', '', '+5', '9999999999999999999', '0x10', '%00', 'limit', '1&limit=2',
    '٣',
  ]),
  queryOf('cursor', [
    '', 'x', '!!!', 'bnVsbA', 'W10', 'WyJpZCIsIiIsIiJd', 'WyJpZCIsIlx1MDAwMCIsIlx1MDAwMCJd', 'WyJydW5zIiwiIiwieCJd',
    'WyJqb3VybmFsIiwiYWJjIiwiIl0', 'WyJqb3VybmFsIiwiMWU0MDAiLCIiXQ', 'WyJpZCIsIlx1ZDgwMCIsIiJd', 'x'.repeat(601),
    '-1', '99999999999', '1', '%00', 'WyJtb3ZlbWVudHMiLCJ4IiwiIl0',
  ]),
  queryOf('sort', ['', 'id;drop', '-', '--id', 'version', 'recordedAt,id', '%00']),
  queryOf('asOf', [
    '', 'now', '2020-01-30', '2020-01-30T00:00:00', '2020-01-30T00:00:00+08:00', '300000-01-01T00:00:00Z',
    '2020-02-30T00:00:00Z', '2100-01-02T00:00:00Z', '-1', 'infinity', '%00', '2019-12-02T00:00:00Z',
    '2020-01-30T00:00:00%2B99:00',
  ]),
  queryOf('knownAt', ['2019-12-02T00:00:00Z', 'x', '2099-01-01T00:00:00Z']),
  queryOf('unit', ['%00', '%ff', '%ed%a0%80', 'x'.repeat(201), '', '%25', "'", 'a&unit=b', '\\']),
  queryOf('place', ['%00', 'a%00', '%fe', 'x'.repeat(201), '%5C']),
  queryOf('state', ['lost', '', 'done&state=failed']),
  queryOf('from', ['x', '2020-01-30', '%00']),
  queryOf('nope', ['1', '%00', '%ff', '[]', 'x'.repeat(6000)]),
  queryOf('__proto__', ['1']),
  {
    name: 'another list’s cursor', fits: ({ method }) => method === 'GET',
    apply: ({ query }, chance, { cursors }) => void (cursors.length > 0 && query.push(['cursor', chance.one(cursors).cursor])),
  },
  {
    name: 'another method', fits: always,
    apply: (draft, chance) => void (draft.method = chance.one([
      'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'HEAD', 'POST', 'PUT', 'GET',
    ])),
  },
  {
    name: 'another address', fits: always,
    apply: (draft, chance) => void draft.segments.push(chance.one(['', 'x', '..', '%2e%2e', 'history', '.'])),
  },
]
