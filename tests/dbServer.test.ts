import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database, Tx } from '../src/db/database.js'
import { driverGuard, isDriverTimerFault } from '../src/db/driverGuard.js'
import { durabilityFaults } from '../src/db/durability.js'
import { asUnavailable, CommitUnknown, DatabaseUnavailable, mayRunAgain, sqlStateOf } from '../src/db/errors.js'
import { openDatabase } from '../src/db/open.js'
import { PostgresClient } from '../src/db/postgresClient.js'
import { postgresDatabase } from '../src/db/postgresDatabase.js'
import { rowsOf } from '../src/db/rows.js'
import { freshServerDatabase, looked, ON_A_SERVER } from './support/databases.js'
import { type Proxy, proxyTo } from './support/proxy.js'

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)
const put = (tx: Tx, ward: string, beds = 3) => tx.execute(sql`insert into tried values (${ward}, ${beds})`)
const pidOf = async (tx: Tx): Promise<number> =>
  (await rowsOf<{ pid: number }>(tx, sql`select pg_backend_pid() as pid`))[0]?.pid ?? 0
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe.each(ON_A_SERVER)('%s', () => {
  let url: string
  let drop: () => Promise<void>
  let db: Database
  const lost: unknown[] = []
  let proxies: Proxy[] = []
  const throughProxy = async () => {
    const proxy = await proxyTo(url)
    proxies.push(proxy)
    return { proxy, far: await openDatabase({ kind: 'postgres', url: proxy.url, clients: 2 }) }
  }
  const impatient = (patienceMilliseconds: number) =>
    postgresDatabase({ url, clients: 1, chance: () => 0, onLost: () => undefined, patienceMilliseconds })
  const wards = (): Promise<string[]> => looked(url, async (client) => {
    const rows = await client<{ ward: string }[]>`select ward from tried order by ward collate "C"`
    return rows.map(({ ward }) => ward)
  })
  const kill = (pid: number) => looked(url, (client) => client`select pg_terminate_backend(${pid})`)

  beforeAll(async () => {
    const fresh = await freshServerDatabase()
    url = fresh.url
    drop = fresh.drop
    db = await openDatabase({ kind: 'postgres', url, clients: 4, onLost: (why) => lost.push(why) })
    await db.inTransaction((tx) => tx.execute(sql`create table tried (ward text primary key, beds integer not null)`))
  })
  afterEach(async () => {
    for (const proxy of proxies) await proxy.close()
    proxies = []
    // By a connection that nobody kills: whoever killed others may still be about it.
    await looked(url, (client) => client`delete from tried`)
  })
  afterAll(async () => {
    await db.close()
    await drop()
  })

  test('keeps nothing of a transaction whose backend is killed between two statements, and recovers', async () => {
    const before = lost.length
    const error = await failure(db.inTransaction(async (tx) => {
      await put(tx, 'before')
      await kill(await pidOf(tx))
      await pause(30)
      await put(tx, 'after')
    }))
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    expect(lost.length).toBe(before + 1)
    await db.inTransaction((tx) => put(tx, 'later'))
    expect(await wards()).toEqual(['later'])
  })

  test('keeps nothing when the backend dies and the last statements only read', async () => {
    const error = await failure(db.inTransaction(async (tx) => {
      await put(tx, 'before')
      await kill(await pidOf(tx))
      await pause(30)
      return failure(rowsOf(tx, sql`select 1 as one`))
    }))
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    expect(await wards()).toEqual([])
  })

  test('ends a transaction whose backend is killed during a statement', async () => {
    const error = await failure(db.inTransaction(async (tx) => {
      const pid = await pidOf(tx)
      setTimeout(() => void kill(pid), 50)
      await tx.execute(sql`select pg_sleep(4)`)
    }))
    expect(error).toBeInstanceOf(DatabaseUnavailable)
    expect(['shuttingDown', 'connectionLost']).toContain((error as DatabaseUnavailable).reason)
  })

  test('mixes no transactions while backends are killed under many', async () => {
    // One after the other by one connection: on a slow machine killings that start by the clock would pile up, until
    // nobody could connect to the server any more.
    let isOver = false
    let killed = 0
    const killing = looked(url, async (client) => {
      while (!isOver) {
        const rows = await client`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'sijizhong' order by random() limit 1`
        killed += rows.length
        await pause(5)
      }
    })
    const kept: string[] = []
    const undone: string[] = []
    const unknown: string[] = []
    const worker = async (name: number) => {
      for (let i = 0; i < 40 || killed < 20; i += 1) {
        const ward = `${name}-${i}`
        const error = await failure(db.inTransaction(async (tx) => {
          await put(tx, `${ward}/a`)
          await put(tx, `${ward}/b`)
          if (i % 5 === 0) throw new Error('rolled back on purpose')
        }))
        if (error === null) kept.push(ward)
        else if (error instanceof CommitUnknown) unknown.push(ward)
        else undone.push(ward)
      }
    }
    try {
      await Promise.all([1, 2, 3, 4].map(worker))
    } finally {
      isOver = true
      await killing
    }
    const found = await wards()
    const has = (ward: string) => [found.includes(`${ward}/a`), found.includes(`${ward}/b`)].filter(Boolean).length
    expect(kept.filter((ward) => has(ward) !== 2)).toEqual([])
    expect(undone.filter((ward) => has(ward) !== 0)).toEqual([])
    expect(unknown.filter((ward) => has(ward) === 1)).toEqual([])
    expect([kept.length > 0, undone.length >= 32]).toEqual([true, true])
  })

  test('says that nobody knows when the connection is cut after COMMIT was sent', async () => {
    const { proxy, far } = await throughProxy()
    const error = await failure(far.inTransaction(async (tx) => {
      await put(tx, 'unknown')
      proxy.cutAfter('commit')
    }))
    expect(error).toBeInstanceOf(CommitUnknown)
    await pause(100)
    expect(await wards()).toEqual(['unknown'])
    await far.inTransaction((tx) => put(tx, 'next'))
    await far.close()
    expect(await wards()).toEqual(['next', 'unknown'])
  })

  test('says that nothing was kept when it is cut before', async () => {
    const { proxy, far } = await throughProxy()
    const error = await failure(far.inTransaction(async (tx) => {
      await put(tx, 'early')
      proxy.cutAfter('cut here')
      await tx.execute(sql`select 'cut here'`)
    }))
    expect(error).toMatchObject({ reason: 'connectionLost' })
    await far.close()
    expect(await wards()).toEqual([])
  })

  test('gives up a server that is silent, and a statement that asks for too much', async () => {
    const { proxy, far } = await throughProxy()
    await far.inSnapshot(async () => undefined)
    const slow = failure(db.inSnapshot((tx) => tx.execute(sql`select pg_sleep(6)`)))
    proxy.fallSilent()
    expect(await failure(far.inSnapshot(async () => undefined))).toMatchObject({ reason: 'cannotConnect' })
    expect(await slow).toMatchObject({ reason: 'busy' })
    await far.close()
  })

  test.each([
    ['a statement', 0, DatabaseUnavailable], ['the commit', 1, CommitUnknown],
  ])('gives up a server that falls silent before it answers %s', async (_, statements, kind) => {
    const { proxy } = await throughProxy()
    const far = postgresDatabase({
      url: proxy.url, clients: 1, chance: () => 0, onLost: () => undefined, silenceMilliseconds: 200,
    })
    const error = await failure(far.inTransaction(async (tx) => {
      if (statements === 1) await put(tx, 'silence')
      proxy.fallSilent()
      if (statements === 0) await put(tx, 'silence')
    }))
    expect(error).toBeInstanceOf(kind)
    await far.close()
  })

  test('says that the server cannot be reached when nobody answers', async () => {
    const { proxy, far } = await throughProxy()
    await proxy.close()
    expect(await failure(far.inSnapshot(async () => 1))).toMatchObject({ reason: 'cannotConnect' })
    expect(await failure(openDatabase({ kind: 'postgres', url: proxy.url }))).toMatchObject({ reason: 'cannotConnect' })
    await far.close()
  })

  test('refuses the statement of a session that was opened again behind our back', async () => {
    const client = new PostgresClient({ url })
    expect(sqlStateOf(await failure(client.run("insert into tried values ('leaked', 1)")))).toBe('25006')
    await client.run('begin read write')
    const [row] = await client.run('select pg_backend_pid() as pid')
    await kill(Number(row?.['pid']))
    await pause(30)
    expect(await failure(client.run("insert into tried values ('again', 1)"))).toBeInstanceOf(DatabaseUnavailable)
    client.throwAway()
    expect(await wards()).toEqual([])
  })

  test('runs a transaction again after a deadlock, until both have succeeded', async () => {
    await db.inTransaction(async (tx) => {
      await put(tx, 'a', 0)
      await put(tx, 'b', 0)
    })
    let runs = 0
    const before = db.triedAgain.get('40P01') ?? 0
    const both = { first: false, second: false }
    const opposite = (me: 'first' | 'second', wardsInOrder: string[]) => db.inTransaction(async (tx) => {
      runs += 1
      const [one = '', two = ''] = wardsInOrder
      await tx.execute(sql`update tried set beds = beds + 1 where ward = ${one}`)
      both[me] = true
      // Each waits for the other to hold its first row, the first time.
      for (let i = 0; i < 40 && !(both.first && both.second); i += 1) await pause(25)
      await tx.execute(sql`update tried set beds = beds + 1 where ward = ${two}`)
    })
    await Promise.all([opposite('first', ['a', 'b']), opposite('second', ['b', 'a'])])
    expect([runs, (db.triedAgain.get('40P01') ?? 0) - before]).toEqual([3, 1])
    expect(await looked(url, (client) => client`select ward, beds from tried order by ward`))
      .toEqual([{ ward: 'a', beds: 2 }, { ward: 'b', beds: 2 }])
  })

  const again: [string, number][] = [['40001', 2], ['40P01', 2], ['55P03', 2], ['23505', 1], ['P0001', 1]]
  test.each(again)('after %s a transaction runs %i times', async (state, times) => {
    let runs = 0
    const error = await failure(db.inTransaction(async (tx) => {
      runs += 1
      if (runs === 1) await tx.execute(sql.raw(`do $$ begin raise exception 'no' using errcode = '${state}'; end $$`))
    }))
    expect([runs, error === null]).toEqual([times, times > 1])
  })

  test('says that it is too busy when every try fails', async () => {
    let runs = 0
    const hasty = impatient(1000)
    const error = await failure(hasty.inTransaction(async (tx) => {
      runs += 1
      await tx.execute(sql`do $$ begin raise exception 'no' using errcode = '40001'; end $$`)
    }))
    // At 0, 10, 30, 70, 150, 310, 560, 810 and 1060 ms, where each takes no time.
    expect([runs >= 5 && runs <= 9, hasty.triedAgain]).toEqual([true, new Map([['40001', runs]])])
    expect([error, sqlStateOf(error)]).toMatchObject([{ reason: 'busy' }, '40001'])
    await hasty.close()
  })

  test('refuses who waits too long for a free client', async () => {
    const one = impatient(300)
    let go: () => void = () => undefined
    const held = one.inTransaction(() => new Promise<void>((resolve) => {
      go = resolve
    }))
    expect(await failure(one.inSnapshot(async () => 1))).toMatchObject({ reason: 'noFreeClient' })
    go()
    await held
    await one.close()
  })

  test('goes on listening after its connection was cut', async () => {
    const heard: string[] = []
    const stop = await db.listen('cut_news', (payload) => heard.push(payload))
    const listening = () => looked(url, (client) => client<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() and query = 'listen cut_news'`)
    const [first] = await listening()
    await kill(first?.pid ?? 0)
    // It comes back after half a second; until it has, notices are lost, so that one is sent again and again.
    for (let i = 0; i < 100 && heard.length === 0; i += 1) {
      await db.inTransaction((tx) => tx.execute(sql`select pg_notify('cut_news', 'here again')`))
      await pause(100)
    }
    expect(first?.pid).toBeGreaterThan(0)
    expect(heard[0]).toBe('here again')
    await stop()
  })

  test('is migrated once by four that start at the same time', async () => {
    const fresh = await freshServerDatabase({ isMigrated: false })
    const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ kind: 'postgres', url: fresh.url })))
    const rows = await looked(fresh.url, (client) => client`
      select hash, count(*)::int as times from drizzle.__drizzle_migrations group by hash having count(*) > 1`)
    expect([...rows]).toEqual([])
    for (const database of opened) await database.close()
    await fresh.drop()
  })

  test('tells what the server is set to lose', async () => {
    expect(await durabilityFaults(db)).toEqual([])
    await looked(url, async (client) => {
      const [row] = await client<{ name: string }[]>`select current_database() as name`
      await client.unsafe(`alter database "${row?.name}" set synchronous_commit = off`)
    })
    const careless = await openDatabase({ kind: 'postgres', url })
    const faults = await durabilityFaults(careless)
    expect(faults.map(({ en }) => en.split(' ')[0])).toEqual(['synchronous_commit'])
    await careless.close()
  })
})

describe('an error of the store', () => {
  const rows: [string, string, string | null][] = [
    ['a full disk', '53100', 'diskFull'], ['too many connections', '53300', 'tooManyConnections'],
    ['an administrator', '57P01', 'shuttingDown'], ['a crash', '57P02', 'shuttingDown'],
    ['a start', '57P03', 'shuttingDown'], ['a session that idled', '25P03', 'connectionLost'],
    ['a refused connection', 'ECONNREFUSED', 'connectionLost'], ['a cut one', 'CONNECTION_CLOSED', 'connectionLost'],
    ['a slow statement', '57014', 'busy'], ['a second row', '23505', null], ['a bug', '42601', null],
  ]
  test.each(rows)('%s: %s', (_, code, reason) => {
    const error = new Error('Failed query', { cause: Object.assign(new Error('inside'), { code }) })
    const seen = asUnavailable(error, 'connectionLost')
    expect(seen instanceof DatabaseUnavailable ? seen.reason : null).toBe(reason)
    expect(seen === error).toBe(reason === null)
  })

  test('is tried again for three reasons only', () => {
    const codes = ['40001', '40P01', '55P03', '40002', '23505', '57014', '08006', 'ECONNRESET']
    expect(codes.filter((code) => mayRunAgain({ cause: { code } }))).toEqual(['40001', '40P01', '55P03'])
  })
})

describe('the guard of the driver', () => {
  const known = (stack: string, message = "Cannot read properties of null (reading 'write')") =>
    Object.assign(new TypeError(message), { stack: `TypeError: ${message}\n${stack}` })
  const timer = '    at process.processImmediate (node:internal/timers:483:21)'
  const place = 'file:///srv/node_modules/postgres/src/connection.js:255:22'
  const fault = known(`    at Immediate.nextWrite [as _onImmediate] (${place})\n${timer}`)
  const rows: [string, unknown, boolean][] = [
    ['the fault of its timer', fault, true],
    ['the same from common modules', known(
      `    at Immediate.nextWrite (/srv/node_modules/postgres/cjs/src/connection.js:253:22)\n${timer}`), true],
    ['ours with the same words', known(`    at nextWrite (file:///srv/dist/src/main.js:1:1)\n${timer}`), false],
    ['the same place, called by a statement', known(
      `    at nextWrite (${place})\n    at write (file:///a.js:1:1)`), false],
    ['other words', known(fault.stack ?? '', 'x is not a function'), false],
    ['no error', "null (reading 'write')", false],
  ]
  test.each(rows)('%s', (_, error, isKnown) => {
    const told: string[] = []
    driverGuard({ log: () => told.push('logged'), end: () => told.push('ended') })(error)
    expect([isDriverTimerFault(error), told]).toEqual([isKnown, [isKnown ? 'logged' : 'ended']])
  })
})
