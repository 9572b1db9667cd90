import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { insertHandover } from '../src/day/store.js'
import { canonicalJson, sha256 } from '../src/kernel/canonical.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { planRun } from '../src/planning/tables.js'
import { type AllocationOut, NEEDING, Warehouse } from './allocationFixture.js'
import { does } from './stockFixture.js'
import { eachDatabase } from './support/databases.js'

afterAll(closeSolvers)

const HOUR = 3600_000
const PHONE = { calledPost: 'ward', answeredPost: 'group', at: '2020-01-30T08:00:00+08:00' }

interface Given {
  readonly id: string
  readonly allocations: readonly { readonly order: string }[] | null
  readonly requests: readonly { readonly request: string }[] | null
  readonly drafts: readonly { readonly run: string; readonly waits: string | null }[]
  readonly withoutPaper: readonly { readonly kind: string; readonly id: string }[]
}

eachDatabase((_, open) => {
  /** A shift's worth of material, and what each piece of it is called. */
  async function busy(house: Warehouse) {
    await house.stocked('mask', 900)
    await house.stocked('suit', 90)
    const lent = await house.stocked('mask', 40, { place: 'a', lot: 'own' })
    const order = async (more: object, who = 'group') => (await house.done<AllocationOut>('/allocation-orders', who, { kind: 'allocation', from: 'store', to: 'b', reason: 'short', ...more })).id
    const step = (id: string, name: string, body: object = {}) => house.done(`/allocation-orders/${id}/${name}`, 'keeper', body)
    const ask = async (body: object) => (await house.done<{ id: string }>('/material-requests', 'ward', { units: 30, urgency: 'ordinary', ...body })).id
    const approved = async (body: object, units: number) => {
      const id = await ask(body)
      await house.done(`/material-requests/${id}/approve`, 'group', { units })
      return id
    }
    const going = await order({ to: 'a', arrivesOn: '2020-01-31', lines: [{ item: 'mask', count: 40 }, { item: 'suit', count: 9 }, { item: 'mask', count: 5 }] })
    const phoned = await order({ phone: PHONE, lines: [{ item: 'mask', count: 10 }] }, 'night-keeper')
    await step(phoned, 'ship', { lines: [{ seq: 1, units: 7 }] })
    const back = await order({ kind: 'loan', from: 'a', phone: PHONE, lines: [{ item: 'mask', lot: lent, count: 3 }] }, 'night-keeper')
    await step(back, 'cancel', { note: 'needed here' })
    const over = await order({ lines: [{ item: 'suit', count: 2 }] })
    for (const name of ['ship', 'receive']) await step(over, name)
    const urgent = await ask({ place: 'a', item: 'mask', urgency: 'urgent' })
    const plain = await ask({ place: 'b', item: 'suit', units: 4 })
    const unserved = await approved({ place: 'a', item: 'suit', units: 6 }, 5)
    const lost = await approved({ place: 'b', item: 'mask', units: 20 }, 11)
    const gone = await order({ request: lost, lines: [{ item: 'mask', count: 11 }] })
    await step(gone, 'ship')
    await house.done(`/allocation-orders/${gone}/lose`, 'group', { note: 'burnt' })
    const served = await order({ to: 'a', request: await approved({ place: 'a', item: 'cloth' }, 30), lines: [{ item: 'cloth', lot: await house.stocked('cloth', 8), count: 8 }] })
    await house.done(`/material-requests/${await ask({ place: 'b', item: 'cloth' })}/refuse`, 'group', { answer: 'none' })
    return { going, phoned, back, served, urgent, plain, unserved, lost }
  }
  const give = (house: Warehouse, place: string | null, who = 'night-desk') => house.done<Given>('/handovers', who, { place, toPost: 'day-desk' })

  test('a shift leaves to the next what of material is on its way, what is asked for and not served, and what lacks its paper', async () => {
    const house = await Warehouse.open(await open())
    const { going, phoned, back, served, urgent, plain, unserved, lost } = await busy(house)
    house.clock.forward(HOUR)
    const morning = '2020-01-30T08:00:00+08:00'
    const today = { leavesOn: '2020-01-30', arrivesOn: '2020-01-30', rings: [] }
    const given = await give(house, null)
    expect(given.allocations).toEqual([
      { ...today, order: going, state: 'issued', from: 'store', to: 'a', arrivesOn: '2020-01-31', items: [{ item: 'mask', units: 45 }, { item: 'suit', units: 9 }] },
      { ...today, order: phoned, state: 'shipped', from: 'store', to: 'b', items: [{ item: 'mask', units: 7 }] },
      { ...today, order: served, state: 'issued', from: 'store', to: 'a', items: [{ item: 'cloth', units: 8 }] },
    ])
    const ordinary = { urgency: 'ordinary', since: morning, rings: [] }
    expect(given.requests).toEqual([
      { ...ordinary, request: urgent, state: 'open', place: 'a', item: 'mask', urgency: 'urgent', asked: 30, approved: null, rings: [{ kind: 'notAnswered', since: '2020-01-30T09:00:00+08:00' }] },
      { ...ordinary, request: plain, state: 'open', place: 'b', item: 'suit', asked: 4, approved: null },
      { ...ordinary, request: unserved, state: 'approved', place: 'a', item: 'suit', asked: 6, approved: 5 },
      { ...ordinary, request: lost, state: 'approved', place: 'b', item: 'mask', asked: 20, approved: 11 },
    ])
    expect(given.withoutPaper).toEqual([{ kind: 'allocationOrder', id: phoned, ...PHONE }, { kind: 'allocationOrder', id: back, ...PHONE }])
    const page = (await house.say(`/handovers/${given.id}/print`, 'reader')).text
    for (const words of ['在办的调拨单', 'Allocation orders under way', going, 'mask 45<br>suit 9', '紧急申领无人答复', unserved, '6 — 5', '方案外调拨单']) expect(page).toContain(words)
    // A day later the order that was to leave rings, and the paper after the calls is late.
    house.clock.forward(24 * HOUR)
    await house.done(`/material-requests/${urgent}/approve`, 'group', { units: 3 })
    const { allocations, requests } = await give(house, null)
    expect(allocations?.[0]).toMatchObject({ order: going, rings: [{ kind: 'allocationNotShipped', since: '2020-01-31T00:00:00+08:00' }] })
    expect(requests?.find(({ request }) => request === urgent)).toMatchObject({ state: 'approved', approved: 3, since: '2020-01-31T09:00:00+08:00', rings: [] })
    // What is frozen stays as it was.
    expect(await house.done(`/handovers/${given.id}`, 'reader')).toEqual(given)
    await house.close()
  })

  test('the material of a plan that was approved by phone is of the city, until it has its paper', async () => {
    const house = await Warehouse.open(await open())
    await house.stocked('mask', 900)
    const { run } = await house.drafted({ ...NEEDING, lots: { 'mask→store': { units: 0 } } })
    await house.done(`/plan-runs/${run}/approve-allocation`, 'night-keeper', { phone: PHONE })
    expect((await give(house, null)).withoutPaper).toEqual([{ kind: 'material', id: run, ...PHONE }])
    expect((await give(house, 'a')).withoutPaper).toEqual([])
    await house.done(`/plan-runs/${run}/confirm-allocation`, 'chief', {})
    expect((await give(house, null)).withoutPaper).toEqual([])
    await house.close()
  })

  test('a draft is handed over while its transfers or its material wait, however many others were computed since', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 900)
    const needing = { ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 900 } } }
    const [one, two, three] = [(await house.drafted(needing)).run, (await house.drafted(needing)).run, (await house.drafted({})).run]
    const drafts = async (place: string | null = null) => (await give(house, place)).drafts.map(({ run, waits }) => [run, waits])
    expect(await drafts()).toEqual([[three, 'transfers'], [two, 'both'], [one, 'both']])
    await house.done(`/plan-runs/${one}/approve`, 'group', {})
    await house.done(`/plan-runs/${two}/approve-allocation`, 'group', {})
    // Whatever cannot be done waits for nobody.
    await house.db.inTransaction((tx) => tx.execute(sql`insert into ${planRun} (id, version, state, request, requested_at, requested_by, fence, tries, done, "of", snapshot, snapshot_hash, plan, plan_hash, exit, finished_at)
      select id || '-' || n, version, state, request, requested_at, requested_by, fence, tries, done, "of", snapshot, snapshot_hash, plan, plan_hash, 3, finished_at from ${planRun}, generate_series(1, 120) as n where id = ${three}`))
    expect(await drafts()).toEqual([[three, 'transfers'], [two, 'transfers'], [one, 'material']])
    expect(await drafts('a')).toEqual([])
    const { id } = await give(house, null)
    expect((await house.say(`/handovers/${id}/print`, 'reader')).text).toMatch(new RegExp(`${one}</td><td>2020-01-30</td><td>[^/]*物资`))
    house.clock.forward(24 * HOUR)
    expect(await drafts()).toEqual([])
    await house.served.close()
  })

  test('the shift of one place has what it sends and what it receives, and what it asked for', async () => {
    const house = await Warehouse.open(await open())
    const { going, phoned, back, served, urgent, plain, unserved, lost } = await busy(house)
    const seen = ({ allocations, requests, withoutPaper }: Given) => [allocations?.map(({ order }) => order), requests?.map(({ request }) => request), withoutPaper.map(({ id }) => id)]
    expect(seen(await give(house, 'a', 'As bedManager a'))).toEqual([[going, served], [urgent, unserved], [back]])
    expect(seen(await give(house, 'b', 'As bedManager b'))).toEqual([[phoned], [plain, lost], [phoned, back]])
    expect(seen(await give(house, 'store'))).toEqual([[going, phoned, served], [], [phoned]])
    await house.close()
  })

  test('one that was handed over before material was part of it is read, printed and taken over, and says so', async () => {
    const house = await Warehouse.open(await open())
    const { allocations: _a, requests: _r, symptoms: _s, waiting: _w, id: _i, ...before } = await give(house, null) as Given & Record<string, unknown>
    const { version: _v, givenAt: _g, givenBy: _b, takenAt: _t, takenBy: _y, hash: _h, ...frozen } = before
    const draft = { run: 'r-1', planDay: '2020-01-30', requestedAt: '2020-01-30T07:00:00+08:00', requestedBy: 'planner' }
    const content = canonicalJson({ ...frozen, drafts: [draft] })
    const { id } = await does(house.db, house.clock, 'night-desk', async (act) => {
      const handover = await insertHandover(act.tx, { id: act.newId(), givenAt: act.at, givenBy: act.by, content, contentHash: sha256(content) })
      await act.journal({ action: 'handover.given', kind: 'handovers', subject: handover.id, details: { hash: handover.contentHash } })
      return handover
    })
    expect(await house.done(`/handovers/${id}`, 'reader')).toMatchObject({ allocations: null, requests: null, symptoms: null, waiting: null, drafts: [{ ...draft, waits: null }], orders: [], withoutPaper: [], hash: sha256(content) })
    const page = (await house.say(`/handovers/${id}/print`, 'reader')).text
    expect(page.split('Material was not yet part of a shift when this was written.')).toHaveLength(3)
    expect(page.split('They were not yet part of a shift when this was written.')).toHaveLength(3)
    expect((await house.done<{ items: { id: string }[] }>('/handovers', 'reader')).items.map((one) => one.id)).toContain(id)
    expect(await house.done(`/handovers/${id}/take-over`, 'day-desk', {})).toMatchObject({ version: 2, takenBy: 'day-desk', allocations: null })
    await house.close()
  })
})
