import { parseArgs } from 'node:util'
import { DATABASES } from '../support/databases.js'
import tidiesUp from '../support/databaseSetup.js'
import { crashed, type KindTold } from './crash.js'

const PROBLEMS_SHOWN = 20

const line = (kind: string, { rounds, acknowledged, retried, tookEffect, readyMilliseconds, sorts }: KindTold): string =>
  `${kind}: ${rounds} rounds, acknowledged ${acknowledged}, retried ${retried} (${tookEffect} had taken effect), ready after at most ${readyMilliseconds} ms; ` +
  `${Object.entries(sorts).map(([sort, count]) => `${sort} ${count}`).join(', ')}\n`

/** `crash --rounds N --seed S [--from first round]`: exit 1 when something acknowledged is missing or done twice. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { rounds: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' }, from: { type: 'string', default: '0' } },
  })
  const [rounds, seed, from] = [Number(values.rounds), Number(values.seed), Number(values.from)]
  if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed) || !Number.isInteger(from) || from < 0) {
    process.stderr.write('usage: crash --rounds <whole, 1 or more> --seed <whole> [--from <whole, 0 or more>]\n')
    return 2
  }
  if (!DATABASES.includes('postgres')) {
    process.stderr.write('crashes need a PostgreSQL server: TEST_DATABASE_URL, or one on this machine\n')
    return 1
  }
  const tidyUp = await tidiesUp()
  const { kinds, skipped, missing, appliedTwice, problems } = await crashed({ rounds, seed, from }).finally(tidyUp)
  for (const [kind, told] of kinds) process.stdout.write(line(kind, told))
  for (const kind of skipped) process.stdout.write(`${kind}: skipped, initdb and postgres are not on this machine\n`)
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) process.stderr.write(`${problem}\n`)
  if (problems.length > 0) process.stderr.write(`${problems.length} problems, seed ${seed}\n`)
  const acknowledged = [...kinds.values()].reduce((sum, told) => sum + told.acknowledged, 0)
  process.stdout.write(`acknowledged ${acknowledged}, missing ${missing}, applied twice ${appliedTwice}\n`)
  return problems.length === 0 ? 0 : 1
}
