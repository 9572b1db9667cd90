import { type Act, done, needs, note } from './modelAct.js'
import { promised } from './modelBeds.js'
import type { Draftable, Order, OrderNow } from './modelState.js'
import { lies } from './modelStays.js'
import { type Answered, type Fields, isCount, type Kind, read, readOrNull } from './modelWords.js'

/** Where each table of a scenario goes. */
const TABLES: readonly (readonly [string, Kind])[] = [
  ['units', 'reporting-units'], ['places', 'places'], ['blocks', 'reserve-blocks'], ['pools', 'pools'], ['teams', 'expert-teams'], ['vehicles', 'vehicles'],
  ['travel', 'travel'], ['intake', 'intake'], ['cases', 'cases'],
]
type Rows = Readonly<Record<string, Fields>>

export const isEmpty = ({ records, settings }: Draftable): boolean => settings === null && TABLES.every(([, kind]) => records[kind].size === 0)

/** A scenario fills an empty store: every row in its first version, everybody in their bed, orders that stand with theirs promised. */
export function importScenario(act: Act, scenario: Fields): Answered {
  const { state, by, given } = act
  needs(isEmpty(state), 'storeNotEmpty')
  const { name, story, lotSeed, fleet, policy, require, asOf } = scenario
  const of = (said: unknown): number => readOrNull(said) ?? read(asOf)
  needs(of(asOf) <= state.now, 'wrongTime')
  const rowsOf = (table: string) => scenario[table] as Rows
  state.settings = { body: { name, story, lotSeed, fleet, policy, require }, at: of(asOf), recorded: state.now }
  for (const [table, kind] of TABLES) {
    for (const [id, { place, pool, ...row }] of Object.entries(rowsOf(table))) {
      // Where somebody lies is their stay; a pool's or a block's place is its own.
      const body = kind === 'cases' ? row : { ...row, ...(place === undefined ? {} : { place }), ...(pool === undefined ? {} : { pool }) }
      state.records[kind].set(id, [{ id, version: 1, body, effectiveAt: of(row['asOf']), recordedAt: state.now, recordedBy: by }])
    }
  }
  for (const [person, { place, pool, asOf: told }] of Object.entries(rowsOf('cases'))) {
    const { occupied, asOf: counted = null } = pool === null ? { occupied: null } as Fields : rowsOf('pools')[String(pool)] ?? {}
    const began = isCount(occupied) && of(counted) < of(told) ? of(counted) : of(told)
    lies(act, { id: given.stays.get(person) ?? 'none', person, place: String(place), pool: pool as string | null }, began)
  }
  note(act, 'scenario.imported', 'scenario', String(name))
  for (const [id, order] of Object.entries(rowsOf('orders'))) bring(act, scenario, { id, order, at: of(order['asOf']) })
  if (Object.keys(rowsOf('lastPlan')).length > 0) {
    state.plans.set('brought', {
      id: 'brought', brought: true, version: 1, state: 'approved', maker: null, approved: { at: of(asOf), by, recorded: state.now }, phone: null, confirmed: null,
      note: null, struck: [], opened: [], ended: null, lines: rowsOf('lastPlan'),
    })
  }
  act.reached('a scenario is brought in')
  const count = (table: string) => Object.keys(rowsOf(table)).length
  return done({ name, asOf, places: count('places'), pools: count('pools'), cases: count('cases') }, 201)
}

function bring({ state, by, reached }: Act, scenario: Fields, { id, order, at }: { id: string; order: Fields; at: number }): void {
  const patient = String(order['patient'])
  const person = (scenario['cases'] as Rows)[patient] ?? {}
  const pool = String(order['pool'])
  const toPlace = String((scenario['pools'] as Rows)[pool]?.['place'])
  const road = Object.values(scenario['travel'] as Rows).find(({ from, to }) =>
    JSON.stringify([from, to].sort()) === JSON.stringify([person['place'], toPlace].sort()))
  const left: OrderNow = {
    state: String(order['state']), toPlace, pool, travelMinutes: person['place'] === toPlace ? 0 : Number(road?.['minutes'] ?? 0), vehicle: order['vehicle'] as string | null,
    crew: null, leavesBase: readOrNull(order['departs']), departs: null, arrives: null, returns: readOrNull(order['returns']), answerBy: null, deadline: null,
    confirmed: null, dispatchedAt: order['state'] === 'dispatched' ? at : null, arrivedAt: null, handover: null,
  }
  const brought: Order = {
    id, patient, severity: String(person['severity']), fromPlace: String(person['place']), fromPool: person['pool'] as string | null, plan: null, reason: null, phone: null,
    trip: null, requestedAt: readOrNull(person['waitingSince']), issued: { at, by }, now: left,
    steps: [{ step: 'issue', at, recorded: state.now, by, note: null, details: { brought: scenario['name'] }, left }], brought: order,
  }
  state.orders.set(id, brought)
  if (promised(state, pool) > 0) reached('an order is brought in')
}
