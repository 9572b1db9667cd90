import { afterAll, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import { EVERYWHERE, type HeldGrant } from '../src/kernel/roles.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { byPost, serving } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3_600_000
const grantAt = (role: HeldGrant['role'], place: string): HeldGrant => ({ role, isCity: false, units: new Set(), places: new Set([place]), homes: new Set() })
/** `beds-hub` looks after the beds of the hub, and so on; `transfer-desk` is the desk; any other post may do everything. */
const identify: Identify = async (asked) => {
  const place = /^Post beds-(\w+)$/.exec(asked.authorization ?? '')?.[1]
  if (place !== undefined) return { id: `beds-${place}`, grants: [grantAt('bedManager', place)] }
  return asked.authorization === 'Post transfer-desk' ? { id: 'transfer-desk', grants: [{ role: 'transferDesk', ...EVERYWHERE }] } : byPost(asked)
}

eachDatabase((_, open) => {
  test('whoever looks after one place sees and does what leaves from there or leads there, and of the rest nothing', async () => {
    const database = await open()
    const desk = await Desk.open(database, city({
      cases: people(1), places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' } }, pools: { 'hub/ordinary': {}, 'dist/ordinary': {} },
    }))
    const [order = ''] = (await desk.approved()).orders
    const scoped = await serving(database, { clock: desk.clock, identify })
    const say = (path: string, post: string, body?: object) =>
      desk.sayAt(scoped.address, path, post, body === undefined ? {} : { method: 'POST', body })
    const seen = async (post: string) => ((await say('/transfer-orders', post)).json as { items: unknown[] }).items.length
    expect([await seen('beds-hub'), await seen('beds-dist'), await seen('beds-other'), await seen('desk')]).toEqual([1, 1, 0, 1])
    for (const path of ['', '/events', '/form']) {
      const statuses = await Promise.all(['beds-hub', 'beds-dist', 'beds-other'].map(async (post) => (await say(`/transfer-orders/${order}${path}`, post)).status))
      expect([path, statuses]).toEqual([path, [200, 200, 404]])
    }
    const step = async (name: string, post: string, body: object = {}) => (await say(`/transfer-orders/${order}/${name}`, post, body)).status
    expect(await step('accept', 'beds-other')).toBe(404)
    expect(await step('accept', 'beds-dist')).toBe(403)
    expect(await step('cancel', 'beds-hub', { note: 'no' })).toBe(403)
    expect(await step('accept', 'beds-hub')).toBe(200)
    expect(await step('dispatch', 'beds-hub')).toBe(403)
    expect(await step('dispatch', 'beds-dist')).toBe(200)
    desk.clock.forward(5 * HOUR)
    const late = async (post: string) => ((await say('/overdue', post)).json as { rings: { kind: string; order: string }[] }).rings.map((ring) => [ring.kind, ring.order])
    expect([await late('beds-hub'), await late('beds-dist'), await late('beds-other'), await late('desk')]).toEqual([[['notArrived', order]], [['notArrived', order]], [], [['notArrived', order]]])
    expect(await step('arrive', 'beds-dist', { handover: desk.handover() })).toBe(403)
    // The stay lies out of the receiver's reach until this moment.
    expect(await step('arrive', 'beds-hub', { handover: desk.handover() })).toBe(200)
    expect(scoped.bugs).toEqual([])
    await scoped.close()
    await desk.close()
  })

  test('the desk diverts at night without waking anybody, but does not open a reserve', async () => {
    const database = await open()
    const desk = await Desk.open(database, city({
      cases: people(1), places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' }, spare: { kind: 'reserveHospital', unit: 'north' } },
      blocks: { 'spare/1': { place: 'spare' } }, pools: { 'hub/ordinary': {}, 'other/ordinary': {}, 'spare/ordinary': { block: 'spare/1' } },
      travel: { 'dist→other': 90, 'dist→spare': 95, 'hub→other': 9, 'hub→spare': 8 },
    }))
    const [order = ''] = (await desk.approved()).orders
    const scoped = await serving(database, { clock: desk.clock, identify })
    const divert = (pool: string, post: string) =>
      desk.sayAt(scoped.address, `/transfer-orders/${order}/divert`, post, { method: 'POST', body: { pool, note: 'the hub burns' } })
    await desk.steps(order, 'accept', 'dispatch')
    expect((await desk.sayAt(scoped.address, `/transfer-orders/${order}`, 'transfer-desk')).json).toMatchObject({ possible: expect.arrayContaining(['divert']) })
    expect((await divert('spare/ordinary', 'transfer-desk')).status).toBe(403)
    expect((await divert('other/ordinary', 'transfer-desk')).json).toMatchObject({ state: 'dispatched', pool: 'other/ordinary' })
    expect((await divert('spare/ordinary', 'commander')).json).toMatchObject({ pool: 'spare/ordinary' })
    await scoped.close()
    await desk.close()
  })
})
