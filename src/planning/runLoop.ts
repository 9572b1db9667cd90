import type { Database } from '../db/database.js'
import { CommitUnknown, DatabaseUnavailable, isTooSlow } from '../db/errors.js'
import { sha256 } from '../kernel/canonical.js'
import type { Clock } from '../kernel/clock.js'
import { type Text, text } from '../kernel/text.js'
import { editRows } from './edits.js'
import { planJson } from './planJson.js'
import type { PlanOutcome, RunOptions } from './run.js'
import { requestIn } from './runs.js'
import { type Scenario, scenarioBytes } from './scenario.js'
import { type Fault, validateScenario } from './scenarioFaults.js'
import { type IssuedAt, snapshotOf } from './snapshot.js'
import { PlanCancelled, SolverFault } from './solve/engine.js'
import { beat, type Claim, claimRun, failRun, finishRun, planOf, releaseRun, reportProgress, type Run, RUN_CHANNEL } from './store.js'
import { trialPicture } from './trial.js'

export interface RunLoopNeeds {
  readonly db: Database
  readonly clock: Clock
  /** Who computes, for the record: machine and process. */
  readonly worker: string
  /** What has been issued: orders under way are part of what is planned. */
  readonly issuedAt: IssuedAt
  readonly planFor: (scenario: Scenario, options: RunOptions) => Promise<PlanOutcome>
  /** Told what cannot be told to whoever asked for the plan. */
  readonly onTrouble: (why: unknown) => void
}

/** How often a worker says that it lives and hears that a run was cancelled. */
const BEAT_MILLISECONDS = 300
/** How often it looks for work without being told. */
const LOOK_MILLISECONDS = 1000
const REASONS_MAX = 50
const READING_TOO_SLOW = text('读取现状超过数据库给一条语句的时限，没有方案', 'reading the picture took longer than the database gives a statement; there is no plan')
const SAVING_TOO_SLOW = text('保存方案超过数据库给一条语句的时限，没有方案', 'saving the plan took longer than the database gives a statement; there is no plan')

/** Computes the plans that are asked for, one at a time, until it is stopped. Any number may run on any number of machines. */
export class RunLoop {
  private readonly stopping = new AbortController()
  private wake: () => void = () => undefined
  private running: Promise<void> = Promise.resolve()

  constructor(private readonly needs: RunLoopNeeds) {}

  start(): void {
    this.running = this.loop()
  }

  /** Ends the loop; a run that is being computed goes back to whoever looks next. */
  async stop(): Promise<void> {
    this.stopping.abort()
    this.wake()
    await this.running
  }

  private async loop(): Promise<void> {
    const { db, onTrouble } = this.needs
    const deaf = await db.listen(RUN_CHANNEL, () => this.wake()).catch((error: unknown) => {
      // It looks by itself every second.
      onTrouble(error)
      return async () => undefined
    })
    while (!this.stopping.signal.aborted) {
      const isBusy = await this.once().catch((error: unknown) => {
        onTrouble(error)
        return false
      })
      if (!isBusy) await this.rest()
    }
    await deaf()
  }

  private async rest(): Promise<void> {
    if (this.stopping.signal.aborted) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LOOK_MILLISECONDS)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Computes one run, if there is one that waits. */
  private async once(): Promise<boolean> {
    const { db, clock, worker } = this.needs
    const run = await db.inTransaction((tx) => claimRun(tx, worker, clock.now()))
    if (run === null) return false
    const lost = new AbortController()
    const signal = AbortSignal.any([lost.signal, this.stopping.signal])
    const beating = this.keepAlive(run, lost)
    try {
      await this.compute(run, signal)
    } finally {
      lost.abort()
      await beating
    }
    return true
  }

  /** Says that it lives until told to end, and ends the computing when the run is no longer its own. */
  private async keepAlive(claim: Claim, lost: AbortController): Promise<void> {
    while (!lost.signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          lost.signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, BEAT_MILLISECONDS)
        lost.signal.addEventListener('abort', done)
      })
      if (lost.signal.aborted) return
      // A database that is away is no reason to stop: the lease decides whose run it is.
      const isOurs = await this.needs.db.inTransaction((tx) => beat(tx, claim)).catch(() => true)
      if (!isOurs) lost.abort()
    }
  }

  private async compute(run: Run, signal: AbortSignal): Promise<void> {
    const { db, clock, issuedAt, planFor, onTrouble } = this.needs
    let snapshot: string | null = null
    const request = requestIn(run.request)
    const { engine, seconds, secondOpinion } = request
    const progress = new Progress((told) => db.inTransaction((tx) => reportProgress(tx, run, told, clock.now())))
    try {
      const asked = { ...request, edits: editRows(request.edits, run.requestedBy) }
      const read = validateScenario(await db.inSnapshot(async (tx): Promise<unknown> => {
        const { basedOn, wayOut } = request
        const base = wayOut === null || basedOn === null ? null : await planOf(tx, basedOn)
        return base === null || wayOut === null ? snapshotOf(tx, asked, notBefore(clock.now(), run.requestedAt), issuedAt) : trialPicture(wayOut, base)
      }))
      if (!read.ok) return await this.fail(run, { reasons: read.faults.slice(0, REASONS_MAX).map(faultText), snapshot: null })
      snapshot = scenarioBytes(read.scenario)
      const { exit, plan, milliseconds } = await planFor(read.scenario, {
        engine, milliseconds: seconds * 1000, secondOpinion, signal, onProgress: progress.hear,
      })
      await progress.end()
      const bytes = planJson(plan)
      const result = { snapshot, snapshotHash: sha256(snapshot), plan: bytes, planHash: sha256(bytes), exit, milliseconds }
      await db.inTransaction((tx) => finishRun(tx, run, result, clock.now()))
    } catch (error) {
      await progress.end()
      if (error instanceof PlanCancelled) {
        // Cancelled or another's by now, in which case this changes nothing; else we are closing and somebody else goes on.
        await db.inTransaction((tx) => releaseRun(tx, run, clock.now()))
        return
      }
      if (isTooSlow(error)) return this.fail(run, { reasons: [snapshot === null ? READING_TOO_SLOW : SAVING_TOO_SLOW], snapshot: null })
      // The store was away, not the plan wrong: the lease ends, and whoever looks next begins again.
      if (error instanceof DatabaseUnavailable || error instanceof CommitUnknown) throw error
      if (error instanceof SolverFault) return this.fail(run, { reasons: [error.text], snapshot })
      onTrouble(error)
      await this.fail(run, { reasons: [text('程序出错，没有方案', 'the program failed; there is no plan')], snapshot })
    }
  }

  private async fail(run: Run, { reasons, snapshot }: { reasons: readonly Text[]; snapshot: string | null }): Promise<void> {
    const { db, clock } = this.needs
    const snapshotHash = snapshot === null ? null : sha256(snapshot)
    await db.inTransaction((tx) => failRun(tx, run, { reasons, snapshot, snapshotHash }, clock.now()))
  }
}

/** Our clock may be behind that of whoever took the request. */
const notBefore = (now: Date, requestedAt: Date): Date => (requestedAt > now ? requestedAt : now)

type Told = Parameters<NonNullable<RunOptions['onProgress']>>[0]

/** Passes on the newest step only, one at a time: a quick plan has more steps than anybody can read. */
class Progress {
  private next: Told | null = null
  private passing: Promise<void> | null = null
  private isOver = false

  constructor(private readonly pass: (told: Told) => Promise<unknown>) {}

  readonly hear = (told: Told): void => {
    this.next = told
    this.passing ??= this.run()
  }

  async end(): Promise<void> {
    this.isOver = true
    await this.passing
  }

  private async run(): Promise<void> {
    while (this.next !== null && !this.isOver) {
      const told = this.next
      this.next = null
      // A step that nobody hears of does no harm; the result is what has to be kept.
      await this.pass(told).catch(() => undefined)
    }
    this.passing = null
  }
}

/** A mistake in the snapshot as one sentence with its place. */
function faultText({ table, id, field, got, want }: Fault): Text {
  const where = [table, id, field].filter((part) => part !== null).join(' ')
  return text(`${where}：现为${got === '' ? '空' : `“${got}”`}；${want.zh}`, `${where}: found ${got === '' ? 'nothing' : `"${got}"`}; ${want.en}`)
}
