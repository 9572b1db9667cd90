import { isKnown, sum } from '../../../kernel/quantity.js'
import { remembered } from '../../../kernel/remembered.js'
import { text } from '../../../kernel/text.js'
import { type Day, dayAfter } from '../../../kernel/time.js'
import { violation } from '../../sayings.js'
import type { Account, Shipped } from '../account.js'
import type { Ground } from '../ground.js'
import { itemNamed, placeNamed } from '../sayings.js'
import { roomPerDay, volumeOf } from '../volume.js'
import { type MaterialMust, perLine, rowOf } from './rule.js'

/** Lines grouped by what they have in common. */
function grouped(account: Account, keyOf: (shipped: Shipped) => string): Map<string, Shipped[]> {
  const groups = new Map<string, Shipped[]>()
  for (const shipped of account.lines) remembered(groups, keyOf(shipped), () => []).push(shipped)
  return groups
}

const unitsOf = (lines: readonly Shipped[]): number => sum(lines.map(({ line }) => line.units))

/**
 * Orders issued before that leave a place on such days: by the road before they arrive, or when they arrive where none is
 * known. They stand whatever they take, so that a plan which adds nothing to them breaks no must.
 */
const ordersFrom = (ground: Ground, place: string, isAsked: (leavesOn: Day) => boolean) =>
  Object.values(ground.scenario.consignments).filter(({ from, to, arrivesOn }) =>
    from === place && isAsked(dayAfter(arrivesOn, -(ground.daysOnRoad(place, to) ?? 0))))

const stockThere: MaterialMust = {
  name: 'stockThere', title: text('不超出该批次现有数量', 'no more of a lot than is there'), source: 'arithmetic',
  measure: (account) => [...grouped(account, ({ line }) => `${line.table} ${line.row}`).values()].flatMap((lines) => {
    const [{ line }] = lines as [Shipped, ...Shipped[]]
    const row = rowOf(account.given.ground, line)
    const there = row !== null && isKnown(row.units) ? row.units : 0
    const units = unitsOf(lines)
    return units <= there ? [] : [violation('stockThere', line.row, text(`${line.row} 只有 ${there}，方案发 ${units}`, `${line.row} has ${there}, the plan sends ${units}`))]
  }),
}

const keepBack: MaterialMust = {
  name: 'keepBack', title: text('来源按比例留存', 'a source keeps its share back'), source: 'the source’s own row',
  measure: (account) => [...grouped(account, ({ shipment, line }) => JSON.stringify([shipment.from, line.item])).values()].flatMap((lines) => {
    const { ground } = account.given
    const [{ shipment: { from }, line: { item } }] = lines as [Shipped, ...Shipped[]]
    // What is earmarked, and what comes later, is no stock of its own to keep.
    const isOwn = ({ place, earmark }: { place: string; earmark: string | null }) => place === from && earmark === null
    const mayLeave = Object.values(ground.scenario.lots).filter((lot) =>
      isOwn(lot) && lot.item === item && lot.released && !lot.quarantined && (lot.expiresOn === null || lot.expiresOn >= ground.scenario.planDay))
    const free = sum(mayLeave.map(({ units }) => (isKnown(units) ? units : 0)))
    const orders = ordersFrom(ground, from, (leavesOn) => leavesOn >= ground.scenario.planDay).filter((order) => order.item === item)
    const ordered = sum(orders.map(({ units }) => units))
    const kept = Math.ceil(((free + ordered) * (ground.scenario.sources[from]?.keepBackPerMille ?? 0)) / 1000)
    const units = unitsOf(lines.filter(({ line }) => line.table === 'lots' && rowOf(ground, line)?.earmark === null))
    return units <= Math.max(0, free - kept) ? [] : [violation('keepBack', from, text(
      `${placeNamed(ground, from).zh}的${itemNamed(ground, item).zh}须留 ${kept}，方案发 ${units}，现有 ${free}，另有 ${ordered} 已下达待发`,
      `${placeNamed(ground, from).en} has to keep ${kept} of its ${itemNamed(ground, item).en}; the plan sends ${units} of ${free}, beside ${ordered} that leave by orders issued before`))]
  }),
}

const released: MaterialMust = {
  name: 'released', title: text('只用已放行的', 'only what is released'), source: 'authority over every source (支配权)',
  measure: perLine('released', (ground, { line }) => (rowOf(ground, line)?.released === true ? null : text('未经放行', 'is not released by its authority'))),
}

const quarantine: MaterialMust = {
  name: 'quarantine', title: text('不用已封存的', 'nothing in quarantine'), source: 'quarantine',
  measure: perLine('quarantine', (ground, { line }) =>
    (line.table === 'lots' && ground.scenario.lots[line.row]?.quarantined === true ? text('已封存', 'is in quarantine') : null)),
}

const expired: MaterialMust = {
  name: 'expired', title: text('到达时未过期', 'good when it arrives'), source: 'expiry on the label',
  measure: perLine('expired', (ground, { shipment, line }) => {
    const expiresOn = rowOf(ground, line)?.expiresOn ?? null
    return expiresOn === null || expiresOn >= shipment.arrivesOn ? null
      : text(`${expiresOn} 到期，${shipment.arrivesOn} 才到`, `expires on ${expiresOn}, before it arrives on ${shipment.arrivesOn}`)
  }),
}

const earmark: MaterialMust = {
  name: 'earmark', title: text('定向捐赠给指定者', 'earmarked lots go where the donor said'), source: 'the donor’s word',
  measure: perLine('earmark', (ground, { shipment: { to }, line }) => {
    const bound = rowOf(ground, line)?.earmark ?? null
    return bound === null || bound === to || bound === ground.world.place(to).unit ? null : text(`定向给 ${bound}`, `is earmarked for ${bound}`)
  }),
}

const volume: MaterialMust = {
  name: 'volume', title: text('不超出来源每日运力', 'no more than the vehicles of a source carry on a day'), source: 'the source’s own row',
  measure: (account) => [...grouped(account, ({ shipment }) => JSON.stringify([shipment.from, shipment.leavesOn])).values()].flatMap((lines) => {
    const { ground } = account.given
    const [{ shipment: { from, leavesOn } }] = lines as [Shipped, ...Shipped[]]
    const room = roomPerDay(ground, from)
    const volumeOfAll = (rows: readonly { item: string; units: number }[]) => sum(rows.map(({ item, units }) => units * volumeOf(ground, item)))
    const taken = volumeOfAll(lines.map(({ line }) => line))
    const ordered = volumeOfAll(ordersFrom(ground, from, (day) => day === leavesOn))
    return room === null || taken <= Math.max(0, room - ordered) ? [] : [violation('volume', from, text(
      `${placeNamed(ground, from).zh} ${leavesOn} 发 ${Math.ceil(taken / 1000)} 升，另有已下达的 ${Math.ceil(ordered / 1000)} 升，运力 ${room / 1000} 升`,
      `${Math.ceil(taken / 1000)} litres leave ${placeNamed(ground, from).en} on ${leavesOn}, beside ${Math.ceil(ordered / 1000)} of orders issued before; its vehicles carry ${room / 1000}`))]
  }),
}

export const STOCK_MUSTS: readonly MaterialMust[] = [stockThere, keepBack, released, quarantine, expired, earmark, volume]
