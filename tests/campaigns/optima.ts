import { parseArgs } from 'node:util'
import { closeSolvers } from '../../src/planning/solve/thread.js'
import { type Benchmarks, readBenchmarks, titleOf } from './transport.js'
import { solvedTransport } from './transportRun.js'

/** Every one-day problem with a known optimum, through the planner: `optima [folder] [--verbose]`. */
const FOLDER = '../shared/benchmarks'
const PROGRESS_EVERY = 24

async function reproduced({ network, problems }: Benchmarks, verbose: boolean): Promise<number> {
  let right = 0
  for (const [i, problem] of problems.entries()) {
    const wrong = await solvedTransport(network, problem)
    if (wrong.length === 0) right += 1
    const { moved, unmoved, cost_km10: cost } = problem
    if (wrong.length > 0) console.log(`${titleOf(problem)}: ${wrong.join('; ')}`)
    else if (verbose) console.log(`${titleOf(problem)}: ${moved} moved, ${unmoved} unmoved, cost ${cost}`)
    if ((i + 1) % PROGRESS_EVERY === 0) console.log(`… ${i + 1} done, ${right} reproduced`)
  }
  return right
}

/** Null, with a sentence on the screen, when the words are not understood. */
function asked(): { folder: string; verbose: boolean } | null {
  try {
    const { values, positionals } = parseArgs({ options: { verbose: { type: 'boolean' } }, allowPositionals: true })
    if (positionals.length <= 1) return { folder: positionals[0] ?? FOLDER, verbose: values.verbose === true }
    console.error('Name one folder.')
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
  }
  return null
}

async function main(): Promise<0 | 1 | 2> {
  const words = asked()
  if (words === null) return 2
  const benchmarks = readBenchmarks(words.folder)
  if (!benchmarks.ok) {
    console.error(benchmarks.sentence)
    return 2
  }
  const { problems } = benchmarks.value
  const right = await reproduced(benchmarks.value, words.verbose)
  console.log(`${right} of ${problems.length}`)
  return right === problems.length && right > 0 ? 0 : 1
}

process.exitCode = await main().finally(closeSolvers)
