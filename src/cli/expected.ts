import { z } from 'zod'
import { byCodeUnits } from '../kernel/canonical.js'
import type { Plan } from '../planning/plan.js'
import { rowOf } from '../planning/faults/faultList.js'
import type { Scenario } from '../planning/scenario.js'
import { expectedMaterialSchema, materialDifferences } from './expectedMaterial.js'

const whole = z.int().min(0)
const byRule = z.record(z.string(), z.int())

/** What a scenario's author worked out by hand; each key that is there is compared. */
export const expectedSchema = z.strictObject({
  exit: z.union([z.literal(0), z.literal(3), z.literal(4)]).optional(),
  /** All moves of the day, those that carry out an order that stands included. */
  moves: whole.optional(),
  unplaced: whole.optional(),
  blocksOpened: whole.optional(),
  needs: byRule.optional(),
  levels: byRule.optional(),
  teamsProposed: whole.optional(),
  /** Case to place. */
  destinations: z.record(z.string(), z.string()).optional(),
  stays: z.array(z.string()).optional(),
  /** Every kind of place to which somebody goes. */
  destinationKinds: z.array(z.string()).optional(),
  /** As in "121 of 165". */
  concentratedBefore: z.string().optional(),
  concentratedAfter: z.string().optional(),
  waysOutAtLeast: whole.optional(),
  material: expectedMaterialSchema.optional(),
  /** For readers. */
  asFoundRules: z.unknown().optional(),
  reasoning: z.unknown().optional(),
})
export type Expected = z.infer<typeof expectedSchema>

/** What of the expectation the plan does not meet, each as `what expected …, got …`. */
export function differences(expected: Expected, made: { exit: number; plan: Plan; scenario: Scenario }): string[] {
  const { plan, scenario } = made
  const { before, after } = plan.concentration
  const destinations = new Map(plan.moves.map((move) => [move.patient, move.to]))
  const levels = new Map(plan.levels.map((level) => [level.rule, level.value]))
  const needs = new Map(plan.levels.filter((level) => level.level === 'need').map((level) => [level.rule, level.value]))
  const waysOut = plan.unmet.flatMap((unmet) => unmet.waysOut).length
  return [
    ...compared('exit', expected.exit, made.exit),
    ...compared('moves', expected.moves, plan.moves.length),
    ...compared('unplaced', expected.unplaced, plan.unplaced.length),
    ...compared('blocksOpened', expected.blocksOpened, blocksOpened(plan)),
    ...comparedEach('needs', expected.needs, needs),
    ...comparedEach('levels', expected.levels, levels),
    ...compared('teamsProposed', expected.teamsProposed, plan.teams.filter((team) => team.team !== null).length),
    ...comparedEach('destinations', expected.destinations, destinations),
    ...(expected.stays ?? []).flatMap((id) =>
      compared(`stays.${id}`, 'stays', destinations.get(id) ?? stayOf(scenario, id)),
    ),
    ...compared('destinationKinds', inOrder(expected.destinationKinds), inOrder(destinationKinds(plan, scenario))),
    ...compared('concentratedBefore', expected.concentratedBefore, shareOf(before.patients.inCentralised)),
    ...compared('concentratedAfter', expected.concentratedAfter, shareOf(after.patients.inCentralised)),
    ...(expected.waysOutAtLeast !== undefined && waysOut < expected.waysOutAtLeast
      ? [`waysOut expected at least ${expected.waysOutAtLeast}, got ${waysOut}`]
      : []),
    ...(expected.material === undefined ? [] : materialDifferences(expected.material, plan.material)),
  ]
}

export const blocksOpened = (plan: Plan): number => plan.reserves.filter((reserve) => reserve.opened).length

export const shareOf = ({ part, of }: { part: number; of: number }): string => `${part} of ${of}`

function compared(what: string, expected: number | string | undefined, got: number | string | undefined): string[] {
  return expected === undefined || expected === got ? [] : [`${what} expected ${expected}, got ${got ?? 'nothing'}`]
}

function comparedEach<V extends number | string>(
  what: string,
  expected: Readonly<Record<string, V>> | undefined,
  got: ReadonlyMap<string, V>,
): string[] {
  return Object.entries(expected ?? {}).flatMap(([key, value]) => compared(`${what}.${key}`, value, got.get(key)))
}

const stayOf = (scenario: Scenario, id: string): string =>
  rowOf(scenario.cases, id) === undefined ? 'no such case' : 'stays'

function destinationKinds(plan: Plan, scenario: Scenario): string[] {
  return plan.moves.map((move) => rowOf(scenario.places, move.to)?.kind ?? `unknown place ${move.to}`)
}

const inOrder = (words: readonly string[] | undefined): string | undefined =>
  words === undefined ? undefined : [...new Set(words)].sort(byCodeUnits).join(' + ') || 'none'
