import { sum } from '../kernel/quantity.js'
import { minutesInto } from '../kernel/time.js'
import { Facts } from '../planning/facts.js'
import { Ground } from '../planning/material/ground.js'
import { needsOf } from '../planning/material/need.js'
import type { Plan } from '../planning/plan.js'
import type { Scenario } from '../planning/scenario.js'
import { World } from '../planning/world.js'
import type { Verdict } from './verifyWays.js'

const HOURS = 24

/** Thousandths of an item at a place, over all days of the plan, at the conventional norm. */
type ByPlace = Map<string, number>

/**
 * Transfers and material in one run: what the places need after the transfers, less what they would need if nobody moved,
 * has to be what the moved patients use up, added where they come to and taken off where they leave, from the hour of
 * arrival. The one side is the planner's, the other is worked out here from the moves and the norms alone.
 */
export function needMoved(scenario: Scenario, plan: Plan): Verdict {
  if (plan.material === null || plan.moves.length === 0) return { facts: [], faults: [] }
  const world = new World(scenario)
  const needWith = (moves: Plan['moves']) => everybody(new Ground(world, new Facts(world, { moves, trips: [], reserves: [] })))
  const [after, before, moved] = [needWith(plan.moves), needWith([]), byMoves(scenario, plan)]
  if (moved.size === 0) return { facts: [], faults: [] }
  const days = plan.material.days.length
  const wrong = [...new Set([...after.keys(), ...before.keys(), ...moved.keys()])].flatMap((key) => {
    const [found, right] = [(after.get(key) ?? 0) - (before.get(key) ?? 0), moved.get(key) ?? 0]
    // Every day of every area is rounded up to thousandths by itself.
    return Math.abs(found - right) < 2 * AREAS_MAX * days ? [] : [`need moved at ${key} expected ${Math.round(right)} thousandths, got ${found}`]
  })
  return { facts: wrong.length === 0 ? [`need moved = need of moved patients (${totals(moved)})`] : [], faults: wrong }
}

/** Areas of one place in which patients lie. */
const AREAS_MAX = 5

const keyOf = (place: string, item: string): string => JSON.stringify([place, item])

function everybody(ground: Ground): ByPlace {
  const sums: ByPlace = new Map()
  for (const { place, item, everybody: need } of needsOf(ground).needs) {
    sums.set(keyOf(place, item), (sums.get(keyOf(place, item)) ?? 0) + need.conventional.reduce((a, b) => a + b, 0))
  }
  return sums
}

/** What the moved patients use up, added where they come to, taken off where they leave. */
function byMoves(scenario: Scenario, { moves, material, planDay }: Plan): ByPlace {
  const sums: ByPlace = new Map()
  const days = material?.days.length ?? 0
  const factors = new Map(material?.needs.map(({ place, item, factorPerMille }) => [keyOf(place, item), factorPerMille]))
  for (const { from, to, severity, arrives } of moves) {
    const hour = arrives === null ? 0 : Math.min(HOURS, Math.max(0, Math.floor(minutesInto(planDay, arrives) / 60)))
    const stays = (HOURS - hour) / HOURS + (days - 1)
    for (const [item, perMille] of patientNorms(scenario, severity)) {
      for (const [place, sign] of [[to, 1], [from, -1]] as const) {
        // A place that opens counts by its beds, whoever lies in them.
        if (!Object.hasOwn(scenario.receivers, place) || scenario.receivers[place]?.opensOn !== null) continue
        const factor = (factors.get(keyOf(place, item)) ?? 1000) / 1000
        sums.set(keyOf(place, item), (sums.get(keyOf(place, item)) ?? 0) + sign * perMille * stays * factor)
      }
    }
  }
  return sums
}

/** Conventional norms by patient and day in force on the plan's day: that of the severity before that of all. */
function patientNorms({ norms, planDay }: Scenario, severity: string): Map<string, number> {
  const inForce = Object.values(norms).filter((norm) =>
    norm.per === 'patientDay' && norm.effectiveFrom <= planDay && (norm.effectiveUntil === null || planDay < norm.effectiveUntil))
  const ofAll = inForce.filter((norm) => norm.severity === null)
  const own = inForce.filter((norm) => norm.severity === severity)
  return new Map([...ofAll, ...own].map(({ item, conventionalPerMille }) => [item, conventionalPerMille]))
}

/** What moves in all, item by item, in whole units. */
function totals(moved: ByPlace): string {
  const byItem = new Map<string, number>()
  for (const [key, perMille] of moved) {
    const [, item = ''] = JSON.parse(key) as [string, string]
    if (perMille > 0) byItem.set(item, (byItem.get(item) ?? 0) + perMille)
  }
  return [...byItem].map(([item, perMille]) => `${item} ${Math.round(perMille / 1000)}`).join(' + ')
}

/** Faults of lines whose areas are not, together, what their place or unit needs and has: whoever adds them up must find the line. */
export function areasAddUp({ material }: Pick<Plan, 'material'>): Verdict {
  const faults = (material?.allocations ?? []).flatMap(({ place, unit, item, need, share, areas }) => {
    const [needed, served] = [sum(areas.map((area) => area.need)), sum(areas.map((area) => area.served))]
    const had = need === 0 ? 1000 : Math.floor((served * 1000) / need)
    return needed === need && had === share ? [] : [`areas of ${place ?? unit} come to ${served} of ${needed} ${item}, its line to ${share} per mille of ${need}`]
  })
  return { facts: [], faults }
}
