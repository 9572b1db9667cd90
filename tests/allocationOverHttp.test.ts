import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, NEEDING, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'

afterAll(closeSolvers)

interface Approved {
  readonly state: string
  readonly approvedBy: string
  readonly recordedBy: string
  readonly orders: readonly string[]
  readonly waiting: readonly object[]
  readonly lines: readonly { readonly fate: string; readonly to: string; readonly planned: number; readonly ordered: number | null; readonly shipped: number | null; readonly accepted: number | null; readonly damaged: number | null; readonly substituteFor: string | null; readonly order: string | null }[]
}

eachDatabase((name, open) => {
  test('from the plan to the door: approved, shipped in part, received with a difference, plan against actual', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90)
    const { run, plan } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90 } } })
    const planned = plan.material?.shipments.flatMap(({ to, lines }) => lines.map(({ units }) => ({ to, units }))) ?? []
    expect(planned.length).toBeGreaterThan(1)
    const total = planned.reduce((sum, { units }) => sum + units, 0)
    const approved = await house.done<Approved>(`/plan-runs/${run}/approve-allocation`, 'group', { note: 'first lot' })
    expect(approved.orders).toEqual(planned.map((_, index) => `2020-01-30-M000${index + 1}`))
    expect([approved.state, approved.approvedBy, approved.recordedBy, approved.waiting]).toEqual(['approved', 'group', 'group', []])
    expect(await house.book(lot)).toEqual({ 'at store': `90 of them ${total} promised`, outside: -90 })
    const [first = '', second = ''] = approved.orders
    const order = await house.order(first)
    expect([order.state, order.kind, order.possible]).toEqual(['issued', 'plan', ['ship', 'cancel']])
    const ordered = order.lines[0]?.ordered ?? 0
    const shipped = await house.done<AllocationOut>(`/allocation-orders/${first}/ship`, 'keeper', { vehicle: 'truck-7', carrier: 'city transport', lines: [{ seq: 1, units: ordered - 5 }] })
    expect([shipped.state, shipped.vehicle, shipped.lines[0]?.shipped, shipped.possible]).toEqual(['shipped', 'truck-7', ordered - 5, ['receive', 'lose']])
    expect(await house.book(lot)).toEqual({ 'at store': `${90 - ordered + 5} of them ${total - ordered} promised`, [`way ${first}`]: ordered - 5, outside: -90 })
    house.clock.forward(3600_000)
    const key = `receive-once-${name}`
    const body = { lines: [{ seq: 1, accepted: ordered - 8, damaged: 2, missing: 1, difference: 'broken' }], note: 'a torn carton' }
    const came = await house.say(`/allocation-orders/${first}/receive`, 'keeper', body, {}, key)
    expect([came.status, (came.json as AllocationOut).lines[0]]).toEqual([200, expect.objectContaining({ accepted: ordered - 8, damaged: 2, missing: 1, difference: 'broken' })])
    expect(await house.book(lot)).toEqual({
      'at store': total === ordered ? 90 - ordered + 5 : `${90 - ordered + 5} of them ${total - ordered} promised`, [`at ${order.to}`]: ordered - 8, damaged: 2, lost: 1, outside: -90,
    })
    // The same request again is answered as before; another is out of order, and nothing comes twice.
    const again = await house.say(`/allocation-orders/${first}/receive`, 'keeper', body, {}, key)
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, came.text, 'true'])
    expect(await house.refused(`/allocation-orders/${first}/receive`, 'keeper', {})).toEqual([409, 'stepOutOfOrder',
      `allocation order ${first} is received since 2020-01-30T09:00:00+08:00, by keeper, so one cannot receive it; no step is possible now`])
    await house.done(`/allocation-orders/${second}/cancel`, 'group', { note: 'the place has enough' })
    expect(await house.book(lot)).toEqual({ 'at store': 90 - ordered + 5, [`at ${order.to}`]: ordered - 8, damaged: 2, lost: 1, outside: -90 })
    const { lines } = await house.done<Approved>(`/plan-runs/${run}/allocation`, 'reader')
    expect(lines.map((line) => [line.order, line.fate, line.planned, line.ordered, line.shipped, line.accepted, line.damaged])).toEqual([
      [first, 'received', ordered, ordered, ordered - 5, ordered - 8, 2], [second, 'cancelled', planned[1]?.units, planned[1]?.units, null, null, null],
    ])
    const events = await house.done<{ items: { step: string; recordedBy: string; state: string; details: object }[] }>(`/allocation-orders/${first}/events`, 'reader')
    expect(events.items.map(({ step, state, recordedBy }) => [step, state, recordedBy])).toEqual([['issue', 'issued', 'group'], ['ship', 'shipped', 'keeper'], ['receive', 'received', 'keeper']])
    const form = await house.say(`/allocation-orders/${first}/form`, 'reader')
    for (const words of ['出库单', '签收单', '入库单', 'Issue note', first, 'truck-7', 'mask-lot', '包装破损', 'the mask']) expect(form.text).toContain(words)
    await house.close()
  })
})
