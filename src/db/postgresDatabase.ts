import type { Database, Needs } from './database.js'
import {
  asUnavailable, CommitUnknown, DatabaseUnavailable, isConnectionLoss, sqlStateOf, swallowed,
} from './errors.js'
import { Ears } from './ears.js'
import { Pool } from './pool.js'
import type { PostgresClient } from './postgresClient.js'
import { type Chance, withRetries } from './retry.js'
import { BEGIN, type Mode, NotNested, type Work } from './transaction.js'

export interface PostgresOptions {
  readonly url: string
  readonly clients: number
  readonly chance: Chance
  readonly onLost: (why: unknown) => void
  /** How long a server may be silent inside a transaction before its connection is given up. */
  readonly silenceMilliseconds?: number
}

/** The store on a PostgreSQL server that is migrated already. Nothing is connected until it is needed. */
export function postgresDatabase(options: PostgresOptions): Database {
  const pool = new Pool(options)
  const ears = new Ears(options)
  const nested = new NotNested()
  const run = <T>(mode: Mode, work: Work<T>, { isLong = false }: Needs = {}): Promise<T> =>
    nested.run(() => withRetries(
      () => pool.lend(BEGIN[mode], (client) => transacted(client, { mode, isLong }, work), { maySilent: isLong }), options.chance
    ))

  async function transacted<T>(client: PostgresClient, { mode, isLong }: { mode: Mode; isLong: boolean }, work: Work<T>): Promise<T> {
    let isOver = false
    try {
      // The server looks whether anybody still waits for the answer, and otherwise ends the statement by itself.
      if (isLong) await client.run("set local client_connection_check_interval = '2s'")
      const result = await client.whileConnected(work(client.handle(() => isOver)))
      isOver = true
      await committed(client, mode)
      return result
    } catch (error) {
      isOver = true
      await undone(client, error)
      throw error instanceof CommitUnknown ? error : asUnavailable(error, 'connectionLost')
    }
  }

  /** Leaves the client without a transaction; throws it away unless the server has said so. */
  async function undone(client: PostgresClient, why: unknown): Promise<void> {
    if (!client.isLost && !isConnectionLoss(why) && !(why instanceof CommitUnknown)) {
      try {
        await client.run('rollback')
        return
      } catch {
        // The connection goes, and what was open in it with it.
      }
    }
    pool.discard(client, why)
  }

  let closing: Promise<void> | null = null
  return {
    kind: 'postgres',
    inTransaction: (work, needs) => run('write', work, needs),
    inSnapshot: (work, needs) => run('snapshot', work, needs),
    listen: (channel, heard) => ears.listen(channel, heard),
    close: () => (closing ??= pool.close().then(() => ears.close())),
  }
}

/** Commits, and believes it only when the server says COMMIT to a transaction that was there. */
async function committed(client: PostgresClient, mode: Mode): Promise<void> {
  if (client.isLost) throw new DatabaseUnavailable('connectionLost')
  client.committedNothing = false
  let command: string | null
  try {
    command = (await client.run('commit')).command
  } catch (error) {
    // An answer with a state is a no, such as a deferred constraint; without one nobody knows.
    if (sqlStateOf(error) !== null && !isConnectionLoss(error)) throw error
    throw mode === 'write' ? new CommitUnknown(error) : error
  }
  if (client.committedNothing) throw new DatabaseUnavailable('connectionLost')
  if (command !== 'COMMIT') throw swallowed()
}
