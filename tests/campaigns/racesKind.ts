import { sql } from 'drizzle-orm'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import { city } from '../support/city.js'
import { handoverAt } from '../support/desk.js'
import type { Said } from '../support/serving.js'
import type { Chance } from './racesChance.js'
import { fitBody, noticeBody, personBody, poolBody } from './racesRows.js'
import { type Asking, RACERS, type RaceWorld } from './racesWorld.js'

/** One round of a race, with what it takes place in. */
export interface Round {
  readonly world: RaceWorld
  readonly chance: Chance
  /** Begins the ids of what this round makes. */
  readonly name: string
}

export interface Kind {
  readonly name: string
  /** What went wrong, as sentences; none: the race had the outcome it must have. */
  readonly race: (round: Round) => Promise<string[]>
}

export const UNIT = 'U'
/** Two centralised hospitals, a district's own, in whose ward there is room for everybody, and two isolation sites. */
export const PLACE = 'H'
export const OTHER_PLACE = 'K'
const WARD = { place: 'D', pool: 'D/ordinary' }
export const SITES = ['S', 'T'] as const
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
/** People who take part in many rounds and lie nowhere between them. */
export const PEOPLE = numbers(RACERS).map((number) => `${UNIT}-${number}`)
/** People who are fit to travel, and lie nowhere between rounds. */
export const PATIENTS = numbers(RACERS).map((number) => `${UNIT}-p${number}`)
/** Contacts who are announced, and in no site between rounds. */
export const CONTACTS = numbers(RACERS).map((number) => `${UNIT}-M${number}`)
/** Pools of one staffed bed each, empty between rounds. */
export const SINGLE_BEDS = numbers(RACERS).map((number) => `single-${number}`)

export const put = (path: string, body: object): Asking => ({ method: 'PUT', path, body })
export const post = (path: string, body?: object): Asking => ({ method: 'POST', path, ...(body === undefined ? {} : { body }) })
export const admission = (person: string, pool: string): Asking => post('/api/stays', { case: person, place: PLACE, pool })
export const ending = (stay: string): Asking => post(`/api/stays/${stay}/end`, { ending: 'left' })

export const planAsked = (seconds: number): Asking => post('/api/plan-runs', { seconds })

interface NewPool {
  readonly staffed: number
  readonly occupied: number
  readonly place?: string
  readonly careLevel?: 'ordinary' | 'room'
}

/** A pool with so many beds, counted a minute ago. */
export async function newPool(world: RaceWorld, id: string, { place = PLACE, careLevel = 'ordinary', ...figures }: NewPool): Promise<void> {
  await world.must(put(`/api/pools/${id}`, { ...poolBody(place), careLevel }))
  await world.must(put(`/api/pools/${id}/report`, { ...figures, physical: figures.staffed, held: 0, asOf: world.ago(60_000) }))
}

/** It has long been there, so that days of the past can be reported. */
const LONG_AGO = '2019-12-01T12:00:00+08:00'
const CITY = city({
  units: { [UNIT]: { asOf: LONG_AGO } }, travel: { [`${WARD.place}→${PLACE}`]: 40, [`${WARD.place}→${OTHER_PLACE}`]: 70, [`${PLACE}→${OTHER_PLACE}`]: 30 },
  places: {
    [PLACE]: { kind: 'centralisedTreatmentHospital', unit: UNIT, asOf: LONG_AGO }, [OTHER_PLACE]: { kind: 'centralisedTreatmentHospital', unit: UNIT },
    [WARD.place]: { unit: UNIT }, ...Object.fromEntries(SITES.map((site) => [site, { kind: 'isolationSite', unit: UNIT } as const])),
  },
  pools: { [WARD.pool]: { physical: 99, staffed: 90 } },
})

/** What all rounds share. */
export async function furnish(world: RaceWorld): Promise<void> {
  await world.must({ method: 'POST', path: '/api/scenario', bytes: { type: 'application/zip', content: scenarioZip(CITY) } })
  await Promise.all(PEOPLE.map((id) => world.must(put(`/api/cases/${id}`, personBody(UNIT)))))
  await Promise.all(PATIENTS.map((id) => world.must(put(`/api/cases/${id}`, fitBody(UNIT)))))
  await Promise.all(CONTACTS.map((id) => world.must(put(`/api/contacts/${id}`, noticeBody(UNIT)))))
  await Promise.all(SINGLE_BEDS.map((id) => newPool(world, id, { staffed: 1, occupied: 0 })))
}

/** The stay that a person is in, once admitted. */
export async function admitted(world: RaceWorld, person: string, pool: string): Promise<string> {
  return idOf(await world.must(admission(person, pool)))
}

export const idOf = ({ json }: Said): string => (json as { id: string }).id

interface StayOut {
  readonly id: string
  readonly case: string
  readonly pool: string
}

/** Every open stay of the store. */
export const openStays = async (world: RaceWorld): Promise<StayOut[]> =>
  (await world.read<{ items: StayOut[] }>('/api/stays?open=true&limit=200')).items

/** Patients who lie in the district's ward from now on. */
export async function inWard(world: RaceWorld, patients: readonly string[]): Promise<void> {
  await Promise.all(patients.map((patient) => world.must(post('/api/stays', { case: patient, ...WARD }))))
}

export interface OrderOut {
  readonly id: string
  readonly state: string
  readonly patient: string
  readonly pool: string
}

/** An order outside any plan for somebody in the ward. */
export const ordering = (patient: string, pool: string): Asking => post('/api/transfer-orders', { patient, pool, reason: 'newCase' })
export const stepping = (order: string, step: string, body: object = {}): Asking => post(`/api/transfer-orders/${order}/${step}`, body)
/** Signed now. */
export const arriving = (world: RaceWorld, order: string, condition = 'stable'): Asking => stepping(order, 'arrive', { handover: { ...handoverAt(world.ago(0)), condition } })
export const ordersThat = async (world: RaceWorld, query: string): Promise<OrderOut[]> =>
  (await world.read<{ items: OrderOut[] }>(`/api/transfer-orders?limit=200&${query}`)).items

/** How many beds of a pool are promised, and how many named people lie there. */
export async function bookOf(world: RaceWorld, pool: string): Promise<{ held: number; named: number }> {
  const { accounts } = await world.read<{ accounts: { account: string; balance: number; held: number }[] }>(`/api/pools/${pool}/book`)
  const of = (name: string) => accounts.find(({ account }) => account === name)
  return { held: of('free')?.held ?? 0, named: of('named')?.balance ?? 0 }
}

/** Orders come to their end and everyone leaves, so that the next round finds the city empty. */
export async function emptied(world: RaceWorld): Promise<void> {
  for (const { id, state } of await ordersThat(world, 'live=true')) {
    await world.must(state === 'dispatched' ? arriving(world, id) : stepping(id, 'cancel', { note: 'the round is over' }))
  }
  await Promise.all((await openStays(world)).map(({ id }) => world.must(ending(id))))
  const { items } = await world.read<{ items: { contact: string }[] }>('/api/isolation/stays?open=true&limit=200')
  await Promise.all(items.map(({ contact }) => world.must(post(`/api/contacts/${contact}/leave`, { ending: 'left' }))))
}

const TABLES = ['journal', 'stay', 'record_version', 'plan_run', 'movement', 'transfer_order', 'isolation_stay'] as const

/** How many rows a table has. */
export async function rowsIn(world: RaceWorld, table: (typeof TABLES)[number]): Promise<number> {
  const [row] = await world.rows<{ count: number }>(sql`select count(*)::int as count from ${sql.identifier(table)}`)
  return row?.count ?? -1
}
