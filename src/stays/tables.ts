import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { careCase } from '../cases/tables.js'
import { moment } from '../db/tables.js'
import { place, pool } from '../facilities/tables.js'

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
])
