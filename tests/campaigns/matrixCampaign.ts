import { parseArgs } from 'node:util'
import { type DatabaseName, freshDatabase } from '../support/databases.js'
import { matrix } from './matrix.js'
import { matrixWorld } from './matrixWorld.js'

/** Every operation by every role, at the own hospital, at another and at none; exit 1 when a cell is not as it ought to be. */
export async function main(words: string[]): Promise<number> {
  const { values } = parseArgs({ args: words, options: { database: { type: 'string', default: 'embedded' } } })
  const { database, end } = await freshDatabase(values.database as DatabaseName)
  const world = await matrixWorld(database)
  try {
    const { cells, wrong } = await matrix(world)
    for (const line of wrong) process.stdout.write(`${line}\n`)
    process.stdout.write(`${cells - wrong.length} of ${cells} cells\n`)
    return wrong.length > 0 || world.served.bugs.length > 0 ? 1 : 0
  } finally {
    await world.served.close()
    await end()
  }
}
