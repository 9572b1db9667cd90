import { asked } from './modelAsk.js'
import { compared, differences } from './modelCompare.js'
import { type Answered, type Fields, type Reached } from './modelWords.js'

interface Asking {
  readonly path: string
  readonly query: Fields
  /** Who asks. */
  readonly actor: string
  /** What of an answer, or of each item of a list, the model knows. */
  readonly known?: (said: Fields) => Fields
}
/** One thing that is asked, and what has to come: a list in pages of so many, or one answer. */
export type Look =
  | Asking & { readonly list: readonly Fields[]; readonly limit: number }
  | Asking & { readonly says: Fields | string; readonly etag?: string | null }

const STATUS: Readonly<Record<string, number>> = { invalidInput: 400, notSignedIn: 401, forbidden: 403, notFound: 404, noPlan: 409, scenarioRefused: 422 }
/** A refusal by its code, or a body. */
const answered = (says: Fields | string): Answered => (typeof says === 'string'
  ? { status: STATUS[says] ?? 0, code: says, body: null, about: null }
  : { status: 200, code: null, body: says, about: null })

/** `?a=1&b=2`, and nothing where nothing is asked. */
function queryOf(query: Fields): string {
  const words = new URLSearchParams(Object.entries(query).flatMap<[string, string]>(([name, value]) => (value === undefined ? [] : [[name, String(value)]])))
  return words.size === 0 ? '' : `?${words}`
}

/** What came that should not have; every page of a list, each of the size that was asked for. */
export async function seen(address: string, look: Look, reached: Reached): Promise<string[]> {
  const { path, query, actor, known = (said) => said } = look
  const get = (more: Fields) => asked(address, `/api${path}${queryOf({ ...query, ...more })}`, { method: 'GET', headers: { 'accept-language': 'en', authorization: `As ${actor}` }, content: null })
  const where = `GET /api${path}${queryOf(query)} as ${actor}`
  if (!('list' in look)) {
    const said = await get({})
    const json = said.status === 200 ? known(said.json as Fields) : said.json
    return told(where, [...compared({ ...said, json }, answered(look.says)), ...(look.etag === undefined ? [] : differences('ETag', said.header('etag'), look.etag))])
  }
  const { list, limit } = look
  let cursor: unknown
  for (let from = 0; ; from += limit) {
    const said = await get({ limit, cursor })
    const page = list.slice(from, from + limit)
    const { items, next } = (said.json ?? {}) as { items?: Fields[]; next?: unknown }
    const found = said.status !== 200 ? [`status ${said.status}: ${said.text}`] : [
      ...differences('items', items?.map(known), page),
      ...(next === null) === (from + limit >= list.length) ? [] : [`next is ${String(next)} behind ${from + page.length} of ${list.length}`],
    ]
    if (found.length > 0) return told(`${where} limit ${limit} from ${from}`, found)
    if (next === null) return []
    reached('page behind a cursor')
    cursor = next
  }
}

const told = (where: string, found: readonly string[]) => found.map((what) => `${where}\n    ${what}`)
