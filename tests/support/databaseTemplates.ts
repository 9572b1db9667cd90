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

/** The file of a migrated embedded store, made once and kept. It is small: every store that starts from it reads it whole. */
export async function embeddedTemplate(): Promise<string> {
  const file = join(FOLDER, `${schemaHash()}-small.tar`)
  if (existsSync(file)) return file
  mkdirSync(FOLDER, { recursive: true })
  for (const name of readdirSync(FOLDER)) {
    const old = join(FOLDER, name)
    if (Date.now() - statSync(old).mtimeMs > KEPT_MILLISECONDS) rmSync(old, { force: true })
  }
  // The write-ahead log is of one segment at least, which would be most of the file.
  const pg = await PGlite.create({ extensions: { btree_gist }, initDbStartParams: ['--wal-segsize=1'] })
  await migrateEmbedded(pg)
  await pg.query('checkpoint')
  const dump = await pg.dumpDataDir('none')
  await pg.close()
  // Several test files may make it at once; each sees it whole or not at all.
  const own = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(own, withoutTemplates(Buffer.from(await dump.arrayBuffer())))
  renameSync(own, file)
  return file
}

const BLOCK = 512

/** A dump without what is in template0 and template1, to which nobody connects and of which nothing is made. */
function withoutTemplates(tar: Buffer): Buffer {
  const kept: Buffer[] = []
  for (let at = 0; at < tar.length && tar[at] !== 0;) {
    const [name = ''] = tar.toString('latin1', at, at + 100).split('\0')
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 136), 8) || 0
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK
    if (!/^\/?base\/[14]\/./.test(name)) kept.push(tar.subarray(at, end))
    at = end
  }
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)])
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
