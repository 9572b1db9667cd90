import type { Said } from '../support/serving.js'
import type { Chance } from './racesChance.js'
import { personBody, placeBody, poolBody, unitBody } from './racesRows.js'
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
export const PLACE = 'H'
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
/** People who take part in many rounds and lie nowhere between them. */
export const PEOPLE = numbers(RACERS).map((number) => `${UNIT}-${number}`)
/** Pools of one staffed bed each, empty between rounds. */
export const SINGLE_BEDS = numbers(RACERS).map((number) => `single-${number}`)

const put = (path: string, body: object): Asking => ({ method: 'PUT', path, body })
export const post = (path: string, body?: object): Asking => ({ method: 'POST', path, ...(body === undefined ? {} : { body }) })
export const admission = (person: string, pool: string): Asking => post('/api/stays', { case: person, place: PLACE, pool })
export const ending = (stay: string): Asking => post(`/api/stays/${stay}/end`, { ending: 'left' })

export const planAsked = (seconds: number): Asking => post('/api/plan-runs', { seconds })

/** A pool with so many beds, counted a minute ago. */
export async function newPool(world: RaceWorld, id: string, figures: { staffed: number; occupied: number }): Promise<void> {
  await world.must(put(`/api/pools/${id}`, poolBody(PLACE)))
  await world.must(put(`/api/pools/${id}/report`, { ...figures, physical: figures.staffed, asOf: world.ago(60_000) }))
}

/** What all rounds share. */
export async function furnish(world: RaceWorld): Promise<void> {
  await world.must(put(`/api/reporting-units/${UNIT}`, unitBody(UNIT)))
  await world.must(put(`/api/places/${PLACE}`, placeBody(UNIT)))
  await Promise.all(PEOPLE.map((id) => world.must(put(`/api/cases/${id}`, personBody(UNIT)))))
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

/** Everyone leaves, so that the next round finds the beds empty. */
export async function emptied(world: RaceWorld): Promise<void> {
  for (const { id } of await openStays(world)) await world.must(ending(id))
}

/** How many rows a table has. */
export async function rowsIn(world: RaceWorld, table: 'journal' | 'stay' | 'record_version' | 'plan_run' | 'movement'): Promise<number> {
  const [row] = await world.sql<{ count: number }[]>`select count(*)::int as count from ${world.sql(table)}`
  return row?.count ?? -1
}
