import { afterAll, expect, test } from 'vitest'
import { inWhole } from '../src/supplies/requests.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched } from './support/lockWatch.js'

afterAll(closeSolvers)

const AT = '/allocation-orders'
const ASK = { kind: 'allocation', from: 'store', to: 'a', reason: 'the ward runs out today' }
const PHONE = { calledPost: 'ward', answeredPost: 'group', at: '2020-01-30T02:00:00+08:00' }
const stepAt = (id: string, step: string) => `${AT}/${id}/${step}`
const masks = (...counts: number[]) => ({ lines: counts.map((count) => ({ item: 'mask', count })) })

test.each([[70, 1, 70], [70, 50, 100], [100, 50, 100], [1, 50, 50], [101, 50, 150]])('%i units in packings of %i are %i', (units, each, whole) => expect(inWhole(units, each)).toBe(whole))

eachDatabase((_, opened) => {
  const wrong: string[] = []
  const open = async () => lockWatched(await opened(), (one) => wrong.push(one))
  const furnished = async () => {
    const house = await Warehouse.open(await open())
    await house.stocked('mask', 900)
    await house.stocked('suit', 9)
    return house
  }
  const asked = async (house: Warehouse, units: number) => (await house.done<{ id: string }>('/material-requests', 'ward', { place: 'a', item: 'mask', units, urgency: 'urgent' })).id
  const answer = (request: string, how: string) => `/material-requests/${request}/${how}`

  test('orders that answer a request carry, with the others that stand, no more than was approved', async () => {
    const house = await furnished()
    const request = await asked(house, 120)
    await house.done(answer(request, 'approve'), 'group', { units: 70 })
    const order = async (...counts: number[]) => (await house.done<AllocationOut>(AT, 'group', { ...ASK, request, ...masks(...counts) })).id
    const beyond = (at: string, { whole = '', ordered, left, own }: { whole?: string; ordered: number; left: number; own: number }) => [422, 'wrongFigure',
      `70${whole} were approved for request ${request}, ${ordered} are ordered already and ${left} are left, but this order has ${own}; let the place ask anew for more`, at]
    const refused = (...counts: number[]) => house.refused(AT, 'group', { ...ASK, request, ...masks(...counts) })
    expect(await refused(71)).toEqual(beyond('/lines/0/count', { ordered: 0, left: 70, own: 71 }))
    expect(await house.refused(AT, 'group', { ...ASK, request, lines: [{ item: 'mask', count: 40 }, { item: 'suit', count: 9 }, { item: 'mask', count: 31 }] }))
      .toEqual(beyond('/lines/2/count', { ordered: 0, left: 70, own: 71 }))
    // What else is on the lorry is not what was asked for, and is not counted.
    const { id: first } = await house.done<AllocationOut>(AT, 'group', { ...ASK, request, lines: [{ item: 'mask', count: 45 }, { item: 'suit', count: 9 }] })
    expect(await refused(26)).toEqual(beyond('/lines/0/count', { ordered: 45, left: 25, own: 26 }))
    // What was left behind may go by another order; what came broken may not.
    await house.done(stepAt(first, 'ship'), 'keeper', { lines: [{ seq: 1, units: 33 }] })
    expect(await refused(38)).toEqual(beyond('/lines/0/count', { ordered: 33, left: 37, own: 38 }))
    await house.done(stepAt(first, 'receive'), 'receiver', { lines: [{ seq: 1, accepted: 20, damaged: 13, difference: 'wet' }] })
    const second = await order(30)
    expect(await refused(8)).toEqual(beyond('/lines/0/count', { ordered: 63, left: 7, own: 8 }))
    await house.done(stepAt(second, 'cancel'), 'group', { note: 'too early' })
    const third = await order(20, 17)
    expect(await refused(1)).toEqual(beyond('/lines/0/count', { ordered: 70, left: 0, own: 1 }))
    await house.done(stepAt(third, 'ship'), 'keeper', {})
    await house.done(stepAt(third, 'lose'), 'group', { note: 'burnt' })
    // A box is not opened for the last few.
    expect(await refused(68)).toEqual(beyond('/lines/0/count', { ordered: 33, left: 37, own: 68 }))
    await house.changeAt('/items/mask', { shipsBy: 'box' })
    expect(await refused(68)).toEqual(beyond('/lines/0/count', { whole: ', 100 in whole packings,', ordered: 33, left: 67, own: 68 }))
    await order(67)
    await house.changeAt('/items/mask', { shipsBy: null })
    expect(await refused(1)).toEqual(beyond('/lines/0/count', { ordered: 100, left: 0, own: 1 }))
    await house.close()
  })

  test('by phone an order may answer a request that is still open, and what went out binds the written answer', async () => {
    const house = await furnished()
    const request = await asked(house, 30)
    const phoned = (count: number, phone: object = {}, by = 'night-keeper') => house.refused(AT, by, { ...ASK, request, phone: { ...PHONE, ...phone }, ...masks(count) })
    expect(await phoned(31)).toEqual([422, 'wrongFigure',
      `30 were asked for in request ${request}, 0 are ordered already and 30 are left, but this order has 31; let the place ask anew for more`, '/lines/0/count'])
    expect(await phoned(12, { calledPost: 'desk', answeredPost: 'ward' })).toEqual([403, 'ownRequest', `ward asked for request ${request}; somebody else approves it by phone`])
    const { id } = await house.done<AllocationOut>(AT, 'night-keeper', { ...ASK, request, phone: PHONE, ...masks(12) })
    expect((await phoned(19)).slice(0, 2)).toEqual([422, 'wrongFigure'])
    const stands = '12 were ordered for this request by phone already, so it is not turned down or withdrawn; let the supplies group approve them, or cancel what has not left first'
    expect(await house.refused(answer(request, 'refuse'), 'group', { answer: 'none' })).toEqual([409, 'stepOutOfOrder', stands])
    expect(await house.refused(answer(request, 'withdraw'), 'ward', {})).toEqual([409, 'stepOutOfOrder', stands])
    expect(await house.refused(answer(request, 'approve'), 'group', { units: 11 })).toEqual([422, 'wrongFigure',
      '12 were ordered for it by phone already, and 11 do not cover them; approve at least so many, or cancel what has not left first', '/units'])
    // Without a call it is still to be approved first.
    expect((await house.refused(AT, 'group', { ...ASK, request, ...masks(1) })).slice(0, 2)).toEqual([422, 'wrongReference'])
    await house.done(stepAt(id, 'ship'), 'keeper', { lines: [{ seq: 1, units: 11 }] })
    await house.done(answer(request, 'approve'), 'group', { units: 11 })
    expect((await phoned(1)).slice(0, 2)).toEqual([422, 'wrongFigure'])
    expect(await house.refused(stepAt(id, 'confirm'), 'ward', {})).toEqual([403, 'ownRequest', `ward asked for request ${request}; somebody else confirms what it got`])
    await house.done(stepAt(id, 'confirm'), 'group', {})
    // What did not go after all binds nobody.
    const other = await asked(house, 8)
    const own = await house.done<AllocationOut>(AT, 'night-keeper', { ...ASK, request: other, phone: PHONE, ...masks(8) })
    await house.done(stepAt(own.id, 'cancel'), 'group', { note: 'they have enough' })
    await house.done(answer(other, 'refuse'), 'group', { answer: 'they have enough' })
    await house.close()
  })

  test('everybody locks in one order', () => expect(wrong).toEqual([]))
})
