import { sql } from 'drizzle-orm'
import { bigint, boolean, check, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A field of the row in `body` as a column of its own, so that the database can guard and find by it. */
export const fromBody = (name: string, field: string) => text(name).generatedAlwaysAs(sql.raw(`(body ->> '${field}')`))

/** A whole figure of the row; null while it is unknown. */
export const figureFromBody = (name: string, field: string) =>
  integer(name).generatedAlwaysAs(sql.raw(`(case jsonb_typeof(body -> '${field}') when 'number' then (body ->> '${field}')::integer end)`))

/** Columns of a record that is kept over time: the row as it stands now. Its versions stand in `record_version`. */
export const recordColumns = <Body>() => ({
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  body: jsonb('body').$type<Body>().notNull(),
  /** Of when the figures are. */
  effectiveAt: moment('effective_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
})

/** Every version of every record, the present one too. Nothing here is ever changed or deleted. */
export const recordVersion = pgTable('record_version', {
  kind: text('kind').notNull(),
  id: text('id').notNull(),
  version: integer('version').notNull(),
  body: jsonb('body').$type<unknown>().notNull(),
  effectiveAt: moment('effective_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
}, (t) => [
  primaryKey({ columns: [t.kind, t.id, t.version] }),
  check('record_version_counts_from_one', sql`${t.version} >= 1`),
  index('record_version_by_time').on(t.kind, t.id, t.effectiveAt),
  index('record_version_by_effect').on(t.kind, t.effectiveAt),
])

/** The transaction that wrote a row: what has ended by now is below the oldest one that runs. */
const writtenBy = customType<{ data: string }>({ dataType: () => 'xid8' })

/** Who did what, when, to what; one row an effect, in the effect's own transaction. */
export const journal = pgTable('journal', {
  seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: moment('at').notNull(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  kind: text('kind').notNull(),
  subject: text('subject').notNull(),
  request: text('request').notNull(),
  details: jsonb('details').$type<unknown>().notNull(),
  /** Numbers are given before a commit, so that a lower one may come to light later; with this nobody misses it. */
  xid: writtenBy('xid').notNull().default(sql`pg_current_xact_id()`),
}, (t) => [
  index('journal_by_subject').on(t.kind, t.subject, t.seq), index('journal_by_commit').on(t.xid, t.seq),
  index('journal_by_actor').on(t.actor, t.seq), index('journal_by_time').on(t.at, t.seq),
])

/** A request that took effect or was refused, and the answer it got: the same key gets the same bytes again. */
export const idempotencyKey = pgTable('idempotency_key', {
  actor: text('actor').notNull(),
  key: text('key').notNull(),
  requestHash: text('request_hash').notNull(),
  /** Null only inside the transaction that computes the answer. */
  status: integer('status'),
  headers: jsonb('headers').$type<Record<string, string>>(),
  body: text('body'),
  at: moment('at').notNull(),
}, (t) => [primaryKey({ columns: [t.actor, t.key] }), index('idempotency_key_by_time').on(t.at)])

/** The service's own clock: a demonstration runs at its scenario's date. One row. */
export const serviceClock = pgTable('service_clock', {
  only: boolean('only').primaryKey().default(true),
  shiftMilliseconds: bigint('shift_milliseconds', { mode: 'number' }).notNull(),
}, (t) => [check('service_clock_is_one', sql`${t.only}`)])

/** What the store is for, from its first start and for ever: a drill (演练), or not. One row, once somebody has started it. */
export const storeMark = pgTable('store_mark', {
  only: boolean('only').primaryKey().default(true),
  isDrill: boolean('is_drill').notNull(),
  markedAt: moment('marked_at').notNull(),
}, (t) => [check('store_mark_is_one', sql`${t.only}`)])
