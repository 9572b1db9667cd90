import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../src/db/open.js'
import { postgresDatabase } from '../src/db/postgresDatabase.js'
import { freshServerDatabase, ON_A_SERVER } from './support/databases.js'

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)

describe.each(ON_A_SERVER)('a line before one lock, on %s,', () => {
  let url: string
  let drop: () => Promise<void>
  beforeAll(async () => {
    const fresh = await freshServerDatabase()
    url = fresh.url
    drop = fresh.drop
    await (await openDatabase({ kind: 'postgres', url })).close()
  })
  afterAll(() => drop())
  const storeOf = (clients: number, patienceMilliseconds: number) =>
    postgresDatabase({ url, clients, chance: () => 0, onLost: () => undefined, patienceMilliseconds })

  test('lets in two at a time, in the order of asking, and keeps connections for everybody else', async () => {
    const store = storeOf(3, 5000)
    const order: number[] = []
    let [inside, most] = [0, 0]
    const held = Array.from({ length: 9 }, (_, i) => store.inTransaction(async (tx) => {
      inside += 1
      most = Math.max(most, inside)
      await tx.execute(sql`select pg_advisory_xact_lock(7)`)
      order.push(i)
      await tx.execute(sql`select pg_sleep(0.05)`)
      inside -= 1
    }, { line: 'picture' }))
    // They stand there for half a second; whoever wants something else goes past them.
    await store.inSnapshot((tx) => tx.execute(sql`select 1`))
    expect(order.length).toBeLessThan(5)
    await Promise.all(held)
    // Two stand inside, each on a connection of its own: which of those two reaches the lock first is the network's.
    expect([order.length, most]).toEqual([9, 2])
    expect(order.filter((i, at) => Math.abs(i - at) > 1)).toEqual([])
    await store.close()
  })

  test('keeps the place of whoever has to try again', async () => {
    const store = storeOf(3, 5000)
    const order: string[] = []
    let go: () => void = () => undefined
    const before = store.inTransaction(() => new Promise<void>((resolve) => {
      go = resolve
    }), { line: 'picture' })
    let runs = 0
    const again = store.inTransaction(async (tx) => {
      runs += 1
      if (runs < 4) await tx.execute(sql`do $$ begin raise exception 'no' using errcode = '55P03'; end $$`)
      order.push('again')
    }, { line: 'picture' })
    // One place is taken, and the other is not given away between two tries.
    const behind = store.inTransaction(async () => order.push('behind'), { line: 'picture' })
    await Promise.all([again, behind])
    expect([order, store.triedAgain.get('55P03')]).toEqual([['again', 'behind'], 3])
    go()
    await before
    await store.close()
  })

  test('tells who has stood in it for too long, and ends with the store', async () => {
    const store = storeOf(2, 300)
    const go: (() => void)[] = []
    const held = [1, 2].map(() => store.inTransaction(() => new Promise<void>((resolve) => go.push(resolve)), { line: 'picture' }))
    const asked = () => failure(store.inTransaction(async () => 1, { line: 'picture' }))
    expect(await asked()).toMatchObject({ reason: 'longLine' })
    const last = asked()
    const closing = store.close()
    expect([await last, await asked()]).toMatchObject([{ reason: 'closed' }, { reason: 'closed' }])
    for (const each of go) each()
    await Promise.all(held)
    await closing
  })
})
