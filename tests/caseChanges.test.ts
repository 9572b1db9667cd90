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
