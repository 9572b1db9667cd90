import type { Act } from '../../db/act.js'
import type { Tx } from '../../db/database.js'
import { allRecords } from '../../db/records.js'
import { canonicalJson } from '../../kernel/canonical.js'
import { allowedBy, isKnown } from '../../kernel/quantity.js'
import type { Detail } from '../../kernel/refusal.js'
import { text } from '../../kernel/text.js'
import { instantOf, momentOf } from '../../kernel/time.js'
import type { Shipment } from '../../planning/material/plan.js'
import type { Scenario } from '../../planning/scenario.js'
import type { Run } from '../../planning/store.js'
import type { Item } from '../../supplies/items.js'
import type { Consignment, Source } from '../../supplies/stock.js'
import { ITEMS } from '../../supplies/store.js'
import { type Allocation, allocationsIssuedSince } from './store.js'
import { orderOfRow, underWayAt } from './consignments.js'

/** Where a shipment is named that can no longer be issued. */
export const pointerOf = (shipment: string): string => `shipments/${shipment}`

/** Orders are written by one transaction: those of the last moments before a picture may not have stood yet when it was taken. */
const UNSEEN_MILLISECONDS = 60_000

/** When what a plan was computed from was so. */
const seenAt = ({ request, claimedAt, requestedAt }: Pick<Run, 'request' | 'claimedAt' | 'requestedAt'>): Date =>
  request.asOf == null ? claimedAt ?? requestedAt : momentOf(request.asOf)

/** What a plan was computed from, as far as orders go. */
interface Known {
  readonly run: Run
  readonly drafted: Scenario
  /** As they are now, by place. */
  readonly sources: ReadonlyMap<string, Source>
}

/** The orders that rows under way are of. */
const ordersIn = (rows: Scenario['consignments']): ReadonlySet<string> => new Set(Object.keys(rows).flatMap((row) => [row, orderOfRow(row)]))

/**
 * What an order that the plan could not know of leaves untrue of its shipments: the need of a receiver that is met by now,
 * a share that a source keeps back, and vehicles that are loaded. That the stock itself is there is looked at lot by lot.
 */
export async function overtaken({ tx, at }: Pick<Act, 'tx' | 'at'>, { run, drafted, sources }: Known, shipments: readonly Shipment[]): Promise<Detail[]> {
  const seen = seenAt(run)
  const late = await allocationsIssuedSince(tx, new Date(seen.getTime() - UNSEEN_MILLISECONDS))
  // Of the last moments before: what receivers count on now, and did not then.
  const isReceived = ([, { to }]: [string, Consignment]) => Object.values(drafted.receivers).some(({ place }) => place === to)
  const counted = late.length === 0 ? [] : Object.entries((await underWayAt(tx, null, at)).consignments).filter(isReceived)
  const [then, now] = [ordersIn(drafted.consignments), ordersIn(Object.fromEntries(counted))]
  const since = late.filter(({ order: { id, issuedAt } }) => issuedAt > seen || (now.has(id) && !then.has(id)))
  if (since.length === 0) return []
  return shipments.flatMap((shipment): Detail[] => {
    const other = since.find((one) => clashes(shipment, one, sources.get(shipment.from)))
    if (other === undefined) return []
    const { id, fromPlace, toPlace, issuedAt, issuedBy } = other.order
    const when = instantOf(issuedAt)
    return [{ pointer: pointerOf(shipment.id), want: text(
      `${shipment.id}：方案算出之后，${issuedBy} 于 ${when} 下达了 ${id}（${fromPlace ?? '系统外'} → ${toPlace}），需求、留存或运力已变`,
      `${shipment.id}: after the plan was computed ${issuedBy} issued ${id} at ${when} (${fromPlace ?? 'outside'} → ${toPlace}), so that need, share kept back or vehicles are others now`,
    ) }]
  })
}

function clashes({ from, to, leavesOn, lines }: Shipment, { order, lines: others }: Allocation, source: Source | undefined): boolean {
  // What goes out in place of an item meets the need of that item.
  const items = new Set(lines.flatMap(({ item, substituteFor }) => [item, substituteFor ?? item]))
  const isAlike = others.some(({ item, substituteFor }) => items.has(item) || items.has(substituteFor ?? item))
  if (order.toPlace === to && isAlike) return true
  if (order.fromPlace !== from || source === undefined) return false
  return (source.keepBackPerMille > 0 && isAlike) || (isKnown(source.litresPerDay) && order.leavesOn === leavesOn)
}

/** Shipments from sources that keep back more by now than the plan took them for, or whose vehicles carry less. */
export function closedSince({ drafted, sources }: Omit<Known, 'run'>, shipments: readonly Shipment[]): Detail[] {
  const before = new Map(Object.values(drafted.sources).map((source) => [source.place, source]))
  return shipments.flatMap(({ id, from }): Detail[] => {
    const [then, now] = [before.get(from), sources.get(from)]
    if (then === undefined || now === undefined) return []
    if (now.keepBackPerMille <= then.keepBackPerMille && allowedBy(now.litresPerDay) >= allowedBy(then.litresPerDay)) return []
    return [{ pointer: pointerOf(id), want: text(`${id}：${from} 的留存或运力已改`, `${id}: ${from} keeps back more by now, or its vehicles carry less`) }]
  })
}

/** Shipments of items whose grade or zones are others than the plan took them for: what may be worn where was judged by those. */
export async function gradedAnew(tx: Tx, { items }: Pick<Scenario, 'items'>, shipments: readonly Shipment[]): Promise<Detail[]> {
  const now = await allRecords(tx, ITEMS, null, [...new Set(shipments.flatMap(({ lines }) => lines.map(({ item }) => item)))])
  const of = (item: Item | undefined) => canonicalJson(item === undefined ? null : [item.grade, [...item.zones].sort()])
  return shipments.flatMap(({ id, lines }): Detail[] => {
    const other = lines.find(({ item }) => of(now[item]) !== of(items[item]))
    return other === undefined ? [] : [{ pointer: pointerOf(id), want: text(
      `${id}：${other.item} 的等级或可进场区已改`, `${id}: the grade of ${other.item}, or the zones that it may enter, are others now`) }]
  })
}
