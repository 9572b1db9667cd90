import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { machine } from '../src/app/machine.js'
import { startAct } from '../src/app/startAct.js'
import { isThere } from '../src/db/rows.js'
import type { Scenario } from '../src/planning/scenario.js'
import { issuedAt } from '../src/dispatch/issued.js'
import { importScenario } from '../src/planning/snapshot.js'
import { casesInCare } from '../src/stays/store.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'

const CASES = 9000

/** The real record with one of its people so many times over, at a place whose beds nobody counts by name. */
function crowded(): Scenario {
  const scenario = story('chongqing-2020-01-29')
  const [one] = Object.values(scenario.cases)
  if (one === undefined) throw new Error('there is somebody')
  const rows = Array.from({ length: CASES }, (_, i) => [`${one.unit}-${i + 1}`, { ...one, pool: null }] as const)
  return { ...scenario, cases: Object.fromEntries(rows), orders: {}, lastPlan: {} }
}

eachDatabase((_, open) => {
  test('a city of nine thousand cases goes in at once', async () => {
    const db = await open()
    await db.inTransaction((tx) => importScenario(startAct(tx, machine), crowded(), issuedAt))
    expect((await db.inSnapshot(casesInCare)).size).toBe(CASES)
  }, 60_000)

  test('a statement of more values than there may be is a mistake, and the store goes on', async () => {
    const db = await open()
    const values = sql.join(Array.from({ length: 70_000 }, (__, i) => sql`${i}`), sql`, `)
    const error: unknown = await db.inTransaction((tx) => tx.execute(sql`select 1 where 1 in (${values})`)).catch((why: unknown) => why)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toHaveProperty('reason')
    expect(await db.inSnapshot(isThere)).toBe(true)
  }, 60_000)
})
