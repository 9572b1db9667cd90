import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { Database } from '../db/database.js'
import { exists, type RecordKind, someIds } from '../db/records.js'
import { BLOCKS, PLACES, UNITS, VEHICLES } from '../facilities/store.js'
import { ABOUT, isKnownToAll, KNOWN_TO_ALL, type KnownToAll, NAMES } from '../http/lists.js'
import type { Env } from '../http/service.js'
import { noSuchField, pointerTo } from '../http/wanted.js'
import { CANDIDATES_MAX, closest } from '../kernel/nearest.js'
import { type Detail, DETAILS_MAX, nobodyHas, Refused } from '../kernel/refusal.js'
import { type Text, text } from '../kernel/text.js'
import { ITEMS } from '../supplies/store.js'
import { addressOf } from './authorise.js'
import { METHODS } from './document.js'

const KINDS: Readonly<Record<KnownToAll, RecordKind<unknown>>> = { units: UNITS, places: PLACES, blocks: BLOCKS, vehicles: VEHICLES, items: ITEMS }

/** What one operation takes in its query: every field, and those that name something, and what. */
interface Query {
  readonly fields: readonly string[]
  readonly named: readonly { readonly field: string; readonly names: KnownToAll }[]
}

/** The query of each operation, by its method and address, from the documentation. */
export function queriesOf(app: OpenAPIHono<Env>): ReadonlyMap<string, Query> {
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
  return new Map(Object.entries(paths).flatMap(([path, item]) => METHODS.flatMap((method): [string, Query][] => {
    const operation = item[method]
    if (operation === undefined) return []
    const taken = (operation.parameters ?? []).flatMap((parameter) => ('name' in parameter && parameter.in === 'query' ? [parameter] : []))
    const named = taken.flatMap((parameter) => {
      const names: unknown = NAMES in parameter ? parameter[NAMES] : undefined
      return isKnownToAll(names) ? [{ field: parameter.name, names }] : []
    })
    return [[`${method.toUpperCase()} ${path}`, { fields: taken.map(({ name }) => name), named }]]
  })))
}

/** What the id in an address is the id of, by the first part of the address, from the documentation. */
export function kindsOf(app: OpenAPIHono<Env>): ReadonlyMap<string, Text> {
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
  return new Map(Object.entries(paths).flatMap(([path, { get }]): [string, Text][] => {
    const about: unknown = get?.[ABOUT]
    return isWords(about) ? [[path.split('/')[2] ?? '', about]] : []
  }))
}
const isWords = (value: unknown): value is Text => typeof value === 'object' && value !== null && 'zh' in value && 'en' in value

/** Puts down what an address is about, so that whoever finds nothing there is told what it would have been. */
export const aboutWhat = (kinds: () => ReadonlyMap<string, Text>): MiddlewareHandler<Env> => (c, next) => {
  const [, , segment = '', id] = new URL(c.req.url).pathname.split('/')
  const kind = kinds().get(segment)
  if (kind !== undefined && id !== undefined) c.set('about', { kind, id: decodeURIComponent(id) })
  return next()
}

/**
 * Refuses a query field that the operation does not take, whatever the operation is: passed over in silence, a filter
 * would show everything to whoever asked for a part.
 */
export const knownFields = (queries: () => ReadonlyMap<string, Query>): MiddlewareHandler<Env> => async (c, next) => {
  const known = queries().get(addressOf(c))?.fields
  const unknown = known === undefined ? [] : Object.keys(c.req.query()).filter((name) => !known.includes(name))
  const details = unknown.slice(0, DETAILS_MAX).map((name) => ({ pointer: `query:${pointerTo([name])}`, want: noSuchField(name, known ?? []) }))
  const [first] = details
  if (first !== undefined) throw new Refused({ code: 'invalidInput', text: first.want, details })
  return next()
}

/** Refuses a list that is filtered by an id that nobody has: empty, it would say that there is nothing. */
export const knownFilters = ({ db, queries }: { db: Database; queries: () => ReadonlyMap<string, Query> }): MiddlewareHandler<Env> => async (c, next) => {
  const asked = c.req.method === 'GET' ? (queries().get(addressOf(c))?.named ?? []).flatMap(({ field, names }) => {
    const id = c.req.query(field)
    return id === undefined || id === '' ? [] : [{ field, names, id }]
  }) : []
  if (asked.length > 0) {
    const details = await db.inSnapshot(async (tx) => {
      const unknown: Detail[] = []
      for (const one of asked) if (!await exists(tx, KINDS[one.names], one.id)) unknown.push(noneNamed(one, await someIds(tx, KINDS[one.names], CANDIDATES_MAX + 1)))
      return unknown
    })
    const [first] = details
    if (first !== undefined) throw new Refused({ code: 'invalidInput', text: first.want, details })
  }
  return next()
}

function noneNamed({ field, names, id }: { field: string; names: KnownToAll; id: string }, ids: readonly string[]): Detail {
  const [{ zh, en }, hint] = [nobodyHas(id, KNOWN_TO_ALL[names]), closest(id, ids)]
  return { pointer: `query:/${field}`, want: text(zh + hint.zh, en + hint.en) }
}
