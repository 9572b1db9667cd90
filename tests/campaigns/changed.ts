import { isKnown } from '../../src/kernel/quantity.js'
import { blocksToOpen, Facts } from '../../src/planning/facts.js'
import type { Move, Plan } from '../../src/planning/plan.js'
import { MUSTS } from '../../src/planning/rules/musts.js'
import { type Scenario, TABLES } from '../../src/planning/scenario.js'
import { World } from '../../src/planning/world.js'
import { lawful } from './given.js'
import type { Draws } from './property.js'

const SOURCE = { source: 'made up for a property', assumed: [], asOf: null }

/** With a demand kept, more of anything may be worse for the needs before it; so nothing is demanded. */
export const demandFree = (scenario: Scenario): Scenario => ({ ...scenario, require: [] })

/** One more bed, set up and staffed, in a pool whose figures are known; null: there is none. */
export function withOneMoreBed(scenario: Scenario, [draw = 0]: Draws): Scenario | null {
  const known = Object.entries(scenario.pools).filter(([, { physical, staffed, occupied, held }]) =>
    [physical, staffed, occupied, held].every(isKnown))
  const [id, pool] = known[draw % Math.max(1, known.length)] ?? []
  if (id === undefined || pool === undefined || !isKnown(pool.physical) || !isKnown(pool.staffed)) return null
  const more = { ...pool, physical: pool.physical + 1, staffed: pool.staffed + 1 }
  return lawful({ ...scenario, pools: { ...scenario.pools, [id]: more } })
}

/** One more ambulance of any fleet and base. */
export function withOneMoreVehicle(scenario: Scenario, [fleet = 0, base = 0, kind = 0]: Draws): Scenario {
  const places = Object.keys(scenario.places)
  const fleets = [...Object.keys(scenario.units), ...places]
  const more = {
    fleet: fleets[fleet % fleets.length] ?? '', base: places[base % places.length] ?? '', crews: 1 + (kind % 2),
    negativePressure: kind % 2 === 0, lifeSupport: kind % 3 !== 0,
    availableFrom: '06:00', availableTo: '24:00', ...SOURCE,
  }
  return lawful({ ...scenario, vehicles: { ...scenario.vehicles, 'one-more': more } })
}

const byDraw = <T>(items: readonly T[], draws: Draws): T[] =>
  items
    .map((item, i) => ({ item, draw: draws[i % draws.length] ?? 0 }))
    .sort((a, b) => a.draw - b.draw)
    .map(({ item }) => item)

/** The same tables with their rows in another order. */
export function shuffled(scenario: Scenario, draws: Draws): Scenario {
  const tables = TABLES.map((table) => [table, Object.fromEntries(byDraw(Object.entries(scenario[table]), draws))])
  return { ...scenario, ...Object.fromEntries(tables) }
}

/** Every place under the name of another, wherever it is named. */
export function renamed(scenario: Scenario, draws: Draws): Scenario {
  const places = Object.keys(scenario.places)
  const others = byDraw(places, draws)
  const names = new Map(places.map((id, i) => [id, others[i] ?? id]))
  const name = (id: string) => names.get(id) ?? id
  const rows = <T>(table: Record<string, T>, change: (row: T) => Partial<T>): Record<string, T> =>
    Object.fromEntries(Object.entries(table).map(([id, row]) => [id, { ...row, ...change(row) }]))
  return lawful({
    ...scenario,
    places: Object.fromEntries(Object.entries(scenario.places).map(([id, row]) => [name(id), row])),
    pools: rows(scenario.pools, ({ place }) => ({ place: name(place) })),
    blocks: rows(scenario.blocks, ({ place }) => ({ place: name(place) })),
    teams: rows(scenario.teams, ({ station }) => ({ station: name(station) })),
    cases: rows(scenario.cases, ({ place }) => ({ place: name(place) })),
    vehicles: rows(scenario.vehicles, ({ fleet, base }) => ({ fleet: name(fleet), base: name(base) })),
    lastPlan: rows(scenario.lastPlan, ({ to }) => ({ to: name(to) })),
    edits: rows(scenario.edits, ({ place }) => ({ place: place === null ? null : name(place) })),
    travel: Object.fromEntries(Object.values(scenario.travel).map((row) =>
      [`${name(row.from)}→${name(row.to)}`, { ...row, from: name(row.from), to: name(row.to) }])),
  })
}

/** Whether carrying out the orders, and nothing else, breaks no must. */
export function ordersAloneHold(scenario: Scenario): boolean {
  const world = new World(scenario)
  const moves = Object.entries(scenario.orders).flatMap(([order, { patient, pool }]): Move[] => {
    if (pool === null) return []
    const { place: from, pool: fromPool, severity } = world.case(patient)
    const { place: to, careLevel } = world.pool(pool)
    const travelMinutes = world.minutesBetween(from, to) ?? 0
    return [{
      patient, from, fromPool, to, pool, severity, careLevel, travelMinutes, order, trip: null, departs: null,
      arrives: null, reason: { zh: '-', en: '-' }, nextBest: null,
    }]
  })
  const reserves = blocksToOpen(world, moves).map((block) => ({ block, opened: true }))
  return MUSTS.every((rule) => rule.measure(new Facts(world, { moves, trips: [], reserves })).length === 0)
}

/** The scenario once every move of the plan is a transfer order. */
export function issued(scenario: Scenario, plan: Plan): Scenario {
  const trips = new Map(plan.trips.map((trip) => [trip.id, trip]))
  const orders = plan.moves.filter(({ order }) => order === null).map(({ patient, pool, trip: id }, i) => {
    const trip = trips.get(id ?? '')
    return [`issued-${i + 1}`, {
      patient, pool, state: 'issued', vehicle: trip?.vehicle ?? null, departs: trip?.leavesBase ?? null,
      returns: trip?.decontaminatedUntil ?? null, ...SOURCE,
    }] as const
  })
  return lawful({ ...scenario, orders: { ...scenario.orders, ...Object.fromEntries(orders) } })
}

/** The scenario once everybody has arrived: beds given up and taken, blocks open, no order left, and gone who left the system. */
export function carriedOut(scenario: Scenario, plan: Plan): Scenario {
  const gone = new Set(Object.values(scenario.orders).filter(({ pool }) => pool === null).map(({ patient }) => patient))
  const change = (id: string) => plan.moves.filter((move) => move.pool === id).length
    - plan.moves.filter((move) => move.fromPool === id).length - [...gone].filter((patient) => scenario.cases[patient]?.pool === id).length
  const pools = Object.entries(scenario.pools).map(([id, pool]) =>
    [id, { ...pool, occupied: isKnown(pool.occupied) ? pool.occupied + change(id) : pool.occupied }])
  const cases = Object.entries(scenario.cases).filter(([id]) => !gone.has(id)).map(([id, person]) => {
    const move = plan.moves.find(({ patient }) => patient === id)
    const companion = person.companion !== null && gone.has(person.companion) ? null : person.companion
    return [id, { ...person, companion, ...(move === undefined ? {} : { place: move.to, pool: move.pool }) }]
  })
  const blocks = Object.entries(scenario.blocks).map(([id, block]) =>
    [id, { ...block, opened: block.opened || plan.reserves.some((reserve) => reserve.block === id && reserve.opened) }])
  const [after, lying, open] = [pools, cases, blocks].map((rows): unknown => Object.fromEntries(rows))
  const lastPlan = Object.fromEntries(Object.entries(scenario.lastPlan).filter(([id]) => !gone.has(id)))
  return lawful({ ...scenario, pools: after, cases: lying, blocks: open, orders: {}, lastPlan })
}
