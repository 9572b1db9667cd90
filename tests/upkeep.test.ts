import { expect, test } from 'vitest'
import { forgetRequests, keepUp } from '../src/app/upkeep.js'
import type { Database } from '../src/db/database.js'
import { idempotencyKey } from '../src/db/tables.js'
import { eachDatabase } from './support/databases.js'
import { ask, serving, StandingClock } from './support/serving.js'

const HOUR = 3600_000
const DAY = 24 * HOUR
const UNIT = { name: { zh: '万州区', en: 'Wanzhou District' }, gbt2260: '500101', longitude: null, latitude: null, source: 'x' }

const keysIn = (db: Database) => db.inSnapshot((tx) => tx.select({ key: idempotencyKey.key }).from(idempotencyKey).orderBy(idempotencyKey.key))

eachDatabase((_, open) => {
  test('a request is known by its key for thirty days, and not an hour longer', async () => {
    const db = await open()
    const clock = new StandingClock(new Date('2020-01-30T00:00:00Z'))
    const { address, close, bugs } = await serving(db, { clock })
    const put = (key: string, path: string) => ask(address, path, { method: 'PUT', body: UNIT, key })
    const first = await put('first-key', '/api/reporting-units/a')
    expect(first.status).toBe(201)
    clock.forward(2 * HOUR)
    expect((await put('second-key', '/api/reporting-units/a')).status).toBe(428)

    clock.forward(30 * DAY - 2 * HOUR)
    expect(await forgetRequests(db, clock)).toBe(0)
    const again = await put('first-key', '/api/reporting-units/a')
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true'])

    clock.forward(HOUR)
    expect(await forgetRequests(db, clock)).toBe(1)
    expect(await keysIn(db)).toEqual([{ key: 'second-key' }])
    expect((await put('first-key', '/api/reporting-units/a')).status).toBe(428)
    expect((await put('second-key', '/api/reporting-units/b')).status).toBe(422)
    expect(bugs).toEqual([])
    await close()
  })

  test('however many there are', async () => {
    const db = await open()
    const clock = new StandingClock(new Date('2020-03-30T00:00:00Z'))
    const row = (i: number, at: string) =>
      ({ actor: 'desk', key: `key-${at}-${i}`, requestHash: 'x', status: 200, headers: {}, body: '{}', at: new Date(at) })
    await db.inTransaction(async (tx) => {
      await tx.insert(idempotencyKey).values(Array.from({ length: 2003 }, (__, i) => row(i, '2020-01-30T00:00:00Z')))
      await tx.insert(idempotencyKey).values(Array.from({ length: 7 }, (__, i) => row(i, '2020-03-01T00:00:00Z')))
    })
    expect(await forgetRequests(db, clock)).toBe(2003)
    expect(await keysIn(db)).toHaveLength(7)
  })

  test('as soon as the service starts, without keeping it up', async () => {
    const db = await open()
    const clock = new StandingClock(new Date('2020-03-30T00:00:00Z'))
    await db.inTransaction((tx) => tx.insert(idempotencyKey).values(
      { actor: 'desk', key: 'old-key-1', requestHash: 'x', status: 200, headers: {}, body: '{}', at: new Date('2020-01-30T00:00:00Z') }))
    const troubles: unknown[] = []
    const rest = keepUp(db, clock, (why) => troubles.push(why))
    while ((await keysIn(db)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    rest()
    expect(troubles).toEqual([])
  })
})
