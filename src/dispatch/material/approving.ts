import { checkAuthority } from '../../access/authority.js'
import { checkCall } from '../../access/phone.js'
import { type Act, matchVersionIfGiven } from '../../db/act.js'
import type { Tx } from '../../db/database.js'
import { allRecords } from '../../db/records.js'
import { PLACES } from '../../facilities/store.js'
import { isSamePost } from '../../kernel/ids.js'
import { invariant } from '../../kernel/invariant.js'
import { type Detail, notFound, refuse, refuseAt, type Refused } from '../../kernel/refusal.js'
import { text } from '../../kernel/text.js'
import { instantOf } from '../../kernel/time.js'
import type { MaterialPlan, Shipment, ShipmentLine } from '../../planning/material/plan.js'
import { planSchema } from '../../planning/plan.js'
import { scenarioIn } from '../../planning/scenario.js'
import { makersOf, planOf } from '../../planning/store.js'
import { rowsElsewhere } from '../../supplies/picture.js'
import { freeAt } from '../../supplies/stockBook.js'
import { type LockedLot, LOTS, lotsAt, sourcesByPlace } from '../../supplies/store.js'
import type { AllocationApproval } from './bodies.js'
import { issueAllocations, lockStock } from './issuing.js'
import { whyNotGiven } from './lots.js'
import {
  type Allocation, allocationsOfRun, changeIssuedAllocation, insertIssuedAllocation, type IssuedAllocation, issuedAllocationOf,
} from './store.js'
import { approverOf, checkDayNotOver, checkNotOwn, checkNotStale, doneRun, possiblePlanOf } from '../deciding.js'
import { closedSince, gradedAnew, overtaken, pointerOf } from './overtaken.js'
import { lockDesk } from '../store.js'

const KIND = 'plan-runs'

/** The approval of a plan's material, its orders by shipment, and the plan that it is of. */
export interface ApprovedMaterial {
  readonly approval: IssuedAllocation
  readonly orders: ReadonlyMap<string, Allocation>
  readonly material: MaterialPlan
}

/**
 * The material of a draft becomes allocation orders, one a shipment, each line with its stock promised; all or none. What the
 * plan takes from supplies that have not come is left out. Refuses: notFound, noPlan, planIsImpossible, planIsDecided,
 * ownPlan, forbidden, planIsStale.
 */
export async function approveAllocation(act: Act, id: string, ask: AllocationApproval): Promise<ApprovedMaterial> {
  await lockDesk(act)
  const run = await doneRun(act, id)
  const before = await issuedAllocationOf(act.tx, id)
  if (before !== null) throw decided(before)
  const { plan, snapshot } = await possiblePlanOf(act, run)
  const { material } = plan
  if (material === null) throw refuse('noPlan', '此方案没有物资部分，无可批准', 'the plan has no material that could be approved')
  checkNotOwn(act, await makersOf(act.tx, id), ask)
  checkAuthority(act.who, ['material'], { byPhone: ask.phone !== undefined })
  const called = ask.phone === undefined ? null : await checkCall(act, ask.phone, run.finishedAt, 'material')
  const shipments = keptFrom(material, ask)
  const known = await lotsOf(act, shipments)
  const locked = await lockStock(act, [...known.values()])
  checkDayNotOver(plan, act.at)
  const units = await unitsOfPlaces(act, shipments)
  const drafted = scenarioIn(snapshot)
  const sources = await sourcesByPlace(act.tx)
  const unknown = [
    ...await overtaken(act, { run, drafted, sources }, shipments), ...await gradedAnew(act.tx, drafted, shipments), ...closedSince({ drafted, sources }, shipments),
  ]
  // What is to be struck anyway takes nothing from the others.
  const left = shipments.filter(({ id: shipment }) => !unknown.some(({ pointer }) => pointer === pointerOf(shipment)))
  checkNotStale([...unknown, ...whatIsGone(left, { known, locked, units })])
  // Who answered the call stands in `phone`: the row is answered for by whoever puts it down.
  const { approvedAt, phone } = approverOf(act, ask, called)
  await insertIssuedAllocation(act.tx, {
    run: id, maker: run.requestedBy, approvedAt, recordedAt: act.at, approvedBy: act.by, phone, note: ask.note ?? null, struck: ask.struck,
  })
  const orders = await issueAllocations(act, shipments.filter(({ lines }) => lines.some(isThere)).map(({ id: shipment, from, to, leavesOn, arrivesOn, lines }) => ({
    kind: 'plan', from, to, leavesOn, arrivesOn, reason: null, request: null, phone: null, run: id, shipment,
    lines: lines.filter(isThere).map(({ item, row, units: ordered, substituteFor }) => ({ item, lot: lotIn(known, from, row), ordered, substituteFor })),
  })), locked)
  await act.journal({ action: 'allocation.approved', kind: KIND, subject: id, details: { ...ask, orders: orders.length } })
  const approved = await approvedMaterialOf(act.tx, id)
  invariant(approved !== null, 'what was approved is there')
  return approved
}

/** The approval of a run's material; null: nobody has given one. */
export async function approvedMaterialOf(tx: Tx, id: string): Promise<ApprovedMaterial | null> {
  const [approval, found] = [await issuedAllocationOf(tx, id), await planOf(tx, id)]
  if (approval === null || found === null) return null
  const { material } = planSchema.parse(JSON.parse(found.plan))
  invariant(material !== null, 'material that was approved is in its plan')
  return { approval, orders: await allocationsOfRun(tx, id), material }
}

/** What lies somewhere already, and not what is still to come. */
export const isThere = ({ table }: Pick<ShipmentLine, 'table'>): boolean => table === 'lots'

function keptFrom({ shipments }: MaterialPlan, { struck }: AllocationApproval): Shipment[] {
  const ids = new Set(shipments.map(({ id }) => id))
  const unknown = struck.findIndex(({ shipment }) => !ids.has(shipment))
  if (unknown >= 0) throw refuseAt(`/struck/${unknown}/shipment`, '方案中没有这一票', 'the plan has no shipment of this id')
  const out = new Set(struck.map(({ shipment }) => shipment))
  return shipments.filter(({ id }) => !out.has(id))
}

/**
 * Lots by where and of which row shipments take them: that of the row's own name where it came in, or one that has come there
 * from elsewhere.
 */
async function lotsOf({ tx }: Act, shipments: readonly Shipment[]): Promise<ReadonlyMap<string, string>> {
  const lots = new Map<string, string>()
  const wanted = shipments.flatMap(({ from, lines }) => lines.filter(isThere).map(({ row, item }) => ({ from, row, item })))
  const own = await allRecords(tx, LOTS, null, [...new Set(wanted.map(({ row }) => row))])
  for (const { from, row, item } of wanted) {
    if (lots.has(keyOf(from, row))) continue
    const moved = own[row]?.place === from ? [] : await lotsAt(tx, from, item)
    const lot = own[row]?.place === from ? row : moved.find((one) => rowsElsewhere(one, from).includes(row))
    if (lot !== undefined) lots.set(keyOf(from, row), lot)
  }
  return lots
}

const keyOf = (from: string, row: string): string => JSON.stringify([from, row])

function lotIn(known: ReadonlyMap<string, string>, from: string, row: string): string {
  const lot = known.get(keyOf(from, row))
  invariant(lot !== undefined, 'a plan that is not stale names lots that are there')
  return lot
}

/** The reporting unit of each place that something goes to. */
async function unitsOfPlaces({ tx }: Act, shipments: readonly Shipment[]): Promise<ReadonlyMap<string, string>> {
  const places = await allRecords(tx, PLACES, null, [...new Set(shipments.map(({ to }) => to))])
  return new Map(Object.entries(places).map(([id, { unit }]) => [id, unit]))
}

interface Present {
  /** Lots by where the plan takes them, and of which row. */
  readonly known: ReadonlyMap<string, string>
  readonly locked: ReadonlyMap<string, LockedLot>
  readonly units: ReadonlyMap<string, string>
}

/** Each shipment whose stock is no longer there for it, lot by lot. Empty: all of them may be issued. */
function whatIsGone(shipments: readonly Shipment[], { known, locked, units }: Present): Detail[] {
  // Those that come first in the plan are served as far as it goes, and what does not go takes nothing: no more has to be struck.
  let taken: ReadonlyMap<string, number> = new Map()
  return shipments.flatMap(({ id, from, to, arrivesOn, lines }) => {
    const withIt = new Map(taken)
    const details = lines.filter(isThere).flatMap(({ row, item, units: wanted }): Detail[] => {
      const say = (zh: string, en: string): Detail[] => [{ pointer: pointerOf(id), want: text(`${id} 的 ${item}：${zh}`, `${item} of ${id}: ${en}`) }]
      const [lot, key] = [locked.get(known.get(keyOf(from, row)) ?? ''), keyOf(from, row)]
      if (lot === undefined || lot.record.body.item !== item) return say(`${from} 处已没有 ${row}`, `there is nothing of ${row} at ${from} any more`)
      const why = whyNotGiven(lot.record.body, { to, unit: units.get(to) ?? '', arrivesOn })
      if (why !== null) return say(why.zh, why.en)
      const left = Math.max(0, freeAt(lot.book, from)) - (withIt.get(key) ?? 0)
      if (left < wanted) {
        return say(`${from} 处批次 ${lot.record.id} 除前面各票外现可用 ${left}，此票取 ${wanted}`, `${left} of lot ${lot.record.id} are free at ${from} beside the shipments before, and this one takes ${wanted}`)
      }
      withIt.set(key, (withIt.get(key) ?? 0) + wanted)
      return []
    })
    if (details.length === 0) taken = withIt
    return details
  })
}

/** Says who decided and when, so that whoever came second knows. */
export function decided({ run, approvedAt, approvedBy, phone, confirmedAt, confirmedBy, withdrawnAt, withdrawnBy }: IssuedAllocation): Refused {
  if (withdrawnAt !== null) {
    return refuse('planIsDecided', `方案 ${run} 的物资已由 ${withdrawnBy} 于 ${instantOf(withdrawnAt)} 撤回`, `the material of plan ${run} was withdrawn by ${withdrawnBy} at ${instantOf(withdrawnAt)}`)
  }
  const by = phone?.answeredPost ?? approvedBy
  if (confirmedAt !== null) {
    return refuse('planIsDecided', `方案 ${run} 的物资已由 ${by} 于 ${instantOf(approvedAt)} 电话批准，${confirmedBy} 于 ${instantOf(confirmedAt)} 补签`,
      `the material of plan ${run} was approved by ${by} by phone at ${instantOf(approvedAt)}, and confirmed by ${confirmedBy} at ${instantOf(confirmedAt)}`)
  }
  return refuse('planIsDecided', `方案 ${run} 的物资已由 ${by} 于 ${instantOf(approvedAt)} 批准`, `the material of plan ${run} was approved by ${by} at ${instantOf(approvedAt)}`)
}

/** The version of an approval: the paper after a call makes another, and taking it back. */
export const versionOfApproval = ({ confirmedAt, withdrawnAt }: Pick<IssuedAllocation, 'confirmedAt' | 'withdrawnAt'>): number =>
  1 + [confirmedAt, withdrawnAt].filter((moment) => moment !== null).length

/** The paper after an approval by phone. Refuses: notFound, changedMeanwhile, ownPlan, forbidden, planIsDecided. */
export async function confirmAllocation(act: Act, id: string): Promise<ApprovedMaterial> {
  await lockDesk(act)
  const found = await approvedMaterialOf(act.tx, id)
  if (found === null) throw notFound(id)
  const { approval } = found
  matchVersionIfGiven(act, { version: versionOfApproval(approval) })
  checkNotOwn(act, [approval.maker, ...await makersOf(act.tx, id)], {})
  checkAuthority(act.who, ['material'], { byPhone: false })
  if (approval.phone === null || approval.confirmedAt !== null || approval.withdrawnAt !== null) throw decided(approval)
  if (isSamePost(approval.approvedBy, act.by)) throw refuse('ownPlan', `电话批准由 ${act.by} 登记，须由他人补签`, `${act.by} put the call down; somebody else confirms it`)
  const confirmed = await changeIssuedAllocation(act.tx, id, { confirmedAt: act.at, confirmedBy: act.by })
  await act.journal({ action: 'allocation.confirmed', kind: KIND, subject: id, details: { phone: approval.phone } })
  return { ...found, approval: confirmed }
}
