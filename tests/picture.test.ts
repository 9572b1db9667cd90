import { afterAll, beforeAll, expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import type { Database } from '../src/db/database.js'
import { insertRecords } from '../src/db/records.js'
import { VEHICLES } from '../src/facilities/store.js'
import { vehicleSchema } from '../src/facilities/transport.js'
import { momentOf } from '../src/kernel/time.js'
import { RunLoop } from '../src/planning/runLoop.js'
import { issuedAt } from '../src/dispatch/issued.js'
import { planFor } from '../src/planning/run.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { story } from './campaigns/given.js'
import { personBody, placeBody, poolBody, unitBody } from './campaigns/racesRows.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, serving, type Served, StandingClock } from './support/serving.js'

const NOW = '2020-01-30T08:00:00+08:00'
const MINUTE = 60_000
const clockAt = (minutes = 0) => new StandingClock(new Date(momentOf(NOW).getTime() + minutes * MINUTE))
const put = ({ address }: Served, path: string, body: object, headers = {}) => ask(address, `/api/${path}`, { method: 'PUT', body, headers })
const codeOf = ({ status, json }: Said) => [status, (json as { code?: string }).code]
const vehicle = (base: string) => vehicleSchema.parse({
  fleet: base, base, negativePressure: true, lifeSupport: true, crews: 2, availableFrom: '06:00', availableTo: '24:00', source: 'x',
})
const zipped = (name: string) => ({ method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(story(name)) } })

/** One unit, one hospital with beds of it, and one person. */
async function furnished(served: Served): Promise<void> {
  const said = [
    await put(served, 'reporting-units/u', unitBody('u')), await put(served, 'places/h', placeBody('u')),
    await put(served, 'pools/h-1', poolBody('h')), await put(served, 'cases/u-1', personBody('u')),
  ]
  expect(said.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  expect((await put(served, 'pools/h-1/report', { physical: 9, staffed: 7, occupied: 2 })).status).toBe(200)
}
const sound = async ({ address, bugs }: Served) => expect([(await ask(address, '/api/integrity')).json, bugs]).toEqual([{ findings: [] }, []])

afterAll(closeSolvers)

eachDatabase((_, open) => {
  let db: Database
  let served: Served
  beforeAll(async () => {
    db = await open()
    served = await serving(db, { clock: clockAt() })
    await furnished(served)
  })
  afterAll(async () => served.close())

  test('what is to be changed and is not there is not put down instead', async () => {
    const there = { 'if-match': '"3"' }
    for (const [path, body] of [
      ['places/typo', placeBody('u')], ['pools/typo', poolBody('h')], ['accounts/typo', { title: { zh: '夜', en: 'night' }, grants: [] }],
      ['api-keys/typo', { title: { zh: '夜', en: 'night' }, grants: [{ role: 'viewer', scope: { kind: 'city' } }], expiresAt: '2020-06-01T00:00:00+08:00' }],
    ] as const) {
      const said = await put(served, path, body, there)
      expect([path, ...codeOf(said)]).toEqual([path, 412, 'changedMeanwhile'])
      expect(said.text).toContain('no such thing')
      expect((await ask(served.address, `/api/${path}`)).status).toBe(404)
    }
  })

  test('a plan as of the future is refused', async () => {
    const asked = (asOf: string) => ask(served.address, '/api/plan-runs', { method: 'POST', body: { asOf } })
    expect(codeOf(await asked('2020-01-30T08:00:01+08:00'))).toEqual([422, 'wrongTime'])
    expect((await asked(NOW)).status).toBe(202)
  })

  test('a row is recorded after what it builds on, also by a machine whose clock is behind', async () => {
    const ahead = await serving(db, { clock: clockAt(5) })
    const behind = await serving(db, { clock: clockAt(-5) })
    const seen = async (path: string) => (await ask(served.address, `/api/${path}`)).headers.get('etag') ?? ''
    const recorded = ({ json }: Said) => (json as { recordedAt?: string; beganRecordedAt?: string; endedRecordedAt?: string })
    const late = '2020-01-30T08:05:00+08:00'
    expect(recorded(await put(ahead, 'cases/u-1', personBody('u'), { 'if-match': await seen('cases/u-1') })).recordedAt).toBe(late)
    expect(recorded(await put(behind, 'cases/u-1', personBody('u'), { 'if-match': await seen('cases/u-1') })).recordedAt).toBe(late)
    const stay = await ask(behind.address, '/api/stays', { method: 'POST', body: { case: 'u-1', place: 'h', pool: 'h-1' } })
    expect([stay.status, recorded(stay).beganRecordedAt]).toEqual([201, late])
    const ended = await ask(behind.address, `/api/stays/${(stay.json as { id: string }).id}/end`, { method: 'POST', body: { ending: 'left' } })
    expect([ended.status, recorded(ended).endedRecordedAt]).toEqual([200, late])
    expect(recorded(await put(behind, 'pools/h-1/report', { staffed: 6, occupied: 1, asOf: late })).recordedAt).toBe(late)
    await sound(ahead)
    await sound(behind)
    for (const one of [ahead, behind]) await one.close()
  })

  test('a worker whose clock is behind plans what has been put down', async () => {
    const ahead = await serving(db, { clock: clockAt(9) })
    expect((await put(ahead, 'pools/h-1/report', { staffed: 6, occupied: 1, asOf: '2020-01-30T08:09:00+08:00' })).status).toBe(200)
    const plan = planFor(story('nothing-to-do'), { engine: 'highs', milliseconds: 20_000, secondOpinion: false })
    const troubles: unknown[] = []
    const loop = new RunLoop({ db, clock: clockAt(-1), worker: 'slow', issuedAt, planFor: () => plan, onTrouble: (why) => troubles.push(why) })
    loop.start()
    const { json } = await ask(ahead.address, '/api/plan-runs', { method: 'POST', body: {} })
    const of = `/api/plan-runs/${(json as { id: string }).id}`
    const run = async () => (await ask(ahead.address, of)).json as { state: string; reasons: unknown }
    await expect.poll(async () => ['done', 'failed'].includes((await run()).state), { timeout: 20_000 }).toBe(true)
    expect([(await run()).reasons, troubles]).toEqual([null, []])
    expect((JSON.parse((await ask(ahead.address, `${of}/snapshot`)).text) as { asOf: string }).asOf).toBe('2020-01-30T08:09:00+08:00')
    await loop.stop()
    await ahead.close()
  })

  test('more contradictions than are shown do not stop who mends one of them, nor let another in', async () => {
    const rows = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`v-${1000 + i}`, vehicle('nowhere')]))
    const records = Object.entries(rows).map(([id, body]) => ({ id, body, effectiveAt: momentOf(NOW) }))
    await db.inTransaction((tx) => insertRecords(tx, VEHICLES, records, { at: momentOf(NOW), by: 'before' }))
    for (const id of ['v-1000', 'v-1299']) {
      expect([(await put(served, `vehicles/${id}`, vehicle('h'), { 'if-match': '"1"' })).status, id]).toEqual([200, id])
    }
    const other = await put(served, 'vehicles/v-9', vehicle('nowhere'))
    expect([...codeOf(other), (other.json as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)])
      .toEqual([422, 'scenarioRefused', ['vehicles/v-9/fleet', 'vehicles/v-9/base']])
  })
})

eachDatabase((_, open) => {
  test('nothing leads nowhere, not even in an empty store', async () => {
    const served = await serving(await open(), { clock: clockAt() })
    expect(codeOf(await put(served, 'vehicles/v', vehicle('nowhere')))).toEqual([422, 'scenarioRefused'])
    expect(codeOf(await put(served, 'travel/t', { from: 'a', to: 'b', minutes: 7, source: 'x' }))).toEqual([422, 'scenarioRefused'])
    await furnished(served)
    await sound(served)
    await served.close()
  })

  test('an import tells of nothing that has not come, and needs a store without anything in it', async () => {
    const early = story('nothing-to-do')
    const served = await serving(await open(), { clock: new StandingClock(new Date(momentOf(early.asOf).getTime() - 1)) })
    const bring = () => ask(served.address, '/api/scenario', zipped('nothing-to-do'))
    expect(codeOf(await bring())).toEqual([422, 'wrongTime'])
    expect((await put(served, 'intake/2020-01-20', { newConfirmed: 3, source: 'x' })).status).toBe(201)
    expect(codeOf(await bring())).toEqual([409, 'storeNotEmpty'])
    await served.close()
  })
})
