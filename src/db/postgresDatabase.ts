import type { Database, Line, Needs } from './database.js'
import {
  asUnavailable, CommitUnknown, DatabaseUnavailable, isConnectionLoss, sqlStateOf, swallowed,
} from './errors.js'
import { Ears } from './ears.js'
import { patiently } from './patience.js'
import { Pool } from './pool.js'
import type { PostgresClient } from './postgresClient.js'
import { type Chance, type TriedAgain, withRetries } from './retry.js'
import { BEGIN, type Mode, NotNested, type Work } from './transaction.js'
import { Turns } from './turns.js'

export interface PostgresOptions {
  readonly url: string
  readonly clients: number
  readonly chance: Chance
  readonly onLost: (why: unknown) => void
  /** How long a server may be silent inside a transaction before its connection is given up. */
  readonly silenceMilliseconds?: number
  /** How long a request waits in all, for connections and for locks. */
  readonly patienceMilliseconds?: number
}

/** Of those who want the same lock one holds it and one waits for it at the server; the others wait here, without a connection. */
const AT_A_LOCK = 2

/** The store on a PostgreSQL server that is migrated already. Nothing is connected until it is needed. */
export function postgresDatabase(options: PostgresOptions): Database {
  const pool = new Pool(options)
  const ears = new Ears(options)
  const nested = new NotNested()
  const triedAgain: TriedAgain = new Map()
  const lines: Readonly<Record<Line, Turns>> = { picture: new Turns(AT_A_LOCK, 'longLine') }
  const run = <T>(mode: Mode, work: Work<T>, { isLong = false, line }: Needs = {}): Promise<T> =>
    nested.run(() => patiently(async (patience) => {
      const attempt = () => pool.lend(BEGIN[mode], (client) => transacted(client, { mode, isLong }, work), { patience, maySilent: isLong })
      const leave = line === undefined ? () => undefined : await lines[line].take(patience)
      // The place in the line is kept while it is tried again.
      return withRetries(attempt, { chance: options.chance, triedAgain, patience }).finally(leave)
    }, options.patienceMilliseconds))

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
    kind: 'postgres', triedAgain,
    inTransaction: (work, needs) => run('write', work, needs),
    inSnapshot: (work, needs) => run('snapshot', work, needs),
    listen: (channel, heard) => ears.listen(channel, heard),
    close: () => (closing ??= Promise.all([pool, ...Object.values(lines)].map((one) => one.close())).then(() => ears.close())),
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
