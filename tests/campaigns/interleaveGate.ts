import { sql } from 'drizzle-orm'
import type { Database, Tx } from '../../src/db/database.js'
import { rowsOf } from '../../src/db/rows.js'
import { aroundStatements } from '../support/statements.js'

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

/** Whoever waits for a lock here waits until the other was led to its end, statement by statement, however slow the machine is. */
const LOCK_WAIT = '120s'

/**
 * The same store, whose writing transactions wait at the walker's gate before each statement and before the commit. Of
 * two that each wait for the other the server ends one, which the store tries again and counts. `isLocking` false: their
 * statements lock no rows, so that what the locks are for can be seen to break.
 */
export function gated(db: Database, walker: Walker, isLocking: boolean): Database {
  return {
    ...db,
    inTransaction: (work) => db.inTransaction(async (tx) => {
      const [row] = await rowsOf<{ pid: number }>(tx, sql`select pg_backend_pid() as pid, set_config('lock_timeout', ${LOCK_WAIT}, true)`)
      walker.pid = row?.pid ?? null
      putGateBefore(tx, walker, isLocking)
      const result = await work(tx)
      await walker.gate()
      return result
    }),
  }
}

/** What is asked all at once goes to the server one by one: each statement waits for its turn, then at the gate. */
function putGateBefore(tx: Tx, walker: Walker, isLocking: boolean): void {
  let last: Promise<unknown> = Promise.resolve()
  aroundStatements(tx, {
    rewritten: (statement) => (isLocking ? statement : { ...statement, sql: statement.sql.replace(/\s+for (?:no key )?update\b/g, '') }),
    run: (_, execute) => {
      const mine = last.then(async () => {
        await walker.gate()
        return execute()
      })
      last = mine.catch(() => undefined)
      return mine
    },
  })
}
