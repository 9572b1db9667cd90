import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from './database.js'

/** The rows of a raw query. The drivers give an array or a result with rows; the values in them are alike. */
export async function rowsOf<T>(tx: Tx, query: SQL): Promise<T[]> {
  const result: unknown = await tx.execute(query)
  const rows = Array.isArray(result) ? [...result] : (result as { rows: unknown[] }).rows
  return rows as T[]
}

/** Whether the store answers. */
export const isThere = async (tx: Tx): Promise<boolean> => (await rowsOf<{ one: number }>(tx, sql`select 1 as one`))[0]?.one === 1
