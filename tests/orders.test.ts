import { afterAll, expect, test } from 'vitest'
import { type Act, actOf } from '../src/db/act.js'
import { keepOrders } from '../src/dispatch/clockwork.js'
import { accept, dispatch } from '../src/dispatch/orderCommands.js'
import type { TransferOrder } from '../src/dispatch/store.js'
import type { Principal } from '../src/kernel/roles.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import { serving, StandingClock } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
/** One waits in the district; two hubs have a bed or two. */
const ONE = {
  cases: people(1, { waitingSince: '2020-01-29T20:00:00+08:00' }), places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' } }, travel: { 'dist→other': 50 },
  pools: { 'hub/ordinary': { staffed: 2 }, 'other/ordinary': { staffed: 1 }, 'dist/ordinary': {} }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
const codeOf = (said: { status: number; json: unknown }) => [said.status, (said.json as { code?: string }).code]
const OFF_PLAN = { patient: 'south-1', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: '2020-01-30T06:00:00+08:00' }

eachDatabase((_, open) => {
  test('relief upheld lowers the beds, and the next plan respects it until it is lifted', async () => {
    const desk = await Desk.open(await open(), city({ ...ONE, cases: people(2) }))
    const { orders, plan } = await desk.approved()
    expect(plan.moves.map(({ pool }) => pool)).toEqual(['hub/ordinary', 'hub/ordinary'])
    const [first = '', second = ''] = orders
    expect(codeOf(await desk.step(first, 'uphold'))).toEqual([409, 'stepOutOfOrder'])
    expect(codeOf(await desk.step(first, 'ask-relief', { reason: 'noOxygen', beds: 1 }))).toEqual([200, undefined])
    expect(codeOf(await desk.step(first, 'dispatch'))).toEqual([409, 'stepOutOfOrder'])
    expect(codeOf(await desk.step(first, 'uphold'))).toEqual([200, undefined])
    expect((await desk.order(first)).state).toBe('relieved')
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 2, held: 2 })
    const next = await desk.draft()
    expect(next.plan.moves.filter(({ order }) => order === null).map(({ pool }) => pool)).toEqual(['other/ordinary'])
    const reliefs = (await desk.say('/reliefs?open=true', 'reader')).json as { items: object[] }
    expect(reliefs.items).toEqual([expect.objectContaining({ order: first, pool: 'hub/ordinary', beds: 1, reason: 'noOxygen' })])
    expect(codeOf(await desk.step(first, 'lift-relief'))).toEqual([200, undefined])
    expect(codeOf(await desk.step(first, 'lift-relief'))).toEqual([409, 'stepOutOfOrder'])
    expect((await desk.draft()).plan.moves.filter(({ order }) => order === null).map(({ pool }) => pool)).toEqual(['hub/ordinary'])
    // Overruled, the other order stands as accepted; and whoever asks too late is told until when one could.
    await desk.step(second, 'ask-relief', { reason: 'noStaff' })
    expect(codeOf(await desk.step(second, 'overrule'))).toEqual([200, undefined])
    expect((await desk.order(second)).state).toBe('accepted')
    desk.clock.forward(HOUR)
    expect(codeOf(await desk.step(second, 'ask-relief', { reason: 'noStaff' }))).toEqual([409, 'tooLate'])
    await desk.close()
  })

  test('silence is consent, and what does not leave in time expires once; on the road nothing does', async () => {
    const database = await open()
    const desk = await Desk.open(database, city({ ...ONE, cases: people(2) }))
    const [late = '', out = ''] = (await desk.approved()).orders
    desk.clock.forward(HOUR)
    expect((await desk.order(late)).state).toBe('accepted')
    await desk.steps(out, 'dispatch')
    expect((await desk.order(out)).deadline).toBe(null)
    desk.clock.forward(23 * HOUR)
    expect((await desk.order(late)).state).toBe('expired')
    expect(await keepOrders(database, desk.clock)).toBe(1)
    expect(await keepOrders(database, desk.clock)).toBe(0)
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 2, held: 1 })
    const steps = (await desk.say(`/transfer-orders/${late}/events`, 'reader')).json as { items: { step: string; at: string; recordedBy: string }[] }
    expect(steps.items.map(({ step, recordedBy }) => [step, recordedBy])).toEqual([['issue', 'group'], ['consent', 'clock'], ['expire', 'clock']])
    expect(steps.items[1]?.at).toBe('2020-01-30T00:30:00+08:00')
    const refused = await desk.step(late, 'dispatch')
    expect([refused.status, refused.json]).toEqual([409, expect.objectContaining({
      code: 'stepOutOfOrder', detail: expect.stringMatching(/^order 2020-01-30-0001 is expired since 2020-01-30T\d\d:\d\d:00\+08:00, by clock, so one cannot dispatch; no step is left$/),
    })])
    const { rings } = (await desk.say('/overdue', 'reader')).json as { rings: object[] }
    expect(rings).toEqual([expect.objectContaining({ order: out, kind: 'notArrived' })])
    await desk.close()
  })

  test('diverted before it leaves and on the way: the new bed is held before the old one is given up', async () => {
    const desk = await Desk.open(await open(), city(ONE))
    const [order = ''] = (await desk.approved()).orders
    await desk.steps(order, 'accept')
    expect(codeOf(await desk.step(order, 'divert', { pool: 'hub/ordinary', note: 'the same' }))).toEqual([400, 'invalidInput'])
    expect(codeOf(await desk.step(order, 'divert', { pool: 'dist/ordinary', note: 'stays where they are' }))).toEqual([200, undefined])
    expect(codeOf(await desk.step(order, 'divert', { pool: 'other/ordinary', note: 'without a vehicle' }))).toEqual([409, 'breaksMust'])
    const leaving = { vehicle: 'van', leavesBase: '2020-01-30T06:00:00+08:00' }
    expect(codeOf(await desk.step(order, 'divert', { pool: 'other/ordinary', note: 'nearer', ...leaving }))).toEqual([200, undefined])
    expect(await desk.order(order)).toEqual(expect.objectContaining({ state: 'issued', pool: 'other/ordinary', toPlace: 'other' }))
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 2, held: 0 })
    expect(await desk.account('other/ordinary', 'free')).toEqual({ balance: 1, held: 1 })
    await desk.steps(order, 'accept', 'dispatch')
    expect(codeOf(await desk.step(order, 'cancel', { note: 'no' }))).toEqual([409, 'stepOutOfOrder'])
    await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 2, occupied: 2 } })
    const full = await desk.step(order, 'divert', { pool: 'hub/ordinary', note: 'the other place burns' })
    expect(codeOf(full)).toEqual([409, 'breaksMust'])
    await desk.say('/pools/hub%2Fordinary/report', 'hub', { method: 'PUT', body: { staffed: 2, occupied: 1 } })
    expect(codeOf(await desk.step(order, 'divert', { pool: 'hub/ordinary', note: 'the other place burns' }))).toEqual([200, undefined])
    expect(await desk.account('other/ordinary', 'free')).toEqual({ balance: 1, held: 0 })
    // A census speaks for whoever came until then.
    desk.clock.forward(HOUR)
    await desk.steps(order, 'arrive')
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 0, held: 0 })
    // Each place that they did not come to hears of it.
    const { items } = (await desk.say('/journal?action=order.divertedAway', 'auditor')).json as { items: { kind: string; subject: string }[] }
    expect(items.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(['pools other/ordinary', 'pools dist/ordinary', 'pools hub/ordinary'])
    await desk.close()
  })

  test('worse on the way is put down; a death ends the stay and frees the bed', async () => {
    const desk = await Desk.open(await open(), city({ ...ONE, cases: people(2) }))
    const [order = '', other = ''] = (await desk.approved()).orders
    await desk.steps(order, 'accept', 'dispatch')
    expect(codeOf(await desk.step(order, 'worsen', { severity: 'critical' }))).toEqual([200, undefined])
    const { patient } = await desk.order(order)
    expect((await desk.say(`/cases/${patient}`, 'reader')).json).toEqual(expect.objectContaining({ severity: 'critical' }))
    expect(codeOf(await desk.step(order, 'die', { note: 'nothing helped' }))).toEqual([200, undefined])
    const stays = (await desk.say(`/stays?case=${patient}`, 'reader')).json as { items: { ending: string }[] }
    expect(stays.items.map(({ ending }) => ending)).toEqual(['died'])
    expect(codeOf(await desk.step(other, 'unwilling', { note: 'the family signed' }))).toEqual([200, undefined])
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 2, held: 0 })
    await desk.close()
  })

  test('outside any plan: the same musts, one live order a person, paper after', async () => {
    const desk = await Desk.open(await open(), city(ONE))
    const issue = (change: object, post = 'group') => desk.post('/transfer-orders', { ...OFF_PLAN, ...change }, post)
    const walks = await issue({ vehicle: null })
    expect([walks.status, walks.json]).toEqual([409, expect.objectContaining({
      code: 'breaksMust', errors: [{ pointer: 'vehicleMinutes/south-1', detail: 'no vehicle is named: say which one goes (vehicle)' }],
    })])
    expect(codeOf(await issue({ pool: 'nowhere' }))).toEqual([400, 'invalidInput'])
    expect(codeOf(await issue({ patient: 'nobody' }))).toEqual([400, 'invalidInput'])
    const phone = { calledPost: 'desk', answeredPost: 'group', at: desk.scenario.asOf }
    const issued = await issue({ phone }, 'desk')
    expect([issued.status, issued.json]).toEqual([201, expect.objectContaining({ id: '2020-01-30-0001', vehicle: 'van', crew: 'van/1', state: 'issued' })])
    const again = await issue({})
    expect([again.status, again.json]).toEqual([409, expect.objectContaining({ code: 'alreadyExists', detail: 'order 2020-01-30-0001 stands for south-1, issued by desk at 2020-01-30T00:00:00+08:00' })])
    expect(codeOf(await desk.step('2020-01-30-0001', 'confirm', {}, 'desk'))).toEqual([403, 'ownPlan'])
    expect(codeOf(await desk.step('2020-01-30-0001', 'confirm', {}, 'group'))).toEqual([200, undefined])
    expect((await desk.step('2020-01-30-0001', 'confirm', {}, 'commander')).json).toMatchObject({ code: 'tooLate', detail: 'the order has its paper already, by group at 2020-01-30T00:00:00+08:00' })
    expect(((await desk.say('/vehicle-board', 'reader')).json as { rides: object[] }).rides).toEqual([expect.objectContaining({
      vehicle: 'van', crew: 'van/1', orders: [{ id: '2020-01-30-0001', state: 'issued', patient: 'south-1', toPlace: 'hub', outside: null }],
    })])
    // The ambulance is out then: the next plan does not count on it.
    const { plan } = await desk.draft()
    expect(plan.moves).toEqual([expect.objectContaining({ patient: 'south-1', order: '2020-01-30-0001' })])
    await desk.steps('2020-01-30-0001', 'accept')
    desk.clock.forward(7 * HOUR)
    await desk.steps('2020-01-30-0001', 'dispatch')
    desk.clock.forward(HOUR)
    await desk.steps('2020-01-30-0001', 'arrive')
    const { rows } = (await desk.say('/transfer-clocks', 'reader')).json as { rows: object[] }
    expect(rows).toEqual([
      { severity: 'ordinary', stretch: 'requestToApproval', orders: 1, median: 240, worst: 240 },
      { severity: 'ordinary', stretch: 'approvalToDispatch', orders: 1, median: 420, worst: 420 },
      { severity: 'ordinary', stretch: 'dispatchToHandover', orders: 1, median: 60, worst: 60 },
    ])
    await desk.close()
  })

  test('what a scenario brought gives no times: nobody knows when it was issued or left', async () => {
    const orders = { 'O-1': { patient: 'south-1', pool: 'hub/ordinary', state: 'dispatched', vehicle: 'van', departs: '2020-01-29T23:50:00+08:00', returns: '2020-01-30T03:00:00+08:00' }, 'O-2': { patient: 'south-2', pool: 'hub/ordinary' } } as const
    const desk = await Desk.open(await open(), city({ ...ONE, cases: people(2, { waitingSince: '2020-01-29T20:00:00+08:00' }), orders }))
    const rows = async () => ((await desk.say('/transfer-clocks', 'reader')).json as { rows: object[] }).rows
    expect(await rows()).toEqual([])
    desk.clock.forward(HOUR)
    await desk.steps('O-1', 'arrive')
    expect(await rows()).toEqual([])
    await desk.close()
  })

  test('an order that a scenario brought rings when it has not left half an hour after it was to, and is handed over so', async () => {
    const orders = { 'O-1': { patient: 'south-1', pool: 'hub/ordinary', vehicle: 'van', departs: '2020-01-30T02:00:00+08:00', returns: '2020-01-30T05:00:00+08:00' } } as const
    const desk = await Desk.open(await open(), city({ ...ONE, orders }))
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; order: string; since: string }[] }).rings.map(({ kind, order, since }) => [kind, order, since])
    desk.clock.forward(2.5 * HOUR - 1)
    expect(await rings()).toEqual([])
    desk.clock.forward(1)
    const since = '2020-01-30T02:30:00+08:00'
    expect(await rings()).toEqual([['notDispatched', 'O-1', since]])
    const shift = (await desk.post('/handovers', { toPost: 'night' }, 'desk')).json as { id: string; orders: object[] }
    expect(shift.orders).toEqual([expect.objectContaining({ order: 'O-1', rings: [{ kind: 'notDispatched', since }] })])
    expect((await desk.say(`/handovers/${shift.id}/print`, 'reader')).text).toContain('逾期未出车')
    await desk.steps('O-1', 'accept', 'dispatch')
    expect(await rings()).toEqual([])
    await desk.close()
  })

  test('the bed of an order whose patient has gone home is given to nobody else while the order stands', async () => {
    const desk = await Desk.open(await open(), city({ cases: people(2), pools: { 'hub/ordinary': { staffed: 1 }, 'dist/ordinary': {} } }))
    const { plan: { moves: [{ patient = '' } = {}, ...more] }, orders: [order = ''] } = await desk.approved()
    expect(more).toEqual([])
    const { items: [stay] } = (await desk.say(`/stays?case=${patient}`, 'reader')).json as { items: { id: string }[] }
    expect(codeOf(await desk.post(`/stays/${stay?.id}/end`, { ending: 'discharged' }))).toEqual([200, undefined])
    const pictured = async () => {
      const { orders, pools } = (await desk.say('/scenario', 'reader')).json as { orders: object; pools: Record<string, { held: number }> }
      return [Object.keys(orders), pools['hub/ordinary']?.held]
    }
    expect([await pictured(), (await desk.draft()).plan.moves]).toEqual([[[], 1], []])
    expect(codeOf(await desk.step(order, 'cancel', { note: 'they went home' }))).toEqual([200, undefined])
    expect([await pictured(), (await desk.draft()).plan.moves.map(({ pool }) => pool)]).toEqual([[[], 0], ['hub/ordinary']])
    await desk.close()
  })

  test('a step is recorded after the one before it, also by a machine whose clock is behind', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(ONE))
    const [order = ''] = (await desk.approved()).orders
    const behind = await serving(database, { clock: new StandingClock(desk.clock.now()) })
    desk.clock.forward(HOUR / 6)
    await desk.steps(order, 'accept')
    const said = await desk.sayAt(behind.address, `/transfer-orders/${order}/cancel`, 'desk', { method: 'POST', body: { note: 'no' } })
    expect(codeOf(said)).toEqual([200, undefined])
    const { items } = (await desk.say(`/transfer-orders/${order}/events`, 'reader')).json as { items: { step: string; at: string; recordedAt: string }[] }
    const [issued, then] = ['2020-01-30T00:00:00+08:00', '2020-01-30T00:10:00+08:00']
    expect(items.map(({ step, at, recordedAt }) => [step, at, recordedAt])).toEqual([['issue', issued, issued], ['accept', then, then], ['cancel', then, then]])
    expect(behind.bugs).toEqual([])
    await behind.close()
    await desk.close()
  })

  test('whoever has no part in a step is refused, whatever state the order is in', async () => {
    const database = await open()
    const desk = await Desk.open(database, city(ONE))
    const [order = ''] = (await desk.approved()).orders
    const at = (place: string): Principal => ({ id: `beds-${place}`, grants: [{ role: 'bedManager', isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }] })
    const acting = (who: Principal, work: (act: Act) => Promise<TransferOrder>) => database.inTransaction(async (tx) =>
      (await work({ ...actOf({ tx, at: desk.clock.now(), newId: desk.clock.newId }, who.id), who })).state)
    await expect(acting(at('dist'), (act) => accept(act, order, {}))).rejects.toMatchObject({ refusal: { code: 'forbidden' } })
    await expect(acting(at('other'), (act) => accept(act, order, {}))).rejects.toMatchObject({ refusal: { code: 'forbidden' } })
    expect(await acting(at('hub'), (act) => accept(act, order, {}))).toBe('accepted')
    await expect(acting(at('hub'), (act) => dispatch(act, order, {}))).rejects.toMatchObject({ refusal: { code: 'forbidden' } })
    expect(await acting(at('dist'), (act) => dispatch(act, order, {}))).toBe('dispatched')
    await desk.close()
  })

  test('a stale If-Match, a repeated key, a time that runs backwards, and the form', async () => {
    const desk = await Desk.open(await open(), city(ONE))
    const [order = ''] = (await desk.approved()).orders
    const say = (name: string, asked: object) => desk.say(`/transfer-orders/${order}/${name}`, 'desk', { method: 'POST', body: {}, ...asked })
    const stale = await say('accept', { headers: { 'if-match': '"7"', 'accept-language': 'en' } })
    expect([...codeOf(stale), (stale.json as { detail: string }).detail]).toEqual([412, 'changedMeanwhile', expect.stringMatching(/^version 1 stands now, put down by \S+ at 2020-01-30T00:00:00\+08:00; /)])
    const once = await say('accept', { headers: { 'if-match': '"1"' }, key: 'the-same-key' })
    const twice = await say('accept', { headers: { 'if-match': '"1"' }, key: 'the-same-key' })
    expect([once.status, twice.text, twice.headers.get('idempotency-replayed')]).toEqual([200, once.text, 'true'])
    expect(codeOf(await say('dispatch', { body: { at: '2020-01-29T23:00:00+08:00' } }))).toEqual([422, 'wrongTime'])
    expect(codeOf(await say('dispatch', { body: { vehicle: 'none' } }))).toEqual([400, 'invalidInput'])
    await desk.steps(order, 'dispatch')
    expect(codeOf(await say('arrive', { body: { handover: { ...desk.handover(), condition: '<b>&' } } }))).toEqual([200, undefined])
    const form = await desk.say(`/transfer-orders/${order}/form`, 'reader')
    expect(form.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(form.text).toContain('病例转运交接单')
    expect(form.text).toContain('&lt;b&gt;&amp;')
    expect(form.text).not.toMatch(/<script|<style|style=|src=|href=/)
    expect(codeOf(await desk.say('/transfer-orders/none/form', 'reader'))).toEqual([404, 'notFound'])
    await desk.close()
  })
})
