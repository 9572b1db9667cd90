import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { sha256 } from '../src/kernel/canonical.js'
import type { Comparison } from '../src/planning/comparison.js'
import { planJson } from '../src/planning/planJson.js'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { CENTRALISED, city, type CityPatch, people } from './support/city.js'
import { eachDatabase, freshDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { ask, serving } from './support/serving.js'

afterAll(closeSolvers)

const TWO_HUBS = {
  places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 52 }, cases: people(2), policy: { wishes: ['minutes'] },
  pools: { 'hub/ordinary': { staffed: 3, occupied: 1 }, 'hub2/ordinary': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
const pin = (patient: string, place: string, pool: string | null = null) => ({ kind: 'pin', patient, place, pool, reason: 'family' })
const stay = (patient: string) => ({ kind: 'stay', patient, reason: 'family' })
interface Problem { readonly code: string; readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] }
const refusal = (said: { status: number; json: unknown }) => {
  const { code, errors = [] } = said.json as Problem
  return [said.status, code, errors.map(({ pointer }) => pointer)]
}

eachDatabase((database, open) => {
  test('a draft is compared, edited by hand, solved again around it, and approved by another', async () => {
    const desk = await Desk.open(await open(), city(TWO_HUBS))
    const free = await desk.draft({}, 'planner')
    expect(free.plan.moves.map(({ to }) => to)).toEqual(['hub', 'hub'])
    const edits = [pin('south-1', 'hub2'), stay('south-2')]
    const { run, plan } = await desk.draft({ edits, basedOn: free.run }, 'night-desk')
    expect(plan.moves.map(({ patient, to }) => [patient, to])).toEqual([['south-1', 'hub2']])
    expect(plan.edits).toMatchObject([{ edit: 'E001', by: 'night-desk', reason: 'family', carriedOut: true }, { edit: 'E002', kind: 'stay', carriedOut: true }])
    const snapshot = (await desk.say(`/plan-runs/${run}/snapshot`, 'reader')).json as Scenario
    expect(snapshot.edits['E001']).toMatchObject({ by: 'night-desk', patient: 'south-1', place: 'hub2' })
    expect((await desk.say(`/plan-runs/${free.run}/snapshot`, 'reader')).json).not.toHaveProperty('edits')
    const beside = (await desk.say(`/plan-runs/${free.run}/compare?with=${run}`, 'reader')).json as Comparison
    expect([beside.better, beside.decidedBy?.rule, beside.moves.onlyHere.length]).toEqual(['here', 'concentrated', 1])
    expect(beside.basis).toMatchObject({ sameSnapshot: false, samePolicy: true, tables: [], edits: { onlyThere: [{ edit: 'E001' }, { edit: 'E002' }] } })
    // Whoever asked for either part of it does not approve it, on paper or by phone; a third one does.
    const at = `/plan-runs/${run}/approve`
    for (const maker of ['planner', 'night-desk']) expect(refusal(await desk.post(at, {}, maker))).toEqual([403, 'ownPlan', []])
    const phone = { calledPost: 'desk', answeredPost: 'planner', at: '2020-01-30T00:00:00+08:00' }
    expect(refusal(await desk.post(at, { phone }, 'desk'))).toEqual([403, 'ownPlan', []])
    const byPhone = await desk.post(at, { phone: { ...phone, answeredPost: 'group' } }, 'desk')
    expect([byPhone.status, (byPhone.json as { orders: string[] }).orders]).toEqual([200, ['2020-01-30-0001']])
    expect(refusal(await desk.post(`/plan-runs/${run}/confirm`, {}, 'planner'))).toEqual([403, 'ownPlan', []])
    expect((await desk.post(`/plan-runs/${run}/confirm`, {}, 'group')).status).toBe(200)
    await desk.close()
  })

  test('the older plan of somebody who has become severe since is not called better than the one that knows it', async () => {
    const desk = await Desk.open(await open(), city(TWO_HUBS))
    const older = await desk.draft()
    const worse = await desk.say('/cases/south-1/severity', 'ward', { method: 'POST', body: { severity: 'severe', source: 'ward round' } })
    expect([worse.status, worse.text]).toEqual([200, expect.anything()])
    const newer = await desk.draft()
    expect([older.plan.unplaced, newer.plan.unplaced.map(({ patient }) => patient)]).toEqual([[], ['south-1']])
    const beside = (await desk.say(`/plan-runs/${newer.run}/compare?with=${older.run}`, 'reader')).json as Comparison
    expect([beside.better, beside.decidedBy, beside.notComparable?.zh]).toEqual([null, null, expect.stringContaining('病例 1 条（south-1：')])
    expect(beside.basis.judgedOtherwise).toMatchObject([{ of: 'cases', rows: 1, fields: expect.arrayContaining(['severity']), first: ['south-1'] }])
    expect(beside.patients.otherwise).toMatchObject([{ patient: 'south-1', differs: ['severity'], here: { severity: 'severe' }, there: { severity: 'ordinary' } }])
    await desk.close()
  })

  test('a pinned line may be struck by whoever approves, and one that no longer fits is stale', async () => {
    const desk = await Desk.open(await open(), city(TWO_HUBS))
    const { run } = await desk.draft({ edits: [pin('south-1', 'hub2')] })
    await desk.say('/pools/hub2%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 9, occupied: 9 } })
    expect(refusal(await desk.post(`/plan-runs/${run}/approve`, {}))).toEqual([409, 'planIsStale', ['lines/south-1']])
    const struck = await desk.post(`/plan-runs/${run}/approve`, { strike: [{ patient: 'south-1', reason: 'no bed' }] })
    expect((struck.json as { orders: string[] }).orders).toHaveLength(1)
    await desk.close()
  })

  test('a pin that cannot be is told before solving, and by the plan, which is not approved', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO_HUBS, pools: { ...TWO_HUBS.pools, 'hub2/ordinary': { staffed: 4, occupied: 4 } } }))
    const free = await desk.draft({}, 'planner')
    const asked = { edits: [stay('south-2'), pin('south-1', 'hub2'), pin('south-2', 'hub', 'hub/ordinary')].slice(0, 2) }
    const checked = await desk.post(`/plan-runs/${free.run}/check-edits`, asked)
    expect([checked.status, checked.json]).toEqual([200, { asOf: '2020-01-30T00:00:00+08:00', breaks: [expect.objectContaining({ edit: 1, rule: 'usableBeds', subject: 'hub2/ordinary' })] }])
    const { run, plan } = await desk.draft({ ...asked, basedOn: free.run }, 'night-desk')
    expect(plan.unmet[0]).toMatchObject({ rule: 'placedByHand', clash: { rules: expect.arrayContaining([expect.objectContaining({ rule: 'placedByHand', subject: 'E002' })]) } })
    expect(refusal(await desk.post(`/plan-runs/${run}/approve`, {}))).toEqual([409, 'planIsImpossible', []])
    await desk.close()
  })

  test('a plan that ran out of time before it carried out a decision is not approved', async () => {
    const db = await open()
    const desk = await Desk.open(db, city(TWO_HUBS))
    const { run, plan } = await desk.draft({ edits: [pin('south-1', 'hub2')] })
    const late = planJson({ ...plan, status: 'outOfTime', edits: plan.edits.map((edit) => ({ ...edit, carriedOut: false })) })
    await db.inTransaction((tx) => tx.execute(sql`update plan_run set plan = ${late}, plan_hash = ${sha256(late)}, exit = 4 where id = ${run}`))
    expect(refusal(await desk.post(`/plan-runs/${run}/approve`, {}))).toEqual([409, 'planIsImpossible', []])
    await desk.close()
  })

  test('decisions that are wrong are refused at the door, where they stand in the request', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO_HUBS, cases: people(3), orders: { O1: { patient: 'south-3', pool: 'hub2/ordinary' } } }))
    const { run } = await desk.draft({}, 'planner')
    const edits = [pin('south-9', 'hub'), pin('south-1', 'hud'), pin('south-2', 'hub', 'hub2/ordinary'), stay('south-3'), pin('south-2', 'hub2'), { ...stay('south-1'), place: 'hub' }]
    const wrong = [422, 'wrongReference', ['/edits/0/patient', '/edits/1/place', '/edits/2/pool', '/edits/3/patient', '/edits/4/patient', '/edits/5/place'].sort()]
    const sorted = ([status, code, pointers]: ReturnType<typeof refusal>) => [status, code, [...pointers as string[]].sort()]
    expect(sorted(refusal(await desk.post('/plan-runs', { edits }, 'planner')))).toEqual(wrong)
    expect(sorted(refusal(await desk.post(`/plan-runs/${run}/check-edits`, { edits })))).toEqual(wrong)
    expect(refusal(await desk.post('/plan-runs', { edits: [{ ...stay('south-1'), reason: '' }] }, 'planner'))).toEqual([400, 'invalidInput', ['/edits/0/reason']])
    expect(refusal(await desk.post('/plan-runs', { basedOn: 'no-such-run' }, 'planner'))).toEqual([422, 'wrongReference', ['/basedOn']])
    const { id } = (await desk.post('/plan-runs', { asOf: '2020-01-20T00:00:00+08:00', planDay: '2020-01-30' }, 'planner')).json as { id: string }
    expect(refusal(await desk.post('/plan-runs', { basedOn: id }, 'planner'))).toEqual([422, 'wrongReference', ['/basedOn']])
    expect(refusal(await desk.say(`/plan-runs/${run}/compare?with=none`, 'reader'))).toEqual([404, 'notFound', []])
    expect(refusal(await desk.post('/plan-runs/none/check-edits', { edits: [stay('south-1')] }))).toEqual([404, 'notFound', []])
    await desk.close()
  })

  test('what somebody decided by hand is not imported: it is of the plan that is asked for', async () => {
    const { database: db, end } = await freshDatabase(database)
    const { address, close } = await serving(db)
    const scenario = city({ ...TWO_HUBS, edits: { E1: { kind: 'stay', patient: 'south-1' } } })
    const said = await ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(scenario) } })
    expect(refusal(said)).toEqual([422, 'scenarioRefused', ['edits.csv']])
    await close()
    await end()
  })
})
