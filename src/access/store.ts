import { and, eq, gt, inArray, lt, ne, sql } from 'drizzle-orm'
import type { Tx } from '../db/database.js'
import { allRecords, currentRecord, type RecordKind, recordKind } from '../db/records.js'
import type { Refusal } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { type Account, type ApiKey, demonstrationId, isAdministrator } from './accounts.js'
import { accountPassword, apiKey, apiKeySecret, invitation, knownDevice, session, staffAccount } from './tables.js'

export const ACCOUNTS = recordKind<Account>('accounts', staffAccount)
export const API_KEYS = recordKind<ApiKey>('apiKeys', apiKey)

const TAKEN: Refusal = {
  code: 'alreadyExists', text: text('此编号已是另一账号或密钥的编号，请换一个', 'the id is that of another account or key already; take another one'),
}
/** What the database's guards say of accounts and keys. */
export const ACCESS_GUARDS: Readonly<Record<string, Refusal>> = { staff_account_is_its_principal: TAKEN, api_key_is_its_principal: TAKEN }

/** The password of an account that may sign in; null when there is none. */
export async function passwordOf(tx: Tx, account: string): Promise<string | null> {
  const [row] = await tx.select({ hash: accountPassword.hash }).from(accountPassword).where(eq(accountPassword.account, account))
  return row?.hash ?? null
}

export async function setPassword(tx: Tx, account: string, hash: string, at: Date): Promise<void> {
  await tx.insert(accountPassword).values({ account, hash, changedAt: at })
    .onConflictDoUpdate({ target: accountPassword.account, set: { hash, changedAt: at } })
}

/** The account may be taken by whoever brings the word; an older word is void. */
export async function putInvitation(tx: Tx, account: string, hash: string, endsAt: Date): Promise<void> {
  await tx.insert(invitation).values({ account, hash, endsAt })
    .onConflictDoUpdate({ target: invitation.account, set: { hash, endsAt } })
}

/** The account that a word opens, which it does once; null when there is none. */
export async function takeInvitation(tx: Tx, hash: string, now: Date): Promise<string | null> {
  const [row] = await tx.delete(invitation).where(and(eq(invitation.hash, hash), gt(invitation.endsAt, now))).returning({ account: invitation.account })
  return row?.account ?? null
}

/** The account that a word would open. */
export async function invitedBy(tx: Tx, hash: string, now: Date): Promise<string | null> {
  const [row] = await tx.select({ account: invitation.account }).from(invitation).where(and(eq(invitation.hash, hash), gt(invitation.endsAt, now)))
  return row?.account ?? null
}

export interface Session {
  readonly account: string
  readonly beganAt: Date
  readonly seenAt: Date
  readonly endsAt: Date
}

export async function beginSession(tx: Tx, { hash, ...of }: Session & { hash: string }): Promise<void> {
  await tx.insert(session).values({ hash, ...of })
}

/** The sessions of some secrets by their hashes, while they last. `idleSince`: they have been used since then. */
export async function sessionsOf(tx: Tx, hashes: readonly string[], { now, idleSince }: { now: Date; idleSince: Date }): Promise<Map<string, Session>> {
  if (hashes.length === 0) return new Map()
  const rows = await tx.select().from(session).where(and(inArray(session.hash, [...new Set(hashes)]), gt(session.endsAt, now), gt(session.seenAt, idleSince)))
  return new Map(rows.map((row) => [row.hash, row]))
}

export async function seeSession(tx: Tx, hash: string, now: Date): Promise<void> {
  await tx.update(session).set({ seenAt: now }).where(and(eq(session.hash, hash), lt(session.seenAt, now)))
}

export async function endSession(tx: Tx, hash: string): Promise<void> {
  await tx.delete(session).where(eq(session.hash, hash))
}

/** Every session of an account but one. */
export async function endSessionsOf(tx: Tx, account: string, but: string | null): Promise<void> {
  await tx.delete(session).where(and(eq(session.account, account), but === null ? undefined : ne(session.hash, but)))
}

/** What nobody can use any more. */
export async function forgetEnded(tx: Tx, { now, devicesBefore }: { now: Date; devicesBefore: Date }): Promise<void> {
  await tx.delete(session).where(lt(session.endsAt, now))
  await tx.delete(apiKeySecret).where(lt(apiKeySecret.endsAt, now))
  await tx.delete(invitation).where(lt(invitation.endsAt, now))
  await tx.delete(knownDevice).where(lt(knownDevice.seenAt, devicesBefore))
}

export async function isKnownDevice(tx: Tx, account: string, hash: string): Promise<boolean> {
  const rows = await tx.select({ hash: knownDevice.hash }).from(knownDevice).where(and(eq(knownDevice.account, account), eq(knownDevice.hash, hash)))
  return rows.length > 0
}

export async function knowDevice(tx: Tx, account: string, hash: string, at: Date): Promise<void> {
  await tx.insert(knownDevice).values({ account, hash, seenAt: at })
    .onConflictDoUpdate({ target: [knownDevice.account, knownDevice.hash], set: { seenAt: at } })
}

/** The newest secret of a key has no end of its own: it ends when the record says so. */
const AS_ITS_KEY = sql`'infinity'::timestamptz`

/** Whose some secrets are, by their hashes, as far as they are still good; how long the keys are, their records say. */
export async function keysOf(tx: Tx, hashes: readonly string[], now: Date): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map()
  const rows = await tx.select({ hash: apiKeySecret.hash, key: apiKeySecret.apiKey }).from(apiKeySecret)
    .where(and(inArray(apiKeySecret.hash, [...new Set(hashes)]), gt(apiKeySecret.endsAt, now)))
  return new Map(rows.map(({ hash, key }) => [hash, key]))
}

/** A new secret; the one that was the newest lasts until `overlapEndsAt`, and what is older is gone at once. */
export async function addSecret(tx: Tx, id: string, { hash, now, overlapEndsAt }: { hash: string; now: Date; overlapEndsAt: Date }): Promise<void> {
  await tx.delete(apiKeySecret).where(and(eq(apiKeySecret.apiKey, id), ne(apiKeySecret.endsAt, AS_ITS_KEY)))
  await tx.update(apiKeySecret).set({ endsAt: overlapEndsAt }).where(eq(apiKeySecret.apiKey, id))
  await tx.insert(apiKeySecret).values({ apiKey: id, hash, madeAt: now, endsAt: AS_ITS_KEY })
}

/** Every account is locked until the transaction ends: two administrators who end each other's office would both be the other's successor. */
export async function lockAccounts(tx: Tx): Promise<void> {
  await tx.execute(sql`select id from ${staffAccount} order by id collate "C" for no key update`)
}

/**
 * Ids of those who can sign in and look after accounts: whoever has not taken their invitation cannot, and its word may
 * be void by then. In a demonstration its own administrator needs no password.
 */
export async function signingAdministrators(tx: Tx, isDemonstration: boolean): Promise<string[]> {
  const administrators = Object.entries(await allRecords(tx, ACCOUNTS, null)).filter(([, account]) => isAdministrator(account)).map(([id]) => id)
  const rows = await tx.select({ account: accountPassword.account }).from(accountPassword).where(inArray(accountPassword.account, administrators))
  const signing = new Set([...rows.map(({ account }) => account), ...(isDemonstration ? [demonstrationId('administrator')] : [])])
  return administrators.filter((id) => signing.has(id))
}

export async function accountOf(tx: Tx, id: string): Promise<Account | null> {
  return (await currentRecord(tx, ACCOUNTS, id))?.body ?? null
}

/** What some accounts, or some keys, are now. */
export async function presentOf<Body>(tx: Tx, kind: RecordKind<Body>, ids: Iterable<string>): Promise<Map<string, Body>> {
  const wanted = [...new Set(ids)]
  return wanted.length === 0 ? new Map() : new Map(Object.entries(await allRecords(tx, kind, null, wanted)))
}

/** Accounts of a post, however its name is written; none: the post signs in nowhere. */
export async function accountsOfPost(tx: Tx, post: string): Promise<Account[]> {
  const rows = await tx.select({ id: staffAccount.id }).from(staffAccount).where(sql`lower(${staffAccount.id}) = ${post.toLowerCase()}`)
  return rows.length === 0 ? [] : Object.values(await allRecords(tx, ACCOUNTS, null, rows.map(({ id }) => id)))
}
