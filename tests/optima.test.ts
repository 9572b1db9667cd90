import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type Benchmarks, readBenchmarks, titleOf, type TransportProblem } from './campaigns/transport.js'
import { solvedTransport } from './campaigns/transportRun.js'

const FOLDER = fileURLToPath(new URL('../../../shared/benchmarks', import.meta.url))
const CHOSEN = 12

afterAll(closeSolvers)

/** One day on which nobody is over, and the others from the smallest to the largest in even steps. */
function spread(problems: readonly TransportProblem[]): TransportProblem[] {
  const bySize = [...problems].sort((a, b) => a.over - b.over)
  const busy = bySize.filter(({ over }) => over > 0)
  const steps = Array.from({ length: CHOSEN - 1 }, (_, k) => Math.round((k * (busy.length - 1)) / (CHOSEN - 2)))
  return [...bySize.slice(0, 1), ...steps.flatMap((index) => busy[index] ?? [])]
}

function known(): Benchmarks {
  const read = readBenchmarks(FOLDER)
  if (!read.ok) throw new Error(read.sentence)
  return read.value
}

describe('optima that others found are reproduced exactly', () => {
  if (!existsSync(FOLDER)) {
    test('one-day transfers', ({ skip }) => skip(`there are no benchmarks at ${FOLDER}`))
    return
  }
  const { network, problems } = known()
  const chosen = spread(problems).map((problem) => [`${titleOf(problem)}, ${problem.over} over`, problem] as const)
  test.each(chosen)('%s', { timeout: 60_000 }, async (_title, problem) => {
    expect(await solvedTransport(network, problem)).toEqual([])
  })
})
