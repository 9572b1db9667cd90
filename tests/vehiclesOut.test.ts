import { afterAll, describe, expect, test } from 'vitest'
import type { State } from '../src/dispatch/orders.js'
import { expectedBack, outUntil, type RideTimes } from '../src/dispatch/rides.js'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type Out, withOut } from '../src/planning/underWay.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const moment = (clock: string): Date => new Date(at(clock))
/** Planned: with the patient at 06:24, there at 07:01, clean and back at 08:38. */
const PLANNED: RideTimes = { departs: moment('06:24'), arrives: moment('07:01'), returns: moment('08:38'), dispatchedAt: null, arrivedAt: null }
const clockOf = (found: Date | null | undefined) => (found === undefined ? 'not out' : found === null ? 'until it is clean' : new Date(found.getTime() + 8 * 3600_000).toISOString().slice(11, 16))

describe('when a vehicle should be clean and back', () => {
  const rows: [string, Partial<RideTimes>, string][] = [
    ['as planned', {}, '08:38'], ['it left in time', { dispatchedAt: moment('06:20') }, '08:38'], ['it left late', { dispatchedAt: moment('06:55') }, '09:09'],
    ['it left late and caught up', { dispatchedAt: moment('06:55'), arrivedAt: moment('07:08') }, '08:45'], ['it came early', { arrivedAt: moment('06:50') }, '08:38'],
    ['nobody planned more than its return', { departs: null, arrives: null, dispatchedAt: moment('06:55'), arrivedAt: moment('07:40') }, '08:38'],
    ['nobody planned when', { departs: null, arrives: null, returns: null, dispatchedAt: moment('06:55') }, 'until it is clean'],
  ]
  test.each(rows)('%s', (_, times, back) => expect(clockOf(expectedBack({ ...PLANNED, ...times }))).toBe(back))
})

describe('until when a vehicle is out', () => {
  const out: RideTimes = { ...PLANNED, dispatchedAt: moment('06:24') }
  const rows: [State, Partial<RideTimes>, string, string][] = [
    ['issued', { dispatchedAt: null }, '07:00', 'not out'], ['accepted', { dispatchedAt: null }, '09:00', 'not out'], ['cancelled', { dispatchedAt: null }, '07:00', 'not out'],
    ['dispatched', {}, '07:00', '08:38'], ['dispatched', {}, '08:37', '08:38'], ['dispatched', {}, '08:38', 'until it is clean'],
    // What is known now and was not then does not count.
    ['dispatched', { arrivedAt: moment('07:31') }, '07:00', '08:38'],
    ['arrived', { arrivedAt: moment('07:31') }, '07:40', '09:08'], ['arrived', { arrivedAt: moment('07:31') }, '09:08', 'until it is clean'],
    ['arrived', { returns: null, arrivedAt: moment('07:31') }, '07:40', 'until it is clean'], ['closed', { arrivedAt: moment('07:31') }, '07:40', 'not out'],
    ['died', {}, '07:40', '08:38'], ['died', {}, '08:38', 'until it is clean'], ['died', { returns: null }, '07:40', 'until it is clean'],
  ]
  test.each(rows)('%s %o at %s: %s', (state, times, now, until) => expect(clockOf(outUntil({ ...out, ...times, state }, moment(now)))).toBe(until))
})

describe('what of a vehicle’s day is left', () => {
  const { van: row } = city({ vehicles: { van: { availableFrom: '07:00', availableTo: '20:00', crews: 2 } } }).vehicles
  const left = (out: Out | null, planDay = '2020-01-30') => {
    const { crews, availableFrom, availableTo, source } = withOut({ van: row! }, out === null ? {} : { van: out }, planDay)['van']!
    return [crews, availableFrom, availableTo, source]
  }
  const MADE_UP = 'made up for a test'
  const rows: [string, Out | null, string, unknown[]][] = [
    ['it is there', null, '2020-01-30', [2, '07:00', '20:00', MADE_UP]],
    ['it is back before it has to be', { order: 'o', until: at('06:59') }, '2020-01-30', [2, '07:00', '20:00', MADE_UP]],
    ['it is back at noon and a second', { order: 'o', until: '2020-01-30T12:00:01+08:00' }, '2020-01-30', [2, '12:01', '20:00', `out on order o until 2020-01-30T12:00:01+08:00; ${MADE_UP}`]],
    ['it is back when its day is over', { order: 'o', until: at('20:00') }, '2020-01-30', [0, '07:00', '20:00', `out on order o until ${at('20:00')}; ${MADE_UP}`]],
    ['nobody knows when it is back', { order: 'o', until: null }, '2020-01-30', [0, '07:00', '20:00', `out on order o and not clean yet; ${MADE_UP}`]],
    ['tomorrow it is back', { order: 'o', until: at('23:50') }, '2020-01-31', [2, '07:00', '20:00', MADE_UP]],
    ['tomorrow nobody knows it yet', { order: 'o', until: null }, '2020-01-31', [0, '07:00', '20:00', `out on order o and not clean yet; ${MADE_UP}`]],
  ]
  test.each(rows)('%s', (_, out, planDay, expected) => expect(left(out, planDay)).toEqual(expected))
})

const HOUR = 3600_000
const THREE = { cases: people(3), pools: { 'hub/ordinary': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {} } } as const satisfies CityPatch
const refusals = (said: { status: number; json: unknown }) => [said.status, ...((said.json as { errors?: { pointer: string }[] }).errors ?? []).map(({ pointer }) => pointer)]

eachDatabase((_, open) => {
  test('nobody drives in a vehicle that is not clean, by a plan or by an order, and late is until it is said', async () => {
    const desk = await Desk.open(await open(), city(THREE))
    const order = (patient: string, leaves: string) => desk.post('/transfer-orders', { patient, pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at(leaves) })
    const { id, returns } = (await order('south-1', '06:00')).json as { id: string; returns: string }
    expect(returns).toBe(at('08:29'))
    await desk.steps(id, 'accept')
    desk.clock.forward(6.25 * HOUR)
    await desk.steps(id, 'dispatch')
    desk.clock.forward(HOUR)
    // There 23 minutes after its time, so it is back at 08:52.
    await desk.steps(id, 'arrive')
    const scenario = async (query = '') => (await desk.say(`/scenario${query}`, 'reader')).json as Scenario
    expect((await scenario()).vehicles['van']).toMatchObject({ crews: 2, availableFrom: '08:52', source: expect.stringMatching(/^out on order 2020-01-30-0001 until 2020-01-30T08:52:00\+08:00; /) })
    expect(refusals(await order('south-2', '08:51'))).toEqual([409, 'crewHours/T0001'])
    const { plan } = await desk.draft()
    expect(plan.trips.map(({ leavesBase }) => leavesBase)).toEqual([at('08:52'), at('11:21')])
    desk.clock.forward(2 * HOUR)
    expect((await scenario()).vehicles['van']).toMatchObject({ crews: 0, source: expect.stringMatching(/^out on order 2020-01-30-0001 and not clean yet; /) })
    expect(refusals(await order('south-2', '15:00'))).toEqual([409, 'crewHours/T0001'])
    const late = await desk.draft()
    expect([late.plan.moves, late.plan.unplaced.map(({ rule }) => rule)]).toEqual([[], ['crewHours', 'crewHours']])
    await desk.steps(id, 'decontaminate')
    expect((await scenario()).vehicles['van']).toMatchObject({ crews: 2, availableFrom: '00:00', source: 'made up for a test' })
    expect(refusals(await order('south-2', '10:00'))).toEqual([201])
    // A past moment knows what was known then.
    const then = async (clock: string) => (await scenario(`?asOf=${encodeURIComponent(at(clock))}`)).vehicles['van']
    expect([(await then('06:10'))?.source, (await then('06:30'))?.availableFrom, (await then('07:20'))?.availableFrom, (await then('09:00'))?.crews]).toEqual(['made up for a test', '08:29', '08:52', 0])
    await desk.close()
  })

  test('a vehicle that nobody planned is out from when it leaves until it is clean, and one that drives instead of another', async () => {
    const desk = await Desk.open(await open(), city({ ...THREE, vehicles: { van: {}, car: {} } }))
    const issued = await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('06:00') })
    const { id } = issued.json as { id: string }
    await desk.steps(id, 'accept')
    desk.clock.forward(6.5 * HOUR)
    expect((await desk.step(id, 'dispatch', { vehicle: 'car', crew: 'car/1' })).status).toBe(200)
    const row = async (vehicle: string) => ((await desk.say('/scenario', 'reader')).json as Scenario).vehicles[vehicle]
    // It drives its own ride, which begins when it leaves.
    expect([await row('van'), await row('car')]).toEqual([expect.objectContaining({ availableFrom: '00:00' }), expect.objectContaining({ availableFrom: '08:59', crews: 2 })])
    expect(((await desk.say('/vehicle-board', 'reader')).json as { rides: object[] }).rides).toEqual([expect.objectContaining({ vehicle: 'car', expectedBack: at('08:59') })])
    expect((await desk.step(id, 'die', { note: 'nothing helped' })).status).toBe(200)
    expect(await row('car')).toMatchObject({ availableFrom: '08:59' })
    desk.clock.forward(3 * HOUR)
    expect(await row('car')).toMatchObject({ crews: 0, source: expect.stringMatching(/not clean yet/) })
    await desk.close()
  })

  test('a vehicle in which somebody died is out until it is clean, for plans, boards, and whoever would leave with it', async () => {
    const desk = await Desk.open(await open(), city(THREE))
    const order = (patient: string, leaves: string) => desk.post('/transfer-orders', { patient, pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at(leaves) })
    const first = await order('south-1', '06:00')
    desk.clock.forward(1000)
    const second = await order('south-2', '10:00')
    expect([first.status, second.status, second.status === 201 ? '' : second.text]).toEqual([201, 201, ''])
    const [one, two] = [first.json as { id: string }, second.json as { id: string }]
    for (const { id } of [one, two]) await desk.steps(id, 'accept')
    desk.clock.forward(6.25 * HOUR)
    await desk.steps(one.id, 'dispatch')
    desk.clock.forward(HOUR)
    expect((await desk.step(one.id, 'die', { note: 'nothing helped' })).status).toBe(200)
    const row = async () => ((await desk.say('/scenario', 'reader')).json as Scenario).vehicles['van']
    const board = async () => ((await desk.say('/vehicle-board', 'reader')).json as { rides: { orders: { state: string }[] }[] }).rides.map(({ orders }) => orders.map(({ state }) => state))
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; order: string }[] }).rings.map(({ kind, order: id }) => [kind, id])
    const shift = async () => ((await desk.post('/handovers', { toPost: 'night' })).json as { orders: { order: string; rings: { kind: string }[] }[] }).orders.map(({ order: id, rings: own }) => [id, ...own.map(({ kind }) => kind)])
    expect(refusals(await desk.step(two.id, 'dispatch'))).toEqual([409, 'decontamination/van'])
    expect([await board(), await rings()]).toEqual([[['died'], ['accepted']], []])
    desk.clock.forward(3 * HOUR)
    expect([(await row())?.crews, await rings(), await shift()]).toEqual([0, [['notClean', one.id]], [[one.id, 'notClean'], [two.id]]])
    expect(refusals(await desk.step(two.id, 'dispatch'))).toEqual([409, 'decontamination/van'])
    expect((await desk.step(one.id, 'decontaminate')).json).toMatchObject({ state: 'died' })
    const again = await desk.step(one.id, 'decontaminate')
    expect([again.status, (again.json as { code: string; detail: string })]).toEqual([409, expect.objectContaining({ code: 'stepOutOfOrder',
      detail: `order ${one.id} is died on the way, and its vehicle clean, since 2020-01-30T10:15:01+08:00, by desk, so one cannot note that the vehicle is clean; no step is left` })])
    expect((await desk.order(one.id)).possible).toEqual([])
    expect([(await row())?.crews, await rings(), await board(), await shift()]).toEqual([2, [], [['accepted']], [[two.id]]])
    // What was so before it was clean stays so.
    const then = (await desk.say(`/scenario?asOf=${encodeURIComponent(at('07:30'))}`, 'reader')).json as Scenario
    expect(then.vehicles['van']?.source).toMatch(/^out on order/)
    await desk.steps(two.id, 'dispatch')
    await desk.close()
  })

  test('a plan whose vehicle is not back in time is stale', async () => {
    const desk = await Desk.open(await open(), city(THREE))
    const { run } = await desk.draft()
    // The draft counts on the van at six; meanwhile it drives for somebody else, and nobody plans when.
    const one = await desk.post('/transfer-orders', { patient: 'south-1', outside: '贵阳市', travelMinutes: 90, reason: 'elsewhere', vehicle: 'van', leavesBase: at('06:00') })
    const { id } = one.json as { id: string }
    await desk.steps(id, 'accept')
    desk.clock.forward(6.25 * HOUR)
    await desk.steps(id, 'dispatch')
    desk.clock.forward(5 * HOUR)
    const stale = await desk.post(`/plan-runs/${run}/approve`, { strike: [{ patient: 'south-1', reason: 'gone' }] })
    expect([stale.status, (stale.json as { code: string }).code]).toEqual([409, 'planIsStale'])
    expect(stale.text).toMatch(/trip \S+ \(leaves at \d\d:\d\d, clean by \d\d:\d\d\) lies outside the hours \(11:15 to 24:00\) or crews \(\d+\) of van/)
    await desk.close()
  })
})
