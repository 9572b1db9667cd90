import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { migrateEmbedded, migrateServer, MIGRATIONS } from '../../src/db/migrations.js'
import { administered, RUN, urlOf } from './databaseServer.js'

const FOLDER = join(tmpdir(), 'sijizhong-test-templates')
const KEPT_MILLISECONDS = 24 * 3600_000

/** The migrations as one word: another schema, another template. */
function schemaHash(): string {
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql')).sort()
  const hash = createHash('sha256')
  for (const name of [...files, 'meta/_journal.json']) hash.update(name).update(readFileSync(join(MIGRATIONS, name)))
  return hash.digest('hex').slice(0, 16)
}

/** The file of a migrated embedded store. Made in four seconds and kept: a store starts from it in less than one. */
export async function embeddedTemplate(): Promise<string> {
  const file = join(FOLDER, `${schemaHash()}.tar`)
  if (existsSync(file)) return file
  mkdirSync(FOLDER, { recursive: true })
  for (const name of readdirSync(FOLDER)) {
    const old = join(FOLDER, name)
    if (Date.now() - statSync(old).mtimeMs > KEPT_MILLISECONDS) rmSync(old, { force: true })
  }
  const pg = await PGlite.create({ extensions: { btree_gist } })
  await migrateEmbedded(pg)
  await pg.query('checkpoint')
  const dump = await pg.dumpDataDir('none')
  await pg.close()
  // Several test files may make it at once; each sees it whole or not at all.
  const own = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(own, new Uint8Array(await dump.arrayBuffer()))
  renameSync(own, file)
  return file
}

/** The name of a migrated database of this run that others are copied from. */
export async function serverTemplate(server: string): Promise<string> {
  const name = `${RUN}_template`
  return administered(server, async (sql) => {
    await sql`select pg_advisory_lock(hashtext(${name}))`
    const isThere = (await sql`select 1 from pg_database where datname = ${name} and datistemplate`).length > 0
    if (isThere) return name
    await sql.unsafe(`drop database if exists "${name}"`)
    await sql.unsafe(`create database "${name}"`)
    await migrateServer(urlOf({ server, name }))
    // Marked only now: a template that is half migrated is made again.
    await sql.unsafe(`alter database "${name}" is_template true`)
    return name
  })
}
