import { parseArgs } from 'node:util'
import { integrityFindings, INVARIANTS } from '../../src/db/integrity.js'
import { freshDatabase } from '../support/databases.js'
import { guardsOf, leftOver, unnoticed, wrongWith } from './constraintsDropped.js'
import { fillWithLife } from './constraintsLife.js'

/**
 * Drops every guard of the database, one at a time in a transaction that is taken back, does what it forbids, and asks
 * the integrity view. Exit 1 when a guard does not refuse, or nobody notices that it is gone.
 */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({ args: words, options: { database: { type: 'string', default: 'postgres' } } })
  if (values.database !== 'postgres' && values.database !== 'embedded') {
    process.stderr.write('usage: campaign -- constraints [--database postgres|embedded]\n')
    return 2
  }
  const { database, end } = await freshDatabase(values.database)
  try {
    await fillWithLife(database)
    const before = await database.inSnapshot((tx) => integrityFindings(tx))
    const guards = await guardsOf(database)
    const wrong = before.map(({ rule, subject }) => `before anything was dropped: ${rule} ${subject}`)
    wrong.push(...leftOver(guards), ...await unnoticed(database))
    let noticed = 0
    for (const guard of guards) {
      const found = await wrongWith(database, guard)
      if (found.length === 0) noticed += 1
      wrong.push(...found)
    }
    for (const line of wrong) process.stdout.write(`${line}\n`)
    process.stdout.write(`${Object.keys(INVARIANTS).length} rules of the view\n${guards.length} dropped, ${noticed} noticed\n`)
    return wrong.length === 0 ? 0 : 1
  } finally {
    await end()
  }
}
