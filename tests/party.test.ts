import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, CENTRALISED, type CityPatch } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const codeOf = (said: { status: number; json: unknown }) => [said.status, (said.json as { code?: string }).code]
const broken = (said: { json: unknown }) => (said.json as { errors?: { pointer: string }[] }).errors?.map(({ pointer }) => pointer)
const CHILD = { ageBand: '0-14', companion: 'south-7' } as const
/** A carer with two children, and somebody else, in the district; two vans. */
const FAMILY = {
  cases: { 'south-7': {}, 'south-8': CHILD, 'south-9': { ...CHILD, needs: ['paediatric'] }, 'south-5': {} },
  pools: { 'hub/ordinary': { staffed: 3 }, 'hub/ordinary#2': { staffed: 1, attributes: ['paediatric'] }, 'other/ordinary': { attributes: ['paediatric'] }, 'dist/ordinary': {} },
  places: { other: CENTRALISED }, travel: { 'dist→other': 41 }, fleet: 'listed', vehicles: { van: {}, car: {} },
} as const satisfies CityPatch
const ASK = {
  patient: 'south-7', companions: [{ patient: 'south-8' }, { patient: 'south-9', pool: 'hub/ordinary#2' }],
  pool: 'hub/ordinary', reason: 'placeFails', vehicle: 'van', leavesBase: at('06:00'),
}
type Out = { id: string; patient: string; pool: string | null; trip: string | null; vehicle: string; crew: string; companions: Out[] }

eachDatabase((_, open) => {
  test('a carer and children ride on one trip, an order each, and their beds are held', async () => {
    const desk = await Desk.open(await open(), city(FAMILY))
    const issued = await desk.post('/transfer-orders', ASK)
    expect([issued.status, issued.status === 201 ? '' : issued.text]).toEqual([201, ''])
    const { companions, ...head } = issued.json as Out
    expect([head, ...companions].map(({ id, patient, pool, trip, vehicle, crew }) => [id, patient, pool, trip, vehicle, crew])).toEqual([
      ['2020-01-30-0001', 'south-7', 'hub/ordinary', 'T0001', 'van', 'van/1'], ['2020-01-30-0002', 'south-8', 'hub/ordinary', 'T0001', 'van', 'van/1'],
      ['2020-01-30-0003', 'south-9', 'hub/ordinary#2', 'T0001', 'van', 'van/1'],
    ])
    expect([await desk.account('hub/ordinary', 'free'), await desk.account('hub/ordinary#2', 'free')]).toEqual([{ balance: 3, held: 2 }, { balance: 1, held: 1 }])
    const { rides } = (await desk.say('/vehicle-board', 'reader')).json as { rides: { vehicle: string; orders: { patient: string }[] }[] }
    expect(rides.map(({ vehicle, orders }) => [vehicle, orders.map(({ patient }) => patient)])).toEqual([['van', ['south-7', 'south-8', 'south-9']]])
    // The ride keeps its vehicle busy once, and who is alone gets the other.
    const { plan } = await desk.draft()
    expect(plan.trips.map(({ vehicle, patients }) => [vehicle, patients])).toEqual([['car', ['south-5']]])
    for (const { id } of [head, ...companions]) await desk.steps(id, 'accept', 'dispatch')
    desk.clock.forward(3600_000)
    for (const { id } of [head, ...companions]) await desk.steps(id, 'arrive', 'decontaminate')
    expect([await desk.account('hub/ordinary', 'named'), await desk.account('hub/ordinary#2', 'named')]).toEqual([{ balance: 2, held: 0 }, { balance: 1, held: 0 }])
    await desk.close()
  })

  test('all or none: whatever speaks against one of them is said, and nothing is issued', async () => {
    const desk = await Desk.open(await open(), city(FAMILY))
    const issue = (change: object) => desk.post('/transfer-orders', { ...ASK, ...change })
    const [eight, nine] = ASK.companions
    const refused: [object, readonly string[]][] = [
      [{ companions: [] }, ['together/south-8', 'together/south-9']],
      [{ companions: [eight] }, ['together/south-9']],
      [{ companions: [eight, { patient: 'south-9' }] }, ['placeNeeds/south-9']],
      [{ companions: [eight, { patient: 'south-9', pool: 'other/ordinary' }] }, ['onePatientATrip/T0001', 'together/south-9']],
      [{ companions: [eight, nine, { patient: 'south-5' }] }, ['onePatientATrip/T0001']],
      [{ patient: 'south-5', companions: [{ patient: 'south-7' }] }, ['onePatientATrip/T0001', 'together/south-8', 'together/south-9']],
    ]
    for (const [change, rules] of refused) {
      const said = await issue(change)
      expect([change, ...codeOf(said), broken(said)?.sort()]).toEqual([change, 409, 'breaksMust', [...rules]])
    }
    const places: [object, string][] = [
      [{ companions: [{ patient: 'south-7' }] }, '/companions/0/patient'], [{ companions: [eight, eight] }, '/companions/1/patient'],
      [{ companions: [eight, { patient: 'nobody' }] }, '/companions/1/patient'], [{ companions: [{ patient: 'south-8', pool: 'hub/none' }] }, '/companions/0/pool'],
      [{ pool: undefined, outside: '贵阳市', travelMinutes: 90 }, '/companions/1/pool'],
    ]
    for (const [change, pointer] of places) {
      const said = await issue(change)
      expect([...codeOf(said), broken(said)]).toEqual([400, 'invalidInput', [pointer]])
    }
    expect(codeOf(await issue({ companions: Array.from({ length: 4 }, () => eight) }))).toEqual([400, 'invalidInput'])
    expect(((await desk.say('/transfer-orders', 'reader')).json as { items: object[] }).items).toEqual([])
    expect(await desk.account('hub/ordinary', 'free')).toEqual({ balance: 3, held: 0 })
    // One who has an order already stops the others.
    expect((await desk.post('/transfer-orders', { ...ASK, patient: 'south-5', companions: [], pool: 'other/ordinary', vehicle: 'car' })).status).toBe(201)
    const twice = await issue({ companions: [eight, nine, { patient: 'south-5' }] })
    expect([...codeOf(twice), (twice.json as { detail: string }).detail]).toEqual([409, 'alreadyExists', expect.stringMatching(/^order 2020-01-30-0001 stands for south-5, issued by /)])
    await desk.close()
  })

  test('the carer heads the trip however they are named, out of the system too', async () => {
    const desk = await Desk.open(await open(), city(FAMILY))
    const said = await desk.post('/transfer-orders', {
      patient: 'south-9', companions: [{ patient: 'south-7' }, { patient: 'south-8' }], outside: '贵阳市', travelMinutes: 90, reason: 'elsewhere', vehicle: 'car', leavesBase: at('06:00'),
    })
    expect([said.status, said.status === 201 ? '' : said.text]).toEqual([201, ''])
    const { companions, ...head } = said.json as Out
    expect([head, ...companions].map(({ patient, pool, vehicle }) => [patient, pool, vehicle])).toEqual([['south-9', null, 'car'], ['south-7', null, 'car'], ['south-8', null, 'car']])
    expect((await desk.draft()).plan.moves.map(({ patient }) => patient)).toEqual(['south-5'])
    await desk.close()
  })

  test('of a party nobody leaves without the other, and that rings until it is mended', async () => {
    const desk = await Desk.open(await open(), city(FAMILY))
    const issued = (await desk.post('/transfer-orders', ASK)).json as Out
    const [carer, one, two] = [issued.id, ...issued.companions.map(({ id }) => id)] as [string, string, string]
    for (const id of [carer, one, two]) await desk.steps(id, 'accept')
    desk.clock.forward(60_000)
    const rings = async () => ((await desk.say('/overdue', 'reader')).json as { rings: { kind: string; order: string; since: string }[] }).rings.map(({ kind, order, since }) => [kind, order, since])
    expect((await desk.step(carer, 'unwilling', { note: 'signed' })).status).toBe(200)
    expect(await rings()).toEqual([['partyParted', one, at('00:01')], ['partyParted', two, at('00:01')]])
    const alone = await desk.step(one, 'dispatch')
    expect([...codeOf(alone), broken(alone)]).toEqual([409, 'breaksMust', ['together/south-8']])
    expect((alone.json as { errors: { detail: string }[] }).errors[0]?.detail)
      .toBe(`south-7, who was to ride with south-8, lies at dist, and order ${carer} of theirs is patient or family unwilling; cancel order ${one} and order both anew`)
    for (const id of [one, two]) expect((await desk.step(id, 'cancel', { note: 'with the carer' })).status).toBe(200)
    expect(await rings()).toEqual([])

    desk.clock.forward(60_000)
    const again = (await desk.post('/transfer-orders', ASK)).json as Out
    const [head, ...children] = [again.id, ...again.companions.map(({ id }) => id)] as [string, string, string]
    for (const id of [head, ...children]) await desk.steps(id, 'accept')
    expect((await desk.step(children[0] ?? '', 'cancel', { note: 'a fever' })).status).toBe(200)
    const left = await desk.step(head, 'dispatch')
    expect([...codeOf(left), broken(left)]).toEqual([409, 'breaksMust', ['together/south-8']])
    // Who has gone home meanwhile is left by nobody.
    const { items } = (await desk.say('/stays?open=true&case=south-8', 'reader')).json as { items: { id: string }[] }
    expect((await desk.post(`/stays/${items[0]?.id}/end`, { ending: 'discharged' })).status).toBe(200)
    expect(await rings()).toEqual([])
    await desk.steps(head, 'dispatch')
    await desk.steps(children[1] ?? '', 'dispatch')
    await desk.close()
  })
})
