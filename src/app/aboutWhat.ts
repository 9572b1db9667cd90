import type { MiddlewareHandler } from 'hono'
import { ABOUT } from '../http/lists.js'
import type { Env } from '../http/service.js'
import type { Text } from '../kernel/text.js'
import type { Described } from './described.js'

/** What the id in an address is the id of, by the first part of the address, from the documentation. */
export function kindsOf({ paths = {} }: Described): ReadonlyMap<string, Text> {
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
