import { byCodeUnits } from '../../../kernel/canonical.js'
import { remembered } from '../../../kernel/remembered.js'
import { type Text, text } from '../../../kernel/text.js'
import type { Vocabulary } from '../../../kernel/vocabulary.js'
import { type Account, usedOf } from '../account.js'
import type { MaterialPlan } from '../plan.js'
import { amount, itemNamed, placeNamed } from '../sayings.js'
import type { Withholding } from '../supply.js'
import { leftAtSources } from './left.js'
import { kitsMadeUp } from './shortages.js'

const WITHHOLDINGS = {
  unknown: text('未报数量，按零处理', 'nobody stated how many: planned as nought'),
  quarantined: text('封存', 'in quarantine'),
  notReleased: text('未经主管单位放行', 'not released by its authority'),
  expired: text('已过期', 'expired'),
  past: text('在数据截止前到货，应已计入库存', 'came before the figures were told, so stock has it already'),
  later: text('计划期后才到', 'comes after the days of the plan'),
  underCommand: text('所在场所不归指挥部调用', 'lies at a place that is not under the command'),
  notASource: text('所在场所不是物资来源', 'lies at a place that gives nothing out'),
  noVehicles: text('来源未报运力，按零处理', 'its source did not state what its vehicles carry: planned as nought'),
  keptBack: text('来源按比例留存', 'kept back by its source'),
} as const satisfies Vocabulary<Withholding>

/** Stock that is shown and not planned with, and why. */
export const withheldOf = ({ given: { ground, supplies } }: Account): MaterialPlan['withheld'] =>
  supplies.withheld.map(({ table, row, place, item, units, why }) => {
    const [at, what, reason] = [placeNamed(ground, place), itemNamed(ground, item), WITHHOLDINGS[why]]
    const many = units === null ? null : amount(ground, item, units)
    return { table, row, place, item, units, rule: why, text: text(
      `${at.zh}：${what.zh}${many === null ? '' : ` ${many.zh}`}，${reason.zh}`, `${at.en}: ${many === null ? '' : `${many.en} of `}${what.en}, ${reason.en}`) }
  })

type Surplus = MaterialPlan['surplus'][number]

const WHY: Readonly<Record<Surplus['why'], Text>> = {
  unused: text('各处需求之外，留在来源', 'beyond what anybody needs; stays at its source'),
  incomplete: text('同套的别的品种不够，配不成套，留在来源', 'other parts of its kit are short, so that no more are made up; stays at its source'),
  outOfReach: text('别处仍缺，而这些不合用或送不到，留在来源', 'short elsewhere, where it may not go or does not come in time; stays at its source'),
  aboveNeed: text('超出本处计划期内需求，可召回', 'beyond what this place needs within the plan; may be recalled'),
  expires: text('计划期内过期而用不上', 'expires within the plan before anybody can use it'),
}

/**
 * What nobody needs within the horizon: at sources, and at places beyond their own need, where it is as much as would be
 * sent anywhere. It is listed, and stays.
 */
export function surplusOf(account: Account): Surplus[] {
  const { ground, supplies } = account.given
  const sums = new Map<string, number>()
  const add = (place: string, item: string, why: Surplus['why'], units: number) => {
    const key = JSON.stringify([place, item, why])
    if (units > 0) sums.set(key, (sums.get(key) ?? 0) + units)
  }
  const wants = whoWants(account)
  for (const [item, rows] of leftAtSources(account)) {
    for (const { place, until, units } of rows) add(place, item, until < ground.horizon ? 'expires' : wants.get(item) ?? 'unused', units)
  }
  const pairs = new Map(supplies.atReceivers.map(({ place, item }) => [JSON.stringify([place, item]), { place, item }]))
  for (const { place, item } of pairs.values()) {
    for (const { usable, units } of usedOf(account.own.of(place, item), account.wanted(place, item)).left) {
      add(place, item, usable.until < ground.horizon ? 'expires' : 'aboveNeed', units)
    }
  }
  return [...sums].flatMap(([key, units]): Surplus[] => {
    const [place, item, why] = JSON.parse(key) as [string, string, Surplus['why']]
    return why === 'aboveNeed' && units < ground.lotOfUse(item) ? [] : [{ place, item, units, why, text: WHY[why] }]
  }).sort((a, b) => byCodeUnits(a.place, b.place) || byCodeUnits(a.item, b.item) || byCodeUnits(a.why, b.why))
}

/** Items of which somebody stays short, by why what is left does not help: a kit wants another part, or it does not get there. */
function whoWants(account: Account): ReadonlyMap<string, 'incomplete' | 'outOfReach'> {
  const { ground, slots } = account.given
  const parts = kitsMadeUp(account).filter(({ need, served }) => served < need).flatMap(({ kit, shortOf }) =>
    Object.values(ground.scenario.kitParts).filter((part) => part.kit === kit)
      .map(({ item }) => ({ item, isSpare: shortOf.length > 0 && shortOf.every((one) => one.item !== item) })))
  const alone = slots.filter((slot) => !slot.isKit && account.short(slot) > 0)
  return new Map([
    ...parts.map(({ item }) => [item, 'outOfReach'] as const),
    ...parts.filter(({ isSpare }) => isSpare).map(({ item }) => [item, 'incomplete'] as const),
    ...alone.map(({ of }) => [of, 'outOfReach'] as const),
  ])
}

/** What is given, or used in place, instead of something else: always said. */
export function substitutionsOf({ given: { ground }, deed }: Account): MaterialPlan['substitutions'] {
  const sums = new Map<string, { place: string; item: string; substitute: string; units: number }>()
  const add = (place: string, item: string, substitute: string, units: number) => {
    const sum = remembered(sums, JSON.stringify([place, item, substitute]), () => ({ place, item, substitute, units: 0 }))
    sum.units += units
  }
  for (const { to, lines } of deed.shipments) {
    for (const { item, substituteFor, units } of lines) if (substituteFor !== null) add(to, substituteFor, item, units)
  }
  for (const { place, item, substituteFor, units } of deed.ownSubstitutes) add(place, substituteFor, item, units)
  return [...sums.values()].map((sum) => {
    const [place, item, substitute] = [placeNamed(ground, sum.place), itemNamed(ground, sum.item), itemNamed(ground, sum.substitute)]
    const units = amount(ground, sum.substitute, sum.units)
    return { ...sum, text: text(
      `${place.zh}：${item.zh}不足，用${substitute.zh} ${units.zh}代替`, `${place.en}: ${units.en} of ${substitute.en} in place of ${item.en}, of which there is too little`) }
  }).sort((a, b) => byCodeUnits(a.place, b.place) || byCodeUnits(a.item, b.item) || byCodeUnits(a.substitute, b.substitute))
}

/** Measured use that lies further from the norm than it may correct it. */
export const unexplainedOf = ({ given: { ground, unexplained } }: Account): MaterialPlan['unexplained'] =>
  unexplained.map((one) => {
    const [place, item] = [placeNamed(ground, one.place), itemNamed(ground, one.item)]
    return { ...one, text: text(
      `${place.zh}实耗${item.zh}为定额的 ${one.measuredPerMille}‰，按 ${one.appliedPerMille}‰ 计，其余待说明`,
      `${place.en} uses ${one.measuredPerMille} per mille of the norm of ${item.en}; ${one.appliedPerMille} are planned with, the rest has to be explained`) }
  }).sort((a, b) => byCodeUnits(a.place, b.place) || byCodeUnits(a.item, b.item))

/** Issued shipments that the plan counts with. */
export const standingOf = ({ given: { ground, supplies } }: Account): MaterialPlan['standing'] =>
  supplies.atReceivers.filter(({ table }) => table === 'consignments').map(({ row, place, item, units }) =>
    ({ consignment: row, to: place, item, units, arrivesOn: ground.scenario.consignments[row]?.arrivesOn ?? '' }))
