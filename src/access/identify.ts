import type { Database, Tx } from '../db/database.js'
import { Together } from '../db/together.js'
import { refuse, refuseAt } from '../kernel/refusal.js'
import type { Grant, HeldGrant, Principal } from '../kernel/roles.js'
import { momentOf } from '../kernel/time.js'
import { ACCOUNTS, API_KEYS, keysOf, presentOf, seeSession, sessionsOf } from './store.js'
import { cookieIn, keyIn, secretHash, SESSION_COOKIE } from './tokens.js'

/** What a request brings to say who asks. */
export interface Credentials {
  readonly cookie: string | undefined
  readonly authorization: string | undefined
  readonly origin: string | undefined
  /** The host and port that were asked. */
  readonly host: string
  /** Whether it may change data; then a browser has to say that it comes from our own page. */
  readonly isUnsafe: boolean
  /** The service’s own address, as the request reached it. */
  readonly address: string
}

/** What identifying needs of the world around access. */
export interface Grounds {
  readonly db: Database
  readonly now: () => Date
  /** The places that the scope of each grant reaches, in their order, as the city is now. */
  readonly held: (tx: Tx, grants: readonly Grant[]) => Promise<HeldGrant[]>
  /** Whether a page of an origin is the service's own, when it asks at a host. */
  readonly isOwnOrigin: (origin: string, host: string) => boolean
}

export type Identify = (credentials: Credentials) => Promise<Principal | null>

export const IDLE_MILLISECONDS = 30 * 60_000
/** A session is written as seen once a minute, not with every request. */
const SEEN_MILLISECONDS = 60_000

/** What somebody brings that may be good: the hash of a session's secret, or of the secret of a key. */
interface Claim {
  /** Null: it is a session's. */
  readonly key: string | null
  readonly hash: string
}

/** Null: they bring nothing, or nothing that could be good. */
function claimOf({ cookie, authorization }: Credentials): Claim | null {
  if (authorization !== undefined) {
    const key = keyIn(authorization)
    return key === null ? null : { key: key.id, hash: secretHash(key.secret) }
  }
  const secret = cookieIn(cookie, SESSION_COOKIE)
  return secret === null ? null : { key: null, hash: secretHash(secret) }
}

interface Standing {
  readonly principal: Principal
  /** When the session was last used; null: it is a key. */
  readonly seenAt: Date | null
}

/** Who stands behind each claim at this moment, by as many statements for a thousand of them as for one. */
async function standingsOf(tx: Tx, claims: readonly (Claim | null)[], { now, held }: Grounds): Promise<(Standing | null)[]> {
  const at = now()
  const hashes = (isKey: boolean) => claims.flatMap((claim) => (claim !== null && (claim.key !== null) === isKey ? [claim.hash] : []))
  const sessions = await sessionsOf(tx, hashes(false), { now: at, idleSince: new Date(at.getTime() - IDLE_MILLISECONDS) })
  const secrets = await keysOf(tx, hashes(true), at)
  const accounts = await presentOf(tx, ACCOUNTS, [...sessions.values()].map(({ account }) => account))
  const keys = await presentOf(tx, API_KEYS, secrets.values())
  const standing = (claim: Claim | null) => {
    if (claim === null) return null
    const session = sessions.get(claim.hash)
    if (claim.key === null) {
      const account = session === undefined ? undefined : accounts.get(session.account)
      return session === undefined || account === undefined || account.disabled ? null : { id: session.account, grants: account.grants, seenAt: session.seenAt }
    }
    const key = secrets.get(claim.hash) === claim.key ? keys.get(claim.key) : undefined
    return key === undefined || key.revoked || momentOf(key.expiresAt) <= at ? null : { id: claim.key, grants: key.grants, seenAt: null }
  }
  const found = claims.map(standing)
  const grants = await held(tx, found.flatMap((one) => one?.grants ?? []))
  let from = 0
  return found.map((one) => {
    if (one === null) return null
    const own = grants.slice(from, from += one.grants.length)
    return { principal: { id: one.id, grants: own }, seenAt: one.seenAt }
  })
}

/**
 * Who asks, by a session's cookie or a key; null: nobody said. What was taken away counts from the next request on.
 * Refuses: notSignedIn for a key or a session that is none, wrongOrigin, invalidInput for both at once.
 */
export const identifyBy = (grounds: Grounds): Identify => async (credentials) => {
  const { db, now, isOwnOrigin } = grounds
  const { cookie, authorization, origin, host, isUnsafe, address } = credentials
  if (authorization !== undefined && cookieIn(cookie, SESSION_COOKIE) !== null) {
    throw refuseAt('header:/authorization', '会话与密钥只能用一种', 'send a session’s cookie or a key, not both')
  }
  const claim = claimOf(credentials)
  // A page of another site can make a browser send the cookie, but not say that it is ours.
  if (claim !== null && claim.key === null && isUnsafe && (origin === undefined || !isOwnOrigin(origin, host))) {
    throw refuse('wrongOrigin',
      `用会话改动数据的请求须带本服务自己的来源：Origin: ${address}（curl 加 -H 'Origin: ${address}'）；其他系统请用密钥`,
      `a request that changes data by a session has to say that it comes from the service itself: Origin: ${address} (for curl -H 'Origin: ${address}'); other systems use a key`)
  }
  const [found = null] = claim === null ? [] : await db.inSnapshot((tx) => standingsOf(tx, [claim], grounds))
  if (found === null) {
    if (authorization !== undefined) throw refuse('notSignedIn', '密钥无效、已过期或已撤销', 'the key is none, has expired or was revoked')
    return null
  }
  const at = now()
  if (claim !== null && found.seenAt !== null && at.getTime() - found.seenAt.getTime() > SEEN_MILLISECONDS) {
    await db.inTransaction((tx) => seeSession(tx, claim.hash, at))
  }
  return found.principal
}

/**
 * Who they still are who once asked, for answers that go on; null: nobody any more. To be asked again is no use of a session:
 * it ends when it would end. Many who are asked about at the same time cost one look.
 */
export function stillBy(grounds: Grounds): Identify {
  const together = new Together<Credentials, Standing | null>((asked) => grounds.db.inSnapshot((tx) => standingsOf(tx, asked.map(claimOf), grounds)))
  return async (credentials) => (await together.ask(credentials))?.principal ?? null
}
