import { and, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import type { Past } from '../db/records.js'
import { rowsOf } from '../db/rows.js'
import { dayOf, instantOf } from '../kernel/time.js'
import { movement } from '../ledger/tables.js'
import type { Consumed } from './measured.js'
import type { MaterialRequest } from './receivers.js'
import { atPlace, bookOfLot } from './stockBook.js'
import { subjectOf } from './noteStore.js'
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
 * What notes of consumption that stand say was used up since a moment, by lot and place. It begins with the movements since
 * then, of which there are as many however long the history, and goes on by keys alone.
 */
export async function consumedSince(tx: Tx, { since, until, knownAt }: { since: Date; until: Date; knownAt: Date }): Promise<Consumed[]> {
  const [from, to, known] = [since, until, knownAt].map((moment) => moment.toISOString())
  const rows = await rowsOf<Omit<Consumed, 'days'> & { moments: number[] }>(tx, sql`
    with used as materialized (
      select m.book, m.from_account as name, sum(m.quantity)::float8 as units, jsonb_agg(distinct substr(m.subject, ${subjectOf('').length + 1}::int)) as notes,
        jsonb_agg(distinct (extract(epoch from m.effective_at) * 1000)::float8) as moments
      from ${movement} as m
      where m.reason = 'consumption' and m.effective_at > ${from} and m.effective_at <= ${to} and m.recorded_at <= ${known} and not exists (
        select from ${stockNote} as r where r.reverses = substr(m.subject, ${subjectOf('').length + 1}::int) and r.recorded_at <= ${known})
      group by m.book, m.from_account
    )
    select substr(used.name, ${atPlace('').length + 1}::int) as place, l.item, used.units, used.notes, used.moments
    from used join ${stockLot} as l on l.id = substr(used.book, ${bookOfLot('').length + 1}::int)
    order by used.name collate "C", l.id collate "C"`)
  return rows.map(({ moments, ...used }) => ({ ...used, days: [...new Set(moments.map((moment) => dayOf(new Date(moment))))] }))
}
