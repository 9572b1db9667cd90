import { parseArgs } from 'node:util'
import { DATABASES } from '../support/databases.js'
import tidiesUp from '../support/databaseSetup.js'
import { crowded } from './crowd.js'

const SHOWN = 20
/** The hurried clock leaves the days for which there is a policy edition after that. */
const SECONDS_MAX = 240

/** `crowd [--seconds N] [--clients N] [--seed S]`: exit 1 when anybody was answered 5xx, or the store is unsound. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words, options: { seconds: { type: 'string', default: '20' }, clients: { type: 'string', default: '32' }, seed: { type: 'string', default: '1' } },
  })
  const [seconds, clients, seed] = [Number(values.seconds), Number(values.clients), Number(values.seed)]
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_MAX || !Number.isInteger(clients) || clients < 1 || !Number.isInteger(seed)) {
    process.stderr.write(`usage: crowd [--seconds <1 to ${SECONDS_MAX}>] [--clients <whole, 1 or more>] [--seed <whole>]\n`)
    return 2
  }
  if (!DATABASES.includes('postgres')) {
    process.stderr.write('a crowd needs a PostgreSQL server: TEST_DATABASE_URL, or one on this machine\n')
    return 1
  }
  const tidyUp = await tidiesUp()
  const { requests, tallies, triedAgain, median, slowest, problems } = await crowded({ seconds, clients, seed }).finally(tidyUp)
  for (const [name, { done, refused }] of tallies) {
    process.stdout.write(`${String(done).padStart(6)}  ${name}  ${[...refused].map(([code, times]) => `${code} ${times}`).join(', ')}\n`)
  }
  for (const problem of problems.slice(0, SHOWN)) process.stderr.write(`${problem}\n`)
  const again = Object.entries(triedAgain).map(([state, times]) => `${state} ${times}`).join(', ')
  process.stdout.write(`${requests} requests of ${clients} at once, tried again: ${again === '' ? 'none' : again}, answered in ${Math.round(median)} ms, at most ${Math.round(slowest)} ms, ${problems.length} problems\n`)
  return problems.length === 0 ? 0 : 1
}
