import { afterAll, expect, test } from 'vitest'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, CENTRALISED, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const MINUTE = 60_000
/** Two wait in the district, where the van stands; the vehicle of the depot is 206 minutes away. Another hospital is 300. */
const FAR = {
  cases: people(2), pools: { 'hub/ordinary': {}, 'other/ordinary': {}, 'dist/ordinary': {} }, places: { depot: {}, other: CENTRALISED }, fleet: 'listed',
  travel: { 'depot→dist': 206, 'depot→hub': 180, 'dist→other': 300 }, vehicles: { van: {}, far: { base: 'depot' } },
  policy: { timetable: { crewMinutesMax: 900 } },
} as const satisfies CityPatch
interface Ride { leavesBase: string; departs: string | null; arrives: string | null; returns: string | null; crew: string | null; vehicle: string }
const timesOf = (json: unknown) => (({ vehicle, crew, leavesBase, departs, arrives, returns }: Ride) => [vehicle, crew, leavesBase, departs, arrives, returns])(json as Ride)
const places = ({ status, json }: { status: number; json: unknown }) => [status, ...((json as { errors?: { pointer: string; detail: string }[] }).errors ?? []).map(({ pointer, detail }) => [pointer, detail])]

/** What is read of a desk whose clock is set by the day's own. */
async function started(open: () => Parameters<typeof Desk.open>[0] | Promise<Parameters<typeof Desk.open>[0]>, patch: CityPatch = FAR) {
  const desk = await Desk.open(await open(), city(patch))
  const until = (clock: string) => desk.clock.forward(new Date(at(clock)).getTime() - desk.clock.now().getTime())
  const order = async (patient: string, more: object = {}) => {
    const said = await desk.post('/transfer-orders', { patient, pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('06:00'), ...more })
    expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
    const { id } = said.json as { id: string }
    await desk.steps(id, 'accept')
    return id
  }
  const scenario = async (asOf?: string) => (await desk.say(`/scenario${asOf === undefined ? '' : `?asOf=${encodeURIComponent(at(asOf))}`}`, 'reader')).json as Scenario
  const from = async (vehicle: string, asOf?: string) => {
    const row = (await scenario(asOf)).vehicles[vehicle]
    return row === undefined || row.crews === 0 ? 'until it is clean' : row.availableFrom
  }
  const back = async () => ((await desk.say('/vehicle-board', 'reader')).json as { rides: { vehicle: string; crew: string | null; expectedBack: string | null; orders: object[] }[] })
    .rides.map(({ vehicle, crew, expectedBack, orders }) => [vehicle, crew, expectedBack, orders.length])
  // Their paper is of another test.
  const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; since: string }[] }).rings
    .flatMap(({ kind, since }) => (kind === 'notConfirmed' ? [] : [[kind, since]]))
  return { desk, until, order, scenario, from, back, rings }
}

eachDatabase((_, open) => {
  test('another vehicle drives its own ride, from when it left and where it stands', async () => {
    const { desk, until, order, from, back, rings } = await started(open)
    const id = await order('south-1')
    const read = async () => timesOf(await desk.order(id))
    expect(await read()).toEqual(['van', 'van/1', at('06:00'), at('06:15'), at('06:52'), at('08:29')])
    until('06:15')
    expect((await desk.step(id, 'dispatch', { vehicle: 'far' })).status).toBe(200)
    // 206 minutes to them and 15 to collect them, 37 there, 15 to hand over, 180 back and 45 to clean.
    expect(await read()).toEqual(['far', null, at('06:15'), at('09:56'), at('10:33'), at('14:33')])
    expect([await back(), await from('far'), await from('van')]).toEqual([[['far', null, at('14:33'), 1]], '14:33', '00:00'])
    const form = (await desk.say(`/transfer-orders/${id}/form`, 'reader')).text
    expect(form).toContain('2020-01-30 09:56 — 2020-01-30 10:33')
    until('11:02')
    expect(await rings()).toEqual([])
    until('11:03')
    expect(await rings()).toEqual([['notArrived', at('11:03')]])
    await desk.steps(id, 'arrive')
    expect([await back(), await from('far')]).toEqual([[['far', null, at('15:03'), 1]], '15:03'])
    expect([await from('far', '06:10'), await from('far', '06:20'), await from('van', '06:20')]).toEqual(['00:00', '14:33', '00:00'])
    await desk.close()
  })

  test('the crew is who is named, and the vehicle that was planned drives as planned', async () => {
    const { desk, until, order, back } = await started(open)
    const [one, two] = [await order('south-1'), await order('south-2', { vehicle: 'far', leavesBase: at('06:00') })]
    until('06:30')
    expect((await desk.step(one, 'dispatch', { vehicle: 'van', crew: 'van/2' })).status).toBe(200)
    expect(timesOf(await desk.order(one))).toEqual(['van', 'van/2', at('06:00'), at('06:15'), at('06:52'), at('08:29')])
    expect((await desk.step(one, 'die', { note: 'nothing helped' })).status).toBe(200)
    expect((await desk.step(one, 'decontaminate')).status).toBe(200)
    expect((await desk.step(two, 'dispatch', { vehicle: 'van', crew: 'van/1' })).status).toBe(200)
    expect(await back()).toEqual([['van', 'van/1', at('08:59'), 1]])
    await desk.close()
  })

  test('a vehicle that was to drive for another at that time leaves a picture that can be planned with', async () => {
    const { desk, until, order, scenario, from } = await started(open, { ...FAR, cases: people(3) })
    const [one, two] = [await order('south-1'), await order('south-2', { vehicle: 'far', leavesBase: at('09:00') })]
    until('06:15')
    expect((await desk.step(one, 'dispatch', { vehicle: 'far' })).status).toBe(200)
    const { orders } = await scenario()
    expect([one, two].map((id) => [orders[id]?.vehicle, orders[id]?.departs, orders[id]?.returns])).toEqual([['far', at('06:15'), at('09:00')], ['far', at('09:00'), at('17:18')]])
    expect(await from('far')).toBe('14:33')
    expect((await desk.draft()).plan.trips.map(({ vehicle }) => vehicle)).toEqual(['van'])
    await desk.close()
  })

  test('carer and child in another vehicle ride once', async () => {
    const { desk, until, back, from } = await started(open, { ...FAR, cases: { 'south-1': {}, 'south-2': { ageBand: '0-14', companion: 'south-1' } } })
    const issued = await desk.post('/transfer-orders', { patient: 'south-1', companions: [{ patient: 'south-2' }], pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('06:00') })
    const { id, companions } = issued.json as { id: string; companions: { id: string }[] }
    const other = companions[0]?.id ?? ''
    for (const one of [id, other]) await desk.steps(one, 'accept')
    until('06:15')
    expect((await desk.step(id, 'dispatch', { vehicle: 'far', crew: 'far/2' })).status).toBe(200)
    desk.clock.forward(2 * MINUTE)
    expect(await desk.step(other, 'dispatch', { vehicle: 'far' })).toMatchObject({ status: 200 })
    expect(timesOf(await desk.order(other))).toEqual(timesOf(await desk.order(id)))
    expect([await back(), await from('far')]).toEqual([[['far', 'far/2', at('14:33'), 2]], '14:33'])
    await desk.close()
  })

  test('who is led elsewhere from the road is there, and their vehicle back, when that road says so', async () => {
    const { desk, until, order, from, back, rings } = await started(open)
    const id = await order('south-1')
    until('06:55')
    await desk.steps(id, 'dispatch')
    // 40 minutes after its time.
    expect([await back(), await from('van')]).toEqual([[['van', 'van/1', at('09:09'), 1]], '09:09'])
    until('07:25')
    const elsewhere = { pool: 'other/ordinary', note: 'no oxygen' }
    expect(places(await desk.step(id, 'divert', { ...elsewhere, vehicle: 'far' }))).toEqual([400, ['/vehicle', `order ${id} is on the road, and its vehicle stays: leave vehicle out`]])
    expect(places(await desk.step(id, 'divert', { ...elsewhere, leavesBase: at('08:00') }))).toEqual([400, ['/leavesBase', `order ${id} has left already: leave leavesBase out`]])
    expect((await desk.step(id, 'divert', elsewhere)).status).toBe(200)
    // Half an hour back to where they came from, 300 minutes there, 15 to hand over, 300 back and 45 to clean.
    expect(timesOf(await desk.order(id))).toEqual(['van', 'van/1', at('06:00'), at('06:55'), at('12:55'), at('18:55')])
    expect([await back(), await from('van')]).toEqual([[['van', 'van/1', at('18:55'), 1]], '18:55'])
    until('13:24')
    expect(await rings()).toEqual([])
    until('13:25')
    expect(await rings()).toEqual([['notArrived', at('13:25')]])
    await desk.steps(id, 'arrive')
    expect([await back(), await from('van')]).toEqual([[['van', 'van/1', at('19:25'), 1]], '19:25'])
    // What was known before it was led elsewhere stays as it was known.
    expect([await from('van', '07:10'), await from('van', '07:30')]).toEqual(['09:09', '18:55'])
    await desk.close()
  })

  test('diverted before it has collected them, and out of the system: where nobody knows the road, it is out until it is clean', async () => {
    const { desk, until, order, from, back } = await started(open)
    const id = await order('south-1')
    until('06:00')
    await desk.steps(id, 'dispatch')
    expect((await desk.step(id, 'divert', { outside: '贵阳市', travelMinutes: 90, note: 'elsewhere' })).status).toBe(200)
    expect(timesOf(await desk.order(id))).toEqual(['van', 'van/1', at('06:00'), at('06:15'), at('07:45'), at('10:15')])
    expect(await from('van')).toBe('10:15')
    expect((await desk.step(id, 'divert', { outside: '成都市', note: 'further' })).status).toBe(200)
    expect(timesOf(await desk.order(id))).toEqual(['van', 'van/1', at('06:00'), at('06:15'), null, null])
    expect([await back(), await from('van')]).toEqual([[['van', 'van/1', null, 1]], 'until it is clean'])
    await desk.close()
  })
})
