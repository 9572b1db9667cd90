import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import { CLOCK } from './clockwork.js'
import type { State } from './orders.js'
import type { Deed } from './waiting.js'

/** What came to nothing for somebody: an order that ended, or a line of a plan that was struck. */
export interface Lately extends Deed {
  readonly patient: string
  /** What has ended, and how; null: it was no order. */
  readonly order: { readonly id: string; readonly state: State } | null
  /** The plan of whose approval the line was struck; null: it was none. */
  readonly plan: string | null
}

/** The same of some people in a span of time, its end included, as it came about; what is of the plan `run` itself is left out. */
export async function latelyEnded(tx: Tx, { patients, run, from, until }: { patients: readonly string[]; run: string; from: Date; until: Date }): Promise<Lately[]> {
  const among = sql`(select jsonb_array_elements_text(${JSON.stringify(patients)}::jsonb))`
  const [after, last] = [from.toISOString(), until.toISOString()]
  const rows = await rowsOf<{ patient: string; order: string | null; state: State; plan: string | null; at: number; by: string; note: string | null }>(tx, sql`
    select patient, "order", state, plan, (extract(epoch from at) * 1000)::float8 as at, by, note from (
      select o.patient, o.id as "order", e.state, null as plan, e.at, e.recorded_by as by, e.note
        from transfer_order o join order_event e on e.order_id = o.id and e.step in ('turnBack', 'uphold', 'cancel', 'unwilling', 'expire')
        where o.patient in ${among} and o.plan is distinct from ${run} and e.at > ${after} and e.at <= ${last} and (e.recorded_at <= ${last} or e.step = 'expire')
          and (e.step <> 'expire' or o.state = 'expired')
      union all
      select o.patient, o.id, 'expired', null, o.deadline, ${CLOCK}, null from transfer_order o
        where o.patient in ${among} and o.plan is distinct from ${run} and o.state in ('issued', 'accepted', 'reliefAsked') and o.deadline > ${after} and o.deadline <= ${last}
      union all
      select line ->> 'patient', null, null, k.id, k.approved_at, k.approved_by, line ->> 'reason' from issued_plan k, jsonb_array_elements(k.struck) line
        where k.id <> ${run} and k.recorded_at > ${after} and k.recorded_at <= ${last} and line ->> 'patient' in ${among}
    ) lately order by at, patient collate "C", "order" collate "C" nulls last`)
  return rows.map(({ patient, order, state, plan, at, by, note }) => ({ patient, order: order === null ? null : { id: order, state }, plan, at: new Date(at), by, note }))
}
