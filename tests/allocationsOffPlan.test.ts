import { afterAll, expect, test } from 'vitest'
import { issuedAt } from '../src/dispatch/issued.js'
import { momentOf } from '../src/kernel/time.js'
import { type AllocationOut, Warehouse } from './allocationFixture.js'
import { snapshotOf, soundPicture } from '../src/planning/snapshot.js'
import { validateScenario } from '../src/planning/scenarioFaults.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { eachDatabase } from './support/databases.js'
import { lockWatched } from './support/lockWatch.js'

afterAll(closeSolvers)

const AT = '/allocation-orders'
const ASK = { kind: 'allocation', from: 'store', to: 'a', reason: 'the ward runs out today', lines: [{ item: 'mask', count: 10 }] }
const stepAt = (id: string, step: string) => `${AT}/${id}/${step}`

eachDatabase((_, opened) => {
  const wrong: string[] = []
  const open = async () => lockWatched(await opened(), (one) => wrong.push(one))

  test('what expires first goes first, out of lots that may go there, and only whole packings', async () => {
    const house = await Warehouse.open(await open())
    const late = await house.stocked('mask', 120, { lot: 'late', expiresOn: '2021-12-31' })
    const soon = await house.stocked('mask', 70, { lot: 'soon', expiresOn: '2020-06-30' })
    const tooSoon = await house.stocked('mask', 500, { lot: 'too-soon', expiresOn: '2020-01-31' })
    for (const [lot, of] of [['held', { released: false }], ['theirs', { earmark: 'b' }]] as const) await house.stocked('mask', 500, { lot, expiresOn: '2020-03-01', ...of })
    await house.change(await house.stocked('mask', 500, { lot: 'locked', expiresOn: '2020-03-01' }), { quarantined: true })
    const issued = await house.done<AllocationOut>(AT, 'group', { ...ASK, leavesOn: '2020-01-31', arrivesOn: '2020-02-01', lines: [{ item: 'mask', count: 100 }, { item: 'mask', packing: 'box', count: 1 }] })
    expect(issued.id).toBe('2020-01-30-M0001')
    expect(issued.lines.map(({ lot, ordered }) => [lot, ordered])).toEqual([[soon, 70], [late, 30], [late, 50]])
    expect(await house.book(late)).toEqual({ 'at store': '120 of them 80 promised', outside: -120 })
    // Of the forty that are left no box can be made; singly they go.
    const kept = '500 in quarantine, 500 not released, 500 expired before they would arrive, 500 given for others'
    const next = 'the supplies group or a supply officer of the whole city decides on what is in quarantine; whoever may dispose of it releases what is not; ask for fewer, or for some from elsewhere'
    const refused = await house.refused(AT, 'group', { ...ASK, arrivesOn: '2020-02-01', lines: [{ item: 'mask', packing: 'box', count: 1 }] })
    expect(refused).toEqual([409, 'notEnoughStock', `there are 0 pieces of the mask (mask) in whole packings at the store (store) that may be given out (beside 150 promised to 2020-01-30-M0001, 40 in no whole packing, ${kept}), and 50 are asked for; ${next}`, '/lines/0/count'])
    expect(await house.refused(AT, 'group', { ...ASK, arrivesOn: '2020-02-01', lines: [{ item: 'mask', count: 41 }] }))
      .toEqual([409, 'notEnoughStock', `there are 40 pieces of the mask (mask) at the store (store) that may be given out (beside 150 promised to 2020-01-30-M0001, ${kept}), and 41 are asked for; ${next}`, '/lines/0/count'])
    expect((await house.done<AllocationOut>(AT, 'group', { ...ASK, arrivesOn: '2020-02-01', lines: [{ item: 'mask', count: 40 }] })).id).toBe('2020-01-30-M0002')
    // On the day itself the lot of tomorrow's expiry is good, and is the first.
    expect((await house.done<AllocationOut>(AT, 'group', ASK)).lines.map(({ lot }) => lot)).toEqual([tooSoon])
    const { items } = await house.done<{ items: AllocationOut[] }>(`${AT}?from=store&to=a&kind=allocation&state=issued`, 'reader')
    expect(items.map(({ id }) => id)).toEqual(['2020-01-30-M0003', '2020-01-30-M0002', '2020-01-30-M0001'])
    const page = await house.done<{ items: AllocationOut[]; next: string }>(`${AT}?limit=2`, 'reader')
    const rest = await house.done<{ items: AllocationOut[]; next: null }>(`${AT}?limit=2&cursor=${page.next}`, 'reader')
    expect([page.items.length, rest.items.map(({ id }) => id), rest.next]).toEqual([2, ['2020-01-30-M0001'], null])
    expect((await house.done<{ items: AllocationOut[] }>(`${AT}?to=b`, 'reader')).items).toEqual([])
    await house.close()
  })

  test('what cannot be issued is refused by its sentence, and nothing is promised', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 30, { expiresOn: '2020-02-02' })
    const suits = await house.stocked('suit', 5, { earmark: 'b' })
    const rows: [change: object, said: unknown[]][] = [
      [{ from: 'nowhere' }, [422, 'unknownReference', 'there is no place nowhere', '/from']],
      [{ to: 'nowhere' }, [422, 'unknownReference', 'there is no place nowhere', '/to']],
      [{ to: 'store' }, [400, 'invalidInput', 'it goes to another place than it leaves', '/to']],
      [{ leavesOn: '2020-01-29' }, [422, 'wrongTime', '2020-01-29 is over; it is 2020-01-30 today', '/leavesOn']],
      [{ leavesOn: '2020-01-31', arrivesOn: '2020-01-30' }, [422, 'wrongTime', '2020-01-30 is before it leaves, on 2020-01-31', '/arrivesOn']],
      [{ leavesOn: '2020-03-01' }, [422, 'wrongTime', '2020-03-01 is too far ahead; 2020-02-29 is the last day', '/leavesOn']],
      [{ request: 'r-9' }, [422, 'unknownReference', 'there is no request r-9', '/request']],
      [{ lines: [{ item: 'gown', count: 1 }] }, [422, 'unknownReference', 'there is no item gown', '/lines/0/item']],
      [{ lines: [{ item: 'suit', packing: 'box', count: 1 }] }, [422, 'wrongReference', 'suit has no packing called box; put it down first, or count base units', '/lines/0/packing']],
      [{ lines: [{ item: 'mask', lot: suits, count: 1 }] }, [422, 'wrongReference', `there is no lot of mask with the id ${suits}`, '/lines/0/lot']],
      [{ lines: [{ item: 'suit', lot: 'suit-lot', count: 1 }] }, [422, 'wrongReference', `there is no lot of suit with the id suit-lot; that is a number on a packing: name the lot by its id, of this number there are at store: ${suits} (number suit-lot, does not expire)`, '/lines/0/lot']],
      [{ lines: [{ item: 'suit', lot: suits, count: 1 }] }, [422, 'wrongReference', 'the lot was given for b, so none of it is given out', '/lines/0/lot']],
      [{ lines: [{ item: 'mask', lot, count: 1 }], arrivesOn: '2020-02-03' }, [422, 'wrongReference', 'the lot expires on 2020-02-02, before it arrives on 2020-02-03, so none of it is given out', '/lines/0/lot']],
      [{ lines: [{ item: 'mask', lot, count: 31 }] }, [409, 'notEnoughStock', 'there are 30 of mask（mask-lot） at store, and 31 are asked for; count first, or ask for fewer']],
      [{ lines: [{ item: 'mask', count: 20 }, { item: 'mask', count: 20 }] }, [409, 'notEnoughStock', 'there are 10 pieces of the mask (mask) at the store (store) that may be given out (beside 20 on the lines before), and 20 are asked for; ask for fewer, or for some from elsewhere', '/lines/1/count']],
      [{ phone: { calledPost: 'x', answeredPost: 'y', at: '2020-01-30T09:00:00+08:00' } }, [422, 'wrongTime', '2020-01-30T09:00:00+08:00 has not come yet; it is 2020-01-30T08:00:00+08:00 now']],
    ]
    for (const [change, said] of rows) expect(await house.refused(AT, 'group', { ...ASK, ...change })).toEqual(said)
    expect((await house.refused(AT, 'group', { ...ASK, kind: 'plan' })).slice(0, 2)).toEqual([400, 'invalidInput'])
    expect([await house.book(lot), await house.book(suits)]).toEqual([{ 'at store': 30, outside: -30 }, { 'at store': 5, outside: -5 }])
    await house.close()
  })

  test('an order answers what its receiver asked for, while that was not turned down', async () => {
    const house = await Warehouse.open(await open())
    await house.stocked('mask', 30)
    const asked = async (place: string, item: string) => (await house.done<{ id: string }>('/material-requests', 'ward', { place, item, units: 10, urgency: 'ordinary', reason: 'few left' })).id
    const [ours, theirs, suits] = [await asked('a', 'mask'), await asked('b', 'mask'), await asked('a', 'suit')]
    const wrong = (request: string) => house.refused(AT, 'group', { ...ASK, request })
    expect(await wrong(theirs)).toEqual([422, 'wrongReference', `request ${theirs} is of b, not of a`, '/request'])
    expect(await wrong(suits)).toEqual([422, 'wrongReference', `request ${suits} is for suit, which is not on the order`, '/request'])
    expect(await wrong(ours)).toEqual([422, 'wrongReference', `request ${ours} is still open; it is approved first, and then ordered for`, '/request'])
    await house.done(`/material-requests/${ours}/approve`, 'group', { units: 10 })
    const { id } = await house.done<AllocationOut>(AT, 'group', { ...ASK, request: ours })
    expect((await house.done<{ items: AllocationOut[] }>(`${AT}?request=${ours}`, 'reader')).items.map((one) => one.id)).toEqual([id])
    await house.done(`/material-requests/${theirs}/refuse`, 'group', { answer: 'there are none' })
    expect(await house.refused(AT, 'group', { ...ASK, to: 'b', request: theirs })).toEqual([422, 'wrongReference', `request ${theirs} was refused`, '/request'])
    await house.close()
  })

  test('the city gives out; a place lends and gives back what is its own, and each sees only orders of its places', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 30, { place: 'a' })
    const forbidden = async (who: string, ask: object) => (await house.refused(AT, who, ask)).slice(1)
    expect(await forbidden('As supplyOfficer city', ASK)).toEqual(['forbidden', 'giving out material is for supplies group, commander of the whole city; where it was approved by phone you may put that down: say phone'])
    expect(await forbidden('As supplyOfficer store', ASK)).toEqual(['forbidden', 'giving out material is for supplies group, commander of the whole city'])
    const loan = { ...ASK, kind: 'loan', from: 'a', to: 'b', reason: 'until Friday' }
    expect(await forbidden('As supplyOfficer b', loan)).toEqual(['forbidden', 'what a lends or gives back is for its own supply officer, or for the supplies group or the commander of the whole city'])
    expect((await house.say(AT, 'As planner city', loan)).status).toBe(403)
    const { id, possible } = await house.done<AllocationOut>(AT, 'As supplyOfficer a', loan)
    expect(possible).toEqual(['ship', 'cancel'])
    expect((await house.order(id, 'As supplyOfficer b')).possible).toEqual([])
    // Whoever has nothing to do with it is told what is told of an order that is not there.
    const elsewhere = await Promise.all(['', '/events', '/form'].map((more) => house.say(`${AT}/${id}${more}`, 'As supplyOfficer store')))
    expect(elsewhere.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(await house.refused(stepAt(id, 'ship'), 'As supplyOfficer store', {})).toEqual([404, 'notFound', `there is no allocation order with the id ${id}`])
    expect((await house.done<{ items: AllocationOut[] }>(AT, 'As supplyOfficer store')).items).toEqual([])
    expect((await house.done<{ items: AllocationOut[] }>(AT, 'As supplyOfficer b')).items.map((one) => one.id)).toEqual([id])
    expect(await house.refused(stepAt(id, 'ship'), 'As supplyOfficer b', {})).toEqual([403, 'forbidden', 'this step (ship) is for the supply officer of the sender, the supplies group of the sender'])
    await house.done(stepAt(id, 'ship'), 'As supplyOfficer a', {})
    expect(await house.refused(stepAt(id, 'receive'), 'As supplyOfficer a', {})).toEqual([403, 'forbidden', 'this step (receive) is for the supply officer of the receiver, the supplies group of the receiver'])
    expect(await house.refused(stepAt(id, 'cancel'), 'As supplyOfficer a', { note: 'no' })).toEqual([409, 'stepOutOfOrder',
      `allocation order ${id} is shipped since 2020-01-30T08:00:00+08:00, by supplyOfficer-a, so one cannot cancel; none of its steps is yours now: it is for the supply officer of the receiver, the supplies group of the receiver to receive, or it is for the supplies group of the whole city, the commander of the whole city to report it as lost`])
    await house.done(stepAt(id, 'receive'), 'As supplyOfficer b', {})
    expect(await house.book(lot)).toEqual({ 'at a': 20, 'at b': 10, outside: -30 })
    const back = await house.done<AllocationOut>(AT, 'As supplyOfficer b', { ...loan, kind: 'giveBack', from: 'b', to: 'a', lines: [{ item: 'mask', count: 8 }] })
    await house.done(stepAt(back.id, 'ship'), 'As supplyOfficer b', { lines: [{ seq: 1, units: 6 }] })
    await house.done(stepAt(back.id, 'receive'), 'As supplyOfficer a', {})
    expect(await house.book(lot)).toEqual({ 'at a': 26, 'at b': 4, outside: -30 })
    // What lies at a source is the city's to give, whatever it is called.
    await house.put('/sources/a', { place: 'a', keepBackPerMille: 0, litresPerDay: 'notTracked', source: 'a test' })
    for (const kind of ['loan', 'giveBack']) expect(await forbidden('As supplyOfficer a', { ...loan, kind })).toEqual(['forbidden', 'giving out material is for supplies group, commander of the whole city'])
    const given = await house.done<AllocationOut>(AT, 'As commander city', { ...loan, lines: [{ item: 'mask', count: 1 }] })
    await house.done(stepAt(given.id, 'cancel'), 'As commander city', { note: 'not needed' })
    await house.changeAt('/sources/a', { place: 'store' })
    // A lender may take its loan back before it leaves; what the city orders it to give it may not.
    const own = await house.done<AllocationOut>(AT, 'As supplyOfficer a', loan)
    await house.done(stepAt(own.id, 'cancel'), 'As supplyOfficer a', { note: 'needed here' })
    const ordered = await house.done<AllocationOut>(AT, 'As commander city', { ...ASK, from: 'a', to: 'b' })
    expect(await house.refused(stepAt(ordered.id, 'cancel'), 'As supplyOfficer a', { note: 'needed here' })).toEqual([403, 'forbidden',
      'this step (cancel) is for the supplies group of the whole city, the commander of the whole city'])
    await house.done(stepAt(ordered.id, 'ship'), 'As suppliesGroup a', {})
    expect((await house.say(stepAt(ordered.id, 'lose'), 'As supplyOfficer b', { note: 'gone' })).status).toBe(403)
    await house.done(stepAt(ordered.id, 'lose'), 'As commander city', { note: 'the truck turned over' })
    expect(await house.book(lot)).toEqual({ 'at a': 16, 'at b': 4, lost: 10, outside: -30 })
    await house.close()
  })

  test('times: not of the future, not before the step before, not a week old, not before a count', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 30)
    const { id } = await house.done<AllocationOut>(AT, 'group', ASK)
    house.clock.forward(2 * 3600_000)
    const ship = (at: string) => house.refused(stepAt(id, 'ship'), 'keeper', { at })
    expect(await ship('2020-01-30T11:00:00+08:00')).toEqual([422, 'wrongTime', '2020-01-30T11:00:00+08:00 has not come yet; it is 2020-01-30T10:00:00+08:00 now'])
    expect(await ship('2020-01-30T07:59:00+08:00')).toEqual([422, 'wrongTime', 'it cannot be earlier than the step before (2020-01-30T08:00:00+08:00)'])
    await house.done('/stock-notes/stocktakes', 'keeper', { place: 'store', item: 'mask', counted: { [lot]: 30 }, at: '2020-01-30T09:30:00+08:00' })
    expect(await ship('2020-01-30T09:00:00+08:00')).toEqual([409, 'figureIsOlder',
      'mask at store was counted at 2020-01-30T09:30:00+08:00, and what happened before is in that count; count again'])
    expect((await house.refused('/stock-notes/stocktakes', 'keeper', { place: 'store', item: 'mask', counted: { [lot]: 9 } })).slice(0, 2)).toEqual([409, 'doesNotAddUp'])
    await house.done(stepAt(id, 'ship'), 'keeper', { at: '2020-01-30T09:45:00+08:00' })
    house.clock.forward(8 * 24 * 3600_000)
    expect(await house.refused(stepAt(id, 'receive'), 'keeper', { at: '2020-01-30T09:50:00+08:00' })).toEqual([422, 'wrongTime', 'what is told may be at most 7 days old; count what is older', '/at'])
    const { rings } = await house.done<{ rings: { kind: string; allocation: string; order: null; since: string; toPlace: string }[] }>('/overdue', 'As suppliesGroup city')
    expect(rings.map(({ kind, allocation, order, since, toPlace }) => [kind, allocation, order, since, toPlace])).toEqual([['allocationNotReceived', id, null, '2020-02-01T00:00:00+08:00', 'a']])
    const heard = async (post: string) => (await house.done<{ rings: object[] }>('/overdue', `As ${post}`)).rings.length
    expect([await heard('supplyOfficer a'), await heard('supplyOfficer store'), await heard('supplyOfficer city'), await heard('supplyOfficer b'), await heard('bedManager a')]).toEqual([1, 1, 1, 0, 0])
    await house.done(stepAt(id, 'receive'), 'keeper', { at: '2020-02-05T09:50:00+08:00' })
    expect((await house.done<{ rings: object[] }>('/overdue', 'reader')).rings).toEqual([])
    const stock = await house.done<{ items: { place: string; onHand: number }[] }>(`/stock?asOf=${encodeURIComponent('2020-02-01T00:00:00+08:00')}`, 'reader')
    expect(stock.items.map(({ place, onHand }) => [place, onHand])).toEqual([['store', 20]])
    await house.close()
  })

  test('what leaves a day late comes a day late: neither to arrive expired, nor rung for too soon', async () => {
    const house = await Warehouse.open(await open())
    await house.stocked('mask', 30)
    await house.stocked('suit', 5, { expiresOn: '2020-01-31' })
    const { id } = await house.done<AllocationOut>(AT, 'group', { ...ASK, arrivesOn: '2020-01-31', lines: [{ item: 'mask', count: 10 }, { item: 'suit', count: 5 }] })
    house.clock.forward(24 * 3600_000)
    expect(await house.refused(stepAt(id, 'ship'), 'keeper', {})).toEqual([409, 'breaksMust', 'lots of the lines that are listed may not be given out now; ship 0 of these lines, or cancel the order',
      'lines/2: line 2: the lot expires on 2020-01-31, before it arrives on 2020-02-01'])
    await house.done(stepAt(id, 'ship'), 'keeper', { lines: [{ seq: 2, units: 0 }] })
    const rings = async () => (await house.done<{ rings: { kind: string; since: string }[] }>('/overdue', 'reader')).rings.map(({ kind, since }) => [kind, since])
    house.clock.forward(48 * 3600_000)
    expect(await rings()).toEqual([])
    house.clock.forward(24 * 3600_000)
    expect(await rings()).toEqual([['allocationNotReceived', '2020-02-03T00:00:00+08:00']])
    await house.close()
  })

  test('a lot is looked at again at the door; what it may not carry stays, and the rest goes', async () => {
    const house = await Warehouse.open(await open())
    const [masks, suits] = [await house.stocked('mask', 30), await house.stocked('suit', 5, { expiresOn: '2020-01-31' })]
    const { id } = await house.done<AllocationOut>(AT, 'group', { ...ASK, lines: [{ item: 'mask', count: 10 }, { item: 'suit', count: 5 }] })
    await house.change(masks, { quarantined: true })
    house.clock.forward(2 * 24 * 3600_000)
    const said = 'lots of the lines that are listed may not be given out now; ship 0 of these lines, or cancel the order'
    const [first, second] = ['lines/1: line 1: the lot is in quarantine', 'lines/2: line 2: the lot expires on 2020-01-31, before it arrives on 2020-02-01']
    expect(await house.refused(stepAt(id, 'ship'), 'keeper', {})).toEqual([409, 'breaksMust', said, first, second])
    expect(await house.refused(stepAt(id, 'ship'), 'keeper', { lines: [{ seq: 1, units: 0 }] })).toEqual([409, 'breaksMust', said, second])
    await house.change(masks, { quarantined: false })
    expect((await house.say(stepAt(id, 'ship'), 'keeper', { lines: [{ seq: 2, units: 0 }] }, { 'if-match': '"7"' })).status).toBe(412)
    await house.done(stepAt(id, 'ship'), 'keeper', { lines: [{ seq: 2, units: 0 }] })
    expect([await house.book(masks), await house.book(suits)]).toEqual([{ 'at store': 20, [`way ${id}`]: 10, outside: -30 }, { 'at store': 5, outside: -5 }])
    expect(await house.refused(stepAt(id, 'receive'), 'keeper', { lines: [{ seq: 2, accepted: 1 }] })).toEqual([409, 'doesNotAddUp',
      'line 2: 0 were shipped, so 1 cannot have come; put down what is beyond as a receipt', '/lines/0'])
    await house.done(stepAt(id, 'receive'), 'keeper', {})
    await house.close()
  })

  test('by phone at night, with the paper in the morning by another post', async () => {
    const house = await Warehouse.open(await open())
    await house.stocked('mask', 30)
    const ask = { ...ASK, phone: { calledPost: 'ward-a', answeredPost: 'group', at: '2020-01-30T02:00:00+08:00' } }
    expect((await house.say(AT, 'As supplyOfficer a', { ...ask, kind: 'loan' })).status).toBe(403)
    const { id } = await house.done<AllocationOut>(AT, 'As supplyOfficer city', ask)
    expect((await house.say(stepAt(id, 'confirm'), 'As supplyOfficer city', {})).status).toBe(403)
    await house.done(stepAt(id, 'confirm'), 'group', { note: 'signed' })
    expect(await house.refused(stepAt(id, 'confirm'), 'group', {})).toEqual([409, 'tooLate', 'the order needs no paper, or has it already'])
    const own = await house.done<AllocationOut>(AT, 'night-keeper', ask)
    expect(await house.refused(stepAt(own.id, 'confirm'), 'night-keeper', {})).toEqual([403, 'ownPlan', 'night-keeper put the order down; somebody else confirms it'])
    expect(await house.refused(stepAt('none', 'confirm'), 'group', {})).toEqual([404, 'notFound', 'there is no allocation order with the id none'])
    await house.close()
  })

  test('planning knows what is issued and on the road, now and at a past moment, and what is promised', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 90, { expiresOn: '2021-01-01' })
    const lines = [{ item: 'mask', count: 10 }, { item: 'mask', count: 7 }]
    const { id } = await house.done<AllocationOut>(AT, 'group', { ...ASK, arrivesOn: '2020-01-31', lines })
    const single = await house.done<AllocationOut>(AT, 'group', ASK)
    const knows = async (asOf: string | null) => {
      const now = house.clock.now()
      const { consignments, promisedStock } = await house.db.inSnapshot((tx) => issuedAt(tx, asOf === null ? null : { asOf: momentOf(asOf), knownAt: now }, now))
      return [Object.entries(consignments).map(([row, { units, arrivesOn, from, to, expiresOn }]) => [row, units, arrivesOn, from, to, expiresOn]), promisedStock]
    }
    const [of, rest] = [['store', 'a', '2021-01-01'], [single.id, 10, '2020-01-30', 'store', 'a', '2021-01-01']]
    const asIssued = [[[`${id}/1`, 10, '2020-01-31', ...of], [`${id}/2`, 7, '2020-01-31', ...of], rest], [{ lot, place: 'store', units: 27 }]]
    expect(await knows(null)).toEqual(asIssued)
    house.clock.forward(3600_000)
    await house.done(stepAt(id, 'ship'), 'keeper', { lines: [{ seq: 1, units: 4 }, { seq: 2, units: 0 }] })
    const asShipped = [[[`${id}/1`, 4, '2020-01-31', ...of], rest], [{ lot, place: 'store', units: 10 }]]
    expect(await knows(null)).toEqual(asShipped)
    house.clock.forward(2 * 24 * 3600_000)
    await house.done(stepAt(single.id, 'cancel'), 'group', { note: 'not needed' })
    // What is late is expected on the day of the moment.
    expect(await knows(null)).toEqual([[[`${id}/1`, 4, '2020-02-01', ...of]], []])
    await house.done(stepAt(id, 'receive'), 'keeper', {})
    expect([await knows(null), await knows('2020-01-30T08:30:00+08:00'), await knows('2020-01-30T09:30:00+08:00'), await knows('2020-01-30T07:00:00+08:00')])
      .toEqual([[[], []], asIssued, asShipped, [[], []]])
    await house.close()
  })

  test('a plan gives out stock that has come from elsewhere, and time that passes makes no contradiction', async () => {
    const house = await Warehouse.open(await open())
    const put = (path: string, body: object) => house.put(path, { ...body, source: 'tests' })
    for (const place of ['a', 'b']) await put(`/receivers/${place}`, { place, suppliedBy: null, opensOn: null })
    await put('/sources/store', { place: 'store', keepBackPerMille: 0, litresPerDay: 'notTracked' })
    await put('/norms/mask', { item: 'mask', unit: 'piece', per: 'staffShift', severity: null, zone: null, role: null, conventionalPerMille: 1000, contingencyPerMille: 1000, crisisPerMille: 1000, effectiveFrom: '2020-01-01', effectiveUntil: null })
    await put('/staff/a', { place: 'a', area: 'ward', zone: 'red', role: 'nurse', peoplePerShift: 3, shiftsPerDay: 1 })
    // It came in at b, was given back to the store, and goes from there to a; the rest expires at the store.
    const moved = await house.stocked('mask', 40, { place: 'b', expiresOn: '2020-02-20' })
    const over = await house.stocked('mask', 9, { lot: 'over', expiresOn: '2020-01-30' })
    await put('/expected-supplies/s1', { item: 'mask', place: 'store', day: '2020-01-30', units: 4, authority: 'purchase', released: true })
    const back = await house.done<AllocationOut>(AT, 'group', { ...ASK, kind: 'giveBack', from: 'b', to: 'store', lines: [{ item: 'mask', lot: moved, count: 40 }] })
    for (const step of ['ship', 'receive']) await house.done(stepAt(back.id, step), 'keeper', {})
    const late = await house.done<AllocationOut>(AT, 'group', { ...ASK, lines: [{ item: 'mask', lot: moved, count: 1 }] })
    await house.done(stepAt(late.id, 'ship'), 'keeper', {})
    const pictured = (planDay: string | null) => house.db.inSnapshot((tx) => snapshotOf(tx, { asOf: null, planDay, policy: {}, require: null }, house.clock.now(), issuedAt))
    for (const planDay of [null, '2020-01-31']) expect(validateScenario(await pictured(planDay))).toEqual(expect.objectContaining({ ok: true }))
    house.clock.forward(24 * 3600_000)
    const { lots, consignments } = soundPicture(await pictured(null))
    expect(lots).toEqual({ [over]: expect.objectContaining({ units: 9, quarantined: true, assumed: ['quarantined'] }), [`${moved}→store`]: expect.objectContaining({ units: 39, quarantined: false, place: 'store' }) })
    expect(consignments).toEqual({ [late.id]: expect.objectContaining({ units: 1, arrivesOn: '2020-01-31' }) })
    const { run, plan } = await house.planned(soundPicture(await pictured(null)))
    expect(plan.material?.shipments.flatMap(({ to, lines }) => lines.map(({ row }) => [to, row]))).toEqual([['a', `${moved}→store`]])
    const { orders } = await house.done<{ orders: string[] }>(`/plan-runs/${run}/approve-allocation`, 'group', {})
    expect((await house.order(orders[0] ?? '')).lines.map(({ lot }) => lot)).toEqual([moved])
    await house.close()
  })

  test('a drill stamps the numbers and the papers', async () => {
    const house = await Warehouse.open(await open(), { isDrill: true })
    await house.stocked('mask', 30)
    const { id } = await house.done<AllocationOut>(AT, 'group', ASK)
    expect([id, (await house.done<AllocationOut>(AT, 'group', ASK)).id]).toEqual(['演练-2020-01-30-M0001', '演练-2020-01-30-M0002'])
    expect((await house.say(`${AT}/${encodeURIComponent(id)}/form`, 'reader')).text).toContain('演练 DRILL')
    await house.close()
  })

  test('many at once get numbers of their own, and promise no more than there is', async () => {
    const house = await Warehouse.open(await open())
    const lot = await house.stocked('mask', 35)
    const said = await Promise.all(Array.from({ length: 5 }, () => house.say(AT, 'group', ASK)))
    expect(said.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409])
    expect(await house.book(lot)).toEqual({ 'at store': '35 of them 30 promised', outside: -35 })
    expect(await house.free(lot, 'store')).toBe(5)
    const { items } = await house.done<{ items: AllocationOut[] }>(AT, 'reader')
    expect(items.map(({ id }) => id).sort()).toEqual(['2020-01-30-M0001', '2020-01-30-M0002', '2020-01-30-M0003'])
    const [{ id = '' } = {}] = items
    const twice = await Promise.all([1, 2].map(() => house.say(stepAt(id, 'ship'), 'keeper', {})))
    expect(twice.map(({ status }) => status).sort()).toEqual([200, 409])
    await house.close()
  })

  test('everybody locks in one order', () => expect(wrong).toEqual([]))
})
