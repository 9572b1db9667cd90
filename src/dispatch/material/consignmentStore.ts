import { sql } from 'drizzle-orm'
import type { Act } from '../../db/act.js'
import type { Tx } from '../../db/database.js'
import type { Past } from '../../db/records.js'
import { rowsOf } from '../../db/rows.js'
import type { Consignment } from '../../supplies/stock.js'
import { allocationEvent, allocationLine, allocationOrder } from '../tables.js'

/** A consignment of a scenario as the allocation order that it becomes, which was shipped by then. */
export interface BroughtOrder {
  readonly id: string
  readonly row: Consignment
  readonly lot: string
  readonly shippedAt: Date
}

/** All at once, each with the one step that is known of it. */
export async function insertBroughtOrders(act: Act, orders: readonly (BroughtOrder & { readonly leavesOn: string })[], from: string): Promise<void> {
  if (orders.length === 0) return
  const [at, by] = [act.at.toISOString(), act.by]
  const given = sql`jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) as r(id text, "row" jsonb, lot text, "shippedAt" timestamptz, "leavesOn" text)`
  await act.tx.execute(sql`
    insert into ${allocationOrder} (id, version, state, kind, from_place, to_place, leaves_on, arrives_on, issued_at, issued_by, shipped_at, brought)
    select id, 1, 'shipped', 'allocation', nullif("row" ->> 'from', "row" ->> 'to'), "row" ->> 'to', "leavesOn", "row" ->> 'arrivesOn', "shippedAt", ${by}, "shippedAt", "row" from ${given}`)
  await act.tx.execute(sql`
    insert into ${allocationLine} (order_id, seq, item, lot, ordered, shipped)
    select id, 1, "row" ->> 'item', lot, ("row" ->> 'units')::int, ("row" ->> 'units')::int from ${given}`)
  await act.tx.execute(sql`
    insert into ${allocationEvent} (order_id, seq, step, state, at, recorded_at, recorded_by, note, details)
    select id, 1, 'ship', 'shipped', "shippedAt", ${at}::timestamptz, ${by}, null, ${JSON.stringify({ brought: from })}::jsonb from ${given}`)
}

/** What a scenario brought stays as it was written there, to the letter, until something happens to it. */
export async function broughtConsignments(tx: Tx, past: Past | null): Promise<Record<string, Consignment>> {
  const rows = await rowsOf<{ id: string; row: Consignment }>(tx, past === null
    ? sql`select id, brought as "row" from ${allocationOrder} where brought is not null and state = 'shipped' and version = 1 order by id collate "C"`
    : sql`select o.id, o.brought as "row" from ${allocationOrder} as o where o.brought is not null and (
        select max(e.seq) from ${allocationEvent} as e
        where e.order_id = o.id and e.at <= ${past.asOf.toISOString()} and e.recorded_at <= ${past.knownAt.toISOString()}) = 1 order by o.id collate "C"`)
  return Object.fromEntries(rows.map(({ id, row }) => [id, row]))
}
