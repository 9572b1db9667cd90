import { closest } from '../kernel/nearest.js'
import { type Text, text } from '../kernel/text.js'
import { NOT_TRACKED, UNKNOWN } from '../kernel/quantity.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'

import { FIGURE_WANT, LIMIT_WANT, NOT_EMPTY_WANT, oneOf, WHOLE_WANT } from '../planning/faults/issueText.js'
import type { CellKind, ColumnSpec, TableSpec } from './csvColumns.js'
import { asMeant } from './formulaGuard.js'
import { isPersonal, LETTERS_MAX, NO_PERSONAL_DATA, TOO_LONG } from './personalData.js'

export type CellRead = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly want: Text }

/** What a cell may mean beyond itself: other names of reporting units. */
export interface Names {
  readonly unit: (word: string) => string
  readonly location: (word: string) => string
  readonly patient: (word: string) => string
}

export const LIST_SEPARATOR = '|'
const FIGURE_WORDS = { [UNKNOWN]: text('未知', 'unknown') } as const satisfies Vocabulary<string>
const LIMIT_WORDS = {
  ...FIGURE_WORDS,
  [NOT_TRACKED]: text('不统计', 'not tracked'),
} as const satisfies Vocabulary<string>
const YES_NO = { yes: text('是', 'yes'), no: text('否', 'no') } as const satisfies Vocabulary<string>

const HIDDEN_LETTERS = text('含控制字符或看不见的字符，请删去', 'holds control or invisible characters; delete them')
const DECIMAL_WANT = text('应为小数，如 106.55', 'write a decimal number such as 106.55')

const right = (value: unknown): CellRead => ({ ok: true, value })
const wrong = (want: Text): CellRead => ({ ok: false, want })

/** One cell as its column means it. Ranges, times and ids are left to the scenario's own schema. */
export function readCell(raw: string, column: ColumnSpec, context: { table: TableSpec; names: Names }): CellRead {
  if (raw.length > LETTERS_MAX) return wrong(TOO_LONG)
  const cell = asMeant(raw.trim())
  if (/[\p{Cc}\p{Cf}]/u.test(cell)) return wrong(HIDDEN_LETTERS)
  if (cell === '') return readEmpty(column)
  if (isPersonal(cell)) return wrong(NO_PERSONAL_DATA)
  const { kind } = column
  switch (kind.is) {
    case 'text':
    case 'instant':
    case 'day':
    case 'clock':
      return right(cell)
    case 'unit':
    case 'location':
    case 'patient':
      return right(context.names[kind.is](cell))
    case 'word':
      return readWord(cell, kind.vocabulary)
    case 'words':
      return readWords(cell, kind.vocabulary)
    case 'yesNo':
      return readYesNo(cell)
    case 'list':
      return right(split(cell))
    case 'assumed':
      return readAssumed(cell, context.table)
    case 'decimal':
      return /^-?\d{1,3}(\.\d{1,16})?$/.test(cell) ? right(Number(cell)) : wrong(DECIMAL_WANT)
    case 'count':
    case 'figure':
    case 'limit':
      return readFigure(cell, kind.is)
  }
}

function readEmpty({ empty, kind }: ColumnSpec): CellRead {
  if (empty === 'null') return right(null)
  if (empty === 'nought') return right(0)
  if (empty === 'none') return right([])
  return wrong(EMPTY_WANTS[kind.is] ?? ('vocabulary' in kind ? oneOf(keysOf(kind.vocabulary)) : NOT_EMPTY_WANT))
}

const YES_NO_WANT = text('应为 yes（是）或 no（否）', 'write yes or no')
const EMPTY_WANTS: Partial<Record<CellKind['is'], Text>> = {
  yesNo: YES_NO_WANT,
  count: WHOLE_WANT,
  figure: FIGURE_WANT,
  limit: LIMIT_WANT,
}

/** The key of the word that people write as key, in Chinese or in English. */
function keyOf(cell: string, vocabulary: Vocabulary<string>): string | undefined {
  const said = cell.toLowerCase()
  return keysOf(vocabulary).find((key) => {
    const label = vocabulary[key]
    return key.toLowerCase() === said || label?.zh === cell || label?.en.toLowerCase() === said
  })
}

function readWord(cell: string, vocabulary: Vocabulary<string>): CellRead {
  const key = keyOf(cell, vocabulary)
  return key === undefined ? wrong(oneOf(keysOf(vocabulary))) : right(key)
}

function readWords(cell: string, vocabulary: Vocabulary<string>): CellRead {
  const keys = split(cell).map((part) => keyOf(part, vocabulary))
  if (!keys.includes(undefined)) return right([...new Set(keys)])
  const words = oneOf(keysOf(vocabulary))
  return wrong(text(`用 | 分隔，每项${words.zh}`, `words separated by |, and each ${words.en}`))
}

function readYesNo(cell: string): CellRead {
  const key = keyOf(cell, YES_NO)
  return key === undefined ? wrong(YES_NO_WANT) : right(key === 'yes')
}

/** `assumed` names columns as the header does; a record names fields as the schema does. */
function readAssumed(cell: string, { columns }: TableSpec): CellRead {
  const names = split(cell)
  const specs = names.map((name) => columns.find(({ column }) => column === name))
  const unknown = names.find((name, index) => name !== '*' && specs[index] === undefined)
  if (unknown !== undefined) {
    const known = columns.map(({ column }) => column)
    const near = closest(unknown, known)
    return wrong(text(
      `用 | 分隔，每项为 * 或本表的列名：${known.join('、')}${near.zh}`,
      `columns of this table separated by |, or *: ${known.join(', ')}${near.en}`,
    ))
  }
  // A column that only makes the id stands for the id.
  const fields = specs.map((spec) => (spec === undefined ? '*' : (spec.field?.split('.')[0] ?? 'id')))
  return right([...new Set(fields)])
}

const split = (cell: string): string[] =>
  cell.split(LIST_SEPARATOR).map((part) => part.trim()).filter((part) => part !== '')

function readFigure(cell: string, kind: 'count' | 'figure' | 'limit'): CellRead {
  const word = kind === 'count' ? undefined : keyOf(cell, kind === 'figure' ? FIGURE_WORDS : LIMIT_WORDS)
  if (word !== undefined) return right(word)
  if (/^\d{1,15}$/.test(cell)) return right(Number(cell))
  const want = EMPTY_WANTS[kind] ?? WHOLE_WANT
  const why = whyNoFigure(cell)
  return wrong(text(`${want.zh}；${why.zh}`, `${want.en}; ${why.en}`))
}

function whyNoFigure(cell: string): Text {
  const halfWidth = cell.normalize('NFKC')
  if (halfWidth !== cell && /^\d+$/.test(halfWidth)) {
    return text(`用半角数字：${halfWidth}`, `in half-width digits: ${halfWidth}`)
  }
  if (/^\d{1,3}([,，'’\s]\d{3})+$/.test(cell)) {
    const digits = cell.replace(/\D/g, '')
    return text(`不加千位分隔符：${digits}`, `without a thousands separator: ${digits}`)
  }
  if (/^[-−]\s*\d/.test(cell)) return text('不能为负', 'it must not be negative')
  if (/^\d*\.\d+$/.test(cell)) return text('不能有小数', 'it must not be a fraction')
  return text('只用 0 至 9 的数字', 'only with the digits 0 to 9')
}
