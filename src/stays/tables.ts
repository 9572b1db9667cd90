import { sql } from 'drizzle-orm'
import { check, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { careCase } from '../cases/tables.js'
import { fromBody, moment, recordColumns } from '../db/tables.js'
import { place, pool, reportingUnit } from '../facilities/tables.js'
import type { Contact } from './isolation/contacts.js'

/**
 * One person at one place for a time (一人一处); the pool where it is known. An exclusion constraint, in the
 * migration, keeps the stays of one person from overlapping, the open one among them.
 */
export const stay = pgTable('stay', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  caseId: text('case_id').notNull().references(() => careCase.id),
  place: text('place').notNull().references(() => place.id),
  pool: text('pool'),
  beganAt: moment('began_at').notNull(),
  beganRecordedAt: moment('began_recorded_at').notNull(),
  beganRecordedBy: text('began_recorded_by').notNull(),
  endedAt: moment('ended_at'),
  ending: text('ending'),
  endedRecordedAt: moment('ended_recorded_at'),
  endedRecordedBy: text('ended_recorded_by'),
}, (t) => [
  foreignKey({ name: 'stay_pool_at_place', columns: [t.pool, t.place], foreignColumns: [pool.id, pool.place] }),
  check('stay_ends_after_it_began', sql`${t.endedAt} >= ${t.beganAt}`),
  check('stay_ends_as_a_whole', sql`(${t.endedAt} is null) = (${t.ending} is null) and (${t.endedAt} is null) = (${t.endedRecordedAt} is null)`),
  check('stay_ending_is_known', sql`${t.ending} in ('moved', 'discharged', 'died', 'left')`),
  index('stay_by_place').on(t.place, t.pool),
  index('stay_that_is_open').on(t.caseId).where(sql`${t.endedAt} is null`),
  index('stay_by_span').using('gist', sql`tstzrange(${t.beganAt}, greatest(${t.endedAt}, ${t.endedRecordedAt}), '[]')`),
])

/** People in isolation who are not cases, pseudonymous; where they are is their isolation stay. */
export const contact = pgTable('contact', {
  ...recordColumns<Contact>(),
  unit: fromBody('unit', 'unit').notNull().references(() => reportingUnit.id),
  site: fromBody('site', 'site').references(() => place.id),
  case: fromBody('case', 'case').references(() => careCase.id),
}, (t) => [unique('contact_becomes_a_case_once').on(t.case)])

/**
 * One contact in one room for a time. Triggers, in the migration, keep whoever has become a case from being in isolation
 * and in care at once.
 */
export const isolationStay = pgTable('isolation_stay', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  contactId: text('contact_id').notNull().references(() => contact.id),
  place: text('place').notNull(),
  pool: text('pool').notNull(),
  beganAt: moment('began_at').notNull(),
  beganRecordedAt: moment('began_recorded_at').notNull(),
  beganRecordedBy: text('began_recorded_by').notNull(),
  endedAt: moment('ended_at'),
  ending: text('ending'),
  endedRecordedAt: moment('ended_recorded_at'),
  endedRecordedBy: text('ended_recorded_by'),
}, (t) => [
  foreignKey({ name: 'isolation_stay_pool_at_place', columns: [t.pool, t.place], foreignColumns: [pool.id, pool.place] }),
  check('isolation_stay_ends_after_it_began', sql`${t.endedAt} >= ${t.beganAt}`),
  check('isolation_stay_ends_as_a_whole', sql`(${t.endedAt} is null) = (${t.ending} is null) and (${t.endedAt} is null) = (${t.endedRecordedAt} is null)`),
  check('isolation_stay_ending_is_known', sql`${t.ending} in ('moved', 'released', 'positive', 'hospitalised', 'left', 'died')`),
  index('isolation_stay_by_place').on(t.place, t.pool),
  index('isolation_stay_that_is_open').on(t.contactId).where(sql`${t.endedAt} is null`),
  index('isolation_stay_by_span').using('gist', sql`tstzrange(${t.beganAt}, greatest(${t.endedAt}, ${t.endedRecordedAt}), '[]')`),
])

/** What was seen of a contact, twice a day; the last word for a half day stands, the earlier ones are in the journal. */
export const observation = pgTable('observation', {
  contactId: text('contact_id').notNull().references(() => contact.id),
  day: date('day', { mode: 'string' }).notNull(),
  half: text('half').notNull(),
  temperatureTenths: integer('temperature_tenths'),
  symptoms: jsonb('symptoms').$type<readonly string[]>().notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
}, (t) => [
  primaryKey({ columns: [t.contactId, t.day, t.half] }),
  check('observation_half_is_known', sql`${t.half} in ('morning', 'evening')`),
  check('observation_says_something', sql`(${t.temperatureTenths} is not null and ${t.temperatureTenths} between 340 and 430) or (${t.temperatureTenths} is null and ${t.symptoms} <> '[]'::jsonb)`),
])
