import { afterAll, expect, test } from 'vitest'
import { DAY_NOTES } from '../src/app/dayNotes.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SINCE = '2020-01-29T20:00:00+08:00'
const CITY = {
  cases: people(6, { waitingSince: SINCE }), pools: { 'hub/ordinary': { staffed: 9 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch

interface RingOut {
  readonly kind: string
  readonly since: string
  readonly order: string | null
  readonly plan: string | null
  readonly patient: string | null
  readonly severity: string | null
  readonly place: string | null
  readonly by: string | null
  readonly note: string | null
}
const ringsOf = async (desk: Desk, post = 'reader') => ((await desk.say('/overdue', post)).json as { rings: RingOut[] }).rings
const ends = ({ kind, patient, order, plan, since, by, note }: RingOut) => [kind, patient, order ?? plan, since, by, note]

eachDatabase((_, open) => {
  test('whoever fell out of the plans rings and is handed over: by whom, when and with what word, until there is another order', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const drafted = await desk.draft()
    const [struck = '', ...others] = drafted.plan.moves.map(({ patient }) => patient)
    expect(others.length).toBe(5)
    const approved = await desk.post(`/plan-runs/${drafted.run}/approve`, { strike: [{ patient: struck, reason: 'fever, look again at noon' }] })
    const { orders: [cancelled = '', unwilling = '', relieved = '', expiring = '', out = ''] } = approved.json as { orders: string[] }
    const whose = new Map(await Promise.all([cancelled, unwilling, relieved, expiring].map(async (id) => [id, (await desk.order(id)).patient] as const)))
    expect(await ringsOf(desk)).toEqual([expect.objectContaining({ kind: 'lineStruck', patient: struck, order: null, place: 'dist', severity: 'ordinary' })])
    desk.clock.forward(MINUTE)
    await desk.steps(out, 'accept', 'dispatch')
    expect((await desk.step(cancelled, 'cancel', { note: 'the vehicle broke down' })).status).toBe(200)
    expect((await desk.step(unwilling, 'unwilling', { note: 'the family asks for a day' }, 'ward')).status).toBe(200)
    expect((await desk.step(relieved, 'ask-relief', { reason: 'noOxygen' })).status).toBe(200)
    expect((await desk.step(relieved, 'uphold', { note: 'until the tank is filled' })).status).toBe(200)
    const { deadline } = await desk.order(expiring)
    desk.clock.forward(new Date(deadline ?? '').getTime() - desk.clock.now().getTime() - 30 * MINUTE - 1)
    const fell = [
      ['lineStruck', struck, drafted.run, at('00:00'), 'group', 'fever, look again at noon'],
      ['orderCancelled', whose.get(cancelled), cancelled, at('00:01'), 'desk', 'the vehicle broke down'],
      ['patientUnwilling', whose.get(unwilling), unwilling, at('00:01'), 'ward', 'the family asks for a day'],
      ['reliefUpheld', whose.get(relieved), relieved, at('00:01'), 'desk', 'until the tank is filled'],
    ]
    const fallen = async () => (await ringsOf(desk)).filter(({ order }) => order !== out).map(ends)
    const late = ['notDispatched', whose.get(expiring), expiring, expect.any(String), null, null]
    expect((await fallen()).sort()).toEqual([...fell, late].sort())
    // Half an hour before it expires somebody can still let the vehicle leave.
    desk.clock.forward(1)
    const soon = (await ringsOf(desk)).filter(({ order }) => order === expiring)
    expect(soon.map(({ kind, since, patient }) => [kind, since, patient])).toEqual([['expiresSoon', expect.any(String), whose.get(expiring)]])
    desk.clock.forward(30 * MINUTE)
    const expired = ['orderExpired', whose.get(expiring), expiring, deadline, 'clock', null]
    expect((await fallen()).sort()).toEqual([...fell, expired].sort())
    const shift = (await desk.post('/handovers', { toPost: 'night' })).json as { id: string; orders: { order: string }[]; fallenOut: RingOut[] }
    expect(shift.orders.map(({ order }) => order)).toEqual([out])
    expect(shift.fallenOut.map(ends).sort()).toEqual([...fell, expired].sort())
    const page = (await desk.say(`/handovers/${shift.id}/print`, 'reader')).text
    for (const words of ['the vehicle broke down', '指令已过期', 'struck when a plan was approved', struck]) expect(page).toContain(words)
    // Whatever stands in the store when somebody writes down what the clock has said, it rings alike.
    const other = (await desk.order(out)).vehicle === 'van' ? 'car' : 'van'
    const next = await desk.post('/transfer-orders', { patient: whose.get(cancelled), pool: 'hub/ordinary', reason: 'worsened', vehicle: other, leavesBase: at('20:00') })
    expect([next.status, next.status === 201 ? '' : next.text]).toEqual([201, ''])
    expect((await desk.order(expiring)).state).toBe('expired')
    expect((await fallen()).sort()).toEqual([...fell.filter(([kind]) => kind !== 'orderCancelled'), expired].sort())
    await desk.close()
  })

  test('who was turned back on the way rings from then on, and is handed over', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const { orders: [id = ''] } = await desk.approved()
    desk.clock.forward(MINUTE)
    await desk.steps(id, 'accept', 'dispatch')
    const { patient } = await desk.order(id)
    const about = async () => (await ringsOf(desk)).filter((ring) => ring.patient === patient).map(ends)
    expect(await about()).toEqual([])
    desk.clock.forward(6 * MINUTE)
    expect((await desk.step(id, 'turn-back', { reason: 'roadClosed', note: 'a slide on the road' })).status).toBe(200)
    expect(await about()).toEqual([['turnedBack', patient, id, at('00:07'), 'desk', 'a slide on the road']])
    const shift = (await desk.post('/handovers', { toPost: 'night' })).json as { fallenOut: RingOut[] }
    expect(shift.fallenOut.map(ends)).toEqual([['turnedBack', patient, id, at('00:07'), 'desk', 'a slide on the road']])
    expect([DAY_NOTES['fallenOut']?.zh, DAY_NOTES['fallenOut']?.en]).toEqual([expect.stringContaining('折返'), expect.stringContaining('turned back')])
    await desk.close()
  })

  test('the gravest ill stand first, however long the others have rung; whoever asks no more, or asks elsewhere, rings no more', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const { orders } = await desk.approved()
    const patients: string[] = []
    for (const id of orders) patients.push((await desk.order(id)).patient)
    const [first = '', second = '', third = ''] = patients
    for (const id of orders.slice(0, 3)) {
      desk.clock.forward(MINUTE)
      expect((await desk.step(id, 'cancel', { note: 'no' })).status).toBe(200)
    }
    const order = async () => (await ringsOf(desk)).map(({ patient, severity }) => [patient, severity])
    expect(await order()).toEqual([[first, 'ordinary'], [second, 'ordinary'], [third, 'ordinary']])
    for (const [id, severity] of [[second, 'severe'], [third, 'critical']] as const) {
      expect((await desk.post(`/cases/${id}/severity`, { severity, source: 'ward round' })).status).toBe(200)
    }
    expect(await order()).toEqual([[third, 'critical'], [second, 'severe'], [first, 'ordinary']])
    const shift = (await desk.post('/handovers', { toPost: 'night' })).json as { fallenOut: { patient: string }[] }
    expect(shift.fallenOut.map(({ patient }) => patient)).toEqual([third, second, first])
    expect((await desk.post(`/cases/${third}/withdraw-request`, {})).status).toBe(200)
    const stays = (await desk.say(`/stays?case=${second}&open=true`, 'reader')).json as { items: { id: string; version: number }[] }
    const [stay] = stays.items
    const moved = await desk.say(`/stays/${stay?.id}/move`, 'desk', { method: 'POST', body: { place: 'hub', pool: 'hub/ordinary' }, headers: { 'if-match': `"${stay?.version}"` } })
    expect([moved.status, moved.status < 300 ? '' : moved.text]).toEqual([moved.status, ''])
    expect(await order()).toEqual([[first, 'ordinary']])
    // Asked anew where they lie now, nothing that was ordered before is what they wait for.
    expect((await desk.post(`/cases/${second}/transfer-request`, {})).status).toBe(200)
    expect(await order()).toEqual([[first, 'ordinary']])
    // Asked anew where they were to be collected, they have waited again since then.
    desk.clock.forward(HOUR)
    expect((await desk.post(`/cases/${third}/transfer-request`, {})).status).toBe(200)
    expect((await ringsOf(desk)).filter(({ patient }) => patient !== null).map(({ patient, since }) => [patient, since])).toEqual([[third, at('01:03')], [first, at('00:01')]])
    await desk.close()
  })
})
