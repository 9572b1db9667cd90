import { openBeds } from '../facilities/beds.js'
import { isKnown, sum } from '../kernel/quantity.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { counted, type Text, text } from '../kernel/text.js'
import { isHub, type World } from './world.js'

/** Further ahead nobody extrapolates from the new cases of a few days. */
const DAYS_AHEAD_MAX = 60

/**
 * Decision 12: expected = present + waiting + mean new cases of the last known days × lead days, no discharges,
 * against the warning line of the staffed beds of hubs. Null: below the line, nothing is left to be prepared, or the
 * new cases are not known. Where only the lead days are not known, that is said, with the day on which the line is met.
 */
export function startPreparing(world: World): Text | null {
  const { intakeDays, warningLinePerMille } = world.policy
  const known = Object.entries(world.scenario.intake)
    .filter(([day, row]) => isKnown(row.newConfirmed) && day <= world.scenario.planDay)
    .sort(([a], [b]) => byCodeUnits(b, a))
    .slice(0, intakeDays)
    .map(([, row]) => (isKnown(row.newConfirmed) ? row.newConfirmed : 0))
  const shut = Object.values(world.scenario.blocks).filter((block) => !block.opened)
  if (known.length < intakeDays || shut.length === 0) return null
  const { beds, present, unknown } = hubBeds(world)
  const waiting = Object.keys(world.scenario.cases).filter((id) =>
    world.case(id).status === 'confirmed' && !world.isConcentrated(id, world.bedOf(id))).length
  const expectedIn = (days: number) => present + waiting + Math.ceil((sum(known) * days) / known.length)
  const isPast = (days: number) => expectedIn(days) * 1000 > beds * warningLinePerMille
  const leftOut = unknown === 0 ? text('', '') : text(
    `（另有 ${unknown} 处床位未报，不计在内）`, ` (${counted(unknown, 'pools')} of beds that did not report left out)`)
  const leads = shut.map((block) => block.leadDays).filter(isKnown)
  if (leads.length === 0) {
    const day = Array.from({ length: DAYS_AHEAD_MAX + 1 }, (_, days) => days).find(isPast)
    const when = day === undefined
      ? text(
        `按近日新增，${DAYS_AHEAD_MAX} 天内不过警戒线`,
        `at the present rate the warning line is not passed within ${DAYS_AHEAD_MAX} days`)
      : text(
        `按近日新增，${day} 天后过警戒线 ${warningLinePerMille}‰`,
        `at the present rate the warning line of ${warningLinePerMille} per mille is passed in ${counted(day, 'days')}`)
    return text(
      `后备分区的准备天数均未报，不知何时须着手准备；${when.zh}${leftOut.zh}`,
      `no reserve block states its lead days, so nobody knows when to start preparing; ${when.en}${leftOut.en}`)
  }
  const leadDays = Math.min(...leads)
  if (!isPast(leadDays)) return null
  const expected = expectedIn(leadDays)
  return text(
    `${leadDays} 天后预计需 ${expected} 张床，开放 ${beds} 张，将超过警戒线 ${warningLinePerMille}‰${leftOut.zh}：` +
      '现在开始准备后备分区',
    `in ${counted(leadDays, 'days')} ${counted(expected, 'beds')} will be needed of ${beds} staffed, ` +
      `past the warning line of ${warningLinePerMille} per mille${leftOut.en}: start preparing reserve blocks now`)
}

/** Beds of open hubs and who lies there, of the pools that reported both; a pool that did not is neither full nor empty. */
function hubBeds(world: World): { beds: number; present: number; unknown: number } {
  const hubs = Object.values(world.scenario.pools).filter((pool) => isHub(world.place(pool.place)) && world.isOpen(pool))
  const reported = hubs.flatMap((pool) => {
    const beds = openBeds(pool)
    return beds === null || !isKnown(pool.occupied) ? [] : [{ beds, occupied: pool.occupied }]
  })
  return {
    beds: sum(reported.map(({ beds }) => beds)),
    present: sum(reported.map(({ occupied }) => occupied)),
    unknown: hubs.length - reported.length,
  }
}
