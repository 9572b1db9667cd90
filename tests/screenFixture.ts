import type { Screen } from '../src/cli/screen.js'

/** A screen that remembers what was written to it. */
export interface Heard extends Screen {
  readonly said: { out: string; err: string }
}

export function screenOf(look: { bold?: boolean; errColumns?: number | null } = {}): Heard {
  const said = { out: '', err: '' }
  const out = (text: string) => void (said.out += text)
  const err = (text: string) => void (said.err += text)
  return { said, out, err, bold: look.bold ?? false, errColumns: look.errColumns ?? null }
}
