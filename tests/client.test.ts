import { hc, type InferRequestType, type InferResponseType } from 'hono/client'
import { afterAll, expect, test } from 'vitest'
import type { AppType } from '../src/app/app.js'
import { machine } from '../src/app/machine.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { planSchema } from '../src/planning/plan.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { serving, StandingClock } from './support/serving.js'

afterAll(closeSolvers)

const clientOf = (address: string) => hc<AppType>(address, { headers: { 'accept-language': 'en', authorization: 'Post day-desk' } })
type Client = ReturnType<typeof clientOf>
type Api = Client['api']

/** Whether something of one type may stand where another is wanted. */
type Fits<Given, Wanted> = [Given] extends [Wanted] ? true : false
const holds = <Claim extends true>(claim: Claim): Claim => claim
const fails = <Claim extends false>(claim: Claim): Claim => claim

type Report = InferRequestType<Api['pools'][':id']['report']['$put']>
type Admission = InferRequestType<Api['stays']['$post']>
type Run = InferResponseType<Api['plan-runs'][':id']['$get'], 200>
type Key = { header: { 'idempotency-key': string } }

/** Each line is checked when the tests are compiled: a claim that does not hold is no `true`, or no `false`. */
test('what is wrong does not compile', () => {
  holds<Fits<Key & { param: { id: string }; json: { staffed: 7; occupied: 'unknown' } }, Report>>(true)
  fails<Fits<Key & { param: { id: string }; json: { staffed: '7'; occupied: 3 } }, Report>>(false)
  fails<Fits<Key & { param: { id: string }; json: { occupied: 3 } }, Report>>(false)
  fails<Fits<Key & { json: { staffed: 7; occupied: 3 } }, Report>>(false)
  holds<Fits<Key & { json: { case: string; place: string } }, Admission>>(true)
  fails<Fits<Key & { json: { case: string } }, Admission>>(false)
  fails<Fits<'bedz', keyof Api>>(false)
  holds<Fits<'pools' | 'cases' | 'stays' | 'plan-runs' | 'scenario' | 'journal' | 'integrity', keyof Api>>(true)
  fails<Fits<'$delete', keyof Api['stays'][':id']>>(false)
  holds<Fits<Run['state'], 'queued' | 'running' | 'done' | 'failed' | 'cancelled'>>(true)
  fails<Fits<'lost', Run['state']>>(false)
  expect.assertions(0)
})

eachDatabase((_, open) => {
  test('a whole day through the typed client', async () => {
    const scenario = story('chongqing-2020-01-29')
    const clock = new StandingClock(new Date('2020-01-30T09:00:00+08:00'))
    const served = await serving(await open(), { clock, isPlanning: true })
    const { api } = clientOf(served.address)
    const key = () => ({ header: { 'idempotency-key': machine.newId() } })

    const body = Buffer.from(scenarioZip(scenario))
    const brought = await api.scenario.$post(undefined, { init: { body }, headers: { 'idempotency-key': machine.newId(), 'content-type': 'application/zip' } })
    expect(brought.status).toBe(201)

    const id = encodeURIComponent('phc/severe')
    const reported = await api.pools[':id'].report.$put({ ...key(), param: { id }, json: { staffed: 48, occupied: 9, asOf: '2020-01-30T08:00:00+08:00' } })
    expect(reported.status).toBe(200)
    const pool = await api.pools[':id'].$get({ param: { id }, query: {} })
    if (pool.status !== 200) throw new Error('the pool is there')
    const { staffed, occupied, recordedBy } = await pool.json()
    expect({ staffed, occupied, recordedBy }).toEqual({ staffed: 48, occupied: 9, recordedBy: 'day-desk' })

    const caseId = '忠县-0931'
    const person = await api.cases[':id'].$put({
      ...key(), param: { id: encodeURIComponent(caseId) },
      json: {
        unit: '忠县', status: 'confirmed', severity: 'severe', waitingSince: null, fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null,
        sex: 'unknown', ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null, source: 'x',
      },
    })
    expect(person.status).toBe(201)
    const admitted = await api.stays.$post({ ...key(), json: { case: caseId, place: 'phc', pool: 'phc/severe', at: '2020-01-30T08:40:00+08:00' } })
    if (admitted.status !== 201) throw new Error('there is a bed')
    const stay = await admitted.json()
    expect([stay.case, stay.pool, stay.endedAt]).toEqual([caseId, 'phc/severe', null])
    const again = await api.stays.$post({ ...key(), json: { case: caseId, place: 'phc', pool: 'phc/severe' } })
    expect(again.status).toBe(409)

    const asked = await api['plan-runs'].$post({ ...key(), json: { planDay: '2020-01-30', secondOpinion: false } })
    if (asked.status !== 202) throw new Error('it is queued')
    let run: Run | Awaited<ReturnType<typeof asked.json>> = await asked.json()
    const { id: runId } = run
    while (run.state === 'queued' || run.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 30))
      const looked = await api['plan-runs'][':id'].$get({ param: { id: runId } })
      if (looked.status !== 200) throw new Error('the run is there')
      run = await looked.json()
    }
    expect([run.state, run.exit]).toEqual(['done', 0])
    const plan = planSchema.parse(await (await api['plan-runs'][':id'].plan.$get({ param: { id: runId } })).json())
    expect(plan.moves.length).toBeGreaterThan(40)

    const journal = await api.journal.$get({ query: { actor: 'day-desk', limit: '3' } })
    if (journal.status !== 200) throw new Error('the journal is there')
    expect((await journal.json()).items.map(({ action }) => action)).toEqual(['plan.asked', 'admitted', 'put'])
    const integrity = await api.integrity.$get()
    if (integrity.status !== 200) throw new Error('the check is there')
    expect(await integrity.json()).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
    await served.close()
  })
})
