import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import { heardBy } from './support/heard.js'
import { changesAfter } from '../src/db/changes.js'
import type { Database } from '../src/db/database.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import type { HeldGrant } from '../src/kernel/roles.js'
import { story } from './campaigns/given.js'
import { freshDatabase } from './support/databases.js'
import { ask, byPost, type Served, serving, StandingClock } from './support/serving.js'

const siteOf = (places: readonly string[], home: string): HeldGrant =>
  ({ role: 'siteManager', isCity: false, units: new Set(), places: new Set(places), homes: new Set([home]) })
const POSTS: Readonly<Record<string, HeldGrant>> = {
  'geli-1': siteOf(['geli'], '武隆区'),
  'east-1': siteOf(['east'], '忠县'),
  'wulong-cdc': { role: 'planner', isCity: false, units: new Set(['武隆区']), places: new Set(['geli']), homes: new Set(['武隆区']) },
}
const identify: Identify = async (given) => {
  const grant = POSTS[/^Post (\S+)$/.exec(given.authorization ?? '')?.[1] ?? '']
  return grant === undefined ? byPost(given) : { id: (given.authorization ?? '').slice(5), grants: [grant] }
}

describe('whoever looks after one site', () => {
  const clock = new StandingClock(new Date('2020-01-30T09:00:00+08:00'))
  let served: Served
  let end: () => Promise<void>
  let db: Database
  const as = (post: string | null) => (post === null ? {} : { authorization: `Post ${post}` })
  const did = async (post: string | null, method: string, path: string, body?: unknown) => {
    const { status, json } = await ask(served.address, `/api${path}`, { method, body, headers: as(post) })
    return status < 300 ? status : (json as { code: string }).code
  }
  const listed = async (post: string | null, path: string) =>
    ((await ask(served.address, `/api${path}`, { headers: as(post) })).json as { items: Record<string, unknown>[] }).items
  const of = (id: string) => `/contacts/${encodeURIComponent(id)}`
  const source = 'test'
  const notice = (unit: string, site: string | null) => ({ unit, kind: 'closeContact', lastExposure: '2020-01-20', expectedOn: '2020-01-30', site, source })

  beforeAll(async () => {
    const fresh = await freshDatabase('embedded')
    end = fresh.end
    db = fresh.database
    served = await serving(fresh.database, { clock, identify })
    const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
    for (const [id, unit] of [['geli', '武隆区'], ['east', '忠县']] as const) {
      expect(await did(null, 'PUT', `/places/${id}`, {
        name: { zh: '隔离点', en: 'The site' }, kind: 'isolationSite', unit, underCommand: true, longitude: null, latitude: null,
        arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
      })).toBe(201)
      expect(await did(null, 'PUT', `/pools/${id}%2Froom`, { place: id, block: null, careLevel: 'room', attributes: [], protected: 0, oxygenBeds: 'notTracked', source })).toBe(201)
      expect(await did(`${id}-1`, 'PUT', `/places/${id}/report`, { pools: { [`${id}/room`]: { physical: 9, staffed: 7, occupied: 0, held: 0 } } })).toBe(200)
    }
  })
  afterAll(async () => {
    await served.close()
    await end()
  })

  test('announces those of its own unit, and takes in those who are sent to it', async () => {
    expect(await did('geli-1', 'PUT', of('武隆区-M1'), notice('武隆区', 'geli'))).toBe(201)
    expect(await did('geli-1', 'PUT', of('忠县-M1'), notice('忠县', 'geli'))).toBe('forbidden')
    expect(await did(null, 'PUT', of('忠县-M1'), notice('忠县', 'geli'))).toBe(201)
    expect(await did('geli-1', 'POST', `${of('忠县-M1')}/check-in`, { place: 'east', pool: 'east/room' })).toBe('forbidden')
    for (const id of ['武隆区-M1', '忠县-M1']) expect(await did('geli-1', 'POST', `${of(id)}/check-in`, { place: 'geli', pool: 'geli/room' })).toBe(200)
  })

  test('neither sees nor does what is elsewhere: it is as if it did not exist', async () => {
    expect(await did(null, 'PUT', of('忠县-M2'), notice('忠县', 'east'))).toBe(201)
    expect(await did('east-1', 'POST', `${of('忠县-M2')}/check-in`, { place: 'east', pool: 'east/room' })).toBe(200)
    for (const what of ['', '/history', '/editions', '/observations', '/certificate']) expect(await did('geli-1', 'GET', `${of('忠县-M2')}${what}`)).toBe('notFound')
    expect(await did('geli-1', 'POST', `${of('忠县-M2')}/move`, { place: 'geli', pool: 'geli/room' })).toBe('notFound')
    expect(await did('geli-1', 'POST', `${of('忠县-M2')}/positive`, { case: '忠县-0777', status: 'confirmed', severity: 'ordinary' })).toBe('notFound')
    // Its own unit's contact in another's site is seen by the district, and moved by whoever looks after the room.
    expect(await did('east-1', 'POST', `${of('忠县-M1')}/leave`, { ending: 'left' })).toBe('notFound')
    expect(await did('geli-1', 'PUT', of('忠县-M2'), notice('忠县', 'east'))).toBe('forbidden')
    expect(await did('geli-1', 'PUT', '/places/east/report', { pools: {} })).toBe('notFound')
  })

  const rows: [string, string, number, number, number][] = [
    ['contacts', '/contacts', 2, 1, 3], ['stays', '/isolation/stays', 2, 1, 3], ['releases', '/isolation/release-calendar?days=31', 2, 1, 3],
    ['rooms by day', '/isolation/rooms-by-day?days=3', 3, 3, 6],
  ]
  test.each(rows)('sees its own part only: %s', async (_, path, geli, east, all) => {
    expect((await listed('geli-1', path)).length).toBe(geli)
    expect((await listed('east-1', path)).length).toBe(east)
    expect((await listed(null, path)).length).toBe(all)
  })

  test('hears of its own contacts only', async () => {
    const heard = { xid: '0', seq: '0' }
    const of = async (post: string) => {
      const changes = await heardBy(db, POSTS[post] ?? siteOf([], ''), await db.inSnapshot((tx) => changesAfter(tx, heard)))
      return [...new Set(changes.filter(({ kind }) => kind === 'contacts').map(({ subject }) => subject))].sort()
    }
    expect(await of('geli-1')).toEqual(['忠县-M1', '武隆区-M1'])
    expect(await of('east-1')).toEqual(['忠县-M2'])
  })

  test('a shortage is seen by its unit, and what the whole city has to be called for by the city', async () => {
    for (let i = 0; i < 9; i += 1) {
      expect(await did('wulong-cdc', 'PUT', of(`武隆区-N${i}`), notice('武隆区', null))).toBe(201)
    }
    expect(await listed('wulong-cdc', '/isolation/shortages')).toMatchObject([{ unit: '武隆区', short: 4 }])
    expect(await listed('geli-1', '/isolation/shortages')).toEqual([])
    expect(await did('wulong-cdc', 'GET', '/reporting/call-list')).toBe('forbidden')
    expect(await did('wulong-cdc', 'POST', `/cases/${encodeURIComponent('忠县-0001')}/severity`, { severity: 'severe' })).toBe('notFound')
    expect(await did('wulong-cdc', 'POST', `/cases/${encodeURIComponent('武隆区-0001')}/severity`, { severity: 'severe' })).toBe(200)
    clock.forward(4 * 3_600_000)
    expect((await listed('geli-1', '/isolation/observations-due')).map(({ contact }) => contact)).toEqual(['忠县-M1', '武隆区-M1'])
    // At noon, the first cut-off since it has rooms, each reads whether its own has told.
    for (const site of ['geli', 'east']) expect((await listed(`${site}-1`, '/reporting/compliance')).map(({ place, state }) => [place, state])).toEqual([[site, 'complete']])
    expect(await did(null, 'GET', '/integrity')).toBe(200)
    expect(served.bugs).toEqual([])
  })

  test('learns nothing of a room elsewhere: whether there is one, or where', async () => {
    expect(await did('geli-1', 'PUT', of('武隆区-M3'), notice('武隆区', 'geli'))).toBe(201)
    const asked = async (post: string | null, path: string, body: object) => (await ask(served.address, `/api${path}`, { method: 'POST', body, headers: as(post) })).json as { code: string; detail: string }
    for (const path of [`${of('武隆区-M3')}/check-in`, `${of('武隆区-M1')}/move`]) {
      const [there, nowhere] = [await asked('geli-1', path, { place: 'geli', pool: 'east/room' }), await asked('geli-1', path, { place: 'geli', pool: 'none/room' })]
      expect([there.code, there.detail, nowhere.detail]).toEqual(['unknownReference', 'there is no pool east/room', 'there is no pool none/room'])
      expect(await asked(null, path, { place: 'geli', pool: 'east/room' })).toMatchObject({ code: 'wrongReference', detail: 'pool east/room is at east, not at geli' })
    }
  })
})
