import { clockMinutes, instantAt } from '../../src/kernel/time.js'
import { check } from '../../src/planning/check.js'
import { describe } from '../../src/planning/explain/describe.js'
import { targetsOf } from '../../src/planning/explain/unmet.js'
import { Facts } from '../../src/planning/facts.js'
import { roundTrip } from '../../src/planning/fleet.js'
import { goalsOf } from '../../src/planning/levels.js'
import type { Move, Plan, Trip } from '../../src/planning/plan.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { World } from '../../src/planning/world.js'
import { planned } from './given.js'

interface Lie {
  readonly name: string
  readonly rule: string
  /** What else the same lie breaks by its nature; together with `rule` all that may be found. */
  readonly also?: readonly string[]
  readonly scenario: () => Scenario
  /** The true plan tells its clashes and ways out. */
  readonly waysOut?: boolean
}

/** A lie in what the plan does: all that follows is then retold truly, so that the must alone refuses. */
export interface LieOfDeed extends Lie {
  readonly kind: 'deed'
  readonly corrupt: (plan: Plan, world: World) => Plan
}

/** A lie in what the plan says of itself. */
export interface LieOfWord extends Lie {
  readonly kind: 'word'
  readonly corrupt: (plan: Plan, world: World) => unknown
}

/** One way in which a true plan is made false, and what has to refuse it. */
export type Corruption = LieOfDeed | LieOfWord

/** Why a corruption proves nothing, or null: the true plan is accepted, the false one refused for its own rule only. */
export async function whyNotRefused(lie: Corruption): Promise<string | null> {
  const scenario = lie.scenario()
  const { plan } = await planned(scenario, lie.waysOut)
  const accepted = check(scenario, plan)
  if (accepted.length > 0) return `the true plan is refused: ${accepted[0]?.text.en ?? ''}`
  const world = new World(scenario)
  const corrupted = lie.kind === 'deed' ? retold(lie.corrupt(plan, world), world) : lie.corrupt(plan, world)
  const found = rules(check(scenario, corrupted).map(({ rule }) => rule))
  const expected = rules([lie.rule, ...(lie.also ?? [])])
  return found === expected ? null : `expected ${expected}; found ${found || 'nothing'}`
}

const rules = (names: readonly string[]): string => [...new Set(names)].sort().join(', ')

/** The plan with every level, word and figure that follows from its moves, trips and blocks told truly. */
export function retold(plan: Plan, world: World): Plan {
  const facts = new Facts(world, plan)
  const goals = goalsOf(world)
  const levels = plan.levels.map((level, i) => ({ ...level, value: goals[i]?.measure(facts) ?? level.value }))
  const { engine, secondOpinion } = plan
  const told = describe({ world, scenario: world.scenario, facts, levels, status: null, engine, secondOpinion })
  const unmet = targetsOf(world, told).map(({ rule, value, demanded }) =>
    ({ rule, value, demanded, clash: null, waysOut: [] }))
  return { ...told, unmet }
}

export const withMove = (plan: Plan, patient: string, change: Partial<Move>): Plan =>
  ({ ...plan, moves: plan.moves.map((move) => (move.patient === patient ? { ...move, ...change } : move)) })

export const withoutMove = (plan: Plan, patient: string): Plan => ({
  ...plan,
  moves: plan.moves.filter((move) => move.patient !== patient),
  trips: plan.trips.filter((trip) => !trip.patients.includes(patient)),
})

/** A patient sent to another pool, in a city without vehicle rows, or by the order that stands. */
export const sentTo = (plan: Plan, world: World, { patient, pool }: { patient: string; pool: string }): Plan => {
  const { place: to, careLevel } = world.pool(pool)
  const travelMinutes = world.minutesBetween(world.case(patient).place, to) ?? 0
  return withMove(plan, patient, { to, pool, careLevel, travelMinutes })
}

/** One move more, told truly in its line. */
export function alsoMoved(plan: Plan, world: World, { patient, pool }: { patient: string; pool: string }): Plan {
  const { place: from, pool: fromPool, severity } = world.case(patient)
  const { place: to, careLevel } = world.pool(pool)
  const travelMinutes = world.minutesBetween(from, to) ?? 0
  const move: Move = {
    patient, from, fromPool, to, pool, severity, careLevel, travelMinutes, order: null, trip: null, departs: null,
    arrives: null, reason: { zh: '-', en: '-' }, nextBest: null,
  }
  return { ...plan, moves: [...plan.moves, move] }
}

export const opening = (plan: Plan, opened: readonly string[]): Plan =>
  ({ ...plan, reserves: plan.reserves.map((line) => ({ ...line, opened: opened.includes(line.block) })) })

/** The trip of a patient changed, and the times of the move with it. */
export function withTrip(plan: Plan, patient: string, change: (trip: Trip) => Trip): Plan {
  const trips = plan.trips.map((trip) => (trip.patients.includes(patient) ? change(trip) : trip))
  const own = trips.find((trip) => trip.patients.includes(patient))
  const changed = { ...plan, trips }
  return own === undefined ? changed : withMove(changed, patient, { departs: own.departs, arrives: own.arrives })
}

interface Driven {
  readonly vehicle: string
  readonly crew?: number
  /** Clock time. */
  readonly leaves: string
}

/** The same ride driven by any vehicle and crew at any hour, each leg as long as it takes. */
export const drivenBy = (world: World, by: Driven) => (trip: Trip): Trip => {
  const { base } = world.vehicle(by.vehicle)
  const round = roundTrip(world, { base, from: trip.from, to: trip.to }) ?? { approach: 0, ride: 0, total: 0 }
  const at = (minutes: number) => instantAt(world.scenario.planDay, clockMinutes(by.leaves) + minutes)
  const departs = round.approach + world.policy.timetable.loadingMinutes
  return {
    ...trip, vehicle: by.vehicle, base, crew: `${by.vehicle}/${by.crew ?? 1}`, leavesBase: at(0), departs: at(departs),
    arrives: at(departs + round.ride), decontaminatedUntil: at(round.total),
  }
}
