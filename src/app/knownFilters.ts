import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import type { Database } from '../db/database.js'
import { exists, type RecordKind, someIds } from '../db/records.js'
import { BLOCKS, PLACES, UNITS, VEHICLES } from '../facilities/store.js'
import { isKnownToAll, KNOWN_TO_ALL, type KnownToAll, NAMES } from '../http/lists.js'
import type { Env } from '../http/service.js'
import { CANDIDATES_MAX, closest } from '../kernel/nearest.js'
import { type Detail, Refused } from '../kernel/refusal.js'
import { shown } from '../kernel/shown.js'
import { text } from '../kernel/text.js'
import { ITEMS } from '../supplies/store.js'
import { addressOf } from './authorise.js'

const KINDS: Readonly<Record<KnownToAll, RecordKind<unknown>>> = { units: UNITS, places: PLACES, blocks: BLOCKS, vehicles: VEHICLES, items: ITEMS }

/** Filters of one list that name something, and what. */
type Named = readonly { readonly field: string; readonly names: KnownToAll }[]

/** The filters of each list, by `GET` and its address, that name what everybody may know of, from the documentation. */
export function namedFilters(app: OpenAPIHono<Env>): ReadonlyMap<string, Named> {
  const { paths = {} } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
  return new Map(Object.entries(paths).flatMap(([path, item]): [string, Named][] => {
    const named = (item.get?.parameters ?? []).flatMap((parameter) => {
      const names: unknown = NAMES in parameter ? parameter[NAMES] : undefined
      return 'name' in parameter && isKnownToAll(names) ? [{ field: parameter.name, names }] : []
    })
    return named.length === 0 ? [] : [[`GET ${path}`, named]]
  }))
}

/** Refuses a list that is filtered by an id that nobody has: empty, it would say that there is nothing. */
export const knownFilters = ({ db, filters }: { db: Database; filters: () => ReadonlyMap<string, Named> }): MiddlewareHandler<Env> => async (c, next) => {
  const asked = c.req.method === 'GET' ? (filters().get(addressOf(c)) ?? []).flatMap(({ field, names }) => {
    const id = c.req.query(field)
    return id === undefined || id === '' ? [] : [{ field, names, id }]
  }) : []
  if (asked.length > 0) {
    const details = await db.inSnapshot(async (tx) => {
      const unknown: Detail[] = []
      for (const one of asked) if (!await exists(tx, KINDS[one.names], one.id)) unknown.push(nobodyHas(one, await someIds(tx, KINDS[one.names], CANDIDATES_MAX + 1)))
      return unknown
    })
    const [first] = details
    if (first !== undefined) throw new Refused({ code: 'invalidInput', text: first.want, details })
  }
  return next()
}

function nobodyHas({ field, names, id }: { field: string; names: KnownToAll; id: string }, ids: readonly string[]): Detail {
  const [{ zh, en }, hint] = [KNOWN_TO_ALL[names], closest(id, ids)]
  return { pointer: `query:/${field}`, want: text(`没有编号为 ${shown(id)} 的${zh}${hint.zh}`, `there is no ${en} with the id ${shown(id)}${hint.en}`) }
}
