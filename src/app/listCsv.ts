import type { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { csvOf } from '../interop/csvOut.js'
import type { Env } from '../http/service.js'
import { stamped } from '../kernel/drill.js'
import { refuse } from '../kernel/refusal.js'
import { addressOf } from './authorise.js'
import { FIELD_NOTES } from './fieldNotes.js'

type Row = Readonly<Record<string, unknown>>
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** As much of a schema as is looked at here. */
interface Shape { readonly properties?: Readonly<Record<string, Shape>>; readonly items?: Shape; readonly $ref?: string; readonly description?: string }
const PAGE_ROWS = '500'
/** Nobody opens a sheet of more than a million rows. */
const PAGES_MAX = 2000

/** A list as a table: under which name its rows stand in the answer, whether it comes by pages, and its columns with their titles. */
interface Table { readonly rows: string; readonly isPaged: boolean; readonly columns: readonly { readonly name: string; readonly title: string }[] }

/**
 * The table of each list, by `GET` and its address, from the documentation: an empty list has its titles too. A list has
 * pages of `items`, or is an answer of nothing but rows, all on one page. A field that holds fields is one column for
 * each, `name.zh`.
 */
export function listTables(app: OpenAPIHono<Env>): ReadonlyMap<string, Table> {
  const { paths = {}, components } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } })
  const nameOf = (shape: Shape | undefined): string => shape?.$ref?.split('/').at(-1) ?? ''
  const resolved = (shape: Shape | undefined): Shape | undefined => (shape?.$ref === undefined ? shape : (components?.schemas?.[nameOf(shape)] as Shape | undefined))
  const found = new Map<string, Table>()
  for (const [path, item] of Object.entries(paths)) {
    const page = item.get?.responses?.['200'] as { content?: Record<string, { schema?: Shape }> } | undefined
    const fields = resolved(page?.content?.['application/json']?.schema)?.properties ?? {}
    const [only, ...others] = Object.keys(fields)
    const rows = 'items' in fields ? 'items' : others.length === 0 ? only : undefined
    const row = resolved(fields[rows ?? ''])?.items
    const one = resolved(row)
    if (rows === undefined || one?.properties === undefined) continue
    const columns = Object.entries(one.properties).flatMap(([name, of]) => {
      const inside = resolved(of)?.properties
      const names = inside === undefined ? [name] : Object.keys(inside).map((field) => `${name}.${field}`)
      return names.map((one) => ({ name: one, title: titleOf(one, of.description?.split('\n')[0] ?? noteOf(`${nameOf(row)}.${name}`) ?? noteOf(name)) }))
    })
    const isPaged = item.get?.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'limit') ?? false
    found.set(`GET ${path}`, { rows, isPaged, columns })
  }
  return found
}

/** Every list as a table for a spreadsheet, all of its pages, where `Accept` says `text/csv`. */
export const listsAsCsv = ({ tables, ask, isDrill }: {
  tables: () => ReadonlyMap<string, Table>; ask: (request: Request, env: object) => Response | Promise<Response>; isDrill: boolean
}): MiddlewareHandler<Env> => async (c, next) => {
  const wantsCsv = c.req.method === 'GET' && /^\s*text\/csv\b/i.test(c.req.header('accept') ?? '')
  const list = wantsCsv ? tables().get(addressOf(c)) : undefined
  if (list === undefined) return next()
  const rows: Row[] = []
  const url = new URL(c.req.url)
  if (list.isPaged) url.searchParams.set('limit', PAGE_ROWS)
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
    const found = isRow(page) ? page[list.rows] : undefined
    if (!isRow(page) || !Array.isArray(found)) return next()
    rows.push(...found.filter(isRow))
    if (typeof page['next'] !== 'string') break
    url.searchParams.set('cursor', page['next'])
  }
  const table = csvOf(rows, list.columns.map(({ name, title }) => ({ title, cell: (row: Row) => cellOf(row, name) })), isDrill)
  c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(stamped(url.pathname.split('/').at(-1) ?? 'list', isDrill))}.csv`)
  return c.body(table, 200, { 'content-type': 'text/csv; charset=utf-8' })
}

/** What a field means, by its own name or by that of its row and its own, as the documentation has it. */
const noteOf = (key: string): string | undefined => (Object.hasOwn(FIELD_NOTES, key) ? FIELD_NOTES[key]?.zh : undefined)

/** What people call it, and the name that the service has for it. */
const titleOf = (name: string, note: string | undefined): string => (note === undefined ? name : `${note} ${name}`)

function cellOf(row: Row, name: string): string | number | null {
  const [field = '', inside] = name.split('.')
  const holder = row[field]
  const value = inside === undefined ? holder : isRow(holder) ? holder[inside] : null
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (field === 'lines' && Array.isArray(value) && value.every(isRow)) return value.map((line) => lineIn(line, row)).join('; ')
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' | ') : JSON.stringify(value)
}

/** Figures of a line of an order beside what was ordered, and why they differ. */
const FIGURES = ['shipped', 'accepted', 'damaged', 'missing'] as const
const REASONS = ['difference', 'missingDifference'] as const

/** A line of a note or of an order of material: the item, the number on the packing, how many, whence and whither. */
function lineIn(line: Row, of: Row): string {
  const told = (name: string): string[] => (line[name] === null || line[name] === undefined ? [] : [String(line[name])])
  const [from = OUT, to = OUT] = [line['from'] ?? of['from'] ?? OUT, line['to'] ?? of['to'] ?? OUT].map(String)
  return [
    ...told('item'), ...(line['number'] === null ? told('lot') : told('number')), ...told('units'), ...told('ordered'), `${from} → ${to}`,
    ...FIGURES.flatMap((name) => told(name).map((units) => `${name} ${units}`)), ...REASONS.flatMap(told),
  ].join(', ')
}

/** Whence comes what no place of this system gave. */
const OUT = 'outside'
