import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { instantOf } from '../src/kernel/time.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk, HANDOVER } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const BEDS = { 'hub/intensive': {}, 'hub/severe': {}, 'hub/ordinary': {}, 'dist/ordinary': {} }
const TWO = { cases: people(2), pools: BEDS, fleet: 'listed', vehicles: { van: {}, car: {} } } as const satisfies CityPatch
const NOT_ASSESSED = { fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null }
const broken = ({ status, json }: Said) => [status, ...((json as { errors?: { pointer: string }[] }).errors ?? []).map(({ pointer }) => pointer)]
const refused = ({ status, json }: Said) => [status, (json as { code?: string }).code, (json as { detail?: string }).detail]

eachDatabase((_, open) => {
  test('who became critical rides on no judgement of a milder patient: not by a plan, an order, a diversion or out of the door', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO, cases: people(2, { assumed: ['fitness', 'sex'] }) }))
    const { orders } = await desk.approved()
    const [one = '', two = ''] = orders
    const [{ patient: first }, { patient: second }] = [await desk.order(one), await desk.order(two)]
    await desk.steps(two, 'accept')
    desk.clock.forward(MINUTE)
    const worse = await desk.post(`/cases/${first}/severity`, { severity: 'critical' })
    expect(worse.json).toMatchObject({ severity: 'critical', ...NOT_ASSESSED, assumed: ['sex'], remarks: [{ kind: 'fitnessOutgrown', text: {
      en: `they were judged fit to travel at ${at('00:00')}, less ill than now; they are critical, and count as not assessed: let two doctors assess it again before they travel (/fitness)`,
    } }] })
    expect(broken(await desk.step(one, 'divert', { pool: 'hub/intensive', note: 'worse' }))).toEqual([409, `fitness/${first}`])
    expect((await desk.step(one, 'cancel', { note: 'worse' })).status).toBe(200)
    const order = { patient: first, pool: 'hub/intensive', reason: 'worsened', vehicle: 'car', leavesBase: at('12:00') }
    expect(broken(await desk.post('/transfer-orders', order))).toEqual([409, `fitness/${first}`])
    const { plan: { moves } } = await desk.draft()
    expect(moves.map(({ patient }) => patient)).not.toContain(first)
    await desk.post(`/cases/${second}/severity`, { severity: 'severe' })
    expect(broken(await desk.step(two, 'dispatch', { vehicle: 'van' }))).toEqual([409, `careLevel/${second}`, `fitness/${second}`])

    desk.clock.forward(MINUTE)
    const now = instantOf(desk.clock.now())
    const judged = await desk.post(`/cases/${first}/fitness`, { fitness: 'fit', assessedAt: now, validUntil: null, assessors: ['icu-1', 'resp-2'] })
    expect(judged.json).toMatchObject({ fitness: 'fit', fitnessAssessedAt: now })
    expect((await desk.post('/transfer-orders', order)).status).toBe(201)
    await desk.close()
  })

  test('who got worse on the road is diverted and handed over all the same, and assessed before they ride again', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    const { orders: [id = ''] } = await desk.approved()
    await desk.steps(id, 'accept', 'dispatch')
    const { patient } = await desk.order(id)
    desk.clock.forward(20 * MINUTE)
    expect((await desk.step(id, 'worsen', { severity: 'critical' })).status).toBe(200)
    expect((await desk.say(`/cases/${patient}`, 'reader')).json).toMatchObject({ severity: 'critical', ...NOT_ASSESSED })
    expect((await desk.step(id, 'divert', { pool: 'hub/intensive', note: 'intubated' })).status).toBe(200)
    desk.clock.forward(20 * MINUTE)
    expect((await desk.step(id, 'arrive', { handover: { ...HANDOVER, ...desk.handover() } })).status).toBe(200)
    expect(broken(await desk.post('/transfer-orders', { patient, outside: 'Chengdu', travelMinutes: 100, reason: 'elsewhere', vehicle: 'car', leavesBase: at('12:00') })))
      .toEqual([409, `fitness/${patient}`])
    await desk.close()
  })

  test('what counts and what does not, in whatever order it is told', async () => {
    const desk = await Desk.open(await open(), city({ ...TWO, cases: people(6) }))
    desk.clock.forward(60 * MINUTE)
    const reassess = async (id: string, severity: string, clock: string) => (await desk.post(`/cases/${id}/severity`, { severity, at: at(clock) })).json
    const judge = (id: string, clock: string, fitness = 'fit') =>
      desk.post(`/cases/${id}/fitness`, { fitness, assessedAt: at(clock), validUntil: null, assessors: ['icu-1', 'resp-2'] })
    // Judged as ill as they are, though told first.
    await judge('south-1', '00:20')
    expect(await reassess('south-1', 'severe', '00:20')).toMatchObject({ severity: 'severe', fitness: 'fit', remarks: [] })
    // Worse again, and the same again.
    expect(await reassess('south-1', 'critical', '00:21')).toMatchObject({ ...NOT_ASSESSED, remarks: [{ kind: 'fitnessOutgrown' }] })
    await judge('south-1', '00:22')
    expect(await reassess('south-1', 'critical', '00:30')).toMatchObject({ fitness: 'fit', remarks: [] })
    expect(await reassess('south-1', 'ordinary', '00:40')).toMatchObject({ fitness: 'fit', remarks: [] })
    // One that they cannot travel stands.
    await judge('south-2', '00:10', 'unfit')
    expect(await reassess('south-2', 'critical', '00:20')).toMatchObject({ fitness: 'unfit', fitnessAssessedAt: at('00:10'), remarks: [] })
    // Told late.
    await reassess('south-3', 'severe', '00:20')
    await reassess('south-3', 'severe', '00:30')
    expect(refused(await judge('south-3', '00:19'))).toEqual([409, 'figureIsOlder',
      `south-3 got worse at ${at('00:20')} and is severe now: what was judged or signed before does not count; let it be judged or signed again`])
    expect((await judge('south-3', '00:25')).json).toMatchObject({ fitness: 'fit' })
    await reassess('south-4', 'critical', '00:20')
    expect((await judge('south-4', '00:10', 'unfit')).json).toMatchObject({ fitness: 'unfit' })
    // By a full report.
    const { id: _, version: _v, effectiveAt: _e, recordedAt: _r, recordedBy: _b, ...stands } = (await desk.say('/cases/south-5', 'reader')).json as Record<string, unknown>
    const put = (change: object) => desk.say('/cases/south-5', 'group', { method: 'PUT', body: { ...stands, assumed: ['*'], ...change, asOf: null }, headers: { 'if-match': '*' } })
    expect((await put({ sex: 'female' })).json).toMatchObject({ fitness: 'fit', assumed: ['*'] })
    const { assumed, ...reported } = (await put({ severity: 'severe' })).json as { assumed: string[] }
    expect([reported, assumed.filter((field) => field.startsWith('fitness')), assumed.includes('severity')]).toEqual([expect.objectContaining(NOT_ASSESSED), [], true])
    await desk.close()
  })
})
