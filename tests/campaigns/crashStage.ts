import { setTimeout as pause } from 'node:timers/promises'
import { clockWith, machine } from '../../src/app/machine.js'
import { setClockShift } from '../../src/db/clockShift.js'
import { openDatabase, type Place } from '../../src/db/open.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import type { Clock } from '../../src/kernel/clock.js'
import { city } from '../support/city.js'
import { ask } from '../support/serving.js'
import { GOODS_STOCK, itemOf } from './crashGoods.js'
import { idOf, type Ward } from './crashLoad.js'
import { fitBody, placeBody, poolBody, unitBody } from './racesRows.js'

/** A day that has editions of policy and of isolation, so that orders can be issued and contacts taken in. */
const SHIFT_MILLISECONDS = Date.parse('2020-01-30T08:00:00+08:00') - Date.now()
export const CRASH_CLOCK: Clock = clockWith(SHIFT_MILLISECONDS)

/** Migrates a store and sets its clock, before the service that is to die is started on it. */
export async function stageSet(place: Place): Promise<void> {
  const db = await openDatabase(place)
  await db.inTransaction((tx) => setClockShift(tx, SHIFT_MILLISECONDS))
  await db.close()
}

/** A city without anybody in it, whose ambulances are unlimited. */
const CITY = city()
const BEDS = 5000
const ROOMS = 12
const PLANNED = 3
const PLAN_MILLISECONDS = 60_000
const LOOK_MILLISECONDS = 100

/** What a round takes place in, and for approvals a draft and somebody else than its maker. */
export async function furnished(address: string, ward: Omit<Ward, 'draft' | 'approver'>, hasOrders: boolean): Promise<Ward> {
  const { unit, place, pools, counted, district, hub, site } = ward
  const put = async (path: string, body: object) => {
    const said = await ask(address, `/api${path}`, { method: 'PUT', body })
    if (said.status >= 300) throw new Error(`${path}: ${said.status} ${said.text}`)
  }
  const brought = await ask(address, '/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(CITY) } })
  if (brought.status !== 201 && brought.status !== 409) throw new Error(brought.text)
  await put(`/reporting-units/${unit}`, unitBody(unit))
  const beds = async (pool: string, at: string, careLevel: string, staffed: number) => {
    await put(`/pools/${pool}`, { ...poolBody(at), careLevel })
    await put(`/pools/${pool}/report`, { physical: staffed, staffed, occupied: 0, held: 0 })
  }
  await put(`/places/${place}`, placeBody(unit))
  for (const pool of [...pools, counted]) await beds(pool, place, 'ordinary', BEDS)
  if (!hasOrders) return { ...ward, draft: null, approver: '' }
  await put(`/places/${district.place}`, { ...placeBody(unit), kind: 'districtDesignatedHospital' })
  await put(`/places/${hub.place}`, placeBody(unit))
  await put(`/places/${site.place}`, { ...placeBody(unit), kind: 'isolationSite' })
  await put(`/travel/${district.place}→${hub.place}`, { from: district.place, to: hub.place, minutes: 40, source: 'crash' })
  await beds(district.pool, district.place, 'ordinary', BEDS)
  await beds(hub.pool, hub.place, 'ordinary', BEDS)
  await beds(site.pool, site.place, 'room', ROOMS)
  await put(`/items/${itemOf(ward)}`, { name: { zh: '口罩', en: 'Respirator' }, unit: 'piece', grade: 'GB 19083-2010', zones: ['red'], shipsBy: null, cubicCentimetres: 'notTracked', source: 'crash' })
  const came = await ask(address, '/api/stock-notes/receipts', {
    method: 'POST', body: { place: district.place, party: 'a supplier', authority: 'city', released: true, lines: [{ item: itemOf(ward), lot: 'A', expiresOn: null, count: GOODS_STOCK }] },
  })
  if (came.status !== 201) throw new Error(came.text)
  for (let i = 0; i < PLANNED; i += 1) {
    await put(`/cases/${unit}-planned-${i}`, fitBody(unit))
    await ask(address, '/api/stays', { method: 'POST', body: { case: `${unit}-planned-${i}`, ...district } })
  }
  return { ...ward, draft: await drafted(address), approver: await approver(address, ward.name) }
}

/** A plan as of now, computed. */
async function drafted(address: string): Promise<string> {
  const run = idOf(await ask(address, '/api/plan-runs', { method: 'POST', body: { seconds: 30, secondOpinion: false } }))
  for (let waited = 0; waited < PLAN_MILLISECONDS; waited += LOOK_MILLISECONDS) {
    const { state } = (await ask(address, `/api/plan-runs/${run}`)).json as { state: string }
    if (state === 'done') return run
    if (state !== 'queued' && state !== 'running') throw new Error(`the plan of a round is ${state}`)
    await pause(LOOK_MILLISECONDS)
  }
  throw new Error('the plan of a round was not computed')
}

/** The Authorization of somebody who may approve what others asked for, and sign for what others shipped. */
async function approver(address: string, name: string): Promise<string> {
  const id = `approver-${name}`
  const expiresAt = new Date(CRASH_CLOCK.now().getTime() + 86_400_000).toISOString()
  const grants = ['treatmentGroup', 'supplyOfficer'].map((role) => ({ role, scope: { kind: 'city' } }))
  await ask(address, `/api/api-keys/${id}`, { method: 'PUT', body: { title: { zh: '批准', en: 'approves' }, grants, expiresAt } })
  const { key } = (await ask(address, `/api/api-keys/${id}/secret`, { method: 'POST', key: `${id}-${machine.newId()}` })).json as { key: string }
  return `Bearer ${key}`
}
