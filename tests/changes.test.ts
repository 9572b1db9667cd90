import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { changesAfter, heardSoFar } from '../src/db/changes.js'
import type { Tx } from '../src/db/database.js'
import { writeJournal } from '../src/db/journal.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import type { Identify } from '../src/access/identify.js'
import { heldGrants } from '../src/facilities/store.js'
import { type Reach, type Role, SYSTEM } from '../src/kernel/roles.js'
import { heardBy, type Located } from '../src/app/changes.js'
import { heardBy as heardAs } from './support/heard.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Served, serving } from './support/serving.js'

interface Heard { readonly id: string; readonly event: string; readonly data: { readonly kind: string; readonly id: string } }

/** Listens until so many were heard; then the line breaks. */
async function hear(served: Served, count: number, headers: Record<string, string>, meanwhile: () => Promise<unknown>): Promise<Heard[]> {
  const line = new AbortController()
  const response = await fetch(`${served.address}/api/changes`, { headers, signal: line.signal })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  await meanwhile()
  const heard: Heard[] = []
  let text = ''
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString('utf8')
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    for (const one of whole.filter((part) => part.includes('data:'))) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(one)?.[1] ?? ''
      heard.push({ id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Heard['data'] })
    }
    if (heard.length >= count) break
  }
  line.abort()
  return heard
}

eachDatabase((name, open) => {
  describe('changes', () => {
    test('are heard by whoever looks after what changed, each once, over a broken line', async () => {
      const db = await open()
      const identify: Identify = async ({ authorization = '' }) => {
        if (authorization !== 'phc') return SYSTEM
        return { id: 'phc-beds', grants: await db.inSnapshot((tx) => heldGrants(tx, [{ role: 'bedManager', scope: { kind: 'place', id: 'phc' } }])) }
      }
      const served = await serving(db, { identify })
      const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
      expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
      const report = async (pool: string, occupied: number) =>
        expect((await ask(served.address, `/api/pools/${encodeURIComponent(pool)}/report`, { method: 'PUT', body: { staffed: 50, occupied } })).status).toBe(200)
      const phc = { authorization: 'phc' }

      const first = await hear(served, 2, phc, async () => {
        await report('phc/severe', 7)
        await report('sanxia/severe', 8)
        await report('phc/ordinary', 41)
      })
      expect(first.map(({ event, data }) => [event, data.kind, data.id])).toEqual([['beds.reported', 'pools', 'phc/severe'], ['beds.reported', 'pools', 'phc/ordinary']])

      await report('phc/severe', 9)
      await report('sanxia/ordinary', 3)
      const resumed = await hear(served, 2, { ...phc, 'last-event-id': first[0]?.id ?? '' }, async () => undefined)
      expect(resumed.map(({ data }) => data.id)).toEqual(['phc/ordinary', 'phc/severe'])
      const all = await hear(served, 4, { 'last-event-id': first[0]?.id ?? '' }, async () => undefined)
      expect(all.map(({ data }) => data.id)).toEqual(['sanxia/severe', 'phc/ordinary', 'phc/severe', 'sanxia/ordinary'])
      expect((await ask(served.address, '/api/changes', { headers: { 'last-event-id': '7' } })).status).toBe(400)
      expect(served.bugs).toEqual([])
      await served.close()
    }, 60_000)

    test('are heard from where somebody began, though the line broke before there was anything for them', async () => {
      const db = await open()
      const served = await serving(db)
      const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
      expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
      const line = new AbortController()
      const { body } = await fetch(`${served.address}/api/changes`, { signal: line.signal })
      let said = ''
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        said += Buffer.from(chunk).toString('utf8')
        if (said.includes('\n\n')) break
      }
      line.abort()
      // An id and no data: a browser keeps it, and shows nothing.
      expect(said).toMatch(/^: here\nid: \d+-0\n\n$/)
      expect((await ask(served.address, '/api/pools/phc%2Fsevere/report', { method: 'PUT', body: { staffed: 50, occupied: 7 } })).status).toBe(200)
      const resumed = await hear(served, 1, { 'last-event-id': /id: (.*)/.exec(said)?.[1] ?? '' }, async () => undefined)
      expect(resumed.map(({ data }) => data.id)).toEqual(['phc/severe'])
      await served.close()
    }, 40_000)

    const LIES: Readonly<Record<string, Located['lies']>> = { places: 'everybody', 'plan-runs': null, accounts: null }
    const CARE = ['cases', 'stays', 'contacts', 'transfer-orders', 'pools']
    const rows: [Role, string[], string[]][] = [
      ['supplyOfficer', CARE, ['lots', 'notes', 'places']], ['bedManager', ['lots', 'notes', 'plan-runs', 'accounts'], [...CARE, 'places']],
      ['viewer', ['plan-runs', 'accounts'], [...CARE, 'lots', 'notes', 'places']], ['auditor', ['plan-runs'], [...CARE, 'lots', 'places']],
    ]
    test.each(rows)('of one place are heard by the %s as far as they are read', (role, unheard, heard) => {
      const changes: Located[] = [...unheard, ...heard].map((kind, i) => ({
        xid: '1', seq: String(i), at: new Date(0), actor: 'tests', action: 'put', kind, subject: 'x', lies: LIES[kind] === undefined ? { unit: null, home: null, places: ['phc'] } : LIES[kind],
      }))
      const there: Reach = { isCity: false, units: new Set(), places: new Set(['phc']), homes: new Set() }
      expect(heardBy({ id: 'x', grants: [{ role, ...there }] }, changes).map(({ kind }) => kind)).toEqual(heard)
    })

    test('of a patient who is moved away are heard where they were as well', async () => {
      const db = await open()
      const served = await serving(db)
      const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
      expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
      const stays = (await ask(served.address, '/api/stays?place=phc&limit=1')).json as { items: { id: string }[] }
      const [stay] = stays.items
      const before = await db.inSnapshot(heardSoFar)
      const moved = await ask(served.address, `/api/stays/${stay?.id}/move`, { method: 'POST', body: { place: 'sanxia', pool: 'sanxia/ordinary' } })
      expect(moved.status).toBe(201)
      const heardAt = async (place: string) => {
        const there: Reach = { isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }
        const changes = (await db.inSnapshot((tx) => changesAfter(tx, before))).filter(({ kind }) => kind === 'stays')
        return (await heardAs(db, there, changes)).map(({ action }) => action)
      }
      await expect.poll(async () => [await heardAt('phc'), await heardAt('sanxia')], { timeout: 10_000 }).toEqual([['movedAway'], ['moved']])
      await served.close()
    }, 40_000)

    test('are heard in order and once where the numbers of transactions and lines gain a digit, whatever a look takes', async () => {
      const db = await open()
      // Long ago: what is still under way comes behind it. Two lines a transaction, and more than one look takes.
      await db.inTransaction((tx) => tx.execute(sql`
        insert into journal (seq, xid, at, actor, action, kind, subject, details, request) overriding system value
        select n, (n / 2)::text::xid8, '2020-01-30T00:00:00Z', 'tests', 'put', 'places', 'p' || n, '{}', 'tests' from generate_series(2, 451) as n`))
      const heard: string[] = []
      for (let after = { xid: '0', seq: '0' }, looks = 0; looks < 10; looks += 1) {
        const changes = await db.inSnapshot((tx) => changesAfter(tx, after))
        heard.push(...changes.map(({ subject }) => subject))
        after = changes.at(-1) ?? after
      }
      expect(heard).toEqual(Array.from({ length: 450 }, (_, i) => `p${i + 2}`))
    })

    test('are heard at once beside and by whoever says that they heard what has not happened here', async () => {
      const served = await serving(await open())
      const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
      expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
      // What was written before is heard by now, whatever other transactions of the server are still running.
      expect((await hear(served, 1, { 'last-event-id': '1-0' }, async () => undefined)).map(({ data }) => data.id)).toEqual(['chongqing-2020-01-29'])
      const began = performance.now()
      let listening: () => void = () => undefined
      const isListening = new Promise<void>((resolve) => { listening = resolve })
      // As after an import into a store whose transactions count from less.
      const ahead = hear(served, 1, { 'last-event-id': '8999999999999999999-1' }, async () => listening())
      await isListening
      const beside = await hear(served, 1, {}, () => ask(served.address, '/api/pools/phc%2Fsevere/report', { method: 'PUT', body: { staffed: 50, occupied: 7 } }))
      expect([beside, await ahead].map(([one]) => one?.data.id)).toEqual(['phc/severe', 'phc/severe'])
      expect(performance.now() - began).toBeLessThan(10_000)
      await served.close()
    }, 40_000)

    // There is one connection in the embedded database: nobody commits while another writes.
    if (name === 'postgres') test('that commit late are heard late, by everybody, and none is missed', async () => {
      const db = await open()
      const write = (tx: Tx, subject: string) =>
        writeJournal(tx, [{ action: 'put', kind: 'places', subject, details: {} }], { at: new Date('2020-01-30T08:00:00+08:00'), by: 'tests', request: 'tests' })
      const from = await db.inSnapshot(heardSoFar)
      let commit: () => void = () => undefined
      let hasWritten: () => void = () => undefined
      const written = new Promise<void>((resolve) => { hasWritten = resolve })
      const slow = db.inTransaction(async (tx) => {
        await write(tx, 'slow')
        hasWritten()
        await new Promise<void>((resolve) => { commit = resolve })
      })
      await written
      await db.inTransaction((tx) => write(tx, 'quick'))
      const heard = async () => (await db.inSnapshot((tx) => changesAfter(tx, from))).map(({ subject }) => subject)
      expect(await heard()).toEqual([])
      commit()
      await slow
      // Who writes in another database of the server holds it back as well, for a while.
      await expect.poll(heard, { timeout: 10_000 }).toEqual(['slow', 'quick'])
    })
  })
})
