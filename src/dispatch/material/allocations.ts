import { text } from '../../kernel/text.js'
import { type Day, dayAfter, daysBetween } from '../../kernel/time.js'
import type { Vocabulary } from '../../kernel/vocabulary.js'

/** What has become of an allocation order (调拨单). */
export const ALLOCATION_STATES = {
  issued: text('已下达', 'issued'),
  shipped: text('已发运', 'shipped'),
  received: text('已签收', 'received'),
  cancelled: text('已取消', 'cancelled'),
  lost: text('途中丢失', 'lost on the way'),
} as const satisfies Vocabulary<string>
export type AllocationState = keyof typeof ALLOCATION_STATES

/** Whether what an order carries has left, whatever became of it on the road. */
export const hasLeft = (state: AllocationState): boolean => state !== 'issued' && state !== 'cancelled'

/** The day from which what an order carries can be used: later by as many days as it leaves later than it was to. */
export const comesOn = ({ leavesOn, arrivesOn }: { readonly leavesOn: Day; readonly arrivesOn: Day }, leftOn: Day): Day =>
  (leftOn > leavesOn ? dayAfter(leftOn, daysBetween({ from: leavesOn, to: arrivesOn })) : arrivesOn)

/** Why material goes from one place to another. */
export const ALLOCATION_KINDS = {
  plan: text('按方案调拨', 'by the plan'),
  allocation: text('方案外调拨', 'outside any plan'),
  loan: text('借用', 'loan'),
  giveBack: text('归还', 'return of a loan or a surplus'),
} as const satisfies Vocabulary<string>
export type AllocationKind = keyof typeof ALLOCATION_KINDS

/** Why what came was not accepted. */
export const DAMAGE_REASONS = {
  broken: text('包装破损', 'broken packing'),
  wet: text('受潮', 'wet'),
  tooOld: text('效期不足', 'too close to its expiry'),
} as const satisfies Vocabulary<string>

/** Why what was shipped did not come: less was in it, or something else. */
export const LACK_REASONS = {
  wrongItem: text('品名不符', 'another item'),
  wrongLot: text('批号不符', 'another lot'),
  short: text('短少', 'fewer than on the note'),
} as const satisfies Vocabulary<string>

/** Why less was accepted than was shipped. */
export const DIFFERENCE_REASONS = { ...DAMAGE_REASONS, ...LACK_REASONS }
export type DifferenceReason = keyof typeof DIFFERENCE_REASONS

/** The steps of an allocation order, in the words of its events. */
export const ALLOCATION_STEPS = {
  issue: text('下达', 'issue'),
  confirm: text('补签', 'confirm in writing'),
  ship: text('发运', 'ship'),
  receive: text('签收', 'receive'),
  lose: text('报失', 'report it as lost'),
  cancel: text('取消', 'cancel'),
} as const satisfies Vocabulary<string>
export type AllocationStep = keyof typeof ALLOCATION_STEPS

/** A shipment of a plan that whoever approved it left out, and why. */
export interface StruckShipment {
  /** Its id in the plan. */
  readonly shipment: string
  readonly reason: string
}
