import type { MiddlewareHandler } from 'hono'
import type { Env } from '../http/service.js'
import { csvOf, type Column } from '../interop/csvOut.js'
import { stamped } from '../kernel/drill.js'
import { refuse } from '../kernel/refusal.js'
import type { Language } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { addressOf } from './authorise.js'
import type { ListColumn, ListTable } from './listTables.js'

type Row = Readonly<Record<string, unknown>>
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

const PAGE_ROWS = '500'
/** Nobody opens a sheet of more than a million rows. */
const PAGES_MAX = 2000

/** Every list as a table for a spreadsheet, all of its pages, where `Accept` says `text/csv`; its titles and words in the language asked for. */
export const listsAsCsv = ({ tables, ask, isDrill }: {
  tables: () => ReadonlyMap<string, ListTable>; ask: (request: Request, env: object) => Response | Promise<Response>; isDrill: boolean
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
  const table = csvOf(rows, list.columns.flatMap((column) => columnsIn(c.get('language'), column)), isDrill)
  c.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(stamped(url.pathname.split('/').at(-1) ?? 'list', isDrill))}.csv`)
  return c.body(table, 200, { 'content-type': 'text/csv; charset=utf-8' })
}

const WORDS = { zh: '文字', en: 'in words' }

/** What people call it and the name that the service has for it; a code, which programs read, has its words in a column beside. */
function columnsIn(language: Language, { path, note, words }: ListColumn): Column<Row>[] {
  const title = [...(note === null ? [] : [note[language]]), path.join('.')].join(' ')
  const valueOf = (row: Row): unknown => path.reduce<unknown>((holder, field) => (isRow(holder) ? holder[field] : null), row)
  const code: Column<Row> = { title, cell: (row) => cellOf(valueOf(row), path, row) }
  return words === null ? [code] : [code, { title: `${title} (${WORDS[language]})`, cell: (row) => wordsOf(valueOf(row), words, language) }]
}

function wordsOf(value: unknown, words: Vocabulary<string>, language: Language): string | null {
  const codes = [value].flat().filter((one) => typeof one === 'string')
  return codes.length === 0 ? null : codes.map((one) => (Object.hasOwn(words, one) ? words[one]?.[language] ?? one : one)).join(' | ')
}

function cellOf(value: unknown, path: readonly string[], row: Row): string | number | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (path[0] === 'lines' && Array.isArray(value) && value.every(isRow)) return value.map((line) => lineIn(line, row)).join('; ')
  return toldIn(value)
}

/** What holds more than one thing, in one cell: `name value, name value; name value`. */
function toldIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(toldIn).join(value.some(isRow) ? '; ' : ' | ')
  if (!isRow(value)) return String(value)
  return Object.entries(value).flatMap(([name, held]) => (held === null || held === undefined ? [] : [`${name} ${isRow(held) ? `(${toldIn(held)})` : toldIn(held)}`])).join(', ')
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
