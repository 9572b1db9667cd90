import fc from 'fast-check'
import type { Worker } from 'node:worker_threads'
import { afterAll, describe, expect, test } from 'vitest'
import { SolverFault, verified } from '../src/planning/solve/engine.js'
import type { LevelAnswer, Problem } from '../src/planning/solve/problem.js'
import { closeSolvers, threadSolver } from '../src/planning/solve/thread.js'
import { byTrying, isAllowed, problem, type SmallProblem } from './support/problems.js'

afterAll(closeSolvers)

const SECONDS = { milliseconds: 10_000 }
const valuesOf = (levels: readonly LevelAnswer[]) => levels.map((level) => level.value)

/** Every level by HiGHS; null: infeasible. */
async function byHighs(asked: Problem): Promise<readonly LevelAnswer[] | null> {
  const result = await threadSolver.solve({ problem: asked, ...SECONDS })
  if (result.status === 'outOfTime') throw new Error('so small a problem takes no time')
  return result.status === 'solved' ? result.levels : null
}

/** Level by level with javascript-lp-solver; null as soon as it has no answer to be believed. */
async function byLpSolver(asked: Problem): Promise<readonly LevelAnswer[] | null> {
  const levels: LevelAnswer[] = []
  for (const level of asked.goals.keys()) {
    const answer = await threadSolver.solveLevel({ problem: asked, level, kept: valuesOf(levels), ...SECONDS })
    if (answer === 'infeasible' || answer === 'killed') return null
    levels.push(answer)
  }
  return levels
}

/** Wards of 4 and 7 beds; at least six people have to be placed. */
const PLACED: SmallProblem = { uppers: [4, 7], rows: [{ terms: [-1, -1], atMost: -6 }], goals: [] }
const SMALL: [string, SmallProblem, number[] | null][] = [
  ['the first goal first', { ...PLACED, goals: [{ terms: [1, 0] }, { terms: [0, 1] }] }, [0, 6]],
  ['the other goal first, another answer', { ...PLACED, goals: [{ terms: [0, 1] }, { terms: [1, 0] }] }, [2, 4]],
  [
    'a cheaper second level never undoes the first',
    { ...PLACED, goals: [{ terms: [1, 1] }, { terms: [0, 7] }, { terms: [3, 2] }] }, [6, 14, 16],
  ],
  [
    'a constant counts in its level',
    { ...PLACED, goals: [{ terms: [1, 1], constant: 6 }, { terms: [1, 0], constant: -3 }] }, [12, -3],
  ],
  [
    'a constant does not loosen what is kept',
    { ...PLACED, goals: [{ terms: [1, 0], constant: 10 }, { terms: [0, 1] }] }, [10, 6],
  ],
  [
    'whole numbers, not halves',
    { uppers: [5, 5], rows: [{ terms: [-2, -2], atMost: -5 }], goals: [{ terms: [1, 1] }] }, [3],
  ],
  ['rounding down the fractions would be wrong', {
    uppers: [3, 3, 3], rows: [
      { terms: [2, 3, 1], atMost: 5 }, { terms: [4, 1, 2], atMost: 11 }, { terms: [3, 4, 2], atMost: 8 },
    ], goals: [{ terms: [-5, -4, -3] }],
  }, [-13]],
  [
    'an equality holds',
    {
      uppers: [6, 6, 6], rows: [{ terms: [1, 1, 1], exactly: 7 }], goals: [{ terms: [5, 2, 3] }, { terms: [0, -1, 0] }],
    },
    [15, -6],
  ],
  [
    'two rows that cannot both hold are infeasible',
    { uppers: [9], rows: [{ terms: [1], atMost: 2 }, { terms: [-1], atMost: -3 }], goals: [{ terms: [1] }] }, null,
  ],
  [
    'whole numbers alone can be infeasible',
    { uppers: [9, 9], rows: [{ terms: [2, 4], exactly: 7 }], goals: [{ terms: [1, 1] }] }, null,
  ],
  ['nothing to decide', { uppers: [], rows: [], goals: [{ terms: [], constant: 4 }, { terms: [] }] }, [4, 0]],
]

describe('HiGHS in its thread', () => {
  test.each(SMALL)('%s', async (_, small, values) => {
    const asked = problem(small)
    expect(byTrying(asked)).toEqual(values)
    const levels = await byHighs(asked)
    expect(levels === null ? null : valuesOf(levels)).toEqual(values)
    for (const level of levels ?? []) {
      expect(level).toMatchObject({ optimal: true, bound: null })
      expect(level.x.every(Number.isInteger) && isAllowed(asked, level.x)).toBe(true)
    }
  })

  test('columns and rows of a later level do not bind an earlier one', async () => {
    // From level 1 on at least three are wanted in the second column, and a third column counts those beyond two.
    const asked = problem({
      uppers: [4, 4, 9], columns: { 2: { from: 1, whole: false } },
      rows: [{ terms: [-1, -1, 0], atMost: -2 }, { terms: [0, 1, -1], atMost: 2, from: 1 }],
      goals: [{ terms: [1, 0, 0] }, { terms: [0, 0, 1] }, { terms: [0, -1, 0] }],
    })
    expect(valuesOf(await byHighs(asked) ?? [])).toEqual([0, 0, -2])
  })

  test('tells each level as it is done', async () => {
    const told: number[] = []
    await threadSolver.solve({
      problem: problem({ ...PLACED, goals: [{ terms: [1, 0] }, { terms: [0, 1] }] }), ...SECONDS,
      onLevel: (level) => told.push(level),
    })
    expect(told).toEqual([1, 2])
  })
})

describe('javascript-lp-solver in its thread', () => {
  test.each(SMALL.filter(([, { uppers }]) => uppers.length > 0))('%s', async (_, small, values) => {
    const levels = await byLpSolver(problem(small))
    expect(levels === null ? null : valuesOf(levels)).toEqual(values)
    // It proves nothing.
    for (const level of levels ?? []) expect(level).toMatchObject({ optimal: false, bound: null })
  })

  test('keeps the values that it is given for the earlier levels', async () => {
    const asked = problem({ ...PLACED, goals: [{ terms: [1, 0], constant: 10 }, { terms: [0, 1] }] })
    const withCap = async (first: number) => {
      const answer = await threadSolver.solveLevel({ problem: asked, level: 1, kept: [first], ...SECONDS })
      return typeof answer === 'string' ? answer : answer.value
    }
    const answers = [await withCap(10), await withCap(11), await withCap(14), await withCap(9)]
    expect(answers).toEqual([6, 5, 2, 'infeasible'])
  })

  test('is ended when it does not answer in time, and answers the next question', async () => {
    const asked = problem({ ...PLACED, goals: [{ terms: [0, 1] }] })
    await closeSolvers()
    expect(await threadSolver.solveLevel({ problem: asked, level: 0, kept: [], milliseconds: 1 })).toBe('killed')
    expect(await threadSolver.solveLevel(
      { problem: asked, level: 0, kept: [], ...SECONDS }
    )).toMatchObject({ value: 2 })
  })
})

/** Problems of three columns and two levels, small enough to try every point. */
const coefficient = fc.integer({ min: -4, max: 4 })
const three = fc.tuple(coefficient, coefficient, coefficient)
const anyProblem: fc.Arbitrary<SmallProblem> = fc.record({
  uppers: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
  rows: fc.array(fc.record({ terms: three, atMost: fc.integer({ min: -5, max: 9 }) }), { maxLength: 3 }),
  goals: fc.tuple(fc.record({ terms: three, constant: coefficient }), fc.record({ terms: three })),
})

describe('whatever small problem', () => {
  test('HiGHS gives the values that trying every point gives', async () => {
    await fc.assert(fc.asyncProperty(anyProblem, async (small) => {
      const levels = await byHighs(problem(small))
      expect(levels === null ? null : valuesOf(levels)).toEqual(byTrying(problem(small)))
    }), { numRuns: 150 })
  }, 30_000)

  test('javascript-lp-solver is never believed when it breaks a row, and never better than the best', async () => {
    await fc.assert(fc.asyncProperty(anyProblem, async (small) => {
      const asked = problem(small)
      const best = byTrying(asked)
      const answer = await threadSolver.solveLevel({ problem: asked, level: 0, kept: [], ...SECONDS })
      if (typeof answer === 'string') return
      expect(isAllowed(asked, answer.x)).toBe(true)
      expect(answer.value).toBeGreaterThanOrEqual(best?.[0] ?? Number.POSITIVE_INFINITY)
    }), { numRuns: 150 })
  }, 30_000)
})

describe('an answer that is verified again', () => {
  const asked = problem({
    uppers: [4, 9, 5], columns: { 1: { lower: 1 }, 2: { whole: false } },
    rows: [
      { terms: [1, 1, 1], atMost: 9 }, { terms: [1, -1, 0], exactly: 1 }, { terms: [9, 9, 9], atMost: 1, from: 1 },
    ],
    goals: [{ terms: [3, 1, 0], constant: -2 }, { terms: [] }],
  })
  const answer = (x: number[], value: number): LevelAnswer => ({ value, optimal: true, bound: null, x })
  // Each breaks one thing only; its value is that of its x, or of its x rounded.
  const lies: [string, LevelAnswer][] = [
    ['fractions that would come right when rounded', answer([2.4, 1.4, 0], 5)],
    ['a patient and a little more than noise', answer([2.001, 1, 0], 5)],
    ['fewer than nobody', answer([-1, -2, 0], -7)],
    ['below the lower bound', answer([1, 0, 0], 1)],
    ['above the upper bound', answer([5, 4, 0], 17)],
    ['a part that need not be whole, out of its bounds', answer([2, 1, 5.5], 5)],
    ['a row broken', answer([3, 2, 4.5], 9)],
    ['an equality broken from above', answer([3, 1, 0], 8)],
    ['an equality broken from below', answer([2, 2, 0], 6)],
    ['a value one too good', answer([2, 1, 0], 4)],
    ['a value one too bad', answer([2, 1, 0], 6)],
    ['no value at all', answer([2, 1, 0], Number.NaN)],
    ['no number for a patient', answer([2, Number.NaN, 0], 5)],
    ['no number for a part', answer([2, 1, Number.NaN], 5)],
    ['an infinite number of patients', answer([Number.POSITIVE_INFINITY, 1, 0], 5)],
    ['nothing', answer([], -2)],
  ]
  test.each(lies)('%s is a fault', (_, lie) => expect(() => verified(asked, 0, lie)).toThrow(SolverFault))

  test('is a fault where a part that stands in no row is no number', () => {
    const free = problem({ uppers: [4], columns: { 0: { whole: false } }, rows: [], goals: [{ terms: [0] }] })
    expect(() => verified(free, 0, answer([Number.NaN], 0))).toThrow(SolverFault)
  })

  test('is taken when it holds, its noise rounded away', () => {
    expect(verified(asked, 0, answer([2 + 4e-7, 1 - 4e-7, 0.25], 5))).toEqual(answer([2, 1, 0.25], 5))
  })

  test('is measured by the rows of its own level only', () => {
    expect(() => verified(asked, 1, answer([2, 1, 0], 0))).toThrow(SolverFault)
  })
})

describe('a thread that dies', () => {
  /** Starts the thread anew, and ends it before it can answer. */
  async function dyingThread<T>(ask: () => Promise<T>): Promise<T> {
    await closeSolvers()
    process.once('worker', (worker: Worker) => void worker.terminate())
    return ask()
  }
  const asked = problem({ ...PLACED, goals: [{ terms: [0, 1] }] })

  test('while HiGHS solves is a fault, said in both languages; the next plan has a new thread', async () => {
    const dying = dyingThread(() => threadSolver.solve({ problem: asked, ...SECONDS }))
    const fault = await dying.catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(SolverFault)
    expect(fault instanceof SolverFault && [fault.text.zh, fault.text.en]).toEqual([
      expect.stringMatching(/求解线程中止/), expect.stringMatching(/thread ended/),
    ])
    expect(valuesOf(await byHighs(asked) ?? [])).toEqual([2])
  })

  test('while javascript-lp-solver solves is a fault too', async () => {
    await expect(dyingThread(
      () => threadSolver.solveLevel({ problem: asked, level: 0, kept: [], ...SECONDS })
    )).rejects.toThrow(SolverFault)
    expect(await byLpSolver(asked)).toMatchObject([{ value: 2 }])
  })

  test('of a problem that makes no sense is a fault, and the thread goes on', async () => {
    const senseless: Problem = { ...asked, rows: [{ terms: [[7, 1]], lower: 0, upper: 1, from: 0 }] }
    await expect(threadSolver.solve({ problem: senseless, ...SECONDS })).rejects.toThrow(SolverFault)
    expect(valuesOf(await byHighs(asked) ?? [])).toEqual([2])
  })

  test('by being closed in the middle does not leave the asker waiting', async () => {
    const began = Date.now()
    const solving = threadSolver.solve({ problem: asked, milliseconds: 500 }).catch((error: unknown) => error)
    await closeSolvers()
    expect(await solving).toBeInstanceOf(SolverFault)
    expect(Date.now() - began).toBeLessThan(2000)
  }, 15_000)
})
