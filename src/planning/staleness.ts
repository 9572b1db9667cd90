import { isKnown } from '../kernel/quantity.js'
import { type Text, text } from '../kernel/text.js'
import { hoursAfter, instantOf, isBefore, momentOf } from '../kernel/time.js'
import { missingFigures, mayTake } from './callList.js'
import { idsOf } from './found.js'
import type { Violation } from './plan.js'
import { careLevel, placeNeeds } from './rules/people.js'
import { lawfulPlace, singleRoom, underCommand } from './rules/places.js'
import { placeName, poolName, violation } from './sayings.js'
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
  /** The pool. */
  readonly id: string
  readonly place: string
  readonly why: 'unknown' | 'stale'
  /** Beds as far as somebody said; null: nobody did. */
  readonly beds: number | null
  /** How many of those who wait it could take. */
  readonly waiting: number
  readonly text: Text
}

/**
 * Whom to call first: pools that did not report, or not lately, and that could receive somebody who waits now; the one
 * with most beds first, those of which nobody ever said how many last.
 */
export function callsThatMatter(world: World): Call[] {
  const waiting = Object.keys(world.scenario.cases).filter((id) => world.case(id).waitingSince !== null)
  const calls = idsOf(world.scenario.pools).flatMap((id): Call[] => {
    const missing = missingFigures(world.pool(id))
    if (!mayTake(world, id) || (missing === null && !isStale(world, id))) return []
    const takes = waiting.filter((patient) => mayReceive(world, patient, id)).length
    if (takes === 0) return []
    const { place } = world.pool(id)
    const [called, beds] = [placeName(world, place), poolName(world, id)]
    const stale = staleText(world, id)
    const [why, zh, en] = missing === null
      ? ['stale', stale.zh, stale.en] as const
      : ['unknown', `${beds.zh}未报${missing.zh}`, `${beds.en} did not report ${missing.en}`] as const
    return [{
      id, place, why, beds: bedsSaid(world, id), waiting: takes,
      text: text(`请致电${called.zh}：${zh}；现有 ${takes} 人可收`, `call ${called.en}: ${en}; it could take ${takes} of those who wait`),
    }]
  })
  return calls.sort((a, b) => (b.beds ?? -1) - (a.beds ?? -1))
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
