import { beforeAll, describe, expect, test } from 'vitest'
import { type Person } from '../src/cases/cases.js'
import { assessmentSchema, withFitness, withoutRequest, withRequest, withSeverity } from '../src/cases/changes.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { story } from './campaigns/given.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock } from './support/serving.js'

const at = (clock: string): string => `2020-01-30T${clock}:00+08:00`
const PERSON: Person = {
  unit: 'south', status: 'confirmed', severity: 'ordinary', waitingSince: null, fitness: 'unknown', fitnessAssessedAt: null,
  fitnessValidUntil: null, needs: [], sex: 'unknown', ageBand: '15-59', companion: null, dischargeDue: null,
  travelExceptionUntil: null, source: 'made up for a test', assumed: ['severity', 'fitness', 'sex'], asOf: at('05:00'),
}

describe('what happens to a case', () => {
  test('a second request keeps the first time', () => {
    const asked = withRequest(PERSON, at('06:20'))
    expect(asked.waitingSince).toBe(at('06:20'))
    expect(withRequest(asked, at('05:10'))).toBe(asked)
    expect(withoutRequest(asked)?.waitingSince).toBeNull()
    expect(withoutRequest(PERSON)).toBeNull()
  })

  test('a later assessment stands, an earlier one that comes late does not', () => {
    const worse = withSeverity(PERSON, { severity: 'critical' }, at('07:30'))
    expect(worse).toMatchObject({ status: 'confirmed', severity: 'critical', asOf: at('07:30'), assumed: ['fitness', 'sex'] })
    expect(withSeverity(PERSON, { severity: 'severe' }, at('04:59'))).toBeNull()
    expect(withSeverity({ ...PERSON, asOf: null }, { severity: 'severe', status: 'suspected' }, at('04:59'))).toMatchObject({ status: 'suspected', severity: 'severe' })
  })

  const judged = { fitness: 'unfit', assessedAt: at('08:25'), validUntil: null, assessors: ['a-1', 'b-2'] } as const
  test('a judgement of fitness replaces an earlier one only', () => {
    const said = { ...judged, assessors: [...judged.assessors] }
    expect(withFitness(PERSON, said)).toMatchObject({ fitness: 'unfit', fitnessAssessedAt: at('08:25'), assumed: ['severity', 'sex'] })
    expect(withFitness({ ...PERSON, fitnessAssessedAt: at('08:26') }, said)).toBeNull()
  })

  test('where everything was assumed, what is said is not any more', () => {
    const { assumed = [] } = withFitness({ ...PERSON, assumed: ['*'] }, { ...judged, assessors: [...judged.assessors] }) ?? {}
    expect(assumed).toContain('severity')
    expect(assumed.filter((field) => field === '*' || field.startsWith('fitness'))).toEqual([])
  })

  const rows: [string, Record<string, unknown>, boolean][] = [
    ['two posts', {}, true],
    ['one post twice', { assessors: ['a-1', 'a-1'] }, false],
    ['one post twice, once in capitals', { assessors: ['dr-li', 'DR-Li'] }, false],
    ['one post', { assessors: ['a-1'] }, false],
    ['three posts', { assessors: ['a-1', 'b-2', 'c-3'] }, false],
    ['a name', { assessors: ['a-1', '李明'] }, false],
    ['nobody knows', { fitness: 'unknown' }, false],
  ]
  test.each(rows)('is judged by %s', (_, change, isTaken) => {
    expect(assessmentSchema.safeParse({ ...judged, ...change }).success).toBe(isTaken)
  })
})

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date(at('09:00')))
  let served: Served
  const id = '武隆区-0001'
  const path = `/api/cases/${encodeURIComponent(id)}`
  const post = (what: string, body: unknown, headers = {}) => ask(served.address, `${path}/${what}`, { method: 'POST', body, headers })
  const codeOf = ({ json }: { json: unknown }) => (json as { code: string }).code
  const history = async () => ((await ask(served.address, `${path}/history`)).json as { items: Record<string, unknown>[] }).items

  beforeAll(async () => {
    served = await serving(await open(), { clock })
    const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
    return () => served.close()
  })

  test('each change is one version with its line in the journal', async () => {
    const [first] = await history()
    const withdrawn = await post('withdraw-request', { source: 'by phone' }, { 'if-match': `"${String(first?.['version'])}"` })
    expect([withdrawn.status, codeOf(await post('withdraw-request', {}))]).toEqual([200, 'notWaiting'])
    const asked = await post('transfer-request', { at: at('06:20') })
    expect(asked.json).toMatchObject({ waitingSince: at('06:20'), version: 3, source: 'requested by local' })
    expect((await post('transfer-request', { at: at('05:10') })).json).toMatchObject({ waitingSince: at('06:20'), version: 3 })
    expect((await post('severity', { severity: 'severe', at: at('08:20') })).json).toMatchObject({ severity: 'severe', status: 'confirmed', version: 4 })
    const fit = { fitness: 'fit', assessedAt: at('08:25'), validUntil: at('20:25'), assessors: ['icu-2', 'resp-1'] }
    expect((await post('fitness', fit)).json).toMatchObject({ fitness: 'fit', fitnessValidUntil: at('20:25'), source: 'assessment by icu-2 and resp-1', version: 5 })
    expect((await history()).map(({ version }) => version)).toEqual([5, 4, 3, 2, 1])
    const { items } = (await ask(served.address, `/api/journal?kind=cases&subject=${encodeURIComponent(id)}`)).json as { items: { action: string }[] }
    expect(items.map(({ action }) => action)).toEqual(['case.fitnessAssessed', 'case.reassessed', 'case.requested', 'case.requestWithdrawn'])
  })

  const fitness = { fitness: 'fit', assessedAt: at('08:40'), validUntil: null, assessors: ['icu-2', 'resp-1'] }
  const rows: [string, string, unknown, string][] = [
    ['a severity that the edition does not know', 'severity', { severity: 'mild' }, 'scenarioRefused'],
    ['a status that the edition does not know', 'severity', { severity: 'none', status: 'asymptomatic' }, 'scenarioRefused'],
    ['an assessment from before the last one', 'severity', { severity: 'ordinary', at: at('08:19') }, 'figureIsOlder'],
    ['an assessment of tomorrow', 'severity', { severity: 'ordinary', at: '2020-01-31T08:00:00+08:00' }, 'wrongTime'],
    ['a judgement from before the last one', 'fitness', { ...fitness, assessedAt: at('08:24') }, 'figureIsOlder'],
    ['a judgement that ended before it was made', 'fitness', { ...fitness, validUntil: at('08:39') }, 'wrongTime'],
    ['one assessor twice', 'fitness', { ...fitness, assessors: ['icu-2', 'icu-2'] }, 'invalidInput'],
  ]
  test.each(rows)('refuses %s, and changes nothing', async (_, what, body, code) => {
    const before = (await history()).length
    expect(codeOf(await post(what, body))).toBe(code)
    expect((await history()).length).toBe(before)
  })

  const saidOf = ({ json }: { json: unknown }) => {
    const { code, detail, errors = [] } = json as { code: string; detail: string; errors?: { pointer: string }[] }
    return [code, detail, ...errors.map(({ pointer }) => pointer)]
  }
  const put = (to: string, body: object, headers = {}) => ask(served.address, `/api/cases/${encodeURIComponent(to)}`, { method: 'PUT', body, headers })
  const rewritten = async (change: object) => {
    const { id: _, version: _v, effectiveAt: _e, recordedAt: _r, recordedBy: _b, ...stands } = (await ask(served.address, path)).json as Record<string, unknown>
    return put(id, { ...stands, ...change }, { 'if-match': '*' })
  }

  test('a full report of before the last assessment changes neither severity nor status, nor the time of it', async () => {
    const before = (await history()).length
    for (const change of [{ severity: 'ordinary' }, { status: 'suspected' }]) {
      expect(saidOf(await rewritten({ ...change, fitness: 'fit', asOf: at('08:19') })))
        .toEqual(['wrongTime', 'fitnessAssessedAt, 2020-01-30T08:25:00+08:00, is later than 2020-01-30T08:19:00+08:00, of when the row is'])
    }
    expect((await post('severity', { severity: 'severe', at: at('08:50') })).json).toMatchObject({ asOf: at('08:50') })
    for (const change of [{ severity: 'ordinary' }, { status: 'suspected' }]) {
      expect(saidOf(await rewritten({ ...change, asOf: at('08:40') })))
        .toEqual(['figureIsOlder', 'there is an assessment of 2020-01-30T08:50:00+08:00 already; an earlier one comes too late'])
    }
    expect((await history()).length).toBe(before + 1)
    expect((await rewritten({ sex: 'female', asOf: at('08:40') })).json).toMatchObject({ sex: 'female', severity: 'severe', asOf: at('08:50') })
    expect((await rewritten({ severity: 'ordinary', asOf: at('08:50') })).json).toMatchObject({ severity: 'ordinary', asOf: at('08:50') })
    expect((await rewritten({ status: 'suspected', asOf: null })).json).toMatchObject({ status: 'suspected', severity: 'ordinary', asOf: at('09:00') })
    expect(codeOf(await post('severity', { severity: 'ordinary', at: at('08:59') }))).toBe('figureIsOlder')
  })

  const fitnesses: [string, object, string][] = [
    ['another judgement', { fitness: 'unfit' }, '/fitness'], ['none any more', { fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null }, '/fitness'],
    ['another time of it', { fitnessAssessedAt: at('08:26') }, '/fitnessAssessedAt'], ['another end of it', { fitnessValidUntil: null }, '/fitnessValidUntil'],
  ]
  test.each(fitnesses)('a full report says nothing of fitness beside what two posts judged: %s', async (_, change, pointer) => {
    expect(saidOf(await rewritten(change))).toEqual(['wrongReference',
      'whether a case that stands can travel is judged by two doctors of different posts: use /fitness, and leave it here as it stands', pointer])
  })

  test.each([['no clock any more', null], ['an earlier one', at('06:19')], ['a later one', at('06:21')]])('a full report does not move the clock of a request: %s', async (_, waitingSince) => {
    expect(saidOf(await rewritten({ waitingSince }))).toEqual(['wrongReference',
      'another place is asked for a case that stands by /transfer-request, and no longer by /withdraw-request; leave it here as it stands', '/waitingSince'])
  })

  test('the same times may be written in another zone', async () => {
    expect((await rewritten({ fitnessAssessedAt: '2020-01-30T00:25:00Z', waitingSince: '2020-01-29T22:20:00Z', sex: 'male' })).status).toBe(200)
  })

  test('a request is put down a week late at most, by either door', async () => {
    const [long, week] = ['2020-01-23T08:59:59+08:00', '2020-01-23T09:00:00+08:00']
    const refused = (pointer: string) => ['wrongTime', `a transfer request is put down at most 7 days late, so not before ${week}`, pointer]
    const body = { ...PERSON, unit: '武隆区', assumed: [], asOf: null }
    expect(saidOf(await put('武隆区-0911', { ...body, waitingSince: long }))).toEqual(refused('/waitingSince'))
    expect((await put('武隆区-0911', { ...body, waitingSince: week })).status).toBe(201)
    expect((await put('武隆区-0912', body)).status).toBe(201)
    const request = (since: string) => ask(served.address, `/api/cases/${encodeURIComponent('武隆区-0912')}/transfer-request`, { method: 'POST', body: { at: since } })
    expect(saidOf(await request(long))).toEqual(refused('/at'))
    expect((await request(week)).json).toMatchObject({ waitingSince: week })
    // Who has asked already has the first time, whatever is said again.
    expect((await request(long)).json).toMatchObject({ waitingSince: week })
  })

  test('a diagnosis that the edition of its day does not know is refused at the first door, for whoever lies nowhere too', async () => {
    const body = { ...PERSON, unit: '武隆区', assumed: [] }
    const mild = ['scenarioRefused', expect.stringMatching(/^in the edition in force the severity of a confirmed case must be one of: ordinary 普通型, severe 重型, critical 危重型$/), '/severity']
    expect(saidOf(await put('武隆区-0901', { ...body, severity: 'mild' }))).toEqual(mild)
    expect((await put('武隆区-0901', body)).status).toBe(201)
    const nowhere = `/api/cases/${encodeURIComponent('武隆区-0901')}`
    const reassessed = (said: object) => ask(served.address, `${nowhere}/severity`, { method: 'POST', body: said })
    expect(saidOf(await reassessed({ severity: 'mild' }))).toEqual(mild)
    expect(saidOf(await reassessed({ severity: 'none', status: 'asymptomatic' }))).toEqual(['scenarioRefused', 'the edition in force knows no asymptomatic infection', '/status'])
    expect(saidOf(await put('武隆区-0901', { ...body, severity: 'mild', asOf: at('09:00') }, { 'if-match': '*' }))).toEqual(mild)
    // For the days before the first edition nothing can be said.
    expect((await put('武隆区-0902', { ...body, severity: 'mild', asOf: '2020-01-10T00:00:00+08:00' })).status).toBe(201)
    expect((await put('武隆区-0903', { ...body, fitness: 'fit', fitnessAssessedAt: at('04:00') })).status).toBe(201)
  })

  test('refuses what somebody changed meanwhile, and who is not there', async () => {
    expect(codeOf(await post('severity', { severity: 'ordinary' }, { 'if-match': '"1"' }))).toBe('changedMeanwhile')
    for (const [bare, right] of [['3', '"3"'], ['"3', '"3"'], ['v3', '"3"'], ['2, "1"', '"2"']] as const) {
      const { json } = await post('severity', { severity: 'ordinary' }, { 'if-match': bare })
      expect([bare, json]).toMatchObject([bare, { status: 400, code: 'invalidInput', detail: expect.stringContaining(`with its quotation marks: ${right}, not `) as unknown, errors: [{ pointer: 'header:/if-match' }] }])
    }
    expect(codeOf(await ask(served.address, '/api/cases/nobody-7/severity', { method: 'POST', body: { severity: 'ordinary' } }))).toBe('notFound')
    expect((await ask(served.address, '/api/integrity')).json).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
  })
})
