/** Controls, format characters (bidirectional overrides among them), line separators and halves of pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
/** The same in JSON, whose own line feeds stand between the strings and are meant. */
const UNPRINTABLE_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

/** One line as it may reach a terminal: whatever could steer it is written out, as in \u{1b}. */
export const visible = (text: string): string =>
  text.replace(UNPRINTABLE, (mark) => `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`)

/** Pretty JSON of the same value, with everything that could steer a terminal as \uXXXX. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(UNPRINTABLE_IN_JSON, escapeUnits)

function escapeUnits(mark: string): string {
  const units = Array.from({ length: mark.length }, (_, index) => mark.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
