import { parseArgs } from 'node:util'

/** One line of the comparison: medians, the spread of our own runs, and ours / peer. */
export interface Row {
  readonly name: string
  readonly ours: number
  /** Null: there is none, or it does not get through; the note says why. */
  readonly peer: number | null
  readonly peerName: string | null
  readonly ratio: number | null
  readonly unit: 'ms' | 'MiB'
  readonly runs: number
  readonly p10: number
  readonly p90: number
  readonly note: string | null
}

const BOUNDS = { runs: { usual: 5, most: 100 }, places: { usual: 500, most: 1000 }, items: { usual: 30, most: 100 } } as const

export interface Words {
  readonly json: boolean
  readonly runs: number
  /** Material alone, not the other rows. */
  readonly isMaterialOnly: boolean
  /** Of the city that material is planned for. */
  readonly places: number
  readonly items: number
}

/** What was asked for, or one sentence. */
export function readWords(words: readonly string[] = process.argv.slice(2)): Words | string {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({ args: [...words], options: { json: { type: 'boolean' }, runs: text, only: text, places: text, items: text } })
    const whole = (name: keyof typeof BOUNDS): number => {
      const { usual, most } = BOUNDS[name]
      const number = Number(values[name] ?? usual)
      if (!Number.isInteger(number) || number < 1 || number > most) throw new Error(`--${name} must be a whole number, 1 to ${most}.`)
      return number
    }
    if (values.only !== undefined && values.only !== 'material') throw new Error('--only takes the word material.')
    return { json: values.json === true, runs: whole('runs'), isMaterialOnly: values.only === 'material', places: whole('places'), items: whole('items') }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export type Milliseconds = number

/** Ours, peer, ours, peer …: what else the machine does in the meantime falls on both. */
export async function interleaved(
  runs: number,
  { ours, peer }: { ours: () => Promise<Milliseconds>; peer: (() => Promise<Milliseconds>) | null },
): Promise<{ ours: Milliseconds[]; peer: Milliseconds[] }> {
  const times: { ours: Milliseconds[]; peer: Milliseconds[] } = { ours: [], peer: [] }
  for (let run = 0; run < runs; run += 1) {
    times.ours.push(await ours())
    if (peer !== null) times.peer.push(await peer())
  }
  return times
}

/** Between the two nearest when it falls between them. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at - Math.floor(at))
}

export function rowOf(parts: {
  name: string; ours: readonly number[]; peer?: readonly number[]; unit?: Row['unit']; peerName?: string; note?: string
}): Row {
  const { name, ours, peer = [], unit = 'ms', peerName = null, note = '' } = parts
  const tenth = (value: number) => Math.round(value * 10) / 10
  const [mine, theirs] = [quantile(ours, 0.5), peer.length === 0 ? null : quantile(peer, 0.5)]
  return {
    name, ours: tenth(mine), peer: theirs === null ? null : tenth(theirs), peerName,
    ratio: theirs === null ? null : Math.round((mine / theirs) * 1000) / 1000,
    unit, runs: ours.length, p10: tenth(quantile(ours, 0.1)), p90: tenth(quantile(ours, 0.9)),
    note: note === '' ? null : note,
  }
}

const HEADINGS = ['name', 'ours', 'peer', 'ours/peer', 'unit', 'runs', 'p10', 'p90', "peer's name"] as const
const TO_THE_LEFT: readonly string[] = ['name', 'unit', "peer's name"]

/** An aligned table, each note on a line below its row. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name, row.ours.toFixed(1), row.peer?.toFixed(1) ?? '-', row.ratio?.toFixed(3) ?? '-', row.unit,
    String(row.runs), row.p10.toFixed(1), row.p90.toFixed(1), row.peerName ?? '-',
  ])
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...cells.map((line) => line[i]?.length ?? 0)))
  const line = (words: readonly string[]) => words.map((word, i) => {
    const width = widths[i] ?? 0
    return TO_THE_LEFT.includes(HEADINGS[i] ?? '') ? word.padEnd(width) : word.padStart(width)
  }).join('  ').trimEnd()
  return [line(HEADINGS), ...cells.flatMap((words, i) => {
    const note = rows[i]?.note ?? null
    return note === null ? [line(words)] : [line(words), `    ${note}`]
  })].join('\n')
}
