import { afterAll, expect, test } from 'vitest'
import { startAct } from '../src/app/startAct.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { end } from '../src/stays/commands.js'
import type { Ending } from '../src/stays/stays.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const HANDED_OVER = 40 * MINUTE
const TWO = { cases: people(2), pools: { 'hub/ordinary': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} } } as const satisfies CityPatch
const said = ({ status, json }: Said) => [status, (json as { code?: string }).code, (json as { detail?: string }).detail]
const stayOf = async (desk: Desk, patient: string) =>
  ((await desk.say(`/stays?open=true&case=${patient}`, 'reader')).json as { items: { id: string; beganAt: string }[] }).items[0]?.id ?? ''

eachDatabase((_, open) => {
  test('who is on the road is moved, ended and admitted by the order alone', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { orders: [id = ''] } = await desk.approved()
    await desk.steps(id, 'accept', 'dispatch')
    const { patient } = await desk.order(id)
    const stay = await stayOf(desk, patient)
    const refused = [409, 'stepOutOfOrder',
      `${patient} is on the road by order ${id}; put down there that they were handed over (arrive), are taken elsewhere (divert), turned back (turn-back) or died (die)`]
    expect(said(await desk.post(`/stays/${stay}/move`, { place: 'hub', pool: 'hub/ordinary' }))).toEqual(refused)
    expect(said(await desk.post(`/stays/${stay}/end`, { ending: 'discharged' }))).toEqual(refused)
    expect(said(await desk.post('/stays', { case: patient, place: 'hub', pool: 'hub/ordinary' }))).toEqual(refused)
    // The desk calls back nobody who can still be handed over.
    const [status, code, detail] = said(await desk.step(id, 'cancel', { note: 'no' }))
    expect([status, code]).toEqual([409, 'stepOutOfOrder'])
    expect(detail).not.toContain('possible now: cancel')
    expect((await desk.step(id, 'arrive', { handover: desk.handover() })).status).toBe(200)
    const there = await stayOf(desk, patient)
    expect((await desk.post(`/stays/${there}/end`, { ending: 'discharged' })).status).toBe(200)
    await desk.close()
  })

  test('a death that the place has put down already ends the order, and what can be handed over no more is cancelled', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(TWO))
    const { orders: [one = '', two = ''] } = await desk.approved()
    const [first, second] = [await desk.order(one), await desk.order(two)]
    // As it was once possible by hand.
    const endedByHand = async (patient: string, ending: Ending, order: string) => {
      const stay = await stayOf(desk, patient)
      await database.inTransaction((tx) => end(startAct(tx, desk.clock), stay, ending, undefined, order))
    }
    for (const id of [one, two]) await desk.steps(id, 'accept', 'dispatch')
    await endedByHand(first.patient, 'died', one)
    await endedByHand(second.patient, 'left', two)
    expect(said(await desk.step(two, 'arrive', { handover: desk.handover() }))).toEqual([409, 'notInCare',
      `${second.patient} has no place any more; let the desk cancel order ${two}, then admit them where they lie`])
    expect((await desk.account('hub/ordinary', 'free'))?.held).toBe(2)
    const dead = await desk.step(one, 'die', { note: 'nothing helped' })
    expect([dead.status, dead.json]).toEqual([200, expect.objectContaining({ state: 'died' })])
    const over = await desk.step(two, 'cancel', { note: 'brought to a hospital elsewhere' })
    expect([over.status, over.json]).toEqual([200, expect.objectContaining({ state: 'cancelled' })])
    expect((await desk.account('hub/ordinary', 'free'))?.held).toBe(0)
    expect((await desk.post('/stays', { case: second.patient, place: 'hub', pool: 'hub/ordinary' })).status).toBe(201)
    await desk.close()
  })

  test('who has to be brought back lies where they lay and waits as before, and the vehicle is out until it is clean', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO, cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00' }) }))
    const { orders: [id = '', other = ''] } = await desk.approved()
    const { patient, vehicle } = await desk.order(id)
    const stay = await stayOf(desk, patient)
    const back = () => desk.step(id, 'turn-back', { reason: 'roadClosed', note: 'snow' })
    await desk.steps(id, 'accept')
    expect(said(await back()).slice(0, 2)).toEqual([409, 'stepOutOfOrder'])
    await desk.steps(id, 'dispatch')
    desk.clock.forward(20 * MINUTE)
    const turned = await back()
    expect([turned.status, turned.json]).toEqual([200, expect.objectContaining({ state: 'returned', possible: expect.arrayContaining(['decontaminate']) })])
    expect([await stayOf(desk, patient), (await desk.account('hub/ordinary', 'free'))?.held]).toEqual([stay, 1])
    expect((await desk.say(`/cases/${patient}`, 'reader')).json).toMatchObject({ waitingSince: '2020-01-29T20:00:00+08:00' })
    const { items } = (await desk.say(`/transfer-orders/${id}/events`, 'reader')).json as { items: object[] }
    expect(items.at(-1)).toMatchObject({ step: 'turnBack', state: 'returned', note: 'snow', details: { reason: 'roadClosed' } })

    await desk.steps(other, 'accept')
    expect((await desk.step(other, 'dispatch', { vehicle })).json).toMatchObject({ code: 'breaksMust', errors: [{ pointer: `decontamination/${vehicle}` }] })
    const rides = async () => ((await desk.say('/vehicle-board', 'reader')).json as { rides: { orders: { state: string }[] }[] }).rides.flatMap(({ orders }) => orders.map(({ state }) => state)).sort()
    expect(await rides()).toEqual(['accepted', 'returned'])
    expect((await desk.step(id, 'decontaminate')).json).toMatchObject({ state: 'returned' })
    expect(await rides()).toEqual(['accepted'])
    await desk.steps(other, 'dispatch')
    expect((await desk.post('/transfer-orders', { patient, pool: 'hub/ordinary', reason: 'worsened', vehicle, leavesBase: at('12:00') })).status).toBe(201)
    await desk.close()
  })

  test('the dead are not admitted, asked for or ordered', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const ended = await desk.post(`/stays/${await stayOf(desk, 'south-1')}/end`, { ending: 'died' })
    const { endedAt } = ended.json as { endedAt: string }
    desk.clock.forward(60_000)
    const dead = [409, 'notInCare', `south-1 died at ${endedAt}; check the number of the case`]
    expect(said(await desk.post('/stays', { case: 'south-1', place: 'hub', pool: 'hub/ordinary' }))).toEqual(dead)
    expect(said(await desk.post('/cases/south-1/transfer-request', {}))).toEqual(dead)
    const order = await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened' })
    expect([order.status, (order.json as { errors: object[] }).errors]).toEqual([400, [expect.objectContaining({ pointer: '/patient', detail: `south-1 died at ${endedAt}` })]])
    // Who was discharged comes again.
    await desk.post(`/stays/${await stayOf(desk, 'south-2')}/end`, { ending: 'discharged' })
    desk.clock.forward(60_000)
    expect((await desk.post('/stays', { case: 'south-2', place: 'hub', pool: 'hub/ordinary' })).status).toBe(201)
    await desk.close()
  })

  test('who got worse on the way did so then, by the order, and nothing older takes its place', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO, cases: people(2, { assumed: ['severity', 'sex'] }) }))
    const { orders: [id = ''] } = await desk.approved()
    await desk.steps(id, 'accept', 'dispatch')
    const { patient } = await desk.order(id)
    desk.clock.forward(30 * MINUTE)
    expect((await desk.step(id, 'worsen', { severity: 'critical', at: at('00:20') })).status).toBe(200)
    const person = async () => (await desk.say(`/cases/${patient}`, 'reader')).json as object
    expect(await person()).toMatchObject({ severity: 'critical', asOf: at('00:20'), effectiveAt: at('00:20'), source: `transfer order ${id}, by desk`, assumed: ['sex'] })
    expect((await desk.post(`/cases/${patient}/severity`, { severity: 'ordinary', at: at('00:10') })).json).toMatchObject({ code: 'figureIsOlder' })
    // Nor does a step of before take the place of what was assessed since.
    expect((await desk.post(`/cases/${patient}/severity`, { severity: 'severe', at: at('00:25') })).status).toBe(200)
    expect((await desk.step(id, 'worsen', { severity: 'critical', at: at('00:22') })).json).toMatchObject({ code: 'figureIsOlder' })
    expect([await person(), await desk.order(id)]).toEqual([expect.objectContaining({ severity: 'severe' }), expect.objectContaining({ severity: 'ordinary', state: 'dispatched' })])
    await desk.close()
  })

  test('nobody signs for a ride before it has begun', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { orders: [id = ''] } = await desk.approved()
    await desk.steps(id, 'accept')
    desk.clock.forward(90 * MINUTE + 40_000)
    await desk.steps(id, 'dispatch')
    desk.clock.forward(HANDED_OVER)
    for (const post of ['sender', 'crew', 'receiver'] as const) {
      const early = await desk.step(id, 'arrive', { handover: { ...desk.handover(), [post]: { post: 'ward', at: at('01:29') } } })
      expect([early.status, early.json]).toEqual([422, expect.objectContaining({ code: 'wrongTime', errors: [expect.objectContaining({
        pointer: `/handover/${post}/at`, detail: `it cannot be before order ${id} was dispatched (2020-01-30T01:30:40+08:00)`,
      })] })])
    }
    // Nor for what has not come.
    for (const post of ['sender', 'crew', 'receiver'] as const) {
      const soon = await desk.step(id, 'arrive', { handover: { ...desk.handover(), [post]: { post: 'ward', at: at('02:11') } } })
      expect([soon.status, soon.json]).toEqual([422, expect.objectContaining({ code: 'wrongTime', errors: [expect.objectContaining({
        pointer: `/handover/${post}/at`, detail: `${at('02:11')} has not come yet, so nobody signed then; it is 2020-01-30T02:10:40+08:00 now`,
      })] })])
    }
    // Signed in the minute in which it left.
    expect((await desk.step(id, 'arrive', { handover: { ...desk.handover(), sender: { post: 'ward', at: at('01:30') } } })).status).toBe(200)
    await desk.close()
  })

  test('a request is not withdrawn while its order stands', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { orders: [one = '', two = ''] } = await desk.approved()
    const [{ patient: first }, { patient: second }] = [await desk.order(one), await desk.order(two)]
    await desk.post(`/cases/${first}/transfer-request`, {})
    await desk.post(`/cases/${second}/transfer-request`, {})
    const withdraw = (patient: string) => desk.post(`/cases/${patient}/withdraw-request`, {})
    expect(said(await withdraw(first))).toEqual([409, 'stepOutOfOrder',
      `order ${one} stands for ${first}; first let the desk cancel it (cancel), or put down that patient or family are unwilling (unwilling)`])
    await desk.steps(two, 'accept', 'dispatch')
    expect(said(await withdraw(second))).toEqual([409, 'stepOutOfOrder', expect.stringMatching(`^${second} is on the road by order ${two}; `)])
    expect((await desk.step(one, 'unwilling', { note: 'signed' })).status).toBe(200)
    expect((await withdraw(first)).status).toBe(200)
    await desk.close()
  })

  test('an order that nobody dispatched in time holds no request', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { orders: [id = ''] } = await desk.approved()
    const { patient, deadline } = await desk.order(id)
    await desk.post(`/cases/${patient}/transfer-request`, {})
    desk.clock.forward(new Date(deadline ?? '').getTime() - desk.clock.now().getTime())
    expect((await desk.post(`/cases/${patient}/withdraw-request`, {})).status).toBe(200)
    await desk.close()
  })
})
