import { setTimeout as pause } from 'node:timers/promises'
import type { SQL } from 'drizzle-orm'
import postgres from 'postgres'
import { clockWith } from '../../src/app/machine.js'
import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { rowsOf } from '../../src/db/rows.js'
import type { Clock } from '../../src/kernel/clock.js'
import type { Shipment } from '../../src/planning/material/plan.js'
import type { Plan } from '../../src/planning/plan.js'
import type { PlanOutcome, RunOptions } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { PlanCancelled } from '../../src/planning/solve/engine.js'
import { type DatabaseName, freshDatabase, freshServerDatabase } from '../support/databases.js'
import { ask, type Asked, type Said, type Served, serving } from '../support/serving.js'
import { draftedPlan, emptyPlan, type Wanted, withShipments } from './drafted.js'
import type { Chance } from './racesChance.js'

/** How many ask at once. */
export const RACERS = 32
/** Database clients of each of the two services: so many transactions are open at the same time. */
const CLIENTS = 8
const PATIENCE_MILLISECONDS = 40_000
const LOOKS_MAX = 40
const STILL_LOOKS = 4
const LOOK_MILLISECONDS = 5
/** A day that has a policy edition, so that plans can be asked for. */
const MORNING = Date.parse('2020-01-30T08:00:00+08:00')

export interface Asking extends Asked {
  readonly path: string
}

/** A planner that needs a few milliseconds, remembers for how many seconds each plan was asked, and may be hard of hearing. */
export class QuickPlanner {
  readonly asked: number[] = []
  /** Who is to be moved, by the seconds for which a plan is asked; nobody where nothing is said. */
  readonly wanted = new Map<number, readonly Wanted[]>()
  /** What is to be sent, in the same way; a plan of which nothing is said is without material. */
  readonly shipments = new Map<number, readonly Shipment[]>()
  constructor(private readonly empty: Plan, private readonly chance: Chance) {}

  readonly planFor = async (scenario: Scenario, { milliseconds, signal, onProgress }: RunOptions): Promise<PlanOutcome> => {
    const seconds = milliseconds / 1000
    this.asked.push(seconds)
    const isDeaf = this.chance.next() < 0.5
    onProgress?.({ done: 1, of: 2, title: { zh: '一', en: 'one' } })
    await pause(this.chance.below(30))
    if (!isDeaf && signal?.aborted === true) throw new PlanCancelled()
    const [plan, shipments] = [draftedPlan(this.empty, scenario, this.wanted.get(seconds) ?? []), this.shipments.get(seconds)]
    return { exit: 0, plan: shipments === undefined ? plan : withShipments(plan, shipments), milliseconds: { total: 1 } }
  }
}

/** Two services on one database of a server, each with its own clients and its own planning loop, as on two machines; or the one on an embedded database. */
export class RaceWorld {
  private constructor(
    readonly database: DatabaseName, private readonly served: readonly Served[], private readonly inEarnest: Served, private readonly stores: readonly Database[],
    private readonly eye: postgres.Sql | null, private readonly end: () => Promise<void>, readonly planner: QuickPlanner, private readonly clock: Clock,
  ) {}

  static async open(database: DatabaseName, chance: Chance): Promise<RaceWorld> {
    const planner = new QuickPlanner(await emptyPlan(), chance)
    const clock = clockWith(MORNING - Date.now())
    const { stores, eye, end } = await storesOn(database)
    const served = await Promise.all(stores.map((db) => serving(db, { clock, isPlanning: true, planner: planner.planFor })))
    const [first] = stores
    if (first === undefined) throw new Error('there is a store')
    return new RaceWorld(database, served, await serving(first, { clock, identify: null }), stores, eye, end, planner, clock)
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

  /** One request to a service that asks who asks. */
  askInEarnest({ path, ...asked }: Asking): Promise<Said> {
    return ask(this.inEarnest.address, path, { ...asked, patience: PATIENCE_MILLISECONDS })
  }

  /** Rows of the store. */
  rows<T>(statement: SQL): Promise<T[]> {
    const [first] = this.stores
    if (first === undefined) throw new Error('there is a store')
    return first.inSnapshot((tx) => rowsOf<T>(tx, statement))
  }

  /** Writes what no operation of the services does. */
  async write(statement: SQL): Promise<void> {
    await this.stores[0]?.inTransaction((tx) => tx.execute(statement))
  }

  /**
   * All at once, spread over the services. With a `gate`, which only a server has, the transactions are first held at their
   * first statement, as many as come so far, and then let go together.
   */
  async together(askings: readonly Asking[], { gate }: { gate: boolean }): Promise<Said[]> {
    const all = () => Promise.all(askings.map((asking, i) => this.ask(asking, i)))
    const { eye } = this
    if (!gate || eye === null) return all()
    return eye.begin(async (held) => {
      await held`lock table idempotency_key in share row exclusive mode`
      const answers = all()
      let [before, still] = [-1, 0]
      for (let looks = 0; looks < LOOKS_MAX && still < STILL_LOOKS; looks += 1) {
        const [row] = await eye<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        const waiting = row?.waiting ?? 0
        still = waiting > 0 && waiting === before ? still + 1 : 0
        before = waiting
        await pause(LOOK_MILLISECONDS)
      }
      // Not returned bare: the gate would wait for the answers, and they for the gate.
      return { answers }
    }).then(({ answers }) => answers)
  }

  /** What is wrong with the store or was nobody's answer, since this was last asked. */
  async unsound(): Promise<string[]> {
    const { findings } = await this.read<{ findings: { rule: string; subject: string; found: string; expected: string }[] }>('/api/integrity')
    const bugs = [...this.served, this.inEarnest].flatMap((one) => one.bugs.splice(0))
    return [
      ...findings.map(({ rule, subject, found, expected }) => `integrity ${rule} ${subject}: ${found}, not ${expected}`),
      ...bugs.map((bug) => `a bug: ${bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)}`),
    ]
  }

  async close(): Promise<void> {
    for (const one of [...this.served, this.inEarnest]) await one.close()
    await this.eye?.end({ timeout: 1 })
    await this.end()
  }
}

interface Opened {
  readonly stores: readonly Database[]
  /** Looks at a server from outside; null: there is none. */
  readonly eye: postgres.Sql | null
  readonly end: () => Promise<void>
}

/** Two stores on one new database of a server, as of two machines; or the one that an embedded database has. */
export const storesOn = (database: DatabaseName): Promise<Opened> => (database === 'postgres' ? onServer() : embedded())

async function onServer(): Promise<Opened> {
  const { url, drop } = await freshServerDatabase()
  const stores = await Promise.all([1, 2].map(() => openDatabase({ kind: 'postgres', url, clients: CLIENTS })))
  return {
    stores, eye: postgres(url, { max: 2, onnotice: () => undefined }),
    end: async () => {
      for (const db of stores) await db.close()
      await drop()
    },
  }
}

async function embedded(): Promise<Opened> {
  const { database, end } = await freshDatabase('embedded')
  return { stores: [database], eye: null, end }
}
