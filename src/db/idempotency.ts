import { and, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Tx } from './database.js'
import { idempotencyKey } from './tables.js'

/** Which request a key stands for. */
export interface KeyRow {
  readonly actor: string
  readonly key: string
  readonly requestHash: string
}

/** An answer as it went out, to go out again. */
export interface Kept {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const isRow = ({ actor, key }: KeyRow) => and(eq(idempotencyKey.actor, actor), eq(idempotencyKey.key, key))

/**
 * Null when the key is ours now, in this transaction; else what was kept for it, once whoever has it is through:
 * `sameRequest` false when it was for another one.
 */
export async function claimKey(tx: Tx, row: KeyRow, at: Date): Promise<{ sameRequest: boolean; kept: Kept } | null> {
  const inserted = await tx.insert(idempotencyKey).values({ ...row, at }).onConflictDoNothing()
    .returning({ key: idempotencyKey.key })
  if (inserted.length > 0) return null
  const [before] = await tx.select().from(idempotencyKey).where(isRow(row))
  const { requestHash, status, headers, body } = before ?? { requestHash: null, status: null, headers: null, body: null }
  return { sameRequest: requestHash === row.requestHash, kept: { status: status ?? 500, headers: headers ?? {}, body: body ?? '' } }
}

/** Keeps the answer of a key that was claimed in this transaction. */
export async function keepAnswer(tx: Tx, row: KeyRow, { status, headers, body }: Kept): Promise<void> {
  await tx.update(idempotencyKey).set({ status, headers: { ...headers }, body }).where(and(isRow(row), isNull(idempotencyKey.status)))
}

const FORGOTTEN_AT_ONCE = 1000

/** Forgets keys from before a moment, a thousand at most; returns how many. A request that comes again after that is a new one. */
export async function forgetOldKeys(tx: Tx, before: Date): Promise<number> {
  const old = tx.select({ actor: idempotencyKey.actor, key: idempotencyKey.key }).from(idempotencyKey)
    .where(lt(idempotencyKey.at, before)).orderBy(idempotencyKey.at).limit(FORGOTTEN_AT_ONCE)
  const gone = await tx.delete(idempotencyKey)
    .where(sql`(${idempotencyKey.actor}, ${idempotencyKey.key}) in ${old}`).returning({ key: idempotencyKey.key })
  return gone.length
}
