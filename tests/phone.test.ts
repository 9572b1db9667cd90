import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
const TWO = {
  cases: people(2), pools: { 'hub/ordinary': {}, 'dist/ordinary': {}, 'spare/ordinary': { block: 'spare/a' } }, fleet: 'listed', vehicles: { van: {} },
  places: { spare: { kind: 'reserveHospital', unit: 'north' } }, blocks: { 'spare/a': {} }, travel: { 'dist→spare': 20 },
} as const satisfies CityPatch
const said = ({ status, json }: Said) => {
  const { code, errors = [] } = json as { code?: string; errors?: { pointer: string; detail: string }[] }
  return [status, code, ...errors.map(({ pointer, detail }) => `${pointer} ${detail}`)]
}
const grant = (role: string, scope: object = { kind: 'city' }) => ({ role, scope })

async function withAccounts(desk: Desk): Promise<void> {
  const accounts = {
    'duty-group': { grants: [grant('treatmentGroup')] }, commander: { grants: [grant('commander')] }, viewer: { grants: [grant('viewer')] },
    'old-group': { grants: [grant('treatmentGroup')], disabled: true }, 'hub-group': { grants: [grant('bedManager', { kind: 'place', id: 'hub' })] },
  }
  for (const [id, account] of Object.entries(accounts)) {
    const put = await desk.say(`/accounts/${id}`, 'admin', { method: 'PUT', body: { title: { zh: id, en: id }, ...account } })
    expect([put.status, put.status === 201 ? '' : put.text]).toEqual([201, ''])
  }
}

eachDatabase((_, open) => {
  test('who answered a call may decide it, where it is an account; and is not who asked, however it is written', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    await withAccounts(desk)
    const { run } = await desk.draft()
    const approve = async (answeredPost: string, calledPost = 'night') => said(await desk.post(`/plan-runs/${run}/approve`, { phone: { calledPost, answeredPost, at: at('00:00') } }, 'desk'))
    const order = async (answeredPost: string, more: object = {}) =>
      said(await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('06:00'), phone: { calledPost: 'night', answeredPost, at: at('00:00') }, ...more }, 'desk'))
    const mayNot = (post: string) => [400, 'invalidInput', `/phone/answeredPost the account ${post} is disabled or may not approve transfers; name the post that may, and answered`]
    for (const post of ['viewer', 'VIEWER', 'old-group', 'hub-group']) expect([await approve(post), await order(post)]).toEqual([mayNot(post), mayNot(post)])
    expect(await approve('duty-group', 'Old-Group')).toEqual([400, 'invalidInput', '/phone/calledPost the account Old-Group is disabled; name the post that called'])
    expect((await approve('NIGHT')).slice(0, 2)).toEqual([400, 'invalidInput'])
    expect((await approve('PLANNER')).slice(0, 2)).toEqual([403, 'ownPlan'])
    // Opening a reserve is the commander's alone, on the phone too.
    expect(await order('duty-group', { pool: 'spare/ordinary' })).toEqual([400, 'invalidInput',
      '/phone/answeredPost the account duty-group is disabled or may not approve opening a reserve block; name the post that may, and answered'])
    // A post that signs in nowhere is taken at its word.
    expect(await order('city-duty-2')).toEqual([201, undefined])
    expect((await desk.step('2020-01-30-0001', 'cancel', { note: 'the plan has them' })).status).toBe(200)
    expect(await approve('Duty-Group')).toEqual([200, undefined])
    await desk.close()
  })

  test('nobody approved a plan before it was there, or puts a call of days ago down', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    desk.clock.forward(26 * HOUR + 30_000)
    const { run } = await desk.draft()
    const phone = (day: string, clock: string) => ({ phone: { calledPost: 'night', answeredPost: 'duty-group', at: `2020-01-${day}T${clock}:00+08:00` } })
    const approve = async (day: string, clock: string) => said(await desk.post(`/plan-runs/${run}/approve`, phone(day, clock), 'desk'))
    const early = [422, 'wrongTime', '/phone/at the plan was computed at 2020-01-31T02:00:30+08:00; nobody approved it before']
    expect([await approve('30', '02:00'), await approve('31', '01:59')]).toEqual([early, early])
    const order = async (day: string, clock: string) =>
      said(await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: '2020-01-31T06:00:00+08:00', ...phone(day, clock) }, 'desk'))
    expect(await order('30', '02:00')).toEqual([422, 'wrongTime', '/phone/at the call is put down within 24 hours; it is 2020-01-31T02:00:30+08:00 now'])
    expect((await order('31', '02:01')).slice(0, 2)).toEqual([422, 'wrongTime'])
    expect(await order('30', '02:01')).toEqual([201, undefined])
    expect((await desk.step('2020-01-31-0001', 'cancel', { note: 'the plan has them' })).status).toBe(200)
    // Written down to the minute.
    expect(await approve('31', '02:00')).toEqual([200, undefined])
    await desk.close()
  })

  test('a plan that was approved before midnight and put down after it is of the day on which it was put down, and missed by none', async () => {
    const desk = await Desk.open(await open(), city(TWO))
    desk.clock.forward(23.5 * HOUR)
    const { run } = await desk.draft({ planDay: '2020-01-31' })
    desk.clock.forward(HOUR)
    const phone = { calledPost: 'night', answeredPost: 'duty-group', at: at('23:45') }
    expect((await desk.post(`/plan-runs/${run}/approve`, { phone }, 'desk')).status).toBe(200)
    desk.clock.forward(24 * HOUR)
    const plansOf = async (day: string) => {
      const report = await desk.post('/daily-reports', { day, cutOff: 'midnight' }, 'reporter')
      expect([report.status, report.status === 201 ? '' : report.text]).toEqual([201, ''])
      return (report.json as { plans: { id: string; approvedAt: string }[] }).plans.map(({ id, approvedAt }) => [id, approvedAt])
    }
    expect([await plansOf('2020-01-30'), await plansOf('2020-01-31')]).toEqual([[], [[run, at('23:45')]]])
    await desk.close()
  })
})
