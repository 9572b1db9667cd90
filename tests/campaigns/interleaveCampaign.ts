import { parseArgs } from 'node:util'
import { DATABASES } from '../support/databases.js'
import tidiesUp from '../support/databaseSetup.js'
import { interleaved } from './interleave.js'

const SHOWN = 20

/**
 * `interleave [--each N] [--seed S] [--only part of a pair's name] [--without-lock]`: two works at once, each waiting before every statement, through
 * N interleavings of each pair. Exit 1 when an outcome is none that one after the other could have, or the store is
 * unsound; without locks that is what has to happen.
 */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words, options: {
      each: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' },
      'without-lock': { type: 'boolean', default: false },
    },
  })
  const [each, seed] = [Number(values.each), Number(values.seed)]
  if (!Number.isInteger(each) || each < 1 || !Number.isInteger(seed)) {
    process.stderr.write('usage: interleave [--each <whole, 1 or more>] [--seed <whole>] [--only <part of a name>] [--without-lock]\n')
    return 2
  }
  if (!DATABASES.includes('postgres')) {
    process.stderr.write('interleave needs a PostgreSQL server: TEST_DATABASE_URL, or one on this machine\n')
    return 1
  }
  const tidyUp = await tidiesUp()
  // As they come: all of them take a quarter of an hour.
  const onPair = (pair: string, times: number) => void process.stdout.write(`${String(times).padStart(6)}  ${pair}\n`)
  const { count, broken } = await interleaved({ each, seed, only: values.only, isLocking: !values['without-lock'], onPair }).finally(tidyUp)
  for (const one of broken.slice(0, SHOWN)) process.stderr.write(`${one}\n`)
  process.stdout.write(`${count} interleavings, ${broken.length} broken\n`)
  return (broken.length === 0) === !values['without-lock'] ? 0 : 1
}
