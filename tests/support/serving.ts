import { type ChildProcess, spawn } from 'node:child_process'
import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { buildApp } from '../../src/app/app.js'
import { CONNECTIONS } from '../../src/app/listening.js'
import { machine } from '../../src/app/machine.js'
import type { Database } from '../../src/db/database.js'
import { issuedAt } from '../../src/dispatch/issued.js'
import type { Identify } from '../../src/access/identify.js'
import { remembered } from '../../src/kernel/remembered.js'
import { ROLES, SYSTEM } from '../../src/kernel/roles.js'
import { instantOf, momentOf } from '../../src/kernel/time.js'
import { keysOf } from '../../src/kernel/vocabulary.js'
import type { Clock } from '../../src/kernel/clock.js'
import { RunLoop, type RunLoopNeeds } from '../../src/planning/runLoop.js'
import { planFor } from '../../src/planning/run.js'

export interface Served {
  /** http://127.0.0.1:port */
  readonly address: string
  readonly app: ReturnType<typeof buildApp>
  /** Errors that were nobody's answer; a test ends by finding none. */
  readonly bugs: unknown[]
  readonly close: () => Promise<void>
}

/** A clock that stands until it is moved, for tests that look at times. */
export class StandingClock implements Clock {
  constructor(protected at: Date) {}
  readonly now = (): Date => new Date(this.at)
  readonly newId = machine.newId
  forward(milliseconds: number): void {
    this.at = new Date(this.at.getTime() + milliseconds)
  }
}

/** A clock that goes on by a second whenever anybody looks: nothing takes no time. */
export class TickingClock extends StandingClock {
  override readonly now = (): Date => {
    this.forward(1000)
    return new Date(this.at)
  }
}

interface Serving {
  readonly clock?: Clock
  readonly isPlanning?: boolean
  readonly planner?: RunLoopNeeds['planFor']
  /** Null: by sessions and keys, as in earnest. */
  readonly identify?: Identify | null
  readonly isDemonstration?: boolean
  readonly isDrill?: boolean
  readonly proxies?: readonly string[]
}

/**
 * For tests that are about something else: `Authorization: Post <id>` is that post, which may do everything; without it
 * `local`. `Post nobody` is nobody, and `Post idle` somebody without a role.
 */
export const byPost: Identify = async ({ authorization = 'Post local' }) => {
  const post = /^Post ([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/.exec(authorization)?.[1] ?? 'nobody'
  if (post === 'nobody') return null
  return post === 'idle' ? { id: post, grants: [] } : { ...SYSTEM, id: post }
}

/** The real service over a real socket, in this process. `isPlanning`: it computes plans as well. */
export async function serving(
  db: Database, { clock = machine, isPlanning = false, planner = planFor, identify = byPost, isDemonstration = false, isDrill = false, proxies = [] }: Serving = {},
): Promise<Served> {
  const bugs: unknown[] = []
  const app = buildApp({
    db, clock, version: '0', stopwatch: machine.stopwatch, onRequest: () => undefined, onBug: (error) => bugs.push(error),
    secrets: machine.secret, origins: [], proxies, isProduction: false, isDemonstration, isDrill, ...(identify === null ? {} : { identify }),
  })
  const loop = isPlanning ? new RunLoop({ db, clock, worker: 'test', issuedAt, planFor: planner, onTrouble: (why) => bugs.push(why) }) : null
  loop?.start()
  const server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: app.app.fetch, hostname: '127.0.0.1', port: 0, serverOptions: CONNECTIONS }, () => resolve(started as Server))
  })
  server.on('clientError', app.answerUnread)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    address: `http://127.0.0.1:${port}`, app, bugs,
    close: async () => {
      await app.close()
      await loop?.stop()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export interface Process extends Started {
  readonly address: string
}

interface Started {
  readonly child: ChildProcess
  /** What it has printed so far, on either stream. */
  readonly printed: () => string
  /** Its code when it is gone; null when it was killed by a signal. */
  readonly gone: Promise<number | null>
  /** Ends it with a signal and waits until it is gone. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
}

const START_MILLISECONDS = 110_000
const LOOK_MILLISECONDS = 50

function started(file: 'main' | 'worker', env: Readonly<Record<string, string>>): Started {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../../src/${file}.js`, import.meta.url))], {
    env: { ...process.env, PORT: '0', SCENARIO: 'none', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const hear = (chunk: Buffer) => void (printed += chunk.toString('utf8'))
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  // Not before its last words are read.
  const gone = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    child, printed: () => printed, gone,
    end: async (signal) => {
      child.kill(signal)
      return gone
    },
  }
}

/** What `isReady` gives once it gives something; throws what the process printed when it ends or takes too long. */
async function whenReady<T>({ child, printed, end }: Started, isReady: () => Promise<T | null>): Promise<T> {
  const deadline = machine.stopwatch() + START_MILLISECONDS
  for (;;) {
    const ready = await isReady()
    if (ready !== null) return ready
    if (child.exitCode !== null || child.signalCode !== null || machine.stopwatch() > deadline) {
      await end('SIGKILL')
      throw new Error(`it did not start: ${printed()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
  }
}

/** A process that is expected to end by itself: what it printed, and its code. */
export async function endedProcess(env: Readonly<Record<string, string>>): Promise<{ code: number | null; printed: string }> {
  const { gone, printed, end } = started('main', env)
  // One that goes on instead is ended, and has no code.
  const late = setTimeout(() => void end('SIGKILL'), START_MILLISECONDS)
  const code = await gone
  clearTimeout(late)
  return { code, printed: printed() }
}

/** A planning process of its own, listening for work. */
export async function startedWorker(env: Readonly<Record<string, string>>): Promise<Started> {
  const worker = started('worker', env)
  await whenReady(worker, async () => (worker.printed().includes('worker') ? worker : null))
  return worker
}

/**
 * The service as a process of its own, ready to be asked; throws what it printed when it does not get there. `store`
 * names its store where that is reached by several addresses.
 */
export async function startedProcess(env: Readonly<Record<string, string>>, store = env['DATABASE_URL'] ?? env['DATA_DIR'] ?? ''): Promise<Process> {
  const service = started('main', env)
  const ready = await whenReady(service, async () => {
    const address = service.printed().match(/http:\/\/127\.0\.0\.1:\d+/)?.[0]
    if (address === undefined) return null
    const isReady = await fetch(`${address}/readyz`).then(({ ok }) => ok).catch(() => false)
    return isReady ? { ...service, address } : null
  })
  const says = remembered(KEYS, store, () => keyOf(ready))
  SAYS.set(ready.address, await says)
  return ready
}

/** What a request to an address says of who asks, when the test says nothing. */
const SAYS = new Map<string, Readonly<Record<string, string>>>()
/** By store: it outlives its services. */
const KEYS = new Map<string, Promise<Readonly<Record<string, string>>>>()

/** Gets in as whoever starts a service does: into a demonstration without a password, into a new store by the word that it prints. */
async function keyOf({ address, printed }: Process): Promise<Readonly<Record<string, string>>> {
  const word = /The word (\S{43})/.exec(printed())?.[1]
  const cookie = ({ headers }: Said): { cookie: string; origin: string } =>
    ({ cookie: headers.getSetCookie().map((line) => line.split(';')[0]).join('; '), origin: address })
  if (word === undefined) return cookie(await ask(address, '/api/demonstration/session', { method: 'POST', body: { role: 'planner' } }))
  const administrator = cookie(await ask(address, '/api/invitation', { method: 'POST', body: { word, password: 'twelve grey herons by the weir' } }))
  const grants = keysOf(ROLES).map((role) => ({ role, scope: { kind: 'city' } }))
  const title = { zh: '测试', en: 'tests' }
  // By the clock of the service, which may be another than ours.
  const { recordedAt } = (await ask(address, '/api/accounts/administrator', { headers: administrator })).json as { recordedAt: string }
  const expiresAt = instantOf(new Date(momentOf(recordedAt).getTime() + 86_400_000))
  await ask(address, '/api/api-keys/local', { method: 'PUT', body: { title, grants, expiresAt }, headers: administrator })
  const { key } = (await ask(address, '/api/api-keys/local/secret', { method: 'POST', headers: administrator })).json as { key: string }
  return { authorization: `Bearer ${key}` }
}

export interface Said {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

export interface Asked {
  readonly method?: string
  readonly body?: unknown
  /** Bytes of another type than JSON. */
  readonly bytes?: { readonly type: string; readonly content: Uint8Array }
  readonly headers?: Readonly<Record<string, string>>
  /** For unsafe requests; a new one each time when left out. */
  readonly key?: string
  /** After so many milliseconds it throws instead of waiting on. */
  readonly patience?: number
}

let asked = 0

/** One request to the API; `path` begins with /api or another root. */
export async function ask(address: string, path: string, { method = 'GET', body, bytes, headers = {}, key, patience }: Asked = {}): Promise<Said> {
  asked += 1
  const isUnsafe = method !== 'GET' && method !== 'HEAD'
  const content = bytes === undefined ? (body === undefined ? null : JSON.stringify(body)) : Buffer.from(bytes.content)
  const type = bytes?.type ?? (body === undefined ? undefined : 'application/json')
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      'accept-language': 'en',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(isUnsafe ? { 'idempotency-key': key ?? `key-${process.pid}-${asked}-${machine.newId()}` } : {}),
      ...SAYS.get(address),
      ...headers,
    },
    body: content,
    signal: patience === undefined ? null : AbortSignal.timeout(patience),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
