import { type Assignment, assignmentsOf } from './assign.js'
import type { Build } from './build.js'
import { blocksToOpen, Facts, isStepDown, type PlanCore } from './facts.js'
import { membersOf } from './option.js'
import type { Move } from './plan.js'
import { isPinned } from './parties.js'
import { type Timetable, timetable } from './timetable.js'
import type { World } from './world.js'

/** A plan before it is explained: who goes where by which trip. */
export interface Draft {
  readonly facts: Facts
  /** Rides that found no time; empty when every ride has its trip. */
  readonly late: readonly Assignment[]
  /** How many parties were to take an option, by column, and the minutes of each vehicle class. */
  readonly taken: ReadonlyMap<number, number>
  readonly used: ReadonlyMap<string, number>
}

type BareMove = Omit<Move, 'reason' | 'nextBest'>

/**
 * Reads whole x into moves and trips. Vehicles are first chosen freely among those allowed, then, should a ride
 * not fit, only within the class that the model chose; and where the ride of somebody who was pinned by hand does not
 * fit, those go before everybody else. Rides that still do not fit are left out of the draft.
 */
export function draftOf(build: Build, x: readonly number[]): Draft {
  const { world } = build
  const assignments = assignmentsOf(build, x)
  let board = timetable(world, { assignments, strict: false, pinnedFirst: false })
  if (board.late.length > 0) {
    const strict = timetable(world, { assignments, strict: true, pinnedFirst: false })
    if (strict.late.length <= board.late.length) board = strict
  }
  const pinnedLate = ({ late }: Timetable) => late.filter(({ party }) => isPinned(world, party)).length
  if (pinnedLate(board) > 0) {
    const first = timetable(world, { assignments, strict: false, pinnedFirst: true })
    if (pinnedLate(first) < pinnedLate(board)) board = first
  }
  return {
    facts: new Facts(world, coreOf(world, assignments, board)),
    late: board.late,
    taken: countByColumn(build, assignments),
    used: minutesByClass(assignments),
  }
}

function coreOf(world: World, assignments: readonly Assignment[], board: Timetable): PlanCore {
  const moves = withoutIdleStepDowns(world, movesOf(world, assignments, board))
  return {
    moves,
    trips: board.scheduled.map(({ trip }) => trip),
    reserves: blocksToOpen(world, moves).map((block) => ({ block, opened: true })),
  }
}

/** Who goes where by which trip, in time; rides that found none are left out. Nothing is explained yet. */
export function movesOf(world: World, assignments: readonly Assignment[], board: Timetable): Move[] {
  const trips = new Map(board.scheduled.map(({ assignment, trip }) => [assignment, trip]))
  const late = new Set(board.late)
  return assignments
    .filter((assignment) => assignment.option.kind !== 'stay' && !late.has(assignment))
    .flatMap((assignment): BareMove[] => {
      const { option, party } = assignment
      const trip = trips.get(assignment) ?? null
      return membersOf({ ...option, group: { name: '', parties: [party] } }).flatMap(({ patient, pool }) => {
        const person = world.case(patient)
        if (pool === null || pool === person.pool) return []
        return [{
          patient, from: person.place, fromPool: person.pool, to: option.to, pool, severity: person.severity,
          careLevel: world.pool(pool).careLevel, order: option.order, trip: trip?.id ?? null,
          departs: trip?.departs ?? null, arrives: trip?.arrives ?? null, travelMinutes: option.rideMinutes,
        }]
      })
    })
    .map((move): Move => ({ ...move, reason: { zh: '-', en: '-' }, nextBest: null }))
    .sort((a, b) => inTime(a, b) || world.lotRank(a.patient) - world.lotRank(b.patient))
}

/** Somebody for whom a bed was to be freed may have found no trip: then the last drawn need not step down. */
function withoutIdleStepDowns(world: World, moves: readonly Move[]): Move[] {
  const kept = [...moves]
  for (;;) {
    const idle = kept
      .filter((move) => move.order === null && isStepDown(world, move) && isIdle(world, kept, move.fromPool))
      .sort((a, b) => world.lotRank(b.patient) - world.lotRank(a.patient))[0]
    if (idle === undefined) return kept
    kept.splice(kept.indexOf(idle), 1)
  }
}

/** More step down from the pool than come into it. */
const isIdle = (world: World, moves: readonly Move[], pool: string | null): boolean =>
  moves.filter((m) => m.fromPool === pool && m.order === null && isStepDown(world, m)).length >
  moves.filter((m) => m.pool === pool).length

function countByColumn(build: Build, assignments: readonly Assignment[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { option } of assignments) counts.set(build.x(option), (counts.get(build.x(option)) ?? 0) + 1)
  return counts
}

const inTime = (a: Move, b: Move): number => {
  const [x, y] = [a.departs ?? '', b.departs ?? '']
  return x < y ? -1 : x > y ? 1 : 0
}

function minutesByClass(assignments: readonly Assignment[]): Map<string, number> {
  const minutes = new Map<string, number>()
  for (const { option } of assignments) {
    if (option.vehicles === null) continue
    minutes.set(option.vehicles.key, (minutes.get(option.vehicles.key) ?? 0) + option.tripMinutes)
  }
  return minutes
}
