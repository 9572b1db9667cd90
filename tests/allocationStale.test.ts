import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, NEEDING, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { ask } from './support/serving.js'
import type { SuppliedPatch } from './support/supplied.js'

afterAll(closeSolvers)

interface Approved {
  readonly orders: readonly string[]
}
const STALE = 'what the plan was computed from has changed; strike what is listed, or ask for a new plan'
const approveAt = (run: string) => `/plan-runs/${run}/approve-allocation`
const OFF_PLAN = { kind: 'allocation', from: 'store', to: 'b', reason: 'the ward runs out' }

/** What stands against the shipments of a plan by the time that somebody approves them. */
eachDatabase((_, open) => {
  test('of two drafts of one picture the second is stale: needs are met, shares kept back and vehicles loaded by the first', async () => {
    const rows: [string, SuppliedPatch, (first: string) => RegExp][] = [
      ['the same need twice', {}, (first) => new RegExp(`S0001: after the plan was computed group issued ${first} at 2020-01-30T08:00:01`)],
      ['a share that is kept back', { sources: { store: { keepBackPerMille: 100 } } }, (first) => new RegExp(`S0002: after the plan was computed group issued ${first}`)],
      ['vehicles', { sources: { store: { litresPerDay: 900 } } }, (first) => new RegExp(`S0002: after the plan was computed group issued ${first}`)],
    ]
    for (const [what, patch, says] of rows) {
      const house = await Warehouse.open(await open())
      const lot = await house.stocked('mask', 900)
      if (patch.sources?.['store'] !== undefined) await house.put('/sources/store', { place: 'store', keepBackPerMille: 0, litresPerDay: 'notTracked', source: 'a test', ...patch.sources['store'] })
      const scenario = { ...NEEDING, ...patch, items: { mask: { cubicCentimetres: 1000 } }, lots: { [lot]: { item: 'mask', place: 'store', units: 900 } } }
      const [one, two] = [await house.drafted(scenario), await house.drafted(scenario)]
      house.clock.forward(1000)
      const [first, second] = one.plan.material?.shipments ?? []
      const struck = [{ shipment: second?.id ?? '', reason: 'later' }]
      const { orders } = await house.done<Approved>(`/plan-runs/${one.run}/approve-allocation`, 'group', { struck })
      const said = await house.refused(`/plan-runs/${two.run}/approve-allocation`, 'commander', what === 'the same need twice' ? {} : { struck: [{ shipment: first?.id, reason: 'sent' }] })
      expect([what, ...said.slice(0, 3)]).toEqual([what, 409, 'planIsStale', STALE])
      expect(said.slice(3).join('\n')).toMatch(says(orders[0] ?? ''))
      // What the first did not send, and nothing else stands against, may still go; what has come counts as well.
      if (what === 'the same need twice') {
        for (const step of ['ship', 'receive']) {
          await house.done(`/allocation-orders/${orders[0]}/${step}`, 'keeper', {})
          expect((await house.refused(`/plan-runs/${two.run}/approve-allocation`, 'commander', {})).slice(3).join('\n')).toMatch(says(orders[0] ?? ''))
        }
        expect((await house.done<Approved>(`/plan-runs/${two.run}/approve-allocation`, 'commander', { struck: [{ shipment: first?.id ?? '', reason: 'sent' }] })).orders).toHaveLength(1)
      }
      await house.close()
    }
  })

  test.each([
    ['what goes out in place of an item meets the need of that item', ['cloth', 'mask']], ['what would go out in place of an item is not needed where that item went out', ['mask', 'cloth']],
  ] as const)('%s', async (_what, [first, then]) => {
    const house = await Warehouse.open(await open())
    const lots = { mask: await house.stocked('mask', 900), cloth: await house.stocked('cloth', 900) }
    const plan = (item: 'mask' | 'cloth') => house.drafted({ ...NEEDING, substitutes: { 'mask/cloth': {} }, lots: { [lots[item]]: { item, place: 'store', units: 900 } } })
    const [one, two] = [await plan(first), await plan(then)]
    const substitutes = ({ plan: { material } }: typeof one) => new Set(material?.shipments.flatMap(({ lines }) => lines.map(({ item, substituteFor }) => `${item} for ${substituteFor ?? item}`)))
    expect([substitutes(one), substitutes(two)]).toEqual([new Set([`${first} for mask`]), new Set([`${then} for mask`])])
    house.clock.forward(1000)
    const { orders } = await house.done<Approved>(approveAt(one.run), 'group', {})
    const said = await house.refused(approveAt(two.run), 'commander', {})
    expect([said[1], orders.map((id) => said.slice(3).join().includes(`group issued ${id}`))]).toEqual(['planIsStale', orders.map(() => true)])
    await house.close()
  })

  test('vehicles are loaded by what leaves on their day, and by nothing else', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 900)
    await house.stocked('cloth', 40)
    await house.put('/sources/store', { place: 'store', keepBackPerMille: 0, litresPerDay: 900, source: 'a test' })
    const { run, plan } = await house.drafted({
      ...NEEDING, sources: { store: { litresPerDay: 900 } }, items: { mask: { cubicCentimetres: 1000 } }, lots: { [lot]: { item: 'mask', place: 'store', units: 900 } },
    })
    const days = new Set(plan.material?.shipments.map(({ leavesOn }) => leavesOn))
    expect([...days].sort()[0]).toBe('2020-01-30')
    house.clock.forward(1000)
    const order = (leavesOn: string) => house.done<AllocationOut>('/allocation-orders', 'group', { ...OFF_PLAN, leavesOn, lines: [{ item: 'cloth', count: 7 }] })
    await order('2020-02-09')
    const struck = (plan.material?.shipments ?? []).filter(({ leavesOn }) => leavesOn !== '2020-01-30').map(({ id }) => ({ shipment: id, reason: 'later' }))
    const { id } = await order('2020-01-30')
    const said = await house.refused(approveAt(run), 'group', { struck })
    expect([said[1], said.slice(3).every((line) => String(line).includes(`group issued ${id}`))]).toEqual(['planIsStale', true])
    await house.done(`/allocation-orders/${id}/cancel`, 'group', { note: 'not today' })
    expect((await house.done<Approved>(approveAt(run), 'group', { struck })).orders.length).toBeGreaterThan(0)
    await house.close()
  })

  test('an order that was being written while the picture was taken is told from one that stands in it', async () => {
    for (const isInPicture of [false, true]) {
      const house = await Warehouse.open(await open())
      const lot = await house.stocked('mask', 900)
      const { id } = await house.done<AllocationOut>('/allocation-orders', 'group', { ...OFF_PLAN, lines: [{ item: 'mask', count: 7 }] })
      house.clock.forward(2000)
      const coming = { [id]: { item: 'mask', from: 'store', to: 'b', units: 7, arrivesOn: '2020-01-30' } }
      const { run } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 893 } }, ...(isInPicture ? { consignments: coming } : {}) })
      const said = await house.say(approveAt(run), 'group', {})
      expect([isInPicture, said.status, said.text.includes(`group issued ${id}`) || said.text.includes(`下达了 ${id}`)]).toEqual([isInPicture, isInPicture ? 200 : 409, !isInPicture])
      await house.close()
    }
  })

  test('an item that may enter other zones by now is judged anew', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 900)
    const { run, plan } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 900 } } })
    const { json, headers } = await house.say('/items/mask', 'reader')
    const { recordedAt: _at, recordedBy: _by, version: _version, id: _id, effectiveAt: _effective, ...mask } = json as Record<string, unknown>
    const zoned = (zones: string[], etag: string) => ask(house.served.address, '/api/items/mask', { method: 'PUT', body: { ...mask, zones }, headers: { authorization: 'Post keeper', 'if-match': etag } })
    const put = await zoned(['clean'], headers.get('etag') ?? '')
    expect([put.status, put.status === 200 ? '' : put.text]).toEqual([200, ''])
    expect(await house.refused(approveAt(run), 'group', {})).toEqual([409, 'planIsStale', STALE,
      ...(plan.material?.shipments ?? []).map(({ id }) => `shipments/${id}: ${id}: the grade of mask, or the zones that it may enter, are others now`)])
    expect((await zoned(['clean', 'red', 'buffer'], put.headers.get('etag') ?? '')).status).toBe(200)
    expect((await house.done<Approved>(approveAt(run), 'group', {})).orders.length).toBeGreaterThan(0)
    await house.close()
  })

  test('what goes from store to store meets nobody’s need: a plan that knew of it is not stale', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 900)
    await house.put('/places/far', { name: { zh: '远库', en: 'Far store' }, kind: 'warehouse', unit: 'south', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source: 'a test' })
    await house.put('/sources/store', { place: 'store', keepBackPerMille: 100, litresPerDay: 'notTracked', source: 'a test' })
    await house.done('/allocation-orders', 'group', { ...OFF_PLAN, to: 'far', lines: [{ item: 'mask', count: 7 }] })
    house.clock.forward(2000)
    const { run } = await house.drafted({ ...NEEDING, sources: { store: { keepBackPerMille: 100 } }, lots: { [lot]: { item: 'mask', place: 'store', units: 893 } } })
    expect((await house.done<Approved>(approveAt(run), 'group', {})).orders.length).toBeGreaterThan(0)
    await house.close()
  })

  test('a source that keeps back more by now, or carries less, closes the plan', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 900)
    const source = { place: 'store', keepBackPerMille: 100, litresPerDay: 5000, source: 'a test' }
    await house.put('/sources/store', source)
    const { run, plan } = await house.drafted({ ...NEEDING, sources: { store: { keepBackPerMille: 100, litresPerDay: 5000 } }, lots: { [lot]: { item: 'mask', place: 'store', units: 900 } } })
    const closed = [409, 'planIsStale', STALE, ...(plan.material?.shipments ?? []).map(({ id }) => `shipments/${id}: ${id}: store keeps back more by now, or its vehicles carry less`)]
    for (const change of [{ keepBackPerMille: 101 }, { keepBackPerMille: 100, litresPerDay: 4999 }, { litresPerDay: 'unknown' }]) {
      await house.changeAt('/sources/store', change)
      expect(await house.refused(approveAt(run), 'group', {})).toEqual(closed)
    }
    await house.changeAt('/sources/store', { keepBackPerMille: 0, litresPerDay: 'notTracked' })
    expect((await house.done<Approved>(approveAt(run), 'group', {})).orders.length).toBeGreaterThan(0)
    await house.close()
  })

  test('what has to be struck takes nothing from the other shipments', async () => {
    const house = await Warehouse.open(await open())
    const [masks, suits] = [await house.stocked('mask', 900), await house.stocked('suit', 900)]
    const { run, plan } = await house.drafted({
      norms: { mask: {}, suit: { unit: 'suit', role: 'nurse' } }, staff: { 'a/1': { peoplePerShift: 20 }, 'b/1': { peoplePerShift: 10, role: 'doctor' } },
      lots: { [masks]: { item: 'mask', place: 'store', units: 900 }, [suits]: { item: 'suit', place: 'store', units: 900 } },
    })
    const [first, second] = plan.material?.shipments ?? []
    expect([first?.to, first?.lines.map(({ item }) => item).sort(), second?.to, second?.lines.map(({ item }) => item)]).toEqual(['a', ['mask', 'suit'], 'b', ['mask']])
    const unitsOf = (of: typeof first) => of?.lines.find(({ item }) => item === 'mask')?.units ?? 0
    // As many masks as either takes alone: the first does not go for want of its suits.
    await house.done('/stock-notes/outs', 'keeper', { place: 'store', kind: 'consumption', lines: [{ item: 'mask', count: 900 - Math.max(unitsOf(first), unitsOf(second)) }] })
    await house.change(suits, { quarantined: true })
    expect(await house.refused(approveAt(run), 'group', {})).toEqual([409, 'planIsStale', STALE, `shipments/${first?.id}: suit of ${first?.id}: the lot is in quarantine`])
    const struck = [{ shipment: first?.id ?? '', reason: 'suits are looked at' }]
    expect((await house.done<Approved>(approveAt(run), 'group', { struck })).orders).toHaveLength(1)
    await house.close()
  })

  test('a shipment whose need was met meanwhile takes no stock from those that can still go', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90)
    const { run, plan } = await house.drafted({ ...NEEDING, lots: { [lot]: { item: 'mask', place: 'store', units: 90 } } })
    const [first, second, ...more] = (plan.material?.shipments ?? []).map(({ id, to, lines: [line] }) => ({ id, to, units: line?.units ?? 0 }))
    expect([first?.to, second?.to, more]).toEqual(['a', 'b', []])
    house.clock.forward(1000)
    const { id } = await house.done<AllocationOut>('/allocation-orders', 'group', { ...OFF_PLAN, to: 'a', lines: [{ item: 'mask', count: 1 }] })
    // As many are left as either takes alone.
    const left = Math.max(first?.units ?? 0, second?.units ?? 0)
    await house.done('/stock-notes/outs', 'keeper', { place: 'store', kind: 'consumption', lines: [{ item: 'mask', count: 90 - 1 - left }] })
    expect([await house.free(lot, 'store'), await house.refused(approveAt(run), 'commander', {})]).toEqual([left, [409, 'planIsStale', STALE, expect.stringMatching(`^shipments/${first?.id}: .* group issued ${id} `)]])
    const struck = [{ shipment: first?.id ?? '', reason: 'sent' }]
    expect((await house.done<Approved>(approveAt(run), 'commander', { struck })).orders).toHaveLength(1)
    await house.close()
  })
})
