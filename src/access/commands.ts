import { type Act, matchVersion } from '../db/act.js'
import { currentRecord, lockRecord, putRecord, type Recorded, type RecordKind } from '../db/records.js'
import { refuse, refuseAt, type Refused } from '../kernel/refusal.js'
import { momentOf } from '../kernel/time.js'
import { type Account, type ApiKey, isAdministrator, KEY_DAYS_MAX } from './accounts.js'
import { ACCOUNTS, addSecret, API_KEYS, endSessionsOf, lockAccounts, signingAdministrators } from './store.js'
import { keyText, secretHash, type Secrets } from './tokens.js'

const DAY_MILLISECONDS = 24 * 3600_000
/** How long the secret before the newest is still good. */
const OVERLAP_MILLISECONDS = 7 * DAY_MILLISECONDS

/** The journal knows accounts and keys by their ids alone. Who comes at the same moment is stopped by the database's own guard. */
async function refuseTaken<Body>(act: Act, other: RecordKind<Body>, id: string): Promise<void> {
  if (await currentRecord(act.tx, other, id) === null) return
  throw refuse('alreadyExists', `${id} 已是另一账号或密钥的编号`, `${id} is the id of another account or key already`)
}

/**
 * Puts an account down or changes it. `isDemonstration`: its administrator signs in without a password. Refuses:
 * versionMissing, changedMeanwhile, alreadyExists, and lastAdministrator where nobody who can sign in would look after accounts.
 */
export async function putAccount(act: Act, id: string, account: Account, isDemonstration = false): Promise<{ record: Recorded<Account>; isNew: boolean }> {
  await lockAccounts(act.tx)
  const before = await lockRecord(act, ACCOUNTS, id)
  if (before === null) await refuseTaken(act, API_KEYS, id)
  matchVersion(act, before)
  if (before !== null && isAdministrator(before.body) && !isAdministrator(account)) {
    const others = (await signingAdministrators(act.tx, isDemonstration)).filter((other) => other !== id)
    if (others.length === 0) throw lastAdministrator(id)
  }
  const record = await putRecord(act.tx, ACCOUNTS, { id, body: account, effectiveAt: act.at, before }, act)
  // Whoever may no longer sign in is out at once.
  if (account.disabled) await endSessionsOf(act.tx, id, null)
  await act.journal({ action: 'put', kind: ACCOUNTS.kind, subject: id, details: { version: record.version, before: before?.body ?? null, after: account } })
  return { record, isNew: before === null }
}

const lastAdministrator = (id: string): Refused => refuse('lastAdministrator',
  `除 ${id} 外没有能登录的系统管理员；请先让另一名系统管理员接受邀请、设好密码`,
  `no administrator but ${id} can sign in; let another one take an invitation and choose a password first`)

/** Puts a key of another system down or changes it. Refuses: versionMissing, changedMeanwhile, alreadyExists, invalidInput. */
export async function putApiKey(act: Act, id: string, key: ApiKey): Promise<{ record: Recorded<ApiKey>; isNew: boolean }> {
  const latest = act.at.getTime() + KEY_DAYS_MAX * DAY_MILLISECONDS
  if (momentOf(key.expiresAt).getTime() > latest) {
    throw refuseAt('/expiresAt', `密钥最长 ${KEY_DAYS_MAX} 天`, `must be within ${KEY_DAYS_MAX} days`)
  }
  const before = await lockRecord(act, API_KEYS, id)
  if (before === null) await refuseTaken(act, ACCOUNTS, id)
  matchVersion(act, before)
  const record = await putRecord(act.tx, API_KEYS, { id, body: key, effectiveAt: act.at, before }, act)
  await act.journal({ action: 'put', kind: API_KEYS.kind, subject: id, details: { version: record.version, before: before?.body ?? null, after: key } })
  return { record, isNew: before === null }
}

/** A new secret for a key, shown this once; the one before is good for a week more, as far as the key is. */
export async function renewApiKey(act: Act, id: string, secrets: Secrets): Promise<string> {
  const secret = secrets()
  await addSecret(act.tx, id, { hash: secretHash(secret), now: act.at, overlapEndsAt: new Date(act.at.getTime() + OVERLAP_MILLISECONDS) })
  await act.journal({ action: 'key.renewed', kind: API_KEYS.kind, subject: id, details: {} })
  return keyText(id, secret)
}
