import type { Database, Tx } from '../db/database.js'
import { writeJournal } from '../db/journal.js'
import type { Clock } from '../kernel/clock.js'
import { refuse, type Refused } from '../kernel/refusal.js'
import { checkPassword, hashed, isPassword } from './passwords.js'
import {
  accountOf, ACCOUNTS, beginSession, endSession, endSessionsOf, invitedBy, isKnownDevice, knowDevice, passwordOf, putInvitation, setPassword, takeInvitation,
} from './store.js'
import { takeEach, Throttle } from './throttle.js'
import { secretHash, type Secrets } from './tokens.js'

export const SESSION_MILLISECONDS = 12 * 3600_000
export const DEVICE_MILLISECONDS = 180 * 24 * 3600_000
const INVITATION_MILLISECONDS = 24 * 3600_000

/** Where a try to sign in comes from. */
export interface From {
  readonly request: string
  /** The address from which it comes. */
  readonly address: string
  /** The device cookie, when there is one. */
  readonly device: string | null
}

/** A session that has begun: secrets for the two cookies, shown to nobody else. */
export interface Begun {
  readonly account: string
  readonly session: string
  readonly device: string
}

const failed = (): Refused => refuse('signInFailed', '账号或密码不对', 'the account or the password is not right')

/** Signing in and out. Nothing here is kept for an Idempotency-Key: its answers hold secrets. */
export class SignIn {
  // Ten a minute for one account from one address, sixty from one address: guessing is hopeless, a mistyped word is not.
  private readonly ofAccount = new Throttle(10)
  private readonly ofAddress = new Throttle(60)
  // Words of invitation are of 256 bits: this keeps the store from being asked, and nobody's guesses of passwords count.
  private readonly ofInvitations = new Throttle(60)

  constructor(private readonly db: Database, private readonly clock: Clock, private readonly secrets: Secrets) {}

  /** Refuses: signInFailed, the same whether there is such an account or not, and tooManyTries. */
  async withPassword(account: string, password: string, from: From): Promise<Begun> {
    const now = this.clock.now()
    const { device } = from
    const isKnown = device !== null && await this.db.inSnapshot((tx) => isKnownDevice(tx, account, secretHash(device)))
    // Somebody else's guesses from the same address do not stand in the way of a browser that has been here before.
    const bucket = isKnown ? `device ${secretHash(device)}` : `address ${from.address} ${account}`
    takeEach([...(isKnown ? [] : [[this.ofAddress, from.address] as const]), [this.ofAccount, bucket]], now.getTime())
    const stored = await this.db.inSnapshot(async (tx) => {
      const found = await accountOf(tx, account)
      return found === null || found.disabled ? null : passwordOf(tx, account)
    })
    if (!await isPassword(password, stored)) throw failed()
    this.ofAccount.clear(bucket)
    return this.db.inTransaction(async (tx) => {
      // It may have been changed while this one was compared.
      if (await passwordOf(tx, account) !== stored) throw failed()
      return this.begin(tx, account, from, 'signedIn')
    })
  }

  /** Whoever brings the word that an administrator, or the first start, gave out takes the account. Refuses: signInFailed, weakPassword. */
  async withInvitation(word: string, password: string, from: From): Promise<Begun> {
    const now = this.clock.now()
    this.ofInvitations.take(from.address, now.getTime())
    const hash = secretHash(word)
    const invited = await this.db.inSnapshot((tx) => invitedBy(tx, hash, now))
    if (invited === null) throw noInvitation()
    checkPassword(password, invited)
    const stored = await hashed(password)
    return this.db.inTransaction(async (tx) => {
      const account = await takeInvitation(tx, hash, now)
      if (account === null || (await accountOf(tx, account))?.disabled !== false) throw noInvitation()
      await setPassword(tx, account, stored, now)
      await endSessionsOf(tx, account, null)
      return this.begin(tx, account, from, 'invitationAccepted')
    })
  }

  /** A demonstration lets anybody act for any role. */
  withoutPassword(account: string, from: From): Promise<Begun> {
    return this.db.inTransaction(async (tx) => {
      if (await accountOf(tx, account) === null) throw failed()
      return this.begin(tx, account, from, 'signedIn')
    })
  }

  /** Refuses: signInFailed, weakPassword, tooManyTries. Every other session of the account ends. */
  async changePassword(account: string, { old, next }: { old: string; next: string }, { session, request }: { session: string | null; request: string }): Promise<void> {
    this.ofAccount.take(`change ${account}`, this.clock.now().getTime())
    const stored = await this.db.inSnapshot((tx) => passwordOf(tx, account))
    if (!await isPassword(old, stored)) throw failed()
    checkPassword(next, account)
    const hash = await hashed(next)
    const at = this.clock.now()
    await this.db.inTransaction(async (tx) => {
      if (await passwordOf(tx, account) !== stored) throw failed()
      await setPassword(tx, account, hash, at)
      await endSessionsOf(tx, account, session === null ? null : secretHash(session))
      await this.note(tx, account, 'passwordChanged', request)
    })
  }

  async out(account: string, session: string, request: string): Promise<void> {
    await this.db.inTransaction(async (tx) => {
      await endSession(tx, secretHash(session))
      await this.note(tx, account, 'signedOut', request)
    })
  }

  /** A word with which somebody takes the account, once and within a day; it is shown this once. */
  async invite(tx: Tx, account: string): Promise<string> {
    const word = this.secrets()
    await putInvitation(tx, account, secretHash(word), new Date(this.clock.now().getTime() + INVITATION_MILLISECONDS))
    return word
  }

  private async begin(tx: Tx, account: string, { request, device: known }: From, action: string): Promise<Begun> {
    const at = this.clock.now()
    const session = this.secrets()
    const device = known ?? this.secrets()
    await beginSession(tx, { hash: secretHash(session), account, beganAt: at, seenAt: at, endsAt: new Date(at.getTime() + SESSION_MILLISECONDS) })
    await knowDevice(tx, account, secretHash(device), at)
    await this.note(tx, account, action, request)
    return { account, session, device }
  }

  private note(tx: Tx, account: string, action: string, request: string): Promise<void> {
    return writeJournal(tx, [{ action, kind: ACCOUNTS.kind, subject: account, details: {} }], { at: this.clock.now(), by: account, request })
  }
}

const noInvitation = (): Refused =>
  refuse('signInFailed', '邀请无效、已用过或已过期；请向系统管理员再要一个', 'the invitation is none, was used or has expired; ask an administrator for another')
