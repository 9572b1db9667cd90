import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import type { State } from './orders.js'
import { transferOrder } from './tables.js'

/** Somebody who was to ride along on an order, and who stays behind or is taken elsewhere. */
export interface Parted {
  /** Theirs, which has ended or leads elsewhere. */
  readonly order: string
  readonly patient: string
  readonly state: State
  readonly child: string
  readonly since: Date
}

const NOT_OUT = sql`('issued', 'accepted', 'reliefAsked')`

/**
 * Of orders that have not left, by number: the carer or the child who was to ride along, still lies where both do, and is
 * not driven with them any more. Null: of every such order.
 */
export async function partedFrom(tx: Tx, order: string | null, now: Date): Promise<ReadonlyMap<string, Parted>> {
  const [at, own] = [now.toISOString(), order === null ? sql`` : sql` and o.id = ${order}`]
  const rows = await rowsOf<Omit<Parted, 'since'> & { of: string; since: number }>(tx, sql`
    with minor as (select id as child, body ->> 'companion' as carer from care_case where body ->> 'companion' is not null),
      pair as (select child, child as one, carer as other from minor union all select child, carer, child from minor)
    select * from (select o.id as "of", p.id as "order", p.patient, case when p.state in ${NOT_OUT} and p.deadline <= ${at} then 'expired' else p.state end as state,
        pair.child,
        (extract(epoch from case when p.state in ${NOT_OUT} and p.deadline <= ${at} then p.deadline
          else (select max(e.at) from order_event e where e.order_id = p.id and e.step in ('uphold', 'cancel', 'unwilling', 'expire', 'divert', 'turnBack')) end) * 1000)::float8 as since,
        p.to_place is distinct from o.to_place or p.outside is distinct from o.outside as elsewhere
      from pair join ${transferOrder} o on o.patient = pair.one
        join ${transferOrder} p on p.patient = pair.other and p.trip = o.trip and p.plan is not distinct from o.plan and p.issued_at = o.issued_at
      where o.state in ${NOT_OUT}${own}
        and exists (select from stay s where s.case_id = p.patient and s.ended_at is null and s.place = o.from_place)
    ) party where state in ('relieved', 'cancelled', 'unwilling', 'expired', 'returned') or (elsewhere and state in ('issued', 'accepted', 'reliefAsked', 'dispatched'))
    order by "of", "order" collate "C" desc`)
  return new Map(rows.map(({ of, since, ...parted }) => [of, { ...parted, since: new Date(since) }]))
}
