import { parseArgs } from 'node:util'
import { closeSolvers } from '../../src/planning/solve/thread.js'
import { allProperties } from './allProperties.js'

/** Prints each property with its runs; exit 1 when any is broken. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      /** Only properties whose name holds these words; with a path, one counterexample again. */
      only: { type: 'string', default: '' },
      path: { type: 'string' },
    },
  })
  const [runs, seed] = [Number(values.runs), Number(values.seed)]
  const chosen = allProperties.filter(({ name }) => name.includes(values.only))
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed) || chosen.length === 0) {
    process.stderr.write('usage: --runs <whole, 1 or more> --seed <whole> [--only <words of a name>] [--path <path>]\n')
    process.exitCode = 2
    return
  }
  let broken = 0
  for (const property of chosen) {
    const verdict = await property.run({ runs, seed, ...(values.path === undefined ? {} : { path: values.path }) })
    if (verdict.broken !== null) broken += 1
    process.stdout.write(`${verdict.broken === null ? 'ok    ' : 'broken'} ${property.name}: ${verdict.runs} runs\n`)
    if (verdict.broken !== null) process.stdout.write(`  ${verdict.broken}\n`)
  }
  process.stdout.write(`seed ${seed}\n${chosen.length} properties, ${broken} broken\n`)
  if (broken > 0) process.exitCode = 1
}

await main()
await closeSolvers()
