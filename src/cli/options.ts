import { parseArgs } from 'node:util'
import { type Text, text } from '../kernel/text.js'

/** An option: what its value is (null: it takes none), whether it may be repeated, and what it does. */
export interface OptionSpec {
  readonly takes: Text | null
  readonly repeats: boolean
  readonly help: Text
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** What a command line said. */
export interface Given {
  readonly places: readonly string[]
  readonly has: (option: string) => boolean
  readonly all: (option: string) => readonly string[]
  readonly one: (option: string) => string | null
}

/** A value, or the one sentence that says what is wrong and what would be right. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: Text }

export const wrong = (zh: string, en: string): { ok: false; sentence: Text } => ({ ok: false, sentence: text(zh, en) })

type Token = ReturnType<typeof tokensOf>[number]

/** Reads the words of a command line; the first mistake ends it. */
export function readOptions(words: readonly string[], specs: OptionSpecs, placesMax: number): Read<Given> {
  const places: string[] = []
  const values = new Map<string, string[]>()
  for (const token of tokensOf(words, specs)) {
    if (token.kind === 'positional') places.push(token.value)
    if (token.kind !== 'option') continue
    const read = readOption(token, specs, values)
    if (!read.ok) return read
    values.set(token.name, [...(values.get(token.name) ?? []), read.value])
  }
  const extra = places[placesMax]
  if (extra !== undefined)
    return wrong(
      `多了一个参数 “${extra}”，最多 ${placesMax} 个。`,
      `One word too many: "${extra}". At most ${placesMax} may stand without an option.`,
    )
  const all = (option: string) => values.get(option) ?? []
  return {
    ok: true,
    value: { places, has: (option) => values.has(option), all, one: (option) => all(option)[0] ?? null },
  }
}

/** Not strict: the sentences of node:util are in one language and for programmers. */
function tokensOf(words: readonly string[], specs: OptionSpecs) {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { type: spec.takes === null ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  return parseArgs({ args: [...words], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

function readOption(
  token: Extract<Token, { kind: 'option' }>,
  specs: OptionSpecs,
  earlier: ReadonlyMap<string, string[]>,
): Read<string> {
  const { name, rawName, value, inlineValue } = token
  const spec = rawName.startsWith('--') && Object.hasOwn(specs, name) ? specs[name] : undefined
  if (spec === undefined) {
    const known = Object.keys(specs).map((option) => `--${option}`)
    return wrong(
      `没有选项 ${rawName}。可用：${known.join('、')}。`,
      `There is no option ${rawName}. Options: ${known.join(', ')}.`,
    )
  }
  if (earlier.has(name) && !spec.repeats)
    return wrong(`选项 ${rawName} 只能写一次。`, `${rawName} may be given only once.`)
  if (spec.takes === null) {
    return value === undefined
      ? { ok: true, value: '' }
      : wrong(`选项 ${rawName} 不带值。`, `${rawName} takes no value.`)
  }
  const isMissing = value === undefined || value === '' || (value.startsWith('-') && !inlineValue)
  const { zh, en } = spec.takes
  return isMissing
    ? wrong(`选项 ${rawName} 后面要写${zh}。`, `${rawName} must be followed by ${en}.`)
    : { ok: true, value }
}
