import { sql } from 'drizzle-orm'
import type { Tx } from './database.js'
import { allRecords, COLUMNS, firstVersions, type Past, type RawRecord, type Recorded, recordedOf, type RecordKind } from './records.js'
import { rowsOf } from './rows.js'
import { recordVersion } from './tables.js'

/** A record as it was; `isFirst`: nothing had been told of it then, and this is the first that was. */
export interface AsTold<Body> {
  readonly body: Body
  readonly isFirst: boolean
}

/** Some records as they were, by id, each as the first that was told of it where that was of a later moment. */
export async function recordsAsTold<Body>(tx: Tx, kind: RecordKind<Body>, ids: readonly string[], past: Past): Promise<ReadonlyMap<string, AsTold<Body>>> {
  if (ids.length === 0) return new Map()
  const then = await allRecords(tx, kind, past, ids)
  const first = await firstVersions(tx, kind, ids.filter((id) => !Object.hasOwn(then, id)), past.knownAt)
  return new Map(ids.flatMap((id): [string, AsTold<Body>][] => {
    const body = Object.hasOwn(then, id) ? then[id] : undefined
    if (body !== undefined) return [[id, { body, isFirst: false }]]
    const told = first.get(id)
    return told === undefined ? [] : [[id, { body: told.body, isFirst: true }]]
  }))
}

/** What happened after `from` and until `to`, as far as it was told by `knownAt`. */
export interface Span {
  readonly from: Date
  readonly to: Date
  readonly knownAt: Date
}

/** One version of a record beside the one before it; null: the record was new. */
export interface Step<Body> extends Recorded<Body> {
  readonly before: Body | null
}

/** Every version of a kind that is of a span of time, in the order of their times. */
export async function versionsDuring<Body>(tx: Tx, { kind }: RecordKind<Body>, { from, to, knownAt }: Span): Promise<Step<Body>[]> {
  const rows = await rowsOf<RawRecord & { before: Body | null }>(tx, sql`
    select v.*, p.body as before from (
      select ${COLUMNS}, effective_at from ${recordVersion} where kind = ${kind}
        and effective_at > ${from.toISOString()} and effective_at <= ${to.toISOString()} and recorded_at <= ${knownAt.toISOString()}
    ) as v left join ${recordVersion} as p on p.kind = ${kind} and p.id = v.id and p.version = v.version - 1
    order by v.effective_at, v.id collate "C", v.version`)
  return rows.map((row) => ({ ...recordedOf<Body>(row), before: row.before }))
}
