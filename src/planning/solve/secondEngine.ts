import { text } from '../../kernel/text.js'
import { type Solver, SolverFault } from './engine.js'
import type { Machine } from './machine.js'
import type { LevelAnswer } from './problem.js'

/** javascript-lp-solver as the engine of a whole plan: level by level, each ended on time. */
export const solveWithSecondEngine = ({ solver, now }: Machine): Pick<Solver, 'solve'> => ({
  async solve({ problem, milliseconds, onLevel }) {
    const deadline = now() + milliseconds
    const levels: LevelAnswer[] = []
    for (const level of problem.goals.keys()) {
      const left = Math.max(1, deadline - now())
      const answer = await solver.solveLevel({ problem, level, kept: levels.map((l) => l.value), milliseconds: left })
      if (answer === 'killed') return { status: 'outOfTime', levels, killed: true }
      // It calls solvable models infeasible, so its word is never taken for it.
      if (answer === 'infeasible') throw noAnswer(level + 1)
      levels.push(answer)
      onLevel?.(levels.length)
    }
    return { status: 'solved', levels }
  },
})

const noAnswer = (rank: number) =>
  new SolverFault(text(
    `javascript-lp-solver 在第 ${rank} 级没有给出可信的答案，不出方案；请用 --engine highs`,
    `javascript-lp-solver gave no answer to be believed at level ${rank}; no plan is shown; use --engine highs`))
