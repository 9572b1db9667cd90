import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, NEEDING, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched } from './support/lockWatch.js'

afterAll(closeSolvers)

interface Approved {
  readonly state: string
  readonly withdrawnAt: string | null
  readonly withdrawnBy: string | null
  readonly withdrawalReason: string | null
  readonly orders: readonly string[]
  readonly ordersOut: readonly string[]
  readonly waiting: readonly { readonly units: number }[]
  readonly lines: readonly { readonly fate: string; readonly order: string | null }[]
}

const NOTE = { note: 'the front has moved' }
const MORNING = '2020-01-30T08:00:00+08:00'
const PHONE = { calledPost: 'keeper', answeredPost: 'group', at: '2020-01-30T08:00:00+08:00' }
const journalOf = async (house: Warehouse, subject: string) =>
  (await house.done<{ items: { action: string; actor: string; details: object }[] }>(`/journal?subject=${encodeURIComponent(subject)}`, 'auditor')).items

/** A plan that sends masks of one lot of ninety to two places, approved: forty to one, and twenty to the other. */
async function approved(house: Warehouse, body: object = {}): Promise<{ run: string; lot: string; at: string; orders: readonly [string, string]; ordered: readonly [number, number] }> {
  const lot = await house.stocked('mask', 90)
  const { run } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90 } } })
  const { orders: [one = '', other = '', ...more] } = await house.done<Approved>(`/plan-runs/${run}/approve-allocation`, 'group', body)
  const [first, second] = [await house.order(one), await house.order(other)].map(({ lines: [line] }) => line?.ordered ?? 0)
  expect([more, first !== second, (first ?? 0) + (second ?? 0) > 0]).toEqual([[], true, true])
  return { run, lot, at: `/plan-runs/${run}/withdraw-allocation`, orders: [one, other], ordered: [first ?? 0, second ?? 0] }
}

eachDatabase((_, opened) => {
  const wrong: string[] = []
  const open = async () => lockWatched(await opened(), (one) => wrong.push(one))

  test('what has not left is cancelled, order by order, and its stock is free again; that is the end of the plan’s material', async () => {
    const house = await Warehouse.open(await open())
    const { run, lot, at, orders: [first, second], ordered } = await approved(house)
    expect(await house.book(lot)).toEqual({ 'at store': `90 of them ${ordered[0] + ordered[1]} promised`, outside: -90 })
    house.clock.forward(3600_000)
    const said = await house.say(at, 'commander', NOTE)
    const body = said.json as Approved
    expect([said.status, said.headers.get('etag'), body.state, body.withdrawnAt, body.withdrawnBy, body.withdrawalReason, body.orders, body.ordersOut, body.lines.map(({ fate }) => fate)])
      .toEqual([200, '"2"', 'withdrawn', '2020-01-30T09:00:00+08:00', 'commander', NOTE.note, [first, second], [], ['cancelled', 'cancelled']])
    expect(await house.book(lot)).toEqual({ 'at store': 90, outside: -90 })
    expect(await house.done<Approved>(`/plan-runs/${run}/allocation`, 'reader')).toEqual(body)
    // As by a single cancellation, each says why and with what.
    for (const id of [first, second]) {
      const { items } = await house.done<{ items: object[] }>(`/allocation-orders/${id}/events`, 'reader')
      expect(items[1]).toEqual(expect.objectContaining({ step: 'cancel', state: 'cancelled', at: '2020-01-30T09:00:00+08:00', recordedBy: 'commander', note: NOTE.note, details: { run } }))
      const { text } = await house.say(`/allocation-orders/${id}/form`, 'reader')
      for (const words of ['取消：何时、由谁、为何', '2020-01-30 09:00 commander', NOTE.note, `随方案 ${run} 的物资整体撤回`]) expect(text).toContain(words)
      expect((await journalOf(house, id)).map(({ action, actor }) => [action, actor])).toEqual(expect.arrayContaining([['allocation.cancelled', 'commander']]))
    }
    expect(await journalOf(house, run)).toEqual(expect.arrayContaining([
      expect.objectContaining({ action: 'allocation.withdrawn', actor: 'commander', details: { note: NOTE.note, cancelled: [first, second], out: [] } }),
    ]))
    const decided = [409, 'planIsDecided', `the material of plan ${run} was withdrawn by commander at 2020-01-30T09:00:00+08:00`]
    for (const again of [at, at.replace('withdraw', 'approve'), at.replace('withdraw', 'confirm')]) expect(await house.refused(again, 'group', again === at ? NOTE : {})).toEqual(decided)
    expect((await house.refused(`/allocation-orders/${first}/ship`, 'keeper', {}))[1]).toBe('stepOutOfOrder')
    // Another plan may take the same stock.
    const next = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90 } } })
    expect((await house.done<Approved>(`/plan-runs/${next.run}/approve-allocation`, 'group', {})).orders).toHaveLength(2)
    await house.close()
  })

  test('what has left stays as it is, and the answer names it; where nothing else is left there is nothing to withdraw', async () => {
    const house = await Warehouse.open(await open())
    const { run, lot, at, orders: [first, second], ordered } = await approved(house)
    await house.done(`/allocation-orders/${first}/ship`, 'keeper', {})
    const body = await house.done<Approved>(at, 'group', NOTE)
    expect([body.state, body.ordersOut, body.lines.map(({ order, fate }) => [order, fate])]).toEqual(['withdrawn', [first], [[first, 'shipped'], [second, 'cancelled']]])
    expect(await house.book(lot)).toEqual({ 'at store': 90 - ordered[0], [`way ${first}`]: ordered[0], outside: -90 })
    expect((await journalOf(house, run))).toEqual(expect.arrayContaining([expect.objectContaining({ details: { note: NOTE.note, cancelled: [second], out: [first] } })]))
    // It is received like any other.
    await house.done(`/allocation-orders/${first}/receive`, 'receiver', { lines: [{ seq: 1, accepted: ordered[0] - 3, damaged: 1, missing: 2, difference: 'wet', missingDifference: 'short' }] })
    expect((await house.done<Approved>(`/plan-runs/${run}/allocation`, 'reader')).ordersOut).toEqual([first])
    const { text } = await house.say(`/allocation-orders/${first}/form`, 'reader')
    expect(text).not.toContain('何时、由谁、为何')

    const other = await house.drafted({ ...NEEDING, staff: { 'a/1': { peoplePerShift: 1 }, 'b/1': { peoplePerShift: 2 } }, lots: { [lot]: { item: 'mask', place: 'store', units: 90 - ordered[0] } } })
    const { orders: [lost = '', alone = ''] } = await house.done<Approved>(`/plan-runs/${other.run}/approve-allocation`, 'group', {})
    await house.done(`/allocation-orders/${lost}/ship`, 'keeper', {})
    expect((await house.refused(`/allocation-orders/${lost}/lose`, 'keeper', { note: 'burnt' })).slice(0, 3)).toEqual([403, 'forbidden', 'keeper shipped it; somebody else says that it is lost'])
    await house.done(`/allocation-orders/${lost}/lose`, 'group', { note: 'burnt' })
    expect((await house.say(`/allocation-orders/${lost}/form`, 'reader')).text).toMatch(/报失：何时、由谁、为何.*group.*burnt/s)
    await house.done(`/allocation-orders/${alone}/cancel`, 'group', { note: 'enough there' })
    expect(await house.refused(`/plan-runs/${other.run}/withdraw-allocation`, 'group', NOTE)).toEqual([409, 'ordersAreOut',
      `none of its orders is still to be shipped, and 1 of them have left (${lost} among them); there is nothing to withdraw`])
    expect((await house.done<Approved>(`/plan-runs/${other.run}/allocation`, 'reader')).state).toBe('approved')
    await house.close()
  })

  test('orders that were cancelled one by one do not keep a plan from being withdrawn, nor does what waits for supplies', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 20)
    const { run } = await house.drafted({
      ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 20 } }, supplies: { 'mask→store': { day: '2020-01-31', units: 7 } },
    })
    const { orders, waiting, lines } = await house.done<Approved>(`/plan-runs/${run}/approve-allocation`, 'group', {})
    expect([waiting.reduce((sum, { units }) => sum + units, 0), lines.filter(({ fate }) => fate === 'waiting').length]).toEqual([7, waiting.length])
    for (const id of orders) await house.done(`/allocation-orders/${id}/cancel`, 'group', { note: 'one by one' })
    const body = await house.done<Approved>(`/plan-runs/${run}/withdraw-allocation`, 'group', NOTE)
    expect([body.state, body.ordersOut, body.waiting, new Set(body.lines.map(({ fate }) => fate))]).toEqual(['withdrawn', [], [], new Set(['cancelled', 'withdrawn'])])
    // What somebody else cancelled was not cancelled with the plan.
    expect((await house.say(`/allocation-orders/${orders[0]}/form`, 'reader')).text).not.toContain('整体撤回')
    await house.close()
  })

  test('by the supplies group or the commander, in the version that they saw, with a reason; a call that was taken back needs no paper', async () => {
    const house = await Warehouse.open(await open())
    const { run, at, orders: [first] } = await approved(house, { phone: PHONE })
    expect(await house.refused('/plan-runs/none/withdraw-allocation', 'group', NOTE)).toEqual([404, 'notFound', 'there is no plan run with the id none', 'param:/id'])
    const draft = await house.drafted({ ...NEEDING, lots: {} })
    expect(await house.refused(`/plan-runs/${draft.run}/withdraw-allocation`, 'group', NOTE)).toEqual([404, 'notFound', `the material of the plan ${draft.run} has not been approved yet`])
    for (const role of ['supplyOfficer city', 'treatmentGroup city', 'suppliesGroup store', 'planner city']) expect([role, (await house.say(at, `As ${role}`, NOTE)).status]).toEqual([role, 403])
    for (const body of [{}, { note: '' }, { ...NOTE, at: MORNING }]) expect((await house.refused(at, 'group', body))[1]).toBe('invalidInput')
    expect((await house.say(at, 'group', NOTE, { 'if-match': '"2"' })).status).toBe(412)
    expect((await house.done<Approved>(`/plan-runs/${run}/allocation`, 'reader')).state).toBe('approvedByPhone')
    const said = await house.say(at, 'As commander city', NOTE, { 'if-match': '"1"' })
    expect([said.status, (said.json as Approved).state, (said.json as Approved).withdrawnBy]).toEqual([200, 'withdrawn', 'commander-city'])
    expect(await house.refused(`/plan-runs/${run}/confirm-allocation`, 'chief', {})).toEqual([409, 'planIsDecided', `the material of plan ${run} was withdrawn by commander-city at ${MORNING}`])
    house.clock.forward(36 * 3600_000)
    const { rings } = await house.done<{ rings: { allocation: string | null }[] }>('/overdue', 'reader')
    expect(rings.filter(({ allocation }) => allocation === first)).toEqual([])
    await house.close()
  })

  test('a call that was confirmed is withdrawn as the third version', async () => {
    const house = await Warehouse.open(await open())
    const { run, at } = await approved(house, { phone: PHONE })
    await house.done(`/plan-runs/${run}/confirm-allocation`, 'chief', {})
    expect((await house.say(at, 'group', NOTE, { 'if-match': '"1"' })).status).toBe(412)
    expect((await house.say(at, 'group', NOTE, { 'if-match': '"2"' })).headers.get('etag')).toBe('"3"')
    await house.close()
  })

  test('of two withdrawals at once one wins, and of a withdrawal and a shipment each order has one end', async () => {
    const house = await Warehouse.open(await open())
    const { at, lot, orders: [first, second], ordered } = await approved(house)
    const said = await Promise.all([house.say(at, 'group', NOTE), house.say(at, 'commander', NOTE), house.say(`/allocation-orders/${first}/ship`, 'keeper', {})])
    expect(said.slice(0, 2).map(({ status }) => status).sort()).toEqual([200, 409])
    const states = await Promise.all([first, second].map(async (id) => (await house.done<AllocationOut>(`/allocation-orders/${id}`, 'reader')).state))
    expect(states).toEqual([said[2]?.status === 200 ? 'shipped' : 'cancelled', 'cancelled'])
    expect(await house.free(lot, 'store')).toBe(said[2]?.status === 200 ? 90 - ordered[0] : 90)
    await house.close()
  })

  test('everybody locks in one order', () => expect(wrong).toEqual([]))
})
