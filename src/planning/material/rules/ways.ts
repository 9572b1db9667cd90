import { sum } from '../../../kernel/quantity.js'
import { text } from '../../../kernel/text.js'
import { violation } from '../../sayings.js'
import { type Account, usedOf } from '../account.js'
import { leftAtSources } from '../explain/left.js'
import { beyondNeed } from '../joint.js'
import { itemNamed, placeNamed } from '../sayings.js'
import { litresOf, packed } from '../shipments.js'
import { type MaterialMust, perLine, rowOf } from './rule.js'

const receiver: MaterialMust = {
  name: 'receiver', title: text('从来源发往受领场所', 'from where it lies to who receives'), source: 'arithmetic',
  measure: perLine('receiver', (ground, { shipment: { from, to, unit }, line }) => {
    const row = rowOf(ground, line)
    if (row?.place !== from || row.item !== line.item) return text(`不在${placeNamed(ground, from).zh}`, `does not lie at ${placeNamed(ground, from).en}`)
    if (ground.scenario.sources[from] === undefined || !ground.world.place(from).underCommand) return text('所在场所不是来源', 'lies where nothing is given out')
    if (!ground.isReceiver(to)) return text('目的地不受领物资', 'goes to a place that receives nothing')
    return unit === ground.unitOf(to) ? null : text('分配单位不符', 'is not of the part of the unit that splits it')
  }),
}

/** It leaves when it is there, and arrives when the road lets it. */
const arrival: MaterialMust = {
  name: 'arrival', title: text('先到货后发运，按路程到达', 'leaves when it is there, arrives when the road lets it'), source: 'policy sameDayMinutes',
  measure: perLine('arrival', (ground, { shipment: { from, to, leavesOn, arrivesOn }, line }) => {
    const comes = line.table === 'supplies' ? ground.scenario.supplies[line.row]?.day ?? leavesOn : ground.scenario.planDay
    if (leavesOn < ground.scenario.planDay || leavesOn < comes) return text(`${comes} 才有货，方案 ${leavesOn} 发`, `is there from ${comes} on, and leaves on ${leavesOn}`)
    const road = ground.daysOnRoad(from, to)
    const should = road === null ? null : ground.days[ground.dayIndex(leavesOn) + road] ?? null
    return should === arrivesOn ? null : text(`应于 ${should ?? '无'} 到`, `arrives on ${should ?? 'no day'}, the plan says ${arrivesOn}`)
  }),
}

const packing: MaterialMust = {
  name: 'packing', title: text('整包装发放', 'whole packings'), source: 'lots of use, the same for all',
  measure: perLine('packing', (ground, { shipment, line }) => {
    const lot = ground.lotOfUse(line.item)
    if (line.units % lot !== 0) return text(`${line.units} 不是 ${lot} 的整倍数`, `${line.units} is no multiple of ${lot}`)
    const { packings, singles } = packed(ground, line.item, line.units)
    const isSame = JSON.stringify([packings, singles]) === JSON.stringify([line.packings, line.singles])
    const litres = litresOf(ground, shipment.lines)
    if (!isSame) return text('包装数不符', 'its packings do not add up')
    return litres === shipment.litres ? null : text('体积不符', 'the volume of its shipment is not as recomputed')
  }),
}

const grade: MaterialMust = {
  name: 'grade', title: text('替代品等级合用', 'what stands in is of the grade'), source: '国卫办医函〔2020〕75号: grade decides the zone',
  measure: (account) => {
    const { ground, grades } = account.given
    const given = [
      ...account.lines.map(({ shipment, line }) => ({ place: shipment.to, item: line.item, substituteFor: line.substituteFor })),
      ...account.deed.ownSubstitutes,
    ]
    return given.flatMap(({ place, item, substituteFor }) => {
      if (substituteFor === null) return []
      if (ground.substitutesOf(substituteFor).includes(item) && grades({ place, item: substituteFor, substitute: item })) return []
      const [where, what, instead] = [placeNamed(ground, place), itemNamed(ground, substituteFor), itemNamed(ground, item)]
      return [violation('grade', place, text(`${where.zh}不能以${instead.zh}代替${what.zh}`, `${instead.en} may not stand in for ${what.en} at ${where.en}`))]
    })
  },
}

/** Where fewest substitutions is the first wish, no later substitute is used while a lot of the item or an earlier one is left that comes as soon. */
const substituteOrder: MaterialMust = {
  name: 'substituteOrder', title: text('替代品按次序', 'substitutes in their order'), source: 'the order of substitutes',
  measure: (account) => {
    const { ground, grades } = account.given
    if (ground.policy.wishes[0] !== 'fewestSubstitutions') return []
    const left = leftAtSources(account)
    return perLine('substituteOrder', (_, { shipment: { to, arrivesOn }, line }) => {
      const { substituteFor } = line
      if (substituteFor === null) return null
      const order = [substituteFor, ...ground.substitutesOf(substituteFor)]
      const until = rowOf(ground, line)?.expiresOn ?? null
      const better = order.slice(0, order.indexOf(line.item)).filter((item) => item === substituteFor || grades({ place: to, item: substituteFor, substitute: item }))
        .flatMap((item) => left.get(item) ?? []).find((stock) => {
          const road = ground.daysOnRoad(stock.place, to)
          const isBound = stock.earmark !== null && stock.earmark !== to && stock.earmark !== ground.world.place(to).unit
          const lasts = until === null ? stock.until > ground.horizon : stock.until >= ground.dayIndex(until)
          // Where vehicles are counted, what is left may be what they had no room for.
          const isCounted = ground.scenario.sources[stock.place]?.litresPerDay !== 'notTracked'
          return !isBound && !isCounted && lasts && road !== null && stock.units >= ground.lotOfUse(stock.item) && stock.from + road <= ground.dayIndex(arrivesOn)
        })
      return better === undefined ? null : text(`尚有更先的 ${better.row}`, `${better.row} comes first in the order and is left`)
    })(account)
  },
}

/** Nobody is given more than serves their need, in whole lots, beside what they have. */
const cap: MaterialMust = {
  name: 'cap', title: text('不超过需求', 'nobody above their need'), source: 'the cap: all bands, in whole lots',
  measure: (account) => {
    const { ground, supplies } = account.given
    const dated = new Set(supplies.atSources.filter(({ until }) => until < ground.horizon - 1).map(({ item }) => item))
    const given = new Map<string, { place: string; item: string; units: number }>()
    const add = (place: string, item: string, units: number) => {
      const key = JSON.stringify([place, item])
      given.set(key, { place, item, units: units + (given.get(key)?.units ?? 0) })
    }
    for (const { shipment, line } of account.lines) add(shipment.to, line.substituteFor ?? line.item, line.units)
    for (const { place, substituteFor, units } of account.deed.ownSubstitutes) add(place, substituteFor, units)
    return [...given.values()].flatMap(({ place, item, units }) => {
      const lot = ground.lotOfUse(item)
      const wanted = account.wanted(place, item)
      const missing = wanted.map((_, day) => day).map((day) => shortBy(account, place, item, day))
      const mayExpire = [item, ...ground.substitutesOf(item)].some((one) => dated.has(one))
      const most = mayExpire ? sum(missing.map((short, day) => Math.ceil((short - (missing[day - 1] ?? 0)) / lot) * lot)) : Math.ceil((missing.at(-1) ?? 0) / lot) * lot
      return units <= most ? [] : [violation('cap', place, text(
        `${placeNamed(ground, place).zh}的${itemNamed(ground, item).zh}至多 ${most}，方案给 ${units}`,
        `${placeNamed(ground, place).en} can use ${most} of ${itemNamed(ground, item).en} at most, and is given ${units}`))]
    })
  },
}

/** What own stock leaves unserved up to a day. */
function shortBy(account: Account, place: string, item: string, day: number): number {
  const wanted = account.wanted(place, item).map((units, on) => (on <= day ? units : 0))
  return sum(wanted) - usedOf(account.before.of(place, item), wanted).served
}

/** What is used in place of something else is what its own place will not need. */
const ownSubstitutes: MaterialMust = {
  name: 'ownSubstitutes', title: text('自有替代品以本处富余为限', 'own substitutes out of what is beyond own need'), source: 'arithmetic',
  measure: (account) => {
    const { ownSubstitutes: used } = account.deed
    const beyond = beyondNeed(account.given, new Set(used.map(({ item }) => item)))
    const rows = new Map(used.map(({ table, row, place }) => [JSON.stringify([table, row]), { table, row, place }]))
    return [...rows.values()].flatMap(({ table, row, place }) => {
      const units = sum(used.filter((own) => own.table === table && own.row === row).map((own) => own.units))
      const most = sum(beyond.filter((stock) => stock.table === table && stock.row === row && stock.place === place).map((stock) => stock.units))
      return units <= most ? [] : [violation('ownSubstitutes', row, text(`${row} 富余 ${most}，方案代用 ${units}`, `${most} of ${row} are beyond need, the plan uses ${units}`))]
    })
  },
}

export const WAY_MUSTS: readonly MaterialMust[] = [receiver, arrival, packing, grade, substituteOrder, cap, ownSubstitutes]
