import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../src/db/database.js'
import { checkIntegrity } from '../src/db/integrity.js'
import { openDatabase } from '../src/db/open.js'
import { postgresDatabase } from '../src/db/postgresDatabase.js'
import { rowsOf } from '../src/db/rows.js'
import { freshServerDatabase, ON_A_SERVER } from './support/databases.js'
import { proxyTo } from './support/proxy.js'

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)

describe.each(ON_A_SERVER)('a statement that takes long, on %s,', () => {
  let url: string
  let drop: () => Promise<void>
  let db: Database
  beforeAll(async () => {
    const fresh = await freshServerDatabase()
    url = fresh.url
    drop = fresh.drop
    db = await openDatabase({ kind: 'postgres', url })
  })
  afterAll(async () => {
    await db.close()
    await drop()
  })

  test('is waited for where it may, and ended there when nobody waits any more', async () => {
    const proxy = await proxyTo(url)
    const far = postgresDatabase({ url: proxy.url, clients: 1, chance: () => 0, onLost: () => undefined, silenceMilliseconds: 200 })
    await far.inSnapshot((tx) => tx.execute(sql`select pg_sleep(1)`), { isLong: true })
    const ours = sql`select pg_sleep(61)`
    const cut = failure(far.inSnapshot(async (tx) => {
      await tx.execute(sql`set local statement_timeout = 0`)
      await tx.execute(ours)
    }, { isLong: true }))
    const underWay = () => db.inSnapshot((tx) => rowsOf<{ n: number }>(tx,
      sql`select count(*)::int as n from pg_stat_activity where query like '%pg_sleep(61)%' and pid <> pg_backend_pid() and state = 'active'`))
    while ((await underWay())[0]?.n !== 1) await new Promise((resolve) => setTimeout(resolve, 20))
    await proxy.close()
    expect(await cut).toMatchObject({ reason: 'connectionLost' })
    while ((await underWay())[0]?.n !== 0) await new Promise((resolve) => setTimeout(resolve, 100))
    await far.close()
  }, 30_000)

  test('such as the check of the store runs once at a time, and once more for all who asked meanwhile', async () => {
    let [now, most, all] = [0, 0, 0]
    const counted: Database = { ...db, inSnapshot: async (work, needs) => {
      now += 1
      all += 1
      most = Math.max(most, now)
      return db.inSnapshot(work, needs).finally(() => { now -= 1 })
    } }
    const found = await Promise.all([1, 2, 3, 4, 5].map(async (i) => {
      await new Promise((resolve) => setTimeout(resolve, i))
      return checkIntegrity(counted)
    }))
    expect(found).toEqual([[], [], [], [], []])
    expect(most).toBe(1)
    expect(all).toBeLessThanOrEqual(3)
  })
})
