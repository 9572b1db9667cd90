import { AsyncResource } from 'node:async_hooks'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { BrokenInvariant } from '../kernel/invariant.js'
import { channelName } from './channel.js'
import type { Database, Tx } from './database.js'
import { asUnavailable, DatabaseUnavailable, sqlStateOf, swallowed } from './errors.js'
import { type Patience, patiently } from './patience.js'
import { type Chance, type TriedAgain, withRetries } from './retry.js'
import { BEGIN, type Mode, NotNested, type Work } from './transaction.js'
import { Turns } from './turns.js'

/** As on a server: a transaction that does nothing for so long is given up, and others go on. */
const IDLE_MILLISECONDS = 10_000
const CHECKPOINT_MILLISECONDS = 5 * 60_000
const VACUUM_MILLISECONDS = 60 * 60_000

export interface EmbeddedOptions {
  readonly chance: Chance
  /** Told what went wrong with the upkeep, or with the database as a whole. */
  readonly onLost: (why: unknown) => void
  /** Called when the database is closed: gives the lock of its directory back. */
  readonly closed: () => Promise<void>
}

/** The store in this process, migrated already. There is one connection, so transactions run one after the other. */
export function embeddedDatabase(pg: PGlite, { chance, onLost, closed }: EmbeddedOptions): Database {
  const turns = new Turns(1, 'noFreeClient')
  const nested = new NotNested()
  const triedAgain: TriedAgain = new Map()
  let commits = 0
  let isBroken = false

  const run = <T>(mode: Mode, work: Work<T>): Promise<T> =>
    nested.run(() => patiently((patience) => withRetries(() => alone(patience, () => transacted(mode, work)), { chance, triedAgain, patience })))

  async function alone<T>(patience: Patience, use: () => Promise<T>): Promise<T> {
    const giveBack = await turns.take(patience)
    try {
      if (isBroken) throw new DatabaseUnavailable('broken')
      return await use()
    } finally {
      giveBack()
    }
  }

  async function transacted<T>(mode: Mode, work: Work<T>): Promise<T> {
    const handle = new Handle(pg)
    try {
      await pg.query(BEGIN[mode])
      const result = await handle.used(work)
      const { command } = await pg.query('commit')
      if (command === 'ROLLBACK') throw swallowed()
      // Looking for work once a second changes nothing, and is no reason to tidy up.
      if (handle.hasWritten) commits += 1
      return result
    } catch (error) {
      handle.isOver = true
      await rolledBack(error)
      throw asUnavailable(error, 'broken')
    }
  }

  async function rolledBack(why: unknown): Promise<void> {
    try {
      await pg.query('rollback')
    } catch (error) {
      // A statement may fail; a rollback that fails means that the machine inside has stopped.
      isBroken = true
      onLost(error)
      throw new DatabaseUnavailable(sqlStateOf(why) === '53100' ? 'diskFull' : 'broken', why)
    }
  }

  /** There are no background processes inside, so nobody else would write the log into the tables, or tidy them. */
  function upkeep(statement: string, milliseconds: number): NodeJS.Timeout {
    let commitsBefore = 0
    const timer = setInterval(() => {
      if (commits === commitsBefore) return
      commitsBefore = commits
      patiently((patience) => alone(patience, () => pg.query(statement))).catch(onLost)
    }, milliseconds)
    return timer.unref()
  }
  const timers = [upkeep('checkpoint', CHECKPOINT_MILLISECONDS), upkeep('vacuum (analyze)', VACUUM_MILLISECONDS)]

  let closing: Promise<void> | null = null
  async function shut(): Promise<void> {
    for (const timer of timers) clearInterval(timer)
    await turns.close()
    try {
      if (!isBroken) await pg.query('checkpoint')
      await pg.close()
    } finally {
      await closed()
    }
  }

  return {
    kind: 'embedded', triedAgain,
    inTransaction: (work) => run('write', work),
    inSnapshot: (work) => run('snapshot', work),
    async listen(channel, heard) {
      // Heard inside the call that commits: what it starts does not belong to that transaction.
      const outside = AsyncResource.bind(heard)
      const stop = await patiently((patience) => alone(patience, () => pg.listen(channelName(channel), outside)))
      return () => patiently((patience) => alone(patience, () => stop()))
    },
    close: () => (closing ??= shut()),
  }
}

/** The one connection, lent to one transaction. */
class Handle {
  isOver = false
  hasWritten = false
  private lastUse = 0
  private running = 0

  constructor(private readonly pg: PGlite) {}

  /** Runs `work`; gives up when it does nothing with the database for too long, because everybody else waits. */
  async used<T>(work: Work<T>): Promise<T> {
    let idle: NodeJS.Timeout | null = null
    const givenUp = new Promise<never>((_, reject) => {
      let seen = -1
      idle = setInterval(() => {
        if (this.running === 0 && seen === this.lastUse) {
          reject(new BrokenInvariant('a transaction did nothing for too long and was given up'))
        }
        seen = this.lastUse
      }, IDLE_MILLISECONDS)
    })
    try {
      return await Promise.race([work(this.tx()), givenUp])
    } finally {
      this.isOver = true
      if (idle !== null) clearInterval(idle)
    }
  }

  private tx(): Tx {
    const query: PGlite['query'] = async (statement, parameters, options) => {
      if (this.isOver) throw new BrokenInvariant('a statement came after the end of its transaction')
      this.lastUse += 1
      this.running += 1
      try {
        const result = await this.pg.query<never>(statement, parameters, options)
        this.hasWritten ||= (result.affectedRows ?? 0) > 0
        return result
      } finally {
        this.running -= 1
      }
    }
    const guarded = new Proxy(this.pg, {
      get: (target, key) => {
        const member: unknown = key === 'query' ? query : Reflect.get(target, key)
        return member
      },
    })
    return drizzle(guarded)
  }
}
