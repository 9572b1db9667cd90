import { afterAll, expect, test } from 'vitest'
import { closeSolvers } from '../src/planning/solve/thread.js'
import { at, city, type CityPatch, people } from './support/city.js'
import { eachDatabase } from './support/databases.js'
import { Desk } from './support/desk.js'
import type { Said } from './support/serving.js'

afterAll(closeSolvers)

const HOUR = 3600_000
const CITY = {
  cases: people(3), pools: { 'hub/ordinary': {}, 'other/ordinary': {}, 'spare/ordinary': { block: 'spare/a' }, 'dist/ordinary': {} },
  places: { other: { kind: 'centralisedTreatmentHospital', unit: 'north' }, spare: { kind: 'reserveHospital', unit: 'north' } },
  blocks: { 'spare/a': { opened: true } }, travel: { 'dist→other': 40, 'dist→spare': 50, 'hub→other': 10, 'hub→spare': 10 },
  fleet: 'listed', vehicles: { van: { availableFrom: '00:00' }, car: {} },
} as const satisfies CityPatch
const said = ({ status, json }: Said) => {
  const { code, errors = [] } = json as { code?: string; errors?: { pointer: string }[] }
  return [status, code, ...new Set(errors.map(({ pointer }) => pointer))]
}

/** A record as it stands, with some of it changed. */
async function change(desk: Desk, path: string, fields: object): Promise<void> {
  const { json, headers } = await desk.say(path, 'reader')
  const { id: _id, version: _version, effectiveAt: _at, recordedAt: _then, recordedBy: _by, ...body } = json as Record<string, unknown>
  const put = await desk.say(path, 'commander', { method: 'PUT', body: { ...body, ...fields }, headers: { 'if-match': headers.get('etag') ?? '' } })
  expect([put.status, put.status === 200 ? '' : put.text]).toEqual([200, ''])
}

async function accepted(desk: Desk, patient: string, pool: string, ride: object = {}): Promise<string> {
  const issued = await desk.post('/transfer-orders', { patient, pool, reason: 'worsened', vehicle: 'van', leavesBase: at('06:00'), ...ride })
  expect([issued.status, issued.status === 201 ? '' : issued.text]).toEqual([201, ''])
  const { id } = issued.json as { id: string }
  await desk.steps(id, 'accept')
  return id
}

eachDatabase((_, open) => {
  test('nobody is driven into a block that was shut since, signed or not', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const id = await accepted(desk, 'south-1', 'spare/ordinary')
    await change(desk, '/reserve-blocks/spare%2Fa', { opened: false, oxygen: 'notSigned' })
    expect(said(await desk.step(id, 'dispatch'))).toEqual([409, 'breaksMust', 'reserveReady/spare/a'])
    await change(desk, '/reserve-blocks/spare%2Fa', { oxygen: 'signed' })
    expect(said(await desk.step(id, 'dispatch'))).toEqual([409, 'breaksMust', 'reserveReady/spare/a'])
    await change(desk, '/reserve-blocks/spare%2Fa', { opened: true })
    expect(said(await desk.step(id, 'dispatch'))).toEqual([200, undefined])
    await desk.close()
  })

  test('inside one hospital nobody is brought into a bed that does not serve them any more, or a block that was shut', async () => {
    const there = { place: 'spare', pool: 'spare/light' }
    const desk = await Desk.open(await open(), city({
      ...CITY, cases: people(2, there), blocks: { 'spare/a': { opened: true }, 'spare/b': { sequence: 2, opened: true } },
      pools: { ...CITY.pools, 'spare/ordinary': { block: 'spare/a' }, 'spare/light': { block: 'spare/b' } },
    }))
    const inside = async (patient: string) => {
      const issued = await desk.post('/transfer-orders', { patient, pool: 'spare/ordinary', reason: 'worsened', vehicle: null })
      expect([issued.status, issued.status === 201 ? '' : issued.text]).toEqual([201, ''])
      const { id } = issued.json as { id: string }
      await desk.steps(id, 'accept')
      return id
    }
    const [one, other] = [await inside('south-1'), await inside('south-2')]
    expect((await desk.post('/cases/south-1/severity', { severity: 'critical' }, 'desk')).status).toBe(200)
    expect(said(await desk.step(one, 'dispatch'))).toEqual([409, 'breaksMust', 'careLevel/south-1'])
    await change(desk, '/reserve-blocks/spare%2Fa', { opened: false })
    expect(said(await desk.step(other, 'dispatch'))).toEqual([409, 'breaksMust', 'reserveReady/spare/a'])
    await change(desk, '/reserve-blocks/spare%2Fa', { opened: true })
    expect(said(await desk.step(other, 'dispatch'))).toEqual([200, undefined])
    await desk.close()
  })

  test('whoever comes second for the last bed is told who was promised it, by an order, by hand and at an approval', async () => {
    const desk = await Desk.open(await open(), city({ ...CITY, pools: { 'hub/ordinary': { staffed: 1 }, 'dist/ordinary': {} }, places: {}, blocks: {}, travel: {} }))
    const { run } = await desk.draft()
    expect((await desk.say('/pools/hub%2Fordinary/report', 'ward', { method: 'PUT', body: { staffed: 1, occupied: 0 } })).status).toBe(200)
    const id = await accepted(desk, 'south-3', 'hub/ordinary')
    const won = `the newest promise of a bed there was made by group at ${at('00:00')} (${id})`
    const second = await desk.post('/transfer-orders', { patient: 'south-2', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'car', leavesBase: at('06:00') })
    const { items } = (await desk.say('/stays', 'reader')).json as { items: { id: string; case: string }[] }
    const byHand = await desk.post(`/stays/${items.find((stay) => stay.case === 'south-2')?.id}/move`, { place: 'hub', pool: 'hub/ordinary' }, 'ward')
    expect([second, byHand].map(({ status, text }) => [status, text.includes(won)])).toEqual([[409, true], [409, true]])
    expect(byHand.text).toContain('0 left, as last put down by ward')
    const approved = await desk.post(`/plan-runs/${run}/approve`, {})
    expect([approved.status, approved.text.includes('planIsStale'), approved.text.includes(won)]).toEqual([409, true, true])
    await desk.close()
  })

  test('nobody is driven to a place that left the command', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const id = await accepted(desk, 'south-1', 'hub/ordinary')
    await change(desk, '/places/hub', { underCommand: false })
    expect(said(await desk.step(id, 'dispatch'))).toEqual([409, 'breaksMust', 'underCommand/hub'])
    await desk.close()
  })

  test('who is on the road is taken elsewhere, whomever the place obeys that they have left', async () => {
    const desk = await Desk.open(await open(), city(CITY))
    const id = await accepted(desk, 'south-1', 'hub/ordinary')
    const waits = await accepted(desk, 'south-2', 'hub/ordinary', { vehicle: 'car' })
    await desk.steps(id, 'dispatch')
    await change(desk, '/places/dist', { underCommand: false })
    expect(said(await desk.step(waits, 'divert', { pool: 'other/ordinary', note: 'nearer' }))).toEqual([409, 'breaksMust', 'underCommand/dist'])
    await change(desk, '/places/other', { underCommand: false })
    expect(said(await desk.step(id, 'divert', { pool: 'other/ordinary', note: 'nearer' }))).toEqual([409, 'breaksMust', 'underCommand/other', 'usableBeds/other/ordinary'])
    await change(desk, '/places/other', { underCommand: true })
    expect(said(await desk.step(id, 'divert', { pool: 'other/ordinary', note: 'nearer' }))).toEqual([200, undefined])
    await desk.close()
  })

  test('a vehicle that is late is busy as long as it was to be, from now on', async () => {
    const desk = await Desk.open(await open(), city({ ...CITY, vehicles: { van: {} } }))
    await accepted(desk, 'south-1', 'hub/ordinary')
    desk.clock.forward(8.5 * HOUR)
    // It was to be back at 08:29 and has not left: 149 minutes from half past eight.
    const soon = await desk.post('/transfer-orders', { patient: 'south-2', pool: 'hub/ordinary', reason: 'worsened', vehicle: 'van', leavesBase: at('10:58') })
    expect(said(soon)).toEqual([409, 'breaksMust', 'decontamination/T0001'])
    const { plan } = await desk.draft()
    expect(plan.trips.map(({ vehicle, leavesBase }) => [vehicle, leavesBase])).toEqual([['van', at('10:59')], ['van', at('13:28')]])
    await desk.close()
  })
})
