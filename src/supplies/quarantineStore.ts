import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import { recordVersion } from '../db/tables.js'
import { LOTS } from './store.js'
import { stockLot } from './tables.js'

/** The version of a lot that locked it away. */
export interface LockedAway {
  readonly at: Date
  readonly by: string
}

/** Since when lots are in quarantine, and by whom they were put there; those that are not are left out. */
export async function quarantinedSince(tx: Tx, lots: readonly string[]): Promise<ReadonlyMap<string, LockedAway>> {
  if (lots.length === 0) return new Map()
  const rows = await rowsOf<{ id: string; at: number; by: string }>(tx, sql`
    select distinct on (v.id) v.id, (extract(epoch from v.effective_at) * 1000)::float8 as at, v.recorded_by as by
    from ${stockLot} as l join ${recordVersion} as v on v.kind = ${LOTS.kind} and v.id = l.id
    where l.id in (select jsonb_array_elements_text(${JSON.stringify(lots)}::jsonb)) and (l.body ->> 'quarantined')::boolean
      and v.version > (select coalesce(max(w.version), 0) from ${recordVersion} as w
        where w.kind = ${LOTS.kind} and w.id = l.id and not (w.body ->> 'quarantined')::boolean)
    order by v.id, v.version`)
  return new Map(rows.map(({ id, at, by }) => [id, { at: new Date(at), by }]))
}
