import { sql } from 'drizzle-orm'
import type { Act } from '../db/act.js'
import { insertRecords } from '../db/records.js'
import { account, movement } from '../ledger/tables.js'
import type { MaterialRequest } from './receivers.js'
import type { LotRecord } from './stock.js'
import type { StockAccount, StockReason } from './stockBook.js'
import { LOTS } from './store.js'
import { materialRequest, stockNote } from './tables.js'

/** A lot as an empty store begins with it: so many in one account, out of nowhere. */
export interface OpeningLot {
  readonly id: string
  readonly body: LotRecord
  readonly effectiveAt: Date
  readonly account: string
  /** Null: nobody has counted it. */
  readonly units: number | null
  readonly reason: StockReason
  /** What the movement belongs to. */
  readonly subject: string
}

const OUTSIDE = 'outside' satisfies StockAccount

/** Lots with their books, and the one movement of each: in one statement a table, however many there are. */
export async function insertOpeningLots(act: Act, lots: readonly OpeningLot[]): Promise<void> {
  if (lots.length === 0) return
  await insertRecords(act.tx, LOTS, lots.map(({ id, body, effectiveAt }) => ({ id, body, effectiveAt })), act)
  const json = JSON.stringify(lots.map(({ body: _body, ...row }) => row))
  const given = sql`jsonb_to_recordset(${json}::jsonb) as r(id text, account text, units int, reason text, subject text, "effectiveAt" timestamptz)`
  await act.tx.execute(sql`
    insert into ${account} (book, name, may_owe, counted, balance, held)
    select 'lot ' || id, account, false, units is not null, coalesce(units, 0), 0 from ${given}
    union all select 'lot ' || id, ${OUTSIDE}, true, true, -units, 0 from ${given} where units > 0`)
  await act.tx.execute(sql`
    insert into ${movement} (book, from_account, to_account, quantity, reason, subject, effective_at, recorded_at, recorded_by)
    select 'lot ' || id, ${OUTSIDE}, account, units, reason, subject, "effectiveAt", ${act.at.toISOString()}::timestamptz, ${act.by}
    from ${given} where units > 0 order by id collate "C"`)
}

export interface OpeningNote {
  readonly id: string
  readonly place: string
  readonly party: string
  readonly effectiveAt: Date
}

/** Receipts by which stock is there that was there before. */
export async function insertOpeningNotes(act: Act, notes: readonly OpeningNote[]): Promise<void> {
  if (notes.length === 0) return
  await act.tx.execute(sql`
    insert into ${stockNote} (id, kind, place, party, effective_at, recorded_at, recorded_by)
    select id, 'receipt', place, party, "effectiveAt", ${act.at.toISOString()}::timestamptz, ${act.by}
    from jsonb_to_recordset(${JSON.stringify(notes)}::jsonb) as r(id text, place text, party text, "effectiveAt" timestamptz)`)
}

/** What was asked for and not answered. */
export async function insertBroughtRequests(act: Act, requests: readonly { readonly id: string; readonly row: MaterialRequest; readonly askedAt: Date }[]): Promise<void> {
  if (requests.length === 0) return
  await act.tx.execute(sql`
    insert into ${materialRequest} (id, version, state, place, item, urgency, asked, asked_at, asked_by, recorded_at, brought)
    select id, 1, 'open', "row" ->> 'place', "row" ->> 'item', "row" ->> 'urgency', ("row" ->> 'units')::int, "askedAt", ${act.by}, ${act.at.toISOString()}::timestamptz, "row"
    from jsonb_to_recordset(${JSON.stringify(requests)}::jsonb) as r(id text, "row" jsonb, "askedAt" timestamptz)`)
}
