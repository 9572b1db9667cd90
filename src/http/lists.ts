import { z } from '@hono/zod-openapi'
import type { ListAsk, Past, Recorded } from '../db/records.js'
import { type Refused, refuseAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf, instantSchema, momentOf } from '../kernel/time.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { both } from './openapi.js'

/** Query fields of every list. A time in a query has its `+` written as `%2B`. */
export const pastShape = {
  asOf: instantSchema.optional().describe(both('看此时的情况；不填即现在', 'What was so at this moment; the present when left out')),
  knownAt: instantSchema.optional().describe(both('只看到此时为止登记的；不填即全部', 'As far as it was recorded by then; all that is recorded when left out')),
}
export const pastQuery = z.strictObject(pastShape)

export const pageShape = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe(both('每页最多几项', 'At most so many a page')),
  cursor: z.string().max(600).optional().describe(both('上一页给出的 next', '`next` of the page before')),
}

/** What filters of lists name that everybody here may know of: an id that nobody has is refused, since an empty list would say that there is nothing. */
export const KNOWN_TO_ALL = {
  units: text('报告单位', 'reporting unit'), places: text('场所', 'place'), blocks: text('后备分区', 'reserve block'), vehicles: text('车辆', 'vehicle'), items: text('品目', 'item'),
} as const satisfies Vocabulary<string>
export type KnownToAll = keyof typeof KNOWN_TO_ALL
export const isKnownToAll = (names: unknown): names is KnownToAll => typeof names === 'string' && Object.hasOwn(KNOWN_TO_ALL, names)

/** Where the documentation says of a filter whose ids it takes. */
export const NAMES = 'x-names'
/** Where the documentation says what the id of an address is the id of. */
export const ABOUT = 'x-about'
const ID_MAX = 200

/** A filter by an id. What lies out of somebody's reach is left out like what does not exist. */
export const idFilter = z.string().min(1).max(ID_MAX).optional()
/** A filter by the id of one of these. */
export const filterBy = (kind: KnownToAll) => z.string().min(1).max(ID_MAX).optional().openapi({ param: { [NAMES]: kind } })

const SORTS = ['id', '-id', 'asOf', '-asOf', 'recordedAt', '-recordedAt'] as const
export const listShape = { ...pastShape, ...pageShape, sort: z.enum(SORTS).default('id') }

/** Null: the present. */
export function pastOf({ asOf, knownAt }: z.infer<typeof pastQuery>, now: Date): Past | null {
  if (asOf === undefined && knownAt === undefined) return null
  return { asOf: asOf === undefined ? now : momentOf(asOf), knownAt: knownAt === undefined ? now : momentOf(knownAt) }
}

const part = z.string().regex(/^[^\0\p{Surrogate}]*$/u)
const cursorSchema = z.tuple([z.string(), part, part])

export const badCursor = (): Refused => refuseAt('query:/cursor', 'cursor 应为上一页给出的 next', 'cursor must be the `next` of the page before')

/** What a cursor stands for; it belongs to the sort it was given for. */
export function behind(cursor: string | undefined, sort: string): { key: string; id: string } | null {
  if (cursor === undefined) return null
  try {
    const [of, key, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (of === sort) return { key, id }
  } catch {
    throw badCursor()
  }
  throw badCursor()
}

/** The same for a list in the order of whole numbers. */
export function numberBehind(cursor: string | undefined, sort: string): number | null {
  const after = behind(cursor, sort)
  if (after === null) return null
  if (!/^[1-9]\d{0,14}$/.test(after.key)) throw badCursor()
  return Number(after.key)
}

export const cursorOf = (next: { key: string; id: string } | null, sort: string): string | null =>
  next === null ? null : Buffer.from(JSON.stringify([sort, next.key, next.id])).toString('base64url')

/** The query of a list as the store wants it. */
export function listAsk(query: z.infer<z.ZodObject<typeof listShape>>, { equal, reach, now }: Pick<ListAsk, 'equal' | 'reach'> & { now: Date }): ListAsk {
  const descending = query.sort.startsWith('-')
  const by = (descending ? query.sort.slice(1) : query.sort) as ListAsk['sort']['by']
  return { past: pastOf(query, now), reach, equal, sort: { by, descending }, after: behind(query.cursor, query.sort), limit: query.limit }
}

/** Fields that every record bears beside its own. */
export const recordedShape = {
  id: z.string(),
  version: z.int(),
  effectiveAt: instantSchema.describe(both('数字属于何时', 'Of when the figures are')),
  recordedAt: instantSchema,
  recordedBy: z.string(),
}

export const recordedOut = <Body extends object>(record: Recorded<Body>) => ({
  id: record.id,
  version: record.version,
  effectiveAt: instantOf(record.effectiveAt),
  recordedAt: instantOf(record.recordedAt),
  recordedBy: record.recordedBy,
  ...record.body,
})

/** One page of a list that was computed whole and stands in its own order; the cursor is the id of its last item. */
export function pageInOrder<T extends { readonly id: string }>(
  all: readonly T[], { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }, list: string,
): { items: T[]; next: string | null } {
  const after = behind(cursor, list)
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after.id) + 1
  // What the page before ended with is not in the list any more: where it would go on is not known.
  if (after !== null && from === 0) throw badCursor()
  const items = all.slice(from, from + limit)
  const last = from + limit < all.length ? items.at(-1) : undefined
  return { items, next: cursorOf(last === undefined ? null : { key: '', id: last.id }, list) }
}
