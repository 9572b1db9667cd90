import { beforeEach, describe, expect, test } from 'vitest'
import type { Contact } from '../src/stays/isolation/contacts.js'
import { isUnwell, type Looked, wasSeenBefore, withAnswer, withoutAnswer } from '../src/stays/isolation/symptoms.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Said, type Served, serving, StandingClock } from './support/serving.js'

const at = (clock: string, day = '30'): string => `2020-01-${day}T${clock}:00+08:00`
const source = 'test'

eachDatabase((_, open) => {
  let served: Served
  let clock: StandingClock
  const say = (method: string) => (path: string, body: unknown, headers = {}) => ask(served.address, `/api${path}`, { method, body, headers })
  const [put, post] = [say('PUT'), say('POST')]
  const get = async (path: string) => (await ask(served.address, `/api${path}`)).json as Record<string, unknown> & { items: Record<string, unknown>[] }
  const codeOf = ({ json, status }: Said) => (status < 300 ? status : (json as { code: string }).code)
  const saw = async (half: string, seen: object, day = '2020-01-30', id = 'U1-1') => codeOf(await post(`/contacts/${id}/observations`, { day, half, ...seen }))
  const release = (body = {}, id = 'U1-1', headers = {}) => post(`/contacts/${id}/release`, { signedBy: 'cdc-1', ...body }, headers)
  const ruledOut = (change = {}, headers = {}) =>
    post('/contacts/U1-1/rule-out', { day: '2020-01-30', half: 'evening', physician: 'cdc-doctor-2', reason: '慢性咽炎', ...change }, headers)
  const ANOTHER = { authorization: 'Post site-2' }
  const FEVER = { temperatureTenths: 392, symptoms: ['fever', 'dyspnoea'] }
  const WELL = { temperatureTenths: 366, symptoms: ['none'] }
  const rings = async () => ((await get('/overdue'))['rings'] as Record<string, unknown>[]).map(({ kind, since, contact, place }) => ({ kind, since, contact, place }))
  const RINGS = [{ kind: 'symptomsSeen', since: at('14:00'), contact: 'U1-1', place: 'site' }]

  beforeEach(async () => {
    clock = new StandingClock(new Date(at('14:00')))
    served = await serving(await open(), { clock })
    await put('/reporting-units/U1', { name: { zh: '区', en: 'unit' }, gbt2260: null, longitude: null, latitude: null, source })
    expect((await put('/places/site', {
      name: { zh: '隔离点', en: 'The site' }, kind: 'isolationSite', unit: 'U1', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
    })).status).toBe(201)
    expect((await put('/pools/site%2Froom', { place: 'site', block: null, careLevel: 'room', attributes: [], protected: 0, oxygenBeds: 'notTracked', source })).status).toBe(201)
    await put('/pools/site%2Froom/report', { physical: 9, staffed: 7, occupied: 0, held: 0, asOf: at('08:00', '28') })
    for (const id of ['U1-1', 'U1-2']) {
      expect(codeOf(await put(`/contacts/${id}`, { unit: 'U1', kind: 'closeContact', lastExposure: '2020-01-14', expectedOn: '2020-01-28', site: 'site', source }))).toBe(201)
      expect(codeOf(await post(`/contacts/${id}/check-in`, { place: 'site', pool: 'site/room', at: at('09:00', '28') }))).toBe(200)
    }
    return async () => {
      expect([await get('/integrity'), served.bugs]).toEqual([{ findings: [] }, []])
      await served.close()
    }
  })

  test('nobody goes with fever or symptoms, or without having been looked at', async () => {
    const unseen = await release()
    expect([unseen.status, codeOf(unseen)]).toEqual([409, 'notObserved'])
    expect(await saw('evening', FEVER)).toBe(200)
    const refused = await release()
    expect([refused.status, refused.json]).toMatchObject([409, {
      code: 'symptomsObserved',
      detail: '39.2 °C, fever, short of breath in the afternoon of 2020-01-30: not to be released; extend the isolation, put down that they are positive, or have a physician rule it out (rule-out)',
    }])
    // What was so before the fever does not let anybody go either.
    expect(codeOf(await release({ at: at('09:00', '29') }))).toBe('symptomsObserved')
    expect(await get('/contacts/U1-1')).toMatchObject({ certificate: null })
    // No later word for the half day takes it away; a physician does.
    expect(await saw('evening', WELL)).toBe('symptomsObserved')
    expect(codeOf(await ruledOut())).toBe(200)
    expect(codeOf(await release({}, 'U1-1', ANOTHER))).toBe(200)
    // A temperature is enough for a fever, from 37.3 °C on.
    for (const [temperatureTenths, day, code] of [[373, '2020-01-30', 'symptomsObserved'], [372, '2020-02-01', 200]] as const) {
      expect(await saw(day === '2020-01-30' ? 'evening' : 'morning', { temperatureTenths }, day, 'U1-2')).toBe(200)
      expect(codeOf(await release({}, 'U1-2'))).toBe(code)
      clock.forward(36 * 3_600_000)
    }
  })

  test('two half days without are well; the last that is known speaks where there is nothing of these', async () => {
    expect(await saw('evening', FEVER)).toBe(200)
    clock.forward(10 * 3_600_000)
    expect(await saw('morning', WELL, '2020-01-31')).toBe(200)
    expect(codeOf(await release())).toBe('symptomsObserved')
    clock.forward(12 * 3_600_000)
    expect(codeOf(await release())).toBe(200)
    expect(await saw('evening', FEVER, '2020-01-30', 'U1-2')).toBe(200)
    clock.forward(24 * 3_600_000)
    expect(codeOf(await release({}, 'U1-2'))).toBe('symptomsObserved')
    expect(await saw('morning', WELL, '2020-01-30', 'U1-2')).toBe(200)
    expect(await saw('evening', WELL, '2020-01-30', 'U1-2')).toBe('symptomsObserved')
    expect(codeOf(await post('/contacts/U1-2/rule-out', { day: '2020-01-30', half: 'evening', physician: 'cdc-doctor-2', reason: '慢性咽炎' }))).toBe(200)
    expect(codeOf(await release({}, 'U1-2'))).toBe('notObserved')
  })

  test('a physician rules it out by name of the post, another post releases, and both are on paper', async () => {
    expect(codeOf(await ruledOut())).toBe('nothingToRuleOut')
    expect(await saw('evening', FEVER)).toBe(200)
    expect(codeOf(await ruledOut({ half: 'morning' }))).toBe('nothingToRuleOut')
    expect(codeOf(await ruledOut({ physician: '李医生' }))).toBe('invalidInput')
    const done = await ruledOut()
    expect(done.json).toMatchObject({ symptomsAnswered: [{ day: '2020-01-30', half: 'evening', how: 'ruledOut', physician: 'cdc-doctor-2', reason: '慢性咽炎', by: 'local' }] })
    expect(codeOf(await ruledOut())).toBe('nothingToRuleOut')
    const own = await release({ signedBy: 'CDC-doctor-2' })
    expect([own.status, codeOf(own)]).toEqual([403, 'ownRuling'])
    expect(codeOf(await release({}, 'U1-1', { authorization: 'Post cdc-doctor-2' }))).toBe('ownRuling')
    // Who entered that a physician has ruled it out may have made the physician up.
    expect((await release()).json).toMatchObject({ code: 'ownRuling',
      detail: 'cdc-doctor-2 has ruled the symptoms out, as put down by local, and neither of them does or signs the release; let another post of the site, the desk or the planner do it, and another post sign it' })
    expect(codeOf(await release({ signedBy: 'Local' }, 'U1-1', ANOTHER))).toBe('ownRuling')
    expect(codeOf(await release({}, 'U1-1', ANOTHER))).toBe(200)
    const paper = (await ask(served.address, '/api/contacts/U1-1/certificate')).text
    for (const words of ['体温 39.2 ℃、发热、呼吸困难（cdc-doctor-2: 慢性咽炎）', 'short of breath (cdc-doctor-2: 慢性咽炎)', 'afternoon of 2020-01-30: 39.2 °C']) expect(paper).toContain(words)
    const { items } = await get('/journal?kind=contacts&subject=U1-1&limit=500')
    expect(items.slice(0, 3).map(({ action }) => action)).toEqual(['isolation.certified', 'isolation.released', 'isolation.ruledOut'])
    expect(items[2]?.['details']).toMatchObject({ physician: 'cdc-doctor-2', reason: '慢性咽炎', until: { day: '2020-01-30', half: 'evening' } })
  })

  test('it rings until it is extended or ruled out, and anew when it is seen anew', async () => {
    expect(await rings()).toEqual([])
    expect(await saw('evening', FEVER)).toBe(200)
    expect(await rings()).toEqual(RINGS)
    expect(codeOf(await post('/contacts/U1-1/extend', { days: 1, reason: 'symptoms' }))).toBe(200)
    expect(await rings()).toEqual([])
    // Longer kept is not ruled out.
    expect(codeOf(await release({ at: at('14:00') }))).toBe('symptomsObserved')
    expect(await saw('evening', FEVER)).toBe(200)
    expect(await rings()).toEqual(RINGS)
    expect(codeOf(await ruledOut())).toBe(200)
    expect(await rings()).toEqual([])
    expect(await saw('evening', { symptoms: ['cough'] })).toBe(200)
    expect(await rings()).toEqual(RINGS)
    expect(codeOf(await release())).toBe('symptomsObserved')
    expect(codeOf(await post('/contacts/U1-1/positive', { case: 'U1-501', status: 'confirmed', severity: 'ordinary' }))).toBe(200)
    // Who has become a case waits for a place by now.
    expect(await rings()).toEqual([{ kind: 'turnedPositive', since: at('14:00'), contact: null, place: 'site' }])
  })

  test('what rings of symptoms is handed over with what was seen, by the city and by the site where they are', async () => {
    expect((await put('/places/inn', {
      name: { zh: '宾馆', en: 'The inn' }, kind: 'isolationSite', unit: 'U1', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked', source,
    })).status).toBe(201)
    expect(await saw('morning', { temperatureTenths: 375 })).toBe(200)
    clock.forward(60_000)
    expect(await saw('evening', FEVER)).toBe(200)
    expect(await saw('evening', WELL, '2020-01-30', 'U1-2')).toBe(200)
    const give = async (place: string | null) => (await post('/handovers', { toPost: 'night', place })).json as { id: string; symptoms: unknown }
    const day = '2020-01-30'
    const unwell = [{ contact: 'U1-1', place: 'site', since: at('14:00'), seen: [{ day, half: 'morning', temperatureTenths: 375, symptoms: [] }, { day, half: 'evening', ...FEVER }] }]
    const { id, symptoms } = await give(null)
    expect([symptoms, (await give('site')).symptoms, (await give('inn')).symptoms]).toEqual([unwell, unwell, []])
    const page = (await ask(served.address, `/api/handovers/${id}/print`)).text
    for (const words of ['隔离人员的发热、症状，尚未处置', 'U1-1', '隔离点', 'The site', '2020-01-30 下午', '体温 39.2 ℃、发热、呼吸困难', '39.2 °C, fever, short of breath', '体温 37.5 ℃']) expect(page).toContain(words)
    expect(codeOf(await ruledOut())).toBe(200)
    expect((await give(null)).symptoms).toEqual([])
  })

  test('a site sees who has symptoms now, and who has not been looked at in this half day', async () => {
    expect(await saw('morning', { temperatureTenths: 375 })).toBe(200)
    expect(await saw('evening', WELL)).toBe(200)
    const now = async (query = '') => (await get(`/isolation/symptoms${query}`)).items.map(({ contact, day, half, how }) => [contact, day, half, how])
    expect(await now()).toEqual([['U1-1', '2020-01-30', 'morning', null]])
    expect([await now('?place=site'), codeOf(await ask(served.address, '/api/isolation/symptoms?place=nowhere'))]).toEqual([[['U1-1', '2020-01-30', 'morning', null]], 'invalidInput'])
    const due = async (overdue: boolean) => (await get(`/isolation/observations-due?overdue=${String(overdue)}`)).items.map(({ contact, day, half }) => [contact, day, half])
    expect(await due(false)).toEqual([['U1-2', '2020-01-30', 'evening']])
    expect((await due(true)).filter(([, day]) => day === '2020-01-30')).toEqual([['U1-2', '2020-01-30', 'morning']])
    expect(codeOf(await ruledOut())).toBe(200)
    expect(await now()).toEqual([['U1-1', '2020-01-30', 'morning', 'ruledOut']])
    clock.forward(24 * 3_600_000)
    expect(await now()).toEqual([])
  })
})

describe('fever and symptoms', () => {
  const look = (change: Partial<Looked> = {}): Looked => ({ day: '2020-01-30', half: 'morning', temperatureTenths: null, symptoms: [], ...change })
  const seen: readonly [Partial<Looked>, boolean][] = [
    [{ temperatureTenths: 372 }, false], [{ temperatureTenths: 373 }, true], [{ symptoms: ['none'] }, false], [{ symptoms: ['other'] }, true], [{ temperatureTenths: 366, symptoms: ['cough'] }, true],
  ]
  test.each(seen)('%j: %s', (said, unwell) => expect(isUnwell(look(said))).toBe(unwell))

  test('the last day is the half day of a moment and the one before', () => {
    const rows: readonly [string, string, Looked['half'], boolean][] = [
      ['09:00', '2020-01-30', 'morning', true], ['09:00', '2020-01-29', 'evening', true], ['09:00', '2020-01-29', 'morning', false],
      ['12:00', '2020-01-30', 'morning', true], ['11:59', '2020-01-29', 'evening', true], ['12:00', '2020-01-29', 'evening', false],
    ]
    for (const [clock, day, half, isSeen] of rows) expect([clock, day, half, wasSeenBefore([look({ day, half })], new Date(at(clock)))]).toEqual([clock, day, half, isSeen])
  })

  test('an answer is of its half day, the later one stands, and what is told anew has none', () => {
    const [contact, one, other] = [{} as Contact, look(), look({ half: 'evening' })]
    const extended = withAnswer(contact, [one, other], { how: 'extended', physician: null, reason: null })
    const ruled = withAnswer(extended, [one], { how: 'ruledOut', physician: 'doctor', reason: 'asthma' })
    expect(ruled.symptomsAnswered?.map(({ half, how }) => [half, how])).toEqual([['evening', 'extended'], ['morning', 'ruledOut']])
    expect(withoutAnswer(ruled, one).symptomsAnswered?.map(({ half }) => half)).toEqual(['evening'])
    expect([withAnswer(contact, [], { how: 'extended', physician: null, reason: null }), withoutAnswer(contact, one)]).toEqual([contact, contact])
  })
})
