import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, describe } from 'vitest'
import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { embeddedTemplate, serverTemplate } from './databaseTemplates.js'
import { administered, RUN, serverUrl, urlOf } from './databaseServer.js'

export type DatabaseName = 'embedded' | 'postgres'

const server = await serverUrl()

/** What the stateful tests run on: the embedded database always, PostgreSQL when there is one. */
export const DATABASES: readonly DatabaseName[] = server === null ? ['embedded'] : ['embedded', 'postgres']

/** Tests that need a real server; on a machine without one there are none. */
export const ON_A_SERVER: readonly DatabaseName[] = DATABASES.filter((name) => name === 'postgres')

type Open = () => Promise<Database>

/**
 * Declares the same tests for every database. `open` gives a new store, migrated and empty; it is closed and gone when
 * the tests of the file have run.
 */
export function eachDatabase(tests: (name: DatabaseName, open: Open) => void): void {
  describe.each(DATABASES)('%s', (name) => {
    const ends: (() => Promise<void>)[] = []
    tests(name, async () => {
      const { database, end } = await freshDatabase(name)
      ends.push(end)
      return database
    })
    afterAll(async () => {
      for (const end of ends.splice(0)) await end()
    })
  })
}

/** A new store, migrated and empty, and what closes it and removes it. */
export async function freshDatabase(name: DatabaseName): Promise<{ database: Database; end: () => Promise<void> }> {
  if (name === 'embedded') {
    const loadDataDir = new Blob([await readFile(await embeddedTemplate())])
    const database = await openDatabase({ kind: 'embedded', dataDir: null, loadDataDir })
    return { database, end: () => database.close() }
  }
  const { url, drop } = await freshServerDatabase()
  const database = await openDatabase({ kind: 'postgres', url })
  const end = async () => {
    await database.close()
    await drop()
  }
  return { database, end }
}

/** The URL of a new database of the server, migrated unless told, and what removes it. For processes of their own. */
export async function freshServerDatabase(
  { isMigrated = true } = {}
): Promise<{ url: string; drop: () => Promise<void> }> {
  if (server === null) throw new Error('there is no PostgreSQL server')
  const name = `${RUN}_${randomBytes(6).toString('hex')}`
  const template = isMigrated ? ` template "${await serverTemplate(server)}"` : ''
  await administered(server, (sql) => sql.unsafe(`create database "${name}"${template}`))
  const drop = () => administered(server, (sql) => sql.unsafe(`drop database if exists "${name}" with (force)`))
  return {
    url: urlOf({ server, name }),
    drop: async () => {
      await drop()
    },
  }
}

/** A path for a data directory that is not there yet, in a folder of its own, and what removes the folder. */
export function freshDataDir(): { dataDir: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'sijizhong-data-'))
  return { dataDir: join(folder, 'store'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Looks at a database from outside, by its URL. */
export async function looked<T>(url: string, look: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return await look(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
