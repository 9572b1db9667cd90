import { performance } from 'node:perf_hooks'
import type { Solver } from './engine.js'
import { threadSolver } from './thread.js'

/** The only things planning takes from the machine it runs on: a solver and a stopwatch. */
export interface Machine {
  readonly solver: Solver
  readonly now: () => number
}

export const thisMachine: Machine = { solver: threadSolver, now: () => performance.now() }
