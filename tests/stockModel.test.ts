import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { type StockStage, stockRun, stockStage } from './campaigns/stockPlay.js'
import { STOCK_TO_MEET } from './campaigns/stockCampaign.js'
import { DATABASES } from './support/databases.js'

const PATIENCE_MILLISECONDS = 600_000
const withStage = async (name: (typeof DATABASES)[number], work: (stage: StockStage) => Promise<void>): Promise<void> => {
  const stage = await stockStage(name)
  try {
    await work(stage)
  } finally {
    await stage.close()
  }
}

const STEPS = 4000
const SEEDS = { embedded: 1, postgres: 2 } as const
/** What was met on either. */
const met = new Set<string>()

/** Also `npm run campaign -- model --only stock`. */
describe.each(DATABASES)('%s', (name) => {
  test('stock does what its model does, and its accounts sum to nought', () => withStage(name, async (stage) => {
    const { failure, steps, met: here } = await stockRun(stage, { seed: SEEDS[name], steps: STEPS })
    expect({ failure, steps }).toEqual({ failure: null, steps: STEPS })
    for (const what of here.keys()) met.add(what)
  }), PATIENCE_MILLISECONDS)
})

test('every deed was met, and every way in which it is refused', () => expect(STOCK_TO_MEET.filter((what) => !met.has(what))).toEqual([]))

describe('the model of stock', () => {
  const MEDDLING: [string, string, RegExp][] = [
    ['a mask that vanished', `update account set balance = balance - 1 where name like 'at %' and balance > 0`, /stock (?:has|lacks)|sum to|moved|notEnoughStock.*, not kept/s],
    ['a promise that nobody made', `update account set held = 1 where name like 'at %' and balance > 0`, /stock (?:has|lacks)|moved|given back than was promised|notEnoughStock.*, not kept/s],
    ['a lot that had expired', `update stock_lot set body = jsonb_set(body, '{expiresOn}', '"2020-01-02"')`, /not (?:kept|notEnoughStock|wrongReference|breaksMust|planIsStale)|moved|another lot|^ordered .*, not /],
    ['a note that nobody remembers', `delete from stock_note where kind = 'stocktake'`, /not figureIsOlder|notFound|integrity/],
  ]
  test.each(MEDDLING)('finds %s', (_, statement, where) => withStage('embedded', async (stage) => {
    const meddle = () => stage.database.inTransaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`)
      await tx.execute(sql.raw(statement))
    })
    const { failure } = await stockRun(stage, { seed: 5, steps: 400, meddle })
    expect(failure?.found.join('\n') ?? '').toMatch(where)
  }), PATIENCE_MILLISECONDS)
})
