import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Database, Tx } from '../src/db/database.js'
import {
  CommitUnknown, constraintOf, DatabaseUnavailable, isBadValue, sqlStateOf, StoreFault,
} from '../src/db/errors.js'
import { rowsOf } from '../src/db/rows.js'
import { Patience } from '../src/db/patience.js'
import { Turns } from '../src/db/turns.js'
import { BrokenInvariant } from '../src/kernel/invariant.js'
import { eachDatabase } from './support/databases.js'

const put = (tx: Tx, ward: string, beds: number) => tx.execute(sql`insert into tried values (${ward}, ${beds})`)
const wards = (db: Database): Promise<string[]> => db.inSnapshot(async (tx) => {
  const rows = await rowsOf<{ ward: string }>(tx, sql`select ward from tried order by ward`)
  return rows.map(({ ward }) => ward)
})
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)

eachDatabase((name, open) => {
  let db: Database
  beforeAll(async () => {
    db = await open()
    await db.inTransaction((tx) => tx.execute(sql`create table tried
      (ward text primary key, beds integer not null, constraint beds_are_few check (beds < 100))`))
  })

  test('says what it is', () => expect(db.kind).toBe(name))

  test('keeps a transaction that returns, and gives what it returned', async () => {
    expect(await db.inTransaction(async (tx) => {
      await put(tx, 'kept', 7)
      return 31
    })).toBe(31)
    expect(await wards(db)).toContain('kept')
  })

  test('keeps nothing of a transaction that throws, and throws the same', async () => {
    const thrown = new Error('changed my mind')
    const seen = await failure(db.inTransaction(async (tx) => {
      await put(tx, 'thrown', 7)
      throw thrown
    }))
    expect(seen).toBe(thrown)
    expect(await wards(db)).not.toContain('thrown')
  })

  test('never says that a transaction was kept whose failed statement was swallowed', async () => {
    const seen = await failure(db.inTransaction(async (tx) => {
      await put(tx, 'swallowed', 7)
      await failure(tx.execute(sql`select 1 / 0`))
      return 'done'
    }))
    expect(seen).toBeInstanceOf(BrokenInvariant)
    expect(await wards(db)).not.toContain('swallowed')
  })

  test('goes on after a statement that failed behind a savepoint', async () => {
    await db.inTransaction(async (tx) => {
      await put(tx, 'saved', 7)
      await tx.execute(sql`savepoint before`)
      await failure(put(tx, 'saved', 8))
      await tx.execute(sql`rollback to savepoint before`)
    })
    expect(await wards(db)).toContain('saved')
  })

  const errors: [string, string, string, string | null, boolean][] = [
    ['a second row of one key', "insert into tried values ('twice', 1), ('twice', 2)", '23505', 'tried_pkey', false],
    ['a check', "insert into tried values ('many', 100)", '23514', 'beds_are_few', false],
    ['a number that is too big', "insert into tried values ('huge', 2147483648)", '22003', null, true],
    ['a letter that is none', "select '\"\\u0000\"'::jsonb", '22P05', null, true],
    ['a disk that is full', "do $$ begin raise exception 'no' using errcode = '53100'; end $$", '53100', null, false],
    ['a table that is not there', 'select * from nowhere', '42P01', null, false],
  ]
  test.each(errors)('tells of %s', async (_, statement, state, constraint, isBad) => {
    const error = await failure(db.inTransaction((tx) => tx.execute(sql.raw(statement))))
    expect([sqlStateOf(error), constraintOf(error), isBadValue(error)]).toEqual([state, constraint, isBad])
  })

  test('says that it is away when the disk is full', async () => {
    const full = db.inTransaction((tx) => tx.execute(sql`do $$ begin raise exception using errcode = '53100'; end $$`))
    expect(await failure(full)).toMatchObject({ name: 'DatabaseUnavailable', reason: 'diskFull' })
  })

  test('tells of a deferred constraint, which fails at the commit, and keeps nothing', async () => {
    await db.inTransaction((tx) => tx.execute(sql`create table later
      (ward text constraint one_later unique deferrable initially deferred)`))
    const error = await failure(db.inTransaction((tx) => tx.execute(sql`insert into later values ('a'), ('a')`)))
    expect([sqlStateOf(error), constraintOf(error)]).toEqual(['23505', 'one_later'])
    expect(await db.inSnapshot((tx) => rowsOf(tx, sql`select * from later`))).toEqual([])
  })

  test('refuses a transaction inside another, and goes on', async () => {
    const inner = (within: Database['inTransaction']) =>
      failure(db.inTransaction((tx) => within(() => put(tx, 'no', 1))))
    expect(await inner(db.inTransaction)).toBeInstanceOf(BrokenInvariant)
    expect(await inner(db.inSnapshot)).toBeInstanceOf(BrokenInvariant)
    await db.inTransaction((tx) => put(tx, 'afterwards', 3))
    expect(await wards(db)).toContain('afterwards')
  })

  test('lets a transaction begin what comes after it', async () => {
    let after: Promise<unknown> = Promise.resolve()
    await db.inTransaction(async () => {
      after = new Promise((resolve) => setTimeout(resolve, 50)).then(() => db.inTransaction((tx) => put(tx, 'next', 2)))
    })
    await after
    expect(await wards(db)).toContain('next')
  })

  test('refuses a handle whose transaction is over', async () => {
    const kept: Tx[] = []
    await db.inTransaction(async (tx) => {
      kept.push(tx)
    })
    const late = await Promise.all(kept.map((tx) => failure((async () => put(tx, 'late', 1))())))
    expect(late).toEqual([expect.objectContaining({ message: expect.stringContaining('insert into tried') })])
    expect((late[0] as Error).cause).toBeInstanceOf(BrokenInvariant)
    expect(await wards(db)).not.toContain('late')
  })

  test('cannot write in a snapshot', async () => {
    const error = await failure(db.inSnapshot((tx) => put(tx, 'read', 1)))
    expect(sqlStateOf(error)).toBe('25006')
  })

  test('gives the same values as the other database', async () => {
    const [row] = await db.inSnapshot((tx) => rowsOf<Record<string, unknown>>(tx, sql`
      select count(*) as few, 9007199254740993 as many, 1.50::numeric as exact, true as yes, null as nothing,
        '2020-01-30T00:00:00+08:00'::timestamptz as moment, '2020-01-30'::date as day, '{"b":[1,"二"]}'::jsonb as json,
        array['a', null, '', 'd "e" \\,', 'NULL']::text[] as list,
        array[1, 2]::int8[] as numbers, ${sql.param([3, 4])}::int4[] as given, 0.1::float8 as part,
        current_setting('TimeZone') as zone, current_setting('transaction_isolation') as isolation`))
    expect(row).toEqual({
      few: 1, many: 9007199254740993n, exact: '1.50', yes: true, nothing: null, moment: '2020-01-29 16:00:00+00',
      day: '2020-01-30', json: { b: [1, '二'] },
      list: ['a', null, '', 'd "e" \\,', 'NULL'], numbers: [1, 2], given: [3, 4], part: 0.1, zone: 'UTC',
      isolation: 'repeatable read',
    })
  })

  test('runs every one of many at once', async () => {
    const beds = Array.from({ length: 23 }, (_, i) => i)
    await Promise.all(beds.map((bed) => db.inTransaction((tx) => put(tx, `many-${bed}`, bed))))
    expect((await wards(db)).filter((ward) => ward.startsWith('many-'))).toHaveLength(23)
  })

  test('hears what is notified by a commit, not by a rollback, until told to stop', async () => {
    const heard: string[] = []
    let hasHeardLast: () => void = () => undefined
    const last = new Promise<void>((resolve) => {
      hasHeardLast = resolve
    })
    const stop = await db.listen('ward_news', (payload) => {
      heard.push(payload)
      if (payload === 'last') hasHeardLast()
    })
    const notify = (payload: string) =>
      db.inTransaction((tx) => tx.execute(sql`select pg_notify('ward_news', ${payload})`))
    await notify('first')
    await failure(db.inTransaction(async (tx) => {
      await tx.execute(sql`select pg_notify('ward_news', 'undone')`)
      throw new Error('no')
    }))
    await notify('last')
    await last
    await stop()
    await notify('unheard')
    await db.inSnapshot(async (tx) => tx.execute(sql`select 1`))
    expect(heard).toEqual(['first', 'last'])
    expect(await failure(db.listen('Ward "news"', () => undefined))).toBeInstanceOf(BrokenInvariant)
  })

  test('may begin a transaction for what it heard', async () => {
    const written = new Promise<void>((resolve, reject) => {
      void db.listen('work', () => {
        db.inTransaction((tx) => put(tx, 'heard', 4)).then(() => resolve(), reject)
      }).then(() => db.inTransaction((tx) => tx.execute(sql`select pg_notify('work', '')`)))
    })
    await written
    expect(await wards(db)).toContain('heard')
  })

  test('lets what runs come to its end when it is closed, and refuses what comes then', async () => {
    const own = await open()
    let go: () => void = () => undefined
    const waiting = new Promise<void>((resolve) => {
      go = resolve
    })
    const running = own.inTransaction(async (tx) => {
      await waiting
      return rowsOf(tx, sql`select 5 as beds`)
    })
    const closing = own.close()
    expect(await failure(own.inTransaction(async () => 1))).toMatchObject({ reason: 'closed' })
    go()
    expect(await running).toEqual([{ beds: 5 }])
    await closing
  })
})

describe('turns', () => {
  test('are given in the order of asking, and one is refused whose patience is over', async () => {
    const turns = new Turns(1, 'longLine')
    const [short, long] = [new Patience(30), new Patience(20_000)]
    const first = await turns.take(short)
    const late = [turns.take(short), turns.take(short)].map(failure)
    // One who has time waits between two who have none.
    const order: number[] = []
    const next = [1, 2].map((n) => turns.take(long).then((giveBack) => {
      order.push(n)
      giveBack()
    }))
    expect(await Promise.all([...late, failure(turns.take(short))])).toEqual([1, 2, 3].map(() => expect.objectContaining({ name: 'DatabaseUnavailable', reason: 'longLine' })))
    expect(await failure(turns.take(short))).toMatchObject({ reason: 'longLine' })
    first()
    first()
    await Promise.all(next)
    expect(order).toEqual([1, 2])
    long.end()
    await turns.close()
  })
})

describe('an error', () => {
  const says: [string, { says: { zh: string; en: string } }][] = [
    ['DatabaseUnavailable', new DatabaseUnavailable('diskFull')],
    ['CommitUnknown', new CommitUnknown()],
    ['StoreFault', new StoreFault({ zh: '满', en: 'full' })],
  ]
  test.each(says)('%s speaks both languages', (_, error) => {
    expect([error.says.zh, error.says.en].every((sentence) => sentence !== '')).toBe(true)
  })
})
