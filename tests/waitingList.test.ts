import { parse } from 'csv-parse/sync'
import { afterAll, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import type { HeldGrant } from '../src/kernel/roles.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { byPost, serving } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
/** Three of the south who wait, one of the north who lies in another hospital, and one who asks for nothing. */
const CITY = {
  cases: {
    ...people(3, { waitingSince: '2020-01-29T20:00:00+08:00', pool: 'dist/ordinary' }), 'south-2': { waitingSince: '2020-01-29T18:00:00+08:00', pool: 'dist/ordinary', fitnessValidUntil: at('12:00') },
    'north-1': { waitingSince: '2020-01-29T23:00:00+08:00', severity: 'severe', place: 'far', fitness: 'unknown', fitnessAssessedAt: null }, 'south-9': {},
  },
  places: { far: { unit: 'north' } }, travel: { 'far→hub': 30 }, pools: { 'hub/ordinary': {}, 'hub/severe': {}, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch

type Row = Readonly<Record<string, unknown>>
const grantAt = (role: HeldGrant['role'], places: readonly string[], units: readonly string[] = []): HeldGrant =>
  ({ role, isCity: false, units: new Set(units), places: new Set(places), homes: new Set() })
const GRANTS: Readonly<Record<string, HeldGrant>> = {
  'beds-far': grantAt('bedManager', ['far']), 'beds-hub': grantAt('bedManager', ['hub']), 'unit-south': grantAt('transferDesk', [], ['south']), 'goods-far': grantAt('supplyOfficer', ['far']),
}
const identify: Identify = async (asked) => {
  const post = asked.authorization?.replace(/^Post /, '') ?? ''
  const grant = GRANTS[post]
  return grant === undefined ? byPost(asked) : { id: post, grants: [grant] }
}

eachDatabase((_, open) => {
  test('lists who waits, the gravest first and then the longest, with what was decided for each', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const list = async (query = '') => ((await desk.say(`/waiting${query}`, 'reader')).json as { items: Row[]; next: string | null })
    const { items: before } = await list()
    expect(before.map(({ patient }) => patient)).toEqual(['north-1', 'south-2', 'south-1', 'south-3'])
    expect(before[0]).toEqual({
      patient: 'north-1', unit: 'north', severity: 'severe', status: 'confirmed', place: 'far', pool: null, waitingSince: '2020-01-29T23:00:00+08:00', hoursWaited: 1,
      fitness: 'unknown', fitnessUntil: null, fallen: null, order: null, orderState: null, toPlace: null, toPool: null, outside: null, orderEndedAt: null, orderEndedBy: null, orderEndedNote: null,
      struckFrom: null, struckAt: null, struckBy: null, struckReason: null,
    })
    // What the assessment says itself holds; where it says nothing, the policy in force does.
    expect(before.slice(1).map(({ pool, hoursWaited, fitnessUntil }) => [pool, hoursWaited, fitnessUntil])).toEqual([
      ['dist/ordinary', 6, at('12:00')], ['dist/ordinary', 4, '2020-01-31T00:00:00+08:00'], ['dist/ordinary', 4, '2020-01-31T00:00:00+08:00'],
    ])
    const drafted = await desk.draft()
    const said = await desk.post(`/plan-runs/${drafted.run}/approve`, { strike: [{ patient: 'south-3', reason: 'not today' }] })
    const orders = (said.json as { orders: string[] }).orders
    const ordered = await Promise.all(orders.map((id) => desk.order(id)))
    const mine = (patient: string) => ordered.find((order) => order.patient === patient)?.id ?? ''
    desk.clock.forward(HOUR)
    expect((await desk.step(mine('south-1'), 'unwilling', { note: 'the family asks for a day' }, 'ward')).status).toBe(200)
    const row = async (patient: string) => (await list()).items.find((one) => one['patient'] === patient) ?? {}
    expect(await row('south-2')).toMatchObject({ order: mine('south-2'), orderState: 'accepted', toPlace: 'hub', toPool: 'hub/ordinary', orderEndedAt: null, fallen: null, struckFrom: null })
    expect(await row('south-1')).toMatchObject({
      order: mine('south-1'), orderState: 'unwilling', orderEndedAt: at('01:00'), orderEndedBy: 'ward', orderEndedNote: 'the family asks for a day', fallen: 'patientUnwilling', struckFrom: null,
    })
    expect(await row('south-3')).toMatchObject({ order: null, orderState: null, fallen: 'lineStruck', struckFrom: drafted.run, struckAt: at('00:00'), struckBy: 'group', struckReason: 'not today' })
    // Whoever is handed over waits no more.
    await desk.steps(mine('south-2'), 'dispatch', 'arrive')
    expect((await list()).items.map(({ patient }) => patient)).not.toContain('south-2')
    await desk.close()
  })

  test('who waits and never had an order is handed over, by the city and by the place where they lie, until there is one', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    type Given = Readonly<Record<'waiting' | 'fallenOut', Row[]>> & { readonly id: string }
    const give = async (place: string | null = null) => (await desk.post('/handovers', { toPost: 'night', place }, 'desk')).json as Given
    const first = await give()
    expect(first.waiting).toEqual([
      { patient: 'north-1', severity: 'severe', place: 'far', pool: null, since: '2020-01-29T23:00:00+08:00' },
      ...[['south-2', '18'], ['south-1', '20'], ['south-3', '20']].map(([patient, hour]) =>
        ({ patient, severity: 'ordinary', place: 'dist', pool: 'dist/ordinary', since: `2020-01-29T${hour}:00:00+08:00` })),
    ])
    expect([(await give('far')).waiting.map(({ patient }) => patient), (await give('hub')).waiting, first.fallenOut]).toEqual([['north-1'], [], []])
    const page = (await desk.say(`/handovers/${first.id}/print`, 'reader')).text
    for (const words of ['其他等候转运而无指令的患者', 'Other patients who wait and have no order', 'north-1', '重型', 'severe', 'the far', '2020-01-29 23:00', '名dist 普通床']) expect(page).toContain(words)
    // Whoever has an order is no more among them, and once it has come to nothing is among those who fell out.
    const { orders } = await desk.approved()
    const ordered = await Promise.all(orders.map(async (one) => (await desk.order(one)).patient))
    const southern = ordered.findIndex((one) => one.startsWith('south'))
    const [id = '', patient] = [orders[southern], ordered[southern]]
    const left = (await give()).waiting.map((one) => one['patient'])
    expect(left).toEqual(['north-1', 'south-2', 'south-1', 'south-3'].filter((one) => !ordered.includes(one)))
    expect((await desk.step(id, 'cancel', { note: 'the vehicle broke down' })).status).toBe(200)
    const last = await give()
    expect([last.waiting.map((one) => one['patient']), last.fallenOut.map((one) => one['patient'])]).toEqual([left, [patient]])
    await desk.close()
  })

  test('is filtered, comes by pages, and as a table', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const list = async (query: string) => (await desk.say(`/waiting?${query}`, 'reader')).json as { items: Row[]; next: string | null }
    const ids = async (query: string) => (await list(query)).items.map(({ patient }) => patient)
    expect([await ids('unit=north'), await ids('severity=ordinary'), await ids('place=far'), await ids('place=hub'), await ids('unit=south&place=far')]).toEqual([
      ['north-1'], ['south-2', 'south-1', 'south-3'], ['north-1'], [], [],
    ])
    const pages: unknown[][] = []
    for (let next: string | null = ''; next !== null;) {
      const page: { items: Row[]; next: string | null } = await list(`limit=1${next === '' ? '' : `&cursor=${next}`}`)
      pages.push(page.items.map(({ patient }) => patient))
      next = page.next
    }
    expect(pages).toEqual([['north-1'], ['south-2'], ['south-1'], ['south-3']])
    for (const query of ['unit=nowhere', 'place=nowhere', 'severity=grave', 'status=confirmed', 'cursor=x']) {
      expect([query, (await desk.say(`/waiting?${query}`, 'reader')).status]).toEqual([query, 400])
    }
    const table = await desk.say('/waiting?unit=south', 'reader', { headers: { accept: 'text/csv', 'accept-language': 'zh' } })
    const rows = parse<Row>(table.text, { bom: true, columns: true })
    expect(rows.map((row) => row['病例编号 patient'])).toEqual(['south-2', 'south-1', 'south-3'])
    expect(Object.keys(rows[0] ?? {}).filter((title) => !title.includes(' '))).toEqual([])
    await desk.close()
  })

  test('everybody reads those whose cases they read', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(CITY))
    const scoped = await serving(database, { clock: desk.clock, identify })
    const ids = async (post: string, path: string, field: string) => {
      const { items } = (await desk.sayAt(scoped.address, path, post)).json as { items: Row[] }
      return items.filter((row) => row['waitingSince'] !== null).map((row) => row[field]).sort()
    }
    for (const [post, seen] of [['beds-far', ['north-1']], ['beds-hub', []], ['unit-south', ['south-1', 'south-2', 'south-3']], ['reader', ['north-1', 'south-1', 'south-2', 'south-3']]] as const) {
      expect([post, await ids(post, '/waiting', 'patient'), await ids(post, '/cases', 'id')]).toEqual([post, seen, seen])
    }
    expect((await desk.sayAt(scoped.address, '/waiting', 'goods-far')).status).toBe(403)
    await scoped.close()
    await desk.close()
  })
})
