import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { DataDirectoryInUse, lockDataDirectory } from '../src/db/dataLock.js'
import type { Database } from '../src/db/database.js'
import { embeddedDatabase } from '../src/db/embeddedDatabase.js'
import { StoreFault } from '../src/db/errors.js'
import { openDatabase } from '../src/db/open.js'
import { rowsOf } from '../src/db/rows.js'
import { embeddedTemplate } from './support/databaseTemplates.js'
import { freshDataDir } from './support/databases.js'

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)
const CHILD = fileURLToPath(new URL('./support/databaseChild.js', import.meta.url))

const ends: (() => void | Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function newDataDir(): string {
  const { dataDir, remove } = freshDataDir()
  ends.push(remove)
  return dataDir
}

async function opened(dataDir: string, synced?: () => void): Promise<Database> {
  const db = await openDatabase({ kind: 'embedded', dataDir, ...(synced === undefined ? {} : { synced }) })
  ends.push(() => db.close())
  return db
}

interface Child {
  readonly process: ChildProcess
  readonly lines: AsyncIterator<string>
  readonly killed: () => Promise<void>
}

/** Another process on the data directory, and the lines it says. */
function child(...args: string[]): Child {
  const other = spawn(process.execPath, [CHILD, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => other.once('exit', () => resolve()))
  const killed = async () => {
    other.kill('SIGKILL')
    await ended
  }
  ends.push(killed)
  return { process: other, lines: createInterface({ input: other.stdout })[Symbol.asyncIterator](), killed }
}
const next = async (lines: AsyncIterator<string>): Promise<string> => String((await lines.next()).value)

describe('a data directory', () => {
  test('brings every commit to the disk', async () => {
    let syncs = 0
    const db = await opened(join(newDataDir(), 'deeper', 'store'), () => {
      syncs += 1
    })
    expect(await db.inSnapshot((tx) => rowsOf(tx, sql`show shared_buffers`))).toEqual([{ shared_buffers: '32MB' }])
    await db.inTransaction((tx) => tx.execute(sql`create table tried (bed integer)`))
    const before = syncs
    for (let bed = 0; bed < 37; bed += 1) {
      await db.inTransaction((tx) => tx.execute(sql`insert into tried values (${bed})`))
    }
    expect(syncs - before).toBeGreaterThanOrEqual(37)
    const written = syncs
    for (let i = 0; i < 10; i += 1) await db.inSnapshot((tx) => tx.execute(sql`select 1`))
    expect(syncs).toBe(written)
  })

  test('is refused to a second process, and to the same one twice, until it is closed', async () => {
    const dataDir = newDataDir()
    const db = await opened(dataDir)
    expect(await next(child(dataDir).lines)).toContain(`refused DataDirectoryInUse`)
    const again = await failure(openDatabase({ kind: 'embedded', dataDir }))
    expect(again).toBeInstanceOf(DataDirectoryInUse)
    expect(again).toMatchObject({ says: { en: expect.stringContaining(String(process.pid)) } })
    expect(await db.inSnapshot((tx) => rowsOf(tx, sql`select 7 as beds`))).toEqual([{ beds: 7 }])
    await db.close()
    const other = child(dataDir)
    expect(await next(other.lines)).toBe('open')
    expect(await failure(openDatabase({ kind: 'embedded', dataDir }))).toMatchObject({
      holder: { pid: other.process.pid },
    })
    other.process.stdin?.end()
    await new Promise((resolve) => other.process.once('exit', resolve))
    expect(readdirSync(dirname(dataDir))).toEqual(['store'])
  })

  test('has every acknowledged row when its process was killed, and is taken over', async () => {
    const dataDir = newDataDir()
    const acknowledged: number[] = []
    // What was kept and not acknowledged any more is not written a second time.
    for (const [from, enough] of [[1, 41], [1001, 56]] as const) {
      const { lines, killed } = child(dataDir, String(from))
      expect(await next(lines)).toBe('open')
      for (let i = 0; i < enough; i += 1) acknowledged.push(Number(await next(lines)))
      await killed()
    }
    const db = await opened(dataDir)
    const rows = await db.inSnapshot((tx) => rowsOf<{ number: number; halves: number }>(tx, sql`
      select number, count(*) as halves from kept group by number order by number`))
    expect(rows.filter(({ halves }) => halves !== 2)).toEqual([])
    const found = new Set(rows.map(({ number }) => number))
    expect(acknowledged).toHaveLength(97)
    expect(acknowledged.filter((number) => !found.has(number))).toEqual([])
  })

  test('of another major version is refused with the way out', async () => {
    const dataDir = newDataDir()
    await mkdir(dataDir)
    writeFileSync(join(dataDir, 'PG_VERSION'), '17\n')
    const error = await failure(openDatabase({ kind: 'embedded', dataDir }))
    expect(error).toBeInstanceOf(StoreFault)
    expect(error).toMatchObject({ says: { zh: expect.stringContaining('17'), en: expect.stringContaining('export') } })
    expect(readdirSync(dirname(dataDir))).toEqual(['store'])
  })

  test('is of the version that this program says', async () => {
    const dataDir = newDataDir()
    await (await opened(dataDir)).close()
    expect(readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()).toBe('18')
    const db = await opened(dataDir)
    const [row] = await db.inSnapshot((tx) => rowsOf<Record<string, string>>(tx, sql`select
      current_setting('server_version_num')::integer / 10000 as major, current_setting('fsync') as fsync`))
    expect(row).toEqual({ major: 18, fsync: 'on' })
  })
})

describe('the lock of a data directory', () => {
  const LOCKS: [string, (mine: Record<string, unknown>) => Record<string, unknown> | null, boolean][] = [
    ['of this process', (mine) => mine, false],
    ['of a process that is gone', (mine) => ({ ...mine, pid: 2 ** 22 + 1 }), true],
    ['of another process that had the same number', (mine) => ({ ...mine, started: '1' }), true],
    ['of a machine that does not say when processes start', (mine) => ({ ...mine, started: null }), false],
    ['of another host that beats', (mine) => ({ ...mine, host: 'elsewhere' }), false],
    ['that nobody can read', () => null, false],
  ]
  const mineOf = async (dataDir: string): Promise<Record<string, unknown>> => {
    const release = await lockDataDirectory(dataDir)
    const mine = JSON.parse(readFileSync(`${dataDir}.lock`, 'utf8')) as Record<string, unknown>
    await release()
    return { ...mine, token: 'theirs' }
  }

  test.each(LOCKS)('%s', async (_, theirs, isFree) => {
    const dataDir = newDataDir()
    writeFileSync(`${dataDir}.lock`, JSON.stringify(theirs(await mineOf(dataDir))))
    const error = await failure(lockDataDirectory(dataDir).then((release) => release()))
    expect(error === null).toBe(isFree)
    expect(readdirSync(dirname(dataDir))).toEqual(isFree ? [] : ['store.lock'])
  })

  test('of another host that was silent for two minutes', async () => {
    const dataDir = newDataDir()
    writeFileSync(`${dataDir}.lock`, JSON.stringify({ ...await mineOf(dataDir), host: 'elsewhere' }))
    const longAgo = Date.now() / 1000 - 120
    utimesSync(`${dataDir}.lock`, longAgo, longAgo)
    const release = await lockDataDirectory(dataDir)
    await release()
    expect(readdirSync(dirname(dataDir))).toEqual([])
  })

  test('goes to one of many that find it stale', async () => {
    const dataDir = newDataDir()
    const gone = JSON.stringify({ ...await mineOf(dataDir), pid: 2 ** 22 + 1 })
    for (let round = 0; round < 60; round += 1) {
      writeFileSync(`${dataDir}.lock`, gone)
      const asked = await Promise.all(Array.from({ length: 9 }, async (_, i) => {
        // Some come when the first ones are about to remove what they found.
        for (let turn = 0; turn < i * 7; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        return lockDataDirectory(dataDir).catch(() => null)
      }))
      const got = asked.filter((release) => release !== null)
      expect(got).toHaveLength(1)
      for (const release of got) await release()
    }
    expect(readdirSync(dirname(dataDir))).toEqual([])
  })

  test('left half taken over is free again after a while', async () => {
    const dataDir = newDataDir()
    const gone = JSON.stringify({ ...await mineOf(dataDir), pid: 2 ** 22 + 1 })
    for (const suffix of ['', '.takeover']) writeFileSync(`${dataDir}.lock${suffix}`, gone)
    expect(await failure(lockDataDirectory(dataDir))).toBeInstanceOf(DataDirectoryInUse)
    const longAgo = Date.now() / 1000 - 120
    utimesSync(`${dataDir}.lock.takeover`, longAgo, longAgo)
    expect(await failure(lockDataDirectory(dataDir))).toBeInstanceOf(DataDirectoryInUse)
    await (await lockDataDirectory(dataDir))()
    expect(readdirSync(dirname(dataDir))).toEqual([])
  })
})

describe('the embedded database', () => {
  test('that has stopped inside says so, and is told of', async () => {
    const told: unknown[] = []
    const fails = async () => {
      throw new Error('unreachable')
    }
    const { PGlite } = await import('@electric-sql/pglite')
    const pg = await PGlite.create({ loadDataDir: new Blob([readFileSync(await embeddedTemplate())]) })
    const db = embeddedDatabase(pg, { chance: () => 0, onLost: (why) => told.push(why), closed: async () => undefined })
    pg.query = fails
    expect(await failure(db.inTransaction(async () => 1))).toMatchObject({ reason: 'broken' })
    expect(await failure(db.inSnapshot(async () => 1))).toMatchObject({ reason: 'broken' })
    expect(told).toHaveLength(1)
    await db.close()
  })
})
