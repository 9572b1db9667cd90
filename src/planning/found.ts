import { bedsFree, CARE_LEVELS } from '../facilities/beds.js'
import type { Provenance } from '../kernel/provenance.js'
import { counted, joinTexts, type Text, text } from '../kernel/text.js'
import { byCodeUnits } from '../kernel/canonical.js'
import type { Plan, Violation } from './plan.js'
import { levelsFor } from './policy.js'
import { personName, placeName, poolName, violation } from './sayings.js'
import { TABLES } from './scenario.js'
import type { World } from './world.js'

/** Ids in one order, however a table was written. */
export const idsOf = (rows: Readonly<Record<string, unknown>>): string[] => Object.keys(rows).sort(byCodeUnits)

/** What was already broken before the plan (decision 1): listed, not judged. */
export function asFound(world: World): Violation[] {
  const pools = idsOf(world.scenario.pools).flatMap((id) => poolFound(world, id))
  const cases = idsOf(world.scenario.cases).flatMap((id) => foundOf(world, id))
  return [...pools, ...cases]
}

/** Overfull already; or more patients on the road, whom no plan can call back, than there are beds for them. */
function poolFound(world: World, id: string): Violation[] {
  const free = bedsFree(world.pool(id))
  const coming = Object.values(world.scenario.orders).filter(({ pool, state }) => pool === id && state === 'dispatched').length
  const name = poolName(world, id)
  const overfull = free === null || free >= 0 ? [] : [violation('usableBeds', id, text(
    `${name.zh}已超出可用 ${-free} 张`, `${name.en} are ${-free} over what is usable`))]
  if (coming <= world.usable(id)) return overfull
  const left = free === null ? text('床位未报', 'no report of its beds') : text(`可用 ${world.usable(id)} 张`, `${world.usable(id)} usable`)
  return [...overfull, violation('usableBeds', id, text(
    `${coming} 人已在前往${name.zh}途中，${left.zh}`, `${counted(coming, 'people')} already on the road to ${name.en}: ${left.en}`))]
}

function foundOf(world: World, id: string): Violation[] {
  const person = world.case(id)
  const bed = world.bedOf(id)
  const who = personName(world, id)
  const found: Violation[] = []
  if (bed.pool !== null && !world.levelServes(id, world.pool(bed.pool).careLevel) && person.severity !== 'ordinary') {
    const [beds, serving] = [poolName(world, bed.pool), servingLevels(world, id)]
    found.push(violation('careLevel', id, text(
      `${who.zh}在${beds.zh}，床位级别与病情不符${serving.zh}`,
      `${who.en} lies in ${beds.en}, whose level does not serve that severity${serving.en}`)))
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

/** What would serve a case; nothing where the edition does not say. */
function servingLevels(world: World, id: string): Text {
  const levels = levelsFor(world.policy, world.case(id))
  if (levels === null) return text('', '')
  const names = [...new Set([levels.preferred, ...levels.allowed])].map((level) => text(CARE_LEVELS[level].zh, `${CARE_LEVELS[level].en}s`))
  const named = joinTexts(names, text('或', ' or '))
  return text(`，应为${named.zh}`, `: that takes ${named.en}`)
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
