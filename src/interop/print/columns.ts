/** East Asian wide and fullwidth characters, which take two columns of a terminal. */
const WIDE =
  '\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff' +
  '\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6\\u{1f300}-\\u{1f64f}\\u{1f900}-\\u{1f9ff}\\u{20000}-\\u{3fffd}'
const OPENING = '（《〈「『【“‘'
const CLOSING = '，。；：、？！）》〉」』】”’,.;:!?)'
const isWide = new RegExp(`^[${WIDE}]$`, 'u')
const isMark = /^[\p{Mn}\p{Me}]$/u
/** What stays on one line: a wide character or a run of others, with the punctuation that belongs to it. */
const PIECE = new RegExp(`\\s+|[${OPENING}]*(?:[${WIDE}]|[^\\s${WIDE}]+)[${CLOSING}]*`, 'gu')

const columnsOf = (character: string): number => (isMark.test(character) ? 0 : isWide.test(character) ? 2 : 1)

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

export const padRight = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))
export const padLeft = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text

/** The beginning of a text, in at most so many columns; what is left out shows as …. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (widthOf(kept) + columnsOf(character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Lines of at most `width` columns; a single longer word stands alone on a longer line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of text.match(PIECE) ?? []) {
    const fits = widthOf(line) + widthOf(piece) <= width
    if (fits || line === '') line += line === '' ? piece.trimStart() : piece
    else {
      lines.push(line.trimEnd())
      line = piece.trimStart()
    }
  }
  return line.trim() === '' && lines.length > 0 ? lines : [...lines, line.trimEnd()]
}
