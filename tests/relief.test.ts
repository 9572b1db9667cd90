import { afterAll, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import type { Database } from '../src/db/database.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { byPost, type Said, serving } from './support/serving.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const WAITING = {
  cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00' }), pools: { 'hub/ordinary': { staffed: 3 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
const said = ({ status, json }: Said) => {
  const { code, detail, errors = [] } = json as { code?: string; detail?: string; errors?: { pointer: string }[] }
  return [status, code, detail, ...errors.map(({ pointer }) => pointer)]
}

/** A bed manager of one place, said by whoever signs as `beds-<place>`; anybody else may do everything. */
const byPlace: Identify = async (asked) => {
  const [, place] = /^Post beds-(\w+)$/.exec(asked.authorization ?? '') ?? []
  if (place === undefined) return byPost(asked)
  return { id: `beds-${place}`, grants: [{ role: 'bedManager', isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }] }
}

/** The same store, asked by places. */
async function asPlaces(desk: Desk, database: Database) {
  const served = await serving(database, { clock: desk.clock, identify: byPlace })
  const say = (path: string, post: string, body?: object) => desk.sayAt(served.address, path, post, body === undefined ? {} : { method: 'POST', body })
  return { served, say }
}

eachDatabase((_, open) => {
  test('a place reads the reliefs of its own beds, how long they have stood, and lifts each once', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(WAITING))
    const { orders: [one = '', two = ''] } = await desk.approved()
    const { served, say } = await asPlaces(desk, database)
    const reliefs = async (post: string, query = '') => {
      const { status, json } = await say(`/reliefs${query}`, post)
      return [status, ...((json as { items?: { order: string; beds: number; stoodMinutes: number }[] }).items ?? []).map(({ order, beds, stoodMinutes }) => [order, beds, stoodMinutes])]
    }
    await desk.step(one, 'ask-relief', { reason: 'noOxygen', beds: 2 })
    // Whose turn it is, is said to whoever has none.
    expect(said(await say(`/transfer-orders/${one}/accept`, 'beds-hub', {}))).toEqual([409, 'stepOutOfOrder',
      `order ${one} is relief asked for since ${at('00:00')}, by desk, so one cannot accept; none of its steps is yours now: it is for the city (transfer desk, treatment group, commander) to uphold the relief or overrule the relief or divert or cancel, or it is for the sender dist (bed manager, isolation site manager), or the city (transfer desk) to note that patient or family are unwilling`])
    await desk.step(one, 'uphold')
    await desk.step(two, 'ask-relief', { reason: 'noStaff' })
    desk.clock.forward(61.5 * MINUTE)
    await desk.step(two, 'uphold')
    expect([await reliefs('beds-hub'), await reliefs('beds-dist'), await reliefs('desk')]).toEqual([[200, [one, 2, 61], [two, 1, 0]], [200], [200, [one, 2, 61], [two, 1, 0]]])
    const possible = async () => ((await say(`/transfer-orders/${one}`, 'beds-hub')).json as { possible: string[] }).possible
    expect(await possible()).toEqual(['lift'])
    expect((await say(`/transfer-orders/${one}/lift-relief`, 'beds-hub', {})).json).toMatchObject({ state: 'relieved', possible: [] })
    desk.clock.forward(MINUTE)
    expect([await possible(), ((await say('/transfer-orders', 'beds-hub')).json as { items: { possible: string[] }[] }).items.map((order) => order.possible)]).toEqual([[], [[], ['lift']]])
    expect(said(await desk.step(one, 'lift-relief'))).toEqual([409, 'stepOutOfOrder',
      `order ${one} is relieved, and the relief lifted, since 2020-01-30T01:01:30+08:00, by beds-hub, so one cannot lift the relief; no step is left`])
    expect([await reliefs('beds-hub', '?open=true'), await reliefs('beds-hub', '?open=false')]).toEqual([[200, [two, 1, 1]], [200, [one, 2, 61]]])
    await served.close()
    await desk.close()
  })

  test('nobody is relieved of more beds than are staffed', async () => {
    const desk = await Desk.open(await open(), city(WAITING))
    const { orders: [one = '', two = ''] } = await desk.approved()
    const relief = (id: string, beds: number) => desk.step(id, 'ask-relief', { reason: 'noOxygen', beds })
    expect(said(await relief(one, 4))).toEqual([422, 'wrongFigure', 'hub/ordinary has 3 staffed beds, of which it can be relieved of 3, not of 4', '/beds'])
    expect([(await relief(one, 2)).status, (await relief(two, 2)).status]).toEqual([200, 200])
    expect((await desk.step(one, 'uphold')).status).toBe(200)
    expect(said(await desk.step(two, 'uphold'))).toEqual([409, 'stepOutOfOrder',
      'hub/ordinary has 3 staffed beds, of which it can be relieved of 1, not of 2 as asked; overrule it, and let the receiver ask anew'])
    expect((await desk.step(two, 'overrule')).status).toBe(200)
    expect((await desk.step(one, 'lift-relief')).status).toBe(200)
    expect((await relief(two, 3)).status).toBe(200)
    await desk.close()
  })

  test('whose relief was upheld rings until there is another order, or they wait no more', async () => {
    const desk = await Desk.open(await open(), city(WAITING))
    const { orders: [one = '', two = ''] } = await desk.approved()
    const [{ patient }, { patient: other }] = [await desk.order(one), await desk.order(two)]
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; order: string; since: string }[] }).rings.map(({ kind, order, since }) => [kind, order, since]).sort()
    desk.clock.forward(MINUTE)
    for (const id of [one, two]) {
      await desk.step(id, 'ask-relief', { reason: 'noOxygen' })
      expect((await desk.step(id, 'uphold')).status).toBe(200)
    }
    desk.clock.forward(MINUTE)
    const both = [['reliefUpheld', one, at('00:01')], ['reliefUpheld', two, at('00:01')]]
    expect(await rings()).toEqual(both)
    // What the receiver can take again is still nobody's order.
    expect((await desk.step(one, 'lift-relief')).status).toBe(200)
    expect(await rings()).toEqual(both)
    const shift = (await desk.post('/handovers', { toPost: 'night' })).json as { orders: object[]; fallenOut: { order: string; kind: string }[] }
    expect([shift.orders, shift.fallenOut.map(({ order, kind }) => [order, kind]).sort()]).toEqual([[], [[one, 'reliefUpheld'], [two, 'reliefUpheld']]])
    const next = await desk.post('/transfer-orders', { patient, pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('06:00') })
    expect(next.status).toBe(201)
    expect((await desk.post(`/cases/${other}/withdraw-request`, {})).status).toBe(200)
    expect(await rings()).toEqual([])
    // Another order that came to nothing leaves them where they were, and is what is told then.
    const { id: last } = next.json as { id: string }
    expect((await desk.step(last, 'cancel', { note: 'no' })).status).toBe(200)
    expect(await rings()).toEqual([['orderCancelled', last, at('00:02')]])
    await desk.close()
  })
})
