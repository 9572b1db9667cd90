import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { story } from './campaigns/given.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { freshDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock } from './support/serving.js'

const clock = new StandingClock(new Date('2020-01-30T09:00:00+08:00'))
let served: Served
let end: () => Promise<void>
beforeAll(async () => {
  const fresh = await freshDatabase('embedded')
  end = fresh.end
  served = await serving(fresh.database, { clock })
  await ask(served.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) } })
})
afterAll(async () => {
  expect(served.bugs).toEqual([])
  await served.close()
  await end()
})

describe('a query field that there is not', () => {
  const rows: [string, string][] = [
    ['/api/cases?severty=critical', 'severty'], ['/api/pools?places=phc', 'places'], ['/api/stays?opened=true', 'opened'],
    ['/api/plan-runs?sort=id', 'sort'], ['/api/journal?who=x', 'who'], ['/api/scenario?at=x', 'at'], ['/api/scenario.zip?at=x', 'at'],
    ['/api/places/phc?version=1', 'version'], ['/api/places/phc/history?sort=id', 'sort'], ['/api/pools/phc%2Fsevere/movements?page=2', 'page'],
  ]
  test.each(rows)('%s is refused at its place', async (path, field) => {
    expect(await ask(served.address, path)).toMatchObject({ status: 400, json: { code: 'invalidInput', errors: [{ pointer: `query:/${field}` }] } })
  })
})

describe('what is wrong is said so that it can be mended', () => {
  const rows: [string, string, Record<string, unknown>][] = [
    ['a time whose + was taken for a space', '/api/pools?asOf=2020-01-30T00:00:00+08:00', { errors: [{ pointer: 'query:/asOf', detail: expect.stringContaining('%2B') }] }],
    ['a run that there is not', '/api/plan-runs/nope', { detail: 'there is no plan run with the id nope' }],
  ]
  test.each(rows)('%s', async (_, path, says) => expect(await ask(served.address, path)).toMatchObject({ json: says }))

  test('a key that is too short', async () => {
    expect(await ask(served.address, '/api/plan-runs', { method: 'POST', body: {}, key: 'short' })).toMatchObject({ status: 400, json: { code: 'invalidInput', errors: [{ pointer: 'header:/idempotency-key' }] } })
  })
  test('a word for an ending', async () => {
    const { json } = await ask(served.address, '/api/stays/x/end', { method: 'POST', body: { ending: 'gone' } })
    expect(json).toMatchObject({ errors: [{ pointer: '/ending', detail: expect.stringContaining('discharged 出院') }] })
  })
  test('a zip that is none', async () => {
    const { json } = await ask(served.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: Buffer.from('not a zip') } })
    expect(json).toMatchObject({ errors: [{ detail: expect.stringContaining('found "9 B"') }] })
  })
})

describe('asking for a plan that no figures could give', () => {
  const asked = (body: unknown) => ask(served.address, '/api/plan-runs', { method: 'POST', body })
  test('on a day without an edition says which days have one', async () => {
    for (const body of [{ asOf: '2020-01-20T00:00:00+08:00' }]) {
      const { status, json } = await asked(body)
      expect([status, json]).toEqual([422, expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/planDay', detail: expect.stringMatching(/2020-01-27 to 2020-02-03.*by planDay.*by asOf/) })] })])
    }
    expect(await asked({ planDay: '2021-05-01' })).toMatchObject({ status: 422, json: { errors: [{ detail: expect.stringMatching(/in force on 2021-05-01/) }, { detail: expect.stringMatching(/day of asOf/) }] } })
  })
  test('on a day too far from its figures says how far it may be, and names asOf', async () => {
    expect(await asked({ asOf: '2020-01-20T00:00:00+08:00', planDay: '2022-11-20' })).toMatchObject({ status: 422, json: {
      code: 'wrongReference', detail: 'planDay, 2022-11-20, must lie between 1 day before and 14 days after the day of asOf, 2020-01-20T00:00:00+08:00', errors: [{ pointer: '/planDay' }],
    } })
    expect(await asked({ asOf: '2020-01-20T00:00:00+08:00', planDay: '2020-02-03' })).toMatchObject({ status: 202 })
  })
  test('with a policy that there is not', async () => {
    expect(await asked({ policy: { noSuchField: 7 } })).toMatchObject({ status: 422, json: { errors: [{ pointer: '/policy/noSuchField' }] } })
    expect(await asked({ policy: { timetable: { rounds: 99 } } })).toMatchObject({ status: 422, json: { errors: [{ pointer: '/policy/timetable/rounds' }] } })
    expect(await asked({ policy: { safeFillPerMille: 800 } })).toMatchObject({ status: 202 })
  })
})
