import { and, desc, eq, gte, lt, lte } from 'drizzle-orm'
import type { Recording } from '../kernel/clock.js'
import type { Tx } from './database.js'
import { insertRows } from './insertRows.js'
import { journal } from './tables.js'

/** One line of the journal: who did what to what. `details` says what a reader needs to see what changed. */
export interface Deed {
  readonly action: string
  readonly kind: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Writes deeds down, in their order, in the transaction of their effect. */
export async function writeJournal(tx: Tx, deeds: readonly Deed[], { at, by, request }: Recording & { readonly request: string }): Promise<void> {
  await insertRows(tx, journal, deeds.map((deed) => ({ at, actor: by, request, ...deed })))
}

/** Who looks for what in the journal; what is undefined is not asked. */
export interface JournalAsk {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly kind?: string | undefined
  readonly subject?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
  /** Only lines before this one. */
  readonly below: number | null
  readonly limit: number
}

/** Lines of the journal, the newest first. */
export function readJournal(tx: Tx, { actor, action, kind, subject, from, until, below, limit }: JournalAsk): Promise<(typeof journal.$inferSelect)[]> {
  return tx.select().from(journal).where(and(
    actor === undefined ? undefined : eq(journal.actor, actor),
    action === undefined ? undefined : eq(journal.action, action),
    kind === undefined ? undefined : eq(journal.kind, kind),
    subject === undefined ? undefined : eq(journal.subject, subject),
    from === undefined ? undefined : gte(journal.at, from),
    until === undefined ? undefined : lte(journal.at, until),
    below === null ? undefined : lt(journal.seq, below),
  )).orderBy(desc(journal.seq)).limit(limit)
}
