import { sql } from 'drizzle-orm'
import { openDatabase } from '../../src/db/open.js'

/**
 * A process of its own that opens the data directory it is given, says `open`, and then writes numbers from the second
 * argument on, each in a transaction of two rows, saying each number when it is kept. It ends by being killed.
 */
async function main([dataDir = '', from = '']: readonly string[]): Promise<void> {
  try {
    const db = await openDatabase({ kind: 'embedded', dataDir })
    process.stdout.write('open\n')
    if (from === '') {
      await new Promise((resolve) => process.stdin.once('end', resolve).resume())
      await db.close()
      return
    }
    await db.inTransaction((tx) => tx.execute(sql`create table if not exists kept (number integer, half text)`))
    for (let number = Number(from); ; number += 1) {
      await db.inTransaction(async (tx) => {
        await tx.execute(sql`insert into kept values (${number}, 'first')`)
        await tx.execute(sql`insert into kept values (${number}, 'second')`)
      })
      process.stdout.write(`${number}\n`)
    }
  } catch (error) {
    process.stdout.write(`refused ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}\n`)
  }
}

await main(process.argv.slice(2))
