import type { Database, Tx } from '../db/database.js'
import { currentRecord } from '../db/records.js'
import { refuse, refuseAt } from '../kernel/refusal.js'
import type { Grant, HeldGrant, Principal } from '../kernel/roles.js'
import { momentOf } from '../kernel/time.js'
import { accountOf, API_KEYS, isSecretOf, seeSession, sessionOf } from './store.js'
import { cookieIn, keyIn, secretHash, SESSION_COOKIE } from './tokens.js'

/** What a request brings to say who asks. */
export interface Credentials {
  readonly cookie: string | undefined
  readonly authorization: string | undefined
  readonly origin: string | undefined
  /** Whether it may change data; then a browser has to say that it comes from our own page. */
  readonly isUnsafe: boolean
  /** The service’s own address, as the request reached it. */
  readonly address: string
}

/** What identifying needs of the world around access. */
export interface Grounds {
  readonly db: Database
  readonly now: () => Date
  /** The places that each scope reaches, as the city is now. */
  readonly held: (tx: Tx, grants: readonly Grant[]) => Promise<HeldGrant[]>
  /** Whether an origin is one at which the service is reached. */
  readonly isOwnOrigin: (origin: string) => boolean
}

export type Identify = (credentials: Credentials) => Promise<Principal | null>

export const IDLE_MILLISECONDS = 30 * 60_000
/** A session is written as seen once a minute, not with every request. */
const SEEN_MILLISECONDS = 60_000

/**
 * Who asks, by a session's cookie or a key; null: nobody said. What was taken away counts from the next request on.
 * Refuses: notSignedIn for a key or a session that is none, wrongOrigin, invalidInput for both at once.
 */
export const identifyBy = ({ db, now, held, isOwnOrigin }: Grounds): Identify => async ({ cookie, authorization, origin, isUnsafe, address }) => {
  const secret = cookieIn(cookie, SESSION_COOKIE)
  if (authorization !== undefined && secret !== null) {
    throw refuseAt('header:/authorization', '会话与密钥只能用一种', 'send a session’s cookie or a key, not both')
  }
  if (authorization !== undefined) {
    const key = keyIn(authorization)
    const principal = key === null ? null : await db.inSnapshot(async (tx) => {
      const body = (await currentRecord(tx, API_KEYS, key.id))?.body
      const at = now()
      if (body === undefined || body.revoked || momentOf(body.expiresAt) <= at) return null
      return await isSecretOf(tx, key.id, secretHash(key.secret), at) ? { id: key.id, grants: await held(tx, body.grants) } : null
    })
    if (principal === null) throw refuse('notSignedIn', '密钥无效、已过期或已撤销', 'the key is none, has expired or was revoked')
    return principal
  }
  if (secret === null) return null
  // A page of another site can make a browser send the cookie, but not say that it is ours.
  if (isUnsafe && (origin === undefined || !isOwnOrigin(origin))) {
    throw refuse('wrongOrigin',
      `用会话改动数据的请求须带本服务自己的来源：Origin: ${address}（curl 加 -H 'Origin: ${address}'）；其他系统请用密钥`,
      `a request that changes data by a session has to say that it comes from the service itself: Origin: ${address} (for curl -H 'Origin: ${address}'); other systems use a key`)
  }
  const hash = secretHash(secret)
  const found = await db.inSnapshot(async (tx) => {
    const at = now()
    const session = await sessionOf(tx, hash, { now: at, idleSince: new Date(at.getTime() - IDLE_MILLISECONDS) })
    const account = session === null ? null : await accountOf(tx, session.account)
    if (session === null || account === null || account.disabled) return null
    return { session, principal: { id: session.account, grants: await held(tx, account.grants) } }
  })
  if (found === null) return null
  const at = now()
  if (at.getTime() - found.session.seenAt.getTime() > SEEN_MILLISECONDS) await db.inTransaction((tx) => seeSession(tx, hash, at))
  return found.principal
}
