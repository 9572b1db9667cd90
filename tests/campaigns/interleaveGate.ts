import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../../src/db/database.js'
import { rowsOf } from '../../src/db/rows.js'

/** Where one transaction is: `atGate` before its next statement, or before its commit. */
export type Where = 'running' | 'atGate' | 'done'

/** One transaction that waits before every statement until it is let through. */
export class Walker {
  where: Where = 'running'
  /** The server's process that does its work; null before its transaction has begun. */
  pid: number | null = null
  steps = 0
  private through: () => void = () => undefined

  /** Until somebody lets it through. */
  readonly gate = (): Promise<void> => new Promise((resolve) => {
    this.where = 'atGate'
    this.through = () => {
      this.where = 'running'
      this.steps += 1
      resolve()
    }
  })

  letThrough(): void {
    this.through()
  }
}

interface Query {
  readonly sql: string
}
interface Prepared {
  execute: (...given: unknown[]) => Promise<unknown>
}

/**
 * The same store, whose writing transactions wait at the walker's gate before each statement and before the commit.
 * `isLocking` false: their statements lock no rows, so that what the locks are for can be seen to break.
 */
export function gated(db: Database, walker: Walker, isLocking: boolean): Database {
  return {
    ...db,
    inTransaction: (work) => db.inTransaction(async (tx) => {
      const [row] = await rowsOf<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`)
      walker.pid = row?.pid ?? null
      putGateBefore(tx, walker, isLocking)
      const result = await work(tx)
      await walker.gate()
      return result
    }),
  }
}

/** Every statement of a drizzle handle is prepared by its session; each handle is of one transaction. */
function putGateBefore(tx: Tx, walker: Walker, isLocking: boolean): void {
  const session: unknown = Reflect.get(tx, 'session')
  if (typeof session !== 'object' || session === null) throw new Error('a drizzle handle has a session')
  const prepare: unknown = Reflect.get(session, 'prepareQuery')
  if (typeof prepare !== 'function') throw new Error('a drizzle session prepares queries')
  // What is asked all at once goes to the server one by one: each statement waits for its turn, then at the gate.
  let last: Promise<unknown> = Promise.resolve()
  Reflect.set(session, 'prepareQuery', (query: Query, ...rest: unknown[]): Prepared => {
    const asked = isLocking ? query : { ...query, sql: query.sql.replace(/\s+for update\b/g, '') }
    const prepared = Reflect.apply(prepare, session, [asked, ...rest]) as Prepared
    const execute = prepared.execute.bind(prepared)
    prepared.execute = (...given) => {
      const mine = last.then(async () => {
        await walker.gate()
        return execute(...given)
      })
      last = mine.catch(() => undefined)
      return mine
    }
    return prepared
  })
}
