import type { Fields, Kind } from './modelWords.js'

export interface Version {
  readonly id: string
  readonly version: number
  readonly body: Fields
  readonly effectiveAt: number
  readonly recordedAt: number
  readonly recordedBy: string
  /** When somebody named came (1) or left (-1), where that made the version. */
  readonly named?: { readonly at: number; readonly more: number }
}

/** One person at one place for a time: a case in care, or a contact in a room. */
export interface Stay {
  readonly id: string
  readonly person: string
  readonly place: string
  readonly pool: string | null
  readonly began: number
  readonly beganRecorded: number
  readonly beganBy: string
  readonly end: { readonly at: number; readonly how: string; readonly recorded: number; readonly by: string } | null
}

/** A look at a contact, by contact, day and half. */
export interface Seen {
  readonly contact: string
  readonly day: string
  readonly half: string
  readonly body: Fields
  readonly at: number
  readonly by: string
}

/** What a run has come to, as it was read from the service and judged. */
export interface Draft {
  readonly exit: number
  readonly plan: Fields
  /** The picture from which it was computed. */
  readonly picture: Fields
}
export interface Run {
  readonly id: string
  readonly request: Fields
  readonly by: string
  readonly at: number
  readonly cancelled: number | null
  /** When somebody computed it, and in which version that left it: there is a draft, or none could be made. */
  readonly computed: { readonly at: number; readonly version: number } | null
  readonly draft: Draft | null
}

/** A plan from its approval on. `brought`: it came with a scenario. */
export interface Plan {
  readonly id: string
  readonly brought: boolean
  readonly version: number
  readonly state: 'approved' | 'superseded' | 'withdrawn'
  readonly maker: string | null
  readonly approved: { readonly at: number; readonly by: string; readonly recorded: number }
  readonly phone: Fields | null
  readonly confirmed: { readonly at: number; readonly by: string } | null
  readonly note: string | null
  readonly struck: readonly Fields[]
  readonly opened: readonly string[]
  readonly ended: { readonly at: number; readonly by: string } | null
  /** Where it wanted to take people. */
  readonly lines: Readonly<Record<string, Fields>>
}

/** What of an order changes, as each of its steps found it and left it. */
export interface OrderNow {
  readonly state: string
  readonly toPlace: string
  readonly pool: string
  readonly travelMinutes: number
  readonly vehicle: string | null
  readonly crew: string | null
  readonly leavesBase: number | null
  readonly departs: number | null
  readonly arrives: number | null
  readonly returns: number | null
  readonly answerBy: number | null
  readonly deadline: number | null
  readonly confirmed: { readonly at: number; readonly by: string } | null
  readonly dispatchedAt: number | null
  readonly arrivedAt: number | null
  readonly handover: Fields | null
}
export interface Step {
  readonly step: string
  readonly at: number
  readonly recorded: number
  readonly by: string
  readonly note: string | null
  readonly details: Fields
  /** The order after it. */
  readonly left: OrderNow
}
export interface Order {
  readonly id: string
  readonly patient: string
  readonly severity: string
  readonly fromPlace: string
  readonly fromPool: string | null
  readonly plan: string | null
  readonly reason: string | null
  readonly phone: Fields | null
  readonly trip: string | null
  readonly requestedAt: number | null
  readonly issued: { readonly at: number; readonly by: string }
  readonly now: OrderNow
  readonly steps: readonly Step[]
  /** The row of a scenario with which it came. */
  readonly brought: Fields | null
}

export interface Relief {
  readonly order: string
  readonly pool: string
  readonly beds: number
  readonly reason: string
  readonly since: number
  readonly by: string
  readonly lifted: { readonly at: number; readonly by: string } | null
}

export interface Deed { readonly action: string; readonly kind: string; readonly subject: string; readonly actor: string; readonly at: number }

/** Everything that the model knows. */
export interface State {
  readonly now: number
  readonly records: Readonly<Record<Kind, ReadonlyMap<string, readonly Version[]>>>
  /** What a plan assumes beside the tables, once a scenario was brought in. */
  readonly settings: { readonly body: Fields; readonly at: number; readonly recorded: number } | null
  readonly stays: ReadonlyMap<string, Stay>
  /** Stays of contacts, by a number of the model's own. */
  readonly rooms: ReadonlyMap<string, Stay>
  readonly seen: ReadonlyMap<string, Seen>
  readonly runs: ReadonlyMap<string, Run>
  readonly plans: ReadonlyMap<string, Plan>
  readonly orders: ReadonlyMap<string, Order>
  readonly reliefs: ReadonlyMap<string, Relief>
  readonly journal: readonly Deed[]
}

/** The same, to be written in. */
export interface Draftable extends State {
  now: number
  records: Readonly<Record<Kind, Map<string, readonly Version[]>>>
  settings: State['settings']
  stays: Map<string, Stay>
  rooms: Map<string, Stay>
  seen: Map<string, Seen>
  runs: Map<string, Run>
  plans: Map<string, Plan>
  orders: Map<string, Order>
  reliefs: Map<string, Relief>
  journal: Deed[]
}

const KINDS: readonly Kind[] = ['reporting-units', 'places', 'pools', 'cases', 'intake', 'vehicles', 'travel', 'reserve-blocks', 'expert-teams', 'contacts']
const byKind = <T>(make: (kind: Kind) => T): Record<Kind, T> => Object.fromEntries(KINDS.map((kind) => [kind, make(kind)])) as Record<Kind, T>

export const nothing = (now: number): Draftable => ({
  now, records: byKind(() => new Map()), settings: null, stays: new Map(), rooms: new Map(), seen: new Map(), runs: new Map(), plans: new Map(),
  orders: new Map(), reliefs: new Map(), journal: [],
})

/** Another state with the same in it, so that what is refused can change nothing. */
export const copied = (state: State): Draftable => ({
  ...state, records: byKind((kind) => new Map(state.records[kind])), stays: new Map(state.stays), rooms: new Map(state.rooms), seen: new Map(state.seen),
  runs: new Map(state.runs), plans: new Map(state.plans), orders: new Map(state.orders), reliefs: new Map(state.reliefs), journal: [...state.journal],
})

export const present = (state: State, kind: Kind, id: string): Version | undefined => state.records[kind].get(id)?.at(-1)
export const idsOf = (state: State, kind: Kind): string[] => [...state.records[kind].keys()]

export const openStayOf = ({ stays }: State, person: string): Stay | undefined => [...stays.values()].find((stay) => stay.person === person && stay.end === null)
export const openRoomOf = ({ rooms }: State, contact: string): Stay | undefined => [...rooms.values()].find((stay) => stay.person === contact && stay.end === null)

/** Whether a bed is promised for an order in this state. */
export const isLive = (state: string): boolean => ['issued', 'accepted', 'reliefAsked', 'dispatched'].includes(state)
export const planInForce = ({ plans }: State): Plan | undefined => [...plans.values()].find(({ state }) => state === 'approved')
