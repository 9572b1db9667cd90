import { getTableColumns } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from './database.js'

/** PostgreSQL counts the values of a statement in 16 bits, and the driver takes one fewer. */
const VALUES_MAX = 65_534

/** However many rows into a table, in their order: as many in one statement as it takes. Returns them as they then stand. */
export async function insertRows<T extends PgTable>(tx: Tx, table: T, rows: readonly T['$inferInsert'][]): Promise<T['$inferSelect'][]> {
  const atOnce = Math.floor(VALUES_MAX / Object.keys(getTableColumns(table)).length)
  const inserted: T['$inferSelect'][] = []
  for (let first = 0; first < rows.length; first += atOnce) {
    inserted.push(...await tx.insert(table).values(rows.slice(first, first + atOnce)).returning())
  }
  return inserted
}
