import { afterAll, expect, test } from 'vitest'
import { type Act, beginAct } from '../src/db/act.js'
import type { Database } from '../src/db/database.js'
import { issueOffPlan } from '../src/dispatch/offPlan.js'
import { arrive, die, dispatch } from '../src/dispatch/orderCommands.js'
import { EVERYWHERE, ROLES } from '../src/kernel/roles.js'
import { keysOf } from '../src/kernel/vocabulary.js'
import { instantOf } from '../src/kernel/time.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const TWO = { cases: people(2), pools: { 'hub/ordinary': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} } } as const satisfies CityPatch

eachDatabase((_, open) => {
  test('an order, its step and the stay that it moves are of one moment, however long the locks take', async () => {
    const database: Database = await open()
    const desk = await Desk.open(database, city(TWO))
    const { orders: [one = '', two = ''] } = await desk.approved()
    for (const id of [one, two]) await desk.steps(id, 'accept')
    const [{ patient: moved }, { patient: dead }] = [await desk.order(one), await desk.order(two)]
    // Whoever asks for the time finds it a second later than whoever asked before.
    let late = desk.clock.now().getTime()
    const now = () => new Date(late += 1000)
    const who = { id: 'slow', grants: keysOf(ROLES).map((role) => ({ role, ...EVERYWHERE })) }
    const slowly = <T>(work: (act: Act) => Promise<T>) => database.inTransaction((tx) =>
      work(beginAct({ tx, who, reach: EVERYWHERE, ifMatch: undefined }, { now, newId: desk.clock.newId }, 'request')))
    const lastStep = async (id: string) => ((await desk.say(`/transfer-orders/${id}/events`, 'reader')).json as { items: { at: string }[] }).items.at(-1)?.at
    const stays = async (patient: string) => ((await desk.say(`/stays?case=${patient}`, 'reader')).json as { items: { beganAt: string; endedAt: string | null }[] }).items
    const read = async (id: string) => (await desk.say(`/transfer-orders/${id}`, 'reader')).json as { dispatchedAt: string; arrivedAt: string; issuedAt: string }
    for (const id of [one, two]) {
      await slowly((act) => dispatch(act, id, {}))
      expect(await lastStep(id)).toBe((await read(id)).dispatchedAt)
    }
    const signed = { post: 'ward', at: instantOf(new Date(late)) }
    await slowly((act) => arrive(act, one, { handover: { condition: 'stable', treatment: 'none', belongings: 'none', sender: signed, crew: signed, receiver: signed } }))
    const { arrivedAt } = await read(one)
    expect([await lastStep(one), (await stays(moved)).flatMap(({ beganAt, endedAt }) => (endedAt === null ? [beganAt] : [endedAt]))]).toEqual([arrivedAt, [arrivedAt, arrivedAt]])
    await slowly((act) => die(act, two, { note: 'nothing helped' }))
    expect((await stays(dead)).map(({ endedAt }) => endedAt)).toEqual([await lastStep(two)])
    const { items: [lying] } = (await desk.say(`/stays?open=true&case=${moved}`, 'reader')).json as { items: { id: string }[] }
    desk.clock.forward(late - desk.clock.now().getTime())
    expect((await desk.post(`/stays/${lying?.id}/move`, { place: 'dist', pool: 'dist/ordinary' })).status).toBe(201)
    for (const id of [one, two]) await desk.steps(id, 'decontaminate')
    late = desk.clock.now().getTime()
    const [issued] = await slowly((act) => issueOffPlan(act, { patient: moved, pool: 'hub/ordinary', reason: 'worsened', vehicle: 'car', leavesBase: at('12:00') }))
    expect(await lastStep(issued?.id ?? '')).toBe(issued === undefined ? '' : instantOf(issued.issuedAt))
    desk.clock.forward(late - desk.clock.now().getTime())
    await desk.close()
  })
})
