import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
const TWO = { cases: people(2), pools: { 'hub/ordinary': {}, 'hub/ordinary#2': {}, 'dist/ordinary': {} } } as const
const said = ({ status, json }: Said) => [status, (json as { code?: string }).code]

eachDatabase((_, open) => {
  test('who made a draft does not issue its lines beside it, nor has it so by phone', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run, plan } = await desk.draft({}, 'group')
    const [{ patient = '', pool = '' } = {}, { patient: second = '', pool: there = '' } = {}] = plan.moves
    const order = { patient, pool, reason: 'newCase' }
    const own = await desk.post('/transfer-orders', order, 'group')
    expect([...said(own), (own.json as { detail: string }).detail]).toEqual([403, 'ownPlan',
      `that ${patient} goes to ${pool} is a line of the plan of run ${run}, for which group asked; somebody else approves that plan, or issues this order`])
    const phone = { calledPost: 'night', answeredPost: 'group', at: at('00:00') }
    expect(said(await desk.post('/transfer-orders', { ...order, phone }, 'desk'))).toEqual([403, 'ownPlan'])
    // Another bed is none of its lines; and another post decides for itself.
    const other = pool === 'hub/ordinary' ? 'hub/ordinary#2' : 'hub/ordinary'
    expect(said(await desk.post('/transfer-orders', { ...order, pool: other }, 'group'))).toEqual([201, undefined])
    expect(said(await desk.post('/transfer-orders', { patient: second, pool: there, reason: 'newCase' }, 'commander'))).toEqual([201, undefined])
    await desk.close()
  })

  test('a draft that is decided binds its maker no more', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { run, plan } = await desk.draft({}, 'group')
    const [{ patient = '', pool = '' } = {}] = plan.moves
    const order = { patient, pool, reason: 'newCase' }
    expect((await desk.post(`/plan-runs/${run}/approve`, { strike: plan.moves.map((move) => ({ patient: move.patient, reason: 'later' })) }, 'commander')).status).toBe(200)
    expect(said(await desk.post('/transfer-orders', order, 'group'))).toEqual([201, undefined])
    await desk.close()
  })

  test('an order outside any plan wants the paper of another post, by phone or not', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const issued = await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'newCase' }, 'group')
    const { id } = issued.json as { id: string }
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { order: string; kind: string; since: string }[] }).rings.map(({ order, kind, since }) => [order, kind, since])
    desk.clock.forward(12 * HOUR - 1)
    expect(await rings()).toEqual([])
    desk.clock.forward(1)
    expect(await rings()).toEqual([[id, 'notConfirmed', at('12:00')]])
    expect(said(await desk.step(id, 'confirm', {}, 'group'))).toEqual([403, 'ownPlan'])
    expect(said(await desk.step(id, 'confirm', {}, 'commander'))).toEqual([200, undefined])
    expect(said(await desk.step(id, 'confirm', {}, 'commander'))).toEqual([409, 'tooLate'])
    expect(await rings()).toEqual([])
    await desk.close()
  })
})
