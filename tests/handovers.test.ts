import { sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import type { Identify } from '../src/access/identify.js'
import { actOf } from '../src/db/act.js'
import { takeOver } from '../src/day/handoverCommands.js'
import { EVERYWHERE, type HeldGrant } from '../src/kernel/roles.js'
import { account, hold } from '../src/ledger/tables.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { byPost, type Said, serving } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
const MINUTE = 60_000
const CITY = {
  cases: people(5, { waitingSince: '2020-01-29T20:00:00+08:00' }), places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' } }, travel: { 'dist→other': 50 },
  pools: { 'hub/ordinary': { staffed: 9, held: 2 }, 'other/ordinary': { staffed: 'unknown' }, 'dist/ordinary': { asOf: '2020-01-28T07:00:00+08:00' } }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch

interface HandoverOut {
  readonly id: string
  readonly orders: readonly { readonly order: string; readonly state: string; readonly rings: readonly { readonly kind: string; readonly since: string }[] }[]
  readonly [field: string]: unknown
}
const out = ({ json }: Said) => json as HandoverOut
const codeOf = ({ status, json }: Said) => [status, (json as { code?: string }).code]
const detailOf = ({ json }: Said) => (json as { detail: string }).detail

const grantAt = (place: string): HeldGrant => ({ role: 'bedManager', isCity: false, units: new Set(), places: new Set([place]), homes: new Set() })
/** `beds-hub` looks after the beds of the hub, and so on, as does `more-hub`; any other post may do everything; `goods-city` is the supplies group of the city, `goods-hub` that of the hub. */
const identify: Identify = async (asked) => {
  const [, goods] = /^Post goods-(\w+)$/.exec(asked.authorization ?? '') ?? []
  if (goods !== undefined) return { id: `goods-${goods}`, grants: [{ ...(goods === 'city' ? EVERYWHERE : grantAt(goods)), role: 'suppliesGroup' }] }
  const [, post, place] = /^Post ((?:beds|more)-(\w+))$/.exec(asked.authorization ?? '') ?? []
  return post === undefined || place === undefined ? byPost(asked) : { id: post, grants: [grantAt(place)] }
}

eachDatabase((_, open) => {
  test('a shift hands over every order that wants paper, whether anybody called or not, and whatever has become of it', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const { id } = (await desk.post('/transfer-orders', { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: '2020-01-30T08:00:00+08:00' })).json as { id: string }
    expect(codeOf(await desk.step(id, 'cancel', { note: 'better' }))).toEqual([200, undefined])
    const given = out(await desk.post('/handovers', { toPost: 'day-desk' }, 'night-desk'))
    expect(given).toMatchObject({ orders: [], withoutPaper: [{ kind: 'order', id, calledPost: null, answeredPost: null, at: '2020-01-30T00:00:00+08:00' }] })
    expect((await desk.say(`/handovers/${given.id}/print`, 'reader')).text).toContain('非电话')
    await desk.close()
  })

  test('a shift leaves to the next what is open: orders and what rings, promises, reliefs, plan, drafts, calls, old figures, and what somebody says', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const phone = { calledPost: 'desk', answeredPost: 'group', at: '2020-01-30T00:00:00+08:00' }
    const { run, orders } = await desk.approved({ phone })
    const [out1 = '', relieved = '', asked = '', waiting = '', gone = ''] = orders
    expect(codeOf(await desk.step(relieved, 'ask-relief', { reason: 'noStaff', beds: 3 }))).toEqual([200, undefined])
    expect(codeOf(await desk.step(relieved, 'uphold'))).toEqual([200, undefined])
    expect(codeOf(await desk.step(asked, 'ask-relief', { reason: 'noOxygen' }))).toEqual([200, undefined])
    expect(codeOf(await desk.step(gone, 'cancel', { note: 'no' }))).toEqual([200, undefined])
    await desk.steps(out1, 'accept', 'dispatch')
    const draft = await desk.draft()
    desk.clock.forward(3 * HOUR)
    const exceptions = [{ about: 'van', text: 'a tyre was changed' }, { text: '<b>the ward calls back' }]
    const said = await desk.post('/handovers', { toPost: 'day-desk', exceptions, note: 'quiet' }, 'night-desk')
    expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
    const given = out(said)
    expect(given).toMatchObject({
      version: 1, place: null, toPost: 'day-desk', note: 'quiet', givenAt: '2020-01-30T03:00:00+08:00', givenBy: 'night-desk', takenAt: null, takenBy: null, knownAt: '2020-01-30T03:00:00+08:00',
      exceptions: [exceptions[0], { about: null, text: '<b>the ward calls back' }],
      plan: { run, approvedAt: '2020-01-30T00:00:00+08:00', approvedBy: 'group' },
      drafts: [{ run: draft.run, planDay: '2020-01-30', requestedAt: '2020-01-30T00:00:00+08:00', requestedBy: 'planner' }],
      withoutPaper: [{ kind: 'plan', id: run, ...phone }],
      reliefs: [{ order: relieved, pool: 'hub/ordinary', beds: 3, reason: 'noStaff', since: '2020-01-30T00:00:00+08:00', upheldBy: 'desk' }],
    })
    expect(given.orders.map(({ order, state, rings }) => [order, state, rings.map(({ kind, since }) => `${kind} ${since.slice(11, 16)}`)])).toEqual([
      [out1, 'dispatched', ['notArrived 01:07']], [asked, 'reliefAsked', ['reliefUndecided 00:30']], [waiting, 'accepted', []],
    ])
    const fallen = given['fallenOut'] as { kind: string; order: string; since: string; by: string; note: string | null; place: string }[]
    expect(fallen.map(({ kind, order, since, by, note, place }) => [order, kind, since.slice(11, 16), by, note, place]).sort()).toEqual([
      [relieved, 'reliefUpheld', '00:00', 'desk', null, 'dist'], [gone, 'orderCancelled', '00:00', 'desk', 'no', 'dist'],
    ].sort())
    const promises = given['promises'] as { pool: string; purpose: string; order: string | null; beds: number }[]
    expect(promises.map(({ pool, purpose, order, beds }) => [pool, purpose, order, beds]).sort()).toEqual([
      ['hub/ordinary', 'order', asked, 1], ['hub/ordinary', 'order', out1, 1], ['hub/ordinary', 'order', waiting, 1], ['hub/ordinary', 'relief', relieved, 3], ['hub/ordinary', 'reported', null, 2],
    ].sort())
    expect((given['stale'] as { pool: string }[]).map(({ pool }) => pool)).toEqual(['dist/ordinary'])
    expect((given['calls'] as { pool: string; waiting: number }[]).map(({ pool, waiting: count }) => [pool, count])).toEqual([['dist/ordinary', 2], ['other/ordinary', 2]])
    // What happens afterwards changes nothing of it.
    await desk.steps(waiting, 'dispatch')
    const { version: _v, ...still } = out(await desk.say(`/handovers/${given.id}`, 'reader'))
    const { version: _w, ...then } = given
    expect(still).toEqual(then)
    const page = (await desk.say(`/handovers/${given.id}/print`, 'reader')).text
    for (const words of ['交接班记录', 'Shift handover record', '在途逾期未到', '&lt;b&gt;the ward calls back', 'a tyre was changed', out1, '名hub 普通床', 'the dist', '普通型']) expect(page).toContain(words)
    expect(page).not.toMatch(/<script|<style|style=|src=|href=|<b>the/)
    await desk.close()
  })

  test('another takes it over, once; until then it rings', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; since: string; handover: string | null; order: string | null; toPost: string | null }[] }).rings
    expect([...codeOf(await desk.post('/handovers', { toPost: 'night-desk' }, 'night-desk'))]).toEqual([403, 'ownHandover'])
    expect([...codeOf(await desk.post('/handovers', { toPost: 'NIGHT-desk' }, 'night-desk'))]).toEqual([403, 'ownHandover'])
    expect(codeOf(await desk.post('/handovers', { toPost: '白班' }, 'night-desk'))).toEqual([400, 'invalidInput'])
    const { id } = out(await desk.post('/handovers', { toPost: 'day-desk' }, 'night-desk'))
    desk.clock.forward(29 * MINUTE)
    expect(await rings()).toEqual([])
    desk.clock.forward(2 * MINUTE)
    expect(await rings()).toEqual([expect.objectContaining({ kind: 'notTakenOver', since: '2020-01-30T00:30:00+08:00', handover: id, order: null, toPost: 'day-desk' })])
    const take = (by: string, headers = {}) => desk.say(`/handovers/${id}/take-over`, by, { method: 'POST', headers })
    expect(codeOf(await take('Night-Desk'))).toEqual([403, 'ownHandover'])
    const own = await take('night-desk')
    expect([...codeOf(own), detailOf(own)]).toEqual([403, 'ownHandover', 'night-desk gave this shift; somebody else takes it over'])
    expect(codeOf(await take('day-desk', { 'if-match': '"2"' }))).toEqual([412, 'changedMeanwhile'])
    const taken = await take('day-desk', { 'if-match': '"1"' })
    expect(taken.json).toMatchObject({ version: 2, takenAt: '2020-01-30T00:31:00+08:00', takenBy: 'day-desk' })
    const second = await take('other-desk')
    expect([...codeOf(second), detailOf(second)]).toEqual([409, 'stepOutOfOrder', 'the shift was taken over by day-desk at 2020-01-30T00:31:00+08:00'])
    expect(await rings()).toEqual([])
    expect(codeOf(await desk.post('/handovers/none/take-over', {}))).toEqual([404, 'notFound'])
    const next = out(await desk.post('/handovers', { toPost: 'evening-desk', exceptions: [{ text: 'one' }] }, 'day-desk')).id
    const list = async (query: string) => ((await desk.say(`/handovers?${query}`, 'reader')).json as { items: { id: string; exceptions: number }[]; next: string | null })
    expect((await list('')).items.map((row) => [row.id, row.exceptions])).toEqual([[next, 1], [id, 0]])
    expect([(await list('taken=true')).items.length, (await list('taken=false')).items[0]?.id]).toEqual([1, next])
    const page = await list('limit=1')
    expect((await list(`cursor=${page.next}`)).items.map((row) => row.id)).toEqual([id])
    await desk.close()
  })

  test('rings from the very end of its half hour on, and what has rung longest comes first', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; since: string; handover: string | null }[] }).rings.map(({ kind, since, handover }) => [since.slice(11, 16), kind, handover])
    const given = async (toPost: string, body = {}) => out(await desk.post('/handovers', { toPost, ...body }, 'night-desk')).id
    const { orders: [order = ''] } = await desk.approved()
    const whole = await given('day-desk')
    desk.clock.forward(5 * MINUTE)
    expect(codeOf(await desk.step(order, 'ask-relief', { reason: 'noOxygen' }))).toEqual([200, undefined])
    desk.clock.forward(5 * MINUTE)
    const ofOther = await given('ward-desk', { place: 'other' })
    desk.clock.forward(20 * MINUTE - 1)
    expect(await rings()).toEqual([])
    desk.clock.forward(1)
    expect(await rings()).toEqual([['00:30', 'notTakenOver', whole]])
    desk.clock.forward(10 * MINUTE)
    expect(await rings()).toEqual([['00:30', 'notTakenOver', whole], ['00:35', 'reliefUndecided', null], ['00:40', 'notTakenOver', ofOther]])
    await desk.close()
  })

  test('of two who take it over at once one does, and the other is told who', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(CITY))
    const { id } = out(await desk.post('/handovers', { toPost: 'day-desk' }, 'night-desk'))
    const taking = (by: string) => desk.say(`/handovers/${id}/take-over`, by, { method: 'POST' })
    const said = await Promise.all(['day-desk', 'evening-desk'].map(taking))
    const [won, lost] = said[0]?.status === 200 ? [said[0], said[1]] : [said[1], said[0]]
    expect([won?.status, lost?.status]).toEqual([200, 409])
    expect(lost === undefined ? '' : detailOf(lost)).toContain(`taken over by ${String(won === undefined ? '' : out(won)['takenBy'])} at`)
    // In one transaction with what it refuses nothing is written.
    const act = { tx: null as never, at: desk.clock.now(), newId: desk.clock.newId }
    await expect(database.inTransaction((tx) => takeOver(actOf({ ...act, tx }, 'somebody'), id))).rejects.toMatchObject({ refusal: { code: 'stepOutOfOrder' } })
    await desk.close()
  })

  test('whoever looks after one place hands over its shift, and sees no other', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(CITY))
    const { orders } = await desk.approved()
    const scoped = await serving(database, { clock: desk.clock, identify })
    const say = (path: string, post: string, body?: object) => desk.sayAt(scoped.address, path, post, body === undefined ? {} : { method: 'POST', body })
    const nowhere = await say('/handovers', 'beds-hub', { toPost: 'more-hub' })
    expect([...codeOf(nowhere), detailOf(nowhere)]).toEqual([403, 'forbidden', 'the city’s shift is for a post of the whole city; name your place (place)'])
    expect(codeOf(await say('/handovers', 'beds-hub', { place: 'other', toPost: 'more-hub' }))).toEqual([403, 'forbidden'])
    expect(codeOf(await say('/handovers', 'desk', { place: 'nowhere', toPost: 'more-hub' }))).toEqual([422, 'unknownReference'])
    const own = out(await say('/handovers', 'beds-hub', { place: 'hub', toPost: 'more-hub' }))
    expect([own.orders.map(({ order }) => order), own['plan'], own['drafts']]).toEqual([orders, null, []])
    expect(new Set((own['promises'] as { pool: string }[]).map(({ pool }) => pool))).toEqual(new Set(['hub/ordinary']))
    // Whoever has an order waits for nobody's figures.
    expect((await desk.step(orders[0] ?? '', 'cancel', { note: 'the vehicle broke down' })).status).toBe(200)
    const other = out(await say('/handovers', 'beds-other', { place: 'other', toPost: 'more-other' }))
    expect([other.orders, (other['calls'] as { pool: string }[]).map(({ pool }) => pool)]).toEqual([[], ['other/ordinary']])
    const whole = out(await say('/handovers', 'desk', { toPost: 'day-desk' }))
    const seen = async (post: string) => ((await say('/handovers', post)).json as { items: { id: string }[] }).items.map(({ id }) => id).sort()
    expect([await seen('beds-hub'), await seen('beds-other'), await seen('desk')]).toEqual([[own.id], [other.id], [own.id, other.id, whole.id].sort()])
    // The supplies group of the city reads what is open of its orders and requests; that of one place does not read who lies there.
    expect(await seen('goods-city')).toEqual([own.id, other.id, whole.id].sort())
    for (const path of ['', `/${own.id}`, `/${own.id}/print`]) {
      expect([path, (await say(`/handovers${path}`, 'goods-city')).status, (await say(`/handovers${path}`, 'goods-hub')).status]).toEqual([path, 200, 403])
    }
    expect(codeOf(await say('/handovers', 'goods-city', { toPost: 'day-desk' }))).toEqual([403, 'forbidden'])
    for (const path of ['', '/print']) {
      const statuses = await Promise.all([own, other, whole].map(async ({ id }) => (await say(`/handovers/${id}${path}`, 'beds-hub')).status))
      expect([path, statuses]).toEqual([path, [200, 404, 404]])
    }
    const taken = await Promise.all([other, whole].map(async ({ id }) => (await say(`/handovers/${id}/take-over`, 'more-hub', {})).status))
    expect([taken, (await say(`/handovers/${own.id}/take-over`, 'more-hub', {})).status]).toEqual([[404, 404], 200])
    expect(scoped.bugs).toEqual([])
    await scoped.close()
    await desk.close()
  })

  test('however much stock is promised, every bed that is promised is handed over', async () => {
    const database = await open()
    const desk = await Desk.open(database, city({ ...CITY, pools: { ...CITY.pools, 'other/ordinary': { staffed: 9, held: 4 } } }))
    // Books of lots stand between those of the two places.
    await database.inTransaction((tx) => tx.execute(sql`insert into ${account} values ('lot a', 'at hub', false, true, 9999, 0)`))
    await database.inTransaction((tx) => tx.execute(sql`insert into ${hold} (id, book, account, quantity, purpose, state, made_at, made_by)
      select 'of stock ' || n, 'lot a', 'at hub', 1, 'M/' || n, 'open', now(), 'somebody' from generate_series(1, 2001) as n`))
    const { promises } = (await desk.post('/handovers', { toPost: 'day-desk' }, 'night-desk')).json as { promises: { pool: string; beds: number }[] }
    expect(promises.map(({ pool, beds }) => [pool, beds]).sort()).toEqual([['hub/ordinary', 2], ['other/ordinary', 4]])
    await desk.served.close()
  })

  test('on a day of which nothing can be planned nobody says whose figures are old', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    desk.clock.forward(60 * 24 * HOUR)
    const said = out(await desk.post('/handovers', { toPost: 'day-desk' }, 'night-desk'))
    expect([said['calls'], said['stale']]).toEqual([null, null])
    expect((await desk.say(`/handovers/${said.id}/print`, 'reader')).text).toContain('现有数据排不出方案')
    await desk.close()
  })
})
