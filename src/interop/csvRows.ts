import { STAMP } from '../kernel/drill.js'
import { closest } from '../kernel/nearest.js'
import { text } from '../kernel/text.js'

import { UNREADABLE } from '../planning/scenarioFaults.js'
import { type Names, readCell } from './csvCells.js'
import { parseCsv } from './csvFile.js'
import type { ColumnSpec, TableSpec } from './csvColumns.js'
import { ProblemList } from './problem.js'

type Row = Record<string, unknown>

/** One table as read: what can be known of each row, and where it stands. */
export interface ReadTable {
  readonly spec: TableSpec
  /** Rows by id, as UNREADABLE allows: '' for those whose id cannot be read. */
  readonly rows: ReadonlyMap<string, unknown> | typeof UNREADABLE
  readonly rowOf: ReadonlyMap<string, number>
  /** A cell as it stands in the file, the header's too. */
  readonly cellAt: (row: number, column: string) => string | undefined
  /** It bears the stamp of a drill. */
  readonly isStamped: boolean
  readonly problems: ProblemList
}

/** Beyond so many mistakes a row is given up as a whole, so that a wrong file does not cost millions of sentences. */
const CELLWISE_MAX = 200

export function readTable(source: string, spec: TableSpec, names: Names): ReadTable {
  const problems = new ProblemList(spec.file)
  const { rows: all, stopped } = parseCsv(source)
  const [header, ...rows] = all
  if (stopped !== null) problems.add({ row: stopped.row, got: stopped.got }, stopped.want)
  const isHeaded = header?.some((cell) => cell.trim() !== '') === true
  if (!isHeaded && stopped === null) problems.add({ row: 1 }, missingHeader(spec))
  const columns = header !== undefined && isHeaded ? readHeader(header, spec, problems) : null
  const reading = { spec, names, problems, columns: columns ?? new Map<string, number>(), width: header?.length ?? 0 }
  const read = readRows(columns === null ? [] : rows, reading)
  return {
    spec,
    problems,
    rowOf: read.rowOf,
    rows: columns === null || stopped !== null ? UNREADABLE : read.rows,
    cellAt: (row, column) => all[row - 1]?.[columns?.get(column) ?? -1],
    isStamped: header?.some((cell) => cell.trim() === STAMP) === true,
  }
}

const headerOf = (spec: TableSpec): string => spec.columns.map(({ column }) => column).join(',')
const missingHeader = (spec: TableSpec) =>
  text(`首行应为列名：${headerOf(spec)}`, `the first row must be the header: ${headerOf(spec)}`)

/** Where each column stands; null when rows could not even be told apart. */
function readHeader(cells: readonly string[], spec: TableSpec, problems: ProblemList): Map<string, number> | null {
  const columns = new Map<string, number>()
  const known = spec.columns.map(({ column }) => column)
  if (cells.length === 1 && /[;\t]/.test(cells[0] ?? '')) {
    problems.add({ row: 1, got: cells[0] }, text('各列应以逗号分隔', 'columns must be separated by commas'))
    return null
  }
  for (const [index, cell] of cells.entries()) {
    const name = cell.trim()
    // What a drill wrote says so in a column of its own; whoever reads the folder looks for it.
    if (name === STAMP) continue
    const isKnown = known.includes(name)
    if (isKnown && !columns.has(name)) columns.set(name, index)
    else if (isKnown) problems.add({ row: 1, column: name, got: name }, text('此列出现两次', 'this column must stand once'))
    else problems.add({ row: 1, column: name, got: name }, unknownColumn(name, known))
  }
  for (const { column, leftOut } of spec.columns) {
    if (columns.has(column) || leftOut !== undefined) continue
    problems.add({ row: 1, column }, text(`缺少 ${column} 列`, `the column ${column} is missing; it must be there`))
  }
  return spec.id.columns.every((column) => columns.has(column)) ? columns : null
}

function unknownColumn(name: string, known: readonly string[]) {
  const near = closest(name, known)
  return text(
    `没有此列；可用：${known.join('、')}${near.zh}`,
    `there is no such column; the columns are ${known.join(', ')}${near.en}`,
  )
}

interface Reading {
  readonly spec: TableSpec
  readonly names: Names
  readonly problems: ProblemList
  readonly columns: ReadonlyMap<string, number>
  readonly width: number
}

function readRows(cellsOfRows: readonly (readonly string[])[], reading: Reading) {
  const rows = new Map<string, unknown>()
  const rowOf = new Map<string, number>()
  for (const [index, cells] of cellsOfRows.entries()) {
    // The header is row 1.
    const number = index + 2
    if (cells.every((cell) => cell.trim() === '')) continue
    const { id, row } = readRow(cells, number, reading)
    if (id === null) {
      rows.set('', UNREADABLE)
      continue
    }
    const before = rowOf.get(id)
    if (before !== undefined) {
      reading.problems.add({ row: number, column: reading.spec.id.columns.at(-1) ?? null, got: id }, text(
        `第 ${number} 行与第 ${before} 行编号相同，每个编号只能一行`,
        `rows ${before} and ${number} have the same id; each id must stand in one row`,
      ))
      continue
    }
    rowOf.set(id, number)
    rows.set(id, reading.problems.count > CELLWISE_MAX ? UNREADABLE : row)
  }
  return { rows, rowOf }
}

function readRow(cells: readonly string[], number: number, reading: Reading): { id: string | null; row: unknown } {
  const { spec, problems, width } = reading
  const fits = cells.length === width
  if (!fits) {
    problems.add({ row: number, got: String(cells.length) }, text(
      `应有 ${width} 个单元格；含逗号的文字须加双引号`,
      `must have ${width} cells; a text with a comma goes into double quotes`,
    ))
  }
  const read = new Map<string, unknown>()
  for (const column of spec.columns) read.set(column.column, readCellOf({ cells, number, fits }, column, reading))
  const parts = spec.id.columns.map((column) => read.get(column))
  const isWhole = parts.every((part) => typeof part === 'string')
  const id = isWhole ? parts.join(spec.id.join) : null
  return { id, row: fits ? assembled(id, read, reading) : UNREADABLE }
}

/** In a row of the wrong width only the id is looked for, and in silence. */
function readCellOf(
  row: { cells: readonly string[]; number: number; fits: boolean },
  column: ColumnSpec,
  reading: Reading,
): unknown {
  const index = reading.columns.get(column.column)
  if (index === undefined) return UNREADABLE
  const got = row.cells[index] ?? ''
  const read = readCell(got, column, { table: reading.spec, names: reading.names })
  if (read.ok) return read.value
  if (row.fits) reading.problems.add({ row: row.number, column: column.column, got }, read.want)
  return UNREADABLE
}

/** The row as its schema wants it. */
function assembled(id: string | null, read: ReadonlyMap<string, unknown>, { spec, columns }: Reading): Row {
  const row: Row = {}
  for (const { column, field, leftOut } of spec.columns) {
    if (field === null) continue
    const value = leftOut === undefined || columns.has(column) ? read.get(column) : leftOut === 'id' ? id : null
    const [outer = field, inner] = field.split('.')
    if (inner === undefined) row[outer] = value
    else row[outer] = { ...(row[outer] as Row | undefined), [inner]: value }
  }
  return row
}
