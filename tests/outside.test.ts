import { afterAll, describe, expect, test } from 'vitest'
import { destinationOf } from '../src/dispatch/destination.js'
import { type Asked, judged } from '../src/dispatch/judging.js'
import { stepsOpen } from '../src/dispatch/steps.js'
import { Refused } from '../src/kernel/refusal.js'
import { EVERYWHERE, type Role } from '../src/kernel/roles.js'
import { check } from '../src/planning/check.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, CENTRALISED, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { planned } from './support/planning.js'
import { ask, serving } from './support/serving.js'

afterAll(closeSolvers)

const codeOf = (said: { status: number; json: unknown }) => [said.status, (said.json as { code?: string }).code]
const CHENGDU = '成都市公共卫生临床医疗中心'

/** What a decision answers: its result, or the code and places of the refusal. */
function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof Refused) return [error.refusal.code, ...(error.refusal.details ?? []).map(({ pointer }) => pointer)]
    throw error
  }
}

describe('a destination is one of two', () => {
  const rows: [string, Parameters<typeof destinationOf>[0], string | null, unknown][] = [
    ['beds', { pool: 'hub/ordinary' }, 'van', { pool: 'hub/ordinary', outside: null }],
    ['a name', { outside: CHENGDU, travelMinutes: 217 }, 'van', { pool: null, outside: CHENGDU, travelMinutes: 217 }],
    ['a name without a road, fetched by others', { outside: CHENGDU }, null, { pool: null, outside: CHENGDU, travelMinutes: null }],
    ['a name without a road, and a vehicle to plan with', { outside: CHENGDU }, 'van', ['invalidInput', '/travelMinutes']],
    ['both', { pool: 'hub/ordinary', outside: CHENGDU }, null, ['invalidInput', '/pool']],
    ['neither', {}, null, ['invalidInput', '/pool']],
    ['beds, and a road that a table states', { pool: 'hub/ordinary', travelMinutes: 12 }, null, ['invalidInput', '/travelMinutes']],
  ]
  test.each(rows)('%s', (_, asked, vehicle, expected) => expect(outcome(() => destinationOf(asked, vehicle))).toEqual(expected))
})

/** One in the district, with a vehicle that stands nine minutes away. */
const ONE = {
  cases: people(1, { waitingSince: at('00:00') }), pools: { 'hub/ordinary': {}, 'dist/ordinary': {} }, places: { depot: {} }, travel: { 'depot→dist': 9 },
  fleet: 'listed', vehicles: { van: { base: 'depot' } },
} as const satisfies CityPatch
const OUT = { pool: null, outside: CHENGDU, travelMinutes: 131 } as const

describe('who leaves the system is judged on leaving and on the ride, not on the bed', () => {
  const ride: Asked = { to: OUT, riders: [{ patient: 'south-1', pool: null }], vehicle: 'van', leaves: 6 * 60 }
  const rows: [string, CityPatch, Partial<Asked>, string[]][] = [
    ['not assessed, and severe', { cases: { 'south-1': { severity: 'severe', fitness: 'unknown', fitnessAssessedAt: null } } }, {}, ['fitness/south-1']],
    ['unfit', { cases: { 'south-1': { fitness: 'unfit' } } }, {}, ['fitness/south-1']],
    ['due for discharge', { cases: { 'south-1': { dischargeDue: '2020-02-01' } } }, {}, ['dischargeDue/south-1']],
    ['too far for a critical case', { cases: { 'south-1': { severity: 'critical' } } }, { to: { ...OUT, travelMinutes: 181 } }, ['travelLimit/south-1']],
    ['as far as a critical case may ride', { cases: { 'south-1': { severity: 'critical' } } }, { to: { ...OUT, travelMinutes: 180 } }, []],
    ['by an exception that is signed', { cases: { 'south-1': { severity: 'critical', travelExceptionUntil: at('09:00') } } }, { to: { ...OUT, travelMinutes: 181 } }, []],
    ['a road that nobody knows', { fleet: 'unlimited', vehicles: {} }, { vehicle: null, to: { ...OUT, travelMinutes: null } }, []],
    ['in a vehicle that the receiver sends', {}, { vehicle: null, to: { ...OUT, travelMinutes: null } }, []],
    ['no life support for a severe case', { cases: { 'south-1': { severity: 'severe' } }, vehicles: { van: { lifeSupport: false } } }, {}, ['lifeSupport/T0001']],
    ['a vehicle of another unit', { vehicles: { van: { fleet: 'north' } } }, {}, ['lifeSupport/T0001']],
    ['at night, whatever hours a day’s plan keeps', {}, { leaves: 3 * 60 }, []],
    ['over midnight, by a vehicle that is always there', {}, { leaves: 23 * 60 }, []],
    ['before its vehicle is there', { vehicles: { van: { availableFrom: '03:01' } } }, { leaves: 3 * 60 }, ['crewHours/T0001']],
    ['over midnight, by a vehicle that is there until then', { vehicles: { van: { availableFrom: '06:00' } } }, { leaves: 23 * 60 }, ['crewHours/T0001']],
    // 9 and 15 to the patient, 173 there, 15 to hand over, 182 back, 45 to clean: one minute less would do.
    ['longer than a crew works', { policy: { timetable: { crewMinutesMax: 438 } } }, { to: { ...OUT, travelMinutes: 173 } }, ['crewHours/van/1']],
    ['as long as a crew works', { policy: { timetable: { crewMinutesMax: 439 } } }, { to: { ...OUT, travelMinutes: 173 } }, []],
    ['while the vehicle is out on another order', {
      cases: people(2), orders: { 'O-1': { patient: 'south-2', pool: 'hub/ordinary', vehicle: 'van', departs: at('09:00'), returns: at('11:00') } },
    }, {}, ['decontamination/T0001']],
    ['a place that is not under the command', { cases: { 'south-1': { place: 'barracks' } }, places: { barracks: { underCommand: false } }, travel: { 'depot→barracks': 9 } }, {}, ['underCommand/barracks']],
    ['a child without its carer', { cases: { 'south-1': { ageBand: '0-14', companion: 'south-2' }, 'south-2': {} } }, {}, ['together/south-1']],
    ['settled in a centralised hospital, where no plan would move them', {
      cases: { 'south-1': { place: 'hub', pool: 'hub/ordinary' } }, travel: { 'depot→hub': 9 },
    }, {}, []],
  ]
  test.each(rows)('%s', (_, patch, change, broken) => {
    const { travel = {}, places = {}, vehicles = {}, ...more } = patch
    const own = { van: { ...ONE.vehicles.van, ...vehicles['van'] } }
    const scenario = city({ ...ONE, ...more, travel: { ...ONE.travel, ...travel }, places: { ...ONE.places, ...places }, vehicles: patch.fleet === 'unlimited' ? {} : own })
    const found = outcome(() => judged(scenario, { ...ride, ...change }))
    expect(Array.isArray(found) && found[0] === 'breaksMust' ? found.slice(1) : found).toEqual(broken.length === 0 ? [expect.objectContaining({ outside: CHENGDU })] : broken)
  })

  test('the vehicle comes back the way it went', () => {
    const [line] = judged(city(ONE), ride)
    expect(line).toMatchObject({ toPlace: null, pool: null, outside: CHENGDU, travelMinutes: 131, fromPlace: 'dist' })
    const minutes = (moment: Date | null | undefined) => ((moment?.getTime() ?? 0) - new Date(at('06:00')).getTime()) / 60_000
    const { leavesBase, departs, arrives, returns } = line?.ride ?? {}
    expect([leavesBase, departs, arrives, returns].map(minutes)).toEqual([0, 24, 155, 155 + 15 + 140 + 45])
  })
})

describe('an order out of the system in a plan', () => {
  const patch = {
    cases: people(3, { waitingSince: '2020-01-29T20:00:00+08:00' }), pools: { 'hub/ordinary': { staffed: 2 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
    orders: { 'O-1': { patient: 'south-2', pool: null, outside: CHENGDU, vehicle: 'van', departs: at('06:30'), returns: at('23:30') } },
  } as const satisfies CityPatch

  test('they are not planned and not counted, their vehicle is busy, and the reason says where they go', async () => {
    const plan = (await planned(city(patch))).plan
    expect(plan.moves.map(({ patient }) => patient).sort()).toEqual(['south-1', 'south-3'])
    expect(plan.levels.filter(({ level }) => level === 'need').map(({ value }) => value)).toEqual([0, 0, 0, 0, 0])
    expect(plan.unplaced).toEqual([expect.objectContaining({ patient: 'south-2', rule: 'ordersStand', reason: {
      zh: `转运指令 O-1 转往系统外的${CHENGDU}，不另安排`, en: `transfer order O-1 takes them out of the system, to ${CHENGDU}; nothing else is planned`,
    } })])
    expect(plan.trips.map(({ vehicle }) => vehicle)).toEqual(['car', 'car'])
    expect(check(city(patch), plan)).toEqual([])
  })

  test('a plan that moves them all the same does not keep the order', async () => {
    const plan = (await planned(city({ ...patch, orders: {} }))).plan
    expect(plan.moves.some(({ patient }) => patient === 'south-2') || plan.moves.length === 2).toBe(true)
    const led = { ...plan, moves: plan.moves.map((move, i) => (i === 0 ? { ...move, patient: 'south-2' } : move)) }
    expect(check(city(patch), led).map(({ rule, subject }) => `${rule} ${subject}`)).toContain('ordersStand O-1')
  })

  test('it leads to one place', () => {
    for (const wrong of [{ pool: null, outside: null }, { pool: 'hub/ordinary', outside: CHENGDU }]) {
      expect(() => city({ ...patch, orders: { 'O-1': { patient: 'south-2', ...wrong } } })).toThrow(/must lead to one place/)
    }
  })
})

test('nobody here stands on its other side: the desk answers for it, and nobody asks for relief', () => {
  const standing = (state: 'issued' | 'dispatched' | 'arrived', toPlace: string | null) => ({ id: 'o', state, since: new Date(0), by: 'x', fromPlace: 'dist', toPlace })
  const open = (role: Role, state: 'issued' | 'dispatched' | 'arrived', toPlace: string | null) =>
    stepsOpen({ id: role, grants: [{ role, ...EVERYWHERE }] }, standing(state, toPlace))
  expect(open('bedManager', 'issued', null)).toEqual(['unwilling'])
  expect(open('bedManager', 'issued', 'hub')).toEqual(['accept', 'askRelief', 'unwilling'])
  expect(open('transferDesk', 'issued', null)).toEqual(['accept', 'divert', 'cancel', 'unwilling'])
  expect(open('bedManager', 'dispatched', null)).toEqual(['worsen', 'turnBack'])
  expect(open('transferDesk', 'dispatched', null)).toEqual(['worsen', 'divert', 'arrive', 'die', 'turnBack'])
  expect(open('transferDesk', 'arrived', null)).toEqual(['decontaminate'])
})

const HOUR = 3600_000
const WAITS = { ...ONE, places: { ...ONE.places, other: CENTRALISED }, travel: { ...ONE.travel, 'depot→hub': 44, 'dist→other': 50 }, pools: { 'hub/ordinary': { staffed: 2 }, 'dist/ordinary': {} } } as const satisfies CityPatch
const ASK = { patient: 'south-1', outside: CHENGDU, travelMinutes: 131, reason: 'elsewhere', vehicle: 'van', leavesBase: at('06:00') }

eachDatabase((_, open) => {
  test('out of the system: no bed is promised, the desk answers, and arriving ends the stay', async () => {
    const desk = await Desk.open(await open(), city({ ...WAITS, cases: people(1, { place: 'dist', pool: 'dist/ordinary', waitingSince: '2020-01-29T20:00:00+08:00' }) }))
    for (const change of [{ pool: 'hub/ordinary' }, { outside: undefined }, { outside: '13812345678' }, { outside: '两\n行' }, { travelMinutes: undefined }, { travelMinutes: 0 }]) {
      expect(codeOf(await desk.post('/transfer-orders', { ...ASK, ...change }))).toEqual([400, 'invalidInput'])
    }
    const issued = await desk.post('/transfer-orders', ASK)
    expect([issued.status, issued.json]).toEqual([201, expect.objectContaining({
      id: '2020-01-30-0001', state: 'issued', toPlace: null, pool: null, outside: CHENGDU, travelMinutes: 131, vehicle: 'van', crew: 'van/1', answerBy: null,
      deadline: at('10:00'), returns: at('11:55'), companions: [],
    })])
    const id = '2020-01-30-0001'
    // The day's plan leaves them out, and no silence is consent.
    const { plan } = await desk.draft()
    expect([plan.moves, plan.unplaced.map(({ rule }) => rule)]).toEqual([[], ['ordersStand']])
    desk.clock.forward(6 * HOUR)
    expect((await desk.order(id)).state).toBe('issued')
    expect(codeOf(await desk.step(id, 'ask-relief', { reason: 'noStaff' }))).toEqual([403, 'forbidden'])
    await desk.steps(id, 'accept', 'dispatch')
    const list = async (query: string) => ((await desk.say(`/transfer-orders?${query}`, 'reader')).json as { items: { id: string }[] }).items.map((one) => one.id)
    expect([await list('outside=true'), await list('outside=false'), await list('live=true')]).toEqual([[id], [], [id]])
    const csv = (await desk.say('/transfer-orders', 'reader', { headers: { accept: 'text/csv' } })).text.split('\r\n')
    expect([csv[0], csv[1]]).toEqual([expect.stringContaining(' outside,'), expect.stringContaining(CHENGDU)])
    const board = (await desk.say('/vehicle-board', 'reader')).json
    expect(board).toEqual({ rides: [expect.objectContaining({ orders: [{ id, state: 'dispatched', patient: 'south-1', toPlace: null, outside: CHENGDU }] })] })
    desk.clock.forward(3.25 * HOUR)
    const { rings } = (await desk.say('/overdue', 'reader')).json as { rings: object[] }
    expect(rings).toEqual([expect.objectContaining({ order: id, kind: 'notArrived', outside: CHENGDU, since: at('09:05') })])
    expect((await desk.say(`/transfer-orders/${id}/form`, 'reader')).text).toContain(`系统外：${CHENGDU}`)
    expect(await desk.account('dist/ordinary', 'named')).toEqual({ balance: 1, held: 0 })
    await desk.steps(id, 'arrive')
    expect(await desk.account('dist/ordinary', 'named')).toEqual({ balance: 0, held: 0 })
    const { items } = (await desk.say('/stays?case=south-1', 'reader')).json as { items: object[] }
    expect(items).toEqual([expect.objectContaining({ place: 'dist', ending: 'left', endedAt: at('09:15') })])
    expect((await desk.say(`/transfer-orders/${id}`, 'reader')).json).toMatchObject({ state: 'arrived', handover: desk.handover(), outside: CHENGDU })
    await desk.steps(id, 'decontaminate')
    const { items: steps } = (await desk.say(`/transfer-orders/${id}/events`, 'reader')).json as { items: { step: string; outside: string; pool: null }[] }
    expect(steps.map(({ step, outside, pool }) => [step, outside, pool])).toEqual(['issue', 'accept', 'dispatch', 'arrive', 'decontaminate'].map((step) => [step, CHENGDU, null]))
    const { rows } = (await desk.say('/transfer-clocks', 'reader')).json as { rows: { stretch: string; worst: number }[] }
    expect(rows.map(({ stretch, worst }) => [stretch, worst])).toEqual([['requestToApproval', 240], ['approvalToDispatch', 360], ['dispatchToHandover', 195]])
    await desk.close()
  })

  test('diverted out of the system and back, before it leaves and on the way', async () => {
    const desk = await Desk.open(await open(), city(WAITS))
    const [id = ''] = (await desk.approved()).orders
    await desk.steps(id, 'accept')
    const divert = async (body: object) => codeOf(await desk.step(id, 'divert', { note: 'why', ...body }))
    const held = async () => (await desk.account('hub/ordinary', 'free'))?.held
    expect([await held(), await divert({ outside: CHENGDU })]).toEqual([1, [400, 'invalidInput']])
    expect(await divert({ outside: CHENGDU, travelMinutes: 500 })).toEqual([409, 'breaksMust'])
    expect([await held(), await divert({ outside: CHENGDU, travelMinutes: 131 }), await held()]).toEqual([1, [200, undefined], 0])
    expect(await desk.order(id)).toMatchObject({ state: 'issued', toPlace: null, pool: null, answerBy: null })
    expect(await divert({ outside: CHENGDU, travelMinutes: 131 })).toEqual([400, 'invalidInput'])
    expect([await divert({ outside: '贵阳市', travelMinutes: 140 }), await divert({ pool: 'hub/ordinary', outside: '贵阳市' })]).toEqual([[200, undefined], [400, 'invalidInput']])
    expect([await divert({ pool: 'hub/ordinary' }), await held()]).toEqual([[200, undefined], 1])
    expect(await desk.order(id)).toMatchObject({ state: 'issued', toPlace: 'hub', answerBy: at('00:30') })
    await desk.steps(id, 'accept', 'dispatch')
    // On the road nobody asks for minutes, nor whether they may leave.
    expect([await divert({ outside: CHENGDU }), await held()]).toEqual([[200, undefined], 0])
    expect((await desk.say(`/transfer-orders/${id}`, 'reader')).json).toMatchObject({ state: 'dispatched', travelMinutes: null, outside: CHENGDU })
    expect([await divert({ pool: 'hub/ordinary' }), await held()]).toEqual([[200, undefined], 1])
    await desk.steps(id, 'arrive')
    expect(await desk.account('hub/ordinary', 'named')).toEqual({ balance: 1, held: 0 })
    await desk.close()
  })

  test('taken back, expired, died: nothing was promised, so nothing is given back', async () => {
    const desk = await Desk.open(await open(), city({ ...WAITS, cases: people(3), fleet: 'unlimited', vehicles: {} }))
    const issue = async (patient: string) => ((await desk.post('/transfer-orders', { patient, outside: CHENGDU, reason: 'elsewhere' })).json as { id: string }).id
    const [cancelled, expired, died] = [await issue('south-1'), await issue('south-2'), await issue('south-3')]
    expect(codeOf(await desk.step(cancelled, 'cancel', { note: 'no' }))).toEqual([200, undefined])
    await desk.steps(died, 'accept', 'dispatch')
    expect(codeOf(await desk.step(died, 'die', { note: 'nothing helped' }))).toEqual([200, undefined])
    desk.clock.forward(24 * HOUR)
    expect((await desk.order(expired)).state).toBe('expired')
    // What a scenario says of such an order another store takes in.
    await desk.close()
  })

  test('it goes out with the picture and comes in again', async () => {
    const desk = await Desk.open(await open(), city(WAITS))
    expect((await desk.post('/transfer-orders', ASK)).status).toBe(201)
    const scenario = (await desk.say('/scenario', 'reader')).json as { orders: Record<string, object> }
    expect(scenario.orders['2020-01-30-0001']).toMatchObject({ pool: null, outside: CHENGDU, vehicle: 'van', departs: at('06:00'), returns: at('11:55') })
    const zip = await fetch(`${desk.served.address}/api/scenario.zip`)
    const bytes = new Uint8Array(await zip.arrayBuffer())
    await desk.close()
    const other = await serving(await open(), { clock: desk.clock })
    expect((await ask(other.address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: bytes } })).status).toBe(201)
    expect((await ask(other.address, '/api/transfer-orders/2020-01-30-0001')).json).toMatchObject({ state: 'issued', outside: CHENGDU, pool: null })
    expect([(await ask(other.address, '/api/integrity')).json, other.bugs]).toEqual([{ findings: [] }, []])
    await other.close()
  })
})
