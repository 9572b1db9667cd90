import { escaped } from '../../kernel/paper.js'
import type { Columns, Line, Whole } from './layout.js'

/** What the body of a page has open. */
type Open = { readonly is: 'table'; readonly of: Columns } | { readonly is: 'list' } | null
type Part = { readonly whole: Exclude<Whole, { is: 'blank' }>; readonly text: string }

const BULLET = '- '

/** Printed lines as HTML: tables are tables, with what is said about a row below it, and sentences are whole again. */
export function htmlOf(lines: readonly Line[]): string {
  const parts = lines.flatMap(({ whole, text }): Part[] => (whole === null || whole.is === 'blank' ? [] : [{ whole, text }]))
  const ends = new Map<Columns, number>()
  for (const [at, { whole }] of parts.entries()) if (whole.is === 'row' || whole.is === 'titles') ends.set(whole.of, at)
  let open: Open = null
  const html = parts.flatMap((part, at) => {
    const next = openFor(part, open, (of) => at < (ends.get(of) ?? 0))
    const change = next === open ? [] : [closing(open), opening(next)]
    open = next
    return [...change, htmlIn(part, open)]
  })
  return [...html, closing(open)].filter((one) => one !== '').join('\n')
}

/** Where a part stands: rows in their table, and in it too what is said before its last row or below one. */
function openFor({ whole }: Part, open: Open, goesOn: (of: Columns) => boolean): Open {
  if (whole.is === 'heading') return null
  if (whole.is !== 'words') return open?.is === 'table' && open.of === whole.of ? open : { is: 'table', of: whole.of }
  if (open?.is === 'table' && (goesOn(open.of) || whole.indent > open.of.indent)) return open
  if (!whole.words.startsWith(BULLET)) return null
  return open?.is === 'list' ? open : { is: 'list' }
}

const opening = (open: Open): string => (open === null ? '' : open.is === 'list' ? '<ul>' : '<table>')
const closing = (open: Open): string => (open === null ? '' : open.is === 'list' ? '</ul>' : '</table>')

function htmlIn({ whole, text }: Part, open: Open): string {
  if (whole.is === 'heading') return `<h2>${escaped(text)}</h2>`
  if (whole.is !== 'words') return whole.is === 'titles' ? `<thead>${rowOf(whole.cells, whole.of, 'th')}</thead>` : rowOf(whole.cells, whole.of, 'td')
  const { words, indent } = whole
  const cell = indent > (open?.is === 'table' ? open.of.indent : 0) ? 'td' : 'th'
  if (open?.is === 'table') return `<tr><${cell} colspan="${open.of.count}"${moved(indent)}>${escaped(words)}</${cell}></tr>`
  return open === null ? `<p${moved(indent)}>${escaped(words)}</p>` : `<li>${escaped(words.slice(BULLET.length))}</li>`
}

const moved = (indent: number): string => (indent === 0 ? '' : ` style="padding-left:${indent / 2}em"`)

function rowOf(cells: readonly string[], { count, align }: Columns, cell: 'th' | 'td'): string {
  const all = Array.from({ length: count }, (_, at) => `<${cell}${align[at] === 'right' ? ' class="n"' : ''}>${escaped(cells[at] ?? '')}</${cell}>`)
  return `<tr>${all.join('')}</tr>`
}
