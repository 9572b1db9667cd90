import { beforeAll, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import type { HeldGrant } from '../src/kernel/roles.js'
import { eachDatabase } from './support/databases.js'
import { ask, byPost, type Said, type Served, serving, StandingClock } from './support/serving.js'

const DAY = 86_400_000
const source = 'test'
const AT_SITE = { isCity: false, units: new Set<string>(), places: new Set(['site']), homes: new Set(['U1']) }
const ofUnit = (unit: string) => ({ isCity: false, units: new Set([unit]), places: new Set(['site']), homes: new Set([unit]) })
const POSTS: Readonly<Record<string, HeldGrant>> = {
  site: { role: 'siteManager', ...AT_SITE }, 'desk-at-site': { role: 'transferDesk', ...AT_SITE },
  'sites-of-U1': { role: 'siteManager', ...ofUnit('U1') }, 'desk-of-U1': { role: 'transferDesk', ...ofUnit('U1') }, 'planner-of-U1': { role: 'planner', ...ofUnit('U1') },
}
const identify: Identify = async (given) => {
  const post = /^Post (\S+)$/.exec(given.authorization ?? '')?.[1] ?? ''
  const grant = POSTS[post]
  return grant === undefined ? byPost(given) : { id: post, grants: [grant] }
}

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date('2022-11-20T10:00:00+08:00'))
  let served: Served
  let made = 0
  const did = (method: string) => (path: string, body?: unknown, post: string | null = null, headers = {}) =>
    ask(served.address, `/api${path}`, { method, body, headers: { ...headers, ...(post === null ? {} : { authorization: `Post ${post}` }) } })
  const [get, put, post] = [did('GET'), did('PUT'), did('POST')]
  const codeOf = ({ json, status }: Said) => (status < 300 ? status : (json as { code: string }).code)
  const saidOf = ({ json }: Said) => {
    const { detail, errors = [] } = json as { detail: string; errors?: { pointer: string }[] }
    return { detail, pointers: errors.map(({ pointer }) => pointer) }
  }
  const notice = (change = {}) => ({ unit: 'U1', kind: 'closeContact', lastExposure: '2022-11-18', expectedOn: '2022-11-20', site: 'site', source, ...change })
  const corrected = (id: string, change: object, by: string | null = 'site') => put(`/contacts/${id}`, notice(change), by, { 'if-match': '*' })
  const announced = async () => {
    made += 1
    const id = `U1-${made}`
    expect(codeOf(await put(`/contacts/${id}`, notice()))).toBe(201)
    return id
  }
  const checkedIn = async () => {
    const id = await announced()
    expect(codeOf(await post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room' }, 'site'))).toBe(200)
    return id
  }

  beforeAll(async () => {
    served = await serving(await open(), { clock, identify })
    await put('/reporting-units/U1', { name: { zh: '区', en: 'unit' }, gbt2260: null, longitude: null, latitude: null, source })
    expect((await put('/places/site', {
      name: { zh: '隔离点', en: 'The site' }, kind: 'isolationSite', unit: 'U1', underCommand: true, longitude: null, latitude: null,
      arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
    })).status).toBe(201)
    for (const id of ['room', 'other']) {
      const pool = `/pools/site%2F${id}`
      expect((await put(pool, { place: 'site', block: null, careLevel: 'room', attributes: [], protected: 0, oxygenBeds: 'notTracked', source })).status).toBe(201)
      expect((await put(`${pool}/report`, { physical: 40, staffed: 40, occupied: 0, held: 0 })).status).toBe(200)
    }
    return () => served.close()
  })

  test('an exposure that has not come is refused at every door', async () => {
    const early = await put('/contacts/U1-900', notice({ lastExposure: '2022-11-21' }))
    expect([codeOf(early), saidOf(early)]).toEqual(['wrongTime', { detail: 'the last exposure, 2022-11-21, has not come yet; it is 2022-11-20 today', pointers: ['/lastExposure'] }])
    const id = await announced()
    expect(codeOf(await corrected(id, { lastExposure: '2099-01-01' }))).toBe('wrongTime')
    for (const body of [{ lastExposure: '2022-12-18' }, { lastExposure: '2022-12-18', reason: '更正' }]) expect(saidOf(await post(`/contacts/${id}/exposure`, body)).pointers).toEqual(['/lastExposure'])
    expect(codeOf(await corrected(id, { lastExposure: '2022-11-20' }))).toBe(200)
  })

  test('once somebody has come, a notice changes nothing of when they leave', async () => {
    const id = await checkedIn()
    for (const by of ['site', 'desk-of-U1', null]) {
      expect([by, saidOf(await corrected(id, { lastExposure: '2022-11-10' }, by)).pointers]).toEqual([by, ['/lastExposure']])
      expect([by, codeOf(await corrected(id, { lastExposure: '2022-11-19' }, by))]).toEqual([by, 'wrongTime'])
    }
    expect(saidOf(await corrected(id, { kind: 'arrival' }))).toEqual({
      detail: `${id} has come, and release is reckoned from the kind closeContact, which a notice does not change; a newer exposure goes by /exposure, a correction too, with its reason`,
      pointers: ['/kind'],
    })
    expect(codeOf(await corrected(id, { site: null, expectedOn: '2022-11-21' }))).toBe(200)
    expect(codeOf(await post(`/contacts/${id}/release`, { signedBy: 'cdc-1' }, 'site'))).toBe('wrongTime')
  })

  test('an earlier exposure is refused, and put right with a reason by the unit’s desk or the city’s only', async () => {
    const id = await checkedIn()
    const earlier = await post(`/contacts/${id}/exposure`, { lastExposure: '2022-11-15' }, 'desk-of-U1')
    expect([codeOf(earlier), saidOf(earlier).detail]).toEqual(['figureIsOlder',
      'a later exposure, of 2022-11-18, is put down, and 2022-11-15 would change nothing; if that is wrong, the desk of the unit or the city corrects it with a reason'])
    const right = (lastExposure: string, by: string | null, more = {}) => post(`/contacts/${id}/exposure`, { lastExposure, reason: '流调复核', ...more }, by)
    for (const by of ['site', 'sites-of-U1', 'desk-at-site']) expect([by, codeOf(await right('2022-11-15', by))]).toEqual([by, 'forbidden'])
    expect((await right('2022-11-16', 'desk-of-U1')).json).toMatchObject({ lastExposure: '2022-11-16', dates: { siteUntil: '2022-11-21' } })
    expect((await right('2022-11-15', 'planner-of-U1', { kind: 'arrival' })).json).toMatchObject({ kind: 'arrival', dates: { siteUntil: '2022-11-20' } })
    expect(codeOf(await right('2022-11-15', null, { kind: 'secondaryContact' }))).toBe('wrongReference')
    expect(codeOf(await post(`/contacts/${id}/exposure`, { lastExposure: '2022-11-15', kind: 'closeContact' }))).toBe('invalidInput')
    expect((await right('2022-11-14', null)).json).toMatchObject({ lastExposure: '2022-11-14', dates: { siteUntil: '2022-11-19' } })
    const { items } = (await get(`/journal?kind=contacts&subject=${id}`)).json as { items: { action: string; actor: string; details: { reason?: string } }[] }
    expect(items.filter(({ action }) => action === 'isolation.corrected').map(({ actor, details: { reason } }) => [actor, reason]))
      .toEqual([['local', '流调复核'], ['planner-of-U1', '流调复核'], ['desk-of-U1', '流调复核']])
  })

  test('who makes the day of release earlier does not release them, until another makes it later or it is that day again', async () => {
    const id = await checkedIn()
    const right = async (lastExposure: string, by: string, more = {}) =>
      ((await post(`/contacts/${id}/exposure`, { lastExposure, reason: '流调复核', ...more }, by)).json as { shortened?: object }).shortened
    const release = (by: string, signedBy = 'cdc-1') => post(`/contacts/${id}/release`, { signedBy }, by)
    expect(codeOf(await post(`/contacts/${id}/observations`, { day: '2022-11-20', half: 'morning', symptoms: ['none'] }, 'site'))).toBe(200)
    const theirs = { by: 'desk-of-U1', from: '2022-11-23' }
    expect([await right('2022-11-14', 'desk-of-U1'), await right('2022-11-14', 'planner-of-U1')]).toEqual([theirs, theirs])
    const own = await release('desk-of-U1')
    expect([own.status, codeOf(own), saidOf(own).detail]).toEqual([403, 'ownRuling',
      'desk-of-U1 has made the day of release earlier, and neither does nor signs the release; let another post of the site, the desk or the planner do it, and another post sign it'])
    expect(codeOf(await release('site', 'DESK-of-U1'))).toBe('ownRuling')
    // A day later by the same post leaves most of what it took off.
    expect([await right('2022-11-15', 'desk-of-U1'), codeOf(await release('desk-of-U1'))]).toEqual([theirs, 'ownRuling'])
    expect([await right('2022-11-18', 'desk-of-U1'), codeOf(await release('desk-of-U1'))]).toEqual([undefined, 'wrongTime'])
    // By an extension nobody is rid of it.
    expect(await right('2022-11-13', 'planner-of-U1', { kind: 'arrival' })).toEqual({ ...theirs, by: 'planner-of-U1' })
    expect(codeOf(await post(`/contacts/${id}/extend`, { days: 1, reason: 'resultPending' }, 'planner-of-U1'))).toBe(200)
    expect(codeOf(await release('planner-of-U1'))).toBe('ownRuling')
    expect([await right('2022-11-14', 'desk-of-U1'), codeOf(await release('planner-of-U1'))]).toEqual([undefined, 200])
  })

  test('after a release, or who has become a case, no notice is taken, and the paper stays as it was signed', async () => {
    const [released, ill] = [await checkedIn(), await checkedIn()]
    expect(codeOf(await post(`/contacts/${ill}/positive`, { case: 'U1-C1', status: 'confirmed', severity: 'ordinary' }))).toBe(200)
    expect(codeOf(await corrected(ill, {}))).toBe('isolationIsOver')
    expect(codeOf(await post(`/contacts/${released}/exposure`, { lastExposure: '2022-11-15', reason: '流调复核' }, 'desk-of-U1'))).toBe(200)
    expect(codeOf(await post(`/contacts/${released}/observations`, { day: '2022-11-20', half: 'morning', symptoms: ['none'] }))).toBe(200)
    expect(codeOf(await post(`/contacts/${released}/release`, { signedBy: 'cdc-1' }))).toBe(200)
    const paper = async () => (await get(`/contacts/${released}/certificate`)).text
    const signed = await paper()
    expect(signed).toContain('The site')
    for (const change of [{}, { lastExposure: '2022-11-19' }, { site: null }]) expect(codeOf(await corrected(released, change, null))).toBe('isolationIsOver')
    clock.forward(1000)
    const { json } = await get('/places/site')
    const { id: _, version: _v, recordedAt: _r, recordedBy: _b, effectiveAt: _e, ...place } = json as Record<string, unknown>
    expect(codeOf(await put('/places/site', { ...place, name: { zh: '新名', en: 'Another name' } }, null, { 'if-match': '*' }))).toBe(200)
    expect(await paper()).toBe(signed)
  })

  test('whose notice was withdrawn is announced again, and comes', async () => {
    const id = await announced()
    expect(codeOf(await post(`/contacts/${id}/withdraw`, {}))).toBe(200)
    expect(saidOf(await post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room' })).detail)
      .toBe(`the notice of ${id} was withdrawn; if they come after all, announce them again (PUT)`)
    expect((await corrected(id, {})).json).toMatchObject({ withdrawn: false, version: 3 })
    expect(codeOf(await post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room' }))).toBe(200)
    const { items } = (await get(`/journal?kind=contacts&subject=${id}`)).json as { items: { action: string }[] }
    expect(items.map(({ action }) => action)).toEqual(['isolation.checkedIn', 'isolation.announced', 'isolation.withdrawn', 'isolation.announced'])
  })

  test('a check-in is told at most seven days late', async () => {
    const id = await announced()
    const came = (ago: number) => post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room', at: new Date(clock.now().getTime() - ago).toISOString() }, 'site')
    const late = await came(7 * DAY + 1)
    expect([codeOf(late), saidOf(late)]).toEqual(['wrongTime', { detail: 'a check-in may be told at most 7 days late; look at the date again', pointers: ['/at'] }])
    expect(codeOf(await post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room', at: '2022-06-01T10:00:00+08:00' }))).toBe('wrongTime')
    expect((await came(7 * DAY)).json).toMatchObject({ edition: '2022-11' })
  })

  test('who is in a room already is said to be there, and since when', async () => {
    const id = await checkedIn()
    const again = (pool: string) => post(`/contacts/${id}/check-in`, { place: 'site', pool })
    const [there, elsewhere] = [await again('site/room'), await again('site/other')]
    expect([codeOf(there), codeOf(elsewhere)]).toEqual(['alreadyInCare', 'alreadyInCare'])
    expect(saidOf(there).detail).toMatch(new RegExp(`^${id} has been in site/room since 2022-11-20T10:00:0[01]\\+08:00; there is nothing left to do$`))
    expect(saidOf(elsewhere).detail).toMatch(/; move them instead$/)
  })

  test('that somebody turned positive is told at most seven days late: they wait for a place since then', async () => {
    const id = await checkedIn()
    clock.forward(7 * DAY + 1000)
    const positive = (ago: number) =>
      post(`/contacts/${id}/positive`, { case: 'U1-C2', status: 'confirmed', severity: 'ordinary', at: new Date(clock.now().getTime() - ago).toISOString() }, 'site')
    const late = await positive(7 * DAY + 1)
    expect([codeOf(late), saidOf(late).pointers]).toEqual(['wrongTime', ['/at']])
    expect(saidOf(late).detail).toMatch(/^a transfer request is put down at most 7 days late, so not before 2022-11-20T10:00:/)
    expect(codeOf(await positive(7 * DAY))).toBe(200)
  })

  test('the store is sound', async () => {
    expect((await get('/integrity')).json).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
  })
})
