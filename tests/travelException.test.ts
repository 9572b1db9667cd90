import { afterAll, expect, test } from 'vitest'
import { instantOf } from '../src/kernel/time.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** A critical patient, whose only bed is farther than critical ones may go, and a severe one, who may. */
const FAR = {
  cases: { ...people(1, { severity: 'critical' }), ...people(1, { severity: 'severe' }, 'south', 2) },
  pools: { 'hub/intensive': {}, 'hub/severe': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {} }, travel: { 'dist→hub': 191 },
} as const satisfies CityPatch
const refused = ({ status, json }: Said) => [status, (json as { code?: string }).code, ...((json as { errors?: { pointer: string }[] }).errors ?? []).map(({ pointer }) => pointer)]

eachDatabase((_, open) => {
  const after = (desk: Desk, milliseconds: number) => instantOf(new Date(desk.clock.now().getTime() + milliseconds))
  const sign = (desk: Desk, id: string, body: object, post = 'group') => desk.post(`/cases/${id}/travel-exception`, body, post)

  test('is signed by whoever decides on transfers, for days; by phone for a day; and by nobody else', async () => {
    const desk = await Desk.open(await open(), city(FAR))
    const [id = ''] = Object.keys(FAR.cases)
    const phone = (minutesAgo: number) => ({ calledPost: 'ward-icu', answeredPost: 'group-duty', at: after(desk, -minutesAgo * MINUTE) })
    expect(refused(await sign(desk, id, { until: after(desk, HOUR) }, 'idle'))).toEqual([403, 'forbidden'])
    expect(refused(await sign(desk, id, { until: after(desk, -MINUTE) }))).toEqual([422, 'wrongTime', '/until'])
    expect(refused(await sign(desk, id, { until: after(desk, 7 * 24 * HOUR + 1000) }))).toEqual([422, 'wrongTime', '/until'])
    expect(refused(await sign(desk, id, { until: after(desk, 24 * HOUR - 10 * MINUTE), phone: phone(11) }))).toEqual([422, 'wrongTime', '/until'])
    expect(refused(await sign(desk, id, { until: after(desk, HOUR), phone: phone(24 * 60 + 1) }))).toEqual([422, 'wrongTime', '/phone/at'])
    expect(refused(await sign(desk, id, { until: after(desk, HOUR), phone: { ...phone(1), answeredPost: 'ward-icu' } }))).toEqual([400, 'invalidInput', '/phone/answeredPost'])
    expect(refused(await sign(desk, 'south-99', { until: after(desk, HOUR) }))).toEqual([404, 'notFound', 'param:/id'])

    const day = after(desk, 24 * HOUR - 11 * MINUTE)
    expect((await sign(desk, id, { until: day, phone: phone(11) })).json).toMatchObject({ travelExceptionUntil: day, source: 'exceptionSigned by group', version: 2 })
    const week = after(desk, 7 * 24 * HOUR)
    expect((await sign(desk, id, { until: week, source: '救治组 2020-01-30 批' })).json).toMatchObject({ travelExceptionUntil: week, version: 3 })
    expect((await sign(desk, id, { until: week }, 'chief')).json).toMatchObject({ travelExceptionUntil: week, version: 4, recordedBy: 'chief' })
    expect((await sign(desk, id, { until: null })).json).toMatchObject({ travelExceptionUntil: null, version: 5 })
    expect((await sign(desk, id, { until: null })).json).toMatchObject({ version: 5 })
    const { items } = (await desk.say(`/journal?subject=${encodeURIComponent(id)}`, 'auditor')).json as { items: { action: string; details: { phone?: object } }[] }
    const told = items.filter(({ action }) => action.startsWith('case.exception')).map(({ action, details }) => [action, details.phone !== undefined])
    expect(told.sort()).toEqual([['case.exceptionLifted', false], ['case.exceptionSigned', false], ['case.exceptionSigned', false], ['case.exceptionSigned', true]])
    await desk.close()
  })

  test('no full report signs one, for somebody new or who stands, and none lifts one', async () => {
    const desk = await Desk.open(await open(), city(FAR))
    const [id = ''] = Object.keys(FAR.cases)
    const { id: _id, version, recordedAt: _at, recordedBy: _by, effectiveAt: _from, ...body } = (await desk.say(`/cases/${id}`, 'ward')).json as Record<string, unknown>
    const put = (to: string, change: object, seen?: unknown) => desk.say(`/cases/${to}`, 'ward', { method: 'PUT', body: { ...body, ...change }, headers: seen === undefined ? {} : { 'if-match': `"${seen}"` } })
    const wrong = [422, 'wrongReference', '/travelExceptionUntil']
    expect(refused(await put(id, { travelExceptionUntil: after(desk, HOUR) }, version))).toEqual(wrong)
    expect(refused(await put('south-7', { travelExceptionUntil: after(desk, HOUR) }))).toEqual(wrong)
    const until = after(desk, HOUR)
    expect((await sign(desk, id, { until })).status).toBe(200)
    expect(refused(await put(id, { travelExceptionUntil: null }, 2))).toEqual(wrong)
    expect((await put(id, { travelExceptionUntil: until, sex: 'female' }, 2)).json).toMatchObject({ sex: 'female', travelExceptionUntil: until })
    await desk.close()
  })

  test('a ride beyond the limit is ordered while one holds, and by none that was signed before they got worse', async () => {
    const desk = await Desk.open(await open(), city(FAR))
    const [critical = '', severe = ''] = Object.keys(FAR.cases)
    const order = (patient: string) => desk.post('/transfer-orders', { patient, pool: 'hub/intensive', reason: 'placeFails', vehicle: 'van', leavesBase: at('08:00') })
    const tooFar = (patient: string) => [409, 'breaksMust', `travelLimit/${patient}`]
    expect(refused(await order(critical))).toEqual(tooFar(critical))
    expect((await sign(desk, critical, { until: at('07:59') })).status).toBe(200)
    expect(refused(await order(critical))).toEqual(tooFar(critical))
    const until = after(desk, 23 * HOUR)
    for (const patient of [critical, severe]) expect((await sign(desk, patient, { until })).status).toBe(200)
    const issued = await order(critical)
    expect([issued.status, issued.text]).toEqual([201, expect.anything()])
    expect((await desk.step((issued.json as { id: string }).id, 'cancel', { note: 'the other first' })).status).toBe(200)

    desk.clock.forward(MINUTE)
    expect((await desk.post(`/cases/${severe}/severity`, { severity: 'critical' })).json).toMatchObject({
      travelExceptionUntil: null, remarks: [{ kind: 'fitnessOutgrown' }, { kind: 'exceptionOutgrown', text: { en: `the exception from the travel limit until ${until} was signed before it was put down that they got worse; they are critical, and it counts no more: where they still have to ride for longer, the treatment group signs anew (/travel-exception)` } }],
    })
    expect((await desk.post(`/cases/${severe}/fitness`, { fitness: 'fit', assessedAt: instantOf(desk.clock.now()), validUntil: null, assessors: ['icu-1', 'resp-2'] })).status).toBe(200)
    expect(refused(await order(severe))).toEqual(tooFar(severe))
    const before = { calledPost: 'ward-icu', answeredPost: 'group-duty', at: after(desk, -2 * MINUTE) }
    expect(refused(await sign(desk, severe, { until: after(desk, HOUR), phone: before }))).toEqual([409, 'figureIsOlder'])
    expect((await sign(desk, severe, { until })).status).toBe(200)
    expect((await order(severe)).status).toBe(201)
    await desk.close()
  })

  test('nobody who has died is given one', async () => {
    const desk = await Desk.open(await open(), city(FAR))
    const [id = ''] = Object.keys(FAR.cases)
    const { items: [stay] } = (await desk.say(`/stays?case=${id}`, 'ward')).json as { items: { id: string }[] }
    expect((await desk.post(`/stays/${stay?.id}/end`, { ending: 'died' })).status).toBe(200)
    expect(refused(await sign(desk, id, { until: after(desk, HOUR) }))).toEqual([409, 'notInCare'])
    await desk.close()
  })
})
