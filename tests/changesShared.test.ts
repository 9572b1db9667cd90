import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { ChangeNews } from '../src/app/changes.js'
import { startAct } from '../src/app/startAct.js'
import { CASES, CASES_LIE } from '../src/cases/store.js'
import type { Database } from '../src/db/database.js'
import { isSeenAt, whereaboutsOf } from '../src/db/lying.js'
import { allRecords, isSeen, someIds } from '../src/db/records.js'
import { issuedAt } from '../src/dispatch/issued.js'
import { heldGrants, PLACES, POOLS } from '../src/facilities/store.js'
import type { Grant, Reach } from '../src/kernel/roles.js'
import { importScenario } from '../src/planning/snapshot.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { StandingClock } from './support/serving.js'
import { aroundStatements } from './support/statements.js'

const CHANGES = 400
const LISTENERS = 100

/** A store that notes what is asked of it. */
function noted(store: Database, statements: string[]): Database {
  return { ...store, inSnapshot: (work, needs) => store.inSnapshot(async (tx) => {
    aroundStatements(tx, { run: ({ sql: text }, execute) => {
      statements.push(text)
      return execute()
    } })
    return work(tx)
  }, needs) }
}

eachDatabase((_, open) => {
  test('where a batch of changes lies is read once for all who listen, and each hears what they see', async () => {
    const db = await open()
    const clock = new StandingClock(new Date('2020-01-30T08:00:00+08:00'))
    await db.inTransaction((tx) => importScenario(startAct(tx, clock), story('chongqing-2020-01-29'), issuedAt))
    const scopes: Grant['scope'][] = [
      { kind: 'place', id: 'phc' }, { kind: 'place', id: 'sanxia' }, { kind: 'unit', id: '忠县' }, { kind: 'unit', id: '万州区' },
    ]
    const statements: string[] = []
    const counted = noted(db, statements)
    // One looks after a place that has neither beds nor patients.
    const empty: Reach = { isCity: false, units: new Set(), places: new Set(['nowhere']), homes: new Set() }
    const reaches: Reach[] = [...await counted.inSnapshot(async (tx) => heldGrants(tx, scopes.map((scope) => ({ role: 'viewer', scope })))), empty]
    // Of the places only what is asked for, and nothing of their bodies.
    expect([statements.length, statements.filter((one) => one.includes('body'))]).toEqual([1, []])

    // Who sees a case or a pool, by the rule of the lists.
    const subjects = await db.inSnapshot(async (tx) => {
      const ids = { cases: await someIds(tx, CASES, 100), pools: await someIds(tx, POOLS, 100) }
      const home = Object.entries(await allRecords(tx, CASES, null, ids.cases))
      expect([home.length, Object.keys(await allRecords(tx, PLACES, null)).length > 3]).toEqual([100, true])
      return ids
    })
    const seen = await db.inSnapshot(async (tx) => {
      const found: Set<string>[] = []
      for (const reach of reaches) {
        const own = new Set<string>()
        for (const kind of [CASES, POOLS]) {
          for (const id of kind === CASES ? subjects.cases : subjects.pools) if (await isSeen(tx, kind, id, reach)) own.add(`${kind.kind} ${id}`)
        }
        found.push(own)
      }
      const lies = await whereaboutsOf(tx, CASES_LIE, subjects.cases)
      for (const [i, reach] of reaches.entries()) {
        expect(subjects.cases.filter((id) => { const at = lies.get(id); return at !== undefined && isSeenAt(reach, at) }).map((id) => `cases ${id}`))
          .toEqual(subjects.cases.map((id) => `cases ${id}`).filter((id) => found[i]?.has(id)))
      }
      return found
    })
    expect(seen.map(({ size }) => size > 0)).toEqual([true, true, true, true, false])

    const bugs: unknown[] = []
    const news = new ChangeNews(counted, (error) => bugs.push(error))
    const from = await news.from(null)
    statements.length = 0
    const gone = new AbortController()
    const told = Array.from({ length: LISTENERS }, async (__, i) => {
      const found: string[] = []
      const listener = { id: `listener ${i}`, gone: gone.signal, whoNow: async () => ({ id: 'viewer', grants: reaches.slice(i % reaches.length, i % reaches.length + 1).map((reach) => ({ role: 'viewer' as const, ...reach })) }) }
      for await (const { events: changes } of news.follow(from, listener)) {
        found.push(...changes.map(({ kind, subject }) => `${kind} ${subject}`))
        if (found.includes('places last')) break
      }
      return found
    })
    const mixed = Array.from({ length: CHANGES }, (__, i) => {
      const [kind, ids] = i % 2 === 0 ? ['cases', subjects.cases] as const : ['pools', subjects.pools] as const
      return { kind, subject: ids[(i >> 1) % ids.length] ?? '' }
    })
    await db.inTransaction((tx) => tx.execute(sql`
      insert into journal (at, actor, action, kind, subject, details, request)
      select now(), 'tests', 'put', c.kind, c.subject, '{}', 'tests' from jsonb_to_recordset(${JSON.stringify([...mixed, { kind: 'places', subject: 'last' }])}::jsonb) as c(kind text, subject text)`))
    const heard = await Promise.all(told)
    const wanted = seen.map((own) => [...mixed.map(({ kind, subject }) => `${kind} ${subject}`).filter((one) => own.has(one)), 'places last'])
    expect(new Set(heard.map((found, i) => JSON.stringify(found) === JSON.stringify(wanted[i % wanted.length])))).toEqual(new Set([true]))
    // Three batches of two hundred lines at most, each of two kinds that lie somewhere; a listener who comes late may read one again.
    const [reads, looks] = [statements.filter((one) => one.includes(' as lies ')).length, statements.filter((one) => one.includes('from journal')).length]
    expect(reads).toBeLessThanOrEqual(2 * looks)
    expect(reads).toBeLessThanOrEqual(12)
    expect(bugs).toEqual([])
    gone.abort()
    news.close()
  }, 120_000)
})
