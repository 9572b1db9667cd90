import { byCodeUnits } from '../../../kernel/canonical.js'
import { isKnown } from '../../../kernel/quantity.js'
import { text } from '../../../kernel/text.js'
import { AREAS, STAFF_ROLES } from '../../../supplies/norms.js'
import { poolName, violation } from '../../sayings.js'
import type { Found } from '../../planWords.js'
import type { Account } from '../account.js'
import type { Ground } from '../ground.js'
import { unknownPools } from '../patients.js'
import { itemNamed, placeNamed } from '../sayings.js'

/** Whose missing figure changes what is planned: it is planned as nought, and here it is said. */
export function callsFor(account: Account): Found[] {
  const { ground, supplies } = account.given
  const stock = supplies.withheld.filter(({ why }) => why === 'unknown').map(({ row, place, item }) => {
    const [where, what] = [placeNamed(ground, place), itemNamed(ground, item)]
    return violation('unknown', row, text(`请致电${where.zh}：${what.zh}未报数量，按零处理`, `call ${where.en}: it did not state how much ${what.en} it has; planned as nought`))
  })
  return [...staffUnknown(ground), ...patientsUnknown(ground), ...stock, ...vehiclesUnknown(ground), ...tripsWithoutBase(ground)]
}

const staffUnknown = (ground: Ground): Found[] => Object.entries(ground.scenario.staff).sort(([a], [b]) => byCodeUnits(a, b))
  .filter(([, { place, peoplePerShift }]) => !isKnown(peoplePerShift) && ground.isReceiver(place))
  .map(([id, { place, area, role }]) => {
    const [where, what, who] = [placeNamed(ground, place), AREAS[area], STAFF_ROLES[role]]
    return violation('unknown', id, text(
      `请致电${where.zh}：${what.zh}${who.zh}每班人数未报，需求按零处理`, `call ${where.en}: the ${who.en}s on shift in its ${what.en} were not stated; their need is planned as nought`))
  })

const patientsUnknown = (ground: Ground): Found[] => unknownPools(ground).map((pool) => {
  const [where, what] = [placeNamed(ground, ground.world.pool(pool).place), poolName(ground.world, pool)]
  return violation('unknown', pool, text(
    `请致电${where.zh}：${what.zh}未报，未具名患者的需求按零处理`, `call ${where.en}: ${what.en} were not reported; the need of patients without a name is planned as nought`))
})

const vehiclesUnknown = (ground: Ground): Found[] => Object.values(ground.scenario.sources)
  .filter(({ litresPerDay }) => litresPerDay === 'unknown').map(({ place }) => {
    const where = placeNamed(ground, place)
    return violation('unknown', place, text(
      `请致电${where.zh}：每日运力未报，按不能发货处理`, `call ${where.en}: what its vehicles carry in a day was not stated; planned as if nothing could leave`))
  })

/** Crews of trips from where nothing is received: nobody would know to whom to send what they use up. */
function tripsWithoutBase(ground: Ground): Found[] {
  const trips = new Map<string, number>()
  for (const { base } of ground.facts.plan.trips) if (!ground.isReceiver(base)) trips.set(base, (trips.get(base) ?? 0) + 1)
  return [...trips].sort(([a], [b]) => byCodeUnits(a, b)).map(([base, count]) => {
    const where = ground.scenario.places[base]?.name ?? ground.scenario.units[base]?.name ?? text(base, base)
    return violation('unknown', base, text(
      `${where.zh}有 ${count} 车次而不是受领场所：车组用的物资未计`, `${count} trips start at ${where.en}, which receives no material: what their crews use up is not planned`))
  })
}
