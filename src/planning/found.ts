import { bedsFree, openBeds } from '../facilities/beds.js'
import { isKnown, sum, UNKNOWN } from '../kernel/quantity.js'
import type { Provenance } from '../kernel/provenance.js'
import { type Text, text } from '../kernel/text.js'
import { byCodeUnits } from '../kernel/canonical.js'
import type { Plan, Violation } from './plan.js'
import { personName, placeName, poolName, violation } from './sayings.js'
import { TABLES } from './scenario.js'
import { isHub, type World } from './world.js'

/** Ids in one order, however a table was written. */
const idsOf = (rows: Readonly<Record<string, unknown>>): string[] => Object.keys(rows).sort(byCodeUnits)

/** What was already broken before the plan (decision 1): listed, not judged. */
export function asFound(world: World): Violation[] {
  const pools = idsOf(world.scenario.pools).flatMap((id) => {
    const free = bedsFree(world.pool(id))
    return free === null || free >= 0 ? [] : [violation('usableBeds', id, text(
      `${poolName(world, id).zh}已超出可用 ${-free} 张`, `${poolName(world, id).en} are ${-free} over what is usable`))]
  })
  const cases = idsOf(world.scenario.cases).flatMap((id) => foundOf(world, id))
  return [...pools, ...cases]
}

function foundOf(world: World, id: string): Violation[] {
  const person = world.case(id)
  const bed = world.bedOf(id)
  const who = personName(world, id)
  const found: Violation[] = []
  if (bed.pool !== null && !world.levelServes(id, world.pool(bed.pool).careLevel) && person.severity !== 'ordinary') {
    found.push(violation('careLevel', id, text(`${who.zh}在${poolName(world, bed.pool).zh}`, `${who.en} lies in ${poolName(world, bed.pool).en}`)))
  }
  if (person.status === 'suspected' && !world.isAloneLawfully(bed)) {
    found.push(violation('singleRoom', id, text(
      `${who.zh}在${placeName(world, bed.place).zh}未单间隔离`, `${who.en} does not lie alone at ${placeName(world, bed.place).en}`)))
  }
  if (!world.place(bed.place).underCommand) {
    found.push(violation('underCommand', id, text(
      `${who.zh}在不归指挥部调用的${placeName(world, bed.place).zh}`,
      `${who.en} lies at ${placeName(world, bed.place).en}, which is not under the command`)))
  }
  return found
}

/** Whose missing figure could change the plan: pools of places that may receive, with anything unknown. */
export function callList(world: World): Violation[] {
  return idsOf(world.scenario.pools).flatMap((id) => {
    const pool = world.pool(id)
    const place = world.place(pool.place)
    // A reserve that is not signed ready is no matter of reporting.
    if (!place.underCommand || !(world.isOpen(pool) || (pool.block !== null && world.isBlockReady(pool.block)))) return []
    const missing = MISSING.filter(({ field }) => pool[field] === UNKNOWN).map(({ name }) => name)
    if (missing.length === 0) return []
    return [violation('unknown', id, text(
      `请致电${placeName(world, pool.place).zh}：${poolName(world, id).zh}未报${missing.map((m) => m.zh).join('、')}，按无床处理`,
      `call ${placeName(world, pool.place).en}: ${poolName(world, id).en} did not report ${missing.map((m) => m.en).join(', ')}; planned as having none`))]
  })
}

const MISSING = [
  { field: 'physical', name: text('实有床位', 'physical beds') },
  { field: 'staffed', name: text('开放床位', 'staffed beds') },
  { field: 'occupied', name: text('在院人数', 'occupied beds') },
  { field: 'held', name: text('预占床位', 'held beds') },
  { field: 'oxygenBeds', name: text('供氧能力', 'beds that oxygen carries') },
] as const

/**
 * Decision 12: expected = present + waiting + mean new cases of the last known days × lead days, no discharges,
 * against the warning line of the staffed beds of hubs. Null: below the line, or not enough is known.
 */
export function startPreparing(world: World): Text | null {
  const { intakeDays, warningLinePerMille } = world.policy
  const known = Object.entries(world.scenario.intake)
    .filter(([day, row]) => isKnown(row.newConfirmed) && day <= world.scenario.planDay)
    .sort(([a], [b]) => byCodeUnits(b, a))
    .slice(0, intakeDays)
    .map(([, row]) => (isKnown(row.newConfirmed) ? row.newConfirmed : 0))
  const leads = Object.values(world.scenario.blocks).filter((b) => !b.opened).map((b) => b.leadDays).filter(isKnown)
  if (known.length < intakeDays || leads.length === 0) return null
  const leadDays = Math.min(...leads)
  const hubs = Object.values(world.scenario.pools).filter((pool) => isHub(world.place(pool.place)) && world.isOpen(pool))
  const beds = sum(hubs.map((pool) => openBeds(pool) ?? 0))
  const present = sum(hubs.map((pool) => (isKnown(pool.occupied) ? pool.occupied : 0)))
  const waiting = Object.keys(world.scenario.cases).filter((id) =>
    world.case(id).status === 'confirmed' && !world.isConcentrated(id, world.bedOf(id))).length
  const expected = present + waiting + Math.ceil((sum(known) * leadDays) / known.length)
  if (expected * 1000 <= beds * warningLinePerMille) return null
  return text(
    `${leadDays} 天后预计需 ${expected} 张床，开放 ${beds} 张，将超过警戒线 ${warningLinePerMille}‰：现在开始准备后备分区`,
    `in ${leadDays} days ${expected} beds will be needed of ${beds} staffed, past the warning line of ${warningLinePerMille} per mille: start preparing reserve blocks now`)
}

/** Rides of the plan whose minutes are estimates: figures that no source states either. */
export function estimatedRides(world: World, moves: Plan['moves']): Plan['assumed'] {
  const pairs = new Set(moves.filter(({ from, to }) => world.isEstimated(from, to)).map(({ from, to }) => `${from}→${to}`))
  const source = `estimate: ${world.edition.sources.travelEstimate ?? 'policy travelEstimate'}`
  return pairs.size === 0 ? [] : [{ table: 'travel', field: 'minutes', ids: [...pairs].sort(byCodeUnits), source }]
}

/** Every figure that no source states, by table and field. */
export function assumptions(world: World): Plan['assumed'] {
  const found = new Map<string, Plan['assumed'][number]>()
  for (const table of TABLES) {
    const rows: Readonly<Record<string, Provenance>> = world.scenario[table]
    for (const id of idsOf(rows)) {
      const row = rows[id]
      for (const field of row?.assumed ?? []) {
        const source = row?.source ?? ''
        const key = JSON.stringify([table, field, source])
        const entry: Plan['assumed'][number] = found.get(key) ?? { table, field, ids: [], source }
        entry.ids.push(id)
        found.set(key, entry)
      }
    }
  }
  return [...found.values()]
}
