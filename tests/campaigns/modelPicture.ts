import { faultsIn } from './modelFaults.js'
import { momentsOf, type Moments, ordersThen, type OrderThen, type Past, planThen, relievedThen, versionThen, wasOpen } from './modelPast.js'
import { vehicleThen } from './modelRides.js'
import { isLive, type State, type Stay } from './modelState.js'
import { DAY, dayOf, type Fields, isCount, type Kind, midnightOf, ofCodePoints, read, written } from './modelWords.js'

export type Rows = Readonly<Record<string, Fields>>
/** Everything from which a plan is made, as it was at a moment. */
export interface Picture {
  readonly asOf: number
  readonly planDay: string
  readonly fleet: string
  readonly units: Rows
  readonly places: Rows
  readonly pools: Rows
  readonly blocks: Rows
  readonly teams: Rows
  readonly cases: Rows
  readonly vehicles: Rows
  readonly travel: Rows
  readonly orders: Rows
  readonly lastPlan: Rows
  readonly intake: Rows
  readonly settings: Fields
}

/** `planDay`: the day that is planned; that of the moment when left out. */
export function pictureAt(state: State, past: Past, planDay: string | null = null): Picture {
  const at = momentsOf(past, state.now)
  const rows = (kind: Kind): Rows => sorted([...state.records[kind]].flatMap(([id, versions]) => {
    const found = versionThen(versions, at)
    return found === undefined ? [] : [[id, found.body]]
  }))
  const lying = new Map([...state.stays.values()].filter((stay) => wasOpen(stay, at)).map((stay) => [stay.person, stay]))
  const cases = casesThen(state, rows('cases'), lying, at)
  const { orders, held } = issuedThen(state, cases, past)
  const inRooms = [...state.rooms.values()].filter((room) => wasOpen(room, at))
  const pools = mapped(rows('pools'), (pool, id) => poolThen(pool, {
    named: [...Object.values(cases), ...inRooms].filter((one) => (one as Fields)['pool'] === id).length, held: held.get(id) ?? 0,
  }))
  const { settings } = state
  const standing = settings !== null && settings.at <= at.asOf && settings.recorded <= at.knownAt ? settings.body : {}
  const day = planDay ?? dayOf(at.asOf)
  const lines = planThen(state, past)?.lines ?? {}
  return {
    asOf: at.asOf, planDay: day, units: rows('reporting-units'), places: rows('places'), pools, blocks: rows('reserve-blocks'), teams: rows('expert-teams'),
    cases, vehicles: mapped(rows('vehicles'), vehicleThen(state, past, day)), travel: rows('travel'), orders,
    lastPlan: sorted(Object.entries(lines).filter(([patient]) => cases[patient] !== undefined)),
    intake: sorted(Object.entries(rows('intake')).filter(([one]) => midnightOf(one) < at.asOf)), fleet: String(standing['fleet'] ?? 'listed'),
    settings: { name: 'city', story: '', fleet: 'listed', policy: {}, require: [], lotSeed: day, ...standing },
  }
}

/** As a scenario that goes out; null where it is none: it contradicts itself, or its day is past or has no edition. */
export function scenarioOf(picture: Picture, asOf = written(picture.asOf)): Fields | null {
  const isEmpty = [picture.units, picture.places].some((rows) => Object.keys(rows).length === 0)
  const isPast = picture.asOf >= midnightOf(picture.planDay) + 2 * DAY
  if (isEmpty || isPast || !isPlannable(picture.planDay) || faultsIn(picture).length > 0) return null
  const { settings, fleet: _fleet, ...rest } = picture
  return { ...settings, ...rest, ...NOT_KEPT, asOf }
}
/** Tables that a store keeps nothing of. */
const NOT_KEPT: Readonly<Record<string, Rows>> = {
  edits: {}, items: {}, packings: {}, substitutes: {}, kitParts: {}, norms: {}, receivers: {}, staff: {}, uses: {}, sources: {}, lots: {}, supplies: {}, consignments: {}, requests: {},
}
/** The same as a snapshot, which leaves them out while they are empty. */
export const snapshotOf = (scenario: Fields): Fields => Object.fromEntries(Object.entries(scenario).filter(([table]) => !Object.hasOwn(NOT_KEPT, table)))
/** Days with an edition of the policy. */
export const isPlannable = (day: string): boolean => day >= '2020-01-27' && day <= '2020-02-03'
export const scenarioAt = (state: State, past: Past): Fields | null =>
  scenarioOf(pictureAt(state, past), past.asOf)

const sorted = (entries: readonly (readonly [string, Fields])[]): Rows => Object.fromEntries([...entries].sort(([a], [b]) => ofCodePoints(a, b)))
const mapped = (rows: Rows, change: (row: Fields, id: string) => Fields): Rows => Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, change(row, id)]))

/** Everyone who lay somewhere, with where; a carer who did not accompanies nobody. */
function casesThen(state: State, told: Rows, lying: ReadonlyMap<string, Stay>, { asOf, knownAt }: Moments): Rows {
  return sorted([...lying].flatMap(([id, { place, pool }]) => {
    const first = state.records.cases.get(id)?.[0]
    const person = told[id] ?? (first !== undefined && first.recordedAt <= knownAt ? asBefore(first.body, asOf) : undefined)
    if (person === undefined) return []
    return [[id, { ...person, place, pool, companion: lying.has(String(person['companion'])) ? person['companion'] : null }]]
  }))
}

/** Somebody of whom nothing had been put down yet, as the first that was told of them has it; nothing of it is of later. */
function asBefore(first: Fields, asOf: number): Fields {
  const isLater = (field: string) => first[field] !== null && read(first[field]) > asOf
  return {
    ...first, ...(isLater('waitingSince') ? { waitingSince: null } : {}), ...(isLater('asOf') ? { asOf: null } : {}),
    ...(isLater('fitnessAssessedAt') ? { fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null } : {}),
  }
}

const SOURCE_LETTERS_MAX = 400
/** Everyone named is in it, and nobody keeps or staffs more beds than there are; what dispatch keeps is held, and said. */
function poolThen(pool: Fields, { named, held }: { named: number; held: number }): Fields {
  const { occupied, physical, staffed, protected: kept, held: own, source } = pool
  return {
    ...pool, occupied: isCount(occupied) ? Math.max(occupied, named) : occupied, protected: isCount(physical) ? Math.min(Number(kept), physical) : kept,
    staffed: isCount(physical) && isCount(staffed) ? Math.min(staffed, physical) : staffed,
    ...(held === 0 ? {} : { held: isCount(own) ? own + held : own, source: `${held} held by dispatch; ${String(source)}`.slice(0, SOURCE_LETTERS_MAX) }),
  }
}

/** Orders that asked for something then, and the beds that were kept beside them. An order that was over asks for nothing. */
function issuedThen(state: State, cases: Rows, past: Past): { orders: Rows; held: ReadonlyMap<string, number> } {
  const { asOf } = momentsOf(past, state.now)
  const live = ordersThen(state, past).filter(({ then: { state: is, deadline } }) => isLive(is) && (deadline === null || deadline > asOf))
  const held = relievedThen(state, past)
  const rides = new Set<string>()
  const orders = clipped(live.map((one): [string, Fields] => [one.id, orderRow(state, one, rides)]))
  const asks = ({ patient, pool }: Fields) => cases[String(patient)] !== undefined && cases[String(patient)]?.['pool'] !== pool
  for (const [, { pool }] of orders.filter(([, order]) => !asks(order))) held.set(String(pool), (held.get(String(pool)) ?? 0) + 1)
  return { orders: sorted(orders.filter(([, order]) => asks(order))), held }
}

/** Of one vehicle, whoever is out has what those who wait leave them; nothing is left where they have all of it. */
function clipped(orders: readonly [string, Fields][]): [string, Fields][] {
  const done: [string, Fields][] = []
  const spansOf = (vehicle: unknown) => [...orders.filter(([, { state: is }]) => is !== 'dispatched'), ...done]
    .filter(([, other]) => other['vehicle'] === vehicle && other['departs'] !== null).map(([, other]) => [read(other['departs']), read(other['returns'])] as const)
    .sort(([a], [b]) => a - b)
  for (const [id, order] of orders) {
    if (order['state'] !== 'dispatched' || order['vehicle'] === null) continue
    const own = [read(order['departs']), read(order['returns'])] as [number, number]
    for (const [from, to] of spansOf(order['vehicle'])) {
      if (to <= own[0] || from >= own[1]) continue
      if (from > own[0]) own[1] = from
      else own[0] = to
    }
    const [from, to] = own
    const isChanged = from !== read(order['departs']) || to !== read(order['returns'])
    done.push([id, !isChanged ? order : from < to ? { ...order, departs: written(from), returns: written(to) } : { ...order, vehicle: null, departs: null, returns: null }])
  }
  const rows = new Map(done)
  return orders.map(([id, order]) => [id, rows.get(id) ?? order])
}

/** A carer and children share one ride, which keeps the vehicle busy once. What a scenario brought stays as it was written. */
function orderRow(state: State, { id, version, then: { pool, state: is, vehicle, leavesBase, returns } }: OrderThen, rides: Set<string>): Fields {
  const { patient, brought } = state.orders.get(id) ?? { patient: id, brought: null }
  if (brought !== null && version === 1) return { ...brought, outside: null }
  const ride = `${vehicle} ${leavesBase}`
  const drives = vehicle !== null && leavesBase !== null && returns !== null && !rides.has(ride)
  if (drives) rides.add(ride)
  return {
    patient, pool, outside: null, state: is === 'dispatched' ? 'dispatched' : 'issued', vehicle: drives ? vehicle : null,
    departs: drives ? written(leavesBase) : null, returns: drives ? written(returns) : null,
    source: brought === null ? `transfer order ${id}` : brought['source'], assumed: [], asOf: null,
  }
}
