import { text } from './text.js'

/** What everything bears that leaves a store which is for a drill (演练), so that nobody takes it for the real thing. */
export const DRILL = text('演练', 'DRILL')
export const STAMP = `${DRILL.zh} ${DRILL.en}`

/** The header of every answer, in letters that a header can have. */
export const DRILL_HEADER = 'X-Drill'

/** A name, a title or a file, with the stamp before it; once, however often it goes in and out. */
export const stamped = (words: string, isDrill: boolean): string => (isDrill && !isStamped(words) ? `${STAMP} ${words}` : words)
export const isStamped = (words: string): boolean => words.startsWith(STAMP)

/** A number that people read to each other over the telephone, and that stands in the address of what it is the number of. */
export const stampedNumber = (number: string, isDrill: boolean): string => `${numberPrefix(isDrill)}${number}`
export const numberPrefix = (isDrill: boolean): string => (isDrill ? `${DRILL.zh}-` : '')

/** A member of a JSON object; there is none outside of a drill. */
export const drillMember = (isDrill: boolean): { drill?: string } => (isDrill ? { drill: STAMP } : {})

/** The first line of a printed page, as large as a page without style can have it. */
export const drillLine = (isDrill: boolean): string => (isDrill ? `<h1 align="center"><font size="7">${STAMP}</font></h1>\n` : '')
