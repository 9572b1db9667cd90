import type { SQL } from 'drizzle-orm'
import type { Tx } from './database.js'

/** The rows of a raw query. The drivers give an array or a result with rows; the values in them are alike. */
export async function rowsOf<T>(tx: Tx, query: SQL): Promise<T[]> {
  const result: unknown = await tx.execute(query)
  const rows = Array.isArray(result) ? [...result] : (result as { rows: unknown[] }).rows
  return rows as T[]
}
