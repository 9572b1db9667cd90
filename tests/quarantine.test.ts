import { afterAll, expect, test } from 'vitest'
import { heardBy } from './support/heard.js'
import type { Change } from '../src/db/changes.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { type AllocationOut, Warehouse } from './allocationFixture.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched } from './support/lockWatch.js'
import { ask } from './support/serving.js'

afterAll(closeSolvers)

const AT = '/allocation-orders'
const HOUR = 3600_000
const lockAt = (lot: string) => `/lots/${encodeURIComponent(lot)}/quarantine`
const WHY = { reason: '外箱浸水，内袋破损' }
interface Lot { readonly version: number; readonly quarantined: boolean; readonly effectiveAt: string; readonly recordedAt: string; readonly recordedBy: string; readonly assumed: readonly string[]; readonly quarantinedAt: string | null; readonly quarantinedBy: string | null; readonly quarantineReason: string | null }
interface Ring { readonly lockedAway: readonly object[] | null; readonly kind: string; readonly allocation: string | null; readonly since: string; readonly toPlace: string | null }

eachDatabase((_, opened) => {
  const wrong: string[] = []
  const open = async () => lockWatched(await opened(), (one) => wrong.push(one))
  /** Ninety masks that came in at the store, of which seventeen lie at `a` by now. */
  const spread = async (house: Warehouse): Promise<string> => {
    const lot = await house.stocked('mask', 90)
    const { id } = await house.done<AllocationOut>(AT, 'group', { kind: 'allocation', from: 'store', to: 'a', reason: 'the ward runs out', lines: [{ item: 'mask', count: 17 }] })
    for (const step of ['ship', 'receive']) await house.done(`${AT}/${id}/${step}`, 'keeper', {})
    return lot
  }

  test('whoever keeps stock where some of a lot lies locks it away for everybody, at once; to lift it is for the city', async () => {
    const house = await Warehouse.open(await open())
    const lot = await spread(house)
    house.clock.forward(2 * HOUR)
    const locked = await house.say(lockAt(lot), 'As supplyOfficer a', { ...WHY, at: '2020-01-30T09:30:00+08:00' })
    expect([locked.status, locked.headers.get('etag'), locked.json]).toEqual([200, '"2"', expect.objectContaining({
      id: lot, version: 2, quarantined: true, place: 'store', effectiveAt: '2020-01-30T09:30:00+08:00', recordedAt: '2020-01-30T10:00:00+08:00', recordedBy: 'supplyOfficer-a',
      quarantinedAt: '2020-01-30T09:30:00+08:00', quarantinedBy: 'supplyOfficer-a', quarantineReason: WHY.reason,
    })])
    const { items: versions } = await house.done<{ items: Lot[] }>(`/lots/${lot}/history`, 'As supplyOfficer store')
    expect(versions.map(({ version, quarantined, recordedBy }) => [version, quarantined, recordedBy])).toEqual([[2, true, 'supplyOfficer-a'], [1, false, 'keeper']])
    const { items: deeds } = await house.done<{ items: { action: string; subject: string; actor: string; details: object }[] }>('/journal', 'auditor')
    expect(deeds.filter(({ action }) => action === 'lot.quarantined').map(({ subject, actor, details }) => [subject, actor, details]))
      .toEqual([[lot, 'supplyOfficer-a', expect.objectContaining({ version: 2, reason: WHY.reason, at: '2020-01-30T09:30:00+08:00' })]])
    // Not only where it was found.
    for (const place of ['a', 'store']) {
      expect((await house.refused('/stock-notes/outs', 'keeper', { place, kind: 'consumption', lines: [{ item: 'mask', lot, count: 1 }] })).slice(0, 3))
        .toEqual([422, 'wrongReference', 'the lot is in quarantine and must not be used; use another one, and leave this to the supplies group or a supply officer of the whole city, who decide on it'])
    }
    const listed = async (which: string) => (await house.done<{ items: { id: string }[] }>(`/lots?quarantined=${which}`, 'As suppliesGroup city')).items.map(({ id }) => id)
    expect([await listed('true'), await listed('false')]).toEqual([[lot], []])
    const again = [409, 'stepOutOfOrder', 'the lot is in quarantine since 2020-01-30T09:30:00+08:00, by supplyOfficer-a (外箱浸水，内袋破损); the city lifts that']
    for (const who of ['As supplyOfficer store', 'As suppliesGroup city', 'As commander city']) expect(await house.refused(lockAt(lot), who, WHY)).toEqual(again)
    // What is changed of it meanwhile does not make it another's deed.
    await house.change(lot, { earmark: 'b', authority: 'earmarkedDonation' })
    expect(await house.refused(lockAt(lot), 'As supplyOfficer store', WHY)).toEqual(again)
    expect((await ask(house.served.address, `/api/lots/${lot}`, { method: 'PUT', body: {}, headers: { authorization: 'As supplyOfficer a' } })).status).toBe(403)
    // Whoever decides to lift it reads there why it is so, and in every version what was known then.
    const told = async (path: string) => (({ quarantinedAt, quarantinedBy, quarantineReason }) => [quarantinedAt, quarantinedBy, quarantineReason])(await house.done<Lot>(path, 'As suppliesGroup city'))
    const why = ['2020-01-30T09:30:00+08:00', 'supplyOfficer-a', WHY.reason]
    const asWere = (rows: readonly Lot[]) => rows.map(({ version, quarantineReason }) => [version, quarantineReason])
    expect(await told(`/lots/${lot}`)).toEqual(why)
    expect(asWere((await house.done<{ items: Lot[] }>('/lots', 'As suppliesGroup city')).items)).toEqual([[3, WHY.reason]])
    expect(asWere((await house.done<{ items: Lot[] }>(`/lots/${lot}/history`, 'As suppliesGroup city')).items)).toEqual([[3, WHY.reason], [2, WHY.reason], [1, null]])
    expect(await told(`/lots/${lot}?asOf=${encodeURIComponent('2020-01-30T09:00:00+08:00')}`)).toEqual([null, null, null])
    await house.change(lot, { quarantined: false, earmark: null, authority: 'city' })
    expect(await told(`/lots/${lot}`)).toEqual([null, null, null])
    await house.change(lot, { quarantined: true })
    expect(await told(`/lots/${lot}`)).toEqual(['2020-01-30T10:00:00+08:00', 'keeper', null])
    expect((await house.refused(lockAt(lot), 'keeper', WHY))[2]).toBe('the lot is in quarantine since 2020-01-30T10:00:00+08:00, by keeper (no reason was given); the city lifts that')
    await house.change(lot, { quarantined: false })
    await house.done('/stock-notes/outs', 'keeper', { place: 'a', kind: 'consumption', lines: [{ item: 'mask', lot, count: 1 }] })
    house.clock.forward(HOUR)
    await house.done(lockAt(lot), 'As commander city', WHY)
    expect((await house.refused(lockAt(lot), 'keeper', WHY))[2]).toBe('the lot is in quarantine since 2020-01-30T11:00:00+08:00, by commander-city (外箱浸水，内袋破损); the city lifts that')
    await house.close()
  })

  test('of a lot of which nothing lies at one’s places nobody learns that it is there', async () => {
    const house = await Warehouse.open(await open())
    const lot = await spread(house)
    const unseen = (id: string) => [404, 'notFound', `there is no lot with the id ${id}`, 'param:/id']
    for (const who of ['As supplyOfficer b', 'As suppliesGroup b', 'As commander b', 'As supplyOfficer city']) expect(await house.refused(lockAt('no-such-lot'), who, WHY)).toEqual(unseen('no-such-lot'))
    for (const who of ['As supplyOfficer b', 'As suppliesGroup b', 'As commander b']) expect(await house.refused(lockAt(lot), who, WHY)).toEqual(unseen(lot))
    for (const role of ['siteManager', 'bedManager', 'planner', 'viewer', 'auditor', 'treatmentGroup', 'transferDesk', 'administrator']) {
      expect([role, (await house.say(lockAt(lot), `As ${role} city`, WHY)).status]).toEqual([role, 403])
    }
    // The seventeen are used up: whoever has seen the lot before no longer locks it away. The city does, wherever it lies.
    await house.done('/stock-notes/outs', 'keeper', { place: 'a', kind: 'damage', note: 'torn', lines: [{ item: 'mask', lot, count: 17 }] })
    expect((await house.say(`/lots/${lot}`, 'As supplyOfficer a')).status).toBe(200)
    expect(await house.refused(lockAt(lot), 'As supplyOfficer a', WHY)).toEqual(unseen(lot))
    const { quarantined, recordedBy } = await house.done<Lot>(lockAt(lot), 'As suppliesGroup store', WHY)
    expect([quarantined, recordedBy]).toEqual([true, 'suppliesGroup-store'])
    const change: Change = { xid: '1', seq: '1', at: house.clock.now(), actor: recordedBy, action: 'lot.quarantined', kind: 'lots', subject: lot }
    const heard = (place: string) => heardBy(house.db, { isCity: false, units: new Set(), places: new Set([place]), homes: new Set() }, [change])
    expect([await heard('store'), await heard('a'), await heard('b')]).toEqual([[change], [change], []])
    await house.close()
  })

  test('what came in elsewhere under the same number is locked away with it, and what comes in of it later', async () => {
    const house = await Warehouse.open(await open())
    const EXPIRES = '2021-01-31'
    const bad = { lot: 'BAD-1', expiresOn: EXPIRES }
    const [here, there] = [await house.stocked('mask', 30, { ...bad, place: 'a' }), await house.stocked('mask', 70, bad)]
    const others = [await house.stocked('mask', 9, { ...bad, expiresOn: '2021-02-28' }), await house.stocked('suit', 9, bad), await house.stocked('mask', 9, { lot: 'GOOD', expiresOn: EXPIRES })]
    const { lines: [nameless] } = await house.done<{ lines: { lot: string }[] }>('/stock-notes/receipts', 'keeper', { place: 'store', party: 'a donor', authority: 'city', released: true, lines: [{ item: 'mask', expiresOn: EXPIRES, count: 9 }] })
    const locked = async () => (await house.done<{ items: { id: string }[] }>('/lots?quarantined=true&limit=50', 'reader')).items.map(({ id }) => id).sort()
    house.clock.forward(HOUR)
    await house.done(lockAt(here), 'As supplyOfficer a', WHY)
    expect(await locked()).toEqual([here, there].sort())
    expect([...others, nameless?.lot].some((lot) => lot === here || lot === there)).toBe(false)
    expect(await house.done<Lot>(`/lots/${there}`, 'As supplyOfficer store')).toMatchObject({ version: 2, quarantinedBy: 'supplyOfficer-a', quarantineReason: WHY.reason })
    const late = await house.stocked('mask', 40, { ...bad, place: 'a' })
    expect(await locked()).toEqual([here, there, late].sort())
    expect((await house.refused(AT, 'group', { kind: 'allocation', from: 'store', to: 'b', reason: 'x', lines: [{ item: 'mask', lot: there, count: 1 }] }))[1]).toBe('wrongReference')
    // The city lifts it lot by lot; until all are let go, what comes in is looked at.
    for (const lot of [here, there]) await house.change(lot, { quarantined: false })
    expect(await locked()).toEqual([late])
    const later = await house.stocked('mask', 5, bad)
    expect([await locked(), later === there]).toEqual([[late, later].sort(), false])
    for (const lot of [late, later]) await house.change(lot, { quarantined: false })
    expect(await house.stocked('mask', 6, { ...bad, place: 'a' })).toBe([here, late].sort()[0])
    await house.close()
  })

  test('what is told must have happened, after what stands, and of the version that was read', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90, { at: '2020-01-30T07:00:00+08:00' })
    const told = (at: string) => house.refused(lockAt(lot), 'As supplyOfficer store', { ...WHY, at })
    expect(await told('2020-01-30T08:00:01+08:00')).toEqual([422, 'wrongTime', '2020-01-30T08:00:01+08:00 has not come yet; it is 2020-01-30T08:00:00+08:00 now'])
    expect(await told('2020-01-30T06:59:00+08:00')).toEqual([422, 'wrongTime', 'it cannot be earlier than what stands of the lot (2020-01-30T07:00:00+08:00); leave at out for now'])
    for (const [body, where] of [[{}, '/reason'], [{ reason: '' }, '/reason'], [{ ...WHY, more: 1 }, '/more']] as const) {
      expect([body, ...(await house.refused(lockAt(lot), 'As supplyOfficer store', body)).filter((_, at) => at !== 2).map((part) => String(part).replace(/:.*/, ''))]).toEqual([body, '400', 'invalidInput', where])
    }
    expect((await house.say(lockAt(lot), 'As supplyOfficer store', WHY, { 'if-match': '"7"' })).status).toBe(412)
    const twice = await Promise.all(['As supplyOfficer store', 'As suppliesGroup city'].map((who) => house.say(lockAt(lot), who, WHY, { 'if-match': '"1"' })))
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 412])
    await house.close()
  })

  test('orders that have not left refuse to ship it and ring from then on; what is on the road is planned with by nobody', async () => {
    const house = await Warehouse.open(await open())
    const put = (path: string, body: object) => house.put(path, { ...body, source: 'tests' })
    await put('/receivers/b', { place: 'b', suppliedBy: null, opensOn: null })
    await put('/sources/store', { place: 'store', keepBackPerMille: 0, litresPerDay: 'notTracked' })
    const [bad, good] = [await spread(house), await house.stocked('suit', 40)]
    const order = (lines: object[]) => house.done<AllocationOut>(AT, 'group', { kind: 'allocation', from: 'store', to: 'b', reason: 'the ward runs out', arrivesOn: '2020-01-31', lines })
    const [holding, away, other] = [await order([{ item: 'suit', count: 3 }, { item: 'mask', count: 8 }]), await order([{ item: 'mask', count: 5 }]), await order([{ item: 'suit', count: 7 }])]
    house.clock.forward(HOUR)
    await house.done(`${AT}/${away.id}/ship`, 'keeper', {})
    house.clock.forward(HOUR)
    const rings = async () => (await house.done<{ rings: Ring[] }>('/overdue', 'As suppliesGroup city')).rings.map(({ kind, allocation, since, toPlace }) => [kind, allocation, since, toPlace])
    const coming = async (asOf = '') => {
      const { consignments } = await house.done<{ consignments: Record<string, { units: number }> }>(`/scenario${asOf}`, 'reader')
      return Object.entries(consignments).map(([row, { units }]) => [row, units])
    }
    const all = [[`${holding.id}/1`, 3], [`${holding.id}/2`, 8], [away.id, 5], [other.id, 7]]
    expect([await rings(), await coming()]).toEqual([[], all])
    await house.done(lockAt(bad), 'As supplyOfficer a', WHY)
    expect([await rings(), await coming()]).toEqual([[['allocationHoldsQuarantined', holding.id, '2020-01-30T10:00:00+08:00', 'b']], [[`${holding.id}/1`, 3], [other.id, 7]]])
    const { rings: rung } = await house.done<{ rings: Ring[] }>('/overdue', 'As suppliesGroup city')
    expect(rung.map(({ lockedAway }) => lockedAway)).toEqual([[{ lot: bad, at: '2020-01-30T10:00:00+08:00', by: 'supplyOfficer-a', reason: WHY.reason }]])
    expect(await coming(`?asOf=${encodeURIComponent('2020-01-30T09:59:00+08:00')}`)).toEqual(all)
    expect((await house.refused(`${AT}/${holding.id}/ship`, 'keeper', {})).slice(0, 2)).toEqual([409, 'breaksMust'])
    await house.done(`${AT}/${holding.id}/ship`, 'keeper', { lines: [{ seq: 2, units: 0 }] })
    expect([await rings(), await coming()]).toEqual([[], [[`${holding.id}/1`, 3], [other.id, 7]]])
    await house.change(bad, { quarantined: false })
    expect(await coming()).toEqual([[`${holding.id}/1`, 3], [away.id, 5], [other.id, 7]])
    // What is not released covers nobody, whether it is still to leave or may not be used where it comes.
    for (const lot of [good, bad]) await house.change(lot, { released: false })
    expect(await coming()).toEqual([])
    await house.change(bad, { released: true })
    expect(await coming()).toEqual([[away.id, 5]])
    await house.change(good, { released: true, authority: 'earmarkedDonation', earmark: 'a' })
    expect(await coming()).toEqual([[`${holding.id}/1`, 3], [away.id, 5]])
    await house.change(good, { authority: 'city', earmark: null })
    expect(await house.book(good)).toEqual({ 'at store': '37 of them 7 promised', [`way ${holding.id}`]: 3, outside: -40 })
    await house.close()
  })

  test('everybody locks in one order', () => expect(wrong).toEqual([]))
})
