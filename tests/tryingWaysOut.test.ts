import { afterAll, expect, test } from 'vitest'
import type { Plan } from '../src/planning/plan.js'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { CENTRALISED, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

/** Two have to be moved, and there is a bed for one of them. */
const ONE_BED = {
  cases: people(2), require: ['concentrated'], pools: { 'hub/ordinary': { staffed: 2, occupied: 1 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
interface Problem { readonly code: string; readonly detail: string; readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] }
const refusal = (said: { status: number; json: unknown }) => {
  const { code, errors = [] } = said.json as Problem
  return [said.status, code, errors.map(({ pointer }) => pointer)]
}
const waysOf = (plan: Plan) => plan.unmet.flatMap(({ waysOut }) => waysOut)

eachDatabase((_, open) => {
  test('a way out is tried on the snapshot of its run; the plan says what it rests on, and is approved only as one asked for anew', async () => {
    const desk = await Desk.open(await open(), city(ONE_BED))
    const first = await desk.draft({ policy: { safeFillPerMille: 900 } })
    const way = waysOf(first.plan).find(({ kinds }) => kinds.includes('staffBeds'))
    expect(way?.patch).toEqual({ pools: { 'hub/ordinary': { staffed: 3 } } })
    // What is put down meanwhile is not looked at: otherwise nobody could say what the way out does.
    desk.clock.forward(60_000)
    expect((await desk.say('/pools/dist%2Fordinary/report', 'dist', { method: 'PUT', body: { staffed: 8, occupied: 2 } })).status).toBe(200)
    const tried = await desk.draft({ basedOn: first.run, wayOut: way?.id }, 'night-desk')
    expect([first.plan.status, tried.plan.status, tried.plan.moves.length, tried.plan.asOf]).toEqual(['impossible', 'planned', 2, first.plan.asOf])
    const before = (await desk.say(`/plan-runs/${first.run}/snapshot`, 'reader')).json as Scenario
    const after = (await desk.say(`/plan-runs/${tried.run}/snapshot`, 'reader')).json as Scenario
    expect(after).toEqual({ ...before, pools: { ...before.pools, 'hub/ordinary': { ...before.pools['hub/ordinary'], staffed: 3 } } })
    const restsOn = [{ run: first.run, wayOut: way?.id, text: way?.text }]
    expect((await desk.say(`/plan-runs/${tried.run}`, 'reader')).json).toMatchObject({ exit: 0, restsOn, request: { basedOn: first.run, wayOut: way?.id, policy: { safeFillPerMille: 900 } } })
    expect((await desk.say(`/plan-runs/${first.run}`, 'reader')).json).toMatchObject({ restsOn: [], request: { wayOut: null } })
    const page = (run: string, accept: string) => desk.say(`/plan-runs/${run}/print`, 'reader', { headers: { accept, 'accept-language': 'zh' } })
    expect((await page(first.run, 'text/plain')).text).toContain(`试排：求方案时写 basedOn 此次计算、wayOut ${way?.id ?? ''}`)
    for (const part of ['<h1>草案，据尚未落实的出路试排，不能批准', '须先落实并上报', `${way?.text.zh ?? ''}（计算 ${first.run} 的出路 ${way?.id ?? ''}）`]) expect((await page(tried.run, 'text/html')).text).toContain(part)
    // It waits for nobody's signature.
    const shift = (await desk.post('/handovers', { toPost: 'day-desk' }, 'night-desk')).json as { drafts: { run: string }[] }
    expect(shift.drafts.map(({ run }) => run)).not.toContain(tried.run)
    const approve = (run: string) => desk.post(`/plan-runs/${run}/approve`, {})
    const refused = await approve(tried.run)
    expect([...refusal(refused), (refused.json as Problem).errors?.[0]?.detail]).toEqual([409, 'planIsStale', ['restsOn/0'], way?.text.en])
    // Once it is so, a plan is asked for anew: what else has happened meanwhile is in that one.
    expect((await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 3, occupied: 1 } })).status).toBe(200)
    expect(refusal(await approve(tried.run))).toEqual([409, 'planIsStale', ['restsOn/0']])
    // Nobody can approve what was tried, so that it binds nobody: whoever tried it may order one patient meanwhile.
    const one = await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'placeFails', vehicle: 'van', leavesBase: '2020-01-30T08:00:00+08:00' }, 'night-desk')
    expect([one.status, one.status === 201 ? '' : one.text]).toEqual([201, ''])
    expect((await desk.step((one.json as { id: string }).id, 'cancel', { note: 'with the plan' })).status).toBe(200)
    const anew = await desk.draft({ basedOn: tried.run })
    expect((await desk.say(`/plan-runs/${anew.run}`, 'reader')).json).toMatchObject({ exit: 0, restsOn: [] })
    expect((await approve(anew.run)).status).toBe(200)
    await desk.close()
  })

  test('a decision by hand that is withdrawn so is nothing to be reported: the plan without it is approved', async () => {
    const desk = await Desk.open(await open(), city({ ...ONE_BED, require: [], places: { hub2: CENTRALISED }, travel: { 'dist→hub2': 52 }, pools: { ...ONE_BED.pools, 'hub2/ordinary': { staffed: 1, occupied: 1 } } }))
    const bound = await desk.draft({ edits: [{ kind: 'pin', patient: 'south-1', place: 'hub2', reason: 'family' }] })
    const way = waysOf(bound.plan).find(({ kinds }) => kinds.includes('withdrawEdit'))
    const free = await desk.draft({ basedOn: bound.run, wayOut: way?.id }, 'night-desk')
    expect((await desk.say(`/plan-runs/${free.run}`, 'reader')).json).toMatchObject({ exit: 0, restsOn: [] })
    for (const maker of ['planner', 'night-desk']) expect(refusal(await desk.post(`/plan-runs/${free.run}/approve`, {}, maker))).toEqual([403, 'ownPlan', []])
    expect((await desk.post(`/plan-runs/${free.run}/approve`, {})).status).toBe(200)
    await desk.close()
  })

  test('what no trial can be made of is refused where it stands', async () => {
    const desk = await Desk.open(await open(), city(ONE_BED))
    const { run } = await desk.draft()
    const ask = async (request: object) => refusal(await desk.post('/plan-runs', request, 'planner'))
    expect(await ask({ wayOut: 'w1' })).toEqual([422, 'wrongReference', ['/basedOn']])
    expect(await ask({ wayOut: 'w1', basedOn: 'none' })).toEqual([422, 'wrongReference', ['/basedOn']])
    expect(await ask({ wayOut: 'w99', basedOn: run })).toEqual([422, 'wrongReference', ['/wayOut']])
    expect(await ask({ wayOut: 'w1', basedOn: run, planDay: '2020-01-30', policy: { safeFillPerMille: 800 }, require: [] })).toEqual([422, 'wrongReference', ['/planDay', '/policy', '/require']])
    await desk.close()
  })
})
