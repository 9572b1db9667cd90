import type { Context } from 'hono'
import { type Act, beginAct } from '../db/act.js'
import type { Database, Needs, Tx } from '../db/database.js'
import { claimKey, keepAnswer, type Kept, type KeyRow } from '../db/idempotency.js'
import type { Clock } from '../kernel/clock.js'
import { canonicalJson, sha256 } from '../kernel/canonical.js'
import { REFUSALS, refuse, refuseAt } from '../kernel/refusal.js'
import { type Problem, problemOf, refusalOf } from './problem.js'
import type { Env, Service } from './service.js'

/** What a command answers when it took effect. */
export interface Answer<T, S extends number> {
  readonly status: S
  readonly body: T
  readonly headers?: Readonly<Record<string, string>>
}

/** Thrown to answer with bytes that were kept before. */
export class Answered extends Error {
  override name = 'Answered'
  constructor(readonly kept: Kept) {
    super(`answered before with ${kept.status}`)
  }
}

/**
 * One unsafe request, exactly once. The key's row goes in first, in the transaction of the effect: a second request
 * with the key waits for the first and gets its answer. A refusal has no effect, and is kept for the key as well.
 */
export async function command<T, S extends number>(
  c: Context<Env>, { db, clock, guards, isDrill }: Service, work: (act: Act) => Promise<Answer<T, S>>, needs: Needs = {},
): Promise<Answer<T, S>> {
  const row = { actor: c.get('who').id, key: keyOf(c), requestHash: await requestHashOf(c) }
  try {
    const done = await db.inTransaction(async (tx) => {
      const before = await claimed(tx, row, clock.now())
      if (before !== null) return before
      const answer = await work(actIn(c, tx, clock))
      await keepAnswer(tx, row, { status: answer.status, headers: answer.headers ?? {}, body: JSON.stringify(answer.body) })
      return { answer }
    }, needs)
    return 'kept' in done ? replay(done.kept) : done.answer
  } catch (error) {
    const refusal = refusalOf(error, guards)
    // What says nothing about the request itself is not its answer: the same key may try again.
    if (refusal === null || REFUSALS[refusal.code][0] >= 500 || refusal.code === 'keyReused') throw error
    throw new Answered(await keepRefusal(db, row, problemOf(refusal, { language: c.get('language'), requestId: c.get('requestId'), isDrill, about: c.get('about') }), clock.now()))
  }
}

const actIn = (c: Context<Env>, tx: Tx, clock: Clock): Act =>
  beginAct({ tx, who: c.get('who'), reach: c.get('reach'), ifMatch: c.req.header('if-match') }, clock, c.get('requestId'))

/** A change whose answer holds a secret, which is kept nowhere: it takes no key, and to ask again is to get another. */
export const unkept = <T>(c: Context<Env>, { db, clock }: Service, work: (act: Act) => Promise<T>): Promise<T> =>
  db.inTransaction((tx) => work(actIn(c, tx, clock)))

/** Null when the key is ours now; else the answer that was kept for it. */
async function claimed(tx: Tx, row: KeyRow, at: Date): Promise<{ kept: Kept } | null> {
  const before = await claimKey(tx, row, at)
  if (before === null || before.sameRequest) return before
  throw refuse('keyReused', '此键已用于内容不同的请求；请换一个新键', 'the key was used for another request; take a new one')
}

/** Whoever came first with the key decides its answer. */
const keepRefusal = (db: Database, row: KeyRow, problem: Problem, at: Date): Promise<Kept> =>
  db.inTransaction(async (tx) => {
    const before = await claimed(tx, row, at)
    if (before !== null) return before.kept
    await keepAnswer(tx, row, problem)
    return problem
  })

/** Bytes of a success go out as they were kept; a refusal that was kept is thrown. */
function replay<T, S extends number>(kept: Kept): Answer<T, S> {
  const headers = { ...kept.headers, 'idempotency-replayed': 'true' }
  if (kept.status >= 400) throw new Answered({ ...kept, headers })
  return { status: kept.status as S, body: JSON.parse(kept.body) as T, headers }
}

function keyOf(c: Context<Env>): string {
  const key = c.req.header('idempotency-key') ?? ''
  if (/^[\x21-\x7e]{8,200}$/.test(key)) return key
  if (key !== '') throw refuseAt('header:/idempotency-key', 'Idempotency-Key 应为 8 至 200 个可见 ASCII 字符', 'Idempotency-Key must be 8 to 200 visible ASCII characters')
  throw refuse('keyMissing',
    '改动数据的请求要带 Idempotency-Key：8 至 200 个可见 ASCII 字符，每件事一个新键，重试用原键',
    'a request that changes data carries an Idempotency-Key of 8 to 200 visible ASCII characters: a new one for each thing done, the same one for a retry')
}

/** Whether the body says that it is JSON; then the door has read it. */
export const isJson = (c: Context<Env>): boolean => /^application\/(?:[\w.+-]+\+)?json\b/i.test(c.req.header('content-type') ?? '')

/** What makes two requests the same: method, address, condition and content. */
async function requestHashOf(c: Context<Env>): Promise<string> {
  const content = isJson(c) ? canonicalJson(await c.req.json()) : sha256(Buffer.from(await c.req.arrayBuffer()).toString('latin1'))
  const url = new URL(c.req.url)
  return sha256([c.req.method, url.pathname, url.search, c.req.header('if-match') ?? '', content].join('\n'))
}
