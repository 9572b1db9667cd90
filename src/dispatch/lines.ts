import { invariant } from '../kernel/invariant.js'
import { text } from '../kernel/text.js'
import { instantAt, momentOf } from '../kernel/time.js'
import { roundTrip } from '../planning/fleet.js'
import type { Move, Plan, Trip } from '../planning/plan.js'
import type { Lines } from '../planning/present.js'
import type { Scenario } from '../planning/scenario.js'
import { World } from '../planning/world.js'
import { type Line, NO_RIDE, type Ride } from './orders.js'

const MINUTE = 60_000

/** What of a plan is to be issued: the moves that it decides and nobody struck, with whoever rides on their trips. */
export function linesOf(plan: Plan, struck: ReadonlySet<string>): Lines {
  const moves = plan.moves.filter(({ order, patient }) => order === null && !struck.has(patient))
  const kept = new Set(moves.map(({ patient }) => patient))
  const trips = plan.trips.map((trip) => ({ ...trip, patients: trip.patients.filter((patient) => kept.has(patient)) }))
  return { moves, trips: trips.filter(({ patients }) => patients.length > 0) }
}

export const rideOf = (trip: Trip | null): Ride => (trip === null ? NO_RIDE : {
  vehicle: trip.vehicle, crew: trip.crew, leavesBase: momentOf(trip.leavesBase), departs: momentOf(trip.departs),
  arrives: momentOf(trip.arrives), returns: momentOf(trip.decontaminatedUntil),
})

/** One move as it is issued. */
export const lineOf = (move: Move, trips: readonly Trip[]): Line => ({
  patient: move.patient, fromPlace: move.from, fromPool: move.fromPool, toPlace: move.to, pool: move.pool, outside: null, severity: move.severity,
  travelMinutes: move.travelMinutes, trip: move.trip, ride: rideOf(trips.find(({ id }) => id === move.trip) ?? null),
})

/** Every move as it is issued, in the order of the trips and, within one, of the plan; whoever needs no vehicle comes last. */
export function linesInTurn({ moves, trips }: Lines): Line[] {
  const turns = new Map(trips.map(({ id }, turn) => [id, turn]))
  const turnOf = ({ trip }: Move): number => (trip === null ? trips.length : turns.get(trip) ?? trips.length)
  return [...moves].sort((a, b) => turnOf(a) - turnOf(b)).map((move) => lineOf(move, trips))
}

/** One who rides, and the pool that they are for. */
export interface Rider {
  readonly patient: string
  readonly pool: string
}

export interface OneTrip {
  /** At least one; where the first goes, all are driven. */
  readonly riders: readonly Rider[]
  readonly vehicle: string | null
  /** Minutes of the plan's day. */
  readonly leaves: number
}

/** A plan of one trip, where a vehicle drives it. The riders and their pools are of the scenario. */
export function oneTrip(scenario: Scenario, { riders, vehicle, leaves }: OneTrip): Lines {
  const world = new World(scenario)
  const [first] = riders
  invariant(first !== undefined, 'somebody is moved')
  const [from, to] = [world.case(first.patient).place, world.pool(first.pool).place]
  const trip = vehicle === null || to === from ? null : tripOf(world, { patients: carerFirst(world, riders), vehicle, from, to, leaves })
  const moves = riders.map(({ patient, pool }): Move => {
    const person = world.case(patient)
    const at = world.pool(pool).place
    return {
      patient, from: person.place, fromPool: person.pool, to: at, pool, severity: person.severity, careLevel: world.pool(pool).careLevel,
      order: null, trip: trip?.id ?? null, departs: trip?.departs ?? null, arrives: trip?.arrives ?? null,
      travelMinutes: world.minutesBetween(person.place, at) ?? 0, reason: text('—', '-'), nextBest: null,
    }
  })
  return { moves, trips: trip === null ? [] : [trip] }
}

/**
 * When somebody who is on the road is where their order leads now, and their vehicle clean and back; null: nobody knows.
 * `from`: where they came from; `starts`: when they are back there at the latest, were they to turn round.
 */
export function ledOn(
  scenario: Scenario, { from, pool, vehicle, starts }: { from: string; pool: string; vehicle: string | null; starts: Date },
): Pick<Ride, 'arrives' | 'returns'> {
  const world = new World(scenario)
  const to = world.pool(pool).place
  const ride = vehicle === null ? null : world.minutesBetween(from, to)
  if (vehicle === null || ride === null) return { arrives: null, returns: null }
  const arrives = later(starts, ride)
  const round = roundTrip(world, { base: world.vehicle(vehicle).base, from, to })
  return { arrives, returns: round === null ? null : later(arrives, round.total - round.approach - world.policy.timetable.loadingMinutes - round.ride) }
}

const later = (moment: Date, minutes: number): Date => new Date(moment.getTime() + minutes * MINUTE)

/** However they are named: whoever is somebody's carer heads the party. */
function carerFirst(world: World, riders: readonly Rider[]): string[] {
  const carers = new Set(riders.map(({ patient }) => world.case(patient).companion))
  const patients = riders.map(({ patient }) => patient)
  return [...patients.filter((id) => carers.has(id)), ...patients.filter((id) => !carers.has(id))]
}

/** The first crew of the vehicle drives; null: there is no road, and the musts say so. */
function tripOf(
  world: World, { patients, vehicle, from, to, leaves }: { patients: string[]; vehicle: string; from: string; to: string; leaves: number },
): Trip | null {
  const { base } = world.vehicle(vehicle)
  const round = roundTrip(world, { base, from, to })
  if (round === null) return null
  const at = (minutes: number) => instantAt(world.scenario.planDay, minutes)
  const departs = leaves + round.approach + world.policy.timetable.loadingMinutes
  return {
    id: 'T0001', vehicle, base, crew: `${vehicle}/1`, patients, from, to,
    leavesBase: at(leaves), departs: at(departs), arrives: at(departs + round.ride), decontaminatedUntil: at(leaves + round.total),
  }
}
