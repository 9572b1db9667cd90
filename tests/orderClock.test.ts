import { afterAll, expect, test } from 'vitest'
import { keepOrders } from '../src/dispatch/clockwork.js'
import { instantOf } from '../src/kernel/time.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Three wait in the district, without vehicles that have a time: orders stand for a day. */
const THREE = { cases: people(3), pools: { 'hub/ordinary': { staffed: 3 } } } as const

eachDatabase((_, open) => {
  test('lists by state and by what stands go by the clock, as what they show does, whoever has written that down', async () => {
    const desk = await Desk.open(await open(), city(THREE))
    const [first = '', second = '', third = ''] = (await desk.approved()).orders
    await desk.steps(first, 'accept', 'dispatch')
    await desk.step(second, 'ask-relief', { reason: 'noStaff' })
    const listed = async (query: string) =>
      ((await desk.say(`/transfer-orders?${query}`, 'reader')).json as { items: { id: string; state: string }[] }).items.map(({ id, state }) => `${id} ${state}`)
    expect(await listed('state=issued')).toEqual([`${third} issued`])
    desk.clock.forward(30 * MINUTE - 1)
    expect(await listed('state=issued')).toEqual([`${third} issued`])
    desk.clock.forward(1)
    expect(await listed('state=issued')).toEqual([])
    expect(await listed('state=accepted')).toEqual([`${third} accepted`])
    desk.clock.forward(24 * HOUR)
    expect(await listed('state=expired')).toEqual([`${second} expired`, `${third} expired`])
    expect(await listed('live=true')).toEqual([`${first} dispatched`])
    expect(await listed('live=false')).toEqual([`${second} expired`, `${third} expired`])
    await desk.close()
  })

  test('a call rings until it has its paper, whatever has become of its order', async () => {
    const desk = await Desk.open(await open(), city(THREE))
    const phone = { calledPost: 'desk', answeredPost: 'group', at: desk.scenario.asOf }
    const said = await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', phone }, 'desk')
    const { id } = said.json as { id: string }
    await desk.steps(id, 'accept', 'dispatch', 'arrive', 'decontaminate')
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { order: string; kind: string; state: string }[] }).rings
    desk.clock.forward(12 * HOUR - 1)
    expect(await rings()).toEqual([])
    desk.clock.forward(1)
    expect(await rings()).toEqual([expect.objectContaining({ order: id, kind: 'notConfirmed', state: 'closed', since: '2020-01-30T12:00:00+08:00' })])
    expect((await desk.step(id, 'confirm', {}, 'group')).status).toBe(200)
    expect(await rings()).toEqual([])
    await desk.close()
  })

  test('whoever takes a plan back, or confirms a call, first writes down what the clock has said', async () => {
    const desk = await Desk.open(await open(), city({ ...THREE, cases: people(3, { fitnessAssessedAt: '2020-01-29T23:00:00+08:00' }) }))
    const { run, orders: [late = '', cancelled = ''] } = await desk.approved({ strike: [{ patient: 'south-3', reason: 'rings first' }] })
    const steps = async (id: string) =>
      ((await desk.say(`/transfer-orders/${id}/events`, 'reader')).json as { items: { step: string; state: string; recordedBy: string }[] }).items.map(({ step, state, recordedBy }) => [step, state, recordedBy])
    const phone = { calledPost: 'desk', answeredPost: 'group', at: desk.scenario.asOf }
    const called = (await desk.post('/transfer-orders', { patient: 'south-3', pool: 'hub/ordinary', reason: 'worsened', phone }, 'desk')).json as { id: string }
    desk.clock.forward(HOUR)
    expect((await desk.step(called.id, 'confirm', {}, 'group')).status).toBe(200)
    expect(await steps(called.id)).toEqual([['issue', 'issued', 'desk'], ['consent', 'accepted', 'clock'], ['confirm', 'accepted', 'group']])
    // One is asked about, and so stands as long as the other: both are over when the plan is taken back.
    await desk.step(cancelled, 'ask-relief', { reason: 'noStaff' })
    desk.clock.forward(24 * HOUR)
    expect((await desk.order(late)).state).toBe('expired')
    expect((await desk.post(`/plan-runs/${run}/withdraw`, { note: 'the day is over' })).status).toBe(200)
    expect(await steps(late)).toEqual([['issue', 'issued', 'group'], ['consent', 'accepted', 'clock'], ['expire', 'expired', 'clock']])
    expect((await desk.order(cancelled)).state).toBe('expired')
    // The order by phone is none of the plan's: it is over as well, and whoever touches it next says so.
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 3, held: 1 })
    await desk.close()
  })

  test('a plan of a day that is over is stale, however long ago that was', async () => {
    const desk = await Desk.open(await open(), city(THREE))
    const { run } = await desk.draft()
    for (const days of [1, 1]) {
      desk.clock.forward(days * 24 * HOUR)
      const said = await desk.post(`/plan-runs/${run}/approve`, {})
      expect([said.status, said.json]).toEqual([409, expect.objectContaining({ code: 'planIsStale', errors: [expect.objectContaining({ pointer: 'planDay' })] })])
    }
    await desk.close()
  })

  test('of two plans approved at one moment the one put down later was in force, once that was known', async () => {
    const desk = await Desk.open(await open(), city({ ...THREE, cases: people(2) }))
    const [early, late] = [await desk.draft(), await desk.draft()]
    const approved = async (run: string, body: object, by: string) => expect((await desk.post(`/plan-runs/${run}/approve`, body, by)).status).toBe(200)
    await approved(early.run, { strike: [{ patient: 'south-2', reason: 'waits' }] }, 'group')
    desk.clock.forward(20 * MINUTE)
    const phone = { calledPost: 'desk', answeredPost: 'group', at: desk.scenario.asOf }
    await approved(late.run, { phone, strike: [{ patient: 'south-1', reason: 'goes already' }] }, 'desk')
    desk.clock.forward(20 * MINUTE)
    const wanted = async (asOf: string, knownAt: string) => {
      const query = new URLSearchParams({ asOf: `2020-01-30T${asOf}:00+08:00`, knownAt: `2020-01-30T${knownAt}:00+08:00` })
      return Object.keys(((await desk.say(`/scenario?${query}`, 'reader')).json as { lastPlan: object }).lastPlan)
    }
    expect([await wanted('00:10', '00:40'), await wanted('00:30', '00:40')]).toEqual([['south-2'], ['south-2']])
    // The end of the first was not known yet, whatever moment is asked about.
    expect([await wanted('00:10', '00:19'), await wanted('00:30', '00:19'), await wanted('00:30', '00:20')]).toEqual([['south-1'], ['south-1'], ['south-2']])
    await desk.close()
  })

  test('of a plan in force and one approved before its call was put down, the newer was in force then', async () => {
    const desk = await Desk.open(await open(), city({ ...THREE, cases: people(2) }))
    const [first = ''] = (await desk.approved({ strike: [{ patient: 'south-2', reason: 'waits' }] })).orders
    desk.clock.forward(20 * MINUTE)
    await desk.step(first, 'cancel', { note: 'the family asks for a day' })
    const { run } = await desk.draft()
    desk.clock.forward(20 * MINUTE)
    const phone = { calledPost: 'desk', answeredPost: 'group', at: '2020-01-30T00:30:00+08:00' }
    expect((await desk.post(`/plan-runs/${run}/approve`, { phone, strike: [{ patient: 'south-1', reason: 'stays' }] }, 'desk')).status).toBe(200)
    const wanted = async (asOf: string) => {
      const { lastPlan } = (await desk.say(`/scenario?asOf=${encodeURIComponent(asOf)}`, 'reader')).json as { lastPlan: Record<string, { source: string }> }
      return Object.entries(lastPlan).map(([patient, { source }]) => `${patient}: ${source}`)
    }
    expect(await wanted('2020-01-30T00:25:00+08:00')).toEqual(['south-1: plan approved 2020-01-30T00:00:00+08:00'])
    expect(await wanted('2020-01-30T00:35:00+08:00')).toEqual(['south-2: plan approved 2020-01-30T00:40:00+08:00'])
    await desk.close()
  })

  test('of a plan that was taken back nothing leaves, though it left in time and is told late', async () => {
    const desk = await Desk.open(await open(), city({ ...THREE, cases: people(1, { waitingSince: '2020-01-29T20:00:00+08:00' }) }))
    const { run, orders: [id = ''] } = await desk.approved()
    await desk.steps(id, 'accept')
    const over = new Date((await desk.order(id)).deadline ?? '')
    desk.clock.forward(over.getTime() - desk.clock.now().getTime() + 5 * MINUTE)
    expect((await desk.post(`/plan-runs/${run}/withdraw`, { note: 'the road is cut' })).status).toBe(200)
    const late = await desk.step(id, 'dispatch', { at: instantOf(new Date(over.getTime() - 10 * MINUTE)) })
    expect([late.status, (late.json as { code: string }).code, (await desk.order(id)).state]).toEqual([409, 'stepOutOfOrder', 'expired'])
    await desk.close()
  })

  test.each(['nobody has', 'the clock has'])('a vehicle that left before the deadline has left, though it is told later and %s written down that the order is over', async (who) => {
    const database = await open()
    const desk = await Desk.open(database, city({ ...THREE, cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00', fitnessAssessedAt: '2020-01-29T23:00:00+08:00', fitnessValidUntil: '2020-02-03T00:00:00+08:00' }), pools: { 'hub/ordinary': { staffed: 2 } } }))
    const { orders: [id = '', other = ''] } = await desk.approved()
    await desk.steps(id, 'accept')
    await desk.steps(other, 'accept')
    const { deadline } = await desk.order(id)
    const over = new Date(deadline ?? '')
    desk.clock.forward(over.getTime() - desk.clock.now().getTime() + 5 * MINUTE)
    if (who === 'the clock has') await keepOrders(database, { now: () => desk.clock.now(), newId: () => 'never-asked-for' })
    const said = async (order: string, minutes: number) => {
      const { status, json } = await desk.step(order, 'dispatch', { at: instantOf(new Date(over.getTime() + minutes * MINUTE)) })
      return [status, (json as { code?: string }).code]
    }
    expect(await said(id, 0)).toEqual([409, 'stepOutOfOrder'])
    expect(await said(id, -10)).toEqual([200, undefined])
    expect([(await desk.order(id)).state, (await desk.account('hub/ordinary', 'free'))?.held]).toEqual(['dispatched', who === 'the clock has' ? 1 : 2])
    // What the clock said ended nothing.
    const { items: waiting } = (await desk.say('/waiting', 'reader')).json as { items: { order: string | null; orderState: string | null; orderEndedAt: string | null }[] }
    expect(waiting.find(({ order }) => order === id)).toMatchObject({ orderState: 'dispatched', orderEndedAt: null })
    // The other bed is given to somebody else before anybody tells.
    await desk.steps(id, 'arrive')
    expect((await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 1, occupied: 1 } })).status).toBe(200)
    expect(await said(other, -10)).toEqual(who === 'the clock has' ? [409, 'noFreeBed'] : [200, undefined])
    expect((await desk.say('/day-figures', 'reader')).json).toMatchObject({ wrong: [], city: { ordersExpired: who === 'the clock has' ? 1 : 0 } })
    await desk.close()
  })
})
