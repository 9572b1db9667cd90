import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { clockWith } from '../../src/app/machine.js'
import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import type { Clock } from '../../src/kernel/clock.js'
import type { Plan } from '../../src/planning/plan.js'
import { planFor, type PlanOutcome, type RunOptions } from '../../src/planning/run.js'
import { PlanCancelled } from '../../src/planning/solve/engine.js'
import { freshServerDatabase } from '../support/databases.js'
import { ask, type Asked, type Said, type Served, serving } from '../support/serving.js'
import { shipped } from './load.js'
import type { Chance } from './racesChance.js'

/** How many ask at once. */
export const RACERS = 32
/** Database clients of each of the two services: so many transactions are open at the same time. */
const CLIENTS = 8
const PATIENCE_MILLISECONDS = 25_000
/** A day that has a policy edition, so that plans can be asked for. */
const MORNING = Date.parse('2020-01-30T08:00:00+08:00')

export interface Asking extends Asked {
  readonly path: string
}

/** A planner that needs a few milliseconds, remembers for how many seconds each plan was asked, and may be hard of hearing. */
export class QuickPlanner {
  readonly asked: number[] = []
  constructor(private readonly plan: Plan, private readonly chance: Chance) {}

  readonly planFor = async (_: unknown, { milliseconds, signal, onProgress }: RunOptions): Promise<PlanOutcome> => {
    this.asked.push(milliseconds / 1000)
    const isDeaf = this.chance.next() < 0.5
    onProgress?.({ done: 1, of: 2, title: { zh: '一', en: 'one' } })
    await pause(this.chance.below(30))
    if (!isDeaf && signal?.aborted === true) throw new PlanCancelled()
    return { exit: 0, plan: this.plan, milliseconds: { total: 1 } }
  }
}

/** Two services on one database, each with its own clients and its own planning loop: as on two machines. */
export class RaceWorld {
  private constructor(
    private readonly served: readonly Served[], private readonly stores: readonly Database[],
    readonly sql: postgres.Sql, private readonly drop: () => Promise<void>, readonly planner: QuickPlanner, private readonly clock: Clock,
  ) {}

  static async open(chance: Chance): Promise<RaceWorld> {
    const { url, drop } = await freshServerDatabase()
    const { plan } = await planFor(shipped('nothing-to-do'), { engine: 'highs', milliseconds: 20_000, secondOpinion: false })
    const planner = new QuickPlanner(plan, chance)
    const stores = await Promise.all([1, 2].map(() => openDatabase({ kind: 'postgres', url, clients: CLIENTS })))
    const clock = clockWith(MORNING - Date.now())
    const served = await Promise.all(stores.map((db) => serving(db, { clock, isPlanning: true, planner: planner.planFor })))
    const sql = postgres(url, { max: 2, onnotice: () => undefined })
    return new RaceWorld(served, stores, sql, drop, planner, clock)
  }

  /** The moment so many milliseconds ago by the clock of the services, as the API takes it. */
  ago(milliseconds: number): string {
    return new Date(this.clock.now().getTime() - milliseconds).toISOString()
  }

  /** One request to one of the services; throws when the answer does not come. */
  ask({ path, ...asked }: Asking, which = 0): Promise<Said> {
    return ask(this.served[which % this.served.length]?.address ?? '', path, { ...asked, patience: PATIENCE_MILLISECONDS })
  }

  /** The same, where anything but success is a fault of the race itself. */
  async must(asking: Asking): Promise<Said> {
    const said = await this.ask(asking)
    if (said.status >= 300) throw new Error(`${asking.method ?? 'GET'} ${asking.path}: ${said.status} ${said.text}`)
    return said
  }

  /** The JSON of a GET; its shape is the API's. */
  async read<T>(path: string): Promise<T> {
    return (await this.must({ path })).json as T
  }

  /**
   * All at once, spread over both services. With a `gate` the transactions are first held at their first statement,
   * as many as there are clients, and then let go together.
   */
  async together(askings: readonly Asking[], { gate }: { gate: boolean }): Promise<Said[]> {
    const all = () => Promise.all(askings.map((asking, i) => this.ask(asking, i)))
    if (!gate) return all()
    const wanted = Math.min(askings.length, CLIENTS * this.served.length)
    return this.sql.begin(async (held) => {
      await held`lock table idempotency_key in share row exclusive mode`
      const answers = all()
      for (let looks = 0; looks < 20; looks += 1) {
        const [row] = await this.sql<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        if ((row?.waiting ?? 0) >= wanted) break
        await pause(10)
      }
      // Not returned bare: the gate would wait for the answers, and they for the gate.
      return { answers }
    }).then(({ answers }) => answers)
  }

  /** What is wrong with the store or was nobody's answer, since this was last asked. */
  async unsound(): Promise<string[]> {
    const { findings } = await this.read<{ findings: { rule: string; subject: string; found: string; expected: string }[] }>('/api/integrity')
    const bugs = this.served.flatMap((one) => one.bugs.splice(0))
    return [
      ...findings.map(({ rule, subject, found, expected }) => `integrity ${rule} ${subject}: ${found}, not ${expected}`),
      ...bugs.map((bug) => `a bug: ${bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)}`),
    ]
  }

  async close(): Promise<void> {
    for (const one of this.served) await one.close()
    for (const db of this.stores) await db.close()
    await this.sql.end({ timeout: 1 })
    await this.drop()
  }
}
