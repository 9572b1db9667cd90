import { sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { rowsOf } from '../db/rows.js'
import { type Text, text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { hold } from '../ledger/tables.js'
import { FREE_BEDS } from './bedBook.js'

/** Of each of these pools in which a bed is promised, who made the newest promise: whoever comes second has somebody to ask. */
export async function lastPromised(tx: Tx, pools: readonly string[]): Promise<ReadonlyMap<string, Text>> {
  const rows = await rowsOf<{ book: string; purpose: string; by: string; at: number }>(tx, sql`
    select distinct on (book) book, purpose, made_by as by, (extract(epoch from made_at) * 1000)::float8 as at from ${hold}
    where book in (select jsonb_array_elements_text(${JSON.stringify(pools)}::jsonb)) and account = ${FREE_BEDS} and state = 'open'
    order by book, made_at desc, id desc`)
  return new Map(rows.map(({ book, purpose, by, at }) => {
    const made = instantOf(new Date(at))
    return [book, text(`最近一次预占由 ${by} 于 ${made} 作出（${purpose}）`, `the newest promise of a bed there was made by ${by} at ${made} (${purpose})`)]
  }))
}
