import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'

/**
 * A drizzle handle bound to one open transaction; it throws once that transaction is over. Only query builders and
 * sql`` are used on it: drizzle's own `transaction` would send a second BEGIN, so there is none.
 */
export type Tx = Omit<PgDatabase<PgQueryResultHKT, Record<string, never>>, 'transaction'>

/** What a transaction needs beside the usual. */
export interface Needs {
  /** Single statements of it may take minutes: a server that says nothing meanwhile is not taken for one that is gone. */
  readonly isLong?: boolean
  /** The one lock that it takes before all others, where many want it: they are let in in the order in which they ask. */
  readonly line?: Line
}
export type Line = 'picture'

/** The store: embedded in this process, or a PostgreSQL server. `openDatabase` makes one. */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  /**
   * One read-write transaction, read committed: when it returns, the commit is known to have happened.
   * `work` does nothing but read and write through `tx`, because it is called again after a deadlock, a lock that did
   * not come or a failed serialization. Throws DatabaseUnavailable (nothing was kept), CommitUnknown, or what `work`
   * threw.
   */
  inTransaction<T>(work: (tx: Tx) => Promise<T>, needs?: Needs): Promise<T>
  /** One read-only repeatable-read transaction: everything read in it is of one moment. */
  inSnapshot<T>(work: (tx: Tx) => Promise<T>, needs?: Needs): Promise<T>
  /**
   * Calls `heard` for each NOTIFY on `channel` until the returned function is called. It survives reconnects; what
   * was notified while there was no connection is not heard, so that who listens also looks from time to time.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>
  /** How often a transaction was run again since the store was opened, by the SQLSTATE that made it so. */
  readonly triedAgain: ReadonlyMap<string, number>
  /** Lets the transactions that run come to their end, refuses new ones, and closes. */
  close(): Promise<void>
}
