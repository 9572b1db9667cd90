import { stringify } from 'csv-stringify/sync'
import { STAMP } from '../kernel/drill.js'
import type { Text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { rowOf } from '../planning/faults/faultList.js'

type Cell = string | number | null
export interface Column<R> {
  readonly title: string
  readonly cell: (row: R) => Cell
}

/** The first column of every table from a drill: a printer cuts columns off on the right, and rows behind the first page. */
const STAMP_COLUMN: Column<unknown> = { title: STAMP, cell: () => STAMP }

/** UTF-8 with a mark and Windows line ends for Excel; what could run as a formula is led by an apostrophe. */
export function csvOf<R>(rows: readonly R[], columns: readonly Column<R>[], isDrill: boolean): string {
  const all = isDrill ? [STAMP_COLUMN, ...columns] : columns
  const cells = rows.map((row) => all.map(({ cell }) => cell(row)))
  return stringify([all.map(({ title }) => title), ...cells], {
    bom: true,
    record_delimiter: 'windows',
    quote_record_delimiter: true,
    escape_formulas: true,
  })
}

export type Names = (id: string | null) => string | null
type Named = Readonly<Record<string, { readonly name: Text }>>

/** What an id of one of the tables is called. */
export const namesIn = (...tables: readonly Named[]): Names => (id) => {
  const holder = id === null ? undefined : tables.find((table) => Object.hasOwn(table, id))
  const named = holder === undefined || id === null ? undefined : rowOf(holder, id)
  return named === undefined ? null : `${named.name.zh} / ${named.name.en}`
}

/** Columns of one kind of row: a plain one, one for each language, or an id with its name beside it. */
export const columnsFor = <R>(names: Names) => ({
  one: (title: string, cell: (row: R) => Cell): Column<R> => ({ title, cell }),
  both: (title: Text, words: (row: R) => Text | null): Column<R>[] => [
    { title: `${title.zh}（中文） ${title.en} (Chinese)`, cell: (row) => words(row)?.zh ?? null },
    { title: `${title.zh}（英文） ${title.en} (English)`, cell: (row) => words(row)?.en ?? null },
  ],
  named: (title: Text, id: (row: R) => string | null, called: Names = names): Column<R>[] => [
    { title: `${title.zh} ${title.en}`, cell: id },
    { title: `${title.zh}名称 ${title.en} name`, cell: (row) => called(id(row)) },
  ],
})

export const yesNo = (is: boolean): string => (is ? '是 yes' : '否 no')

export function wordIn(vocabulary: Vocabulary<string>, key: string): string {
  const label = rowOf(vocabulary, key)
  return label === undefined ? key : `${label.zh} ${label.en}`
}
