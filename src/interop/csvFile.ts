import { CsvError, parse } from 'csv-parse/sync'
import { type Text, text } from '../kernel/text.js'

export const TABLE_MEGABYTES_MAX = 20
export const TABLE_ROWS_MAX = 50_000
const ROW_LETTERS_MAX = 100_000
/** More than twice what the widest table has. */
const ROW_CELLS_MAX = 50

export interface CsvRead {
  /** Every row from the header on, blank ones too, so that a row's number is its place in the list. */
  readonly rows: readonly (readonly string[])[]
  /** Where reading had to stop, if it did: the rows behind are not known. */
  readonly stopped: { readonly row: number | null; readonly got: string; readonly want: Text } | null
}

/** Cells of a CSV text. A row that is broken ends the reading; whether rows fit the header is asked elsewhere. */
export function parseCsv(source: string): CsvRead {
  const rows: string[][] = []
  // csv-parse counts no empty cell into the size of a record: 20 MB of commas would be one row of 20 million cells.
  if (hasLongLine(source)) return { rows, stopped: { row: null, got: '', want: ROW_TOO_LONG } }
  try {
    parse(source, {
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: ROW_LETTERS_MAX,
      to: TABLE_ROWS_MAX + 2,
      // By hand, since what stands before a broken row would be lost with the error.
      on_record: (row: string[]) => {
        // Ten million cells of one letter would fill the memory before anybody could say that they are too many.
        if (row.length > ROW_CELLS_MAX) throw new TooManyCells()
        rows.push(row)
        return null
      },
    })
  } catch (error) {
    if (error instanceof TooManyCells) return { rows, stopped: { row: rows.length + 1, got: '', want: TOO_MANY_CELLS } }
    if (!(error instanceof CsvError)) throw error
    return { rows, stopped: { row: rows.length + 1, got: '', want: CODES[error.code] ?? BROKEN } }
  }
  if (rows.length <= TABLE_ROWS_MAX + 1) return { rows, stopped: null }
  const want = text(`不能超过 ${TABLE_ROWS_MAX} 行`, `must not have more than ${TABLE_ROWS_MAX} rows`)
  return { rows: rows.slice(0, 1), stopped: { row: TABLE_ROWS_MAX + 2, got: '', want } }
}

class TooManyCells extends Error {}

/** In one pass: a pattern of so many letters would begin anew at each of them, for seconds. */
function hasLongLine(source: string): boolean {
  let start = 0
  for (const { index } of source.matchAll(/[\r\n]/g)) {
    if (index - start >= ROW_LETTERS_MAX) return true
    start = index + 1
  }
  return source.length - start >= ROW_LETTERS_MAX
}

const TOO_MANY_CELLS = text(
  `一行不能超过 ${ROW_CELLS_MAX} 个单元格`,
  `a row must not have more than ${ROW_CELLS_MAX} cells`,
)
const ROW_TOO_LONG = text(`一行不能超过 ${ROW_LETTERS_MAX} 个字符`, `a row must not exceed ${ROW_LETTERS_MAX} characters`)
const BROKEN = text('不是 CSV', 'is not CSV')
const QUOTES = text(
  '引号不成对；含引号或逗号的单元格应整体加双引号，其中的引号写两次 ""',
  'quotes do not pair; a cell with a quote or comma goes into double quotes, and a quote in it is doubled ""',
)
const CODES: Readonly<Record<string, Text>> = {
  CSV_MAX_RECORD_SIZE: ROW_TOO_LONG,
  CSV_QUOTE_NOT_CLOSED: QUOTES,
  CSV_INVALID_CLOSING_QUOTE: QUOTES,
  INVALID_OPENING_QUOTE: QUOTES,
}
