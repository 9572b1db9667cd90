import type { Tx } from '../../src/db/database.js'

/** A statement as drizzle hands it to the driver. */
export interface Statement {
  readonly sql: string
  readonly params: readonly unknown[]
}

interface Prepared {
  execute: (...given: unknown[]) => Promise<unknown>
}

interface Around {
  /** What is prepared instead of it. */
  readonly rewritten?: (statement: Statement) => Statement
  /** Runs in the place of the statement, which it may execute. */
  readonly run: (statement: Statement, execute: () => Promise<unknown>) => Promise<unknown>
}

/** Puts something around every statement of one transaction: each is prepared by the session of its drizzle handle. */
export function aroundStatements(tx: Tx, { rewritten = (statement) => statement, run }: Around): void {
  const session: unknown = Reflect.get(tx, 'session')
  if (typeof session !== 'object' || session === null) throw new Error('a drizzle handle has a session')
  const prepare: unknown = Reflect.get(session, 'prepareQuery')
  if (typeof prepare !== 'function') throw new Error('a drizzle session prepares queries')
  Reflect.set(session, 'prepareQuery', (statement: Statement, ...rest: unknown[]): Prepared => {
    const asked = rewritten(statement)
    const prepared = Reflect.apply(prepare, session, [asked, ...rest]) as Prepared
    const execute = prepared.execute.bind(prepared)
    prepared.execute = (...given) => run(asked, () => execute(...given))
    return prepared
  })
}
