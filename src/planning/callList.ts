import type { Pool } from '../facilities/beds.js'
import { UNKNOWN } from '../kernel/quantity.js'
import { joinTexts, type Text, text } from '../kernel/text.js'
import { idsOf } from './found.js'
import type { Violation } from './plan.js'
import { destinationsFor } from './policy.js'
import { bedsName, placeName, violation } from './sayings.js'
import type { World } from './world.js'

/** Whose missing figure could change the plan: pools and places that may receive, and blocks that could be prepared. */
export function callList(world: World): Violation[] {
  return [...callsForBeds(world), ...callsForPlaces(world), ...callsForBlocks(world)]
}

const missingOf = <F extends string>(row: Readonly<Record<F, unknown>>, fields: readonly { field: F; name: Text }[]): Text[] =>
  fields.filter(({ field }) => row[field] === UNKNOWN).map(({ name }) => name)

function callsForBeds(world: World): Violation[] {
  return idsOf(world.scenario.pools).flatMap((id) => {
    const pool = world.pool(id)
    if (!mayTake(world, id)) return []
    const what = missingFigures(pool)
    if (what === null) return []
    const [place, beds] = [placeName(world, pool.place), bedsName(world, id)]
    return [violation('unknown', id, text(
      `请致电${place.zh}：${beds.zh}未报${what.zh}，按无床处理`,
      `call ${place.en}: ${what.en} of the ${beds.en} were not reported; planned as having none`))]
  })
}

/** What a pool did not report, in words; null: nothing is missing. */
export function missingFigures(pool: Pool): Text | null {
  const missing = missingOf(pool, OF_BEDS)
  return missing.length === 0 ? null : joinTexts(missing)
}

/** A reserve that is not signed ready is no matter of reporting. */
export function mayTake(world: World, id: string): boolean {
  const pool = world.pool(id)
  return world.place(pool.place).underCommand && (world.isOpen(pool) || (pool.block !== null && world.isBlockReady(pool.block)))
}

const OF_BEDS = [
  { field: 'physical', name: text('实有床位', 'physical beds') },
  { field: 'staffed', name: text('开放床位', 'staffed beds') },
  { field: 'occupied', name: text('在院人数', 'occupied beds') },
  { field: 'held', name: text('预占床位', 'held beds') },
  { field: 'oxygenBeds', name: text('供氧能力', 'beds that oxygen carries') },
] as const

/** Limits of a place to which cases are sent that nobody told: unknown, they close it, to all or to those who have a need. */
export interface Limits {
  readonly place: string
  readonly what: Text
  /** Null: they close it to all. */
  readonly needs: 'ventilator' | null
}

export function limitsMissing(world: World): Limits[] {
  const cases = Object.values(world.scenario.cases)
  const receiving = new Set(cases.flatMap((person) => destinationsFor(world.policy, person)))
  const isVentilated = cases.some(({ needs }) => needs.includes('ventilator'))
  return idsOf(world.scenario.places).flatMap((id): Limits[] => {
    const place = world.place(id)
    if (!receiving.has(place.kind) || !(world.poolsAt.get(id) ?? []).some((pool) => mayTake(world, pool))) return []
    const missing = missingOf(place, isVentilated ? [ARRIVALS, VENTILATORS] : [ARRIVALS])
    if (missing.length === 0) return []
    return [{ place: id, what: joinTexts(missing), needs: place.arrivalsPerHour === UNKNOWN ? null : 'ventilator' }]
  })
}

const callsForPlaces = (world: World): Violation[] => limitsMissing(world).map(({ place, what }) => {
  const { zh, en } = placeName(world, place)
  return violation('unknown', place, text(`请致电${zh}：未报${what.zh}，按零处理`, `call ${en}: did not report ${what.en}; planned as nought`))
})

const ARRIVALS = { field: 'arrivalsPerHour', name: text('每小时接诊数', 'arrivals per hour') } as const
const VENTILATORS = { field: 'ventilatorsFree', name: text('空闲呼吸机', 'free ventilators') } as const

/** Without the days that a block takes nobody knows when to begin with it. */
function callsForBlocks(world: World): Violation[] {
  const unstated = idsOf(world.scenario.blocks).filter((id) => {
    const block = world.scenario.blocks[id]
    return block !== undefined && !block.opened && block.leadDays === UNKNOWN && world.place(block.place).underCommand
  })
  const places = [...new Set(unstated.map((id) => world.scenario.blocks[id]?.place ?? ''))]
  return places.map((place) => {
    const blocks = unstated.filter((id) => world.scenario.blocks[id]?.place === place)
    const name = placeName(world, place)
    return violation('unknown', place, text(
      `请致电${name.zh}：分区 ${blocks.join('、')} 未报准备天数`, `call ${name.en}: block ${blocks.join(', ')} did not state the lead days`))
  })
}
