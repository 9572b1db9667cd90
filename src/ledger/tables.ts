import { sql } from 'drizzle-orm'
import {
  bigint, boolean, check, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex,
} from 'drizzle-orm/pg-core'
import { moment } from '../db/tables.js'

/**
 * So many of one book's things in one state. A book is what is counted together: the beds of one pool, later one lot
 * of one item. Every movement stays inside its book, so the accounts of a book always sum to nought.
 */
export const account = pgTable('account', {
  book: text('book').notNull(),
  name: text('name').notNull(),
  /** May be negative: the world outside, and beds in use beyond those staffed. */
  mayOwe: boolean('may_owe').notNull(),
  /** false: nobody has counted it, and it is not nought but unknown. */
  counted: boolean('counted').notNull(),
  balance: integer('balance').notNull(),
  held: integer('held').notNull(),
}, (t) => [
  primaryKey({ columns: [t.book, t.name] }),
  check('account_is_not_negative', sql`${t.mayOwe} or ${t.balance} >= 0`),
  check('account_held_is_covered', sql`${t.held} >= 0 and (${t.held} = 0 or ${t.held} <= ${t.balance})`),
  check('account_uncounted_is_empty', sql`${t.counted} or ${t.balance} = ${t.held}`),
])

/** One movement; never changed. A correction is another movement. */
export const movement = pgTable('movement', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  book: text('book').notNull(),
  from: text('from_account').notNull(),
  to: text('to_account').notNull(),
  quantity: integer('quantity').notNull(),
  reason: text('reason').notNull(),
  /** What it belongs to: a report's version, a stay. */
  subject: text('subject').notNull(),
  effectiveAt: moment('effective_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
}, (t) => [
  foreignKey({ name: 'movement_from_account', columns: [t.book, t.from], foreignColumns: [account.book, account.name] }),
  foreignKey({ name: 'movement_to_account', columns: [t.book, t.to], foreignColumns: [account.book, account.name] }),
  check('movement_is_positive', sql`${t.quantity} > 0`),
  check('movement_goes_elsewhere', sql`${t.from} <> ${t.to}`),
  index('movement_by_book').on(t.book, t.id),
  index('movement_by_telling').on(t.book, t.recordedAt),
  index('movement_by_effect').on(t.effectiveAt),
  index('movement_by_subject').on(t.subject),
])

/** A promise of so many: open until it is settled, voided or expired, exactly once. */
export const hold = pgTable('hold', {
  id: text('id').primaryKey(),
  book: text('book').notNull(),
  account: text('account').notNull(),
  quantity: integer('quantity').notNull(),
  purpose: text('purpose').notNull(),
  state: text('state').notNull(),
  deadline: moment('deadline'),
  madeAt: moment('made_at').notNull(),
  madeBy: text('made_by').notNull(),
  resolvedAt: moment('resolved_at'),
}, (t) => [
  foreignKey({ name: 'hold_account', columns: [t.book, t.account], foreignColumns: [account.book, account.name] }),
  check('hold_is_positive', sql`${t.quantity} > 0`),
  check('hold_state_is_known', sql`${t.state} in ('open', 'settled', 'voided', 'expired')`),
  check('hold_is_resolved_once', sql`(${t.state} = 'open') = (${t.resolvedAt} is null)`),
  // One open promise for one purpose: asking twice for the same is asking once.
  uniqueIndex('hold_is_open_once').on(t.book, t.account, t.purpose).where(sql`${t.state} = 'open'`),
  index('hold_by_account').on(t.book, t.account),
])
