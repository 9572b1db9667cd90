import { padLeft, padRight, widthOf, wrap } from './columns.js'
import { visible } from '../../kernel/safeText.js'

export const LINE_COLUMNS = 110
const GAP = '  '
const LAST_COLUMN_LEAST = 30

/** One printed line; every text in it has been made safe to show. */
export interface Line {
  readonly heading: boolean
  readonly text: string
}

const plain = (text: string): Line => ({ heading: false, text: text.trimEnd() })

export const blank: Line = plain('')
export const heading = (text: string): Line => ({ heading: true, text: visible(text) })

/** A paragraph, its second line and the next ones indented by `hang` more. */
export function paragraph(text: string, place: { indent?: number; hang?: number } = {}): Line[] {
  const { indent = 0, hang = 0 } = place
  const room = LINE_COLUMNS - indent - hang
  return wrap(visible(text), room).map((line, index) => plain(' '.repeat(indent + (index === 0 ? 0 : hang)) + line))
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
  const columns = Math.max(...all.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))))
  return all.flatMap((row) => rowLines(row, { widths, align, indent }))
}

function rowLines(
  row: readonly string[],
  shape: { widths: number[]; align: readonly Align[]; indent: number },
): Line[] {
  const { widths, align, indent } = shape
  const cells = row.map((cell, at) => (align[at] === 'right' ? padLeft : padRight)(cell, widths[at] ?? 0))
  const before =
    ' '.repeat(indent) +
    cells
      .slice(0, -1)
      .map((cell) => cell + GAP)
      .join('')
  const room = LINE_COLUMNS - widthOf(before)
  const last = row.at(-1) ?? ''
  if (align[row.length - 1] === 'right' || widthOf(last) <= room) return [plain(before + (cells.at(-1) ?? ''))]
  const [first = '', ...more] = wrap(last, Math.max(LAST_COLUMN_LEAST, room))
  const hang = ' '.repeat(Math.min(widthOf(before), LINE_COLUMNS - LAST_COLUMN_LEAST))
  return [plain(before + first), ...more.map((line) => plain(hang + line))]
}

/** Lines as they go out where nothing shows more than letters. */
export const plainText = (lines: readonly Line[]): string => lines.map(({ text }) => `${text}\n`).join('')
