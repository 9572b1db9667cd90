import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { currentRecord, listRecords, putRecord, recordAt, type Recorded, type RecordKind, versionsOf } from '../db/records.js'
import { idSchema } from '../kernel/ids.js'
import { refuse } from '../kernel/refusal.js'
import { momentOf } from '../kernel/time.js'
import { type Answer, command, etagOf, matchVersion } from './command.js'
import { cursorOf, listAsk, listShape, pageShape, pastOf, pastQuery, recordedOut } from './lists.js'
import { jsonBody, reads, unsafeHeaders, writes } from './openapi.js'
import type { Env, Service } from './service.js'

export const idParams = z.object({ id: z.string().min(1).max(200) })
const newIdParams = z.object({ id: idSchema })

/** One page of a list: `next` goes into `cursor` to read on, null at the end. */
export const pageOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item), next: z.string().nullable() })

/** Addresses of one kind of record: list, one, its history, and putting it down. */
export function recordRoutes<const P extends string, Out extends z.ZodType, In extends z.ZodType, F extends z.ZodRawShape>(
  spec: { path: P; one: string; many: string; tag: string; out: Out; body: In; filters: F },
) {
  const { path, one, many, tag, out, body, filters } = spec
  const tags = [tag]
  const at = `${path}/{id}` as const
  return {
    list: createRoute({
      method: 'get', path, tags, operationId: `list${many}`, summary: `List ${many}`,
      request: { query: z.object({ ...listShape, ...filters }) },
      responses: { 200: jsonBody(pageOf(out), 'One page'), ...reads },
    }),
    get: createRoute({
      method: 'get', path: at, tags, operationId: `get${one}`, summary: `One ${one}`,
      request: { params: idParams, query: pastQuery },
      responses: { 200: jsonBody(out, 'The record, its version as ETag'), ...reads },
    }),
    history: createRoute({
      method: 'get', path: `${at}/history` as const, tags, operationId: `historyOf${one}`, summary: `Versions of one ${one}, the newest first`,
      request: { params: idParams, query: z.object(pageShape) },
      responses: { 200: jsonBody(pageOf(out), 'One page'), ...reads },
    }),
    put: createRoute({
      method: 'put', path: at, tags, operationId: `put${one}`, summary: `Put down or replace one ${one}`,
      request: { params: newIdParams, headers: unsafeHeaders, body: { content: { 'application/json': { schema: body } }, required: true } },
      responses: { 200: jsonBody(out, 'Replaced'), 201: jsonBody(out, 'New'), ...writes },
    }),
  }
}

/** A page of a kind as it goes out; `filters` are fields of the row that the query may ask for. */
export async function listOut<Body extends object, F extends string>(
  { db, clock }: Service, kind: RecordKind<Body>, filters: readonly F[],
  query: z.infer<z.ZodObject<typeof listShape>> & { readonly [K in F]?: string | undefined },
) {
  const equal = Object.fromEntries(filters.map((field) => [field, query[field]]))
  const ask = listAsk(query, equal, clock.now())
  const { records, next } = await db.inSnapshot((tx) => listRecords(tx, kind, ask))
  return { items: records.map((record) => recordedOut(record)), next: cursorOf(next, query.sort) }
}

/** One record as it goes out, with its ETag where it is the present one. */
export async function oneOut<Body extends object>(
  c: Context<Env>, { db, clock }: Service, kind: RecordKind<Body>, id: string, query: z.infer<typeof pastQuery>,
) {
  const past = pastOf(query, clock.now())
  const record = present(await db.inSnapshot((tx) => recordAt(tx, kind, id, past)), id)
  if (past === null) c.header('ETag', etagOf(record.version))
  return recordedOut(record)
}

export async function historyOut<Body extends object>(
  { db }: Service, kind: RecordKind<Body>, id: string, { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const below = cursor === undefined ? null : versionIn(cursor)
  const records = await db.inSnapshot((tx) => versionsOf(tx, kind, id, { below, limit: limit + 1 }))
  if (records.length === 0 && below === null) throw notFound(id)
  const page = records.slice(0, limit)
  return { items: page.map((record) => recordedOut(record)), next: records.length > limit ? String(page.at(-1)?.version) : null }
}

function versionIn(cursor: string): number {
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor)
  throw refuse('invalidInput', 'cursor 应为上一页给出的 next', 'cursor must be the `next` of the page before')
}

export const notFound = (id: string) => refuse('notFound', `没有 ${id}`, `there is no ${id}`)

/** The record, or the refusal that says there is none. */
export function present<Body>(record: Recorded<Body> | null, id: string): Recorded<Body> {
  if (record === null) throw notFound(id)
  return record
}

/** Puts one record down: new without If-Match, replaced with the ETag of what stands. */
export const putOut = <Body extends { asOf: string | null }>(
  c: Context<Env>, service: Service, kind: RecordKind<Body>, { id, body }: { id: string; body: Body },
) => command(c, service, async (act) => {
  const before = await currentRecord(act.tx, kind, id, true)
  if (before !== null) matchVersion(act, before.version)
  const record = await putRecord(act.tx, kind, { id, body, effectiveAt: whenOf(body.asOf, act.at), before }, act)
  await act.journal({ action: 'put', kind: kind.kind, subject: id, details: { version: record.version, before: before?.body ?? null, after: body } })
  return putAnswer(record, before === null)
})

export const putAnswer = <Body extends object>(record: Recorded<Body>, isNew: boolean): Answer<ReturnType<typeof recordedOut<Body>>, 200 | 201> => ({
  status: isNew ? 201 : 200,
  body: recordedOut(record),
  headers: { etag: etagOf(record.version) },
})

/** Sends what a command answered. */
export const send = <T extends object, S extends 200 | 201 | 202>(c: Context<Env>, { body, status, headers }: Answer<T, S>) => {
  for (const [name, value] of Object.entries(headers ?? {})) c.header(name, value)
  return c.json(body, status)
}

/**
 * The moment that something happened: what is stated, never the future, or else now. Who waited for a lock began before
 * whoever held it: `last` is what has happened by then, and now is not earlier.
 */
export function whenOf(stated: string | null | undefined, now: Date, last: Date | null = null): Date {
  if (stated === null || stated === undefined) return last !== null && last > now ? last : now
  const at = momentOf(stated)
  if (at > now) throw refuse('wrongTime', `时间 ${stated} 还没到`, `${stated} has not come yet`)
  return at
}
