import { Worker } from 'node:worker_threads'
import { invariant } from '../../kernel/invariant.js'
import { text } from '../../kernel/text.js'
import { type Solver, SolverFault, verified } from './engine.js'
import type { LevelAnswer, SolveResult } from './problem.js'
import type { Reply, Request } from './worker.js'

/** After its own time limit a solver gets this long to say so; then its thread is ended. */
const GRACE_MILLISECONDS = 2000

type Ended = 'solved' | 'infeasible' | 'outOfTime' | 'killed'
type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never

/** What waits for the reply of a thread. */
interface Pending {
  readonly id: number
  readonly level: (answer: LevelAnswer) => void
  readonly end: (how: Ended | Error) => void
}

/** A thread that solves one request at a time, started when first needed and again after it was ended. */
class SolverThread {
  private worker: Worker | null = null
  private pending: Pending | null = null
  private nextId = 1

  async ask(request: Unnumbered<Request>, on: { readonly killAfter: number; readonly level: Pending['level'] }): Promise<Ended> {
    invariant(this.pending === null, 'a solver thread solves one request at a time')
    const worker = (this.worker ??= this.start())
    const id = this.nextId++
    worker.ref()
    const ended = await new Promise<Ended | Error>((resolve) => {
      const timer = setTimeout(() => this.end('killed'), on.killAfter)
      this.pending = { id, level: on.level, end: (how) => { clearTimeout(timer); resolve(how) } }
      worker.postMessage({ ...request, id })
    })
    // Idle threads must not keep the process alive; one that did not finish by itself is not used again.
    if (ended === 'killed' || ended instanceof Error) await this.close()
    this.worker?.unref()
    if (ended instanceof Error) throw ended
    return ended
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url))
    worker.on('message', (reply: Reply) => this.hear(reply))
    worker.on('error', (error) => this.end(died(error.message)))
    worker.on('exit', (code) => {
      if (this.worker === worker) this.end(died(`exit ${code}`))
    })
    return worker
  }

  private hear(reply: Reply): void {
    if (reply.id !== this.pending?.id) return
    if (reply.kind === 'done') this.end(reply.status)
    else if (reply.kind === 'failed') this.end(died(reply.message))
    else {
      try {
        this.pending.level(reply.answer)
      } catch (error) {
        this.end(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  private end(how: Ended | Error): void {
    const { pending } = this
    this.pending = null
    pending?.end(how)
  }

  async close(): Promise<void> {
    const { worker } = this
    this.worker = null
    // Whoever still waits for this thread must not wait for ever.
    this.end(died('closed'))
    await worker?.terminate()
  }
}

const died = (what: string) =>
  new SolverFault(text(`求解线程中止（${what}），不出方案`, `the solver's thread ended (${what}); no plan is shown`))

const highs = new SolverThread()
const lpSolver = new SolverThread()

/** Both engines in threads of their own, each ended on time. */
export const threadSolver: Solver = {
  async solve({ problem, milliseconds, onLevel }): Promise<SolveResult> {
    const levels: LevelAnswer[] = []
    const status = await highs.ask({ engine: 'highs', problem, milliseconds }, {
      killAfter: milliseconds + GRACE_MILLISECONDS,
      level: (answer) => {
        levels.push(verified(problem, levels.length, answer))
        onLevel?.(levels.length)
      },
    })
    if (status === 'infeasible') return { status }
    return status === 'solved' ? { status, levels } : { status: 'outOfTime', levels, killed: status === 'killed' }
  },

  async solveLevel({ problem, level, kept, milliseconds }) {
    const found: LevelAnswer[] = []
    const status = await lpSolver.ask({ engine: 'javascript-lp-solver', task: { problem, level, kept } }, {
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
