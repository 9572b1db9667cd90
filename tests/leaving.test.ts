import { afterAll, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import { EVERYWHERE } from '../src/kernel/roles.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { byPost, serving } from './support/serving.js'

afterAll(closeSolvers)

/** Two wait in the district; two vans may drive them, one of them without life support. */
const TWO = {
  cases: people(2), pools: { 'hub/ordinary': {}, 'hub/severe': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, plain: { lifeSupport: false } },
} as const satisfies CityPatch
const said = ({ status, json }: { status: number; json: unknown }) => {
  const { code, errors = [] } = json as { code?: string; errors?: { pointer: string }[] }
  return [status, code, ...errors.map(({ pointer }) => pointer)]
}

/** Whoever is named plays one role of the city; any other post may do everything. */
const byRole: Identify = async (asked) => {
  const role = (['planner', 'transferDesk', 'treatmentGroup', 'commander'] as const).find((one) => asked.authorization === `Post ${one}`)
  return role === undefined ? byPost(asked) : { id: role, grants: [{ role, ...EVERYWHERE }] }
}

eachDatabase((_, open) => {
  test('no vehicle leaves for somebody who is gone, or in a van that is out or carries too little', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { orders } = await desk.approved()
    const [one = '', two = ''] = orders
    await desk.steps(one, 'accept')
    await desk.steps(two, 'accept')
    const stayOf = async (patient: string) => ((await desk.say(`/stays?open=true&case=${patient}`, 'reader')).json as { items: { id: string; place: string; beganAt: string }[] }).items[0]
    await desk.steps(one, 'dispatch')
    const { vehicle, patient: first } = await desk.order(one)
    // A second patient in the van of the first would be two on one trip.
    expect(said(await desk.step(two, 'dispatch', { vehicle }))).toEqual([409, 'breaksMust', `decontamination/${vehicle}`])
    await desk.steps(one, 'arrive')
    expect(said(await desk.step(two, 'dispatch', { vehicle }))).toEqual([409, 'breaksMust', `decontamination/${vehicle}`])
    await desk.steps(one, 'decontaminate')
    expect((await stayOf(first))?.place).toBe('hub')

    const { patient } = await desk.order(two)
    await desk.post(`/cases/${patient}/fitness`, { fitness: 'unfit', assessedAt: at('00:00'), validUntil: null, assessors: ['icu-1', 'icu-2'] })
    expect(said(await desk.step(two, 'dispatch', { vehicle: 'van' }))).toEqual([409, 'breaksMust', `fitness/${patient}`])
    desk.clock.forward(1000)
    await desk.post(`/cases/${patient}/fitness`, { fitness: 'fit', assessedAt: new Date(desk.clock.now().getTime() + 8 * 3600_000).toISOString().replace('Z', '+08:00'), validUntil: at('23:00'), assessors: ['icu-1', 'icu-2'] })
    await desk.post(`/cases/${patient}/severity`, { severity: 'severe' })
    // Worse since it was ordered: the bed that is kept is none for them, nor is the plain van.
    expect(said(await desk.step(two, 'dispatch', { vehicle: 'plain' }))).toEqual([409, 'breaksMust', 'lifeSupport/plain'])
    expect(said(await desk.step(two, 'dispatch', { vehicle: 'van' }))).toEqual([409, 'breaksMust', `careLevel/${patient}`])
    expect((await desk.order(two)).state).toBe('accepted')

    const stay = await stayOf(patient)
    await desk.post(`/stays/${stay?.id}/move`, { place: 'hub', pool: 'hub/severe' })
    expect(said(await desk.step(two, 'dispatch', { vehicle: 'van' }))).toEqual([409, 'alreadyInCare'])
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; order: string; since: string }[] }).rings.map(({ kind, order, since }) => [kind, order, since])
    const moved = (await stayOf(patient))?.beganAt
    expect(await rings()).toEqual([['patientGone', two, moved]])
    desk.clock.forward(60_000)
    // Back where the order collects them, whatever stays of theirs have ended.
    await desk.post(`/stays/${(await stayOf(patient))?.id}/move`, { place: 'dist', pool: 'dist/ordinary' })
    expect(await rings()).toEqual([])
    desk.clock.forward(60_000)
    await desk.post(`/stays/${(await stayOf(patient))?.id}/end`, { ending: 'discharged' })
    expect(said(await desk.step(two, 'dispatch', { vehicle: 'van' }))).toEqual([409, 'notInCare'])
    const [[, , left = ''] = []] = await rings()
    expect(new Date(left).getTime()).toBe(new Date(moved ?? '').getTime() + 120_000)
    expect((await desk.step(two, 'cancel', { note: '患者已出院' })).status).toBe(200)
    expect(await rings()).toEqual([])
    await desk.close()
  })

  test('who puts a call down does not answer it, and a planner opens no reserve', async () => {
    const database = await open()
    const desk = await Desk.open(database, city({ ...TWO, places: { spare: { kind: 'reserveHospital', unit: 'north' } }, blocks: { 'spare/a': {} } }))
    const { run } = await desk.draft()
    const asked = await serving(database, { clock: desk.clock, identify: byRole })
    const say = (path: string, post: string, method: string, body: object, headers = {}) => desk.sayAt(asked.address, path, post, { method, body, headers })
    const call = (calledPost: string, answeredPost: string) => ({ phone: { calledPost, answeredPost, at: at('00:00') } })
    const order = { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('06:00') }
    for (const [called, answered] of [['night', 'transferDesk'], ['night', 'night'], ['night', '张三']] as const) {
      expect([called, answered, ...said(await say(`/plan-runs/${run}/approve`, 'transferDesk', 'POST', call(called, answered)))]).toEqual([called, answered, 400, 'invalidInput', '/phone/answeredPost'])
      expect(said(await say('/transfer-orders', 'transferDesk', 'POST', { ...order, ...call(called, answered) }))).toEqual([400, 'invalidInput', '/phone/answeredPost'])
    }
    expect(said(await say(`/plan-runs/${run}/approve`, 'transferDesk', 'POST', call('transferDesk', 'group-duty')))).toEqual([200, undefined])

    const at1 = '/reserve-blocks/spare%2Fa'
    const { json, headers } = await desk.say(at1, 'reader')
    const { id: _id, version: _version, effectiveAt: _at, recordedAt: _then, recordedBy: _by, ...block } = json as Record<string, unknown>
    const put = async (post: string, change: object, path = at1, match = headers.get('etag')) => said(await say(path, post, 'PUT', { ...block, ...change }, match === null ? {} : { 'if-match': match }))
    expect(await put('planner', { opened: true })).toEqual([403, 'forbidden'])
    expect(await put('planner', { opened: true, sequence: 2 }, '/reserve-blocks/spare%2Fb', null)).toEqual([403, 'forbidden'])
    expect(await put('planner', { leadDays: 3 })).toEqual([200, undefined])
    const second = (await desk.say(at1, 'reader')).headers.get('etag')
    expect(await put('commander', { opened: true }, at1, second)).toEqual([200, undefined])
    const third = (await desk.say(at1, 'reader')).headers.get('etag')
    expect(await put('planner', { opened: false }, at1, third)).toEqual([403, 'forbidden'])
    await asked.close()
    await desk.close()
  })

  test('the paper of an order by phone that opened a reserve is signed by whoever may open one', async () => {
    const database = await open()
    const desk = await Desk.open(database, city({
      ...TWO, cases: people(2), places: { spare: { kind: 'reserveHospital', unit: 'north' } }, blocks: { 'spare/a': {} }, travel: { 'dist→spare': 20 },
      pools: { 'dist/ordinary': {}, 'spare/ordinary': { block: 'spare/a' } },
    }))
    const asked = await serving(database, { clock: desk.clock, identify: byRole })
    const post = async (path: string, by: string, body: object) => said(await desk.sayAt(asked.address, path, by, { method: 'POST', body }))
    const order = (patient: string) => post('/transfer-orders', 'transferDesk', {
      patient, pool: 'spare/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at(patient === 'south-1' ? '06:00' : '12:00'), phone: { calledPost: 'night', answeredPost: 'commander-duty', at: at('00:00') },
    })
    expect([await order('south-1'), await order('south-2')]).toEqual([[201, undefined], [201, undefined]])
    const confirm = (number: number, by: string) => post(`/transfer-orders/2020-01-30-000${number}/confirm`, by, {})
    expect(await confirm(1, 'treatmentGroup')).toEqual([403, 'forbidden'])
    expect(await confirm(1, 'commander')).toEqual([200, undefined])
    // By then the block took patients already.
    expect(await confirm(2, 'treatmentGroup')).toEqual([200, undefined])
    await asked.close()
    await desk.close()
  })
})
