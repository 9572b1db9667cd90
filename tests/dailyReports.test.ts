import { parse } from 'csv-parse/sync'
import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
const PEOPLE = {
  cases: { ...people(3), ...people(2, { place: 'hub', pool: 'hub/ordinary', severity: 'severe' }, 'north') },
  pools: { 'hub/ordinary': { staffed: 7, occupied: 4 }, 'dist/ordinary': { staffed: 9, occupied: 'unknown' }, 'dist/severe': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch

interface ReportOut {
  readonly id: string
  readonly number: string
  readonly signatory: string
  readonly frozenAt: string
  readonly hash: string
  readonly city: Readonly<Record<string, unknown>>
  readonly units: readonly Readonly<Record<string, unknown>>[]
  readonly places: readonly Readonly<Record<string, unknown>>[]
  readonly plans: readonly object[]
  readonly arithmetic: readonly { readonly rule: string; readonly lines: number }[]
  readonly corrections: readonly { readonly of: string; readonly subject: string; readonly figure: string; readonly frozen: unknown; readonly now: unknown; readonly difference: unknown }[]
}
const out = ({ json }: Said) => json as ReportOut
const codeOf = ({ status, json }: Said) => [status, (json as { code?: string }).code]
const detailOf = ({ json }: Said) => (json as { detail: string }).detail
const MIDNIGHT = { day: '2020-01-29', cutOff: 'midnight' }
const NOON = { day: '2020-01-30', cutOff: 'noon' }

eachDatabase((_, open) => {
  const opened = async (patch: CityPatch = PEOPLE) => Desk.open(await open(), city(patch))
  const freeze = (desk: Desk, asked: object, by = 'group') => desk.post('/daily-reports', asked, by)
  const read = async (desk: Desk, id: string) => out(await desk.say(`/daily-reports/${id}`, 'reader'))

  test('is frozen once, after its cut-off, by a post that answers for it, and numbered within its year', async () => {
    const desk = await opened()
    const early = await freeze(desk, NOON)
    expect([...codeOf(early), detailOf(early)]).toEqual([422, 'wrongTime',
      'the report of 2020-01-30, 00:00–12:00, can be frozen from 2020-01-30T12:00:00+08:00 on; it is 2020-01-30T00:00:00+08:00 now'])
    const before = await freeze(desk, { day: '2020-01-20', cutOff: 'noon' })
    expect([...codeOf(before), detailOf(before)]).toEqual([422, 'wrongTime', 'the store has nothing of 2020-01-20T12:00:00+08:00 that could be reported'])
    const said = await desk.say('/daily-reports', 'group', { method: 'POST', body: { ...MIDNIGHT, note: 'by the night desk' }, key: 'the-first-report' })
    expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
    const first = out(said)
    expect(first).toMatchObject({ id: '2020-01-29-midnight', number: '2020-0001', signatory: 'group', frozenAt: '2020-01-30T00:00:00+08:00', note: 'by the night desk', corrections: [] })
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/)
    const replayed = await desk.say('/daily-reports', 'group', { method: 'POST', body: { ...MIDNIGHT, note: 'by the night desk' }, key: 'the-first-report' })
    expect([replayed.text, replayed.headers.get('idempotency-replayed')]).toEqual([said.text, 'true'])
    const twice = await freeze(desk, MIDNIGHT, 'commander')
    expect([...codeOf(twice), detailOf(twice)]).toEqual([409, 'alreadyExists', 'the report of 2020-01-29-midnight was frozen by group at 2020-01-30T00:00:00+08:00, as number 2020-0001'])
    desk.clock.forward(36 * HOUR)
    // In the order in which they are frozen, whatever they are of.
    for (const [asked, number] of [[{ day: '2020-01-30', cutOff: 'midnight' }, '2020-0002'], [NOON, '2020-0003']] as const) expect(out(await freeze(desk, asked)).number).toBe(number)
    desk.clock.forward(366 * 24 * HOUR)
    for (const [asked, number] of [[{ day: '2021-01-02', cutOff: 'noon' }, '2021-0001'], [{ day: '2020-12-31', cutOff: 'midnight' }, '2020-0004'], [{ day: '2021-01-01', cutOff: 'noon' }, '2021-0002']] as const) {
      expect(out(await freeze(desk, asked)).number).toBe(number)
    }
    const list = async (query: string) => ((await desk.say(`/daily-reports?${query}`, 'reader')).json as { items: { id: string }[]; next: string | null })
    const ids = async (query: string) => (await list(query)).items.map(({ id }) => id)
    const all = ['2020-01-29-midnight', '2020-01-30-noon', '2020-01-30-midnight', '2020-12-31-midnight', '2021-01-01-noon', '2021-01-02-noon']
    expect([await ids('sort=day'), await ids('')]).toEqual([all, [...all].reverse()])
    expect([await ids('cutOff=noon&sort=day'), await ids('from=2020-01-30&until=2021-01-01&sort=day')]).toEqual([[all[1], all[4], all[5]], all.slice(1, 5)])
    const page = await list('sort=day&limit=2')
    expect([page.items.map(({ id }) => id), await ids(`sort=day&cursor=${page.next}`)]).toEqual([all.slice(0, 2), all.slice(2)])
    expect(codeOf(await desk.say(`/daily-reports?cursor=${page.next}`, 'reader'))).toEqual([400, 'invalidInput'])
    await desk.close()
  })

  test('an admission that is told late is a correction: it stands beside the report and overwrites nothing', async () => {
    const desk = await opened()
    desk.clock.forward(13 * HOUR)
    const frozen = out(await freeze(desk, NOON))
    expect(frozen.city).toMatchObject({ confirmedBefore: 5, confirmedAdmitted: 0, confirmedNow: 5, confirmedSevere: 2, confirmedCentralised: 2, newlyConfirmed: 0, casesLying: 5 })
    const source = 'test'
    const put = (id: string, body: object) => desk.say(`/cases/${id}`, 'hub', { method: 'PUT', body: {
      unit: 'south', status: 'confirmed', severity: 'critical', waitingSince: null, fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null, needs: [], sex: 'unknown',
      ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null, source, ...body,
    } })
    expect((await put('south-8', { asOf: '2020-01-30T08:00:00+08:00' })).status).toBe(201)
    expect((await desk.post('/stays', { case: 'south-8', place: 'hub', pool: 'hub/ordinary', at: '2020-01-30T11:00:00+08:00' })).status).toBe(201)
    // What happened after the cut-off is of the next report.
    expect((await put('south-9', {})).status).toBe(201)
    expect((await desk.post('/stays', { case: 'south-9', place: 'hub', pool: null })).status).toBe(201)
    const { corrections, ...now } = await read(desk, frozen.id)
    const { corrections: _none, ...then } = frozen
    expect(now).toEqual(then)
    const lines = corrections.map(({ of, subject, figure, frozen: was, now: is, difference }) => [of, subject, figure, was, is, difference].join(' '))
    const people_ = ['confirmedAdmitted 0 1 1', 'confirmedNow 3 4 1', 'confirmedCritical 0 1 1', 'confirmedCentralised 0 1 1', 'newlyConfirmed 0 1 1']
    expect(lines.filter((line) => line.startsWith('unit'))).toEqual(people_.map((line) => `unit south ${line}`))
    expect(lines.filter((line) => line.startsWith('place'))).toEqual(['place hub casesLying 2 3 1', 'place hub bedsOccupied 4 5 1', 'place hub bedsFree 3 2 -1'])
    expect(lines.filter((line) => line.startsWith('city'))).toEqual([
      'city city confirmedAdmitted 0 1 1', 'city city confirmedNow 5 6 1', 'city city confirmedCritical 0 1 1', 'city city confirmedCentralised 2 3 1', 'city city newlyConfirmed 0 1 1',
      'city city casesLying 5 6 1', 'city city bedsOccupied 4 5 1', 'city city bedsFree 12 11 -1',
    ])
    const table = parse<Record<string, string>>((await desk.say(`/daily-reports/${frozen.id}/corrections`, 'reader', { headers: { accept: 'text/csv', 'accept-language': 'zh' } })).text, { bom: true, columns: true })
    const columns = Object.keys(table[0] ?? {})
    expect(columns).toEqual([
      '全市、报告单位或场所 of', '哪一处 subject', '哪一项 figure', '冻结时；当时没有这一项为 null frozen', '按现在所知；已没有这一项为 null now', '增减；一方未知为 null difference',
    ])
    expect(table.map((row) => columns.map((title) => row[title]).join(' '))).toEqual(lines)
    const page = await desk.say(`/daily-reports/${frozen.id}/print`, 'reader')
    expect(page.text).toContain('冻结以后的订正')
    expect(page.text).toMatch(/<td>7<\/td>|<td>5<\/td><td>6<\/td><td>\+1<\/td>/)
    await desk.close()
  })

  test('says of each place what it knows, what it does not, and who had not reported', async () => {
    const desk = await opened()
    desk.clock.forward(9 * HOUR)
    expect((await desk.say('/places/dist/report', 'dist', { method: 'PUT', body: { pools: { 'dist/ordinary': { staffed: 9, occupied: 'unknown' }, 'dist/severe': { staffed: 4, occupied: 1 } } } })).status).toBe(200)
    desk.clock.forward(4 * HOUR)
    const { id, city: sums, places } = out(await freeze(desk, NOON))
    expect(places.find(({ place }) => place === 'dist')).toMatchObject({
      kind: 'districtDesignatedHospital', reported: 'complete', notReported: [], bedsStaffed: 13, bedsStaffedUnknown: 0, bedsOccupied: 1, bedsOccupiedUnknown: 1, bedsFree: 3, bedsFreeUnknown: 1,
    })
    expect(places.find(({ place }) => place === 'hub')).toMatchObject({ reported: 'missing', notReported: ['hub/ordinary'], bedsStaffed: 7, bedsOccupied: 4, bedsFree: 3 })
    expect(sums).toMatchObject({ poolsThere: 3, poolsNotReported: 1, bedsStaffed: 20, bedsOccupied: 5, bedsOccupiedUnknown: 1, bedsFree: 6, bedsFreeUnknown: 1 })
    const rows = parse<Record<string, string>>((await desk.say(`/daily-reports/${id}/places`, 'reader', { headers: { accept: 'text/csv', 'accept-language': 'zh' } })).text, { bom: true, columns: true })
    expect(rows.map((row) => [row['场所 place'], row['空床 bedsFree'], row['空床未知的床位组 bedsFreeUnknown']])).toEqual([['dist', '3', '1'], ['hub', '3', '0']])
    const page = (await desk.say(`/daily-reports/${id}/print`, 'reader')).text
    expect(page).toContain('5 + 1 组未知')
    expect(page).toContain('hub/ordinary')
    expect(page).not.toMatch(/<script|<style|style=|src=|href=/)
    await desk.close()
  })

  test('counts beds that were told of an earlier time than the place at which they stand', async () => {
    const desk = await opened()
    desk.clock.forward(HOUR)
    const source = 'tests'
    const put = (kind: string, id: string, body: object) => desk.say(`/${kind}/${encodeURIComponent(id)}`, 'group', { method: 'PUT', body, key: `the-late-${kind}` })
    const place = { name: { zh: '新院', en: 'the new one' }, kind: 'districtDesignatedHospital', unit: 'south', underCommand: true, longitude: null, latitude: null, arrivalsPerHour: 'notTracked', ventilatorsFree: 'notTracked' }
    expect(codeOf(await put('places', 'new', { ...place, source }))[0]).toBe(201)
    const pool = { place: 'new', block: null, careLevel: 'ordinary', attributes: [], protected: 0, oxygenBeds: 'notTracked', asOf: '2020-01-29T20:00:00+08:00' }
    expect(codeOf(await put('pools', 'new/ordinary', { ...pool, source }))[0]).toBe(201)
    expect(codeOf(await freeze(desk, MIDNIGHT))).toEqual([201, undefined])
    expect((await read(desk, '2020-01-29-midnight')).places.find(({ place: id }) => id === 'new')).toMatchObject({ poolsThere: 1, bedsStaffed: 'unknown', bedsStaffedUnknown: 1 })
  })

  test('counts plans and orders of the day by the unit of the patient', async () => {
    const desk = await opened()
    desk.clock.forward(HOUR)
    const { orders, run } = await desk.approved()
    const [arrived = '', cancelled = '', left = ''] = orders
    for (const id of [arrived, left]) await desk.steps(id, 'accept')
    desk.clock.forward(7 * HOUR)
    await desk.steps(arrived, 'dispatch', 'arrive')
    expect((await desk.step(cancelled, 'cancel', { note: 'no' })).status).toBe(200)
    desk.clock.forward(17 * HOUR)
    const { units, city: sums, plans, places } = out(await freeze(desk, { day: '2020-01-30', cutOff: 'midnight' }))
    expect(orders.length).toBe(3)
    expect(units.find(({ unit }) => unit === 'south')).toMatchObject({
      ordersBefore: 0, ordersIssued: 3, ordersDispatched: 1, ordersArrived: 1, ordersCancelled: 1, ordersExpired: 1, ordersNow: 0, confirmedCentralised: 1,
    })
    expect(units.find(({ unit }) => unit === 'north')).toMatchObject({ ordersIssued: 0 })
    expect([sums['plansApproved'], plans]).toEqual([1, [expect.objectContaining({ id: run, approvedBy: 'group' })]])
    // Nobody had to touch the order that ran out: the clock was heard before it was counted.
    expect((await desk.order(left)).state).toBe('expired')
    expect(places.find(({ place }) => place === 'hub')).toMatchObject({ bedsHeld: 0, casesLying: 3 })
    await desk.close()
  })

  test('a bed that an order holds at the cut-off is neither free nor anybody else’s, at its place and in the city', async () => {
    const desk = await opened()
    const beds = ({ city: sums, places }: ReportOut) => [places.find(({ place }) => place === 'hub'), sums].map((figures) => [figures?.['bedsHeld'], figures?.['bedsFree']])
    expect(beds(out(await freeze(desk, MIDNIGHT)))).toEqual([[0, 3], [0, 12]])
    desk.clock.forward(11 * HOUR)
    const { run, plan: { moves: [_first, ...others] } } = await desk.draft()
    const strike = others.map(({ patient }) => ({ patient, reason: 'later' }))
    expect(((await desk.post(`/plan-runs/${run}/approve`, { strike })).json as { orders: string[] }).orders).toHaveLength(1)
    desk.clock.forward(HOUR)
    const noon = out(await freeze(desk, NOON))
    expect([noon.city['ordersNow'], beds(noon)]).toEqual([1, [[1, 2], [1, 11]]])
    await desk.close()
  })

  test('what does not add up is not frozen, and every line that does not is named', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(PEOPLE))
    desk.clock.forward(13 * HOUR)
    const counted = (await desk.say('/day-figures', 'reader')).json as { day: string; cutOff: string; wrong: object[] }
    expect([counted.day, counted.cutOff, counted.wrong]).toEqual(['2020-01-30', 'noon', []])
    // Behind the back of the journal and the ledger, as only somebody at the database could.
    await database.inTransaction((tx) => tx.execute(sql`update stay set ended_at = '2020-01-30T04:00:00+08', ending = 'died', ended_recorded_at = '2020-01-30T04:00:00+08', ended_recorded_by = 'nobody' where case_id = 'south-2'`))
    const preview = (await desk.say('/day-figures?day=2020-01-30&cutOff=noon', 'reader')).json as { wrong: { rule: string; subject: string; text: { en: string } }[] }
    expect(preview.wrong.map(({ rule, subject }) => [rule, subject])).toEqual([['journal', 'south'], ['journal', 'south']])
    const refused = await freeze(desk, NOON)
    expect(codeOf(refused)).toEqual([409, 'doesNotAddUp'])
    expect((refused.json as { errors: { pointer: string; detail: string }[] }).errors).toEqual([
      { pointer: 'journal/south', detail: 'south: confirmed cases died should be 0, and 1 is there' }, { pointer: 'journal/south', detail: 'south: confirmed cases in care should be 3, and 2 is there' },
    ])
    expect(((await desk.say('/daily-reports', 'reader')).json as { items: object[] }).items).toEqual([])
    await desk.served.close()
  })

  test('is signed by a post of the city, not by another system, and read by whoever plans', async () => {
    const desk = await opened()
    const title = { zh: '医院系统', en: 'a hospital system' }
    const key = { title, grants: [{ role: 'planner', scope: { kind: 'city' } }], expiresAt: '2020-06-30T00:00:00+08:00' }
    expect((await desk.say('/api/api-keys/his', 'administrator', { method: 'PUT', body: key })).status).toBe(201)
    const said = await freeze(desk, MIDNIGHT, 'his')
    expect([...codeOf(said), detailOf(said)]).toEqual([403, 'forbidden', 'a daily report is signed by a post; his is the key of another system'])
    expect(codeOf(await freeze(desk, MIDNIGHT, 'idle'))).toEqual([403, 'forbidden'])
    expect(codeOf(await freeze(desk, { day: '2020-01-29', cutOff: 'evening' }))).toEqual([400, 'invalidInput'])
    for (const path of ['', '/units', '/places', '/corrections', '/print']) expect(codeOf(await desk.say(`/daily-reports/2020-01-29-midnight${path}`, 'reader'))).toEqual([404, 'notFound'])
    await desk.close()
  })
})

describe('a report of an import', () => {
  eachDatabase((_, open) => {
    test('has whom the import brought as brought in, neither admitted nor newly confirmed', async () => {
      const scenario = city({ ...PEOPLE, asOf: '2020-01-29T20:00:00+08:00', planDay: '2020-01-29' })
      const desk = await Desk.open(await open(), scenario)
      desk.clock.forward(4 * HOUR)
      const said = await desk.post('/daily-reports', MIDNIGHT)
      expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
      expect(out(said).city).toMatchObject({ confirmedBefore: 0, confirmedAdmitted: 0, confirmedBrought: 5, confirmedNow: 5, newlyConfirmed: 0 })
      expect(out(said).arithmetic.find(({ rule }) => rule === 'brought')?.lines).toBe(1)
      await desk.close()
    })
  })
})
