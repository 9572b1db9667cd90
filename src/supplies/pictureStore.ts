import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import type { Past } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { instantOf } from '../kernel/time.js'
import { movement } from '../ledger/tables.js'
import type { Consumed } from './measured.js'
import type { MaterialRequest } from './receivers.js'
import { materialRequest, stockLot, stockNote } from './tables.js'

/** Requests that nobody has answered, now or by then, by id. */
export async function openRequests(tx: Tx, past: Past | null): Promise<Record<string, MaterialRequest>> {
  const then = past === null ? eq(materialRequest.state, 'open') : and(
    lte(materialRequest.askedAt, past.asOf), lte(materialRequest.recordedAt, past.knownAt),
    or(isNull(materialRequest.answeredAt), gt(materialRequest.answeredAt, past.asOf), gt(materialRequest.answeredAt, past.knownAt)),
  )
  const rows = await tx.select({
    id: materialRequest.id, place: materialRequest.place, item: materialRequest.item, units: materialRequest.asked,
    urgency: materialRequest.urgency, askedAt: materialRequest.askedAt, brought: materialRequest.brought,
  }).from(materialRequest).where(then).orderBy(sql`${materialRequest.id} collate "C"`)
  return Object.fromEntries(rows.map(({ id, brought, askedAt, ...asked }): [string, MaterialRequest] => [
    // What a scenario brought stays as it was written there, to the letter.
    id, brought ?? { ...asked, askedAt: instantOf(askedAt), source: `material request ${id}`, assumed: [], asOf: null },
  ]))
}

/**
 * What notes of consumption that stand say was used up since a moment, by place and item. It begins with the movements
 * since then, of which there are as many however long the history.
 */
export async function consumedSince(tx: Tx, { since, until, knownAt }: { since: Date; until: Date; knownAt: Date }): Promise<Consumed[]> {
  const [from, to, known] = [since, until, knownAt].map((moment) => moment.toISOString())
  const rows = await rowsOf<Omit<Consumed, 'firstMoved'> & { first: number }>(tx, sql`
    with used as (
      select n.place, l.item, sum(m.quantity)::int as units, jsonb_agg(distinct n.id) as notes
      from ${movement} as m join ${stockNote} as n on m.subject = 'notes/' || n.id join ${stockLot} as l on m.book = 'lot ' || l.id
      where m.reason = 'consumption' and m.effective_at > ${from} and m.effective_at <= ${to} and m.recorded_at <= ${known}
        and not exists (select from ${stockNote} as r where r.reverses = n.id and r.effective_at <= ${to} and r.recorded_at <= ${known})
      group by n.place, l.item
    ), moved as (
      select used.place, used.item, min(m.effective_at) as first
      from used join ${stockLot} as l on l.item = used.item join ${movement} as m on m.book = 'lot ' || l.id and 'at ' || used.place in (m.from_account, m.to_account)
      where m.effective_at <= ${to} and m.recorded_at <= ${known} group by used.place, used.item
    )
    select place, item, units, notes, (extract(epoch from moved.first) * 1000)::float8 as first
    from used join moved using (place, item) order by place collate "C", item collate "C"`)
  return rows.map(({ first, ...used }) => ({ ...used, firstMoved: new Date(first) }))
}
