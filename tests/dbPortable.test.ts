import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../src/db/database.js'
import { StoreFault } from '../src/db/errors.js'
import { exportEverything, importEverything } from '../src/db/portable.js'
import { rowsOf } from '../src/db/rows.js'
import { DATABASES, type DatabaseName, freshDatabase, freshServerDatabase, looked, ON_A_SERVER } from './support/databases.js'
import { openDatabase } from '../src/db/open.js'

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => null, (error: unknown) => error)

/** Tables with what is hard to carry: references in every direction, computed columns, exact numbers, a trigger. */
const TABLES = `
  create table zone (id text primary key, part_of text references zone, name text);
  create table ward (
    zone text not null references zone, number integer not null, exact numeric, big bigint, part double precision,
    moment timestamptz, day date, body jsonb, raw json, tags text[], bytes bytea, yes boolean,
    doubled integer generated always as (number * 2) stored, primary key (zone, number));
  create table entry (id bigint primary key generated always as identity, zone text not null, ward integer not null,
    foreign key (zone, ward) references ward);
  create table a_log (said text);
  create function say() returns trigger language plpgsql as
    $$ begin insert into a_log values ('ward ' || new.number); return new; end $$;
  create trigger ward_says after insert on ward for each row execute function say();
  create table chicken (id integer primary key, egg integer);
  create table egg (id integer primary key, chicken integer references chicken);
  alter table chicken add foreign key (egg) references egg deferrable initially deferred;
  create sequence order_number;`

async function newStore(name: DatabaseName): Promise<{ database: Database; end: () => Promise<void> }> {
  const store = await freshDatabase(name)
  for (const statement of TABLES.split(/;\n(?!\s*\$\$)/)) {
    await store.database.inTransaction((tx) => tx.execute(sql.raw(statement)))
  }
  return store
}

async function fill(db: Database): Promise<void> {
  await db.inTransaction(async (tx) => {
    await tx.execute(sql`insert into zone values ('渝', null, '重庆'), ('a', 'z', 'b"\\\n'), ('z', '渝', null)`)
    await tx.execute(sql.raw(`insert into ward values
      ('a', 3, 1.50, 9007199254740993, 0.1, '2020-01-30T00:00:00.123456+08', '2020-01-30', '{"b":1.10,"a":[null]}',
        '{"b": 1,  "a": 2, "b": "\\u4e8c"}', array['x', null, 'NULL', '{'], '\\x00ff', true),
      ('a', 10, 123456789012345678901234567890.123, -9223372036854775808, 'NaN', 'infinity', '0044-03-15 BC', 'null',
        null, '{}', '', false),
      ('渝', 1, null, null, -0.0, null, null, null, '"\\u4e8c"', null, null, null)`))
    await tx.execute(sql`insert into entry (zone, ward) values ('a', 3), ('a', 10), ('渝', 1), ('a', 3)`)
    await tx.execute(sql`delete from entry where id in (2, 4)`)
    await tx.execute(sql`insert into egg values (7, null)`)
    await tx.execute(sql`insert into chicken values (5, 7), (6, null)`)
    await tx.execute(sql`update egg set chicken = 5`)
    await tx.execute(sql`select nextval('order_number') from generate_series(1, 11)`)
  })
}

async function exported(db: Database): Promise<string[]> {
  const lines: string[] = []
  await exportEverything(db, async (line) => {
    lines.push(line)
  })
  return lines
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

describe.each(DATABASES)('%s', (name) => {
  let full: Database
  let lines: string[]
  const ends: (() => Promise<void>)[] = []
  let endOfFull: () => Promise<void>
  const another = async (kind: DatabaseName = name) => {
    const { database, end } = await newStore(kind)
    ends.push(end)
    return database
  }
  beforeAll(async () => {
    const store = await newStore(name)
    full = store.database
    endOfFull = store.end
    await fill(full)
    lines = await exported(full)
  })
  // An embedded store takes half a gigabyte.
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })
  afterAll(() => endOfFull())

  test('carries every row, and writes parents before those that refer to them', () => {
    const tables = lines.flatMap((line) => /^\{"table":"([^"]*)"/.exec(line)?.[1] ?? [])
    const firstOf = (table: string) => tables.indexOf(table)
    expect(tables.filter((table) => table === 'ward')).toHaveLength(3)
    expect(tables.filter((table) => table === 'a_log')).toHaveLength(3)
    expect(firstOf('zone') < firstOf('ward') && firstOf('ward') < firstOf('entry')).toBe(true)
    expect(lines.some((line) => line.includes('doubled'))).toBe(false)
    expect(lines.find((line) => line.includes('"number":10'))).toContain('123456789012345678901234567890.123')
  })

  test.each(DATABASES)('goes to %s and back, byte for byte', async (kind) => {
    const there = await another(kind)
    await importEverything(there, each(lines))
    expect(await exported(there)).toEqual(lines)
    const back = await another()
    await importEverything(back, each(await exported(there)))
    expect(await exported(back)).toEqual(lines)
  })

  test('goes on counting where it was, and with its triggers', async () => {
    const there = await another()
    await importEverything(there, each(lines))
    const after = await there.inTransaction(async (tx) => {
      const entry = await rowsOf(tx, sql`insert into entry (zone, ward) values ('a', 10) returning id`)
      const order = await rowsOf(tx, sql`select nextval('order_number') as id`)
      await tx.execute(sql`insert into ward (zone, number) values ('z', 8)`)
      const log = await rowsOf(tx, sql`select count(*) as id from a_log`)
      return [...entry, ...order, ...log]
    })
    expect(after).toEqual([{ id: 5 }, { id: 12 }, { id: 4 }])
  })

  test('refuses a file that is cut or changed anywhere, and keeps nothing of it', async () => {
    const there = await another()
    const empty = await exported(there)
    const spoil = fc.oneof(
      fc.nat(lines.length - 1).map((keep) => lines.slice(0, keep)),
      fc.nat(lines.length - 1).map((gone) => lines.filter((_, i) => i !== gone)),
      fc.nat(lines.length - 1).map((at) => lines.map((line, i) => (i === at ? line.slice(0, -2) : line))),
      fc.tuple(fc.nat(lines.length - 1), fc.integer({ min: 1, max: 9 })).map(([at, digit]) =>
        lines.map((line, i) => (i === at ? line.replace(/\d/, (old) => String((Number(old) + digit) % 10)) : line))),
    )
    await fc.assert(fc.asyncProperty(spoil, async (spoilt) => {
      fc.pre(spoilt.join('\n') !== lines.join('\n'))
      expect(await failure(importEverything(there, each(spoilt)))).toBeInstanceOf(StoreFault)
    }), { numRuns: 30 })
    expect(await exported(there)).toEqual(empty)
    await importEverything(there, each(lines))
  })

  test('refuses a store that has rows, and a file of another schema or of something else', async () => {
    expect(await failure(importEverything(full, each(lines)))).toMatchObject({
      says: { en: expect.stringContaining('empty') },
    })
    const there = await another()
    const other = lines.map((line, i) => (i === 0 ? line.replace(/"schema":".{4}/, '"schema":"0000') : line))
    expect(await failure(importEverything(there, each(other)))).toMatchObject({
      says: { en: expect.stringContaining('version') },
    })
    for (const strange of [[], ['hello'], ['{}'], ['{"format":"sijizhong-store-2","schema":""}']]) {
      expect(await failure(importEverything(there, each(strange)))).toMatchObject({
        says: { en: expect.stringContaining('export') },
      })
    }
  })
})

describe.each(ON_A_SERVER)('%s', () => {
  test('who writes while an import begins is not written over', async () => {
    const from = await freshDatabase('embedded')
    const lines = await exported(from.database)
    const { url, drop } = await freshServerDatabase()
    const database = await openDatabase({ kind: 'postgres', url })
    const found = await looked(url, async (server) => {
      const importing = await server.begin(async (writer) => {
        await writer`insert into service_clock ("only", shift_milliseconds) values (true, 7)`
        const result = failure(importEverything(database, each(lines)))
        // Long enough for the import to look before it waits.
        await new Promise((resolve) => setTimeout(resolve, 300))
        return { result }
      })
      return importing.result
    })
    expect(found).toBeInstanceOf(StoreFault)
    expect(String((found as StoreFault).says.en)).toContain('service_clock has rows')
    for (const end of [from.end, () => database.close(), drop]) await end()
  })
})
