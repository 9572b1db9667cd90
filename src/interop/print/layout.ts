import { padLeft, padRight, widthOf, wrap } from './columns.js'
import { visible } from '../../kernel/safeText.js'

export const LINE_COLUMNS = 110
const GAP = '  '
const LAST_COLUMN_LEAST = 30

/** One printed line; every text in it has been made safe to show. */
export interface Line {
  readonly heading: boolean
  readonly text: string
  /** What it says before it is cut to the width of a line, for whoever lays it out otherwise; null: it goes on with the line before. */
  readonly whole: Whole | null
}

export type Whole =
  | { readonly is: 'blank' }
  | { readonly is: 'heading' }
  | { readonly is: 'words'; readonly words: string; readonly indent: number }
  | { readonly is: 'row' | 'titles'; readonly cells: readonly string[]; readonly of: Columns }

/** The columns that rows stand below each other in: one and the same for all rows of a table. */
export interface Columns {
  readonly count: number
  readonly align: readonly Align[]
  readonly indent: number
}

const plain = (text: string, whole: Whole | null): Line => ({ heading: false, text: text.trimEnd(), whole })

export const blank: Line = plain('', { is: 'blank' })
export const heading = (text: string): Line => ({ heading: true, text: visible(text), whole: { is: 'heading' } })

/** A paragraph, its second line and the next ones indented by `hang` more. */
export function paragraph(text: string, place: { indent?: number; hang?: number } = {}): Line[] {
  const { indent = 0, hang = 0 } = place
  const room = LINE_COLUMNS - indent - hang
  const words = visible(text)
  return wrap(words, room).map((line, index) =>
    plain(' '.repeat(indent + (index === 0 ? 0 : hang)) + line, index === 0 ? { is: 'words', words, indent } : null))
}

/** `label: text`, the text hanging below its own beginning. */
export function labelled(label: string, text: string, indent = 0): Line[] {
  return paragraph(`${label}${text}`, { indent, hang: Math.min(24, widthOf(visible(label))) })
}

/** A heading with what stands below it, after a blank line; nothing at all when there is nothing to say. */
export const section = (title: string, lines: readonly Line[]): Line[] =>
  lines.length === 0 ? [] : [blank, heading(title), ...lines]

export type Align = 'left' | 'right'
export interface Table {
  readonly header?: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How each column stands; left where nothing is said. */
  readonly align?: readonly Align[]
  readonly indent?: number
}

/** Rows in aligned columns; a last column that does not fit is wrapped below itself. */
export function table({ header, rows, align = [], indent = 2 }: Table): Line[] {
  if (rows.length === 0) return []
  const all = (header === undefined ? rows : [header, ...rows]).map((row) => row.map(visible))
  const count = Math.max(...all.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))))
  const of: Columns = { count, align, indent }
  return all.flatMap((row, at) => rowLines(row, { widths, of, is: header !== undefined && at === 0 ? 'titles' : 'row' }))
}

function rowLines(row: readonly string[], shape: { widths: number[]; of: Columns; is: 'row' | 'titles' }): Line[] {
  const { widths, of, is } = shape
  const { align, indent } = of
  const cells = row.map((cell, at) => (align[at] === 'right' ? padLeft : padRight)(cell, widths[at] ?? 0))
  const before =
    ' '.repeat(indent) +
    cells
      .slice(0, -1)
      .map((cell) => cell + GAP)
      .join('')
  const room = LINE_COLUMNS - widthOf(before)
  const last = row.at(-1) ?? ''
  const whole: Whole = { is, cells: row, of }
  if (align[row.length - 1] === 'right' || widthOf(last) <= room) return [plain(before + (cells.at(-1) ?? ''), whole)]
  const [first = '', ...more] = wrap(last, Math.max(LAST_COLUMN_LEAST, room))
  const hang = ' '.repeat(Math.min(widthOf(before), LINE_COLUMNS - LAST_COLUMN_LEAST))
  return [plain(before + first, whole), ...more.map((line) => plain(hang + line, null))]
}

/** Lines as they go out where nothing shows more than letters. */
export const plainText = (lines: readonly Line[]): string => lines.map(({ text }) => `${text}\n`).join('')
