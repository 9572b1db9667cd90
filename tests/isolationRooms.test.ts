import { beforeEach, expect, test } from 'vitest'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, type Served, serving, StandingClock } from './support/serving.js'

const at = (clock: string): string => `2020-01-30T${clock}:00+08:00`
const source = 'test'
const place = { name: { zh: '隔离点', en: 'The site' }, kind: 'isolationSite', unit: 'U1', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source }

eachDatabase((_, open) => {
  let served: Served
  let clock: StandingClock
  const say = (method: string) => (path: string, body: unknown, headers = {}) => ask(served.address, `/api${path}`, { method, body, headers })
  const [put, post] = [say('PUT'), say('POST')]
  const get = async (path: string) => (await ask(served.address, `/api${path}`)).json as Record<string, unknown> & { items: Record<string, unknown>[] }
  const codeOf = ({ json, status }: Said) => (status < 300 ? status : (json as { code: string }).code)
  const notice = (change = {}) => ({ unit: 'U1', kind: 'closeContact', lastExposure: '2020-01-20', expectedOn: '2020-01-30', site: 'site', source, ...change })
  const rooms = { place: 'site', block: null, careLevel: 'room', attributes: [], protected: 0, oxygenBeds: 'notTracked', source }
  const checkedIn = async (id: string, when: string) => {
    expect(codeOf(await put(`/contacts/${id}`, notice()))).toBe(201)
    expect(codeOf(await post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room', at: at(when) }))).toBe(200)
  }
  const counted = async (occupied: number, when: string) => {
    const said = await put('/pools/site%2Froom/report', { physical: 9, staffed: 7, occupied, held: 0, asOf: at(when) })
    return [codeOf(said), (said.json as { occupied: number }).occupied]
  }

  beforeEach(async () => {
    clock = new StandingClock(new Date(at('14:00')))
    served = await serving(await open(), { clock })
    await put('/reporting-units/U1', { name: { zh: '区', en: 'unit' }, gbt2260: null, longitude: null, latitude: null, source })
    for (const id of ['site', 'inn']) expect((await put(`/places/${id}`, place)).status).toBe(201)
    expect((await put('/pools/site%2Froom', rooms)).status).toBe(201)
    expect(await counted(2, '08:00')).toEqual([200, 2])
    return async () => {
      expect([await get('/integrity'), served.bugs]).toEqual([{ findings: [] }, []])
      await served.close()
    }
  })

  test('a census that is told late leaves out who came after it, and has in it who left', async () => {
    await checkedIn('U1-1', '09:00')
    await checkedIn('U1-2', '11:00')
    await checkedIn('U1-3', '11:30')
    expect(codeOf(await post('/contacts/U1-1/leave', { ending: 'left', at: at('12:00') }))).toBe(200)
    // Counted at ten: the two of the morning and the first; two came since, and one left.
    expect(await counted(3, '10:00')).toEqual([200, 4])
    // Who turned positive has neither come nor gone.
    expect(codeOf(await post('/contacts/U1-2/positive', { case: 'U1-501', status: 'confirmed', severity: 'ordinary', at: at('13:00') }))).toBe(200)
    expect(await counted(4, '12:30')).toEqual([200, 4])
  })

  test('rooms where somebody is or has been isolated keep their place', async () => {
    await checkedIn('U1-1', '09:00')
    const elsewhere = () => put('/pools/site%2Froom', { ...rooms, place: 'inn' }, { 'if-match': '*' })
    expect(codeOf(await elsewhere())).toBe('wrongReference')
    expect(codeOf(await post('/contacts/U1-1/leave', { ending: 'left' }))).toBe(200)
    expect(codeOf(await elsewhere())).toBe('wrongReference')
  })

  test('a notice that is new has no version to be changed, and one of somebody isolated stays within their edition', async () => {
    expect(codeOf(await put('/contacts/U1-9', notice(), { 'if-match': '"1"' }))).toBe('changedMeanwhile')
    await checkedIn('U1-1', '09:00')
    const corrected = (change: object) => put('/contacts/U1-1', notice(change), { 'if-match': '*' })
    expect(codeOf(await corrected({ kind: 'secondaryContact' }))).toBe('wrongReference')
    expect((await corrected({ expectedOn: '2021-06-01', site: 'inn' })).json).toMatchObject({ site: 'inn', dates: { siteUntil: '2020-02-03' } })
  })

  test('whoever reports rooms is told which figures are still unknown, and so is whoever looks for a room', async () => {
    expect((await put('/pools/inn%2Froom', { ...rooms, place: 'inn' })).status).toBe(201)
    const report = async (more: object) => ((await put('/pools/inn%2Froom/report', { staffed: 7, occupied: 0, ...more })).json as { unknown: string[] }).unknown
    const inn = async () => (await get('/isolation/rooms-by-day?days=1')).items.find(({ place: at }) => at === 'inn')
    expect(await inn()).toMatchObject({ free: null, unknown: [{ pool: 'inn/room', figures: ['physical', 'staffed', 'occupied', 'held'] }] })
    expect(await report({})).toEqual(['physical', 'held'])
    expect(await report({ physical: 9 })).toEqual(['held'])
    expect(await inn()).toMatchObject({ free: null, unknown: [{ pool: 'inn/room', figures: ['held'] }] })
    for (const id of ['U1-1', 'U1-2']) expect(codeOf(await put(`/contacts/${id}`, notice({ site: null })))).toBe(201)
    expect(codeOf(await put('/pools/site%2Froom/report', { staffed: 2, occupied: 2 }))).toBe(200)
    expect((await get('/isolation/shortages?days=1')).items).toMatchObject([{ unit: 'U1', short: 2, unknown: [{ pool: 'inn/room', figures: ['held'] }] }])
    const whole = await put('/places/inn/report', { pools: { 'inn/room': { staffed: 7, occupied: 0, held: 0 } } })
    expect((whole.json as { pools: { unknown: string[] }[] }).pools.map(({ unknown }) => unknown)).toEqual([[]])
    expect(await inn()).toMatchObject({ free: 7, unknown: [] })
  })

  test('rooms by day have in them whom the census missed, as the book has', async () => {
    await checkedIn('U1-1', '09:00')
    await checkedIn('U1-2', '09:30')
    expect(await counted(1, '13:00')).toEqual([200, 1])
    expect(await get('/pools/site%2Froom/book')).toMatchObject({ people: 2, bedsLeft: 5 })
    const [today] = (await get('/isolation/rooms-by-day')).items.filter((row) => row['place'] === 'site')
    expect(today).toMatchObject({ free: 5, released: 0, announced: 0 })
  })
})
