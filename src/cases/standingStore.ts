import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'

/*
 * What other rooms have put down of a case, and what is done with the case depends on: where it lies is of the stays, the
 * order that moves it is of dispatch. Their tables are named here, and not imported.
 */

/** The transfer order that stands for somebody. */
export interface StandingOrder {
  readonly id: string
  /** Its vehicle has left. */
  readonly isOut: boolean
}

/** Null: none stands at that moment; what nobody has dispatched by its deadline is over. */
export async function standingOrderOf(tx: Tx, id: string, now: Date): Promise<StandingOrder | null> {
  const [found] = await rowsOf<StandingOrder>(tx, sql`select id, state = 'dispatched' as "isOut" from transfer_order where patient = ${id}
    and (state = 'dispatched' or (state in ('issued', 'accepted', 'reliefAsked') and (deadline is null or deadline > ${now.toISOString()})))`)
  return found ?? null
}

/** When somebody died, as their last stay has it, or of several that ended at one moment any; null: none has ended so. */
export async function diedAt(tx: Tx, id: string): Promise<Date | null> {
  const [last] = await rowsOf<{ ending: string | null; at: number }>(tx, sql`select ending, (extract(epoch from ended_at) * 1000)::float8 as at
    from stay where case_id = ${id} order by ended_at desc nulls first, (ending = 'died') desc limit 1`)
  return last?.ending === 'died' ? new Date(last.at) : null
}

/** When somebody last came from one place to another, or left: what was asked for them until then is done. Null: they never did. */
export async function cameOrLeftAt(tx: Tx, id: string): Promise<Date | null> {
  const [last] = await rowsOf<{ at: number | null }>(tx, sql`select (extract(epoch from max(ended_at)) * 1000)::float8 as at from stay as s where case_id = ${id}
    and not (ending = 'moved' and exists (select from stay as next where next.case_id = s.case_id and next.began_at = s.ended_at and next.place = s.place and next.id <> s.id))`)
  return last?.at == null ? null : new Date(last.at)
}
