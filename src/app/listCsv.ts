import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { csvOf } from '../interop/csvOut.js'
import type { Env } from '../http/service.js'
import { refuse } from '../kernel/refusal.js'
import { addressOf } from './authorise.js'
import { FIELD_NOTES } from './fieldNotes.js'

type Row = Readonly<Record<string, unknown>>
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** As much of a schema as is looked at here. */
interface Shape { readonly properties?: Readonly<Record<string, Shape>>; readonly $ref?: string }
const PAGE_ROWS = '500'
/** Nobody opens a sheet of more than a million rows. */
const PAGES_MAX = 2000

/**
 * Columns of each list, by `GET` and its address, from the documentation: an empty list has its titles too. A field that
 * holds fields is one column for each, `name.zh`.
 */
export function listColumns(app: OpenAPIHono<Env>): ReadonlyMap<string, readonly string[]> {
  const { paths = {}, components } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
  const resolved = (shape: Shape | undefined): Shape | undefined =>
    (shape?.$ref === undefined ? shape : (components?.schemas?.[shape.$ref.split('/').at(-1) ?? ''] as Shape | undefined))
  const found = new Map<string, readonly string[]>()
  for (const [path, item] of Object.entries(paths)) {
    const page = item.get?.responses?.['200'] as { content?: Record<string, { schema?: Shape & { properties?: { items?: { items?: Shape } } } }> } | undefined
    const row = resolved(resolved(page?.content?.['application/json']?.schema)?.properties?.['items'] as Shape | undefined)
    const one = resolved((row as { items?: Shape } | undefined)?.items)
    if (one?.properties === undefined) continue
    found.set(`GET ${path}`, Object.entries(one.properties).flatMap(([name, of]) => {
      const inside = resolved(of)?.properties
      return inside === undefined ? [name] : Object.keys(inside).map((field) => `${name}.${field}`)
    }))
  }
  return found
}

/** Every list as a table for a spreadsheet, all of its pages, where `Accept` says `text/csv`. */
export const listsAsCsv = (
  columns: () => ReadonlyMap<string, readonly string[]>, ask: (request: Request, env: object) => Response | Promise<Response>,
): MiddlewareHandler<Env> => async (c, next) => {
  const wantsCsv = c.req.method === 'GET' && /^\s*text\/csv\b/i.test(c.req.header('accept') ?? '')
  const names = wantsCsv ? columns().get(addressOf(c)) : undefined
  if (names === undefined) return next()
  const rows: Row[] = []
  const url = new URL(c.req.url)
  url.searchParams.set('limit', PAGE_ROWS)
  for (let pages = 0; ; pages += 1) {
    if (pages > PAGES_MAX) throw refuse('tooLarge', '表太长，请先筛选', 'the table is too long; filter it first')
    const headers = new Headers(c.req.raw.headers)
    headers.set('accept', 'application/json')
    const response = await ask(new Request(url, { headers }), c.env as object)
    if (response.status !== 200) {
      c.res = response
      return
    }
    const page: unknown = await response.json()
    if (!isRow(page) || !Array.isArray(page['items'])) return next()
    rows.push(...page['items'].filter(isRow))
    if (typeof page['next'] !== 'string') break
    url.searchParams.set('cursor', page['next'])
  }
  const table = csvOf(rows, names.map((name) => ({ title: titleOf(name), cell: (row: Row) => cellOf(row, name) })))
  c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(url.pathname.split('/').at(-1) ?? 'list')}.csv`)
  return c.body(table, 200, { 'content-type': 'text/csv; charset=utf-8' })
}

/** What people call it, and the name that the service has for it. */
function titleOf(name: string): string {
  const note = Object.hasOwn(FIELD_NOTES, name.split('.')[0] ?? '') ? FIELD_NOTES[name.split('.')[0] ?? ''] : undefined
  return note === undefined ? name : `${note.zh} ${name}`
}

function cellOf(row: Row, name: string): string | number | null {
  const [field = '', inside] = name.split('.')
  const holder = row[field]
  const value = inside === undefined ? holder : isRow(holder) ? holder[inside] : null
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' | ') : JSON.stringify(value)
}
