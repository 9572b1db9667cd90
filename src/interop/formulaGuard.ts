/** What a spreadsheet would run as a formula: these letters first, in full width too. Tab and return lead to one. */
const RUNS = '[=+\\-@\\t\\r＝＋－＠]'
const TO_GUARD = new RegExp(`^'*${RUNS}`)
const GUARDED = new RegExp(`^'+${RUNS}`)

/**
 * A text as a cell that is only shown: an apostrophe leads what could run. What already looks guarded gets one more,
 * so that asMeant gives every text back.
 */
export const guarded = (words: string): string => (TO_GUARD.test(words) ? `'${words}` : words)

/** The text that a cell means: without the apostrophe that guards it. Any other apostrophe belongs to the text. */
export const asMeant = (cell: string): string => (GUARDED.test(cell) ? cell.slice(1) : cell)
