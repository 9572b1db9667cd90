import { text } from '../kernel/text.js'
import { instantAt, minutesInto, momentOf } from '../kernel/time.js'
import { roundTrip } from '../planning/fleet.js'
import type { Move, Plan, Trip } from '../planning/plan.js'
import type { Lines } from '../planning/present.js'
import type { Scenario } from '../planning/scenario.js'
import { World } from '../planning/world.js'
import { type Line, NO_RIDE, type Ride } from './orders.js'

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
  patient: move.patient, fromPlace: move.from, fromPool: move.fromPool, toPlace: move.to, pool: move.pool, severity: move.severity,
  travelMinutes: move.travelMinutes, trip: move.trip, ride: rideOf(trips.find(({ id }) => id === move.trip) ?? null),
})

export interface OneMove {
  readonly patient: string
  readonly pool: string
  readonly vehicle: string | null
  /** Minutes of the plan's day. */
  readonly leaves: number
}

/** A plan of one move, with its trip where a vehicle drives it. The patient and the pool are of the scenario. */
export function oneMove(scenario: Scenario, { patient, pool, vehicle, leaves }: OneMove): Lines {
  const world = new World(scenario)
  const person = world.case(patient)
  const to = world.pool(pool).place
  const trip = vehicle === null || to === person.place ? null : tripOf(world, { patient, vehicle, to, leaves })
  const move: Move = {
    patient, from: person.place, fromPool: person.pool, to, pool, severity: person.severity, careLevel: world.pool(pool).careLevel,
    order: null, trip: trip?.id ?? null, departs: trip?.departs ?? null, arrives: trip?.arrives ?? null,
    travelMinutes: world.minutesBetween(person.place, to) ?? 0, reason: text('—', '-'), nextBest: null,
  }
  return { moves: [move], trips: trip === null ? [] : [trip] }
}

/** The first crew of the vehicle drives; null: there is no road, and the musts say so. */
function tripOf(world: World, { patient, vehicle, to, leaves }: { patient: string; vehicle: string; to: string; leaves: number }): Trip | null {
  const { base } = world.vehicle(vehicle)
  const from = world.case(patient).place
  const round = roundTrip(world, { base, from, to })
  if (round === null) return null
  const at = (minutes: number) => instantAt(world.scenario.planDay, minutes)
  const departs = leaves + round.approach + world.policy.timetable.loadingMinutes
  return {
    id: 'T0001', vehicle, base, crew: `${vehicle}/1`, patients: [patient], from, to,
    leavesBase: at(leaves), departs: at(departs), arrives: at(departs + round.ride), decontaminatedUntil: at(leaves + round.total),
  }
}

/** Whole minutes of the plan's day, rounded up: nothing leaves before it is said to. */
export const minutesOf = (scenario: Scenario, instant: string): number => {
  const whole = minutesInto(scenario.planDay, instant)
  return momentOf(instantAt(scenario.planDay, whole)) < momentOf(instant) ? whole + 1 : whole
}
