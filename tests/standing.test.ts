import { afterAll, describe, expect, test } from 'vitest'
import { dayAfter } from '../src/kernel/time.js'
import { check } from '../src/planning/check.js'
import type { Shipment } from '../src/planning/material/plan.js'
import type { Scenario } from '../src/planning/scenario.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { World } from '../src/planning/world.js'
import { PLAN_DAY } from './support/city.js'
import { planned } from './support/planning.js'
import { supplied, type SuppliedPatch } from './support/supplied.js'

afterAll(closeSolvers)

/** Suits of a litre each for the week at a and at b, which is a day's road away: so many people in so many shifts a day. */
const needing = (people: { a?: number; b?: number }): SuppliedPatch => ({
  items: { suit: { cubicCentimetres: 1000 } }, norms: { suit: {} }, receivers: { a: {}, b: {} }, travel: { 'store→b': 600 },
  staff: { 'a/1': { peoplePerShift: people.a ?? 0 }, 'b/1': { peoplePerShift: people.b ?? 0 } },
})
type Orders = Scenario['consignments']
const order = (to: string, units: number, inDays: number, from: string | null = 'store'): Orders[string] =>
  ({ item: 'suit', from, to, units, arrivesOn: dayAfter(PLAN_DAY, inDays), expiresOn: null, source: 'an order', assumed: [], asOf: null })
const unitsOf = (shipments: readonly Pick<Shipment, 'lines'>[]): number => shipments.flatMap(({ lines }) => lines).reduce((all, { units }) => all + units, 0)

/** What the plan of a lawful day sends. */
async function shipped(patch: SuppliedPatch): Promise<readonly Shipment[]> {
  const scenario = supplied(patch)
  const { plan } = await planned(scenario)
  expect(check(scenario, plan)).toEqual([])
  return plan.material?.shipments ?? []
}

/** Units by the day on which they leave. */
function byDay(shipments: readonly Shipment[]): number[] {
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => dayAfter(PLAN_DAY, day))
  return days.map((day) => unitsOf(shipments.filter(({ leavesOn }) => leavesOn === day)))
}

/** Plans of one morning, each approved before the next: what a plan sends is an order to the next one, and no longer free. */
async function oneAfterTheOther(source: object, units: number, needs: readonly { a?: number; b?: number }[]): Promise<readonly Shipment[][]> {
  const plans: Shipment[][] = []
  for (const need of needs) {
    const before = plans.flat()
    const consignments = Object.fromEntries(before.map(({ to, arrivesOn, lines }, i): [string, Orders[string]] =>
      [`o${i}`, { ...order(to, unitsOf([{ lines }]), 0), arrivesOn }]))
    plans.push([...await shipped({ ...needing(need), sources: { store: source }, lots: { 'suit→store': { units: units - unitsOf(before) } }, consignments })])
  }
  return plans
}

describe('plans of one morning', () => {
  test('together load the vehicles of a source no more than once a day', async () => {
    const plans = await oneAfterTheOther({ litresPerDay: 2000 }, 90_000, [{ a: 1500 }, { a: 1500, b: 3000 }, { a: 4000, b: 4000 }])
    // What would leave on the last day for b would come too late.
    expect(plans.map(unitsOf)).toEqual([10_500, 2000 * 6 - 10_500, 2000])
    expect(byDay(plans.flat())).toEqual([2000, 2000, 2000, 2000, 2000, 2000, 2000])
  })

  test('together leave at a source the share that it keeps back of what lay there', async () => {
    const plans = await oneAfterTheOther({ keepBackPerMille: 500 }, 1601, [{ a: 30 }, { a: 300, b: 300 }, { a: 900, b: 900 }])
    expect(plans.map(unitsOf)).toEqual([210, 590, 0])
  })
})

describe('an order that was issued before', () => {
  const VEHICLES = { sources: { store: { litresPerDay: 100 } }, lots: { 'suit→store': { units: 5000 } } }
  const SHARE = { sources: { store: { keepBackPerMille: 500 } }, lots: { 'suit→store': { units: 100 } } }
  test.each<[string, Orders, number[], number]>([
    ['leaves on the day on which it arrives where the road is short', { o: order('a', 30, 1) }, [100, 70, 100], 50 - 15],
    ['leaves the day before where the road is long', { o: order('b', 30, 1) }, [70, 100, 100], 50 - 15],
    ['has left yesterday when it comes by a long road today', { o: order('b', 30, 0) }, [100, 100, 100], 50],
    ['of another source, or from outside, takes nothing here', { o: order('b', 30, 1, 'hub'), p: order('b', 30, 1, null) }, [100, 100, 100], 50],
    ['lies at its source until it leaves, after the days of the plan too', { o: order('a', 20, 30), p: order('a', 10, 0) }, [90, 100, 100], 50 - 15],
    ['beyond what there is leaves nothing to add, and breaks nothing', { o: order('b', 500, 1) }, [0, 100, 100], 0],
  ])('%s', async (_, consignments, leave, given) => {
    const need = needing({ a: 900, b: 900 })
    expect(byDay(await shipped({ ...need, ...VEHICLES, consignments })).slice(0, leave.length)).toEqual(leave)
    expect(unitsOf(await shipped({ ...need, ...SHARE, consignments }))).toBe(given)
  })

  test('leaves on the day on which it arrives where no road is known', async () => {
    const scenario = supplied({ ...needing({ a: 900 }), ...VEHICLES, receivers: { a: {}, b: {}, c: {} }, consignments: { o: order('c', 30, 1) } })
    const travel = Object.fromEntries(Object.entries(scenario.travel).filter(([, { to }]) => to !== 'c'))
    const { plan } = await planned({ ...scenario, travel })
    expect([new World({ ...scenario, travel }).minutesBetween('store', 'c'), check({ ...scenario, travel }, plan)]).toEqual([null, []])
    expect(byDay(plan.material?.shipments ?? []).slice(0, 3)).toEqual([100, 70, 100])
  })

  test('takes no room where nobody stated how big it is, and nothing of the share of another item', async () => {
    const items = { suit: { cubicCentimetres: 1000 }, gown: { cubicCentimetres: 'unknown' as const } }
    const consignments = { o: { ...order('a', 60, 0), item: 'gown' } }
    const need = { ...needing({ a: 900 }), items, consignments }
    expect(byDay(await shipped({ ...need, ...VEHICLES })).slice(0, 2)).toEqual([100, 100])
    expect(unitsOf(await shipped({ ...need, ...SHARE }))).toBe(50)
  })
})
