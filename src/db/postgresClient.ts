import { connect, type Socket } from 'node:net'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { BrokenInvariant } from '../kernel/invariant.js'
import type { Tx } from './database.js'
import { DatabaseUnavailable } from './errors.js'
import { POSTGRES_TYPES } from './postgresTypes.js'

/** Seconds and milliseconds that one connection is given. */
export const LIMITS = {
  connectSeconds: 5,
  statementMilliseconds: 5_000,
  lockMilliseconds: 2_000,
  idleInTransactionMilliseconds: 10_000,
} as const

interface Target {
  readonly host: readonly string[]
  readonly port: readonly number[]
  readonly path: string | false
}

export interface ClientOptions {
  readonly url: string
  /** Milliseconds a statement may take; 0 for migrating, which has no limit. */
  readonly statementMilliseconds?: number
  readonly isReadOnly?: boolean
  readonly heard?: (channel: string, payload: string) => void
}

/**
 * One client with exactly one connection. The driver would connect again by itself and go on with the statements of
 * a broken transaction there; here the second socket is refused, so that a client whose connection is gone is gone.
 */
export class PostgresClient {
  readonly sql: postgres.Sql
  isLost = false
  /** COMMIT was answered with the warning that there was nothing to commit. */
  committedNothing = false
  private socket: Socket | null = null
  private bytesSeen = -1
  /** What to do when the connection goes. Removed again, so that a client may serve for years. */
  private readonly whenLost = new Set<() => void>()

  constructor({ url, statementMilliseconds, isReadOnly = true, heard }: ClientOptions) {
    const options = {
      max: 1, connect_timeout: LIMITS.connectSeconds, keep_alive: 15,
      // A timer would otherwise end the connection between two statements of one transaction.
      idle_timeout: 0, max_lifetime: null,
      onclose: () => this.markLost(),
      onnotice: (notice: postgres.Notice) => {
        if (notice['code'] === '25P01') this.committedNothing = true
      },
      onnotify: heard,
      socket: (target: Target) => this.firstSocket(target),
      types: POSTGRES_TYPES, fetch_types: false,
      connection: {
        application_name: 'sijizhong',
        TimeZone: 'UTC',
        default_transaction_read_only: isReadOnly,
        statement_timeout: statementMilliseconds ?? LIMITS.statementMilliseconds,
        lock_timeout: statementMilliseconds ?? LIMITS.lockMilliseconds,
        idle_in_transaction_session_timeout: LIMITS.idleInTransactionMilliseconds,
      },
    }
    this.sql = postgres(url, options)
  }

  /** A drizzle handle that refuses every statement once `isOver()`, or once the connection is gone. */
  handle(isOver: () => boolean): Tx {
    const guarded = new Proxy(this.sql, {
      get: (target, key) => {
        if (key === 'unsafe' && isOver()) throw new BrokenInvariant('a statement came after the end of its transaction')
        if (key === 'unsafe' && this.isLost) throw new DatabaseUnavailable('connectionLost')
        // Prepared once a connection: without it every statement with values takes two round trips.
        if (key === 'unsafe') return (text: string, values: never[]) => target.unsafe(text, values, { prepare: true })
        const member: unknown = Reflect.get(target, key)
        return member
      },
    })
    return drizzle(guarded)
  }

  /** Calls `gone` once, when the connection goes; the returned function takes that back. */
  onLost(gone: () => void): () => void {
    this.whenLost.add(gone)
    return () => this.whenLost.delete(gone)
  }

  /** What `promise` gives, or DatabaseUnavailable when the connection goes first: the driver may then say nothing. */
  whileConnected<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new DatabaseUnavailable('connectionLost'))
      const forget = this.onLost(gone)
      promise.then(resolve, reject).finally(forget)
      if (this.isLost) gone()
    })
  }

  /** Runs one statement outside of drizzle. */
  run(statement: string): Promise<postgres.RowList<postgres.Row[]>> {
    return this.whileConnected(this.sql.unsafe(statement))
  }

  /** Ends the connection at once; the server rolls back what was open. */
  throwAway(): void {
    this.markLost()
    this.socket?.destroy()
    // A client that never connected has no socket, but may still have statements that wait for one.
    this.sql.end({ timeout: 0 }).catch(() => undefined)
  }

  /** Whether no byte came or went since this was last asked: with a statement under way, the server is not there. */
  isSilent(): boolean {
    const bytes = (this.socket?.bytesRead ?? 0) + (this.socket?.bytesWritten ?? 0)
    const isSilent = bytes === this.bytesSeen
    this.bytesSeen = bytes
    return isSilent
  }

  /** The server is given a moment to hear of it. */
  async end(): Promise<void> {
    await this.sql.end({ timeout: 1 }).catch(() => undefined)
    this.throwAway()
  }

  private markLost(): void {
    if (this.isLost) return
    this.isLost = true
    for (const gone of [...this.whenLost]) gone()
  }

  private firstSocket({ host, port, path }: Target): Promise<Socket> {
    if (this.socket !== null || this.isLost) return Promise.reject(new DatabaseUnavailable('connectionLost'))
    const socket = path === false ? connect(port[0] ?? 5432, host[0]) : connect(path)
    this.socket = socket
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => socket.destroy(timedOut()), LIMITS.connectSeconds * 1000)
      socket.once('close', () => this.markLost())
      socket.once('error', (error) => {
        clearTimeout(late)
        reject(error)
      })
      socket.once('connect', () => {
        clearTimeout(late)
        // The driver reads the name of the host for TLS from the socket.
        resolve(Object.assign(socket, { host: host[0] }))
      })
    })
  }
}

const timedOut = (): Error => Object.assign(new Error('connecting took too long'), { code: 'CONNECT_TIMEOUT' })
