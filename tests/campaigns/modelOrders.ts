import { type Act, done, matchIfGiven, needs, No, note, when } from './modelAct.js'
import { worse } from './modelCases.js'
import { orderOut } from './modelOut.js'
import { EVERYWHERE, reachOf, seesOrder } from './modelRoles.js'
import { type Draftable, isLive, openStayOf, type Order, type OrderNow, present, type State, type Stay, type Step } from './modelState.js'
import { ended, fulfilled, isDead, moved } from './modelStays.js'
import { type Answered, type Fields, isCount, MINUTE, ofCodePoints, read, written } from './modelWords.js'

const DESK = { t: 'city', T: 'city', C: 'city' }
const SENDER = { b: 'sender', s: 'sender', t: 'city' }
const RECEIVER = { b: 'receiver', s: 'receiver', t: 'city' }
const BEFORE_IT_LEAVES = (after: string) => ({ issued: after, accepted: after, reliefAsked: after })

/** Written down a second time: from which state a step leads to which, and who may take it on which side of the order. */
export const STEPS: Readonly<Record<string, { readonly leads: Readonly<Record<string, string>>; readonly by: Readonly<Record<string, string>> }>> = {
  accept: { leads: { issued: 'accepted' }, by: RECEIVER },
  askRelief: { leads: { issued: 'reliefAsked', accepted: 'reliefAsked' }, by: { b: 'receiver', s: 'receiver' } },
  uphold: { leads: { reliefAsked: 'relieved' }, by: DESK },
  overrule: { leads: { reliefAsked: 'accepted' }, by: DESK },
  dispatch: { leads: { accepted: 'dispatched' }, by: SENDER },
  worsen: { leads: { dispatched: 'dispatched' }, by: SENDER },
  divert: { leads: { ...BEFORE_IT_LEAVES('issued'), dispatched: 'dispatched' }, by: DESK },
  arrive: { leads: { dispatched: 'arrived' }, by: RECEIVER },
  decontaminate: { leads: { arrived: 'closed', died: 'died', returned: 'returned' }, by: RECEIVER },
  cancel: { leads: BEFORE_IT_LEAVES('cancelled'), by: DESK },
  unwilling: { leads: BEFORE_IT_LEAVES('unwilling'), by: SENDER },
  die: { leads: { dispatched: 'died' }, by: RECEIVER },
  turnBack: { leads: { dispatched: 'returned' }, by: SENDER },
  lift: { leads: { relieved: 'relieved' }, by: { ...DESK, b: 'receiver', s: 'receiver' } },
}

/** Whether somebody stands on the side of the order for which a step is. */
export function mayStep(state: State, actor: string, step: string, { fromPlace, now }: Order): boolean {
  return Object.entries(STEPS[step]?.by ?? {}).some(([role, side]) => {
    const reach = reachOf(state, actor, role)
    return reach.isCity || (side !== 'city' && reach.places.has(side === 'sender' ? fromPlace : now.toPlace))
  })
}

/** What the clock says to an order: consent by silence, or that it is over. */
export function dueOf({ state, answerBy, deadline }: OrderNow, moment: number): { step: 'consent' | 'expire'; at: number } | null {
  if (state === 'issued' && answerBy !== null && answerBy <= moment) return { step: 'consent', at: answerBy }
  return ['issued', 'accepted', 'reliefAsked'].includes(state) && deadline !== null && deadline <= moment ? { step: 'expire', at: deadline } : null
}
const AFTER = { consent: 'accepted', expire: 'expired' } as const

/** As a reader has to see it, though nobody has written down yet what the clock says. */
export function seenNow(now: OrderNow, moment: number): OrderNow {
  const due = dueOf(now, moment)
  return due === null ? now : seenNow({ ...now, state: AFTER[due.step] }, moment)
}

/** What leaves an order as it is, and is taken once: its vehicle is clean, the beds are there again. */
const isDone = ({ now, steps }: Order, step: string): boolean =>
  ['died', 'relieved', 'returned'].includes(now.state) && ['decontaminate', 'lift'].includes(step) && steps.some((one) => one.step === step)

/** Steps that somebody could take of an order, as it is to be seen. */
export const possible = (state: State, actor: string, order: Order): string[] => {
  const seen = { ...order, now: seenNow(order.now, state.now) }
  return Object.keys(STEPS).filter((step) => STEPS[step]?.leads[seen.now.state] !== undefined && !isDone(order, step) && mayStep(state, actor, step, seen))
}

/** Nobody here leaves the system. */
export const outOf = (state: State, actor: string, order: Order): Fields =>
  ({ ...orderOut(order, seenNow(order.now, state.now), order.steps.length, possible(state, actor, order)), outside: null })

/** The order after one more step. */
export function stepped(state: Draftable, order: Order, left: OrderNow, how: Pick<Order['steps'][number], 'step' | 'at' | 'by' | 'note' | 'details'>): Order {
  const after = { ...order, now: left, steps: [...order.steps, { ...how, recorded: state.now, left }] }
  state.orders.set(order.id, after)
  return after
}

/** Whoever touches an order first writes down what the clock has said to it, as of when it was due. */
export function settled(act: Pick<Act, 'state' | 'reached'>, order: Order, gone = act.state.now): Order {
  const due = dueOf(order.now, act.state.now)
  if (due === null || (due.step === 'expire' && due.at > gone)) return order
  act.reached(due.step === 'consent' ? 'consent by silence' : `expired ${order.now.state}`)
  const left = { ...order.now, state: AFTER[due.step] }
  note({ state: act.state, by: 'clock' }, `order.${left.state}`, 'transfer-orders', order.id)
  return settled(act, stepped(act.state, order, left, { step: due.step, at: due.at, by: 'clock', note: null, details: {} }), gone)
}

/** The same of every order, in the order of their numbers. */
export function settleDue(act: Pick<Act, 'state' | 'reached'>): void {
  for (const [, order] of [...act.state.orders].sort(([a], [b]) => ofCodePoints(a, b))) settled(act, order)
}

/** An order whose step is lawful, as the clock has left it, with the step before. */
export interface Begun { readonly order: Order; readonly to: string; readonly step: string; readonly last: Step; readonly wasOver: boolean }

/** `gone`: when its vehicle is said to have left, which may be told when the order is over. */
export function beginStep(act: Act, id: string, step: string, gone = act.state.now): Begun {
  const seen = act.state.orders.get(id)
  if (seen === undefined || !seesOrder(act.reach, seen)) throw new No('notFound')
  matchIfGiven(act, seen.steps.length)
  const left = settled(act, seen, gone)
  // The paper of another post is no step of the way.
  const way = left.steps.filter((one) => one.step !== 'confirm')
  const [before, newest] = way.slice(-2)
  const wasOver = step === 'dispatch' && newest?.step === 'expire' && gone < newest.at && before?.left.state === 'accepted'
    && act.state.plans.get(left.plan ?? '')?.state !== 'withdrawn'
  const order = wasOver ? { ...left, now: { ...left.now, state: 'accepted' } } : left
  needs(mayStep(act.state, act.by, step, order), 'forbidden')
  const isStranded = step === 'cancel' && order.now.state === 'dispatched' && openStayOf(act.state, order.patient) === undefined
  const to = isStranded ? 'cancelled' : isDone(order, step) ? undefined : STEPS[step]?.leads[order.now.state]
  if (to === undefined) throw new No('stepOutOfOrder')
  const last = wasOver ? before : way.at(-1)
  if (last === undefined) throw new Error(`order ${id} was never issued`)
  return { order, to, step, last, wasOver }
}

/** Written down; never as of before the step that it follows. */
export function finishStep(act: Act, { order, to, step, last }: Begun, { at: said, note: words = null }: Fields, change: Partial<OrderNow> = {}, details: Fields = {}): Answered {
  const at = when(act, said)
  needs(at >= last.at, 'wrongTime')
  const current = act.state.orders.get(order.id) ?? order
  const after = stepped(act.state, current, { ...current.now, ...change, state: to }, { step, at, by: act.by, note: words === null ? null : String(words), details })
  note(act, `order.${step}`, 'transfer-orders', order.id)
  return done(outOf(act.state, act.by, after))
}

const stayOf = (act: Act, { patient }: Order): Stay => {
  const stay = openStayOf(act.state, patient)
  if (stay === undefined) throw new No('notInCare')
  return stay
}

/** Silence for half an hour is consent, but nobody waits at the kerb; and nothing stands for ever. */
export function limitsOf(issuedAt: number, leavesBase: number | null): { answerBy: number; deadline: number } {
  const [answer, late, untimed] = [30 * MINUTE, 4 * 60 * MINUTE, 24 * 60 * MINUTE]
  const leavesLater = leavesBase !== null && leavesBase > issuedAt
  return {
    answerBy: leavesLater ? Math.min(leavesBase, issuedAt + answer) : issuedAt + answer,
    deadline: leavesBase === null ? issuedAt + untimed : Math.max(leavesBase, issuedAt) + late,
  }
}

/** Beds of which a pool can still be relieved; one that nobody counted has no end. */
function relievable(state: State, pool: string): number {
  const staffed = present(state, 'pools', pool)?.body['staffed']
  if (!isCount(staffed)) return Number.POSITIVE_INFINITY
  const open = [...state.reliefs.values()].filter((relief) => relief.pool === pool && relief.lifted === null)
  return Math.max(0, staffed - open.reduce((sum, { beds }) => sum + beds, 0))
}

/** Nobody signs before the minute in which the vehicle left, or for what has not come. */
const isSignedWrongly = (handover: Fields, left: number | null, now: number): boolean => ['sender', 'crew', 'receiver']
  .map((post) => read((handover[post] as Fields)['at'])).some((at) => at > now || (left !== null && at < left - left % MINUTE))

/** Steps that change an order alone, by their name. */
export const takeStep: Readonly<Record<string, (act: Act, id: string, body: Fields) => Answered>> = {
  accept: (act, id, body) => finishStep(act, beginStep(act, id, 'accept'), body),
  overrule: (act, id, body) => finishStep(act, beginStep(act, id, 'overrule'), body),
  decontaminate: (act, id, body) => {
    const begun = beginStep(act, id, 'decontaminate')
    if (begun.to !== 'closed') act.reached(`clean: ${begun.to}`)
    return finishStep(act, begun, body)
  },
  cancel: (act, id, body) => finishStep(act, beginStep(act, id, 'cancel'), body),
  unwilling: (act, id, body) => finishStep(act, beginStep(act, id, 'unwilling'), body),
  askRelief: (act, id, body) => {
    const begun = beginStep(act, id, 'askRelief')
    const { answerBy, pool } = begun.order.now
    needs(answerBy === null || answerBy > act.state.now, 'tooLate')
    needs(Number(body['beds'] ?? 1) <= relievable(act.state, pool), 'wrongFigure')
    return finishStep(act, begun, body, {}, { reason: body['reason'], beds: body['beds'] ?? 1 })
  },
  uphold: (act, id, body) => {
    const begun = beginStep(act, id, 'uphold')
    const { reason, beds } = begun.last.details
    needs(Number(beds) <= relievable(act.state, begun.order.now.pool), 'stepOutOfOrder')
    act.state.reliefs.set(id, { order: id, pool: begun.order.now.pool, beds: Number(beds), reason: String(reason), since: act.state.now, by: act.by, lifted: null })
    return finishStep(act, begun, body, {}, { reason, beds })
  },
  lift: (act, id, body) => {
    const begun = beginStep(act, id, 'lift')
    const relief = act.state.reliefs.get(id)
    if (relief === undefined || relief.lifted !== null) throw new Error(`${id} has no relief that could be lifted`)
    act.state.reliefs.set(id, { ...relief, lifted: { at: act.state.now, by: act.by } })
    return finishStep(act, begun, body, {}, { pool: relief.pool, beds: relief.beds })
  },
  worsen: (act, id, { severity, ...body }) => {
    const begun = beginStep(act, id, 'worsen')
    const { patient } = begun.order
    const before = present(act.state, 'cases', patient)?.body ?? {}
    const at = when(act, body['at'])
    needs(at >= begun.last.at, 'wrongTime')
    worse(act, patient, { severity, at: written(at), source: `transfer order ${id}, by ${act.by}` })
    return finishStep(act, begun, body, {}, { severity, was: before['severity'] })
  },
  // The bed that was promised is theirs, whatever a census has said of the pool meanwhile.
  arrive: (act, id, { handover, ...body }) => {
    const begun = beginStep(act, id, 'arrive')
    const { order } = begun
    needs(!isSignedWrongly(handover as Fields, order.now.dispatchedAt, act.state.now), 'wrongTime')
    const stay = stayOf(act, order)
    const at = when(act, body['at'])
    needs(at >= begun.last.at, 'wrongTime')
    if (stay.pool === order.now.pool) {
      act.reached('arrival where they lie already')
      fulfilled(act, order.patient, at)
    } else {
      const bed = { place: order.now.toPlace, pool: order.now.pool }
      moved({ ...act, reach: EVERYWHERE }, stay, { bed, told: body['at'], given: act.given.stays.get(order.patient) ?? 'none', hasPromise: true })
    }
    return finishStep(act, begun, body, { arrivedAt: at, handover: handover as Fields })
  },
  turnBack: (act, id, { reason, ...body }) => {
    const begun = beginStep(act, id, 'turnBack')
    act.reached('turned back')
    return finishStep(act, begun, body, {}, { reason })
  },
  die: (act, id, body) => {
    const begun = beginStep(act, id, 'die')
    if (!isDead(act.state, begun.order.patient)) ended({ ...act, reach: EVERYWHERE }, stayOf(act, begun.order), 'died', body['at'])
    return finishStep(act, begun, body)
  },
}

/** What is promised to somebody who has a live order. */
export const liveOrderOf = ({ orders }: State, patient: string): Order | undefined =>
  [...orders.values()].find((order) => order.patient === patient && isLive(order.now.state))
