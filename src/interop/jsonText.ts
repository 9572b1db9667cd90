import { shown } from '../kernel/shown.js'
import { type Text, text } from '../kernel/text.js'

const WHITE_SPACE = /[ \t\n\r]*/y
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y
const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

export interface JsonMistake {
  readonly line: number
  readonly got: string
  readonly want: Text
}

/**
 * Reads JSON as JSON.parse does, but says where it is wrong (Node 20 often does not), refuses what is nested too deep,
 * and refuses a member named twice, of which JSON.parse would silently keep the last.
 */
export function readJson(source: string, depthMax: number): { value: unknown } | { mistake: JsonMistake } {
  const scan = new Scan(source, depthMax)
  const fault = scan.value(0) ?? scan.end()
  if (fault === null) return { value: JSON.parse(source) as unknown }
  const before = source.slice(0, fault.at).split('\n')
  const line = before.length
  const position = [...(before.at(-1) ?? '')].length + 1
  return {
    mistake: {
      line,
      got: shown([...source.slice(fault.at, fault.at + 40)].slice(0, 20).join('')),
      want: text(
        `第 ${line} 行第 ${position} 个字符：${fault.want.zh}`,
        `line ${line}, character ${position}: ${fault.want.en}`,
      ),
    },
  }
}

interface ScanFault {
  readonly at: number
  readonly want: Text
}

const NO_VALUE = text('不是 JSON，此处应为一个值', 'not JSON: a value belongs here')
const NO_NAME = text('不是 JSON，此处应为带双引号的名称', 'not JSON: a name in double quotes belongs here')

/** Runs over the text once; each part returns its fault, or null and stands behind what it read. */
class Scan {
  private at = 0

  constructor(private readonly source: string, private readonly depthMax: number) {}

  value(depth: number): ScanFault | null {
    this.take(WHITE_SPACE)
    if (depth > this.depthMax) {
      return this.fault(text(`最多 ${this.depthMax} 层`, `must not be nested more than ${this.depthMax} deep`))
    }
    if (this.takes('{')) return this.items('}', () => this.member(depth, new Set()))
    if (this.takes('[')) return this.items(']', () => () => this.value(depth + 1))
    return this.take(STRING) !== null || this.take(NUMBER_OR_WORD) !== null ? null : this.fault(NO_VALUE)
  }

  end(): ScanFault | null {
    this.take(WHITE_SPACE)
    return this.at === this.source.length ? null : this.fault(text('不是 JSON，此处应结束', 'not JSON: must end here'))
  }

  /** `start` makes the reader of one item, with what it has to remember from item to item. */
  private items(close: '}' | ']', start: () => () => ScanFault | null): ScanFault | null {
    const item = start()
    this.take(WHITE_SPACE)
    if (this.takes(close)) return null
    for (;;) {
      const fault = item()
      if (fault !== null) return fault
      this.take(WHITE_SPACE)
      if (this.takes(close)) return null
      if (!this.takes(',')) return this.fault(text(`不是 JSON，此处应为 , 或 ${close}`, `not JSON: , or ${close} belongs here`))
    }
  }

  private member(depth: number, seen: Set<string>) {
    return (): ScanFault | null => {
      this.take(WHITE_SPACE)
      const at = this.at
      const name = this.take(STRING)
      if (name === null) return this.fault(NO_NAME)
      const key = String(JSON.parse(name))
      if (seen.has(key)) return { at, want: text('同一名称只能写一次', 'a name must stand once in its object') }
      seen.add(key)
      this.take(WHITE_SPACE)
      if (!this.takes(':')) return this.fault(text('不是 JSON，此处应为 :', 'not JSON: a colon : belongs here'))
      return this.value(depth + 1)
    }
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.source)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }

  private takes(letter: string): boolean {
    if (this.source[this.at] !== letter) return false
    this.at += 1
    return true
  }

  private fault(want: Text): ScanFault {
    return { at: this.at, want }
  }
}
