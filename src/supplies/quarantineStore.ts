import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import { journal, recordVersion } from '../db/tables.js'
import { LOTS } from './store.js'
import { stockLot } from './tables.js'

/** The version of a lot that locked it away. */
export interface LockedAway {
  readonly at: Date
  readonly by: string
  /** What is wrong with it; null: whoever put it down so said nothing. */
  readonly reason: string | null
}

interface OneVersion {
  readonly id: string
  readonly version: number
}
/** One version of one lot, as a key. */
export const keyOf = ({ id, version }: OneVersion): string => `${version} ${id}`

/** Since when lots are in quarantine, by whom they were put there and why; those that are not are left out. */
export async function quarantinedSince(tx: Tx, lots: readonly string[]): Promise<ReadonlyMap<string, LockedAway>> {
  if (lots.length === 0) return new Map()
  const rows = await rowsOf<OneVersion>(tx, sql`
    select id, version from ${stockLot} where id in (select jsonb_array_elements_text(${JSON.stringify(lots)}::jsonb)) and (body ->> 'quarantined')::boolean`)
  const locked = await lockedAwayBy(tx, rows)
  return new Map(rows.flatMap((row): [string, LockedAway][] => {
    const found = locked.get(keyOf(row))
    return found === undefined ? [] : [[row.id, found]]
  }))
}

/** The same of lots as versions of them have it, by `keyOf`: what was so in any of them. The reason stands in the journal of that deed. */
export async function lockedAwayBy(tx: Tx, versions: readonly OneVersion[]): Promise<ReadonlyMap<string, LockedAway>> {
  if (versions.length === 0) return new Map()
  const rows = await rowsOf<OneVersion & { at: number; by: string; reason: string | null }>(tx, sql`
    select asked.id, asked.version, (extract(epoch from v.effective_at) * 1000)::float8 as at, v.recorded_by as by, j.details ->> 'reason' as reason
    from jsonb_to_recordset(${JSON.stringify(versions.map(({ id, version }) => ({ id, version })))}::jsonb) as asked(id text, version integer)
    join lateral (select u.* from ${recordVersion} as u where u.kind = ${LOTS.kind} and u.id = asked.id and u.version <= asked.version
      and u.version > (select coalesce(max(w.version), 0) from ${recordVersion} as w
        where w.kind = ${LOTS.kind} and w.id = asked.id and w.version <= asked.version and not (w.body ->> 'quarantined')::boolean)
      order by u.version limit 1) as v on true
    left join ${journal} as j on j.kind = ${LOTS.kind} and j.subject = v.id and j.action = ${QUARANTINED} and (j.details ->> 'version')::integer = v.version`)
  return new Map(rows.map(({ at, by, reason, ...version }) => [keyOf(version), { at: new Date(at), by, reason }]))
}

/** What the journal calls it when a lot is locked away. */
export const QUARANTINED = 'lot.quarantined'
