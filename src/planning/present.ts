import { text } from '../kernel/text.js'
import { unknownIds } from './check.js'
import { blocksToOpen, Facts } from './facts.js'
import type { Move, Trip, Violation } from './plan.js'
import { MUSTS } from './rules/musts.js'
import type { Scenario } from './scenario.js'
import { type Hours, World } from './world.js'

/** Moves that are about to be decided, with the trips that carry them. */
export interface Lines {
  readonly moves: readonly Move[]
  readonly trips: readonly Trip[]
}

/**
 * What deciding these moves would break of the musts, as the world stands, without a solver. Orders that stand are
 * carried out as well; what they alone break was broken before, and is no reason against anybody else's move. `hours`: by
 * those of a day's timetable, unless told.
 */
export const mustsBroken = (scenario: Scenario, lines: Lines, hours: Hours = {}): Violation[] => judgeOf(new World(scenario, undefined, hours))(lines)

/** The same of any lines, each by themselves. */
export function judgeOf(world: World): (lines: Lines) => Violation[] {
  const standing = standingMoves(world)
  const before = measured(world, { moves: standing, trips: [] }).map(keyOf)
  return ({ moves, trips }) => {
    const unknown = unknownIds(world, { moves: [...moves], trips: [...trips], reserves: [] })
    // Rules are written for things that exist; with unknown ids there is nothing to measure.
    if (unknown.length > 0) return unknown
    const left = [...before]
    return measured(world, { moves: [...standing, ...moves], trips }).filter((violation) => {
      // Once for each time: a move that breaks the same of the same place breaks it once more.
      const at = left.indexOf(keyOf(violation))
      if (at >= 0) left.splice(at, 1)
      return at < 0
    })
  }
}

const keyOf = ({ rule, subject, text: { en } }: Violation): string => `${rule}\n${subject}\n${en}`

function measured(world: World, { moves, trips }: Lines): Violation[] {
  const opened = blocksToOpen(world, moves).map((block) => ({ block, opened: true }))
  const facts = new Facts(world, { moves: [...moves], trips: [...trips], reserves: opened })
  return MUSTS.flatMap((rule) => rule.measure(facts))
}

/** Blocks that these moves would open, beside those that are open. */
export const blocksOpened = (scenario: Scenario, moves: readonly Pick<Move, 'pool'>[]): string[] => blocksToOpen(new World(scenario), moves)

/** The orders that stand, as moves; whoever leaves the system takes no bed of it. */
const standingMoves = (world: World): Move[] => Object.entries(world.scenario.orders).flatMap(([order, { patient, pool }]): Move[] => {
  if (pool === null) return []
  const person = world.case(patient)
  const to = world.pool(pool).place
  return [{
    patient, from: person.place, fromPool: person.pool, to, pool, severity: person.severity, careLevel: world.pool(pool).careLevel, order,
    trip: null, departs: null, arrives: null, travelMinutes: world.minutesBetween(person.place, to) ?? 0, reason: text('—', '-'), nextBest: null,
  }]
})
