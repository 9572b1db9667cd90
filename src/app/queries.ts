import type { MiddlewareHandler } from 'hono'
import { isKnownToAll, type KnownToAll, NAMES } from '../http/lists.js'
import type { Env } from '../http/service.js'
import { noSuchField, pointerTo } from '../http/wanted.js'
import { DETAILS_MAX, Refused } from '../kernel/refusal.js'
import { addressOf } from './authorise.js'
import type { Described } from './described.js'
import { METHODS } from './document.js'

/** What one operation takes in its query: every field, and those that name something, and what. */
export interface Query {
  readonly fields: readonly string[]
  readonly named: readonly { readonly field: string; readonly names: KnownToAll }[]
}

/** The query of each operation, by its method and address, from the documentation. */
export function queriesOf({ paths = {} }: Described): ReadonlyMap<string, Query> {
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
