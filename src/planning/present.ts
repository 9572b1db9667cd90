import { text } from '../kernel/text.js'
import { unknownIds } from './check.js'
import { blocksToOpen, Facts } from './facts.js'
import type { Move, Trip, Violation } from './plan.js'
import { MUSTS } from './rules/musts.js'
import type { Scenario } from './scenario.js'
import { World } from './world.js'

/** Moves that are about to be decided, with the trips that carry them. */
export interface Lines {
  readonly moves: readonly Move[]
  readonly trips: readonly Trip[]
}

/**
 * What deciding these moves would break of the musts, as the world stands, without a solver. Orders that stand are
 * carried out as well; what they alone break was broken before, and is no reason against anybody else's move.
 */
export function mustsBroken(scenario: Scenario, { moves, trips }: Lines): Violation[] {
  const world = new World(scenario)
  const standing = standingMoves(world)
  const unknown = unknownIds(world, { moves: [...moves], trips: [...trips], reserves: [] })
  // Rules are written for things that exist; with unknown ids there is nothing to measure.
  if (unknown.length > 0) return unknown
  const before = new Set(measured(world, { moves: standing, trips: [] }).map(keyOf))
  return measured(world, { moves: [...standing, ...moves], trips }).filter((violation) => !before.has(keyOf(violation)))
}

const keyOf = ({ rule, subject, text: { en } }: Violation): string => `${rule}\n${subject}\n${en}`

function measured(world: World, { moves, trips }: Lines): Violation[] {
  const opened = blocksToOpen(world, moves).map((block) => ({ block, opened: true }))
  const facts = new Facts(world, { moves: [...moves], trips: [...trips], reserves: opened })
  return MUSTS.flatMap((rule) => rule.measure(facts))
}

/** Blocks that these moves would open, beside those that are open. */
export const blocksOpened = (scenario: Scenario, moves: readonly Move[]): string[] => blocksToOpen(new World(scenario), moves)

/** The orders that stand, as moves. */
const standingMoves = (world: World): Move[] => Object.entries(world.scenario.orders).map(([order, { patient, pool }]) => {
  const person = world.case(patient)
  const to = world.pool(pool).place
  return {
    patient, from: person.place, fromPool: person.pool, to, pool, severity: person.severity, careLevel: world.pool(pool).careLevel, order,
    trip: null, departs: null, arrives: null, travelMinutes: world.minutesBetween(person.place, to) ?? 0, reason: text('—', '-'), nextBest: null,
  }
})
