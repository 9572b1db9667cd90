import { performance } from 'node:perf_hooks'
import type { Dealer } from '../material/dealt.js'
import type { Solver } from './engine.js'
import { threadDealer, threadSolver } from './thread.js'

/** The only things planning takes from the machine it runs on: a solver, who deals out material, and a stopwatch. */
export interface Machine {
  readonly solver: Solver
  readonly deal: Dealer
  readonly now: () => number
}

export const thisMachine: Machine = { solver: threadSolver, deal: threadDealer, now: () => performance.now() }
