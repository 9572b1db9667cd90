import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Act, etagOf, matchVersion } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { isSeen, listRecords, lockRecord, putRecord, recordAt, type Recorded, type RecordKind, someIds, versionsOf } from '../db/records.js'
import { idSchema } from '../kernel/ids.js'
import { CANDIDATES_MAX, closest } from '../kernel/nearest.js'
import { notFound, refuse, type Refused } from '../kernel/refusal.js'
import type { Reach } from '../kernel/roles.js'
import { whenOf } from '../kernel/when.js'
import { type Text, text } from '../kernel/text.js'
import type { Answer } from './command.js'
import { ABOUT, badCursor, cursorOf, isKnownToAll, KNOWN_TO_ALL, listAsk, listShape, pageShape, pastOf, pastQuery, recordedOut } from './lists.js'
import { both, jsonBody, jsonRequest, reads, readsOne, refused, told, unsafeHeaders, writesBody } from './openapi.js'
import type { Env, Service } from './service.js'
import { soundCommand } from './soundly.js'

const idTold = both('编号；其中的 / 在地址里写作 %2F', 'The id; a slash in it is written %2F in the address')
export const idParams = z.object({ id: z.string().min(1).max(200).describe(idTold) })
const newIdParams = z.object({ id: idSchema.describe(idTold) })

/** One page of a list: `next` goes into `cursor` to read on, null at the end. */
export const pageOf = <S extends z.ZodType>(item: S) => z.object({
  items: z.array(item),
  next: z.string().nullable().describe(both('填入 cursor 以读下一页；到头为 null', 'Goes into cursor to read on; null at the end')),
})

/** What one kind of record is called, and what a reader should know of it. */
interface Named {
  readonly zh: string
  readonly one: string
  readonly many: string
  readonly about: Text
}

/** Addresses of one kind of record: list, one, its history, and putting it down. `example` is one that would be taken. */
export function recordRoutes<const P extends string, Out extends z.ZodType, In extends z.ZodType, F extends z.ZodRawShape,
  R extends Partial<typeof refused> = Record<never, never>>(
  spec: {
    path: P; one: string; many: string; tag: string; named: Named; out: Out; body: In; filters: F
    example: { id: string; body: z.input<In> }
    /** What else putting one down can be refused with: 409 where something of it stands once in the city. */
    also?: R
  },
) {
  const { path, one, many, tag, named, out, body, filters, example } = spec
  const tags = [tag]
  const at = `${path}/{id}` as const
  const { zh, about } = named
  const say = (line: Text, more: Text) => told(line, text(`${about.zh}${more.zh}`, `${about.en} ${more.en}`))
  const exampled = (params: typeof idParams) => z.object({ id: params.shape.id.openapi({ example: example.id }) })
  return {
    list: createRoute({
      method: 'get', path, tags, operationId: `list${many}`,
      ...say(text(`${zh}一览`, `List ${named.many}`), text(
        '可筛选、排序、分页；asOf 看某时的情况，knownAt 看当时所知的情况。',
        'Filtered, sorted, by pages; asOf shows what was so at a moment, knownAt what was known by then.',
      )),
      request: { query: z.strictObject({ ...listShape, ...filters }) },
      responses: { 200: jsonBody(pageOf(out), ONE_PAGE), ...reads },
    }),
    get: createRoute({
      method: 'get', path: at, tags, operationId: `get${one}`,
      ...say(text(`一项${zh}`, `One ${named.one}`), text(
        '当前的一版以 ETag 标出，改动它时带 If-Match。', 'The version that stands is its ETag; to change it send that as If-Match.',
      )),
      [ABOUT]: text(zh, named.one), request: { params: exampled(idParams), query: pastQuery },
      responses: { 200: jsonBody(out, text('这一项；ETag 为其版本', 'The record, its version as ETag')), ...readsOne },
    }),
    history: createRoute({
      method: 'get', path: `${at}/history` as const, tags, operationId: `historyOf${one}`,
      ...say(text(`${zh}的各版`, `Versions of one ${named.one}`), text('新的在前。任何一版都不会改动或删除。', 'The newest first. No version is ever changed or deleted.')),
      request: { params: exampled(idParams), query: z.strictObject(pageShape) },
      responses: { 200: jsonBody(pageOf(out), ONE_PAGE), ...readsOne },
    }),
    put: createRoute({
      method: 'put', path: at, tags, operationId: `put${one}`,
      ...say(text(`登记或改写一项${zh}`, `Put down or replace one ${named.one}`), text(
        '新登记不带 If-Match（201）；改写要带读到时的 ETag（缺则 428，已被改动则 412）。',
        'What is new needs no If-Match (201); to replace send the ETag that was read (428 without it, 412 when it was changed meanwhile).',
      )),
      request: { params: exampled(newIdParams), headers: unsafeHeaders, body: jsonRequest(body.meta({ id: `${one}Body` }), example.body) },
      responses: { 200: jsonBody(out, text('已改写', 'Replaced')), 201: jsonBody(out, text('新登记', 'New')), ...writesBody, ...spec.also as R, 412: refused[412], 428: refused[428] },
    }),
  }
}

export const ONE_PAGE = text('一页', 'One page')

/** A page of a kind as it goes out; `filters` are fields of the row that the query may ask for. */
export async function listOut<Body extends object, F extends string>(
  c: Context<Env>, { db, clock }: Service, kind: RecordKind<Body>, filters: readonly F[],
  query: z.infer<z.ZodObject<typeof listShape>> & { readonly [K in F]?: string | undefined },
) {
  const equal = Object.fromEntries(filters.map((field) => [field, query[field]]))
  const ask = listAsk(query, { equal, reach: c.get('reach'), now: clock.now() })
  const { records, next } = await db.inSnapshot((tx) => listRecords(tx, kind, ask))
  return { items: records.map((record) => recordedOut(record)), next: cursorOf(next, query.sort) }
}

/** One record as it goes out, with its ETag where it is the present one. */
export async function oneOut<Body extends object>(
  c: Context<Env>, { db, clock }: Service, kind: RecordKind<Body>, id: string, query: z.infer<typeof pastQuery>,
) {
  const past = pastOf(query, clock.now())
  const record = await db.inSnapshot(async (tx) => {
    const found = await recordAt(tx, kind, id, past)
    if (found === null) throw await noneOf(tx, kind, id)
    await mustSee(tx, kind, id, c.get('reach'))
    return found
  })
  if (past === null) c.header('ETag', etagOf(record.version))
  return recordedOut(record)
}

export async function historyOut<Body extends object>(
  c: Context<Env>, { db }: Service, kind: RecordKind<Body>, id: string, { limit, cursor }: { limit: number; cursor?: string | undefined },
) {
  const below = cursor === undefined ? null : versionIn(cursor)
  const records = await db.inSnapshot(async (tx) => {
    await mustSee(tx, kind, id, c.get('reach'))
    const found = await versionsOf(tx, kind, id, { below, limit: limit + 1 })
    if (found.length === 0 && below === null) throw await noneOf(tx, kind, id)
    return found
  })
  const page = records.slice(0, limit)
  return { items: page.map((record) => recordedOut(record)), next: records.length > limit ? String(page.at(-1)?.version) : null }
}

function versionIn(cursor: string): number {
  if (/^[1-9]\d{0,8}$/.test(cursor)) return Number(cursor)
  throw badCursor()
}

/** Says which id may be meant, of what everybody may know of. */
async function noneOf(tx: Tx, { kind, ...table }: RecordKind<unknown>, id: string): Promise<Refused> {
  if (!isKnownToAll(kind)) return notFound(id)
  const ids = (await someIds(tx, { kind, ...table }, CANDIDATES_MAX + 1)).filter((one) => one !== id)
  return notFound(id, KNOWN_TO_ALL[kind], closest(id, ids))
}

/** Refuses what lies out of somebody's reach as it refuses what does not exist. */
export async function mustSee(tx: Tx, kind: RecordKind<unknown>, id: string, reach: Reach): Promise<void> {
  if (!await isSeen(tx, kind, id, reach)) throw notFound(id)
}

/** The record, or the refusal that says there is none. */
export function present<Body>(record: Recorded<Body> | null, id: string): Recorded<Body> {
  if (record === null) throw notFound(id)
  return record
}

interface Put<Body> {
  readonly id: string
  readonly body: Body
  /** Refuses whoever may not put down what they do not see already. */
  readonly mayBegin?: (act: Act) => void
  /** What is kept of it, of that moment, beside what stands (null: nothing does); or the refusal of what cannot be so. */
  readonly settle?: (act: Act, effectiveAt: Date, before: Body | null) => Body | Promise<Body>
  /** Refuses whoever may not make this of what stands; null: it is new. */
  readonly mayChange?: (act: Act, before: Body | null) => void | Promise<void>
}

/** Puts one record down: new without If-Match, replaced with the ETag of what stands. */
export const putOut = <Body extends { asOf: string | null }>(
  c: Context<Env>, service: Service, kind: RecordKind<Body>, { id, body: said, mayBegin = () => undefined, settle, mayChange }: Put<Body>,
) => soundCommand(c, service, async (act) => {
  const before = await lockRecord(act, kind, id)
  const isTheirs = before !== null && await isSeen(act.tx, kind, id, act.reach)
  if (!isTheirs) mayBegin(act)
  if (before !== null && !isTheirs) throw refuse('alreadyExists', `${id} 已由他处登记`, `${id} was put down by others`)
  matchVersion(act, before)
  await mayChange?.(act, before?.body ?? null)
  const effectiveAt = whenOf(said.asOf, act.at)
  const body = await settle?.(act, effectiveAt, before?.body ?? null) ?? said
  const record = await putRecord(act.tx, kind, { id, body, effectiveAt, before }, act)
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
