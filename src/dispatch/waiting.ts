import type { Person } from '../cases/cases.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { isLive, type State } from './orders.js'

/** How somebody fell out of the plans who still asks for another place, and for whom nobody has ordered one since. */
export const FALLEN = {
  orderExpired: text('指令已过期，患者仍在等候而无新指令', 'an order expired, and its patient waits without another'),
  orderCancelled: text('指令已撤销，患者仍在等候而无新指令', 'an order was cancelled, and its patient waits without another'),
  patientUnwilling: text('患者或家属不愿，患者仍在等候而无新指令', 'patient or family were unwilling, and the patient waits without another order'),
  turnedBack: text('途中折返，患者仍在等候而无新指令', 'turned back on the way, and the patient waits without another order'),
  reliefUpheld: text('调整成立，患者仍在等候而无新指令', 'relief was upheld, and the patient waits without another order'),
  lineStruck: text('批准方案时划去，患者仍在等候而无指令', 'struck when a plan was approved, and the patient waits without an order'),
  turnedPositive: text('隔离人员转为病例，在等候而无指令', 'turned positive in isolation, and waits without an order'),
} as const satisfies Vocabulary<string>
export type Fallen = keyof typeof FALLEN

/** States in which an order leaves its patient where they were. */
const FELL_BY: Readonly<Partial<Record<State, Fallen>>> = {
  expired: 'orderExpired', cancelled: 'orderCancelled', unwilling: 'patientUnwilling', returned: 'turnedBack', relieved: 'reliefUpheld',
}

/** The same by themselves. */
export const FELL_STATES = Object.keys(FELL_BY) as State[]

/** A deed: when, by which post, and what was said with it. */
export interface Deed {
  readonly at: Date
  readonly by: string
  readonly note: string | null
}

/** The order that stands for somebody, or the last that did, as the clock has it. */
export interface LastOrder {
  readonly id: string
  readonly state: State
  readonly fromPlace: string
  readonly toPlace: string | null
  readonly pool: string | null
  readonly outside: string | null
  /** What ended it; null while it stands. */
  readonly end: Deed | null
}

/** Somebody who asks for another place, with what has been decided for them so far. */
export interface Waiting {
  readonly patient: string
  readonly person: Person
  readonly waitingSince: Date
  /** Where they lie; null: they have no place. */
  readonly place: string | null
  readonly pool: string | null
  readonly last: LastOrder | null
  /** The last plan whose line of theirs was struck while they lay where they lie, and why, unless they had an order since. */
  readonly struck: (Deed & { readonly plan: string }) | null
  /** Turned positive in isolation where they lie now, and nothing was ordered since. */
  readonly positive: Deed | null
}

/** What left somebody without an order, since when they wait so, by whom and with what word. */
export interface Fall {
  readonly kind: Fallen
  readonly since: Date
  readonly by: string
  readonly note: string | null
  /** The order that ended; null: it was none. */
  readonly order: string | null
  /** The run of the plan whose line was struck; null: it was none. */
  readonly plan: string | null
}

/** Somebody who fell out of the plans and waits, and how. */
export interface FallenOut {
  readonly waiting: Waiting
  readonly fall: Fall
}

/**
 * How somebody who waits fell out of the plans, by the last that happened; null: an order stands, or they wait like
 * anybody else. Whoever lies elsewhere than where they were to be collected asks anew.
 */
export function fallOf({ waitingSince, place, last, struck, positive }: Waiting): Fall | null {
  if (place === null || (last !== null && isLive(last.state))) return null
  const kind = last === null || last.fromPlace !== place ? undefined : FELL_BY[last.state]
  const falls: (Deed & Omit<Fall, 'since'>)[] = [
    ...(kind === undefined || last === null || last.end === null ? [] : [{ kind, ...last.end, order: last.id, plan: null }]),
    ...(struck === null ? [] : [{ kind: 'lineStruck' as const, order: null, ...struck }]),
    ...(positive === null ? [] : [{ kind: 'turnedPositive' as const, ...positive, order: null, plan: null }]),
  ]
  const [fall] = falls.sort((a, b) => b.at.getTime() - a.at.getTime())
  if (fall === undefined) return null
  const { at, ...what } = fall
  // Whoever withdrew the request meanwhile has waited again since they asked anew.
  return { ...what, since: at > waitingSince ? at : waitingSince }
}

