import { Facts, type PlanCore } from '../../src/planning/facts.js'
import type { Move, Plan, Trip } from '../../src/planning/plan.js'
import { planFor, type PlanOutcome, type RunOptions } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import type { Machine } from '../../src/planning/solve/machine.js'
import { World } from '../../src/planning/world.js'
import { at } from './city.js'

const DEFAULTS: RunOptions = { engine: 'highs', milliseconds: 20_000, secondOpinion: false, waysOut: false }

type Options = Partial<RunOptions>
/** A plan by the real solver, without second opinion and ways out unless asked. */
export const planned = (scenario: Scenario, options: Options = {}, machine?: Machine): Promise<PlanOutcome> =>
  planFor(scenario, { ...DEFAULTS, ...options }, machine)

export function valueOf(plan: Pick<Plan, 'levels'>, rule: string): number {
  const level = plan.levels.find((one) => one.rule === rule)
  if (level === undefined) throw new Error(`the plan has no level ${rule}`)
  return level.value
}

/** Who goes to which pool: `{ 'south-1': 'hub/severe' }`, as the plan says it. */
export const placements = (plan: Pick<Plan, 'moves'>): Record<string, string> =>
  Object.fromEntries(plan.moves.map((move) => [move.patient, move.pool]))

/** A trip on paper, its times as a wall clock shows them; places, where not told, are those of its first patient. */
export interface PaperTrip {
  readonly vehicle: string
  readonly crew?: number
  readonly patients: readonly string[]
  readonly leaves: string
  readonly departs: string
  readonly arrives: string
  readonly clean: string
}

export interface PaperMove extends Partial<Omit<Move, 'patient' | 'pool'>> {
  readonly patient: string
  readonly pool: string
}

export interface Paper {
  readonly moves?: readonly PaperMove[]
  readonly trips?: readonly PaperTrip[]
  readonly opened?: readonly string[]
}

/** A plan written by hand: who moves by which trip, with everything else as an honest clerk would fill it in. */
export function onPaper(scenario: Scenario, paper: Paper): Facts {
  const trips = (paper.trips ?? []).map((trip, i) => written(scenario, paper, trip, `T${i + 1}`))
  const moves = (paper.moves ?? []).map((move) => moveOf(scenario, move, trips))
  const core: PlanCore = { moves, trips, reserves: (paper.opened ?? []).map((block) => ({ block, opened: true })) }
  return new Facts(new World(scenario), core)
}

/** `{ 'south-1': 'hub/severe' }` as moves, for plans in which only the beds matter. */
export const moves = (to: Readonly<Record<string, string>>): PaperMove[] =>
  Object.entries(to).map(([patient, pool]) => ({ patient, pool }))

function written(scenario: Scenario, { moves: all = [] }: Paper, trip: PaperTrip, id: string): Trip {
  const head = trip.patients[0] ?? ''
  const pool = all.find((move) => move.patient === head)?.pool ?? ''
  return {
    id, vehicle: trip.vehicle, base: scenario.vehicles[trip.vehicle]?.base ?? '',
    crew: `${trip.vehicle}/${trip.crew ?? 1}`, patients: [...trip.patients],
    from: scenario.cases[head]?.place ?? '', to: scenario.pools[pool]?.place ?? '',
    leavesBase: at(trip.leaves), departs: at(trip.departs), arrives: at(trip.arrives),
    decontaminatedUntil: at(trip.clean),
  }
}

function moveOf(scenario: Scenario, { patient, pool, ...told }: PaperMove, trips: readonly Trip[]): Move {
  const person = scenario.cases[patient]
  const bed = scenario.pools[pool]
  if (person === undefined || bed === undefined) throw new Error(`${patient} or ${pool} is not in the city`)
  const trip = trips.find(({ patients }) => patients.includes(patient)) ?? null
  const road = Object.values(scenario.travel).find(({ from, to }) =>
    (from === person.place && to === bed.place) || (from === bed.place && to === person.place))
  return {
    patient, from: person.place, fromPool: person.pool, to: bed.place, pool, severity: person.severity,
    careLevel: bed.careLevel, order: null, trip: trip?.id ?? null, departs: trip?.departs ?? null,
    arrives: trip?.arrives ?? null, travelMinutes: road?.minutes ?? 0,
    reason: { zh: '手写', en: 'by hand' }, nextBest: null, ...told,
  }
}
