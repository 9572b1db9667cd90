import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { recordsAsTold } from '../db/history.js'
import { type Lying, lyingAt } from '../db/lying.js'
import { isOneOf, type Past, recordKind } from '../db/records.js'
import type { Refusal } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf } from '../kernel/time.js'
import { asBefore, type Intake, type Person } from './cases.js'
import { careCase, intake } from './tables.js'

/**
 * A case is seen by its unit, by the place where it lies, and, lying nowhere, by the places of its unit. Where somebody
 * lies is another room's table, which is named and not imported.
 */
export const CASES = recordKind<Person>('cases', careCase, { within: ({ units, places, homes }) => {
  const lies = (at: SQL) => sql`exists (select from stay s where s.case_id = r.id and s.ended_at is null and ${at})`
  const unit = sql`r.body ->> 'unit'`
  return sql`(${isOneOf(unit, units)} or ${lies(isOneOf(sql`s.place`, places))} or (${isOneOf(unit, homes)} and not ${lies(sql`true`)}))`
} })
/** The same of each, for who hears of it. */
export const CASES_LIE: Lying = {
  table: careCase,
  lies: sql`(select ${lyingAt({
    unit: sql`r.body ->> 'unit'`, home: sql`case when count(*) = 0 then r.body ->> 'unit' end`, places: sql`coalesce(jsonb_agg(s.place), '[]')`,
  })} from stay s where s.case_id = r.id and s.ended_at is null)`,
}
export const INTAKE = recordKind<Intake>('intake', intake)

export const CASE_GUARDS: Readonly<Record<string, Refusal>> = {
  care_case_unit_reporting_unit_id_fk: { code: 'unknownReference', text: text('没有这个报告单位（unit）', 'there is no such reporting unit (unit)') },
  care_case_companion_care_case_id_fk: { code: 'unknownReference', text: text('没有这个陪护病例（companion）', 'there is no such companion (companion)') },
}

/** Some people as they were. Who somebody is has not changed, whenever it was first told. */
export async function peopleAt(tx: Tx, ids: readonly string[], past: Past): Promise<ReadonlyMap<string, Person>> {
  const then = await recordsAsTold(tx, CASES, ids, past)
  return new Map([...then].map(([id, { body, isFirst }]) => [id, isFirst ? asBefore(body, instantOf(past.asOf)) : body]))
}
