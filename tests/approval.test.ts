import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

/** Two people of a district who have to go to the hub, where there are beds. */
const TWO = {
  cases: people(2), pools: { 'hub/ordinary': { staffed: 3, occupied: 1 }, 'dist/ordinary': {} },
  fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
const codeOf = (said: { status: number; json: unknown }) => [said.status, (said.json as { code?: string }).code]

eachDatabase((_, open) => {
  test('from approval to a clean vehicle: beds are held, then taken, and the stays are moved', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run, orders } = await desk.approved({ note: 'first lot' })
    expect(orders).toEqual(['2020-01-30-0001', '2020-01-30-0002'])
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 2, held: 2 })
    const [first = '', second = ''] = orders
    expect((await desk.order(first)).possible).toEqual(['accept', 'askRelief', 'divert', 'cancel', 'unwilling'])
    // The next plan goes around them: they are moves of it already.
    const next = await desk.draft()
    expect(next.plan.moves.map(({ order }) => order).sort()).toEqual(orders)
    await desk.steps(first, 'accept')
    desk.clock.forward(7 * 3600_000)
    await desk.steps(first, 'dispatch', 'arrive', 'decontaminate')
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 1, held: 1 })
    expect(await desk.account('hub/ordinary', 'named')).toEqual({ balance: 1, held: 0 })
    expect((await desk.order(first)).state).toBe('closed')
    const { patient } = await desk.order(first)
    const stays = (await desk.say(`/stays?open=true&case=${patient}`, 'reader')).json as { items: { pool: string }[] }
    expect(stays.items.map(({ pool }) => pool)).toEqual(['hub/ordinary'])
    // A census that fills the hub does not turn away who is on the road.
    await desk.steps(second, 'dispatch')
    const full = await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 3, occupied: 3 } })
    expect(full.status).toBe(200)
    await desk.steps(second, 'arrive')
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 0, held: 0 })
    const events = (await desk.say(`/transfer-orders/${first}/events`, 'reader')).json as { items: { step: string; seq: number }[] }
    expect(events.items.map(({ step }) => step)).toEqual(['issue', 'accept', 'dispatch', 'arrive', 'decontaminate'])
    const { state, orders: issued } = (await desk.say(`/plan-runs/${run}/approval`, 'reader')).json as { state: string; orders: string[] }
    expect([state, issued]).toEqual(['approved', orders])
    await desk.close()
  })

  test('who has asked for a transfer since an older draft is named at its approval and on its paper, whoever is in it or has an order is not', async () => {
    const since = (clock: string) => ({ waitingSince: `2020-01-29T${clock}:00+08:00` })
    const far = { places: { far: { underCommand: false } }, pools: { ...TWO.pools, 'far/ordinary': {} } }
    const desk = await Desk.open(await open(), city({ ...TWO, ...far, cases: { ...people(2, since('20:00')), 'south-8': { place: 'far', ...since('21:00') } } }))
    const { run, plan } = await desk.draft()
    expect([plan.moves.map(({ patient }) => patient).sort(), plan.unplaced.map(({ patient }) => patient)]).toEqual([['south-1', 'south-2'], ['south-8']])
    const body = { unit: 'south', status: 'confirmed', fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null, needs: [], sex: 'unknown', ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null, source: 'ward' }
    for (const [id, severity, clock] of [['south-7', 'severe', '23:00'], ['south-6', 'ordinary', '23:30'], ['south-5', 'ordinary', null]] as const) {
      expect((await desk.say(`/cases/${id}`, 'ward', { method: 'PUT', body: { ...body, severity, waitingSince: clock === null ? null : since(clock).waitingSince, asOf: '2020-01-29T23:40:00+08:00' } })).status).toBe(201)
      expect((await desk.say('/stays', 'ward', { method: 'POST', body: { case: id, place: 'dist', pool: 'dist/ordinary', at: '2020-01-29T23:50:00+08:00' } })).status).toBe(201)
    }
    const page = async () => (await desk.say(`/plan-runs/${run}/print`, 'reader', { headers: { accept: 'text/plain', 'accept-language': 'zh' } })).text
    expect(await page()).toContain('\n等候而不在方案中：2 人：south-7（重型）、south-6（普通型）\n')
    const said = await desk.post(`/plan-runs/${run}/approve`, { strike: [{ patient: 'south-2', reason: 'tomorrow' }] })
    expect([said.status, (said.json as { notInPlan: object }).notInPlan]).toEqual([200, { count: 2, first: [
      { patient: 'south-7', severity: 'severe', place: 'dist', waitingSince: '2020-01-29T23:00:00+08:00' }, { patient: 'south-6', severity: 'ordinary', place: 'dist', waitingSince: '2020-01-29T23:30:00+08:00' },
    ] }])
    expect(await page()).toContain('\n等候而不在方案中：2 人：')
    expect((await desk.post('/transfer-orders', { patient: 'south-6', pool: 'hub/ordinary', vehicle: 'car', leavesBase: '2020-01-30T12:00:00+08:00', reason: 'worsened' })).status).toBe(201)
    expect(await page()).toContain('\n等候而不在方案中：1 人：south-7（重型）\n')
    expect((await desk.post(`/plan-runs/${run}/withdraw`, { note: 'no oxygen' })).status).toBe(200)
    expect(await page()).not.toContain('等候而不在方案中')
    await desk.close()
  })

  test('whose order a plan carries on is nowhere in it once that order has ended', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO, cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00' }) }))
    const [id = ''] = (await desk.approved({ strike: [{ patient: 'south-2', reason: 'later' }] })).orders
    const { run, plan } = await desk.draft()
    expect(plan.moves.map(({ patient, order }) => [patient, order]).sort()).toEqual([['south-1', id], ['south-2', null]])
    expect((await desk.step(id, 'cancel', { note: 'no oxygen' })).status).toBe(200)
    const said = await desk.post(`/plan-runs/${run}/approve`, {})
    expect([said.status, (said.json as { notInPlan: { first: { patient: string }[] } }).notInPlan.first.map(({ patient }) => patient)]).toEqual([200, ['south-1']])
    await desk.close()
  })

  test('orders are numbered as the trips are, whoever leaves first', async () => {
    const desk = await Desk.open(await open(), city({
      ...TWO, places: { far: { kind: 'feverClinic' } }, vehicles: { car: { base: 'far' }, van: { availableTo: '08:30' } }, travel: { 'far→dist': 60, 'hub→far': 60 },
    }))
    const { plan, orders } = await desk.approved()
    const vehicles = (trips: readonly (string | null)[]) => trips.map((trip) => plan.trips.find(({ id }) => id === trip)?.vehicle)
    // The car leaves its base as the van does, and the district an hour after it.
    expect([vehicles(['T0001', 'T0002']), vehicles(plan.moves.map(({ trip }) => trip))]).toEqual([['car', 'van'], ['van', 'car']])
    expect([(await desk.order(orders[0] ?? '')).vehicle, (await desk.order(orders[1] ?? '')).vehicle]).toEqual(['car', 'van'])
    await desk.close()
  })

  test('nobody approves their own plan, nor a run that has none, nor a plan twice', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const at = `/plan-runs/${run}/approve`
    expect(codeOf(await desk.post(at, {}, 'planner'))).toEqual([403, 'ownPlan'])
    const phone = { calledPost: 'desk', answeredPost: 'planner', at: '2020-01-30T00:00:00+08:00' }
    expect(codeOf(await desk.post(at, { phone }, 'desk'))).toEqual([403, 'ownPlan'])
    expect(codeOf(await desk.post(at, { strike: [{ patient: 'nobody', reason: 'why' }] }))).toEqual([400, 'invalidInput'])
    expect(codeOf(await desk.post('/plan-runs/none/approve', {}))).toEqual([404, 'notFound'])
    expect(codeOf(await desk.post(at, {}))).toEqual([200, undefined])
    const twice = await desk.post(at, {}, 'commander')
    expect([twice.status, twice.json]).toEqual([409, expect.objectContaining({
      code: 'planIsDecided', detail: `plan ${run} was approved by group at 2020-01-30T00:00:00+08:00`,
    })])
    const impossible = await desk.draft({ require: ['critical'], policy: {} })
    expect(codeOf(await desk.post(`/plan-runs/${impossible.run}/approve`, {}))[0]).toBe(200)
    await desk.close()
  })

  test('whose order stands already is no line that could be struck', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    await desk.approved({ strike: [{ patient: 'south-2', reason: 'tomorrow' }] })
    const { run, plan } = await desk.draft()
    expect(plan.moves.map(({ patient, order }) => [patient, order !== null]).sort()).toEqual([['south-1', true], ['south-2', false]])
    const struck = (...patients: string[]) => desk.post(`/plan-runs/${run}/approve`, { strike: patients.map((patient) => ({ patient, reason: 'later' })) })
    for (const [i, patients] of [['south-1'], ['south-2', 'south-1']].entries()) {
      const said = await struck(...patients)
      expect([...codeOf(said), (said.json as { errors: object[] }).errors]).toEqual([400, 'invalidInput', [{ pointer: `/strike/${i}/patient`, detail: 'the plan decides no move of this patient' }]])
    }
    expect(codeOf(await struck('south-2'))).toEqual([200, undefined])
    await desk.close()
  })

  test('of two approvals at once one wins, and the other says who', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const said = await Promise.all(['group', 'commander'].map((post) => desk.post(`/plan-runs/${run}/approve`, {}, post)))
    expect(said.map(({ status }) => status).sort()).toEqual([200, 409])
    const lost = said.find(({ status }) => status === 409)?.json as { code: string; detail: string }
    expect(lost.code).toBe('planIsDecided')
    expect(lost.detail).toMatch(/was approved by (?:group|commander) at 2020-01-30T00:00:00/)
    expect(((await desk.say('/transfer-orders', 'reader')).json as { items: unknown[] }).items).toHaveLength(2)
    await desk.close()
  })

  test('a plan that no longer fits is stale, line by line, until those lines are struck', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const put = async (id: string, change: object) => {
      const { json, headers } = await desk.say(`/cases/${id}`, 'reader')
      const { id: _id, version: _version, effectiveAt: _e, recordedAt: _r, recordedBy: _b, ...body } = json as Record<string, unknown>
      const { status } = await desk.say(`/cases/${id}`, 'ward', { method: 'PUT', body: { ...body, ...change }, headers: { 'if-match': headers.get('etag') ?? '' } })
      expect(status).toBe(200)
    }
    await put('south-1', { severity: 'severe' })
    const stale = await desk.post(`/plan-runs/${run}/approve`, {})
    expect([stale.status, stale.json]).toEqual([409, expect.objectContaining({ code: 'planIsStale' })])
    const { errors } = stale.json as { errors: { pointer: string; detail: string }[] }
    expect(new Set(errors.map(({ pointer }) => pointer))).toEqual(new Set(['lines/south-1']))
    expect(errors.map(({ detail }) => detail)).toContain('south-1: is severe now')
    const struck = await desk.post(`/plan-runs/${run}/approve`, { strike: [{ patient: 'south-1', reason: 'got worse' }] })
    expect((struck.json as { orders: string[] }).orders).toHaveLength(1)
    await desk.close()
  })

  test('beds that are gone make a plan stale', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 3, occupied: 2 } })
    const stale = await desk.post(`/plan-runs/${run}/approve`, {})
    const { errors } = stale.json as { errors: { pointer: string; detail: string }[] }
    expect([stale.status, errors.map(({ pointer }) => pointer).sort()]).toEqual([409, ['lines/south-1', 'lines/south-2']])
    expect(errors[0]?.detail).toContain('2 people for 1 usable')
    desk.clock.forward(24 * 3600_000)
    expect(JSON.stringify((await desk.post(`/plan-runs/${run}/approve`, {})).json)).toContain('which is over')
    await desk.close()
  })

  test('approved by phone at night, confirmed in the morning; withdrawn while nothing has left; superseded by the next', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const state = async (id: string) => ((await desk.say(`/plan-runs/${id}/approval`, 'reader')).json as { state: string }).state
    const phone = { calledPost: 'desk', answeredPost: 'group', at: '2020-01-30T00:00:00+08:00' }
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}))).toEqual([404, 'notFound'])
    expect(codeOf(await desk.post(`/plan-runs/${run}/approve`, { phone }, 'desk'))).toEqual([200, undefined])
    expect(await state(run)).toBe('approvedByPhone')
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}, 'planner'))).toEqual([403, 'ownPlan'])
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}))).toEqual([200, undefined])
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}))).toEqual([409, 'planIsDecided'])
    expect(await state(run)).toBe('approved')
    expect(codeOf(await desk.post(`/plan-runs/${run}/withdraw`, { note: 'no oxygen' }))).toEqual([200, undefined])
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 2, held: 0 })
    expect(codeOf(await desk.post(`/plan-runs/${run}/approve`, {}))).toEqual([409, 'planIsDecided'])
    const second = await desk.approved({ strike: [{ patient: 'south-2', reason: 'tomorrow' }] })
    const third = await desk.approved()
    expect([await state(run), await state(second.run), await state(third.run)]).toEqual(['withdrawn', 'superseded', 'approved'])
    const { items } = (await desk.say('/journal?action=plan.superseded', 'auditor')).json as { items: { subject: string; actor: string }[] }
    expect(items.map(({ subject, actor }) => [subject, actor])).toEqual([[second.run, 'group']])
    // What the superseded plan issued stands.
    expect((await desk.order(second.orders[0] ?? '')).state).toBe('issued')
    await desk.steps(third.orders[0] ?? '', 'accept', 'dispatch')
    expect(codeOf(await desk.post(`/plan-runs/${third.run}/withdraw`, { note: 'too late' }))).toEqual([409, 'ordersAreOut'])
    await desk.close()
  })

  test('a plan approved by phone rings after twelve hours until it has its paper, which whoever put the call down does not give', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const phone = { calledPost: 'desk', answeredPost: 'commander', at: desk.scenario.asOf }
    // Whoever could have approved it may put the call down as well.
    expect(codeOf(await desk.post(`/plan-runs/${run}/approve`, { phone }, 'group'))).toEqual([200, undefined])
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; plan: string; since: string }[] }).rings.filter(({ plan }) => plan !== null)
    desk.clock.forward(12 * 3600_000 - 1)
    expect(await rings()).toEqual([])
    desk.clock.forward(1)
    expect(await rings()).toEqual([expect.objectContaining({ kind: 'planNotConfirmed', plan: run, since: '2020-01-30T12:00:00+08:00' })])
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}))).toEqual([403, 'ownPlan'])
    expect((await rings()).length).toBe(1)
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}, 'commander'))).toEqual([200, undefined])
    expect(await rings()).toEqual([])
    await desk.close()
  })

  test('a plan that was approved by phone and taken back needs no paper any more', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run } = await desk.draft()
    const phone = { calledPost: 'desk', answeredPost: 'group', at: '2020-01-30T00:00:00+08:00' }
    expect(codeOf(await desk.post(`/plan-runs/${run}/approve`, { phone }, 'desk'))).toEqual([200, undefined])
    expect(codeOf(await desk.post(`/plan-runs/${run}/withdraw`, { note: 'no oxygen' }))).toEqual([200, undefined])
    expect(codeOf(await desk.post(`/plan-runs/${run}/confirm`, {}))).toEqual([409, 'planIsDecided'])
    await desk.close()
  })

  test('a reserve block is opened by the approval, which lasts', async () => {
    const desk = await Desk.open(await open(), city({
      cases: people(1), places: { reserve: { kind: 'reserveHospital', unit: 'north' } }, blocks: { 'reserve/a': {} },
      pools: { 'hub/ordinary': { staffed: 0 }, 'reserve/ordinary': { block: 'reserve/a' }, 'dist/ordinary': {} }, travel: { 'dist→reserve': 20 },
    }))
    const { orders } = await desk.approved()
    expect(orders).toHaveLength(1)
    expect((await desk.say('/reserve-blocks/reserve%2Fa', 'reader')).json).toEqual(expect.objectContaining({ opened: true }))
    await desk.close()
  })
})
