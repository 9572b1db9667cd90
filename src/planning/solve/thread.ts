import { type Solver, verified } from './engine.js'
import type { LevelAnswer, SolveResult } from './problem.js'
import { SolverThread } from './solverThread.js'

/** After its own time limit a solver gets this long to say so; then its thread is ended. */
const GRACE_MILLISECONDS = 2000

const highs = new SolverThread()
const lpSolver = new SolverThread()

/** Both engines in threads of their own, one request after the other, each ended on time. */
export const threadSolver: Solver = {
  async solve({ problem, milliseconds, onLevel, ...turn }): Promise<SolveResult> {
    const levels: LevelAnswer[] = []
    const status = await highs.ask({ engine: 'highs', problem, milliseconds }, {
      ...turn,
      killAfter: milliseconds + GRACE_MILLISECONDS,
      level: (answer) => {
        levels.push(verified(problem, levels.length, answer))
        onLevel?.(levels.length)
      },
    })
    if (status === 'infeasible') return { status }
    return status === 'solved' ? { status, levels } : { status: 'outOfTime', levels, killed: status === 'killed' }
  },

  async solveLevel({ problem, level, kept, milliseconds, ...turn }) {
    const found: LevelAnswer[] = []
    const status = await lpSolver.ask({ engine: 'javascript-lp-solver', task: { problem, level, kept } }, {
      ...turn,
      killAfter: milliseconds,
      level: (answer) => found.push(answer),
    })
    if (status === 'killed') return 'killed'
    const [answer] = found
    return answer === undefined ? 'infeasible' : verified(problem, level, answer)
  },
}

/** Ends the threads; the process can then end by itself. */
export async function closeSolvers(): Promise<void> {
  await Promise.all([highs.close(), lpSolver.close()])
}
