import { text } from '../../kernel/text.js'
import type { Dealer, Dealt } from '../material/dealt.js'
import { type Solver, SolverFault, verified } from './engine.js'
import type { LevelAnswer, SolveResult } from './problem.js'
import { SolverThread } from './solverThread.js'

/** After its own time limit a solver gets this long to say so; then its thread is ended. */
const GRACE_MILLISECONDS = 2000

const highs = new SolverThread()
const lpSolver = new SolverThread()
/** Far more than the largest city takes; a slip that makes millions out of hundreds ends one plan, and not the service. */
const MATERIAL_MEGABYTES = 3072
const material = new SolverThread(MATERIAL_MEGABYTES)

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

/** Material in a thread of its own: nobody else waits while it is dealt out. */
export const threadDealer: Dealer = async ({ signal, onTurn, killAfter, ...ask }) => {
  const found: Dealt[] = []
  const status = await material.ask({ engine: 'material', ask }, { signal, onTurn, killAfter, dealt: (dealt) => found.push(dealt) })
  const [dealt] = found
  if (status === 'solved' && dealt !== undefined) return dealt
  const seconds = Math.round(killAfter / 1000)
  throw new SolverFault(text(`物资在 ${seconds} 秒内没有分完，不出方案；请增加时限（seconds），或核对在岗人数、定额是否多写了位数`,
    `the material was not dealt out in ${seconds} seconds; no plan is shown. Give it more time (seconds), or see whether a number of people on a shift or a norm has too many digits`))
}

/** Ends the threads; the process can then end by itself. */
export async function closeSolvers(): Promise<void> {
  await Promise.all([highs.close(), lpSolver.close(), material.close()])
}
