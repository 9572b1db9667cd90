import type { Severity } from '../cases/cases.js'
import { isWithin, type Reach } from '../kernel/roles.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import type { Order } from '../planning/scenario.js'

/** What a transfer order (转运指令) can be in. */
export const STATES = {
  issued: text('已下达', 'issued'),
  accepted: text('已接受', 'accepted'),
  reliefAsked: text('请求调整', 'relief asked for'),
  dispatched: text('已出车', 'dispatched'),
  arrived: text('已到达', 'arrived'),
  closed: text('已洗消完毕', 'closed'),
  relieved: text('已调整', 'relieved'),
  cancelled: text('已撤销', 'cancelled'),
  unwilling: text('患者或家属不愿', 'patient or family unwilling'),
  expired: text('已过期', 'expired'),
  died: text('途中死亡', 'died on the way'),
  returned: text('已折返', 'turned back'),
} as const satisfies Vocabulary<string>
export type State = keyof typeof STATES

/** Orders for which a bed is promised; a person has one at most. */
export const LIVE = ['issued', 'accepted', 'reliefAsked', 'dispatched'] as const satisfies readonly State[]
export type LiveState = (typeof LIVE)[number]
export const isLive = (state: State): state is LiveState => LIVE.some((live) => live === state)

/** Over, and its vehicle is out until somebody says that it is clean; the state stays when it is. */
export const OVER_UNCLEAN = ['died', 'returned'] as const satisfies readonly State[]
export const isOverUnclean = (state: State): boolean => OVER_UNCLEAN.some((one) => one === state)

/** Why somebody on the road is brought back to where they were collected. */
export const TURN_BACK_REASONS = {
  roadClosed: text('道路不通', 'the road is closed'),
  vehicleFailed: text('车辆故障', 'the vehicle has failed'),
  tooIll: text('病情不宜继续转运', 'the patient is too ill to go on'),
  calledBack: text('指挥部召回', 'the command calls them back'),
} as const satisfies Vocabulary<string>

/** Why a receiver asks for relief. */
export const RELIEF_REASONS = {
  noStaff: text('人手不足', 'too few staff'),
  noOxygen: text('供氧不足', 'too little oxygen'),
  bedsTaken: text('床位已被占用', 'the beds are taken'),
  equipment: text('设备故障', 'equipment has failed'),
  infectionControl: text('院感防控', 'infection control'),
} as const satisfies Vocabulary<string>

/** Why an order is issued outside any plan. */
export const OFF_PLAN_REASONS = {
  worsened: text('病情加重', 'the patient got worse'),
  newCase: text('新增病例', 'a new case'),
  placeFails: text('所在场所出故障', 'the place where they lie fails'),
  separation: text('须立即隔离', 'they have to be kept apart at once'),
  elsewhere: text('须到本系统以外救治', 'they need care that is given elsewhere'),
} as const satisfies Vocabulary<string>

/** One ride: the patient's vehicle, and when it leaves, collects, arrives, and is clean and back. */
export interface Ride {
  readonly vehicle: string | null
  readonly crew: string | null
  readonly leavesBase: Date | null
  readonly departs: Date | null
  readonly arrives: Date | null
  readonly returns: Date | null
}
export const NO_RIDE: Ride = { vehicle: null, crew: null, leavesBase: null, departs: null, arrives: null, returns: null }

/** What is issued for one person. */
export interface Line {
  readonly patient: string
  readonly fromPlace: string
  readonly fromPool: string | null
  /** Place and pool of this system; null where it leads out of it. */
  readonly toPlace: string | null
  readonly pool: string | null
  /** The hospital or city outside the system, by name. */
  readonly outside: string | null
  readonly severity: Severity
  /** Null: nobody said how long the road out of the system is. */
  readonly travelMinutes: number | null
  /** People of one trip ride together. */
  readonly trip: string | null
  readonly ride: Ride
}

/** Whether somebody who looks after some places has to do with an order: it leaves from there, or leads there. */
export const concerns = (reach: Reach, { fromPlace, toPlace }: Pick<Line, 'fromPlace' | 'toPlace'>): boolean =>
  isWithin(reach, { place: fromPlace }) || isWithin(reach, { place: toPlace })

/**
 * Outside any plan one post decides at once, by phone or not, and another signs for it after. What a scenario brought was
 * decided before it came.
 */
export const wantsPaper = ({ plan, brought, confirmedAt }: { readonly plan: string | null; readonly brought: unknown; readonly confirmedAt: Date | null }): boolean =>
  plan === null && brought === null && confirmedAt === null

/** How an order looks to planning: anything but a vehicle that has left can still be called back. */
export const planningState = (state: LiveState): Order['state'] => (state === 'dispatched' ? 'dispatched' : 'issued')
