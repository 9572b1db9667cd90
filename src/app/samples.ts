import type { Role } from '../kernel/roles.js'

/** Stands in the documentation for the address at which it is asked for. */
export const ADDRESS = '{address}'

const JSON_TYPE = "-H 'Content-Type: application/json'"
const quoted = (words: string): string => `'${words.replaceAll("'", "'\\''")}'`
const content = (body: object): string => `-d ${quoted(JSON.stringify(body).replaceAll('\u001d', '\\u001d'))}`
const lines = (...parts: readonly string[]): string => parts.join(' \\\n  ')

/** Signing in to a demonstration, which keeps its session in the file `cookies`. */
export const signInAs = (role: Role): string =>
  lines(`curl -c cookies -X POST '${ADDRESS}/api/demonstration/session'`, `${JSON_TYPE} ${content({ role })}`)

export const signInWith = (account: string, password: string): string =>
  lines(`curl -c cookies -X POST '${ADDRESS}/api/session'`, `${JSON_TYPE} ${content({ account, password })}`)

/** A request that reads. */
export const reading = (path: string, options = ''): string => `curl -b cookies ${options}'${ADDRESS}${path}'`

/** A request that changes data: it says by Origin that no page of another site made it. `key`: null where nothing is kept. */
export function changing(method: 'POST' | 'PUT', path: string, { key, body, ifMatch }: { key: string | null; body: object; ifMatch?: string }): string {
  const headers = [...(key === null ? [] : [`-H 'Idempotency-Key: ${key}'`]), ...(ifMatch === undefined ? [] : [`-H 'If-Match: ${ifMatch}'`])]
  return lines(`curl -b cookies -X ${method} '${ADDRESS}${path}'`, [`-H 'Origin: ${ADDRESS}'`, ...headers].join(' '), `${JSON_TYPE} ${content(body)}`)
}
