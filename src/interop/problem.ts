import { shown } from '../kernel/shown.js'
import { type Text, text } from '../kernel/text.js'
import { LETTERS_MAX, masked } from './personalData.js'

/** One mistake in a scenario folder. `row` is the row that a spreadsheet shows, the header being 1. */
export interface Problem {
  file: string
  row: number | null
  column: string | null
  /** What stands there; '' for nothing. */
  got: string
  want: Text
}

const PROBLEMS_PER_FILE = 200

/** Problems of one file; beyond the first 200 it only counts, so that a wrong file does not fill the memory. */
export class ProblemList {
  private readonly problems: Problem[] = []
  private hidden = 0

  constructor(private readonly file: string) {}

  add(at: { row?: number | null; column?: string | null; got?: unknown }, want: Text): void {
    if (this.problems.length >= PROBLEMS_PER_FILE) this.hidden += 1
    else this.problems.push(problemOf({ file: this.file, ...at }, want))
  }

  get count(): number {
    return this.problems.length + this.hidden
  }

  all(): Problem[] {
    if (this.hidden === 0) return this.problems
    const more = text(`此文件另有 ${this.hidden} 处错误未列出`, `${this.hidden} more mistakes in this file are not listed`)
    return [...this.problems, problemOf({ file: this.file, got: this.hidden }, more)]
  }
}

export function problemOf(
  at: { file: string; row?: number | null; column?: string | null; got?: unknown },
  want: Text,
): Problem {
  const { file, row = null, column = null, got } = at
  const said = typeof got === 'string' ? got : shown(got)
  return {
    file: masked(shown(file)),
    row,
    column: column === null ? null : masked(shown(column)),
    // Masked before it is cut short, as half a number would not look like one; what nobody can have typed is cut before.
    got: shown(masked(said.slice(0, LETTERS_MAX))),
    want,
  }
}
