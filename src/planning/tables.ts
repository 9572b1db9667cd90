import { sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, check, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment, recordColumns } from '../db/tables.js'
import type { Text } from '../kernel/text.js'
import type { KeptRequest } from './runs.js'
import type { Settings } from './scenario.js'

/** What a plan assumes beside the tables: one record, `city`. */
export const planSettings = pgTable('plan_settings', { ...recordColumns<Settings>() },
  (t) => [check('plan_settings_is_one', sql`${t.id} = 'city'`)])

/** One request for a plan and what became of it. */
export const planRun = pgTable('plan_run', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  state: text('state').notNull(),
  request: jsonb('request').$type<KeptRequest>().notNull(),
  requestedAt: moment('requested_at').notNull(),
  requestedBy: text('requested_by').notNull(),
  /** The run whose draft was edited. */
  basedOn: text('based_on').generatedAlwaysAs(sql.raw("(request ->> 'basedOn')")).references((): AnyPgColumn => planRun.id),
  /** Raised by every claim: a result that carries an older one never lands. */
  fence: integer('fence').notNull(),
  /** How often it was begun by somebody who did not give it back in order. */
  tries: integer('tries').notNull().default(0),
  claimedBy: text('claimed_by'),
  claimedAt: moment('claimed_at'),
  leaseUntil: moment('lease_until'),
  done: integer('done').notNull(),
  of: integer('of').notNull(),
  title: jsonb('title').$type<Text>(),
  /** Canonical JSON of the scenario that was planned, kept as text: its hash is of these bytes. */
  snapshot: text('snapshot'),
  snapshotHash: text('snapshot_hash'),
  plan: text('plan'),
  planHash: text('plan_hash'),
  exit: integer('exit'),
  milliseconds: jsonb('milliseconds').$type<Record<string, number>>(),
  /** Why it failed, in sentences. */
  reasons: jsonb('reasons').$type<Text[]>(),
  finishedAt: moment('finished_at'),
}, (t) => [
  check('plan_run_state_is_known', sql`${t.state} in ('queued', 'running', 'done', 'failed', 'cancelled')`),
  check('plan_run_done_has_its_plan', sql`(${t.state} = 'done') = (${t.plan} is not null)`),
  check('plan_run_plan_has_its_snapshot', sql`${t.plan} is null or (${t.snapshot} is not null and ${t.planHash} is not null and ${t.exit} in (0, 3, 4))`),
  check('plan_run_failed_says_why', sql`(${t.state} = 'failed') = (${t.reasons} is not null)`),
  check('plan_run_running_is_leased', sql`(${t.state} = 'running') = (${t.leaseUntil} is not null)`),
  check('plan_run_ends_once', sql`(${t.state} in ('queued', 'running')) = (${t.finishedAt} is null)`),
  index('plan_run_by_time').on(t.requestedAt, t.id),
  // Whose turn it is.
  index('plan_run_by_requester').on(t.requestedBy, t.claimedAt),
  // Every worker looks once a second, among all the runs there ever were.
  index('plan_run_that_waits').on(t.requestedAt, t.id).where(sql`${t.state} in ('queued', 'running')`),
])

/** What happened to a run, in order; a listener resumes behind the last one it heard. */
export const planRunEvent = pgTable('plan_run_event', {
  run: text('run').notNull().references(() => planRun.id),
  seq: bigint('seq', { mode: 'number' }).notNull(),
  at: moment('at').notNull(),
  kind: text('kind').notNull(),
  data: jsonb('data').$type<Record<string, unknown>>().notNull(),
}, (t) => [primaryKey({ columns: [t.run, t.seq] }), check('plan_run_event_counts_from_one', sql`${t.seq} >= 1`)])
