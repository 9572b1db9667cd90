import type { Scenario } from '../../src/planning/scenario.js'
import { dayAfter } from '../../src/kernel/time.js'
import { PLAN_DAY } from '../support/city.js'
import { supplied, type SuppliedPatch } from '../support/supplied.js'

const SOURCES = 5
const HORIZON = 7
/** Areas and the tiers that they are of, one after the other. */
const AREAS = ['intensiveCare', 'ward', 'feverClinic', 'districtWard', 'isolationSite', 'sampling', 'checkpoint', 'welfareHome'] as const
const ROLES = ['nurse', 'doctor', 'cleaner'] as const
const BOXES = [1, 1, 5, 10, 20] as const

/**
 * A city with so many places that receive so many items for seven days out of five warehouses and their daily output:
 * less than is needed, in every band and tier. The same for the same numbers.
 */
export function materialCity({ places, items, perMille }: { places: number; items: number; perMille: number }): Scenario {
  const draw = drawing(places * 31 + items)
  const placeIds = Array.from({ length: places }, (_, i) => `p${String(i).padStart(3, '0')}`)
  const itemIds = Array.from({ length: items }, (_, i) => `i${String(i).padStart(2, '0')}`)
  const sourceIds = Array.from({ length: SOURCES }, (_, i) => `s${i}`)
  const people = new Map<string, number>()
  const staff: Record<string, object> = {}
  for (const [i, place] of placeIds.entries()) {
    for (const [k, role] of ROLES.entries()) {
      const peoplePerShift = 1 + draw(9)
      people.set(role, (people.get(role) ?? 0) + peoplePerShift * 3)
      staff[`${place}/${role}`] = { area: AREAS[(i + (k > 1 ? 1 : 0)) % AREAS.length], zone: k > 1 ? 'clean' : 'red', role, peoplePerShift, shiftsPerDay: 3 }
    }
  }
  const norms: Record<string, object> = {}
  const lots: Record<string, object> = {}
  const supplies: Record<string, object> = {}
  const goods: Record<string, object> = {}
  const packings: Record<string, object> = {}
  for (const [i, item] of itemIds.entries()) {
    const box = BOXES[i % BOXES.length] ?? 1
    goods[item] = { shipsBy: box === 1 ? null : 'box' }
    if (box > 1) packings[item] = { item, packing: 'box', units: box }
    const norm = 300 + draw(2000)
    norms[item] = { item, conventionalPerMille: norm, contingencyPerMille: Math.ceil(norm * 0.8), crisisPerMille: Math.ceil(norm * 0.5) }
    const week = [...people.values()].reduce((sum, shifts) => sum + Math.ceil((shifts * norm * HORIZON) / 1000), 0)
    const stock = Math.floor((week * perMille) / 1000)
    for (const source of sourceIds) {
      for (let k = 0; k < 4; k += 1) lots[`${item}→${source}#${k}`] = { units: Math.floor(stock / (SOURCES * 8)), expiresOn: dayAfter(PLAN_DAY, 20 + 30 * draw(12)) }
    }
    for (let day = 0; day < HORIZON; day += 1) {
      for (const source of sourceIds.slice(0, 3)) {
        supplies[`${item}→${source}#${day}`] = { units: Math.floor(stock / (2 * 3 * HORIZON)), day: dayAfter(PLAN_DAY, day) }
      }
    }
    for (const place of placeIds) if (draw(3) === 0) lots[`${item}→${place}`] = { units: draw(60) }
  }
  const patch: SuppliedPatch = {
    receivers: Object.fromEntries(placeIds.map((id, i) => [id, { suppliedBy: i % 5 === 4 ? `u${i % 3}` : null }])),
    sources: Object.fromEntries(sourceIds.map((id) => [id, { keepBackPerMille: 100 }])),
    travel: Object.fromEntries(sourceIds.flatMap((from, k) => placeIds.map((to) => [`${from}→${to}`, 30 + draw(180) + (k === 4 ? 250 : 0)]))),
    items: goods, packings, norms, staff, lots, supplies,
  }
  return supplied(patch)
}

/** Whole numbers below a bound, the same for the same seed (Park and Miller). */
function drawing(seed: number): (below: number) => number {
  let state = (seed % 2147483646) + 1
  return (below) => {
    state = (state * 16807) % 2147483647
    return state % below
  }
}
