import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, NEEDING, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched } from './support/lockWatch.js'

afterAll(closeSolvers)

interface Approved {
  readonly state: string
  readonly approvedBy: string
  readonly recordedBy: string
  readonly orders: readonly string[]
  readonly waiting: readonly object[]
  readonly lines: readonly { readonly fate: string; readonly to: string; readonly planned: number; readonly ordered: number | null; readonly shipped: number | null; readonly accepted: number | null; readonly damaged: number | null; readonly substituteFor: string | null; readonly order: string | null }[]
}

const STALE = 'what the plan was computed from has changed; strike what is listed, or ask for a new plan'

eachDatabase((name, opened) => {
  const wrong: string[] = []
  const open = async () => lockWatched(await opened(), (one) => wrong.push(one))

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
    const body = { lines: [{ seq: 1, accepted: ordered - 8, damaged: 2, missing: 1, difference: 'broken', missingDifference: 'short' }], note: 'a torn carton' }
    // Whoever shipped it does not clear themselves of what did not come, nor of what came damaged.
    const lacking = [body.lines, [{ seq: 1, accepted: ordered - 6, damaged: 1, missing: 0, difference: 'broken' }], [{ seq: 1, accepted: ordered - 6, damaged: 0, missing: 1, difference: 'short' }]]
    for (const lines of lacking) {
      expect(await house.refused(`/allocation-orders/${first}/receive`, 'keeper', { lines })).toEqual([403, 'forbidden', 'keeper shipped it; where some is damaged or missing, somebody else signs for it where it came to'])
    }
    const came = await house.say(`/allocation-orders/${first}/receive`, 'receiver', body, {}, key)
    expect([came.status, (came.json as AllocationOut).lines[0]]).toEqual([200, expect.objectContaining({ accepted: ordered - 8, damaged: 2, missing: 1, difference: 'broken', missingDifference: 'short', number: 'mask-lot', expiresOn: null })])
    expect(await house.book(lot)).toEqual({
      'at store': total === ordered ? 90 - ordered + 5 : `${90 - ordered + 5} of them ${total - ordered} promised`, [`at ${order.to}`]: ordered - 8, damaged: 2, lost: 1, outside: -90,
    })
    // The same request again is answered as before; another is out of order, and nothing comes twice.
    const again = await house.say(`/allocation-orders/${first}/receive`, 'receiver', body, {}, key)
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([200, came.text, 'true'])
    expect(await house.refused(`/allocation-orders/${first}/receive`, 'keeper', {})).toEqual([409, 'stepOutOfOrder',
      `allocation order ${first} is received since 2020-01-30T09:00:00+08:00, by receiver, so one cannot receive; no step is left`])
    await house.done(`/allocation-orders/${second}/cancel`, 'group', { note: 'the place has enough' })
    expect(await house.book(lot)).toEqual({ 'at store': 90 - ordered + 5, [`at ${order.to}`]: ordered - 8, damaged: 2, lost: 1, outside: -90 })
    const { lines } = await house.done<Approved>(`/plan-runs/${run}/allocation`, 'reader')
    expect(lines.map((line) => [line.order, line.fate, line.planned, line.ordered, line.shipped, line.accepted, line.damaged])).toEqual([
      [first, 'received', ordered, ordered, ordered - 5, ordered - 8, 2], [second, 'cancelled', planned[1]?.units, planned[1]?.units, null, null, null],
    ])
    const events = await house.done<{ items: { step: string; recordedBy: string; state: string; details: object }[] }>(`/allocation-orders/${first}/events`, 'reader')
    expect(events.items.map(({ step, state, recordedBy }) => [step, state, recordedBy])).toEqual([['issue', 'issued', 'group'], ['ship', 'shipped', 'keeper'], ['receive', 'received', 'receiver']])
    const form = await house.say(`/allocation-orders/${first}/form`, 'reader')
    for (const words of ['出库单', '签收单', '入库单', 'Issue note', first, 'truck-7', 'mask-lot', 'damaged: broken packing; missing: fewer than on the note', 'the mask', `${run} / S0001`]) expect(form.text).toContain(words)
    await house.close()
  })

  test('what has changed makes a plan stale, shipment by shipment, until those are struck', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90, { expiresOn: '2021-01-01' })
    const { run, plan } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90, expiresOn: '2021-01-01' } } })
    const at = `/plan-runs/${run}/approve-allocation`
    const [first, second] = plan.material?.shipments ?? []
    const total = (plan.material?.shipments ?? []).flatMap(({ lines }) => lines).reduce((sum, { units }) => sum + units, 0)
    const both = (en: string) => [409, 'planIsStale', STALE, `shipments/S0001: mask of S0001: ${en}`, `shipments/S0002: mask of S0002: ${en}`]
    await house.change(lot, { quarantined: true })
    expect(await house.refused(at, 'group', {})).toEqual(both('the lot is in quarantine'))
    await house.change(lot, { quarantined: false, released: false })
    expect(await house.refused(at, 'group', {})).toEqual(both('the lot has not been released by whoever may dispose of it'))
    await house.change(lot, { released: true, authority: 'earmarkedDonation', earmark: first?.to })
    expect(await house.refused(at, 'group', {})).toEqual([409, 'planIsStale', STALE, `shipments/S0002: mask of S0002: the lot was given for ${first?.to}`])
    await house.change(lot, { authority: 'city', earmark: null })
    await house.done('/stock-notes/outs', 'keeper', { place: 'store', kind: 'consumption', lines: [{ item: 'mask', count: 91 - total }] })
    const lastUnits = second?.lines[0]?.units ?? 0
    // As much goes as goes: only the last shipment has to be struck.
    expect(await house.refused(at, 'group', {})).toEqual([409, 'planIsStale', STALE,
      `shipments/S0002: mask of S0002: ${lastUnits - 1} of lot ${lot} are free at store beside the shipments before, and this one takes ${lastUnits}`])
    expect(await house.refused(at, 'group', { struck: [{ shipment: 'S0009', reason: 'x' }] })).toEqual([400, 'invalidInput', 'the plan has no shipment of this id', '/struck/0/shipment'])
    const { orders, lines, state } = await house.done<Approved>(at, 'group', { struck: [{ shipment: 'S0001', reason: 'tomorrow' }] })
    expect([state, orders, lines.map(({ fate, to }) => [fate, to])]).toEqual(['approved', ['2020-01-30-M0001'], [['struck', first?.to], ['issued', second?.to]]])
    house.clock.forward(24 * 3600_000)
    const tomorrow = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 3 } } })
    expect(await house.refused(`/plan-runs/${tomorrow.run}/approve-allocation`, 'group', {})).toEqual([409, 'planIsStale', 'the day of the plan is over; ask for a new plan', 'planDay: the plan is for 2020-01-30, which is over'])
    await house.close()
  })

  test('a lot that no longer is what the plan took it for makes it stale; what has not come waits; substitutes say what for', async () => {
    const house = await Warehouse.open(await open())
    const [masks, cloth] = [await house.stocked('mask', 20), await house.stocked('cloth', 50)]
    const patch = {
      ...NEEDING, staff: { 'a/1': { peoplePerShift: 10 } }, substitutes: { 'mask/cloth': {} },
      lots: { [masks]: { item: 'mask', place: 'store', units: 20 }, [cloth]: { item: 'cloth', place: 'store', units: 50 } },
      supplies: { 'mask→store': { day: '2020-01-31', units: 7 } },
    }
    const gone = await house.drafted({ ...patch, lots: { ...patch.lots, 'no-such': { item: 'mask', place: 'store', units: 500 } }, supplies: {} })
    const said = await house.refused(`/plan-runs/${gone.run}/approve-allocation`, 'group', {})
    expect(said.slice(0, 3)).toEqual([409, 'planIsStale', STALE])
    expect(said.slice(3)).toContain('shipments/S0001: mask of S0001: there is nothing of no-such at store any more')
    const { run } = await house.drafted(patch)
    const { orders, waiting, lines } = await house.done<Approved>(`/plan-runs/${run}/approve-allocation`, 'group', {})
    expect(waiting).toEqual([{ shipment: expect.any(String), supply: 'mask→store', item: 'mask', units: 7 }])
    expect(lines.filter(({ fate }) => fate === 'waiting').map(({ planned, ordered }) => [planned, ordered])).toEqual([[7, null]])
    expect(lines.filter(({ substituteFor }) => substituteFor === 'mask').length).toBeGreaterThan(0)
    const carried = (await Promise.all(orders.map((id) => house.order(id)))).flatMap((order) => order.lines)
    expect(carried.filter(({ lot }) => lot === cloth).map(({ item, substituteFor }) => [item, substituteFor])).toContainEqual(['cloth', 'mask'])
    await house.close()
  })

  test('nobody approves their own material, nor a run without any, nor twice; by phone at night, and confirmed', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90)
    const patch = { ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90 } } }
    const { run } = await house.drafted(patch)
    const [at, paper] = [`/plan-runs/${run}/approve-allocation`, `/plan-runs/${run}/confirm-allocation`]
    const own = 'planner asked for this plan, or for a draft that it was edited from; somebody else approves it'
    const phone = { calledPost: 'keeper', answeredPost: 'group', at: '2020-01-30T08:00:00+08:00' }
    expect(await house.refused(at, 'planner', {})).toEqual([403, 'ownPlan', own])
    expect(await house.refused(at, 'keeper', { phone: { ...phone, answeredPost: 'planner' } })).toEqual([403, 'ownPlan', own])
    expect(await house.refused('/plan-runs/none/approve-allocation', 'group', {})).toEqual([404, 'notFound', 'there is no plan run with the id none', 'param:/id'])
    const unapproved = (what: string) => [404, 'notFound', `the ${what} ${run} has not been approved yet`]
    expect(await house.refused(paper, 'group', {})).toEqual(unapproved('material of the plan'))
    expect(await house.refused(`/plan-runs/${run}/allocation`, 'reader')).toEqual(unapproved('material of the plan'))
    expect(await house.refused(`/plan-runs/${run}/approval`, 'reader')).toEqual(unapproved('plan'))
    for (const step of ['confirm', 'withdraw']) expect(await house.refused(`/plan-runs/${run}/${step}`, 'commander', { note: 'why' })).toEqual(unapproved('plan'))
    for (const what of ['allocation', 'approval']) expect((await house.refused(`/plan-runs/none/${what}`, 'reader'))[2]).toBe('there is no plan run with the id none')
    const bare = await house.drafted({ receivers: {} })
    expect(await house.refused(`/plan-runs/${bare.run}/approve-allocation`, 'group', {})).toEqual([409, 'noPlan', 'the plan has no material that could be approved'])
    const impossible = await house.drafted(patch, { exit: 3 })
    expect(await house.refused(`/plan-runs/${impossible.run}/approve-allocation`, 'group', {})).toEqual([409, 'planIsImpossible',
      'the plan says itself that it cannot be done, or that a demand fails; carry a way out through, report it and plan again; wayOut tries it before'])
    // Roles: who keeps the stock of the whole city puts down what was approved by phone, and decides nothing.
    expect(await house.refused(at, 'As supplyOfficer city', {})).toEqual([403, 'forbidden', 'giving out material is for supplies group, commander of the whole city; where it was approved by phone you may put that down: say phone'])
    expect((await house.say(at, 'As treatmentGroup city', {})).status).toBe(403)
    expect((await house.say(at, 'As supplyOfficer store', { phone })).status).toBe(403)
    expect(await house.refused(at, 'As supplyOfficer city', { phone: { ...phone, answeredPost: 'keeper' } })).toEqual([400, 'invalidInput',
      'name the other post, which answered and approved; who called, or puts it down, does not approve it themselves', '/phone/answeredPost'])
    expect((await house.say(at, 'group', {}, { 'if-match': '"99"' })).status).toBe(412)
    const called = await house.done<Approved>(at, 'As supplyOfficer city', { phone })
    expect([called.state, called.approvedBy, called.recordedBy]).toEqual(['approvedByPhone', 'group', 'supplyOfficer-city'])
    expect(await house.refused(at, 'commander', {})).toEqual([409, 'planIsDecided', `the material of plan ${run} was approved by group at 2020-01-30T08:00:00+08:00`])
    expect(await house.refused(paper, 'planner', {})).toEqual([403, 'ownPlan', own])
    expect((await house.say(paper, 'As supplyOfficer city', {})).status).toBe(403)
    expect((await house.done<Approved>(paper, 'group', {})).state).toBe('approved')
    expect(await house.refused(paper, 'group', {})).toEqual([409, 'planIsDecided',
      `the material of plan ${run} was approved by group by phone at 2020-01-30T08:00:00+08:00, and confirmed by group at 2020-01-30T08:00:00+08:00`])
    expect((await house.done<Approved>(`/plan-runs/${run}/allocation`, 'reader')).orders).toEqual(called.orders)
    await house.close()
  })

  test('material approved by phone rings after twelve hours until it has its paper, which whoever put the call down does not give', async () => {
    const house = await Warehouse.open(await open())
    const phone = { calledPost: 'desk', answeredPost: 'commander', at: '2020-01-30T08:00:00+08:00' }
    const called = async (item: string) => {
      const lot = await house.stocked(item, 90)
      const { run } = await house.drafted({ ...NEEDING, norms: { [item]: { item } }, lots: { [lot]: { item, place: 'store', units: 90 } } })
      // Whoever could have approved it may put the call down as well.
      expect((await house.done<Approved>(`/plan-runs/${run}/approve-allocation`, 'group', { phone })).recordedBy).toBe('group')
      return run
    }
    const [confirmed, withdrawn] = [await called('mask'), await called('cloth')]
    const rings = async () =>
      (await house.done<{ rings: { kind: string; plan: string | null; since: string }[] }>('/overdue', 'reader')).rings.filter(({ plan }) => plan !== null).map(({ kind, plan, since }) => `${plan} ${kind} ${since}`).sort()
    const ringing = (run: string) => `${run} materialNotConfirmed 2020-01-30T20:00:00+08:00`
    house.clock.forward(12 * 3600_000 - 1)
    expect(await rings()).toEqual([])
    house.clock.forward(1)
    expect(await rings()).toEqual([ringing(confirmed), ringing(withdrawn)].sort())
    const paper = `/plan-runs/${confirmed}/confirm-allocation`
    expect(await house.refused(paper, 'group', {})).toEqual([403, 'ownPlan', 'group put the call down; somebody else confirms it'])
    expect((await rings()).length).toBe(2)
    expect((await house.done<Approved>(paper, 'commander', {})).state).toBe('approved')
    expect(await rings()).toEqual([ringing(withdrawn)])
    // What was taken back needs no paper any more.
    await house.done(`/plan-runs/${withdrawn}/withdraw-allocation`, 'group', { note: 'enough there' })
    expect(await rings()).toEqual([])
    await house.close()
  })

  test('of two approvals at once one wins, and the other says who', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90)
    const { run } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90 } } })
    const said = await Promise.all(['group', 'commander'].map((post) => house.say(`/plan-runs/${run}/approve-allocation`, post, {})))
    expect(said.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(said.map(({ text }) => text).join()).toMatch(/planIsDecided.*was approved by (?:group|commander) at 2020-01-30T08:00:00/)
    await house.close()
  })

  test('everybody locks in one order', () => expect(wrong).toEqual([]))
})
