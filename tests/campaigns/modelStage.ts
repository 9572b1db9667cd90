import { sql } from 'drizzle-orm'
import type { Identify } from '../../src/access/identify.js'
import { machine } from '../../src/app/machine.js'
import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { rowsOf } from '../../src/db/rows.js'
import { keepOrders } from '../../src/dispatch/clockwork.js'
import { issuedAt } from '../../src/dispatch/issued.js'
import { heldGrants } from '../../src/facilities/store.js'
import type { Clock } from '../../src/kernel/clock.js'
import { EVERYWHERE, type Grant } from '../../src/kernel/roles.js'
import { planFor } from '../../src/planning/run.js'
import { RunLoop } from '../../src/planning/runLoop.js'
import { type DatabaseName, freshDatabase, freshServerDatabase, looked } from '../support/databases.js'
import { serving } from '../support/serving.js'
import { LETTERS } from './matrixTable.js'
import { ACTORS } from './modelRoles.js'

export const FIRST_MOMENT = Date.parse('2020-01-28T08:30:00.250+08:00')

/** A clock that the campaign sets. */
class SetClock implements Clock {
  at = FIRST_MOMENT
  readonly now = (): Date => new Date(this.at)
  readonly newId = machine.newId
}

/** The service over one store that is emptied before every sequence. */
export interface Stage {
  readonly address: string
  readonly clock: SetClock
  readonly bugs: unknown[]
  readonly database: Database
  readonly empty: () => Promise<void>
  /** What the service does by itself twice a minute. */
  readonly upkeep: () => Promise<void>
  /** Somebody computes plans until `isDone`. */
  readonly worker: (isDone: () => Promise<boolean>) => Promise<void>
  readonly close: () => Promise<void>
}

/** Stages for a campaign. A server answers one while it works for the other; the embedded store is in this very thread. */
export const newStages = (name: DatabaseName): Promise<Stage[]> =>
  Promise.all((name === 'postgres' ? [1, 2] : [1]).map(() => newStage(name)))

/** A stage on a store of its own. */
export async function newStage(name: DatabaseName): Promise<Stage> {
  const { database, end } = await hastyDatabase(name)
  return stageOn(database, end)
}

/** A new store, migrated and empty. Nothing here crashes, so a server need not wait for its disk at every commit. */
export async function hastyDatabase(name: DatabaseName): Promise<{ database: Database; end: () => Promise<void> }> {
  if (name === 'embedded') return freshDatabase(name)
  const { url, drop } = await freshServerDatabase()
  await looked(url, (server) => server.unsafe(`alter database "${new URL(url).pathname.slice(1)}" set synchronous_commit = off`))
  const database = await openDatabase({ kind: 'postgres', url })
  const end = async () => {
    await database.close()
    await drop()
  }
  return { database, end }
}

/** `As <actor>`, by the list of actors; where their roles are held is looked up as the city is now, as for everybody. */
const byActor = (db: Database): Identify => async ({ authorization = '' }) => {
  const id = /^As (\S+)$/.exec(authorization)?.[1] ?? ''
  const held = Object.hasOwn(ACTORS, id) ? ACTORS[id] : undefined
  if (held === undefined) return null
  const grants = held.flatMap(({ role, of, id: where }): Grant[] => {
    const known = LETTERS[role]
    return known === undefined ? [] : [{ role: known, scope: of === 'city' ? { kind: of } : { kind: of, id: where } }]
  })
  const isOfCity = grants.every(({ scope }) => scope.kind === 'city')
  return { id, grants: isOfCity ? grants.map(({ role }) => ({ role, ...EVERYWHERE })) : await db.inSnapshot((tx) => heldGrants(tx, grants)) }
}

/** What empties a store, so that a sequence can begin anew. History guards itself against this; a campaign is the one who may. */
export async function emptierOf(database: Database): Promise<() => Promise<void>> {
  const tables = await database.inSnapshot((tx) => rowsOf<{ name: string }>(tx,
    sql`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'public' order by 1`))
  return () => database.inTransaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`)
    for (const { name } of tables) await tx.execute(sql.raw(`delete from ${name}`))
  })
}

/** Ways out are proved by planning again; the model does not judge them, and half of the time would be theirs. */
const withoutWaysOut: typeof planFor = (scenario, options) => planFor(scenario, { ...options, waysOut: false })

const PATIENCE_MILLISECONDS = 60_000
const LOOK_MILLISECONDS = 12

async function stageOn(database: Database, end: () => Promise<void>): Promise<Stage> {
  const clock = new SetClock()
  const served = await serving(database, { clock, identify: byActor(database) })
  const empty = await emptierOf(database)
  const worker = async (isDone: () => Promise<boolean>): Promise<void> => {
    const loop = new RunLoop({ db: database, clock, worker: 'model', issuedAt, planFor: withoutWaysOut, onTrouble: (why) => served.bugs.push(why) })
    loop.start()
    const deadline = machine.stopwatch() + PATIENCE_MILLISECONDS
    while (!await isDone() && machine.stopwatch() < deadline) await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
    await loop.stop()
  }
  return {
    address: served.address, bugs: served.bugs, clock, database, empty, worker,
    upkeep: async () => {
      await keepOrders(database, clock)
    },
    close: async () => {
      await served.close()
      await end()
    },
  }
}
