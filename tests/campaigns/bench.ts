import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { planFor } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { closeSolvers, threadSolver } from '../../src/planning/solve/thread.js'
import { materialRows } from './benchMaterial.js'
import { interleaved, type Milliseconds, readWords, type Row, rowOf, tableOf, type Words } from './benchRows.js'
import { reportRows } from './benchReport.js'
import { startRows } from './benchStart.js'
import { loaded, shipped } from './load.js'
import { failing, type Fared, levelsToShare, OPTIONS, PEER, peerOn, type SameLevels } from './peer.js'

/**
 * Our time beside that of the peer on the same models: `bench [--json] [--runs N] [--only material] [--places N] [--items N]`.
 * Nothing is timed elsewhere.
 */
const REAL = 'chongqing-2020-01-29'
const LOADS = [1, 3, 10, 30] as const
const MEBIBYTES_MAX = 400

interface Planning {
  readonly name: string
  readonly scenario: Scenario
  /** What its levels come to, as seen before. */
  readonly values: readonly number[]
  readonly waysOut: boolean
}

class Bench {
  /** Values that are not the same twice, or not the same for both: the figures are then worth nothing. */
  readonly differences: string[] = []

  constructor(private readonly runs: number) {}

  /** The whole plan against the peer's bare levels, and both bare on the levels that the peer gets through. */
  async compared(name: string, scenario: Scenario): Promise<Row[]> {
    const levels = await levelsToShare(scenario)
    const fared: Fared[] = []
    for (const level of levels.values.keys()) fared.push(await peerOn(levels, level))
    const failed = fared.flatMap((one, level) => failing(levels, level, one) ?? [])
    this.differences.push(...fared.flatMap((one, level) =>
      one.how === 'differs' ? [`${name}, ${PEER}, ${failing(levels, level, one) ?? ''}`] : []))
    const all = [...fared.keys()]
    const carried = all.filter((level) => fared[level]?.how === 'carried')
    const peer = failed.length > 0 ? null : () => this.peerTime(name, levels, all)
    const plan = { name, scenario, values: levels.planned, waysOut: true }
    const whole = await interleaved(this.runs, { ours: () => this.planTime(plan), peer })
    const what = 'ours from snapshot to checked plan, the peer its bare levels'
    const row = rowOf({ name, ...whole, peerName: PEER, note: failed.length === 0 ? what : failed.join('; ') })
    if (carried.length === 0) return [row]
    const bare = await interleaved(this.runs, {
      ours: () => this.highsTime(name, levels, carried),
      peer: () => this.peerTime(name, levels, carried),
    })
    const note = `bare levels, those that the peer carries: ${carried.length} of ${all.length}`
    return [row, rowOf({ name: `${name}Carried`, ...bare, peerName: PEER, note })]
  }

  /** How our time grows with the number of those who wait. Ways out would be solved for only where beds run out. */
  async load(scenario: Scenario, times: number): Promise<Row> {
    const name = `load x${times}`
    const day = loaded(scenario, times)
    const { plan } = await planFor(day, { ...OPTIONS, waysOut: false })
    const values = plan.levels.map(({ value }) => value)
    const again = { name, scenario: day, values, waysOut: false }
    const { ours } = await interleaved(this.runs, { ours: () => this.planTime(again), peer: null })
    const open = plan.levels.filter(({ optimal }) => !optimal).length
    const note = [
      `${Object.keys(day.cases).length} cases: ${plan.moves.length} move, ${plan.unplaced.length} unplaced`,
      ...(open === 0 ? [] : [`${open} levels not proved, ${plan.status}`]),
    ].join('; ')
    return rowOf({ name, ours, note })
  }

  /** Before anything large is solved: on Linux a child's peak counts from that of the process that started it. */
  memory(): Row {
    const child = fileURLToPath(new URL('planOnce.js', import.meta.url))
    const ours = Array.from({ length: this.runs }, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [child, REAL], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`planning in a process of its own ended with ${status}: ${stderr}`)
      return Number(stdout) / 1024
    })
    const row = rowOf({ name: 'memory', ours, unit: 'MiB' })
    return row.ours < MEBIBYTES_MAX ? row : { ...row, note: `over the aim of ${MEBIBYTES_MAX} MiB` }
  }

  private async planTime(ask: Planning): Promise<Milliseconds> {
    const start = performance.now()
    const { plan } = await planFor(ask.scenario, { ...OPTIONS, waysOut: ask.waysOut })
    const taken = performance.now() - start
    this.compare(ask.name, plan.levels.map(({ value }) => value), ask.values)
    return taken
  }

  /** HiGHS goes through all levels in one model; only those asked for are counted. */
  private async highsTime(name: string, levels: SameLevels, counted: readonly number[]): Promise<Milliseconds> {
    const { problem, values } = levels
    const ends = [performance.now()]
    const { milliseconds } = OPTIONS
    const result = await threadSolver.solve({ problem, milliseconds, onLevel: () => ends.push(performance.now()) })
    this.compare(name, result.status === 'solved' ? result.levels.map(({ value }) => value) : [], values)
    return counted.reduce((total, level) => total + (ends[level + 1] ?? Number.NaN) - (ends[level] ?? Number.NaN), 0)
  }

  private async peerTime(name: string, levels: SameLevels, counted: readonly number[]): Promise<Milliseconds> {
    let total = 0
    for (const level of counted) {
      const start = performance.now()
      const fared = await peerOn(levels, level)
      total += performance.now() - start
      const why = failing(levels, level, fared)
      if (why !== null) this.differences.push(`${name}, ${PEER} in a later run, ${why}`)
    }
    return total
  }

  private compare(name: string, got: readonly number[], want: readonly number[]): void {
    if (got.join() !== want.join()) this.differences.push(`${name}: level values ${got.join()}, before ${want.join()}`)
  }
}

const say = (what: string) => console.error(`… ${what}`)

async function materialOf(bench: Bench, words: Words): Promise<readonly Row[]> {
  say(`material: ${words.places} places, ${words.items} items`)
  const { rows, differences } = await materialRows(words.runs, words)
  bench.differences.push(...differences)
  return rows
}

async function allRows(bench: Bench, words: Words): Promise<Row[]> {
  say('memory')
  const memory = bench.memory()
  const material = await materialOf(bench, words)
  const real = shipped(REAL)
  say('real')
  const rows = await bench.compared('real', real)
  say('tenfold')
  rows.push(...await bench.compared('tenfold', shipped(`${REAL}-tenfold`)))
  for (const times of LOADS) {
    say(`load x${times}`)
    rows.push(await bench.load(real, times))
  }
  rows.push(memory, ...material)
  say('service: start and memory')
  rows.push(...await startRows(words.runs))
  say('service: one bed report')
  rows.push(...await reportRows(words.runs))
  return rows
}

async function main(): Promise<0 | 1 | 2> {
  const words = readWords()
  if (typeof words === 'string') {
    console.error(words)
    return 2
  }
  const bench = new Bench(words.runs)
  const rows = await (words.isMaterialOnly ? materialOf(bench, words) : allRows(bench, words))
  const json = { node: process.version, cores: availableParallelism(), rows }
  console.log(words.json ? JSON.stringify(json, null, 2) : tableOf(rows))
  for (const difference of bench.differences) console.error(difference)
  return bench.differences.length === 0 ? 0 : 1
}

process.exitCode = await main().finally(closeSolvers)
