import { Worker } from 'node:worker_threads'
import { text } from '../../kernel/text.js'
import type { Dealt } from '../material/dealt.js'
import { PlanCancelled, SolverFault, type Turn } from './engine.js'
import type { LevelAnswer } from './problem.js'
import type { Reply, Request } from './worker.js'

type Ended = 'solved' | 'infeasible' | 'outOfTime' | 'killed'
type Unnumbered<R> = R extends Request ? Omit<R, 'id'> : never

interface Listener extends Turn {
  /** From when the request has its turn. */
  readonly killAfter: number
  readonly level?: (answer: LevelAnswer) => void
  readonly dealt?: (dealt: Dealt) => void
}

/** A request that waits its turn or is being solved. */
interface Job extends Listener {
  readonly request: Unnumbered<Request>
  readonly settle: (how: Ended | Error) => void
}

/** A thread that solves one request after the other, started when first needed and again after it was ended. */
export class SolverThread {
  private worker: Worker | null = null
  private readonly waiting: Job[] = []
  private running: { readonly id: number; readonly job: Job; readonly timer: NodeJS.Timeout } | null = null
  /** The thread that was ended last, until it is gone: two at once would need twice the memory. */
  private leaving: Promise<unknown> | null = null
  private nextId = 1

  /** `megabytes`: beyond so much memory of its own the thread is ended, and not the process. */
  constructor(private readonly megabytes?: number) {}

  /** Waits its turn, first come first served. Rejects with SolverFault when the thread dies, PlanCancelled by the signal. */
  async ask(request: Unnumbered<Request>, on: Listener): Promise<Ended> {
    const ended = await new Promise<Ended | Error>((resolve) => {
      if (on.signal?.aborted === true) return resolve(new PlanCancelled())
      const job: Job = {
        ...on, request,
        settle: (how) => {
          on.signal?.removeEventListener('abort', withdraw)
          resolve(how)
        },
      }
      const withdraw = () => this.withdraw(job)
      on.signal?.addEventListener('abort', withdraw)
      this.waiting.push(job)
      this.next()
    })
    if (ended instanceof Error) throw ended
    return ended
  }

  /** Ends the thread; whoever waits for it is told, and must not wait for ever. */
  async close(): Promise<void> {
    const waiting = this.waiting.splice(0)
    if (this.running !== null) this.end(died('closed'))
    else this.dismiss()
    for (const job of waiting) job.settle(died('closed'))
    await this.leaving
  }

  private withdraw(job: Job): void {
    if (this.running?.job === job) return this.end(new PlanCancelled())
    const at = this.waiting.indexOf(job)
    if (at >= 0) this.waiting.splice(at, 1)
    job.settle(new PlanCancelled())
  }

  private next(): void {
    if (this.running !== null || this.leaving !== null) return
    const job = this.waiting.shift()
    if (job === undefined) return
    const worker = (this.worker ??= this.start())
    const id = this.nextId++
    worker.ref()
    this.running = { id, job, timer: setTimeout(() => this.end('killed'), job.killAfter) }
    job.onTurn?.()
    worker.postMessage({ ...job.request, id })
  }

  private start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      ...(this.megabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.megabytes } }),
    })
    const dead = (what: string) => {
      if (this.worker !== worker) return
      this.end(died(what))
      this.dismiss()
    }
    worker.on('message', (reply: Reply) => this.hear(reply))
    worker.on('error', (error) => dead(error.message))
    worker.on('exit', (code) => dead(`exit ${code}`))
    return worker
  }

  private hear(reply: Reply): void {
    if (reply.id !== this.running?.id) return
    if (reply.kind === 'done') return this.end(reply.status)
    if (reply.kind === 'failed') return this.end(died(reply.message))
    try {
      if (reply.kind === 'level') this.running.job.level?.(reply.answer)
      else this.running.job.dealt?.(reply.dealt)
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private end(how: Ended | Error): void {
    const { running } = this
    if (running === null) return
    this.running = null
    clearTimeout(running.timer)
    // A thread that did not finish by itself is not used again; an idle one must not keep the process alive.
    if (how === 'killed' || how instanceof Error) this.dismiss()
    else this.worker?.unref()
    running.job.settle(how)
    this.next()
  }

  private dismiss(): void {
    const { worker } = this
    if (worker === null) return
    this.worker = null
    const leaving = Promise.allSettled([this.leaving, worker.terminate()]).then(() => {
      if (this.leaving !== leaving) return
      this.leaving = null
      this.next()
    })
    this.leaving = leaving
  }
}

const died = (what: string) =>
  new SolverFault(text(`求解线程中止（${what}），不出方案`, `the solver's thread ended (${what}); no plan is shown`))
