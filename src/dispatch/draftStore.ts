import { type SQL, sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import { dayOf } from '../kernel/time.js'
import { planRun } from '../planning/tables.js'
import { issuedAllocation, issuedPlan } from './tables.js'

/**
 * Runs whose plan could still be approved on a day. What tries a way out is nobody's to approve, and neither is what says itself
 * that it cannot be done. A plan is of no later day than the one asked for, or else that of the asking: what is over is not taken apart.
 */
const approvable = (today: string): SQL => sql`r.state = 'done' and r.exit <> 3 and coalesce(jsonb_array_length(r.request -> 'restsOn'), 0) = 0
  and coalesce(r.request ->> 'planDay', to_char(r.requested_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')) >= ${today}`

/** Drafts that somebody could still approve, and by which somebody would be moved to some beds: their runs, the oldest first. */
export async function standingDrafts({ tx, at }: Pick<Act, 'tx' | 'at'>, { patient, pool }: { patient: string; pool: string }): Promise<string[]> {
  const line = JSON.stringify({ moves: [{ patient, pool, order: null }] })
  const today = dayOf(at)
  const rows = await rowsOf<{ id: string }>(tx, sql`
    with standing as materialized (
      select r.id, r.plan::jsonb as plan from ${planRun} r
      where ${approvable(today)} and not exists (select from ${issuedPlan} i where i.run = r.id))
    select id from standing where plan ->> 'planDay' >= ${today} and plan @> ${line}::jsonb order by id collate "C"`)
  return rows.map(({ id }) => id)
}

/** A draft of which something waits for approval. */
export interface DraftThatWaits {
  readonly run: string
  readonly planDay: string
  readonly requestedAt: Date
  readonly requestedBy: string
  readonly ofTransfers: boolean
  readonly ofMaterial: boolean
}

/** Drafts of that day or later whose transfers nobody has approved, or whose shipments; the newest first. Either is approved without the other. */
export async function draftsThatWait(tx: Tx, now: Date): Promise<DraftThatWaits[]> {
  const today = dayOf(now)
  const rows = await rowsOf<Omit<DraftThatWaits, 'requestedAt'> & { requestedAt: number }>(tx, sql`
    with standing as materialized (
      select r.id, r.plan::jsonb as plan, r.requested_at, r.requested_by, i.id is null as "ofTransfers", a.run is null as "noAllocation"
      from ${planRun} r left join ${issuedPlan} i on i.run = r.id left join ${issuedAllocation} a on a.run = r.id
      where ${approvable(today)} and (i.id is null or a.run is null)),
    waiting as (
      select *, "noAllocation" and coalesce(jsonb_array_length(plan -> 'material' -> 'shipments'), 0) > 0 as "ofMaterial" from standing where plan ->> 'planDay' >= ${today})
    select id as run, plan ->> 'planDay' as "planDay", (extract(epoch from requested_at) * 1000)::float8 as "requestedAt", requested_by as "requestedBy", "ofTransfers", "ofMaterial"
    from waiting where "ofTransfers" or "ofMaterial" order by id collate "C" desc`)
  return rows.map(({ requestedAt, ...draft }) => ({ ...draft, requestedAt: new Date(requestedAt) }))
}
