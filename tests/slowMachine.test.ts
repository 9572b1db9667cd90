import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { machine } from '../src/app/machine.js'
import type { Database } from '../src/db/database.js'
import { openDatabase } from '../src/db/open.js'
import { personBody, placeBody, poolBody, unitBody } from './campaigns/racesRows.js'
import { freshServerDatabase, ON_A_SERVER } from './support/databases.js'
import { ask, serving } from './support/serving.js'
import { aroundStatements } from './support/statements.js'

const PEOPLE = 32
const HELD_SECONDS = 0.2

/** The same store on a machine on which whoever has the picture of the city keeps it for long. */
const slowed = (db: Database): Database => ({
  ...db,
  inTransaction: (work, needs) => db.inTransaction((tx) => {
    aroundStatements(tx, {
      run: async (statement, execute) => {
        const result = await execute()
        if (/pg_advisory_xact_lock/.test(statement.sql)) await tx.execute(sql`select pg_sleep(${HELD_SECONDS})`)
        return result
      },
    })
    return work(tx)
  }, needs),
})

describe.each(ON_A_SERVER)('%s', () => {
  test('on a slow machine everybody has their turn at the picture, and who only reads does not wait for them', async () => {
    const { url, drop } = await freshServerDatabase()
    const stores = await Promise.all([1, 2].map(() => openDatabase({ kind: 'postgres', url, clients: 3 })))
    const served = await Promise.all(stores.map((db) => serving(slowed(db))))
    const say = (path: string, asked: Parameters<typeof ask>[2] = {}, which = 0) => ask(served[which % 2]?.address ?? '', `/api${path}`, asked)
    const put = async (path: string, body: object) => expect((await say(path, { method: 'PUT', body })).status).toBeLessThan(300)
    await put('/reporting-units/U', unitBody('U'))
    await put('/places/H', placeBody('U'))
    await put('/pools/P', poolBody('H'))
    await put('/pools/P/report', { physical: 40, staffed: 40, occupied: 0 })
    const people = Array.from({ length: PEOPLE }, (_, i) => `U-${i}`)
    const from = machine.stopwatch()
    let slowest = 0
    let isOver = false
    const reading = async () => {
      while (!isOver) {
        const began = machine.stopwatch()
        expect((await say('/places', {}, 1)).status).toBe(200)
        slowest = Math.max(slowest, machine.stopwatch() - began)
      }
    }
    const writing = Promise.all(people.map((id, i) => say(`/cases/${id}`, { method: 'PUT', body: personBody('U') }, i))).finally(() => {
      isOver = true
    })
    const [answers] = await Promise.all([writing, reading()])
    const took = machine.stopwatch() - from
    expect(answers.map(({ status, text }) => (status === 201 ? status : text))).toEqual(people.map(() => 201))
    // They were served one after the other all the same, and reading took no part in it.
    expect(took).toBeGreaterThan(PEOPLE * HELD_SECONDS * 1000)
    expect(slowest).toBeLessThan(took / 4)
    expect(served.flatMap(({ bugs }) => bugs)).toEqual([])
    for (const one of served) await one.close()
    for (const db of stores) await db.close()
    await drop()
  })
})
