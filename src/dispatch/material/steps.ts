import { refuse, type Refused } from '../../kernel/refusal.js'
import { isWithin, type Principal, type Reach, reachOf, type Role, ROLES } from '../../kernel/roles.js'
import { joinTexts, type Text, text } from '../../kernel/text.js'
import { keysOf } from '../../kernel/vocabulary.js'
import { outOfOrder } from '../outOfOrder.js'
import { ALLOCATION_STATES, ALLOCATION_STEPS, type AllocationKind, type AllocationState, type AllocationStep } from './allocations.js'

/**
 * On whose side of an allocation order a role stands: where the stock lies, where it goes, over the whole city, or, for what
 * a place gives of its own accord, where it lies.
 */
export type AllocationSide = 'sender' | 'receiver' | 'city' | 'lender'

interface Step {
  /** From which state it leads to which; from any other it is out of order. */
  readonly leads: Readonly<Partial<Record<AllocationState, AllocationState>>>
  readonly by: Readonly<Partial<Record<Role, AllocationSide>>>
}

/**
 * Which step leads from where to where, and who may make it. Whoever owes stock does not say themselves that it is lost,
 * nor take back what they were ordered to give: both are for the city.
 */
export const STEPS_OF_ALLOCATION: Readonly<Record<AllocationStep, Step>> = {
  issue: { leads: {}, by: {} },
  ship: { leads: { issued: 'shipped' }, by: { supplyOfficer: 'sender', suppliesGroup: 'sender' } },
  receive: { leads: { shipped: 'received' }, by: { supplyOfficer: 'receiver', suppliesGroup: 'receiver' } },
  lose: { leads: { shipped: 'lost' }, by: { suppliesGroup: 'city', commander: 'city' } },
  cancel: { leads: { issued: 'cancelled' }, by: { supplyOfficer: 'lender', suppliesGroup: 'city', commander: 'city' } },
  // Changes no state; the table of authority says who.
  confirm: { leads: {}, by: {} },
}

/** What a step is judged on: the order's state, since when and by whom, and the two places. */
export interface AllocationStanding {
  readonly id: string
  readonly state: AllocationState
  readonly kind: AllocationKind
  readonly since: Date
  readonly by: string
  /** Null: it comes from outside of the system. */
  readonly fromPlace: string | null
  readonly toPlace: string
}

/** What a place gives of its own accord. */
export const isGivenFreely = (kind: AllocationKind): boolean => kind === 'loan' || kind === 'giveBack'

/** Whether somebody who looks after some places has to do with an order: it leaves from there, or leads there. */
export const concernsPlaces = (reach: Reach, { fromPlace, toPlace }: Pick<AllocationStanding, 'fromPlace' | 'toPlace'>): boolean =>
  isWithin(reach, { place: fromPlace }) || isWithin(reach, { place: toPlace })

function isOnSide(side: AllocationSide, reach: Reach, { kind, fromPlace, toPlace }: AllocationStanding): boolean {
  if (side === 'city') return reach.isCity
  if (side === 'lender') return isGivenFreely(kind) && isWithin(reach, { place: fromPlace })
  return isWithin(reach, { place: side === 'sender' ? fromPlace : toPlace })
}

/** Whether somebody may make a step of an order, whatever state it is in. */
export function mayStepAllocation(who: Principal, name: AllocationStep, order: AllocationStanding): boolean {
  const { by } = STEPS_OF_ALLOCATION[name]
  return keysOf(ROLES).some((role) => {
    const side = by[role]
    return side !== undefined && isOnSide(side, reachOf(who, [role]), order)
  })
}

const KIND = text('调拨单', 'allocation order')

/** The state after a step, or the refusal: forbidden, stepOutOfOrder. Who may not is told nothing of the state. */
export function allocationAfter(who: Principal, name: AllocationStep, order: AllocationStanding): AllocationState {
  if (!mayStepAllocation(who, name, order)) throw forbiddenStep(name, order)
  const after = STEPS_OF_ALLOCATION[name].leads[order.state]
  if (after === undefined) {
    const { id, state, since, by } = order
    const open = allocationStepsOpen(who, order).map((step) => ALLOCATION_STEPS[step])
    throw outOfOrder({ kind: KIND, id, state: ALLOCATION_STATES[state], since, by, step: ALLOCATION_STEPS[name], open, turns: leadingOn(order).map((step) => ({ step: ALLOCATION_STEPS[step], by: joinTexts(postsOf(step, order)) })) })
  }
  return after
}

const WHERE: Readonly<Record<AllocationSide, { zh: string; en: string }>> = {
  sender: { zh: '发出方的', en: 'of the sender' }, receiver: { zh: '接收方的', en: 'of the receiver' }, city: { zh: '全市的', en: 'of the whole city' },
  lender: { zh: '发出方的', en: 'of the sender' },
}

const postsOf = (name: AllocationStep, { kind }: AllocationStanding): Text[] => keysOf(ROLES).flatMap((role) => {
  const side = STEPS_OF_ALLOCATION[name].by[role]
  if (side === undefined || (side === 'lender' && !isGivenFreely(kind))) return []
  return [text(`${WHERE[side].zh}${ROLES[role].zh}`, `the ${ROLES[role].en} ${WHERE[side].en}`)]
})

function forbiddenStep(name: AllocationStep, order: AllocationStanding): Refused {
  const [{ zh, en }, roles] = [ALLOCATION_STEPS[name], joinTexts(postsOf(name, order))]
  return refuse('forbidden', `此步（${zh}）由${roles.zh}办理`, `this step (${en}) is for ${roles.en}`)
}

const leadingOn = ({ state }: AllocationStanding): AllocationStep[] => keysOf(ALLOCATION_STEPS).filter((name) => STEPS_OF_ALLOCATION[name].leads[state] !== undefined)

/** Steps that this person could make now. */
export const allocationStepsOpen = (who: Principal, order: AllocationStanding): AllocationStep[] =>
  leadingOn(order).filter((name) => mayStepAllocation(who, name, order))
