import { beforeAll, describe, expect, test } from 'vitest'
import { complianceOf, compliedIn, isCutOff, lastCutOff, spanUntil } from '../src/facilities/compliance.js'
import { sourceOfReport } from '../src/facilities/beds.js'
import { scenarioZip } from '../src/interop/scenarioOut.js'
import { callsThatMatter, staleFigures } from '../src/planning/staleness.js'
import { World } from '../src/planning/world.js'
import { story } from './campaigns/given.js'
import { type CityPatch, city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { ask, type Served, serving, StandingClock, TickingClock } from './support/serving.js'

const at = (clock: string, day = '30'): string => `2020-01-${day}T${clock}:00+08:00`

describe('a cut-off', () => {
  const rows: [string, boolean][] = [
    [at('12:00'), true], [at('00:00'), true], ['2020-01-30T04:00:00Z', true], [at('24:00').replace('24:00', '23:59'), false],
    ['2020-01-30T12:00:00Z', false], ['2020-01-30T12:00:00.001+08:00', false],
  ]
  test.each(rows)('%s is one: %s', (instant, isOne) => expect(isCutOff(instant)).toBe(isOne))

  const passed: [string, string][] = [
    [at('11:59'), at('00:00')], [at('12:00'), at('12:00')], [at('23:59'), at('12:00')], [at('00:00', '31'), at('00:00', '31')],
  ]
  test.each(passed)('at %s the last is %s', (now, last) => expect(lastCutOff(new Date(now))).toBe(last))

  test('speaks for the half day before it', () => {
    expect(spanUntil(at('00:00'))).toEqual({ from: new Date(at('12:00', '29')), to: new Date(at('00:00')) })
  })
})

describe('who has reported', () => {
  const pools = { 'a/1': { place: 'a' }, 'a/2': { place: 'a' }, 'b/1': { place: 'b' }, 'c/1': { place: 'c' }, 'c/2': { place: 'c' } }
  const count = (id: string, counted: string, recorded: string, recordedBy = 'a-duty') =>
    ({ id, countedAt: new Date(at(counted)), recordedAt: new Date(at(recorded)), recordedBy })
  const rows = complianceOf(pools, [
    count('a/1', '11:30', '11:40'), count('a/2', '12:00', '12:59', 'night-desk'), count('c/2', '10:00', '13:01'),
  ], at('12:00'))

  test('is told by place, with what is missing and what came late', () => {
    expect(rows.map(({ id, state, reported, missing, late }) => [id, state, reported, missing, late])).toEqual([
      ['a', 'complete', 2, [], false], ['b', 'missing', 0, ['b/1'], null], ['c', 'partly', 1, ['c/1'], true],
    ])
    expect(rows[0]).toMatchObject({ recordedBy: ['a-duty', 'night-desk'], countedAt: new Date(at('12:00')), recordedAt: new Date(at('12:59')) })
    expect(rows[1]).toMatchObject({ recordedBy: [], countedAt: null, recordedAt: null })
    expect(compliedIn(rows)).toEqual({ complete: 1, partly: 1, missing: 1 })
  })

  test.each([['13:00', false], ['13:00:00.001', true]])('what is told at %s is late: %s', (recorded, isLate) => {
    const told = { id: 'b/1', countedAt: new Date(at('12:00')), recordedAt: new Date(`2020-01-30T${recorded.padEnd(8, ':00')}+08:00`), recordedBy: 'b-duty' }
    expect(complianceOf({ 'b/1': { place: 'b' } }, [told], at('12:00')).map(({ late }) => late)).toEqual([isLate])
  })
})

test('a telephone line has two ends', () => {
  expect(sourceOfReport({ source: 'ward book' }, 'desk')).toBe('ward book')
  expect(sourceOfReport({ onBehalf: { calledPost: 'desk-3', answeredPost: 'ward-7' } }, 'desk-3'))
    .toBe('report by desk-3; by telephone, desk-3 called, ward-7 answered')
})

describe('figures that are too old', () => {
  const asOf = at('09:00')
  const world = (patch: CityPatch) => new World(city({ asOf, policy: { figureHoursMax: 5 }, ...patch }))
  const WAITS = { waitingSince: at('03:00'), fitnessAssessedAt: at('02:00') }

  const rows: [string, CityPatch, string[]][] = [
    ['none of its own time: of the scenario’s', { pools: { 'hub/ordinary': {} } }, []],
    ['of just so many hours ago', { pools: { 'hub/ordinary': { asOf: at('04:00') } } }, []],
    ['a minute older', { pools: { 'hub/ordinary': { asOf: at('03:59') } } }, ['the figures of ordinary beds of the hub are of 01-30 03:59, older than 5 hours']],
    ['at a place not under the command', { places: { dist: { underCommand: false } }, pools: { 'dist/ordinary': { asOf: at('03:00') } } }, []],
  ]
  test.each(rows)('%s', (_, patch, said) => expect(staleFigures(world(patch)).map(({ text }) => text.en)).toEqual(said))

  const STALE = { asOf: at('03:00') }
  const calls: [string, CityPatch, [string, string, number | null, number][]][] = [
    ['nobody, where nobody waits', { pools: { 'hub/ordinary': STALE }, cases: people(3, { place: 'hub', pool: 'hub/ordinary' }) }, []],
    ['for whoever lies where a need of theirs is not met, asked or not', { pools: { 'hub/ordinary': STALE }, cases: people(3) }, [['hub/ordinary', 'stale', 50, 3]]],
    ['for nobody whose order stands', {
      pools: { 'hub/ordinary': STALE }, cases: people(3), orders: { o1: { patient: 'south-1', pool: 'hub/ordinary', state: 'issued', vehicle: null, departs: null, returns: null } },
    }, [['hub/ordinary', 'stale', 50, 2]]],
    ['a place that did not say how many arrive', {
      places: { hub: { kind: 'centralisedTreatmentHospital', arrivalsPerHour: 'unknown' } }, pools: { 'hub/ordinary': {}, 'hub/severe': { physical: 'unknown', staffed: 31 } }, cases: people(2, WAITS),
    }, [['at hub', 'unknown', 81, 2], ['hub/severe', 'unknown', 31, 2]]],
    ['a place that did not say which ventilators are free, for whoever needs one', {
      places: { hub: { kind: 'centralisedTreatmentHospital', ventilatorsFree: 'unknown' } }, pools: { 'hub/ordinary': { attributes: ['ventilator'] } }, cases: { ...people(1, { ...WAITS, needs: ['ventilator'] }), ...people(2, WAITS, 'north') },
    }, [['at hub', 'unknown', 50, 1]]],
    ['most beds first, unknown ones last', {
      pools: { 'hub/ordinary': { ...STALE, physical: 20 }, 'hub/severe': { staffed: 'unknown', physical: 31 }, 'hub/ordinary#2': { staffed: 'unknown', physical: 'unknown' } },
      cases: { ...people(2, WAITS), ...people(3, { ...WAITS, severity: 'severe' }, 'north') },
    }, [['hub/severe', 'unknown', 31, 5], ['hub/ordinary', 'stale', 20, 2], ['hub/ordinary#2', 'unknown', null, 2]]],
    ['not where the severity or the kind of place does not fit', {
      pools: { 'hub/intensive': STALE, 'dist/ordinary': STALE, 'hub/observation': STALE }, cases: people(2, { ...WAITS, place: 'hub' }),
    }, []],
    ['not the pool in which they lie, and only those who have what it takes', {
      pools: { 'hub/ordinary': STALE, 'hub/severe': { ...STALE, attributes: ['dialysis'] } },
      cases: { ...people(1, { ...WAITS, place: 'hub', pool: 'hub/ordinary', needs: ['dialysis'] }) },
    }, [['hub/severe', 'stale', 50, 1]]],
    ['not whose figures are fresh', { pools: { 'hub/ordinary': {} }, cases: people(2, WAITS) }, []],
  ]
  test.each(calls)('are asked for: %s', (_, patch, wanted) => {
    expect(callsThatMatter(world(patch)).map(({ id, why, beds, waiting }) => [id, why, beds, waiting])).toEqual(wanted)
  })
})

eachDatabase((_, open) => {
  const clock = new StandingClock(new Date(at('12:30')))
  let served: Served
  const get = async (path: string) => (await ask(served.address, path)).json as Record<string, unknown> & { items: Record<string, unknown>[] }
  const put = (path: string, body: unknown, headers = {}) => ask(served.address, path, { method: 'PUT', body, headers })
  const codeOf = ({ json }: { json: unknown }) => (json as { code: string }).code
  const figures = { staffed: 7, occupied: 3 }
  const whole = { 'qianjiang/intensive': { staffed: 8, occupied: 1 }, 'qianjiang/severe': { staffed: 20, occupied: 2 }, 'qianjiang/ordinary': { staffed: 'unknown', occupied: 'unknown' } }
  const lines = async () => (await get('/api/journal?action=beds.reported&limit=500')).items

  beforeAll(async () => {
    served = await serving(await open(), { clock })
    const zip = { type: 'application/zip', content: scenarioZip(story('chongqing-2020-01-29')) }
    expect((await ask(served.address, '/api/scenario', { method: 'POST', bytes: zip })).status).toBe(201)
    return () => served.close()
  })

  const rows: [string, Record<string, unknown>, string, string][] = [
    ['a pool is missing', { 'qianjiang/severe': figures, 'qianjiang/ordinary': figures }, 'wrongReference', '/pools/qianjiang~1intensive'],
    ['a pool is of another place', { ...whole, 'phc/severe': figures }, 'wrongReference', '/pools/phc~1severe'],
    ['a figure is none', { ...whole, 'qianjiang/severe': { staffed: -3, occupied: 2 } }, 'invalidInput', '/pools/qianjiang~1severe/staffed'],
  ]
  test.each(rows)('a whole place is refused while %s, by pool, and nothing is taken', async (_, pools, code, pointer) => {
    const said = await put('/api/places/qianjiang/report', { pools })
    expect([codeOf(said), (said.json as { errors: { pointer: string }[] }).errors.map((one) => one.pointer)]).toEqual([code, [pointer]])
    expect(await lines()).toEqual([])
  })

  test('a pool with a newer figure keeps the whole back', async () => {
    expect((await put('/api/pools/qianjiang%2Fsevere/report', { ...figures, asOf: at('11:00') })).status).toBe(200)
    const said = await put('/api/places/qianjiang/report', { pools: whole, asOf: at('10:00') })
    expect([codeOf(said), (said.json as { errors: { pointer: string }[] }).errors.map((one) => one.pointer)]).toEqual(['figureIsOlder', ['/pools/qianjiang~1severe']])
    expect((said.json as { detail: string }).detail).toMatch(/^qianjiang\/severe: /)
    expect((await lines()).length).toBe(1)
    expect((await get('/api/pools/qianjiang%2Fintensive'))['version']).toBe(1)
    expect(codeOf(await put('/api/places/nowhere/report', { pools: {} }))).toBe('notFound')
  })

  test('all pools of a place, entered by telephone', async () => {
    const onBehalf = { calledPost: 'night-desk', answeredPost: 'qianjiang-duty' }
    const said = await put('/api/places/qianjiang/report', { pools: whole, asOf: at('11:30'), onBehalf }, { authorization: 'Post night-desk' })
    expect(said.status).toBe(200)
    const source = 'report by night-desk; by telephone, night-desk called, qianjiang-duty answered'
    const { pools } = said.json as { pools: Record<string, unknown>[] }
    expect(pools.map(({ id, occupied, asOf, source: from }) => [id, occupied, asOf, from])).toEqual([
      ['qianjiang/intensive', 1, at('11:30'), source], ['qianjiang/ordinary', 'unknown', at('11:30'), source], ['qianjiang/severe', 2, at('11:30'), source],
    ])
    expect((await lines()).slice(0, 3).map(({ details }) => (details as { report: { onBehalf: unknown } }).report.onBehalf)).toEqual([onBehalf, onBehalf, onBehalf])
    expect(codeOf(await put('/api/places/qianjiang/report', { pools: whole, onBehalf: { ...onBehalf, calledPost: '李明' } }))).toBe('invalidInput')
  })

  test('each version has its line of the journal, however long the telling takes', async () => {
    const { address, close } = await serving(await open(), { clock: new TickingClock(new Date(at('00:00'))) })
    const rows = { pools: { 'hub/ordinary': { staffed: 4 }, 'hub/severe': { staffed: 3 } }, cases: people(1) }
    expect((await ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(city(rows)) } })).status).toBe(201)
    const figures = { staffed: 7, occupied: 2 }
    expect((await ask(address, '/api/places/hub/report', { method: 'PUT', body: { pools: { 'hub/ordinary': figures, 'hub/severe': figures } } })).status).toBe(200)
    expect((await ask(address, '/api/integrity')).json).toEqual({ findings: [] })
    await close()
  })

  test('who has reported by noon', async () => {
    expect((await put('/api/pools/phc%2Fsevere/report', { ...figures, asOf: at('11:50') })).status).toBe(200)
    clock.forward(31 * 60_000)
    expect((await put('/api/pools/yongchuan%2Fsevere/report', { ...figures, asOf: at('12:00') })).status).toBe(200)
    const noon = await get('/api/reporting/compliance?limit=500')
    expect([noon['cutOff'], noon['since']]).toEqual([at('12:00'), at('00:00')])
    const of = (id: string) => noon.items.find(({ place }) => place === id)
    expect(of('qianjiang')).toMatchObject({ state: 'complete', reported: 3, missing: [], late: false, recordedBy: ['local', 'night-desk'] })
    expect(of('phc')).toMatchObject({ state: 'partly', late: false, missing: ['phc/intensive', 'phc/ordinary'] })
    expect(of('yongchuan')).toMatchObject({ state: 'partly', late: true })
    expect(of('sanxia')).toMatchObject({ state: 'missing', late: null, recordedAt: null })
    expect(noon['counts']).toEqual({ complete: 1, partly: 2, missing: noon.items.length - 3 })
    expect((await get('/api/reporting/compliance?state=complete')).items.map(({ place }) => place)).toEqual(['qianjiang'])
  })

  test('pages join without a gap, and a cut-off is noon or midnight', async () => {
    const all = await get('/api/reporting/compliance?limit=500')
    const first = await get('/api/reporting/compliance?limit=7')
    const rest = await get(`/api/reporting/compliance?limit=500&cursor=${String(first['next'])}`)
    expect([...first.items, ...rest.items]).toEqual(all.items)
    expect(rest['next']).toBeNull()
    // The record was of midnight, by the bulletin of then.
    const midnight = await get(`/api/reporting/compliance?cutOff=${encodeURIComponent(at('00:00'))}`)
    expect(midnight['counts']).toEqual({ complete: all.items.length, partly: 0, missing: 0 })
    expect(codeOf(await ask(served.address, `/api/reporting/compliance?cutOff=${encodeURIComponent(at('11:00'))}`))).toBe('invalidInput')
  })

  test('a pool that came since is none of the cut-off, and a cut-off that has not come is refused', async () => {
    const day = new StandingClock(new Date(at('00:00')))
    const { address, close } = await serving(await open(), { clock: day })
    const rows = { pools: { 'hub/ordinary': { staffed: 4 } } }
    expect((await ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(city(rows)) } })).status).toBe(201)
    const at12 = async () => (await ask(address, `/api/reporting/compliance?cutOff=${encodeURIComponent(at('12:00'))}`))
    const early = await at12()
    expect([early.status, early.json]).toMatchObject([400, { code: 'invalidInput', errors: [{ pointer: 'query:/cutOff' }],
      detail: `the cut-off ${at('12:00')} has not come yet; the last that has passed is ${at('00:00')}` }])
    day.forward(12 * 3_600_000)
    expect((await ask(address, '/api/pools/hub%2Fordinary/report', { method: 'PUT', body: { staffed: 4, occupied: 0 } })).status).toBe(200)
    day.forward(1000)
    const ward = { place: 'hub', block: null, careLevel: 'severe', attributes: [], protected: 0, oxygenBeds: 'notTracked', source: 'a new ward' }
    expect((await ask(address, '/api/pools/hub%2Fsevere', { method: 'PUT', body: ward })).status).toBe(201)
    expect((await at12()).json).toMatchObject({ items: [{ place: 'hub', state: 'complete', pools: 1, missing: [] }] })
    day.forward(12 * 3_600_000)
    expect((await ask(address, '/api/reporting/compliance')).json).toMatchObject({ items: [{ place: 'hub', state: 'missing', pools: 2 }] })
    await close()
  })

  test('whom to call: the one that said unknown and could take those who wait', async () => {
    const { items } = await get('/api/reporting/call-list')
    expect(items.map(({ pool, why, beds }) => [pool, why, beds])).toEqual([['qianjiang/ordinary', 'unknown', 150]])
    clock.forward(13 * 3_600_000)
    const later = await get('/api/reporting/call-list?limit=3')
    expect(later.items.map(({ beds }) => Number(beds))).toEqual([...later.items.map(({ beds }) => Number(beds))].sort((a, b) => b - a))
    expect(later.items.every(({ why }) => ['unknown', 'stale'].includes(String(why)))).toBe(true)
    expect(later['next']).not.toBeNull()
    clock.forward(60 * 24 * 3_600_000)
    const refused = await ask(served.address, '/api/reporting/call-list')
    // Nothing contradicts itself: there is no edition on that day.
    expect([codeOf(refused), (refused.json as { detail: string }).detail]).toEqual(['scenarioRefused', expect.stringMatching(/没有有效的政策版本|^no policy edition is in force on/)])
    expect(await get('/api/integrity')).toEqual({ findings: [] })
    expect(served.bugs).toEqual([])
  })
})
