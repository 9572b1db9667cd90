import { sql } from 'drizzle-orm'
import { check, foreignKey, index, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { moment, recordColumns } from '../db/tables.js'
import type { Account as AccountBody, ApiKey as ApiKeyBody } from './accounts.js'

/**
 * Whom the journal knows by an id alone: an account or a key, never both. A trigger of either table puts its rows in, and
 * each refers to its own here, so that whoever comes second with an id finds it taken, however close behind.
 */
export const principal = pgTable('principal', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
}, (t) => [check('principal_kind_is_known', sql`${t.kind} in ('account', 'key')`), unique('principal_is_of_one_kind').on(t.id, t.kind)])

const kindIs = (kind: 'account' | 'key') => text('kind').notNull().generatedAlwaysAs(sql.raw(`'${kind}'::text`))

/** Posts and numbers of staff that sign in, and what they may. */
export const staffAccount = pgTable('staff_account', { ...recordColumns<AccountBody>(), kind: kindIs('account') },
  (t) => [foreignKey({ name: 'staff_account_is_its_principal', columns: [t.id, t.kind], foreignColumns: [principal.id, principal.kind] })])

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
export const apiKey = pgTable('api_key', { ...recordColumns<ApiKeyBody>(), kind: kindIs('key') },
  (t) => [foreignKey({ name: 'api_key_is_its_principal', columns: [t.id, t.kind], foreignColumns: [principal.id, principal.kind] })])

/**
 * Secrets of a key: the newest, which lasts as long as its key (`infinity` here), and the one before it for a while, so
 * that it can be changed without a gap.
 */
export const apiKeySecret = pgTable('api_key_secret', {
  hash: text('hash').primaryKey(),
  apiKey: text('api_key').notNull().references(() => apiKey.id),
  madeAt: moment('made_at').notNull(),
  endsAt: moment('ends_at').notNull(),
}, (t) => [
  check('api_key_secret_ends_after_it_was_made', sql`${t.endsAt} > ${t.madeAt}`),
  index('api_key_secret_by_key').on(t.apiKey),
])
