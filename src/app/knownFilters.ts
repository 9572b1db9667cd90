import type { MiddlewareHandler } from 'hono'
import type { Database } from '../db/database.js'
import { exists, type RecordKind, someIds } from '../db/records.js'
import { BLOCKS, PLACES, UNITS, VEHICLES } from '../facilities/store.js'
import { KNOWN_TO_ALL, type KnownToAll } from '../http/lists.js'
import type { Env } from '../http/service.js'
import { CANDIDATES_MAX, closest } from '../kernel/nearest.js'
import { type Detail, nobodyHas, Refused } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { ITEMS } from '../supplies/store.js'
import { addressOf } from './authorise.js'
import type { Query } from './queries.js'

const KINDS: Readonly<Record<KnownToAll, RecordKind<unknown>>> = { units: UNITS, places: PLACES, blocks: BLOCKS, vehicles: VEHICLES, items: ITEMS }

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
