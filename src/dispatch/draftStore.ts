import { sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import { rowsOf } from '../db/rows.js'
import { dayOf } from '../kernel/time.js'
import { planRun } from '../planning/tables.js'
import { issuedPlan } from './tables.js'

/** Drafts that somebody could still approve, and by which somebody would be moved to some beds: their runs, the oldest first. */
export async function standingDrafts({ tx, at }: Pick<Act, 'tx' | 'at'>, { patient, pool }: { patient: string; pool: string }): Promise<string[]> {
  const line = JSON.stringify({ moves: [{ patient, pool, order: null }] })
  const today = dayOf(at)
  // What tries a way out is nobody's to approve. A plan is of no later day than the one asked for, or else that of the asking: what is over is not taken apart.
  const rows = await rowsOf<{ id: string }>(tx, sql`
    with standing as materialized (
      select r.id, r.plan::jsonb as plan from ${planRun} r
      where r.state = 'done' and r.exit <> 3 and coalesce(jsonb_array_length(r.request -> 'restsOn'), 0) = 0
        and coalesce(r.request ->> 'planDay', to_char(r.requested_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')) >= ${today}
        and not exists (select from ${issuedPlan} i where i.run = r.id))
    select id from standing where plan ->> 'planDay' >= ${today} and plan @> ${line}::jsonb order by id collate "C"`)
  return rows.map(({ id }) => id)
}
