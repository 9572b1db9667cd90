import { beforeAll, expect, test } from 'vitest'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, type Served, serving, StandingClock } from './support/serving.js'

const HOUR = 3_600_000
const at = (clock: string, day = '30'): string => `2020-01-${day}T${clock}:00+08:00`
const source = 'test'

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date(at('09:00')))
  let served: Served
  const get = async (path: string) => (await ask(served.address, `/api${path}`)).json as Record<string, unknown> & { items: Record<string, unknown>[] }
  const put = (path: string, body: unknown, headers = {}) => ask(served.address, `/api${path}`, { method: 'PUT', body, headers })
  const post = (path: string, body: unknown, headers = {}) => ask(served.address, `/api${path}`, { method: 'POST', body, headers })
  const of = (id: string) => `/contacts/${encodeURIComponent(id)}`
  const codeOf = ({ json, status }: Said) => (status < 300 ? status : (json as { code: string }).code)
  const figures = async (pool: string) => {
    const { occupied, version } = await get(`/pools/${encodeURIComponent(pool)}`)
    const { named } = await get(`/pools/${encodeURIComponent(pool)}/book`)
    return { occupied, named, version }
  }
  const notice = (change = {}) => ({ unit: '武隆区', kind: 'closeContact', lastExposure: '2020-01-20', expectedOn: '2020-01-30', site: 'geli', source, ...change })
  const announced = async (id: string, change = {}) => expect(codeOf(await put(of(id), notice(change)))).toBe(201)
  const checkedIn = async (id: string, pool = 'geli/room', change = {}) => {
    await announced(id, change)
    expect(codeOf(await post(`${of(id)}/check-in`, { place: 'geli', pool }))).toBe(200)
  }
  const room = (id: string, careLevel: string, staffed: number) => async () => {
    expect((await put(`/pools/${encodeURIComponent(id)}`, { place: 'geli', block: null, careLevel, attributes: [], protected: 0, oxygenBeds: 'notTracked', source })).status).toBe(201)
    expect((await put(`/pools/${encodeURIComponent(id)}/report`, { physical: 40, staffed, occupied: 0, held: 0, asOf: at('08:00') })).status).toBe(200)
  }

  beforeAll(async () => {
    served = await serving(await open(), { clock })
    const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
    expect((await put('/places/geli', {
      name: { zh: '隔离点', en: 'The site' }, kind: 'isolationSite', unit: '武隆区', underCommand: true, longitude: null, latitude: null,
      arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
    })).status).toBe(201)
    await room('geli/room', 'room', 19)()
    await room('geli/last', 'room', 1)()
    await room('geli/ward', 'light', 7)()
    return () => served.close()
  })

  test('a notice takes no room; a room is taken once; release has its day and its paper', async () => {
    await announced('武隆区-M1')
    expect(await figures('geli/room')).toMatchObject({ occupied: 0, named: 0 })
    expect(await get(of('武隆区-M1'))).toMatchObject({ edition: null, dates: null })
    const first = await post(`${of('武隆区-M1')}/check-in`, { place: 'geli', pool: 'geli/room' }, { 'if-match': '"1"' })
    expect(first.json).toMatchObject({ edition: '2020-01', version: 2, dates: { siteUntil: '2020-02-03', homeUntil: '2020-02-03' } })
    expect(await figures('geli/room')).toMatchObject({ occupied: 1, named: 1 })
    expect(codeOf(await post(`${of('武隆区-M1')}/check-in`, { place: 'geli', pool: 'geli/last' }))).toBe('alreadyInCare')
    expect(codeOf(await post(`${of('武隆区-M1')}/release`, { signedBy: 'cdc-1' }))).toBe('wrongTime')
    expect(codeOf(await post(`${of('武隆区-M1')}/exposure`, { lastExposure: '2020-01-18' }))).toBe('figureIsOlder')
    expect((await post(`${of('武隆区-M1')}/exposure`, { lastExposure: '2020-01-20' })).json).toMatchObject({ version: 2 })
    expect((await post(`${of('武隆区-M1')}/exposure`, { lastExposure: '2020-01-22' })).json).toMatchObject({ dates: { siteUntil: '2020-02-05' } })
    expect((await post(`${of('武隆区-M1')}/extend`, { days: 2, reason: 'resultPending' })).json).toMatchObject({ version: 4, dates: { siteUntil: '2020-02-07' } })
    expect(await ask(served.address, `/api${of('武隆区-M1')}/certificate`)).toMatchObject({ status: 404, json: { detail: 'there is no release certificate with the id 武隆区-M1' } })
    const { items } = await get(`${of('武隆区-M1')}/editions`)
    expect(items.map(({ edition, applies, siteUntil }) => [edition, applies, siteUntil])).toEqual([
      ['2020-01', true, '2020-02-07'], ['2021-05', false, '2020-02-07'], ['2022-06', false, '2020-01-31'], ['2022-11', false, '2020-01-29'],
    ])
  })

  test('another room in one step; a room of the wrong kind, and one that is not there, are refused', async () => {
    await checkedIn('武隆区-M2')
    const before = await figures('geli/room')
    expect(codeOf(await post(`${of('武隆区-M2')}/move`, { place: 'geli', pool: 'geli/ward' }))).toBe('wrongReference')
    expect(codeOf(await post(`${of('武隆区-M2')}/move`, { place: 'geli', pool: 'geli/none' }))).toBe('unknownReference')
    expect(codeOf(await post(`${of('武隆区-M2')}/move`, { place: 'phc', pool: 'geli/last' }))).toBe('wrongReference')
    expect(await figures('geli/room')).toEqual(before)
    expect(codeOf(await post(`${of('武隆区-M2')}/move`, { place: 'geli', pool: 'geli/last' }))).toBe(200)
    expect(await figures('geli/last')).toMatchObject({ occupied: 1, named: 1 })
    expect(codeOf(await post(`${of('武隆区-M2')}/leave`, { ending: 'hospitalised' }))).toBe(200)
    expect(await figures('geli/last')).toMatchObject({ occupied: 0, named: 0 })
    expect(codeOf(await post(`${of('武隆区-M2')}/leave`, { ending: 'left' }))).toBe('notInCare')
    const { items } = await get(`/isolation/stays?contact=${encodeURIComponent('武隆区-M2')}`)
    expect(items.map(({ pool, ending }) => [pool, ending])).toEqual([['geli/room', 'moved'], ['geli/last', 'hospitalised']])
  })

  test('who turns positive lies on as a case: one place before, one after, and the figures do not change', async () => {
    await checkedIn('武隆区-M3')
    const before = await figures('geli/room')
    const turned = { case: '武隆区-0501', status: 'confirmed', severity: 'ordinary' }
    expect(codeOf(await post(`${of('武隆区-M3')}/positive`, { ...turned, case: '武隆区-0001' }))).toBe('alreadyExists')
    expect(codeOf(await post(`${of('武隆区-M3')}/positive`, { ...turned, case: '忠县-0501' }))).toBe('wrongReference')
    expect(codeOf(await post(`${of('武隆区-M3')}/positive`, { ...turned, severity: 'mild' }))).toBe('scenarioRefused')
    expect((await get(`/isolation/stays?open=true&contact=${encodeURIComponent('武隆区-M3')}`)).items.length).toBe(1)
    clock.forward(HOUR)
    expect((await post(`${of('武隆区-M3')}/positive`, { ...turned, at: at('09:40') })).json).toMatchObject({ case: '武隆区-0501' })
    expect(await figures('geli/room')).toEqual(before)
    expect(await get(`/cases/${encodeURIComponent('武隆区-0501')}`)).toMatchObject({ status: 'confirmed', waitingSince: at('09:40') })
    const [isolation] = (await get(`/isolation/stays?contact=${encodeURIComponent('武隆区-M3')}`)).items
    const [stay, ...more] = (await get(`/stays?case=${encodeURIComponent('武隆区-0501')}`)).items
    expect([isolation, stay, more]).toMatchObject([{ ending: 'positive', endedAt: at('09:40') }, { place: 'geli', pool: 'geli/room', beganAt: at('09:40'), endedAt: null }, []])
    const told = async (subject: string) => (await get(`/journal?subject=${encodeURIComponent(subject)}`)).items.map(({ action, kind, details }) => ({ action, kind, details }))
    expect(await told(String(stay?.['id']))).toEqual([{ action: 'admitted', kind: 'stays', details: { case: '武隆区-0501', place: 'geli', pool: 'geli/room', at: at('09:40'), contact: '武隆区-M3' } }])
    expect((await told('武隆区-0501')).map(({ action, kind }) => [action, kind])).toEqual([['put', 'cases']])
    expect((await told('武隆区-M3'))[0]).toMatchObject({ action: 'isolation.positive', kind: 'contacts', details: { case: '武隆区-0501', at: at('09:40') } })
    expect(codeOf(await post(`${of('武隆区-M3')}/check-in`, { place: 'geli', pool: 'geli/last' }))).toBe('isolationIsOver')
    expect(codeOf(await post(`/stays/${String(stay?.['id'])}/end`, { ending: 'discharged' }))).toBe(200)
    expect(await figures('geli/room')).toMatchObject({ occupied: Number(before.occupied) - 1, named: Number(before.named) - 1 })
  })

  const refused: [string, Record<string, unknown>, string | number][] = [
    ['an id of another unit', { unit: '忠县' }, 'wrongReference'],
    ['a unit that is not there', { unit: '武隆区-M', site: null }, 'unknownReference'],
    ['a site that is not there', { site: 'nowhere' }, 'unknownReference'],
    ['people whom the edition does not know', { kind: 'secondaryContact' }, 'wrongReference'],
    ['a day without rules', { expectedOn: '2022-12-07' }, 'wrongTime'],
  ]
  test.each(refused)('a notice is refused for %s', async (_, change, code) => {
    expect(codeOf(await put(of('武隆区-M-9'), notice(change)))).toBe(code)
    expect((await ask(served.address, `/api${of('武隆区-M-9')}`)).status).toBe(404)
  })

  test('a notice is corrected with its ETag, and withdrawn', async () => {
    await announced('武隆区-M5')
    expect(codeOf(await put(of('武隆区-M5'), notice({ site: null })))).toBe('versionMissing')
    expect(codeOf(await put(of('武隆区-M5'), notice({ site: null }), { 'if-match': '"1"' }))).toBe(200)
    expect(codeOf(await post(`${of('武隆区-M5')}/withdraw`, {}))).toBe(200)
    expect(codeOf(await post(`${of('武隆区-M5')}/check-in`, { place: 'geli', pool: 'geli/room' }))).toBe('isolationIsOver')
    const again = await put(of('武隆区-M5'), notice({ site: null }), { 'if-match': '"3"' })
    expect([again.status, (again.json as { withdrawn: boolean }).withdrawn]).toEqual([200, false])
    expect(codeOf(await post(`${of('武隆区-M5')}/withdraw`, {}))).toBe(200)
    expect(codeOf(await post(`${of('武隆区-M1')}/withdraw`, {}))).toBe('alreadyInCare')
  })

  test('the last room has one winner, and everybody else has none', async () => {
    const ids = Array.from({ length: 8 }, (_, i) => `武隆区-R${i + 1}`)
    for (const id of ids) await announced(id)
    const answers = await Promise.all(ids.map((id) => post(`${of(id)}/check-in`, { place: 'geli', pool: 'geli/last' })))
    expect(answers.map(codeOf).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 'noFreeBed')])
    expect(await figures('geli/last')).toMatchObject({ occupied: 1, named: 1 })
  })

  test('one person asked into two rooms at once gets one', async () => {
    await announced('武隆区-T1')
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(`${of('武隆区-T1')}/check-in`, { place: 'geli', pool: 'geli/room' })))
    expect(answers.map(codeOf).sort()).toEqual([200, ...Array.from({ length: 5 }, () => 'alreadyInCare')])
    expect((await get(`/isolation/stays?open=true&contact=${encodeURIComponent('武隆区-T1')}`)).items.length).toBe(1)
  })

  test('the calendar, the rooms and the shortages agree with who is there', async () => {
    const there = (await get('/isolation/stays?open=true&limit=500')).items.map(({ contact }) => String(contact)).sort()
    const calendar = (await get('/isolation/release-calendar?days=31')).items
    expect(calendar.flatMap(({ contacts }) => contacts as string[]).sort()).toEqual(there)
    expect(calendar.reduce((sum, { count }) => sum + Number(count), 0)).toBe(there.length)
    const rooms = (await get('/isolation/rooms-by-day?days=9')).items.filter(({ place }) => place === 'geli')
    // Nineteen, one and seven beds, less those there; seven of the race were announced and have found none.
    const free = 27 - there.length
    expect(rooms.map(({ free: left, announced: comes }) => [left, comes])).toEqual([
      [free - 7, 7], [free - 7, 7], [free - 7, 7], [free - 7, 7], [free - 7 + there.length - 1, 7], [free - 7 + there.length - 1, 7],
      [free - 7 + there.length - 1, 7], [free - 7 + there.length - 1, 7], [free - 7 + there.length, 7],
    ])
    expect((await get('/isolation/shortages')).items).toEqual([])
    for (let i = 0; i < 25; i += 1) await announced(`武隆区-S${i}`, { site: null, expectedOn: '2020-02-01' })
    expect((await get('/isolation/shortages')).items).toEqual([
      { unit: '武隆区', day: '2020-02-01', short: 25 - (free - 7), shortAtWorst: 25 - (free - 7), unknown: [] },
    ])
    const page = await get('/isolation/rooms-by-day?days=9&limit=4')
    expect((await get(`/isolation/rooms-by-day?days=9&limit=500&cursor=${String(page['next'])}`)).items[0]).toMatchObject({ day: '2020-02-03' })
  })

  test('a plan counts the contacts whom a census missed', async () => {
    const there = (await get('/isolation/stays?open=true&limit=500')).items.filter(({ pool }) => pool === 'geli/room').length
    expect(there).toBe(2)
    const counted = (occupied: number) => put('/pools/geli%2Froom/report', { staffed: 19, occupied })
    expect((await counted(1)).status).toBe(200)
    const { pools } = await get('/scenario') as unknown as { pools: Record<string, { occupied: number }> }
    expect(pools['geli/room']?.occupied).toBe(there)
    expect((await counted(there)).status).toBe(200)
  })

  test('observations are due until they are taken, and the later word stands, but that nobody is well by a word', async () => {
    const early = await post(`${of('武隆区-M1')}/observations`, { day: '2020-01-30', half: 'evening', temperatureTenths: 366 })
    expect(early.json).toMatchObject({ code: 'wrongTime', detail: 'the afternoon of 2020-01-30 has not come yet; it is 2020-01-30T10:00:00+08:00 now' })
    clock.forward(3 * HOUR)
    const due = async () => (await get('/isolation/observations-due?limit=500')).items.filter(({ contact }) => contact === '武隆区-M1')
    expect((await due()).map(({ day, half, overdue }) => [day, half, overdue])).toEqual([['2020-01-30', 'evening', false]])
    expect(codeOf(await post(`${of('武隆区-M1')}/observations`, { day: '2020-01-31', half: 'morning', temperatureTenths: 366 }))).toBe('wrongTime')
    const refusedFor = async (said: object) => ((await post(`${of('武隆区-M1')}/observations`, { day: '2020-01-30', half: 'evening', ...said })).json as { errors: unknown[] }).errors
    const tenths = 'the temperature is in tenths of a degree Celsius, a whole number of 340 to 430: 36.6 °C is written 366'
    for (const [temperatureTenths, more] of [[36.6, ', or null'], [36, ''], [37, ''], [431, '']] as const) {
      expect(await refusedFor({ temperatureTenths })).toEqual([{ pointer: '/temperatureTenths', detail: `${tenths}${more}` }])
    }
    expect(await refusedFor({ symptoms: ['none', 'fever'] })).toEqual([{ pointer: '/symptoms', detail: 'no symptoms (none) stands alone: leave out either it or the others' }])
    expect(codeOf(await post(`${of('武隆区-M1')}/observations`, { day: '2020-01-30', half: 'evening', temperatureTenths: 381, symptoms: ['fever'] }))).toBe(200)
    const calm = await post(`${of('武隆区-M1')}/observations`, { day: '2020-01-30', half: 'evening', temperatureTenths: 368 })
    expect(calm.json).toMatchObject({ code: 'symptomsObserved', detail: '38.1 °C, fever stands for the afternoon of 2020-01-30, and no later word takes it away; where it is not of the disease, have a physician rule it out (rule-out)' })
    expect(codeOf(await post(`${of('武隆区-M1')}/observations`, { day: '2020-01-30', half: 'evening', temperatureTenths: 384 }))).toBe(200)
    expect(await due()).toEqual([])
    expect((await get(`${of('武隆区-M1')}/observations`)).items).toMatchObject([{ day: '2020-01-30', half: 'evening', temperatureTenths: 384, symptoms: [] }])
  })

  test('release on its day frees the room, and is on paper; what was so before is still to be seen', async () => {
    const before = await figures('geli/room')
    clock.forward(8 * 24 * HOUR)
    expect(codeOf(await post(`${of('武隆区-M1')}/observations`, { day: '2020-02-07', half: 'morning', temperatureTenths: 366 }))).toBe(200)
    const released = await post(`${of('武隆区-M1')}/release`, { signedBy: 'cdc-1' })
    expect(released.json).toMatchObject({ certificate: { number: '武隆区-M1-R5', day: '2020-02-07', signedBy: 'cdc-1' }, version: 5 })
    expect(await figures('geli/room')).toMatchObject({ occupied: Number(before.occupied) - 1 })
    const paper = await ask(served.address, `/api${of('武隆区-M1')}/certificate`)
    expect(paper.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i)
    expect(paper.text).toContain('武隆区-M1-R5')
    expect(codeOf(await post(`${of('武隆区-M1')}/release`, { signedBy: 'cdc-1' }))).toBe('isolationIsOver')
    const then = await get(`/isolation/stays?contact=${encodeURIComponent('武隆区-M1')}&asOf=${encodeURIComponent(at('12:00'))}`)
    expect(then.items).toMatchObject([{ ending: null, endedAt: null, version: 1 }])
    expect(await get(`${of('武隆区-M1')}?asOf=${encodeURIComponent(at('09:30'))}`)).toMatchObject({ version: 4, certificate: null })
    const died = await post(`${of('武隆区-T1')}/leave`, { ending: 'died' })
    expect([codeOf(died), codeOf(await post(`${of('武隆区-T1')}/check-in`, { place: 'geli', pool: 'geli/room' }))]).toEqual([200, 'isolationIsOver'])
  })

  test('every act is in the journal, and the store is sound', async () => {
    const { items } = await get(`/journal?kind=contacts&subject=${encodeURIComponent('武隆区-M1')}&limit=500`)
    expect(items.map(({ action }) => String(action).replace('isolation.', ''))).toEqual(
      ['certified', 'released', 'observed', 'observed', 'observed', 'extended', 'exposed', 'checkedIn', 'announced'])
    expect(await get('/integrity')).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
  })
})
