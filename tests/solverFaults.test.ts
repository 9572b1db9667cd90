import type { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, test } from 'vitest'
import { check } from '../src/planning/check.js'
import { type EngineName, SolverFault } from '../src/planning/solve/engine.js'
import { type Machine, thisMachine } from '../src/planning/solve/machine.js'
import type { LevelAnswer, SolveResult } from '../src/planning/solve/problem.js'
import { closeSolvers, threadSolver } from '../src/planning/solve/thread.js'
import { at, CENTRALISED, type CityPatch, city, people } from './support/city.js'
import { placements, planned } from './support/planning.js'

afterAll(closeSolvers)

/** Five people, three beds: two stay. */
const CITY: CityPatch = {
  pools: { 'hub/ordinary': { staffed: 3 }, 'hub/severe': { staffed: 0 } }, cases: people(5),
}
const ENGINE_2 = 'javascript-lp-solver'
const faultOf = (plan: Promise<unknown>) => plan.catch((error: unknown) => error)
const ORDERED: CityPatch = { ...CITY, orders: { 'O-1': { patient: 'south-4', pool: 'hub/ordinary' } } }

/** This machine, but what its solver answers is changed on the way. */
const machineThat = (change: (result: SolveResult) => SolveResult): Machine => ({
  ...thisMachine,
  solver: { ...threadSolver, solve: async (ask) => change(await threadSolver.solve(ask)) },
})
const levelsThat = (change: (levels: readonly LevelAnswer[]) => readonly LevelAnswer[]): Machine =>
  machineThat((result) => (result.status === 'infeasible' ? result : { ...result, levels: change(result.levels) }))
/** As above, in the level of the fourth need. */
const valueThat = (change: (value: number) => number): Machine =>
  levelsThat((levels) => levels.map((level, i) => (i === 3 ? { ...level, value: change(level.value) } : level)))
/** As above, in the last level only: that is the one from which the plan is read. */
const lastThat = (change: (last: LevelAnswer) => LevelAnswer): Machine =>
  levelsThat((levels) => levels.map((level, i) => (i === levels.length - 1 ? change(level) : level)))
const xThat = (change: (x: number[]) => number[]): Machine => lastThat((last) => ({ ...last, x: change([...last.x]) }))

describe('a solver that hangs', () => {
  const killed: [string, (levels: readonly LevelAnswer[]) => readonly LevelAnswer[], number][] = [
    ['before its first level, and stops by itself, leaves everybody where they lie', () => [], 0],
    ['after the needs leaves the plan of the last level that was done', (levels) => levels.slice(0, 5), 3],
    ['within its last level leaves a plan that is as good but not proved', (levels) => levels.slice(0, -1), 3],
  ]
  test.each(killed)('%s', async (_, cut, moved) => {
    const machine = machineThat((result) =>
      (result.status === 'infeasible' ? result : { status: 'outOfTime', levels: cut(result.levels) }))
    const scenario = city(CITY)
    const { exit, plan } = await planned(scenario, {}, machine)
    expect([exit, plan.status, plan.moves.length]).toEqual([4, 'outOfTime', moved])
    expect(check(scenario, plan)).toEqual([])
    expect(plan.unplaced).toHaveLength(5 - moved)
  })

  test('before its first level still carries out the orders that stand', async () => {
    const scenario = city(ORDERED)
    const { exit, plan } = await planned(scenario, {}, machineThat(() => ({ status: 'outOfTime', levels: [] })))
    expect([exit, placements(plan)]).toEqual([4, { 'south-4': 'hub/ordinary' }])
    expect(check(scenario, plan)).toEqual([])
    expect(plan.levels.every((level) => !level.optimal && level.note !== null)).toBe(true)
  })

  test('with orders and ambulances listed, too', async () => {
    const scenario = city({
      ...ORDERED, fleet: 'listed', vehicles: { V1: {} },
      orders: {
        'O-1': { patient: 'south-4', pool: 'hub/ordinary', vehicle: 'V1', departs: at('06:00'), returns: at('08:29') },
      },
    })
    const { exit, plan } = await planned(scenario, {}, machineThat(() => ({ status: 'outOfTime', levels: [] })))
    expect([exit, placements(plan), plan.trips]).toEqual([4, { 'south-4': 'hub/ordinary' }, []])
    expect(check(scenario, plan)).toEqual([])
  })

  test('as second engine is ended level by level, and the plan is that of the levels before', async () => {
    const slow = (until: number): Machine => ({
      ...thisMachine,
      solver: {
        ...threadSolver,
        solveLevel: (ask) => (ask.level < until ? threadSolver.solveLevel(ask) : Promise.resolve('killed')),
      },
    })
    const scenario = city(CITY)
    const { exit, plan } = await planned(scenario, { engine: ENGINE_2 }, slow(6))
    expect([exit, plan.status, plan.moves.length]).toEqual([4, 'outOfTime', 3])
    expect(check(scenario, plan)).toEqual([])
    expect(await faultOf(planned(scenario, { engine: ENGINE_2 }, slow(0)))).toBeInstanceOf(SolverFault)
  })

  test('and had to be ended before it said anything is a fault, and no plan', async () => {
    const dead = machineThat(() => ({ status: 'outOfTime', levels: [], killed: true }))
    expect(await faultOf(planned(city(CITY), {}, dead))).toBeInstanceOf(SolverFault)
  })

  test('really, with a millisecond for 600 people, ends soon with a plan that passes its check', async () => {
    const scenario = city(bigDay())
    const began = Date.now()
    const { exit, plan } = await planned(scenario, { milliseconds: 1 })
    expect([exit, plan.status]).toEqual([4, 'outOfTime'])
    for (const level of plan.levels) expect(level.optimal).toBe(level.note === null)
    expect(check(scenario, plan)).toEqual([])
    expect(Date.now() - began).toBeLessThan(30_000)
  }, 60_000)
})

/** Thirty districts of twenty people, all at different distances from twelve hospitals, beds for half of them. */
function bigDay(): CityPatch {
  const hubs = Array.from({ length: 12 }, (_, i) => `h${i}`)
  const districts = Array.from({ length: 30 }, (_, i) => `d${i}`)
  return {
    places: {
      ...Object.fromEntries(hubs.map((id) => [id, CENTRALISED])),
      ...Object.fromEntries(districts.map((id) => [id, {}])),
    },
    pools: Object.fromEntries(hubs.map((id, i) => [`${id}/ordinary`, { staffed: 20 + i, physical: 60 }])),
    travel: Object.fromEntries(districts.flatMap((district, i) => hubs.map((hub, j) =>
      [`${district}→${hub}`, 20 + ((7 * i + 13 * j + i * j) % 101)] as const))),
    // Everybody waits since another hour, so that no two are alike and the model is as large as can be.
    cases: Object.fromEntries(districts.flatMap((place, i) => Array.from({ length: 20 }, (_, hour) => {
      const waitingSince = `2020-01-29T${String(hour).padStart(2, '0')}:00:00+08:00`
      return [`south-${20 * i + hour}`, { place, waitingSince }] as const
    }))),
  }
}

describe('a solver that lies', () => {
  const take = (x: number[], from: number, to: number, count: number) =>
    x.map((value, i) => (i === from ? value - count : i === to ? value + count : value))
  const staying = (x: readonly number[]) => x.findIndex((value) => value === 2)
  const moving = (x: readonly number[]) => x.findIndex((value) => value === 3)
  const lies: [string, Machine][] = [
    ['puts four people into three beds', xThat((x) => take(x, staying(x), moving(x), 1))],
    ['places somebody twice', xThat((x) => take(x, -1, staying(x), 1))],
    ['loses somebody', xThat((x) => take(x, moving(x), -1, 1))],
    ['moves half a person', xThat((x) => take(x, moving(x), staying(x), 0.5))],
    ['places fewer than nobody', xThat((x) => take(x, staying(x), -1, 3))],
    ['says a value one too good', valueThat((value) => value - 1)],
    ['says a value one too bad', valueThat((value) => value + 1)],
    ['undoes an earlier level in a later one', xThat((x) => take(x, moving(x), staying(x), 1))],
    ['answers with nothing', xThat(() => [])],
    ['leaves out the last levels and calls it solved', levelsThat((levels) => levels.slice(0, 3))],
    ['calls a day impossible that nobody made any demands of', machineThat(() => ({ status: 'infeasible' }))],
  ]
  test.each(lies)('and %s gives a fault and no plan', async (_, machine) => {
    expect(await faultOf(planned(city(CITY), {}, machine))).toBeInstanceOf(SolverFault)
  })

  test('as second engine gives a fault and no plan', async () => {
    const lying: Machine = {
      ...thisMachine,
      solver: {
        ...threadSolver,
        solveLevel: async (ask) => {
          const answer = await threadSolver.solveLevel(ask)
          const fourOf = (x: number[]) => take(x, staying(x), moving(x), 1)
          return typeof answer === 'string' ? answer : { ...answer, x: fourOf([...answer.x]) }
        },
      },
    }
    expect(await faultOf(planned(city(CITY), { engine: ENGINE_2 }, lying))).toBeInstanceOf(SolverFault)
  })

  test('and one that does not gives the plan', async () => {
    const { exit, plan } = await planned(city(CITY), {}, machineThat((result) => result))
    expect([exit, plan.moves.length, plan.status]).toEqual([0, 3, 'planned'])
  })
})

describe('a solver that dies', () => {
  const engines: [EngineName][] = [['highs'], [ENGINE_2]]
  test.each(engines)('as %s gives a fault and no plan; the next plan is made', async (engine) => {
    await closeSolvers()
    process.once('worker', (worker: Worker) => void worker.terminate())
    expect(await faultOf(planned(city(CITY), { engine }))).toBeInstanceOf(SolverFault)
    expect((await planned(city(CITY), { engine })).plan.moves).toHaveLength(3)
  }, 20_000)
})
