import { isKnown, sum } from '../kernel/quantity.js'
import { type Text, text } from '../kernel/text.js'
import { hoursAfter, instantOf, isBefore, momentOf } from '../kernel/time.js'
import { type Limits, limitsMissing, mayTake, missingFigures } from './callList.js'
import { idsOf } from './found.js'
import type { Violation } from './plan.js'
import { careLevel, placeNeeds } from './rules/people.js'
import { lawfulPlace, singleRoom, underCommand } from './rules/places.js'
import { bedsName, placeName, poolName, violation } from './sayings.js'
import type { World } from './world.js'

/** Pools under the command whose figure is older than policy allows. It is planned with all the same, and said. */
export function staleFigures(world: World): Violation[] {
  return idsOf(world.scenario.pools)
    .filter((id) => world.place(world.pool(id).place).underCommand && isStale(world, id))
    .map((id) => violation('stale', id, staleText(world, id)))
}

/** A figure without a time of its own is of the scenario's. */
function isStale(world: World, pool: string): boolean {
  const { asOf } = world.pool(pool)
  return asOf !== null && isBefore(hoursAfter(asOf, world.policy.figureHoursMax), world.scenario.asOf)
}

function staleText(world: World, id: string): Text {
  const [beds, hours] = [poolName(world, id), world.policy.figureHoursMax]
  const asOf = instantOf(momentOf(world.pool(id).asOf ?? world.scenario.asOf)).slice(5, 16).replace('T', ' ')
  return text(`${beds.zh}的数字是 ${asOf} 的，已超过 ${hours} 小时`, `the figures of ${beds.en} are of ${asOf}, older than ${hours} hours`)
}

export interface Call {
  /** Unique among the calls. */
  readonly id: string
  /** Null: it is about a limit of the whole place. */
  readonly pool: string | null
  readonly place: string
  readonly why: 'unknown' | 'stale'
  /** Beds as far as somebody said; null: nobody did. */
  readonly beds: number | null
  /** How many of those who wait it could take. */
  readonly waiting: number
  readonly text: Text
}

/**
 * Whom to call first: places and pools that did not report, or not lately, and that could receive somebody who waits now;
 * the one with most beds first, those of which nobody ever said how many last.
 */
export function callsThatMatter(world: World): Call[] {
  const waiting = Object.keys(world.scenario.cases).filter((id) => isWaiting(world, id))
  const calls = [
    ...idsOf(world.scenario.pools).flatMap((id) => callsForPool(world, id, waiting)),
    ...limitsMissing(world).flatMap((limits) => callsForLimits(world, limits, waiting)),
  ]
  return calls.sort((a, b) => (b.beds ?? -1) - (a.beds ?? -1))
}

/** Whoever has asked for a transfer, or lies where a need of theirs is not met, and has no order that takes them away. */
const isWaiting = (world: World, id: string): boolean =>
  world.order(id) === null && (world.case(id).waitingSince !== null || world.needsMissing(id, world.bedOf(id)).length > 0)

const asksFor = (world: World, place: string, { zh, en }: Text, takes: number): Text => {
  const called = placeName(world, place)
  return text(`请致电${called.zh}：${zh}；现有 ${takes} 人可收`, `call ${called.en}: ${en}; it could take ${takes} of those who wait`)
}

function callsForPool(world: World, id: string, waiting: readonly string[]): Call[] {
  const missing = missingFigures(world.pool(id))
  if (!mayTake(world, id) || (missing === null && !isStale(world, id))) return []
  const takes = waiting.filter((patient) => mayReceive(world, patient, id)).length
  if (takes === 0) return []
  const { place } = world.pool(id)
  const beds = bedsName(world, id)
  const [why, says] = missing === null
    ? ['stale', staleText(world, id)] as const
    : ['unknown', text(`${beds.zh}未报${missing.zh}`, `${missing.en} of the ${beds.en} were not reported`)] as const
  return [{ id, pool: id, place, why, beds: bedsSaid(world, id), waiting: takes, text: asksFor(world, place, says, takes) }]
}

/** A limit of the whole place that is not known closes it to whoever it would let in. */
function callsForLimits(world: World, { place, what, needs }: Limits, waiting: readonly string[]): Call[] {
  const pools = (world.poolsAt.get(place) ?? []).filter((pool) => mayTake(world, pool))
  const beds = pools.map((pool) => bedsSaid(world, pool)).filter((said) => said !== null)
  const takes = waiting.filter((patient) => (needs === null || world.case(patient).needs.includes(needs)) && pools.some((pool) => mayReceive(world, patient, pool))).length
  if (takes === 0) return []
  return [{
    id: `at ${place}`, pool: null, place, why: 'unknown', beds: beds.length === 0 ? null : sum(beds), waiting: takes,
    text: asksFor(world, place, text(`未报${what.zh}`, `${what.en} were not reported`), takes),
  }]
}

function bedsSaid(world: World, id: string): number | null {
  const { physical, staffed } = world.pool(id)
  const said = [physical, staffed].filter(isKnown)
  return said.length === 0 ? null : Math.max(...said)
}

/** Musts that close single beds whatever the figures are. */
const OF_THE_BED = [underCommand, lawfulPlace, singleRoom, careLevel, placeNeeds] as const

function mayReceive(world: World, patient: string, pool: string): boolean {
  if (world.case(patient).pool === pool) return false
  const to = { place: world.pool(pool).place, pool }
  return OF_THE_BED.every(({ forbids }) => (forbids?.({ world, patient, to, rideMinutes: null }) ?? null) === null)
}
