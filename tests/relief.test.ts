import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const WAITING = {
  cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00' }), pools: { 'hub/ordinary': { staffed: 3 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
const said = ({ status, json }: Said) => {
  const { code, detail, errors = [] } = json as { code?: string; detail?: string; errors?: { pointer: string }[] }
  return [status, code, detail, ...errors.map(({ pointer }) => pointer)]
}

eachDatabase((_, open) => {
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
