import { drillLine, stamped } from './drill.js'
import type { Text } from './text.js'

/** Text inside a page: nothing of it is read as HTML. */
export const escaped = (words: string): string => words.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark)
const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Both languages in one cell, the English below and smaller. */
export const inBoth = ({ zh, en }: Text): string => `${escaped(zh)}<br><small lang="en">${escaped(en)}</small>`

/** An empty place that is filled in by hand. */
export const BLANK = '&nbsp;'

/** What a page may do that has a style of its own: it still loads nothing and runs nothing. */
export const STYLED_PAGE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/** One page to be printed: it loads nothing and runs nothing. `of`: its number. `body` is HTML already. */
export const paper = (title: Text, of: string, body: string, isDrill: boolean, style = ''): string => `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escaped(stamped(`${title.zh} ${of}`, isDrill))}</title>${style === '' ? '' : `<style>${style}</style>`}</head>
<body>${drillLine(isDrill)}<h1>${escaped(title.zh)}</h1><p lang="en">${escaped(title.en)}</p>
${body}
</body></html>
`

/** A table with a title over every column; a cell is HTML already. */
export function tableOf(titles: readonly Text[], rows: readonly (readonly string[])[]): string {
  const head = `<tr>${titles.map((title) => `<th>${inBoth(title)}</th>`).join('')}</tr>`
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`)
  return `<table border="1" cellpadding="4" cellspacing="0" width="100%">\n${[head, ...body].join('\n')}\n</table>`
}

/** Lines of a form: what each is, and its value, which is HTML already. */
export const formRow = (title: Text, value: string): string => `<tr><th align="left" width="35%">${inBoth(title)}</th><td>${value}</td></tr>`
export const formOfRows = (rows: readonly string[]): string => `<table border="1" cellpadding="6" cellspacing="0" width="100%">${rows.join('\n')}</table>`

/** A part of a page under a heading of its own. */
export const partOf = (title: Text, body: string): string => `<h2>${escaped(title.zh)}</h2><p lang="en">${escaped(title.en)}</p>\n${body}`
