import { type Line, plainText } from '../interop/print/layout.js'
import type { Language, Text } from '../kernel/text.js'
import { visible } from '../kernel/safeText.js'

/** Where a command writes: the answer on one stream, everything else on the other. */
export interface Screen {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Headings in bold: a terminal that nobody asked to keep plain. */
  readonly bold: boolean
  /** Columns of the terminal behind `err`; null when it is none. */
  readonly errColumns: number | null
}

export type ExitCode = 0 | 1 | 2 | 3 | 4

const DEFAULT_COLUMNS = 80

/** The process's own streams. A reader who has left (`| head`) is no error of ours. */
export function processScreen(environment: Readonly<Record<string, string | undefined>>): Screen {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    bold: process.stdout.isTTY === true && (environment.NO_COLOR ?? '') === '',
    errColumns: process.stderr.isTTY === true ? process.stderr.columns || DEFAULT_COLUMNS : null,
  }
}

/** A sentence on the error stream, in one language or, while that is not known, in both. */
export function complain(screen: Screen, sentence: Text, language: Language | null): void {
  const lines = language === null ? [sentence.zh, sentence.en] : [sentence[language]]
  for (const line of new Set(lines)) screen.err(`${visible(line)}\n`)
}

/** Lines as they go out; headings in bold where the terminal shows it. */
export const printed = (lines: readonly Line[], { bold }: Pick<Screen, 'bold'>): string =>
  plainText(bold ? lines.map((line) => (line.heading ? { ...line, text: `\u001b[1m${line.text}\u001b[22m` } : line)) : lines)
