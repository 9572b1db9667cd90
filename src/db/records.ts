import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Recording } from '../kernel/clock.js'
import { invariant } from '../kernel/invariant.js'
import type { Act } from './act.js'
import type { Tx } from './database.js'
import type { Reach } from '../kernel/roles.js'
import { rowsOf } from './rows.js'
import { recordVersion } from './tables.js'

/**
 * A kind of record that is kept over time: its table holds the rows as they stand now, `record_version` every version.
 * `Body` is the row as a scenario has it.
 */
export interface RecordKind<Body> {
  readonly kind: string
  readonly table: PgTable
  /** Which rows `r` somebody sees who looks after some places only; all of them when left out. */
  readonly within?: (reach: Reach) => SQL
  /** Bodies by id that were otherwise at a past moment than their versions of then say, by what was told only later. */
  asThen?(tx: Tx, past: Past, found: readonly Recorded<Body>[]): Promise<ReadonlyMap<string, Body>>
  /** Never set: it ties the body's type to the kind. */
  readonly body?: Body
}

type Told<Body> = Pick<RecordKind<Body>, 'within' | 'asThen'>

export const recordKind = <Body>(kind: string, table: PgTable, told: Told<Body> = {}): RecordKind<Body> => ({ kind, table, ...told })

/** `field in (ids)`, where there may be none. */
export const isOneOf = (field: SQL, ids: ReadonlySet<string>): SQL =>
  ids.size === 0 ? sql`false` : sql`${field} in (${sql.join([...ids].map((id) => sql`${id}`), sql`, `)})`

/** Which rows `r` of a kind somebody sees. */
export const seenIn = ({ within }: RecordKind<unknown>, reach: Reach): SQL =>
  within === undefined || reach.isCity ? sql`true` : within(reach)

/** Whether anything of this kind has the id, now. */
export async function exists(tx: Tx, { table }: RecordKind<unknown>, id: string): Promise<boolean> {
  return (await rowsOf<unknown>(tx, sql`select 1 from ${table} where id = ${id}`)).length > 0
}

/** Ids of a kind, as many as are asked for. */
export const someIds = async (tx: Tx, { table }: RecordKind<unknown>, limit: number): Promise<string[]> =>
  (await rowsOf<{ id: string }>(tx, sql`select id from ${table} limit ${limit}`)).map(({ id }) => id)

/** Whether a record that exists is one that somebody sees. */
export async function isSeen(tx: Tx, kind: RecordKind<unknown>, id: string, reach: Reach): Promise<boolean> {
  if (kind.within === undefined || reach.isCity) return true
  const rows = await rowsOf<unknown>(tx, sql`select 1 from ${kind.table} as r where r.id = ${id} and ${seenIn(kind, reach)}`)
  return rows.length > 0
}

export interface Recorded<Body> {
  readonly id: string
  readonly version: number
  readonly body: Body
  /** Of when the figures are. */
  readonly effectiveAt: Date
  readonly recordedAt: Date
  readonly recordedBy: string
}

/** What was so at `asOf`, as far as it was known at `knownAt`; null: as it stands now. */
export interface Past {
  readonly asOf: Date
  readonly knownAt: Date
}

export interface RawRecord {
  id: string
  version: number
  body: unknown
  effective: number
  recorded: number
  recorded_by: string
}

export const COLUMNS = sql`id, version, body, (extract(epoch from effective_at) * 1000)::float8 as effective,
  (extract(epoch from recorded_at) * 1000)::float8 as recorded, recorded_by`

export const recordedOf = <Body>(row: RawRecord): Recorded<Body> => ({
  id: row.id,
  version: row.version,
  // What is written went through its schema; the database gives back what it was given.
  body: row.body as Body,
  effectiveAt: new Date(row.effective),
  recordedAt: new Date(row.recorded),
  recordedBy: row.recorded_by,
})

/** The record as it stands, or null. */
export async function currentRecord<Body>(tx: Tx, { table }: RecordKind<Body>, id: string): Promise<Recorded<Body> | null> {
  const rows = await rowsOf<RawRecord>(tx, sql`select ${COLUMNS} from ${table} where id = ${id}`)
  return rows[0] === undefined ? null : recordedOf(rows[0])
}

type Locking = Pick<Act, 'tx' | 'notBefore'>

/** The same for who goes on to change it: nobody else does before the act's transaction ends. */
export const lockRecord = async <Body>(act: Locking, kind: RecordKind<Body>, id: string): Promise<Recorded<Body> | null> =>
  (await lockRecords(act, kind, [id])).get(id) ?? null

/**
 * Records by id, each of them locked in the order of their ids, so that two who lock several never wait for each other. Their
 * ids do not change, so whoever only refers to one goes on.
 */
export async function lockRecords<Body>({ tx, notBefore }: Locking, { table }: RecordKind<Body>, ids: readonly string[]): Promise<Map<string, Recorded<Body>>> {
  const found = new Map<string, Recorded<Body>>()
  if (ids.length === 0) return found
  const list = sql.join([...new Set(ids)].map((id) => sql`${id}`), sql`, `)
  const rows = await rowsOf<RawRecord>(tx, sql`select ${COLUMNS} from ${table} where id in (${list}) order by id collate "C" for no key update`)
  for (const row of rows) {
    const record = recordedOf<Body>(row)
    notBefore(record.recordedAt)
    found.set(row.id, record)
  }
  return found
}

export interface NewVersion<Body> {
  readonly id: string
  readonly body: Body
  readonly effectiveAt: Date
  /** The version that stands now, locked; null: the record is new. */
  readonly before: Recorded<unknown> | null
}

/** The next version of a record, the row and its history in one statement. Never earlier than the one before. */
export async function putRecord<Body>(
  tx: Tx, { kind, table }: RecordKind<Body>, next: NewVersion<Body>, { at, by }: Recording,
): Promise<Recorded<Body>> {
  const { id, body, before } = next
  const version = (before?.version ?? 0) + 1
  const effectiveAt = before !== null && before.effectiveAt > next.effectiveAt ? before.effectiveAt : next.effectiveAt
  const json = JSON.stringify(body)
  const times = [effectiveAt.toISOString(), at.toISOString()] as const
  const put = before === null
    ? sql`insert into ${table} (id, version, body, effective_at, recorded_at, recorded_by)
        values (${id}, ${version}, ${json}::jsonb, ${times[0]}, ${times[1]}, ${by})`
    : sql`update ${table} set version = ${version}, body = ${json}::jsonb, effective_at = ${times[0]},
        recorded_at = ${times[1]}, recorded_by = ${by} where id = ${id} and version = ${before.version}`
  const kept = await rowsOf<unknown>(tx, sql`
    with put as (${put} returning id, version, body, effective_at, recorded_at, recorded_by)
    insert into ${recordVersion} (kind, id, version, body, effective_at, recorded_at, recorded_by)
    select ${kind}, id, version, body, effective_at, recorded_at, recorded_by from put returning version`)
  invariant(kept.length === 1, `${kind} ${id} stands in the version that was locked`)
  return { id, version, body, effectiveAt, recordedAt: at, recordedBy: by }
}

/** Many new records at once, for filling an empty store. */
export async function insertRecords<Body>(
  tx: Tx, { kind, table }: RecordKind<Body>,
  records: readonly { readonly id: string; readonly body: Body; readonly effectiveAt: Date }[], { at, by }: Recording,
): Promise<void> {
  if (records.length === 0) return
  const json = JSON.stringify(records)
  const given = sql`jsonb_to_recordset(${json}::jsonb) as r(id text, body jsonb, "effectiveAt" timestamptz)`
  await tx.execute(sql`insert into ${table} (id, version, body, effective_at, recorded_at, recorded_by)
    select r.id, 1, r.body, r."effectiveAt", ${at.toISOString()}::timestamptz, ${by} from ${given}`)
  await tx.execute(sql`insert into ${recordVersion} (kind, id, version, body, effective_at, recorded_at, recorded_by)
    select ${kind}, r.id, 1, r.body, r."effectiveAt", ${at.toISOString()}::timestamptz, ${by} from ${given}`)
}

/** Ids in one value: a statement takes 65,535 of them. */
export const isAmong = (field: SQL, ids: readonly string[]): SQL => sql`${field} in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`

/** Where records are read from: the table as it stands, or what its history says of a past moment; some of them, or all. */
function sourceOf({ kind, table }: RecordKind<unknown>, past: Past | null, ids: readonly string[] | null = null): SQL {
  const among = ids === null ? sql`true` : isAmong(sql`t.id`, ids)
  if (past === null) return sql`(select t.* from ${table} as t where ${among}) as r`
  // One step into the index for each record, however long its history. Times of versions never go back, so that the
  // order of the index, by time and then by version, is that of the versions.
  return sql`(select v.* from ${table} as t cross join lateral (
    select * from ${recordVersion} where kind = ${kind} and id = t.id
      and effective_at <= ${past.asOf.toISOString()} and recorded_at <= ${past.knownAt.toISOString()}
    order by effective_at desc, version desc limit 1) as v where ${among}) as r`
}

async function asThey<Body>(tx: Tx, kind: RecordKind<Body>, past: Past | null, found: Recorded<Body>[]): Promise<Recorded<Body>[]> {
  if (past === null || kind.asThen === undefined || found.length === 0) return found
  const bodies = await kind.asThen(tx, past, found)
  return found.map((record) => ({ ...record, body: bodies.get(record.id) ?? record.body }))
}

export interface ListAsk {
  readonly past: Past | null
  readonly reach: Reach
  /** Fields of the body, as text, that have to equal these. */
  readonly equal: Readonly<Record<string, string | undefined>>
  readonly sort: { readonly by: 'id' | 'asOf' | 'recordedAt'; readonly descending: boolean }
  /** The key and id behind which the page begins. */
  readonly after: { readonly key: string; readonly id: string } | null
  readonly limit: number
}

const SORT_KEYS = {
  id: sql`''::text`,
  asOf: sql`to_char(effective_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
  recordedAt: sql`to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`,
} as const

/** One page of records, and the key of its last row when there are more. */
export async function listRecords<Body>(
  tx: Tx, kind: RecordKind<Body>, ask: ListAsk,
): Promise<{ records: Recorded<Body>[]; next: { key: string; id: string } | null }> {
  const key = sql`${SORT_KEYS[ask.sort.by]} collate "C"`
  const way = ask.sort.descending ? sql`desc` : sql`asc`
  const wanted: SQL[] = [seenIn(kind, ask.reach)]
  for (const [field, value] of Object.entries(ask.equal)) {
    if (value !== undefined) wanted.push(sql`r.body ->> ${field} = ${value}`)
  }
  if (ask.after !== null) {
    const beyond = ask.sort.descending ? sql`<` : sql`>`
    wanted.push(sql`(${key}, r.id collate "C") ${beyond} (${ask.after.key}, ${ask.after.id})`)
  }
  const rows = await rowsOf<RawRecord & { key: string }>(tx, sql`
    select ${COLUMNS}, ${key} as key from ${sourceOf(kind, ask.past)}
    where ${sql.join(wanted, sql` and `)} order by ${key} ${way}, r.id collate "C" ${way} limit ${ask.limit + 1}`)
  const page = rows.slice(0, ask.limit)
  const last = rows.length > ask.limit ? page.at(-1) : undefined
  return {
    records: await asThey(tx, kind, ask.past, page.map((row) => recordedOf<Body>(row))),
    next: last === undefined ? null : { key: last.key, id: last.id },
  }
}

/** Every record of a kind, or those of some ids, by id in code-unit order. */
export async function allRecords<Body>(tx: Tx, kind: RecordKind<Body>, past: Past | null, ids: readonly string[] | null = null): Promise<Record<string, Body>> {
  const rows = await rowsOf<RawRecord>(tx, sql`select ${COLUMNS} from ${sourceOf(kind, past, ids)} order by id collate "C"`)
  const found = await asThey(tx, kind, past, rows.map((row) => recordedOf<Body>(row)))
  return Object.fromEntries(found.map(({ id, body }) => [id, body]))
}

/** One record as it was, or as it stands. */
export async function recordAt<Body>(tx: Tx, kind: RecordKind<Body>, id: string, past: Past | null): Promise<Recorded<Body> | null> {
  const rows = await rowsOf<RawRecord>(tx, sql`select ${COLUMNS} from ${sourceOf(kind, past, [id])}`)
  return (await asThey(tx, kind, past, rows.map((row) => recordedOf<Body>(row))))[0] ?? null
}

/** The first version of each of some records, as far as it was known then. */
export async function firstVersions<Body>(
  tx: Tx, { kind }: RecordKind<Body>, ids: readonly string[], knownAt: Date | null,
): Promise<ReadonlyMap<string, Recorded<Body>>> {
  if (ids.length === 0) return new Map()
  const known = knownAt === null ? sql`` : sql`and recorded_at <= ${knownAt.toISOString()}`
  const rows = await rowsOf<RawRecord>(tx,
    sql`select ${COLUMNS} from ${recordVersion} where kind = ${kind} and version = 1 and ${isOneOf(sql`id`, new Set(ids))} ${known}`)
  return new Map(rows.map((row) => [row.id, recordedOf<Body>(row)]))
}

/** Versions of one record, the newest first, below a version. */
export async function versionsOf<Body>(
  tx: Tx, { kind }: RecordKind<Body>, id: string, page: { readonly below: number | null; readonly limit: number },
): Promise<Recorded<Body>[]> {
  const rows = await rowsOf<RawRecord>(tx, sql`
    select ${COLUMNS} from ${recordVersion} where kind = ${kind} and id = ${id}
    and version < ${page.below ?? 2147483647} order by version desc limit ${page.limit}`)
  return rows.map((row) => recordedOf<Body>(row))
}

/** Whether the store holds any record of these kinds. */
export async function hasRecords(tx: Tx, kinds: readonly RecordKind<unknown>[]): Promise<boolean> {
  const found = sql.join(kinds.map(({ table }) => sql`(select 1 from ${table} limit 1)`), sql` union all `)
  return (await rowsOf<unknown>(tx, found)).length > 0
}

/** Of when the newest figure of these kinds is; null: there is none. */
export async function newestEffect(tx: Tx, kinds: readonly RecordKind<unknown>[]): Promise<Date | null> {
  const each = sql.join(kinds.map(({ table }) => sql`select max(effective_at) as at from ${table}`), sql` union all `)
  const [row] = await rowsOf<{ at: number | null }>(tx, sql`select (extract(epoch from max(at)) * 1000)::float8 as at from (${each}) as every_kind`)
  return row?.at == null ? null : new Date(row.at)
}
