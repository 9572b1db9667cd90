import { parseArgs } from 'node:util'
import { DATABASES } from '../support/databases.js'
import tidiesUp from '../support/databaseSetup.js'
import { raced } from './races.js'

const PROBLEMS_SHOWN = 20

/** `races --rounds N --seed S [--from first round] [--database embedded] [--only part of a kind's name]`: exit 1 when a race had another outcome than it must have. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: {
      rounds: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' }, from: { type: 'string', default: '0' },
      database: { type: 'string', default: 'postgres' }, only: { type: 'string', default: '' },
    },
  })
  const { only, database: wanted } = values
  const database = wanted === 'embedded' ? wanted : 'postgres'
  const [rounds, seed, from] = [Number(values.rounds), Number(values.seed), Number(values.from)]
  if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed) || !Number.isInteger(from) || from < 0 || wanted !== database) {
    process.stderr.write('usage: races --rounds <whole, 1 or more> --seed <whole> [--from <whole, 0 or more>] [--database postgres|embedded] [--only <part of a name>]\n')
    return 2
  }
  if (!DATABASES.includes(database)) {
    process.stderr.write('races need a PostgreSQL server: TEST_DATABASE_URL, or one on this machine\n')
    return 1
  }
  const tidyUp = await tidiesUp()
  const { counts, problems } = await raced({ database, only, rounds, seed, from }).finally(tidyUp)
  for (const [kind, count] of counts) process.stdout.write(`${String(count).padStart(6)}  ${kind}\n`)
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) process.stderr.write(`${problem}\n`)
  process.stdout.write(problems.length === 0
    ? `${rounds} rounds, one winner each, integrity empty after each\n`
    : `${rounds} rounds, ${problems.length} problems, seed ${seed}\n`)
  return problems.length === 0 ? 0 : 1
}
