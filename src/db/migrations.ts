import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import { asUnavailable } from './errors.js'
import { PostgresClient } from './postgresClient.js'

/** The code runs from dist/, the migrations lie beside package.json. */
const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))

export const MIGRATIONS = join(rootAbove(dirname(fileURLToPath(import.meta.url))), 'drizzle')

/** Any number, as long as every program that migrates this schema asks for the same. */
const MIGRATION_LOCK = 4_047_220_123

/**
 * Brings a server's schema to this code's. Starts at the same time wait for each other: drizzle takes no lock, and of
 * four at once three would fail. Throws DatabaseUnavailable.
 */
export async function migrateServer(url: string, folder = MIGRATIONS): Promise<void> {
  const client = new PostgresClient({ url, statementMilliseconds: 0, isReadOnly: false })
  try {
    await client.run(`select pg_advisory_lock(${MIGRATION_LOCK})`)
    // From here on a table that somebody holds is waited for only so long: others wait behind a waiting change.
    await client.run("set lock_timeout = '5s'")
    await client.whileConnected(migratePostgres(drizzlePostgres(client.sql), { migrationsFolder: folder }))
  } catch (error) {
    throw asUnavailable(error, 'cannotConnect')
  } finally {
    await client.end()
  }
}

export const migrateEmbedded = (pg: PGlite, folder = MIGRATIONS): Promise<void> =>
  migratePglite(drizzlePglite(pg), { migrationsFolder: folder })
