import { sql } from 'drizzle-orm'
import { check, index, integer, pgTable, text, unique } from 'drizzle-orm/pg-core'
import { moment } from '../db/tables.js'
import { place } from '../facilities/tables.js'

/** A field of the frozen text as a column of its own, so that the database can guard and find by it. */
const fromContent = (name: string, field: string) => text(name).generatedAlwaysAs(sql.raw(`((content::jsonb) ->> '${field}')`))

/** What is frozen: canonical JSON, kept as text, and the SHA-256 of these bytes. Triggers, in the migration, keep it so. */
const frozenColumns = {
  content: text('content').notNull(),
  contentHash: text('content_hash').notNull(),
}
const hashIsOfContent = sql`content_hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')`

/** A daily report (日报). Nothing of it is ever changed: what is told later is a correction, reckoned when somebody reads. */
export const dailyReport = pgTable('daily_report', {
  /** Its day and cut-off. */
  id: text('id').primaryKey(),
  /** Counts within the year. */
  number: integer('number').notNull(),
  frozenAt: moment('frozen_at').notNull(),
  /** The post that froze it, and answers for it. */
  signatory: text('signatory').notNull(),
  ...frozenColumns,
  day: fromContent('day', 'day').notNull(),
  cutOff: fromContent('cut_off', 'cutOff').notNull(),
  year: text('year').generatedAlwaysAs(sql.raw(`left((content::jsonb) ->> 'day', 4)`)).notNull(),
}, (t) => [
  unique('daily_report_number_stands_once').on(t.year, t.number),
  check('daily_report_counts_from_one', sql`${t.number} >= 1`),
  check('daily_report_cut_off_is_known', sql`${t.cutOff} in ('noon', 'midnight')`),
  check('daily_report_id_says_of_when', sql`${t.id} = ${t.day} || '-' || ${t.cutOff}`),
  check('daily_report_is_frozen_after_its_cut_off', sql`${t.frozenAt} >=
    (${t.day} || case ${t.cutOff} when 'noon' then ' 12:00' else ' 24:00' end || '+08')::timestamptz`),
  check('daily_report_hash_is_of_its_content', hashIsOfContent),
])

/** A shift handed over (交接班记录): what was open then, frozen; and who took it over, once. */
export const shiftHandover = pgTable('shift_handover', {
  id: text('id').primaryKey(),
  givenAt: moment('given_at').notNull(),
  givenBy: text('given_by').notNull(),
  ...frozenColumns,
  /** The place whose shift it is; null: the city's desk. */
  place: fromContent('place', 'place').references(() => place.id),
  takenAt: moment('taken_at'),
  takenBy: text('taken_by'),
}, (t) => [
  check('shift_handover_hash_is_of_its_content', hashIsOfContent),
  check('shift_handover_is_taken_as_a_whole', sql`(${t.takenAt} is null) = (${t.takenBy} is null)`),
  check('shift_handover_is_taken_by_another', sql`${t.takenBy} <> ${t.givenBy}`),
  check('shift_handover_is_taken_after_it_was_given', sql`${t.takenAt} >= ${t.givenAt}`),
  index('shift_handover_not_taken').on(t.givenAt).where(sql`${t.takenAt} is null`),
])
