import { sql } from 'drizzle-orm'
import type { Tx } from './database.js'
import { rowsOf } from './rows.js'

/** How far somebody has heard: a transaction, and a line of the journal within it. */
export interface Heard {
  readonly xid: string
  readonly seq: string
}

/** A line of the journal without its details: what has changed, to be read by whoever may. */
export interface Change extends Heard {
  readonly at: Date
  readonly actor: string
  readonly action: string
  readonly kind: string
  readonly subject: string
}

const LINES_MAX = 200

/** Now: whoever begins to listen here hears what is committed from now on. */
export async function heardSoFar(tx: Tx): Promise<Heard> {
  const [row] = await rowsOf<{ xid: string }>(tx, sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`)
  return { xid: row?.xid ?? '0', seq: '0' }
}

/**
 * Changes behind the last one heard, in the order in which everybody hears them. Only what no running transaction can
 * come before: a change that commits late is heard late, and by everybody. The columns are named with their table,
 * because by their names alone the rows would stand in the order of the text that is read out: 1000 before 999.
 */
export async function changesAfter(tx: Tx, { xid, seq }: Heard): Promise<Change[]> {
  const rows = await rowsOf<Omit<Change, 'at'> & { at: number }>(tx, sql`
    select xid::text as xid, seq::text as seq, (extract(epoch from at) * 1000)::float8 as at, actor, action, kind, subject
    from journal where (xid, seq) > (${xid}::xid8, ${seq}::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by journal.xid, journal.seq limit ${LINES_MAX}`)
  return rows.map(({ at, ...row }) => ({ ...row, at: new Date(at) }))
}
