import { parseArgs } from 'node:util'
import { type DatabaseName, freshDatabase } from '../support/databases.js'
import tidiesUp from '../support/databaseSetup.js'
import { history } from './days.js'

const SHOWN = 20

/** `days [--histories N] [--seed S] [--database embedded|postgres]`: daily reports of cities played by chance; exit 1 when one is not what happened. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words, options: { histories: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' }, database: { type: 'string', default: 'postgres' } },
  })
  const [histories, seed] = [Number(values.histories), Number(values.seed)]
  if (!Number.isInteger(histories) || histories < 1 || !Number.isInteger(seed) || (values.database !== 'embedded' && values.database !== 'postgres')) {
    process.stderr.write('usage: days [--histories <whole, 1 or more>] [--seed <whole>] [--database embedded|postgres]\n')
    return 2
  }
  const name: DatabaseName = values.database
  const tidyUp = await tidiesUp()
  let [reports, corrections, wrong] = [0, 0, 0]
  try {
    for (let at = seed; at < seed + histories; at += 1) {
      const { database, end } = await freshDatabase(name)
      const told = await history(database, at).finally(end)
      for (const problem of told.problems.slice(0, SHOWN)) process.stderr.write(`${problem}\n  npm run -s campaign -- days --histories 1 --seed ${at} --database ${name}\n`)
      reports += told.reports
      corrections += told.corrections
      wrong += told.problems.length
    }
  } finally {
    await tidyUp()
  }
  process.stdout.write(`${histories} histories, ${reports} reports frozen, ${corrections} corrections, ${wrong} not what happened\n`)
  return wrong === 0 ? 0 : 1
}
