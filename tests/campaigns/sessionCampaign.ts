import { parseArgs } from 'node:util'
import { integrityFindings } from '../../src/db/integrity.js'
import { type DatabaseName, freshDatabase } from '../support/databases.js'
import { ATTACKS, type Attack, Stage } from './sessionAttacks.js'
import { guessed } from './sessionGuesses.js'

/** What was tried and what of it was not refused as it ought to be. */
export interface Tried {
  readonly tried: number
  readonly wrong: readonly string[]
}

/** One attack on a store of its own. */
export async function attacked(name: DatabaseName, { name: title, try: attempt }: Attack): Promise<Tried> {
  const { database, end } = await freshDatabase(name)
  const stage = await Stage.open(database)
  try {
    const answers = await attempt(stage)
    const wrong = answers.flatMap(([{ status, json, text }, code]) =>
      ((json as { code?: string } | null)?.code === code ? [] : [`${title}: ${status} ${text.slice(0, 200)}, not ${code}`]))
    const findings = await database.inSnapshot((tx) => integrityFindings(tx))
    return { tried: answers.length, wrong: [...wrong, ...findings.map(({ rule, subject }) => `${title}: ${rule} ${subject}`), ...stage.served.bugs.map((bug) => `${title}: ${String(bug)}`)] }
  } finally {
    await stage.served.close()
    await end()
  }
}

/** Everything by which somebody might get in who must not; exit 1 when anything does. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words, options: { guesses: { type: 'string', default: '10000' }, database: { type: 'string', default: 'embedded' } },
  })
  const database = values.database as DatabaseName
  const results: Tried[] = []
  for (const attack of ATTACKS) results.push(await attacked(database, attack))
  results.push(await guessed(database, Number(values.guesses)))
  const wrong = results.flatMap((one) => one.wrong)
  for (const line of wrong) process.stdout.write(`${line}\n`)
  const tried = results.reduce((sum, one) => sum + one.tried, 0)
  process.stdout.write(`${tried - wrong.length} of ${tried} refused\n`)
  return wrong.length > 0 ? 1 : 0
}
