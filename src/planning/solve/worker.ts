import { parentPort } from 'node:worker_threads'
import { performance } from 'node:perf_hooks'
import type { DealAsk, Dealt } from '../material/dealt.js'
import { solveWithHighs } from './highs.js'
import { type LevelTask, solveLevelWithLpSolver } from './lpSolver.js'
import type { LevelAnswer, Problem } from './problem.js'

/** What the main thread asks of a solver's thread; `id` comes back with every reply. */
export type Request =
  | { readonly id: number; readonly engine: 'highs'; readonly problem: Problem; readonly milliseconds: number }
  | { readonly id: number; readonly engine: 'javascript-lp-solver'; readonly task: LevelTask }
  | { readonly id: number; readonly engine: 'material'; readonly ask: DealAsk }

export type Reply =
  | { readonly id: number; readonly kind: 'level'; readonly answer: LevelAnswer }
  | { readonly id: number; readonly kind: 'dealt'; readonly dealt: Dealt }
  | { readonly id: number; readonly kind: 'done'; readonly status: 'solved' | 'infeasible' | 'outOfTime' }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string }

const port = parentPort
const reply = (message: Reply) => port?.postMessage(message)

async function answer(request: Request): Promise<void> {
  const { id } = request
  if (request.engine === 'javascript-lp-solver') {
    const found = solveLevelWithLpSolver(request.task)
    if (found !== null) reply({ id, kind: 'level', answer: found })
    return reply({ id, kind: 'done', status: found === null ? 'infeasible' : 'solved' })
  }
  if (request.engine === 'material') {
    // The solvers do not need it.
    const { dealt } = await import('../material/dealt.js')
    reply({ id, kind: 'dealt', dealt: dealt(request.ask, () => performance.now()) })
    return reply({ id, kind: 'done', status: 'solved' })
  }
  const { problem, milliseconds } = request
  const status = await solveWithHighs({
    problem,
    milliseconds,
    now: () => performance.now(),
    onLevel: (level) => reply({ id, kind: 'level', answer: level }),
  })
  reply({ id, kind: 'done', status })
}

port?.on('message', (request: Request) => {
  answer(request).catch((error: unknown) =>
    reply({ id: request.id, kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
})
