import type { Database } from '../../src/db/database.js'
import { openDatabase } from '../../src/db/open.js'
import { keepOrders } from '../../src/dispatch/clockwork.js'
import { machine } from '../../src/app/machine.js'
import { scenarioZip } from '../../src/interop/scenarioOut.js'
import type { Clock } from '../../src/kernel/clock.js'
import { dayOf, instantOf, minutesInto, momentOf } from '../../src/kernel/time.js'
import type { Plan } from '../../src/planning/plan.js'
import type { PlanOutcome } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { city, people } from '../support/city.js'
import { freshServerDatabase } from '../support/databases.js'
import { ask, type Asked, type Said, type Served, serving } from '../support/serving.js'
import type { Board } from './crowdDeeds.js'
import { draftedPlan, emptyPlan } from './drafted.js'
import type { Chance } from './racesChance.js'

export const UNIT = 'south'
/** Pools in which people lie, of three hospitals, and rooms of two sites, by their place. */
export const BEDS: Readonly<Record<string, readonly string[]>> = {
  hub: ['hub/ordinary', 'hub/ordinary#2', 'hub/severe'], last: ['last/ordinary'], dist: ['dist/ordinary', 'dist/ordinary#2'],
}
export const ROOMS: Readonly<Record<string, readonly string[]>> = { site: ['site/room', 'site/room#2'], inn: ['inn/room'] }
const PEOPLE = 48
const CONTACTS = 32
export const VEHICLES = Array.from({ length: 8 }, (_, i) => `van-${i + 1}`)
export const CONTACT_IDS = Array.from({ length: CONTACTS }, (_, i) => `${UNIT}-M${i + 1}`)

const CITY = city({
  cases: { ...people(PEOPLE / 2, { pool: 'dist/ordinary' }), ...people(PEOPLE / 2, { pool: 'dist/ordinary#2' }, UNIT, PEOPLE / 2 + 1) },
  places: {
    last: { kind: 'centralisedTreatmentHospital', unit: 'north' }, site: { kind: 'isolationSite', unit: UNIT }, inn: { kind: 'isolationSite', unit: UNIT },
  },
  pools: {
    'hub/ordinary': { staffed: 12 }, 'hub/ordinary#2': { staffed: 7 }, 'hub/severe': { staffed: 5 }, 'last/ordinary': { staffed: 3 },
    'dist/ordinary': { staffed: 40 }, 'dist/ordinary#2': { staffed: 40 },
    'site/room': { staffed: 9 }, 'site/room#2': { staffed: 4 }, 'inn/room': { staffed: 6 },
  },
  travel: { 'dist→last': 90 }, vehicles: Object.fromEntries(VEHICLES.map((id) => [id, {}])),
})
export const PATIENTS = Object.keys(CITY.cases)

/** Twenty minutes pass in a second, so that silence becomes consent and orders expire while they are looked at. */
const PACE = 1200
const CLIENTS = 8
const NOON_MINUTES = 720
const KEEP_MILLISECONDS = 1500
const PATIENCE_MILLISECONDS = 60_000
export const CITY_BEGINS = momentOf(CITY.asOf)

export function hurriedClock(): Clock {
  const from = machine.stopwatch()
  return { now: () => new Date(CITY_BEGINS.getTime() + Math.round((machine.stopwatch() - from) * PACE)), newId: machine.newId }
}

interface CrowdNeeds {
  /** A service on each. */
  readonly stores: readonly Database[]
  readonly clock: Clock
  readonly chance: Chance
  /** Whether what the clock says to orders is written down by itself now and then; else `keepOnce` does. */
  readonly isKept: boolean
}

/** Services on one store with a small city in it, and whoever writes down what the clock says to orders. */
export class CrowdWorld {
  private isOver = false
  private keeping: Promise<void> = Promise.resolve()

  private constructor(private readonly served: readonly Served[], readonly stores: readonly Database[], private readonly clock: Clock) {}

  static async open({ stores, clock, chance, isKept }: CrowdNeeds): Promise<CrowdWorld> {
    const empty = await emptyPlan()
    const planner = async (scenario: Scenario): Promise<PlanOutcome> => ({ exit: 0, plan: drawnPlan(empty, scenario, chance), milliseconds: { total: 1 } })
    const served = await Promise.all(stores.map((db) => serving(db, { clock, isPlanning: true, planner })))
    const world = new CrowdWorld(served, stores, clock)
    const said = await world.ask('/api/scenario', { method: 'POST', bytes: { type: 'application/zip', content: scenarioZip(CITY) } })
    if (said.status !== 201) throw new Error(said.text)
    const notice = { unit: UNIT, kind: 'closeContact', lastExposure: '2020-01-14', expectedOn: '2020-01-30', site: null, source: 'crowd' }
    for (const id of CONTACT_IDS) {
      const announced = await world.ask(`/api/contacts/${id}`, { method: 'PUT', body: notice })
      if (announced.status !== 201) throw new Error(announced.text)
    }
    if (isKept) world.keeping = world.keep()
    return world
  }

  ask(path: string, asked: Asked = {}, which = 0): Promise<Said> {
    return ask(this.served[which % this.served.length]?.address ?? '', path, { ...asked, patience: PATIENCE_MILLISECONDS })
  }

  /** What anybody can read of the city now. */
  async board(): Promise<Board> {
    const items = async <T>(path: string) => ((await this.ask(path)).json as { items: T[] }).items
    const at = this.clock.now()
    return {
      now: { day: dayOf(at), half: minutesInto(dayOf(at), instantOf(at)) < NOON_MINUTES ? 'morning' : 'evening' },
      orders: await items('/api/transfer-orders?sort=-id&limit=100'), stays: await items('/api/stays?open=true&limit=200'), runs: await items('/api/plan-runs?limit=20'),
    }
  }

  /** What is wrong with the store, and what was nobody's answer. */
  async unsound(): Promise<string[]> {
    const { findings } = (await this.ask('/api/integrity')).json as { findings: object[] }
    return [...findings.map((finding) => `integrity: ${JSON.stringify(finding)}`), ...this.served.flatMap(({ bugs }) => bugs.map((bug) => `a bug: ${String(bug)}`))]
  }

  /** Ends the services; the stores are whoever opened them's to close. */
  async close(): Promise<void> {
    this.isOver = true
    await this.keeping
    for (const one of this.served) await one.close()
  }

  /** Writes down, through one of the stores, what the clock has said to orders by now. */
  async keepOnce(which = 0): Promise<void> {
    const db = this.stores[which % this.stores.length]
    if (db !== undefined) await keepOrders(db, this.clock).catch((error: unknown) => this.served[0]?.bugs.push(error))
  }

  private async keep(): Promise<void> {
    for (let turn = 0; !this.isOver; turn += 1) {
      await this.keepOnce(turn)
      await new Promise((resolve) => setTimeout(resolve, KEEP_MILLISECONDS))
    }
  }
}

/** So many stores on one new database of the server, each with clients of its own: as on so many machines. */
export async function storesOnOneServer(count: number, chance: Chance): Promise<{ stores: Database[]; end: () => Promise<void> }> {
  const { url, drop } = await freshServerDatabase()
  const stores = await Promise.all(Array.from({ length: count }, () => openDatabase({ kind: 'postgres', url, clients: CLIENTS, chance: () => chance.next() })))
  const end = async () => {
    for (const db of stores) await db.close()
    await drop()
  }
  return { stores, end }
}

/** Up to five people who lie in the district and have no order, each to a pool of the centralised hospitals. */
function drawnPlan(empty: Plan, scenario: Scenario, chance: Chance): Plan {
  const ordered = new Set(Object.values(scenario.orders).map(({ patient }) => patient))
  const waiting = Object.keys(scenario.cases).filter((id) => scenario.cases[id]?.place === 'dist' && !ordered.has(id))
  const pools = ['hub/ordinary', 'hub/ordinary#2', 'last/ordinary']
  return draftedPlan(empty, scenario, chance.shuffled(waiting).slice(0, 1 + chance.below(5)).map((patient) => ({ patient, pool: chance.one(pools) })))
}
