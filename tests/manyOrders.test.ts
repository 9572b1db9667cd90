import { expect, test } from 'vitest'
import { machine } from '../src/app/machine.js'
import { startAct } from '../src/app/startAct.js'
import { ordersWithRings } from '../src/day/rings.js'
import { checkIntegrity } from '../src/db/integrity.js'
import { issue, lockLines } from '../src/dispatch/issuing.js'
import { issuedAt } from '../src/dispatch/issued.js'
import { type Line, NO_RIDE } from '../src/dispatch/orders.js'
import { lockDesk, ordersUnderWay } from '../src/dispatch/store.js'
import { FREE_BEDS } from '../src/facilities/bedBook.js'
import { openHolds } from '../src/ledger/store.js'
import { importScenario } from '../src/planning/snapshot.js'
import { city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { aroundStatements } from './support/statements.js'

const PEOPLE = 3000

const crowd = () => city({
  cases: people(PEOPLE, { waitingSince: '2020-01-29T08:00:00+08:00' }), pools: { 'hub/ordinary': { staffed: PEOPLE, physical: PEOPLE }, 'dist/ordinary': {} },
})

const lineFor = (patient: string): Line => ({
  patient, fromPlace: 'dist', fromPool: 'dist/ordinary', toPlace: 'hub', pool: 'hub/ordinary', outside: null,
  severity: 'ordinary', travelMinutes: 37, trip: null, ride: NO_RIDE,
})

eachDatabase((_, open) => {
  test('three thousand lines are issued at once, in few statements while the desk is locked', async () => {
    const db = await open()
    const scenario = crowd()
    await db.inTransaction((tx) => importScenario(startAct(tx, machine), scenario, issuedAt))
    const lines = Object.keys(scenario.cases).map(lineFor)
    let statements = 0
    const orders = await db.inTransaction(async (tx) => {
      const act = startAct(tx, machine)
      await lockDesk(act)
      const cases = await lockLines(act, lines)
      aroundStatements(tx, { run: (_statement, execute) => {
        statements += 1
        return execute()
      } })
      return issue(act, { lines, cases, plan: null, opened: [], reason: 'all of them', phone: null, note: null })
    })
    expect(orders.map(({ patient }) => patient)).toEqual(lines.map(({ patient }) => patient))
    expect(new Set(orders.map(({ id }) => id)).size).toBe(PEOPLE)
    expect(orders.at(-1)?.requestedAt).toEqual(new Date('2020-01-29T00:00:00Z'))
    expect(statements).toBeLessThan(30)
    expect(await checkIntegrity(db)).toEqual([])
    // The newest of them are heard of like the oldest.
    const [heard, out, promised] = await db.inSnapshot(async (tx) =>
      [await ordersWithRings(tx, machine.now()), await ordersUnderWay(tx), await openHolds(tx, { account: FREE_BEDS, books: null })] as const)
    expect([heard.length, out.length, promised.length]).toEqual([PEOPLE, PEOPLE, PEOPLE])
  }, 240_000)
})
