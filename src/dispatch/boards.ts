import { type Severity, SEVERITIES } from '../cases/cases.js'
import { text } from '../kernel/text.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import { isLive, isOverUnclean, wantsPaper } from './orders.js'
import { expectedBack, type RideTimes } from './rides.js'
import type { Clocked, TransferOrder } from './store.js'

const MINUTE = 60_000
/** A decision that is asked for, and the paper of another post, are wanted within so long. */
const RELIEF_MINUTES = 30
const PAPER_MINUTES = 12 * 60
/** So long before an order expires somebody is told, who can still let its vehicle leave, or order anew. */
const EXPIRY_WARNING_MINUTES = 30
/** Collecting, handing over and cleaning take longer than the plan says. */
const GRACE_MINUTES = 30

/** What rings about an order. */
export const OVERDUE_ORDERS = {
  notArrived: text('在途逾期未到', 'on the road and not arrived in time'),
  notClean: text('车辆逾期未洗消', 'the vehicle is not clean in time'),
  reliefUndecided: text('调整请求未决', 'relief asked for and not decided'),
  notConfirmed: text('方案外的指令未补书面', 'issued outside any plan, and no paper yet'),
  patientGone: text('患者已不在原处，指令仍有效', 'the order stands, and its patient is no longer where it collects them'),
  partyParted: text('应同行的陪护人或患儿不再同行', 'the carer or the child who was to ride along does not any more'),
  notDispatched: text('逾期未出车', 'not dispatched in time'),
  expiresSoon: text('尚未出车，即将过期', 'not dispatched, and about to expire'),
} as const satisfies Vocabulary<string>
export type OverdueOrder = keyof typeof OVERDUE_ORDERS

/** Where nobody said how long the road out of the system is, somebody asks after so long. */
const UNKNOWN_ROAD_MINUTES = 4 * 60

type Timed = RideTimes & Pick<TransferOrder, 'state' | 'leavesBase' | 'travelMinutes' | 'vehicle' | 'plan' | 'brought' | 'confirmedAt' | 'issuedAt' | 'deadline'>

const after = (moment: Date, minutes: number): Date => new Date(moment.getTime() + minutes * MINUTE)

/** When the paper after a decision of one post is due. */
export const paperDue = (issuedAt: Date): Date => after(issuedAt, PAPER_MINUTES)

/** When the patient of a dispatched order should be there: not before its time, unless its vehicle did not wait for its own. */
function expectedAt({ dispatchedAt, travelMinutes, leavesBase, arrives }: Timed): Date | null {
  if (dispatchedAt === null) return null
  const driven = after(dispatchedAt, travelMinutes ?? UNKNOWN_ROAD_MINUTES)
  return leavesBase !== null && leavesBase <= dispatchedAt ? later(driven, arrives) : driven
}

/** When the vehicle of an order that stands should have left at the latest; null: it has left, relief is asked for, or nobody planned when. */
const leftBy = ({ state, departs, leavesBase }: Timed): Date | null =>
  (state === 'issued' || state === 'accepted' ? plus(departs ?? leavesBase, GRACE_MINUTES) : null)

/** What an order is judged on beside itself: when its state began, whether its vehicle is clean, when its patient left where it collects them, and more. */
export interface Beside {
  readonly since: Date
  readonly isClean: boolean
  readonly gone: Date | null
  /** When who was to ride along did so no more; null: they do, or nobody was. */
  readonly parted: Date | null
}

/** What rings about an order, and since when. */
export function overdueOf(order: Timed, { since, isClean, gone, parted }: Beside, now: Date): { kind: OverdueOrder; since: Date }[] {
  const over = order.vehicle === null || isClean ? null : order.state === 'arrived' ? order.arrivedAt : isOverUnclean(order.state) ? since : null
  const expires = isLive(order.state) && order.deadline !== null ? after(order.deadline, -EXPIRY_WARNING_MINUTES) : null
  const rings: { kind: OverdueOrder; since: Date | null }[] = [
    { kind: 'notArrived', since: order.state === 'dispatched' ? plus(expectedAt(order), GRACE_MINUTES) : null },
    { kind: 'notClean', since: over === null ? null : later(expectedBack(order), plus(over, 2 * (order.travelMinutes ?? UNKNOWN_ROAD_MINUTES) + GRACE_MINUTES)) },
    { kind: 'reliefUndecided', since: order.state === 'reliefAsked' ? after(since, RELIEF_MINUTES) : null },
    { kind: 'notConfirmed', since: wantsPaper(order) ? paperDue(order.issuedAt) : null },
    { kind: 'patientGone', since: isLive(order.state) ? gone : null },
    { kind: 'partyParted', since: isLive(order.state) ? parted : null },
    // Once it is about to expire that alone is said of it.
    { kind: 'notDispatched', since: expires !== null && expires <= now ? null : leftBy(order) },
    { kind: 'expiresSoon', since: expires },
  ]
  return rings.flatMap(({ kind, since: from }) => (from !== null && from <= now ? [{ kind, since: from }] : []))
}

const plus = (moment: Date | null, minutes: number): Date | null => (moment === null ? null : after(moment, minutes))
const later = (a: Date | null, b: Date | null): Date | null => (a === null || b === null ? (a ?? b) : a > b ? a : b)

/** Stretches of a transfer, in whole minutes. */
export const STRETCHES = {
  requestToApproval: text('申请至批准', 'from request to approval'),
  approvalToDispatch: text('批准至出车', 'from approval to dispatch'),
  dispatchToHandover: text('出车至交接', 'from dispatch to handover'),
} as const satisfies Vocabulary<string>
export type Stretch = keyof typeof STRETCHES

const stretchOf = (stretch: Stretch, { requestedAt, issuedAt, dispatchedAt, arrivedAt }: Clocked): [Date | null, Date | null] =>
  ({ requestToApproval: [requestedAt, issuedAt], approvalToDispatch: [issuedAt, dispatchedAt], dispatchToHandover: [dispatchedAt, arrivedAt] } as const)[stretch] as [Date | null, Date | null]

export interface Timing {
  readonly severity: Severity
  readonly stretch: Stretch
  readonly orders: number
  /** The upper of the two in the middle where there is an even number. */
  readonly median: number
  readonly worst: number
}

/** How long each stretch took, by severity; where nobody has come through it there is no row. */
export function timingsOf(orders: readonly Clocked[]): Timing[] {
  return keysOf(SEVERITIES).flatMap((severity) => keysOf(STRETCHES).flatMap((stretch): Timing[] => {
    const minutes = orders.filter((order) => order.severity === severity).flatMap((order) => {
      const [from, to] = stretchOf(stretch, order)
      return from === null || to === null ? [] : [Math.max(0, Math.floor((to.getTime() - from.getTime()) / MINUTE))]
    }).sort((a, b) => a - b)
    const worst = minutes.at(-1)
    return worst === undefined ? [] : [{ severity, stretch, orders: minutes.length, median: minutes[Math.floor(minutes.length / 2)] ?? worst, worst }]
  }))
}

export interface OnTheBoard {
  readonly vehicle: string
  readonly crew: string | null
  readonly orders: readonly Pick<TransferOrder, 'id' | 'state' | 'patient' | 'toPlace' | 'outside'>[]
  /** Null: nobody has planned when. */
  readonly expectedBack: Date | null
}

/** Vehicles with what they are to do; people of one ride stand together. */
export function boardOf(orders: readonly (RideTimes & Pick<TransferOrder, 'id' | 'state' | 'patient' | 'toPlace' | 'outside' | 'vehicle' | 'crew' | 'leavesBase'>)[]): OnTheBoard[] {
  const rides = new Map<string, OnTheBoard & { leaves: number }>()
  for (const order of orders) {
    const { vehicle, crew, leavesBase, id, state, patient, toPlace, outside } = order
    if (vehicle === null) continue
    const leaves = leavesBase?.getTime() ?? 0
    const key = `${vehicle}\n${leaves}`
    const before = rides.get(key)
    rides.set(key, { vehicle, crew, leaves, expectedBack: later(expectedBack(order), before?.expectedBack ?? null), orders: [...(before?.orders ?? []), { id, state, patient, toPlace, outside }] })
  }
  return [...rides.values()].sort((a, b) => (a.vehicle < b.vehicle ? -1 : a.vehicle > b.vehicle ? 1 : a.leaves - b.leaves))
    .map(({ leaves: _leaves, ...ride }) => ride)
}
