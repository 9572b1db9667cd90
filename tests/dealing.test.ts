import { afterAll, describe, expect, test } from 'vitest'
import { planFor } from '../src/planning/run.js'
import type { Plan } from '../src/planning/plan.js'
import { PlanCancelled, SolverFault } from '../src/planning/solve/engine.js'
import { closeSolvers, threadDealer } from '../src/planning/solve/thread.js'
import { validateScenario } from '../src/planning/scenarioFaults.js'
import { staffSchema } from '../src/supplies/norms.js'
import { supplied } from './support/supplied.js'

afterAll(closeSolvers)

const SECONDS = 60_000
const OPTIONS = { engine: 'highs', milliseconds: SECONDS, secondOpinion: false, waysOut: false } as const
/** As many people as may be put down, at several places and areas: one unit of need after the other takes its time. */
const MANY = supplied({
  items: { mask: {} }, norms: { mask: {} }, receivers: { a: {}, b: {} }, lots: { 'mask→store': { units: 900_000 } },
  staff: Object.fromEntries(['a/1', 'a/2', 'b/1', 'b/2'].map((id, i) => [id, { peoplePerShift: 10_000 - i, shiftsPerDay: 9, area: i % 2 === 0 ? 'ward' : 'feverClinic' }])),
})

describe('material is dealt out in a thread of its own', () => {
  test('while whoever asked does other work', async () => {
    let beats = 0
    const timer = setInterval(() => { beats += 1 }, 5)
    const { plan, milliseconds } = await planFor(MANY, OPTIONS)
    clearInterval(timer)
    expect(plan.material?.allocations.length).toBeGreaterThan(0)
    // Were it dealt out here, nothing would beat meanwhile: a beat in fifty milliseconds is far less than there is room for.
    expect(beats).toBeGreaterThan((milliseconds['material'] ?? 0) / 50)
  }, SECONDS)

  test('and ended when nobody wants the plan any more', async () => {
    const stop = new AbortController()
    const { plan } = await planFor(supplied(), OPTIONS)
    const asked = threadDealer({ scenario: MANY, draft: plan, waysOut: false, milliseconds: SECONDS, floor: 0, killAfter: SECONDS, signal: stop.signal, onTurn: () => stop.abort() })
    await expect(asked).rejects.toBeInstanceOf(PlanCancelled)
  })

  test('or when the time is up, which is said, and the next is dealt out all the same', async () => {
    const { plan } = await planFor(supplied(), OPTIONS)
    const ask = (draft: Plan, killAfter: number) => threadDealer({ scenario: MANY, draft, waysOut: false, milliseconds: SECONDS, floor: 0, killAfter })
    const fault = await ask(plan, 20).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(SolverFault)
    expect((fault as SolverFault).text.en).toMatch(/^the material was not dealt out in 0 seconds; no plan is shown\. Give it more time/)
    expect((await ask(plan, SECONDS)).material?.allocations.length).toBeGreaterThan(0)
  }, SECONDS)
})

test('nobody has more than ten thousand of one role on one shift', () => {
  const [row] = Object.values(MANY.staff)
  const people = (peoplePerShift: unknown) => staffSchema.safeParse({ ...row, peoplePerShift }).success
  expect([10_000, 0, 'unknown', 10_001, -1].map(people)).toEqual([true, true, true, false, false])
  expect(validateScenario({ ...MANY, staff: { x: { ...row, peoplePerShift: 1_000_000 } } }).ok).toBe(false)
})
