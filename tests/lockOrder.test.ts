import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { DEEDS, drawn } from './campaigns/crowdDeeds.js'
import { CITY_BEGINS, CrowdWorld } from './campaigns/crowdWorld.js'
import { chanceOf } from './campaigns/racesChance.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched, outOfOrder } from './support/lockWatch.js'
import { TickingClock } from './support/serving.js'

afterAll(closeSolvers)

const DEEDS_MAX = 900
const BETWEEN_MILLISECONDS = 60_000
/** After so many deeds a night passes in which nobody does anything, once something waits: longer than any order may. */
const NIGHT_AFTER = 60
const NIGHT_MILLISECONDS = 25 * 3_600_000
const WAITING = ['issued', 'accepted', 'reliefAsked']

eachDatabase((_, open) => {
  test('whatever a city does locks in one order, and is in the journal at the moment that it says', async () => {
    const wrong: string[] = []
    const clock = new TickingClock(CITY_BEGINS)
    const chance = chanceOf({ seed: 5, round: 0 })
    const world = await CrowdWorld.open({ stores: [lockWatched(await open(), (one) => wrong.push(one))], clock, chance, isKept: false })
    const missing = new Set([...Object.keys(DEEDS), 'expire'])
    let board = await world.board()
    for (let serial = 1; missing.size > 0 && serial < DEEDS_MAX; serial += 1) {
      const isNight = missing.has('expire') && serial > NIGHT_AFTER && board.orders.some(({ state }) => WAITING.includes(state))
      clock.forward(isNight ? NIGHT_MILLISECONDS : BETWEEN_MILLISECONDS)
      await world.keepOnce()
      board = await world.board()
      if (board.orders.some(({ state }) => state === 'expired')) missing.delete('expire')
      const { name, path, asked } = drawn(board, chance, serial, chance.next() < 0.5 ? [...missing] : [])
      const said = await world.ask(path, asked)
      if (said.status < 300) missing.delete(name)
      expect(said.status, `${name} ${said.text}`).toBeLessThan(500)
    }
    expect([[...missing], wrong, await world.unsound()]).toEqual([[], [], []])
    await world.close()
  })
})

describe('an order of locks is judged', () => {
  const lock = (table: string, ...values: string[]) => ({ table, values })
  const rows: [string, ReturnType<typeof lock>[], number][] = [
    ['as it is', [lock('idempotency_key', 'k'), lock('picture'), lock('dispatch_desk'), lock('transfer_order', '2'), lock('care_case', 'a', 'b'), lock('pool', 'p')], 0],
    ['a row that is held', [lock('care_case', 'a'), lock('pool', 'p'), lock('care_case', 'a'), lock('pool', 'p')], 0],
    ['a person after a bed', [lock('pool', 'p'), lock('care_case', 'a')], 1],
    ['another person after a bed', [lock('care_case', 'b'), lock('pool', 'p'), lock('care_case', 'c')], 1],
    ['two beds against their order', [lock('pool', 'q'), lock('pool', 'p')], 1],
    ['the picture after an order', [lock('transfer_order', '1'), lock('picture')], 1],
    ['the book of a pool that is held', [lock('pool', 'p'), lock('account', 'p'), lock('pool', 'q'), lock('account', 'q')], 0],
    ['the book of another', [lock('pool', 'p'), lock('account', 'q')], 1],
    ['stock', [lock('dispatch_desk'), lock('allocation_order', '1'), lock('item', 'mask'), lock('stock_lot', 'L1', 'L2'), lock('account', 'lot L1'), lock('account', 'lot L2')], 0],
    ['a request before the order that answers it', [lock('dispatch_desk'), lock('material_request', 'r'), lock('allocation_order', '1'), lock('item', 'mask')], 0],
    ['a request after an item', [lock('item', 'mask'), lock('material_request', 'r')], 1],
    ['the book of another lot', [lock('stock_lot', 'L1'), lock('account', 'lot L2')], 1],
    ['an item after a lot of it', [lock('stock_lot', 'L1'), lock('item', 'mask')], 1],
    ['a place after a bed', [lock('pool', 'p'), lock('place', 'h')], 1],
    ['a table that nobody named', [lock('elsewhere', 'x')], 1],
  ]
  test.each(rows)('%s', (_, locks, count) => expect(outOfOrder(locks)).toHaveLength(count))
})
