import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import type { Past } from '../db/records.js'
import { invariant } from '../kernel/invariant.js'
import { relief } from './tables.js'

export type Relief = typeof relief.$inferSelect

export async function insertRelief(tx: Tx, row: typeof relief.$inferInsert): Promise<void> {
  await tx.insert(relief).values(row)
}

export async function reliefOf(tx: Tx, order: string, lock: boolean): Promise<Relief | null> {
  const query = tx.select().from(relief).where(eq(relief.order, order))
  const [found] = await (lock ? query.for('update') : query)
  return found ?? null
}

export async function liftRelief(tx: Tx, order: string, lifted: { at: Date; by: string }): Promise<Relief> {
  const [changed] = await tx.update(relief).set({ liftedAt: lifted.at, liftedBy: lifted.by })
    .where(and(eq(relief.order, order), isNull(relief.liftedAt))).returning()
  invariant(changed !== undefined, 'a relief that is locked is lifted once')
  return changed
}

export const listReliefs = (tx: Tx, ask: { open: boolean | undefined; after: string | null; limit: number }): Promise<Relief[]> =>
  tx.select().from(relief).where(and(
    ask.open === undefined ? undefined : ask.open ? isNull(relief.liftedAt) : isNotNull(relief.liftedAt),
    ask.after === null ? undefined : gt(relief.order, ask.after),
  )).orderBy(relief.order).limit(ask.limit)

/** Beds by which reliefs lowered each pool then. */
export async function relievedBeds(tx: Tx, past: Past | null): Promise<Record<string, number>> {
  const then = past === null ? isNull(relief.liftedAt)
    : and(lte(relief.since, past.asOf), lte(relief.since, past.knownAt), or(isNull(relief.liftedAt), gt(relief.liftedAt, past.asOf), gt(relief.liftedAt, past.knownAt)))
  const rows = await tx.select({ pool: relief.pool, beds: sql<number>`sum(${relief.beds})::int` }).from(relief).where(then).groupBy(relief.pool)
  return Object.fromEntries(rows.map(({ pool, beds }) => [pool, beds]))
}
