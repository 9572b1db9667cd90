import type { Vocabulary } from '../kernel/vocabulary.js'
import type { TableName } from '../planning/scenario.js'

type PlainKind = 'text' | 'yesNo' | 'count' | 'figure' | 'limit' | 'instant' | 'day' | 'clock'

/** How a cell is read. `unit`, `location` and `patient` take a reporting unit's alias for its id. */
export type CellKind =
  | { readonly is: PlainKind | 'list' | 'decimal' | 'assumed' }
  | { readonly is: 'unit' | 'location' | 'patient' }
  | { readonly is: 'word' | 'words'; readonly vocabulary: Vocabulary<string> }

/** What an empty cell means: a mistake, not stated, nought, or an empty list. */
export type EmptyCell = 'refused' | 'null' | 'nought' | 'none'

export interface ColumnSpec {
  readonly column: string
  /** Field of the row's schema, dotted where it lies deeper; null where the cell only makes the id. */
  readonly field: string | null
  readonly kind: CellKind
  readonly empty: EmptyCell
  /** The column may be left out: then every row has its id there, or nothing. */
  readonly leftOut?: 'id' | 'null'
}

export interface TableSpec {
  readonly table: TableName
  readonly file: string
  /** Whether the file has to be there; vehicles need not where the fleet is unlimited. */
  readonly required: 'always' | 'fleetListed' | 'never'
  /** Columns whose cells, joined, are the row's id. */
  readonly id: { readonly columns: readonly string[]; readonly join: string }
  readonly columns: readonly ColumnSpec[]
}

export const column = (name: string, field: string | null, kind: CellKind, empty: EmptyCell = 'refused'): ColumnSpec =>
  ({ column: name, field, kind, empty })
export const id = (name: string, kind: CellKind = { is: 'text' }) => column(name, null, kind)
export const plain = (name: string, is: PlainKind | 'unit' | 'location' | 'patient') => column(name, camelCase(name), { is })
export const orNull = (name: string, is: PlainKind | 'patient' | 'decimal' | 'unit' | 'location') => column(name, camelCase(name), { is }, 'null')
export const word = (name: string, vocabulary: Vocabulary<string>) => column(name, camelCase(name), { is: 'word', vocabulary })
export const words = (name: string, vocabulary: Vocabulary<string>) =>
  column(name, camelCase(name), { is: 'words', vocabulary }, 'none')
/** One word, or empty for all of them. */
export const wordOrAll = (name: string, vocabulary: Vocabulary<string>) =>
  column(name, camelCase(name), { is: 'word', vocabulary }, 'null')

export const NAMES = [column('name_zh', 'name.zh', { is: 'text' }), column('name_en', 'name.en', { is: 'text' })]
export const POSITION = [orNull('longitude', 'decimal'), orNull('latitude', 'decimal')]
const PROVENANCE = [
  plain('source', 'text'),
  column('assumed', 'assumed', { is: 'assumed' }, 'none'),
  orNull('as_of', 'instant'),
]

export const table = (
  name: TableName,
  file: string,
  required: TableSpec['required'],
  columns: readonly ColumnSpec[],
  key: TableSpec['id'] = { columns: columns.slice(0, 1).map((first) => first.column), join: '' },
): TableSpec => ({ table: name, file, required, id: key, columns: [...columns, ...PROVENANCE] })

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
