import { defineConfig } from 'drizzle-kit'

/*
 * 怎样加一次迁移 / How to add a migration
 *
 * 1. Change the tables in src/<room>/tables.ts: columns, checks, keys, indexes, generated columns.
 * 2. npm run -s migration -- --name what_changes      writes drizzle/NNNN_what_changes.sql and its snapshot; read it.
 *    Views, triggers and exclusion constraints, which the tables cannot say, are written by hand into an empty one:
 *    npm run -s migration -- --custom --name what_is_guarded
 * 3. Commit all of drizzle/. A migration that has been released is never edited or removed; the next one mends it.
 *
 * A migration changes tables; it puts no rows into empty ones, because an import wants them empty.
 * One that runs in production is additive: programs of the version before still run while it does.
 * Every start of the service migrates, one at a time (src/db/migrations.ts). tests/dbMigrations.test.ts fails while
 * the tables as coded and as migrated differ.
 */
export default defineConfig({
  dialect: 'postgresql',
  schema: './dist/src/*/tables.js',
  out: './drizzle',
  breakpoints: true,
})
