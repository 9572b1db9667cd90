import { sql } from 'drizzle-orm'
import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { moment, recordColumns } from '../db/tables.js'
import type { Account as AccountBody, ApiKey as ApiKeyBody } from './accounts.js'

/** Posts and numbers of staff that sign in, and what they may. */
export const staffAccount = pgTable('staff_account', { ...recordColumns<AccountBody>() })

/** What proves an account: an argon2id hash, in no history. None: nobody has accepted its invitation yet. */
export const accountPassword = pgTable('account_password', {
  account: text('account').primaryKey().references(() => staffAccount.id),
  hash: text('hash').notNull(),
  changedAt: moment('changed_at').notNull(),
})

/** A word that makes somebody the holder of an account, once. */
export const invitation = pgTable('invitation', {
  account: text('account').primaryKey().references(() => staffAccount.id),
  hash: text('hash').notNull(),
  endsAt: moment('ends_at').notNull(),
})

/** Who has signed in: the hash of the cookie's secret, never the secret. */
export const session = pgTable('session', {
  hash: text('hash').primaryKey(),
  account: text('account').notNull().references(() => staffAccount.id),
  beganAt: moment('began_at').notNull(),
  seenAt: moment('seen_at').notNull(),
  endsAt: moment('ends_at').notNull(),
}, (t) => [
  check('session_ends_after_it_began', sql`${t.endsAt} > ${t.beganAt}`),
  index('session_by_account').on(t.account), index('session_by_end').on(t.endsAt),
])

/** Browsers from which an account has signed in. */
export const knownDevice = pgTable('known_device', {
  account: text('account').notNull().references(() => staffAccount.id),
  hash: text('hash').notNull(),
  seenAt: moment('seen_at').notNull(),
}, (t) => [primaryKey({ columns: [t.account, t.hash] })])

/** Other systems that ask by themselves. */
export const apiKey = pgTable('api_key', { ...recordColumns<ApiKeyBody>() })

/** Secrets of a key: the newest, and the one before it for a while, so that it can be changed without a gap. */
export const apiKeySecret = pgTable('api_key_secret', {
  hash: text('hash').primaryKey(),
  apiKey: text('api_key').notNull().references(() => apiKey.id),
  madeAt: moment('made_at').notNull(),
  endsAt: moment('ends_at').notNull(),
}, (t) => [
  check('api_key_secret_ends_after_it_was_made', sql`${t.endsAt} > ${t.madeAt}`),
  index('api_key_secret_by_key').on(t.apiKey),
])
