import { beforeAll, expect, test } from 'vitest'
import { placeBody, unitBody } from './campaigns/racesRows.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Asked, type Served, serving, StandingClock } from './support/serving.js'

const NOW = '2020-01-30T08:00:00+08:00'
const PLACE = '/api/places/h'

eachDatabase((name, open) => {
  const clock = new StandingClock(new Date(NOW))
  let served: Served
  const say = (path: string, asked: Asked = {}) => ask(served.address, path, asked)
  const put = (asked: Asked = {}, path = PLACE) => say(path, { method: 'PUT', body: placeBody('u'), ...asked })
  const codeOf = ({ status, json }: Awaited<ReturnType<typeof say>>) => [status, (json as { code?: string }).code]

  beforeAll(async () => {
    served = await serving(await open(), { clock })
    expect((await put({ body: unitBody('u') }, '/api/reporting-units/u')).status).toBe(201)
    return () => served.close()
  })

  test('a retry is answered with the bytes that were kept, the version that they are of among the headers', async () => {
    for (const [asked, status, etag] of [[{}, 201, '"1"'], [{ headers: { 'if-match': '"1"' } }, 200, '"2"']] as const) {
      const key = `kept-${name}-${status}`
      const [once, again] = [await put({ ...asked, key }), await put({ ...asked, key })]
      expect([once, again].map((said) => [said.status, said.headers.get('etag'), said.headers.get('idempotency-replayed')])).toEqual([[status, etag, null], [status, etag, 'true']])
      expect(again.text).toBe(once.text)
    }
    // A refusal is kept as well, and says what kind of document it is.
    const key = `kept-${name}-refused`
    const stale = { headers: { 'if-match': '"1"' }, key }
    const [refused, still] = [await put(stale), await put(stale)]
    expect([refused, still].map((said) => [...codeOf(said), said.headers.get('content-type')])).toEqual([1, 2].map(() => [412, 'changedMeanwhile', refused.headers.get('content-type')]))
    expect([still.text, still.headers.get('idempotency-replayed')]).toEqual([refused.text, 'true'])
  })

  test('a key stands for one request: its address, its condition and its content', async () => {
    const key = `used-${name}-key`
    const etag = (await say(PLACE)).headers.get('etag') ?? ''
    const first = { headers: { 'if-match': etag }, key }
    const done = await put(first)
    expect(done.status).toBe(200)
    const others: [string, () => ReturnType<typeof say>][] = [
      ['another version', () => put({ ...first, headers: { 'if-match': done.headers.get('etag') ?? '' } })], ['no version', () => put({ key })],
      ['another body', () => put({ ...first, body: { ...placeBody('u'), underCommand: false } })],
      ['another address', () => put(first, '/api/places/i')],
    ]
    for (const [what, asked] of others) expect([what, ...codeOf(await asked())]).toEqual([what, 422, 'keyReused'])
    expect((await put(first)).headers.get('idempotency-replayed')).toBe('true')
    expect((await say(PLACE)).headers.get('etag')).toBe(done.headers.get('etag'))
  })

  test('only the present has a version that could be changed: what was so, or was known, has none', async () => {
    clock.forward(1000)
    const of = (query: Record<string, string>) => say(`${PLACE}?${new URLSearchParams(query)}`)
    const [now, then, known] = [await of({}), await of({ asOf: NOW }), await of({ knownAt: NOW })]
    expect([now, then, known].map(({ status, headers }) => [status, headers.get('etag')])).toEqual([[200, expect.stringMatching(/^"\d+"$/)], [200, null], [200, null]])
    expect([(await say('/api/integrity')).json, served.bugs]).toEqual([{ findings: [] }, []])
  })
})
