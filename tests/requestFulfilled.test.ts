import { afterAll, expect, test } from 'vitest'
import { instantOf } from '../src/kernel/time.js'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { city, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'

afterAll(closeSolvers)

const HOUR = 3_600_000
const ASKED = '2020-01-29T20:00:00+08:00'

interface Case { readonly waitingSince: string | null; readonly source: string; readonly version: number }

eachDatabase((_, open) => {
  const opened = async () => Desk.open(await open(), city({
    cases: people(2, { waitingSince: ASKED }), places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' } },
    pools: { 'hub/ordinary': {}, 'hub/severe': {}, 'dist/ordinary': {}, 'dist/severe': {}, 'other/ordinary': {} }, travel: { 'dist→other': 90, 'hub→other': 40 },
  }))
  const caseOf = async (desk: Desk, id: string) => (await desk.say(`/cases/${id}`, 'reader')).json as Case
  const deeds = async (desk: Desk, id: string) => ((await desk.say(`/journal?subject=${id}`, 'reader')).json as { items: { action: string }[] }).items.map(({ action }) => action)
  const stayOf = async (desk: Desk, id: string) => ((await desk.say(`/stays?open=true&case=${id}`, 'reader')).json as { items: { id: string }[] }).items[0]?.id ?? ''

  test('a request is done with once its patient is handed over, and the next one has a clock of its own', async () => {
    const desk = await opened()
    const { orders } = await desk.approved()
    const { patient } = await desk.order(orders[0] ?? '')
    const before = await caseOf(desk, patient)
    await desk.steps(orders[0] ?? '', 'accept', 'dispatch')
    expect((await caseOf(desk, patient)).waitingSince).toBe(ASKED)
    await desk.steps(orders[0] ?? '', 'arrive')
    expect(await caseOf(desk, patient)).toMatchObject({ waitingSince: null, source: before.source, version: before.version + 1 })
    expect(await deeds(desk, patient)).toContain('case.requestFulfilled')
    desk.clock.forward(HOUR)
    const again = desk.clock.now().toISOString()
    expect((await desk.post(`/cases/${patient}/transfer-request`, {})).status).toBe(200)
    expect(new Date((await caseOf(desk, patient)).waitingSince ?? 0).toISOString()).toBe(again)
    await desk.close()
  })

  test('moved to another place or gone, nobody waits; in another bed of the same place they do', async () => {
    const desk = await opened()
    const [one, other] = ['south-1', 'south-2']
    expect((await desk.post(`/stays/${await stayOf(desk, one)}/move`, { place: 'dist', pool: 'dist/severe' })).status).toBe(201)
    expect((await caseOf(desk, one)).waitingSince).toBe(ASKED)
    expect((await desk.post(`/stays/${await stayOf(desk, one)}/move`, { place: 'hub', pool: 'hub/ordinary' })).status).toBe(201)
    expect((await caseOf(desk, one)).waitingSince).toBe(null)
    expect((await desk.post(`/stays/${await stayOf(desk, other)}/end`, { ending: 'discharged' })).status).toBe(200)
    expect((await caseOf(desk, other)).waitingSince).toBe(null)
    await desk.close()
  })

  test('what was asked for before they came or left is done, told late as well', async () => {
    const desk = await opened()
    const { orders } = await desk.approved()
    const { patient } = await desk.order(orders[0] ?? '')
    const other = patient === 'south-1' ? 'south-2' : 'south-1'
    const [asked, came] = [instantOf(desk.clock.now()), instantOf(new Date(desk.clock.now().getTime() + HOUR))]
    await desk.steps(orders[0] ?? '', 'accept')
    desk.clock.forward(HOUR)
    await desk.steps(orders[0] ?? '', 'dispatch', 'arrive')
    // In another bed of the same place they lie on.
    expect((await desk.post(`/transfer-orders/${orders[1] ?? ''}/cancel`, { note: 'stays' }, 'desk')).status).toBe(200)
    expect((await desk.post(`/cases/${other}/withdraw-request`, {})).status).toBe(200)
    expect((await desk.post(`/stays/${await stayOf(desk, other)}/move`, { place: 'dist', pool: 'dist/severe' })).status).toBe(201)
    desk.clock.forward(HOUR)
    expect((await desk.post(`/stays/${await stayOf(desk, patient)}/move`, { place: 'hub', pool: 'hub/severe' })).status).toBe(201)
    const late = await desk.post(`/cases/${patient}/transfer-request`, { at: asked })
    expect([late.status, late.json]).toMatchObject([422, { code: 'wrongTime', errors: [{ pointer: '/at' }],
      detail: `${patient} came to another place or left at ${came}, which ended what was asked for before; say when it was asked for since` }])
    expect((await desk.post(`/cases/${patient}/transfer-request`, { at: came })).json).toMatchObject({ waitingSince: came })
    expect((await desk.post(`/cases/${other}/transfer-request`, { at: asked })).json).toMatchObject({ waitingSince: asked })
    await desk.close()
  })

  test('what was asked for after they came stays, though that they came is told later', async () => {
    const desk = await opened()
    const stay = await stayOf(desk, 'south-1')
    expect((await desk.post('/cases/south-1/withdraw-request', {})).status).toBe(200)
    const moved = desk.clock.now().toISOString()
    desk.clock.forward(HOUR)
    const asked = desk.clock.now().toISOString()
    expect((await desk.post('/cases/south-1/transfer-request', {})).status).toBe(200)
    desk.clock.forward(HOUR)
    expect((await desk.post(`/stays/${stay}/move`, { place: 'hub', pool: 'hub/ordinary', at: moved.replace('.000Z', 'Z') })).status).toBe(201)
    expect(new Date((await caseOf(desk, 'south-1')).waitingSince ?? 0).toISOString()).toBe(asked)
    await desk.close()
  })
})
