import { afterAll, expect, test } from 'vitest'
import { readScenarioZip } from '../src/interop/scenarioZip.js'
import { sha256 } from '../src/kernel/canonical.js'
import type { Plan } from '../src/planning/plan.js'
import type { Scenario } from '../src/planning/scenario.js'
import { soundPicture } from '../src/planning/snapshot.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched } from './support/lockWatch.js'

afterAll(closeSolvers)

const AT = '/allocation-orders'
const DAY = 24 * 3600_000
const MOVE = { kind: 'allocation', from: 'far', to: 'store', reason: 'nearer to who needs it', arrivesOn: '2020-01-31' }
const source = 'tests'
const asOf = (instant: string) => `?asOf=${encodeURIComponent(instant)}`

/** A city that uses ten masks a day at `a`, given out by `store`; what there is lies at a warehouse far away. */
async function twoStores(house: Warehouse): Promise<void> {
  const name = { zh: '远库', en: 'The far store' }
  await house.put('/places/far', { name, kind: 'warehouse', unit: 'south', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source })
  await house.put('/travel/far→a', { from: 'far', to: 'a', minutes: 900, source })
  await house.put('/receivers/a', { place: 'a', suppliedBy: null, opensOn: null, source })
  await house.put('/norms/mask', {
    item: 'mask', unit: 'piece', per: 'staffShift', severity: null, zone: null, role: null,
    conventionalPerMille: 1000, contingencyPerMille: 1000, crisisPerMille: 1000, effectiveFrom: '2020-01-01', effectiveUntil: null, source,
  })
  await house.put('/staff/a', { place: 'a', area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 10, shiftsPerDay: 1, source })
}
const sourceAt = (house: Warehouse, place: string) => house.put(`/sources/${place}`, { place, keepBackPerMille: 0, litresPerDay: 'notTracked', source })

const pictured = async (house: Warehouse, past = ''): Promise<Scenario> => soundPicture(await house.done<Record<string, unknown>>(`/scenario${past}`, 'reader'))
const givenOut = ({ material }: Plan) => (material?.shipments ?? []).flatMap(({ from, to, leavesOn, lines }) => lines.map(({ table, row, units }) => [from, to, leavesOn, table, row, units]))

eachDatabase((_, opened) => {
  const wrong: string[] = []
  const open = async () => lockWatched(await opened(), (one) => wrong.push(one))

  test('what is on the road to a store is given out from the day on which it comes, and is stock once it has', async () => {
    const house = await Warehouse.open(await open())
    await twoStores(house)
    const lot = await house.stocked('mask', 45, { place: 'far', lot: 'M-7', expiresOn: '2021-06-30' })
    const { id } = await house.done<AllocationOut>(AT, 'group', { ...MOVE, lines: [{ item: 'mask', count: 43 }] })
    const coming = { item: 'mask', place: 'store', day: '2020-01-31', units: 43, expiresOn: '2021-06-30', authority: 'city', released: true, earmark: null, source: `allocation order ${id}`, assumed: [], asOf: null }
    // Nobody has said yet that the store gives out.
    expect((await pictured(house)).supplies).toEqual({})
    await sourceAt(house, 'store')
    const issued = await pictured(house)
    expect([issued.supplies, issued.consignments, issued.lots]).toEqual([{ [id]: coming }, {}, {}])
    house.clock.forward(3600_000)
    await house.done(`${AT}/${id}/ship`, 'keeper', { lines: [{ seq: 1, units: 41 }] })
    const shipped = await pictured(house)
    expect([shipped.supplies, shipped.consignments]).toEqual([{ [id]: { ...coming, units: 41 } }, {}])
    const { run, plan } = await house.planned(shipped)
    expect(givenOut(plan)).toEqual([['store', 'a', '2020-01-31', 'supplies', id, 41]])
    const { orders, waiting } = await house.done<{ orders: string[]; waiting: object[] }>(`/plan-runs/${run}/approve-allocation`, 'group', {})
    expect([orders, waiting]).toEqual([[], [{ shipment: expect.any(String), supply: id, item: 'mask', units: 41 }]])
    const zip = await fetch(`${house.served.address}/api/scenario.zip`, { headers: { authorization: 'Post reader' } })
    const out = await readScenarioZip(new Uint8Array(await zip.arrayBuffer()))
    expect(out.ok && out.scenario.supplies).toEqual(shipped.supplies)

    house.clock.forward(DAY)
    await house.done(`${AT}/${id}/receive`, 'receiver', { lines: [{ seq: 1, accepted: 38, damaged: 2, missing: 1, difference: 'wet', missingDifference: 'short' }] })
    const came = await pictured(house)
    const row = `${lot}→store`
    expect([came.supplies, Object.entries(came.lots).map(([name, { place, units }]) => [name, place, units])]).toEqual([{}, [[row, 'store', 38]]])
    expect(givenOut((await house.planned(came)).plan)).toEqual([['store', 'a', '2020-01-31', 'lots', row, 38]])
    // A moment of the past sees it where it was, at the moment of its receipt too.
    const then = async (instant: string) => {
      const { supplies, lots } = await pictured(house, asOf(instant))
      return [Object.values(supplies).map(({ units, day }) => [units, day]), Object.values(lots).map(({ place, units }) => [place, units])]
    }
    expect(await then('2020-01-30T08:59:59+08:00')).toEqual([[[43, '2020-01-31']], []])
    expect(await then('2020-01-31T08:59:59+08:00')).toEqual([[[41, '2020-01-31']], []])
    expect(await then('2020-01-31T09:00:00+08:00')).toEqual([[], [['store', 38]]])
    await house.close()
  })

  test('each line is a row of its own lot, late ones come today, and no row takes the name of another', async () => {
    const house = await Warehouse.open(await open())
    await twoStores(house)
    for (const place of ['far', 'store']) await sourceAt(house, place)
    const [masks, gift] = [await house.stocked('mask', 30, { place: 'far' }), await house.stocked('suit', 9, { place: 'far', earmark: 'a', expiresOn: '2020-02-02' })]
    const order = (lines: object[], change: object = {}) => house.done<AllocationOut>(AT, 'group', { ...MOVE, ...change, lines })
    const taken = '2020-01-30-M0001'
    const expected = { item: 'mask', place: 'store', day: '2020-02-02', units: 6, authority: 'purchase', released: true, source }
    await house.put(`/expected-supplies/${taken}`, expected)
    const single = await order([{ item: 'mask', count: 4 }])
    await house.change(gift, { earmark: null })
    const double = await order([{ item: 'mask', count: 11 }, { item: 'suit', count: 9 }])
    await house.change(gift, { earmark: 'a', released: false, authority: 'earmarkedDonation' })
    const toReceiver = await order([{ item: 'mask', count: 2 }], { to: 'a' })
    expect(single.id).toBe(taken)
    const rows = async (past = '') => {
      const { supplies, consignments } = await pictured(house, past)
      return [Object.entries(supplies).map(([name, { item, units, day, released, earmark, authority }]) => [name, item, units, day, released, earmark, authority]).sort(), Object.keys(consignments)]
    }
    const ofCity = [true, null, 'city']
    const [own, first, second] = [
      (units: number, day: string) => [sha256(taken), 'mask', units, day, ...ofCity], [`${double.id}/1`, 'mask', 11, '2020-01-31', ...ofCity],
      [`${double.id}/2`, 'suit', 9, '2020-01-31', false, 'a', 'earmarkedDonation'],
    ] as const
    const stated = [taken, 'mask', 6, '2020-02-02', true, null, 'purchase']
    expect(await rows()).toEqual([[own(4, '2020-01-31'), stated, first, second].sort(), [toReceiver.id]])
    await house.done(`${AT}/${taken}/ship`, 'keeper', {})
    house.clock.forward(3 * DAY)
    // What was to come two days ago comes today; what expires today can still be used, and no longer tomorrow.
    expect(await rows()).toEqual([[own(4, '2020-02-02'), stated, [...first.slice(0, 3), '2020-02-02', ...ofCity], [...second.slice(0, 3), '2020-02-02', ...second.slice(4)]].sort(), [toReceiver.id]])
    await house.change(masks, { quarantined: true })
    expect(await rows()).toEqual([[stated, [...second.slice(0, 3), '2020-02-02', ...second.slice(4)]].sort(), []])
    house.clock.forward(DAY)
    expect(await rows()).toEqual([[], []])
    expect((await rows(asOf('2020-01-30T08:00:00+08:00')))[1]).toEqual([toReceiver.id])
    await house.close()
  })

  test('everybody locks in one order', () => expect(wrong).toEqual([]))
})
