import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test, vi } from 'vitest'
import { embeddedDatabase } from '../src/db/embeddedDatabase.js'
import { installFsync } from '../src/db/fsyncHook.js'
import { rowsOf } from '../src/db/rows.js'

afterEach(() => vi.useRealTimers())

const MINUTES = 60_000

test('what was written is checkpointed within five minutes and vacuumed within an hour, and where nothing was written nothing is done', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const pg = await PGlite.create()
  const asked = vi.spyOn(pg, 'query')
  const troubles: unknown[] = []
  const db = embeddedDatabase(pg, { chance: () => 0, onLost: (why) => troubles.push(why), closed: async () => undefined })
  /** The statements of upkeep in the next so many minutes. */
  const within = async (minutes: number): Promise<string[]> => {
    asked.mockClear()
    await vi.advanceTimersByTimeAsync(minutes * MINUTES)
    // Whoever waits for the one connection has had it once this is answered.
    await db.inSnapshot((tx) => rowsOf(tx, sql`select 1`))
    return asked.mock.calls.map(([statement]) => statement).filter((statement) => /^(?:checkpoint|vacuum)/.test(statement))
  }
  const write = (statement: string) => db.inTransaction((tx) => tx.execute(sql.raw(statement)))

  expect(await within(120)).toEqual([])
  await write('create table kept (id integer)')
  await write('insert into kept values (7)')
  expect(await within(4)).toEqual([])
  expect(await within(1)).toEqual(['checkpoint'])
  expect(await within(54)).toEqual([])
  expect(await within(1)).toEqual(['vacuum (analyze)'])
  await db.inSnapshot((tx) => rowsOf(tx, sql`select * from kept`))
  expect(await within(120)).toEqual([])
  await write('delete from kept')
  expect(await within(60)).toEqual(['checkpoint', 'vacuum (analyze)'])
  await db.close()
  expect(troubles).toEqual([])
})

test('a sync asked for inside reaches the file itself, and one that fails there is told', () => {
  const operations: { fsync?: (file: { nfd?: number }) => number } = {}
  let syncs = 0
  installFsync({ Module: { NODEFS: { stream_ops: operations } } } as never, () => (syncs += 1))
  const folder = mkdtempSync(join(tmpdir(), 'sijizhong-sync-'))
  const nfd = openSync(join(folder, 'file'), 'w')
  expect([operations.fsync?.({ nfd }), syncs]).toEqual([0, 1])
  closeSync(nfd)
  expect(() => operations.fsync?.({ nfd })).toThrow(/EBADF/)
  expect([operations.fsync?.({}), syncs]).toEqual([0, 1])
  rmSync(folder, { recursive: true })
})
