import { text } from '../../kernel/text.js'
import { type Day, dayOf, instantAt, momentOf } from '../../kernel/time.js'
import type { Vocabulary } from '../../kernel/vocabulary.js'
import { comesOn } from './allocations.js'
import type { AllocationOrder } from './store.js'
import { paperDue } from '../boards.js'

/** What rings about an allocation order. */
export const OVERDUE_ALLOCATIONS = {
  allocationNotShipped: text('调拨单当日未发运', 'an allocation order was not shipped on its day'),
  allocationNotReceived: text('调拨物资逾期未签收', 'material on the road was not received in time'),
  allocationHoldsQuarantined: text('未发运的调拨单所列批次已封存', 'an allocation order that has not left holds a lot in quarantine'),
  allocationNotConfirmed: text('电话批准的调拨未补签', 'material approved by phone, and no paper yet'),
} as const satisfies Vocabulary<string>
export type OverdueAllocation = keyof typeof OVERDUE_ALLOCATIONS

const DAY_MINUTES = 24 * 60
/** When so many days after a day begin. */
const after = (day: Day, days: number): Date => momentOf(instantAt(day, days * DAY_MINUTES))

/** A lot may be said to have been locked away before the order was issued. */
const laterOf = (a: Date, b: Date): Date => (a > b ? a : b)

interface Timed extends Pick<AllocationOrder, 'state' | 'leavesOn' | 'arrivesOn' | 'shippedAt' | 'phone' | 'confirmedAt' | 'issuedAt'> {
  /** Since when a lot that it has still to ship is in quarantine; null: none is. */
  readonly lockedAwayAt: Date | null
}

/** What rings about an order, and since when: the day on which it was to leave is over, or the one after it was to arrive from when it left, or what it is to carry was locked away. */
export function overdueAllocation({ state, leavesOn, arrivesOn, shippedAt, phone, confirmedAt, issuedAt, lockedAwayAt }: Timed, now: Date): { kind: OverdueAllocation; since: Date }[] {
  const rings: { kind: OverdueAllocation; since: Date | null }[] = [
    { kind: 'allocationNotShipped', since: state === 'issued' ? after(leavesOn, 1) : null },
    { kind: 'allocationNotReceived', since: state === 'shipped' && shippedAt !== null ? after(comesOn({ leavesOn, arrivesOn }, dayOf(shippedAt)), 2) : null },
    { kind: 'allocationHoldsQuarantined', since: state === 'issued' && lockedAwayAt !== null ? laterOf(lockedAwayAt, issuedAt) : null },
    { kind: 'allocationNotConfirmed', since: phone !== null && confirmedAt === null ? paperDue(issuedAt) : null },
  ]
  return rings.flatMap(({ kind, since }) => (since !== null && since <= now ? [{ kind, since }] : []))
}
