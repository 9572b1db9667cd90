const LENGTH_MAX = 80

/**
 * What was found, short enough for one line. Letters that nobody sees are spelled out, so that text from a file
 * can neither steer a terminal nor pass for another. '' stands for nothing there.
 */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return `[${value.length}]`
  if (typeof value === 'object') return '{…}'
  const letters = [...String(value)]
  const short = letters.length > LENGTH_MAX ? [...letters.slice(0, LENGTH_MAX), '…'] : letters
  return short.map((letter) => (/[\p{C}\p{Zl}\p{Zp}]/u.test(letter) ? spelled(letter) : letter)).join('')
}

const spelled = (letter: string): string => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
