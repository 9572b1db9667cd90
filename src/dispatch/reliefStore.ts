import { and, eq, gt, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import type { Past } from '../db/records.js'
import { pool } from '../facilities/tables.js'
import { invariant } from '../kernel/invariant.js'
import type { Reach } from '../kernel/roles.js'
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

export interface ReliefAsk {
  readonly open: boolean | undefined
  /** Of beds of these places. */
  readonly reach: Reach
  readonly after: string | null
  readonly limit: number
}

export const listReliefs = (tx: Tx, ask: ReliefAsk): Promise<Relief[]> =>
  tx.select().from(relief).where(and(
    ask.reach.isCity ? undefined : inArray(relief.pool, tx.select({ id: pool.id }).from(pool).where(inArray(pool.place, [...ask.reach.places]))),
    ask.open === undefined ? undefined : ask.open ? isNull(relief.liftedAt) : isNotNull(relief.liftedAt),
    ask.after === null ? undefined : gt(relief.order, ask.after),
  )).orderBy(relief.order).limit(ask.limit)

/** Every relief that was not lifted. */
export const openReliefs = (tx: Tx): Promise<Relief[]> => tx.select().from(relief).where(isNull(relief.liftedAt)).orderBy(relief.order)

/** Beds by which reliefs lowered each pool then. */
export async function relievedBeds(tx: Tx, past: Past | null): Promise<Record<string, number>> {
  const then = past === null ? isNull(relief.liftedAt)
    : and(lte(relief.since, past.asOf), lte(relief.since, past.knownAt), or(isNull(relief.liftedAt), gt(relief.liftedAt, past.asOf), gt(relief.liftedAt, past.knownAt)))
  const rows = await tx.select({ pool: relief.pool, beds: sql<number>`sum(${relief.beds})::int` }).from(relief).where(then).groupBy(relief.pool)
  return Object.fromEntries(rows.map(({ pool, beds }) => [pool, beds]))
}
