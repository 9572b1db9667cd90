import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { PlanCancelled } from '../src/planning/solve/engine.js'
import { type Machine, thisMachine } from '../src/planning/solve/machine.js'
import { planMachine } from '../src/planning/solve/planMachine.js'
import type { Problem } from '../src/planning/solve/problem.js'
import { closeSolvers, threadDealer, threadSolver } from '../src/planning/solve/thread.js'
import { type CityPatch, city, people } from './support/city.js'
import { planned } from './support/planning.js'
import { problem } from './support/problems.js'

afterAll(closeSolvers)

const SECONDS = { milliseconds: 60_000 }
/** One column of at least so many. */
const atLeast = (n: number): Problem =>
  problem({ uppers: [99], rows: [{ terms: [-1], atMost: -n }], goals: [{ terms: [1] }] })
/** A market split of 40 shops by chance-like figures: no solver finds out within minutes whether it can be done. */
const HARD = problem({
  uppers: Array.from({ length: 40 }, () => 1),
  rows: [3, 5, 7, 11].map((seed) => {
    let drawn = seed
    const terms = Array.from({ length: 40 }, () => {
      drawn = (drawn * 16807) % 2147483647
      return drawn % 100
    })
    return { terms, exactly: Math.floor(terms.reduce((sum, term) => sum + term, 0) / 2) }
  }),
  goals: [{ terms: Array.from({ length: 40 }, () => 1) }],
})
const first = async (asked: ReturnType<typeof threadSolver.solve>) => {
  const result = await asked
  return result.status === 'infeasible' ? null : (result.levels[0]?.value ?? null)
}
const failure = (work: Promise<unknown>) => work.then(() => null, (error: unknown) => error)
const soon = () => new Promise((resolve) => setTimeout(resolve, 100))

describe('requests to one engine', () => {
  test('are answered one after the other, first come first served', async () => {
    const told: string[] = []
    const ask = async (n: number) => {
      const value = await first(threadSolver.solve({ problem: atLeast(n), ...SECONDS, onTurn: () => told.push(`begins ${n}`) }))
      told.push(`ends ${n}`)
      return value
    }
    expect(await Promise.all([ask(7), ask(3), ask(5)])).toEqual([7, 3, 5])
    expect(told.filter((line) => line.startsWith('begins'))).toEqual(['begins 7', 'begins 3', 'begins 5'])
    expect(told.indexOf('ends 7')).toBeLessThan(told.indexOf('begins 5'))
  })

  test('are not ended for the time that they waited, and do not suffer for one that was ended', async () => {
    const ask = (asked: Problem, milliseconds: number) =>
      threadSolver.solveLevel({ problem: asked, level: 0, kept: [], milliseconds })
    const answers = await Promise.all([ask(HARD, 3000), ask(atLeast(4), 2500)])
    expect(answers).toMatchObject(['killed', { value: 4 }])
  })

  test('do not suffer for one that failed', async () => {
    const senseless: Problem = { ...atLeast(1), rows: [{ terms: [[7, 1]], lower: 0, upper: 1, from: 0 }] }
    const failing = failure(threadSolver.solve({ problem: senseless, ...SECONDS }))
    expect(await first(threadSolver.solve({ problem: atLeast(6), ...SECONDS }))).toBe(6)
    expect(await failing).toMatchObject({ name: 'SolverFault' })
  })

  test('are all told when the threads are closed', async () => {
    const asked = [HARD, atLeast(2), atLeast(8)].map((one) => failure(threadSolver.solve({ problem: one, ...SECONDS })))
    await closeSolvers()
    expect(await Promise.all(asked)).toMatchObject([{ name: 'SolverFault' }, { name: 'SolverFault' }, { name: 'SolverFault' }])
    expect(await first(threadSolver.solve({ problem: atLeast(9), ...SECONDS }))).toBe(9)
  })
})

describe('a request that is withdrawn', () => {
  test('while it waits leaves the queue; those before and behind it are answered', async () => {
    const stop = new AbortController()
    const begun: number[] = []
    const ask = (n: number, signal?: AbortSignal) =>
      threadSolver.solve({ problem: atLeast(n), ...SECONDS, signal, onTurn: () => begun.push(n) })
    const asked = [first(ask(2)), failure(ask(5, stop.signal)), first(ask(3))]
    stop.abort()
    expect(await Promise.all(asked)).toEqual([2, expect.any(PlanCancelled), 3])
    expect(begun).toEqual([2, 3])
  })

  test('while it is solved is ended at once, by either engine', async () => {
    for (const ask of [
      (signal: AbortSignal) => threadSolver.solve({ problem: HARD, ...SECONDS, signal }),
      (signal: AbortSignal) => threadSolver.solveLevel({ problem: HARD, level: 0, kept: [], ...SECONDS, signal }),
    ]) {
      const stop = new AbortController()
      const began = Date.now()
      const asked = failure(ask(stop.signal))
      const behind = first(threadSolver.solve({ problem: atLeast(4), ...SECONDS }))
      await soon()
      stop.abort()
      expect(await asked).toBeInstanceOf(PlanCancelled)
      expect(await behind).toBe(4)
      expect(Date.now() - began).toBeLessThan(SECONDS.milliseconds / 3)
    }
  })

  test('before it was made is not begun', async () => {
    const begun: number[] = []
    const signal = AbortSignal.abort()
    const asked = threadSolver.solve({ problem: atLeast(4), ...SECONDS, signal, onTurn: () => begun.push(4) })
    expect([await failure(asked), begun]).toEqual([expect.any(PlanCancelled), []])
  })

  test('whenever that is, never keeps another from its answer', async () => {
    const request = fc.record({ n: fc.integer({ min: 1, max: 90 }), stopAfter: fc.option(fc.integer({ min: 0, max: 12 })) })
    await fc.assert(fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 6 }), async (requests) => {
      const answers = await Promise.all(requests.map(async ({ n, stopAfter }) => {
        const stop = new AbortController()
        const timer = stopAfter === null ? null : setTimeout(() => stop.abort(), stopAfter)
        const asked = first(threadSolver.solve({ problem: atLeast(n), ...SECONDS, signal: stop.signal }))
        const answer = await asked.catch((error: unknown) => error)
        if (timer !== null) clearTimeout(timer)
        return answer
      }))
      requests.forEach(({ n, stopAfter }, i) => {
        const right = answers[i] === n || (stopAfter !== null && answers[i] instanceof PlanCancelled)
        expect(right, `${n} stopped after ${stopAfter}: ${String(answers[i])}`).toBe(true)
      })
    }), { numRuns: 25 })
  }, 60_000)
})

describe('the clock of a plan', () => {
  test('stands while the plan waits its turn, and goes on while it is solved', async () => {
    let clock = 1000
    const busy: Machine = {
      now: () => clock,
      deal: threadDealer,
      solver: {
        ...threadSolver,
        solve: async ({ onTurn }) => {
          clock += 5000
          onTurn?.()
          clock += 70
          return { status: 'infeasible' }
        },
      },
    }
    const machine = planMachine(busy, undefined)
    const before = machine.now()
    await machine.solver.solve({ problem: atLeast(1), ...SECONDS })
    await machine.solver.solve({ problem: atLeast(1), ...SECONDS })
    expect(machine.now() - before).toBe(140)
  })
})

/** Five people, three beds: two stay, and a way out is looked for. */
const CITY: CityPatch = { pools: { 'hub/ordinary': { staffed: 3 } }, cases: people(5) }

/** This machine, which aborts when it is asked the n-th time, and counts how often it is asked. */
function abortingAt(n: number, by: 'solve' | 'solveLevel') {
  const stop = new AbortController()
  const asked = { solve: 0, solveLevel: 0 }
  const count = (kind: keyof typeof asked) => {
    asked[kind] += 1
    if (kind === by && asked[kind] === n) stop.abort()
  }
  const solver: Machine['solver'] = {
    solve: (ask) => { count('solve'); return threadSolver.solve(ask) },
    solveLevel: (ask) => { count('solveLevel'); return threadSolver.solveLevel(ask) },
  }
  return { machine: { ...thisMachine, solver }, asked, signal: stop.signal }
}

describe('a plan that is cancelled', () => {
  const stages: [string, number, 'solve' | 'solveLevel', { solve: number; solveLevel: number }][] = [
    ['in its levels', 1, 'solve', { solve: 1, solveLevel: 0 }],
    ['in its second opinion', 2, 'solveLevel', { solve: 1, solveLevel: 2 }],
    ['among its ways out', 3, 'solve', { solve: 3, solveLevel: 9 }],
  ]
  test.each(stages)('%s begins nothing more; the next plan is made', async (_, n, by, counted) => {
    const { machine, asked, signal } = abortingAt(n, by)
    const options = { secondOpinion: true, waysOut: true }
    expect(await failure(planned(city(CITY), { ...options, signal }, machine))).toBeInstanceOf(PlanCancelled)
    expect([asked.solve, Math.min(asked.solveLevel, 9)]).toEqual([counted.solve, counted.solveLevel])
    const { plan } = await planned(city(CITY), options)
    expect([plan.moves.length, plan.unmet[0]?.waysOut.length]).toEqual([3, 1])
  }, 30_000)

  test('before it began asks nothing of the solver', async () => {
    const { machine, asked } = abortingAt(99, 'solve')
    const plan = planned(city(CITY), { signal: AbortSignal.abort() }, machine)
    expect([await failure(plan), asked]).toEqual([expect.any(PlanCancelled), { solve: 0, solveLevel: 0 }])
  })

  test('after it was made changes nothing', async () => {
    const stop = new AbortController()
    const { plan } = await planned(city(CITY), { signal: stop.signal })
    stop.abort()
    expect(plan.moves.length).toBe(3)
  })

  test('lets go of its stages: others have their turn between them', async () => {
    let turns = 0
    const count = () => { turns += 1; next = setImmediate(count) }
    let next = setImmediate(count)
    const plan = planned(city(CITY), { waysOut: true })
    await plan
    clearImmediate(next)
    expect(turns).toBeGreaterThan(4)
  })

  test('leaves no thread that keeps the process alive', () => {
    const home = new URL('../src/planning/', import.meta.url).href
    const script = `
      import { threadSolver } from '${home}solve/thread.js'
      const stop = new AbortController()
      const asked = threadSolver.solve({ problem: ${JSON.stringify(HARD)}, milliseconds: 500000, signal: stop.signal })
      setTimeout(() => stop.abort(), 300)
      await asked.catch((error) => console.log(error.name))`
    const file = join(mkdtempSync(join(tmpdir(), 'sijizhong-queue-')), 'cancel.mjs')
    writeFileSync(file, script)
    const ended = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 })
    rmSync(dirname(file), { recursive: true })
    expect([ended.status, ended.stdout.trim(), ended.signal]).toEqual([0, 'PlanCancelled', null])
  }, 70_000)
})
