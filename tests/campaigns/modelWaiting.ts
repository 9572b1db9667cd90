import { seenNow } from './modelOrders.js'
import { isLive, openStayOf, type Order, present, type State } from './modelState.js'
import { type Fields, ofCodePoints, read } from './modelWords.js'

/** Somebody who waits although an order, a line of a plan or isolation has come to its end. */
export interface Fallen {
  readonly kind: string
  readonly from: number
  readonly person: string
  readonly body: Fields
  readonly place: string
  readonly order: string | null
  readonly state: string | null
  readonly plan: string | null
  readonly by: string
  readonly note: string | null
}

type Cause = Pick<Fallen, 'kind' | 'order' | 'state' | 'plan' | 'by' | 'note'> & { readonly at: number }

const KINDS: Readonly<Record<string, string>> = { expired: 'orderExpired', cancelled: 'orderCancelled', unwilling: 'patientUnwilling', returned: 'turnedBack', relieved: 'reliefUpheld' }
const ENDS = ['turnBack', 'uphold', 'cancel', 'unwilling', 'expire']

/** As the clock has it: the one that stands, or else the last that was issued. */
function lastOf(state: State, person: string): { order: Order; seen: string } | undefined {
  const all = [...state.orders.values()].filter(({ patient }) => patient === person).map((order) => ({ order, seen: seenNow(order.now, state.now).state }))
  const weight = ({ seen }: { seen: string }) => (isLive(seen) ? 1 : 0)
  return all.sort((a, b) => weight(a) - weight(b) || a.order.issued.at - b.order.issued.at || ofCodePoints(a.order.id, b.order.id)).at(-1)
}

function ofOrder({ order, seen }: { order: Order; seen: string }, place: string): Cause[] {
  const kind = KINDS[seen]
  if (kind === undefined || order.fromPlace !== place) return []
  const step = order.steps.filter((one) => ENDS.includes(one.step)).at(-1)
  const told = step === undefined ? { at: order.now.deadline ?? 0, by: 'clock', note: null } : { at: step.at, by: step.by, note: step.note }
  return [{ kind, order: order.id, state: seen, plan: null, ...told }]
}

/** The line of the last plan that was struck while they lay where they lie, unless they had an order since. */
function ofPlan(state: State, person: string, place: string, issued: number | null): Cause[] {
  const layThere = (moment: number) => [...state.stays.values()].some((stay) => stay.person === person && stay.place === place && stay.began <= moment && (stay.end === null || stay.end.at > moment))
  const plans = [...state.plans.values()].filter(({ struck, approved }) => struck.some(({ patient }) => patient === person) && (issued === null || approved.recorded >= issued) && layThere(approved.recorded))
  const plan = plans.sort((a, b) => a.approved.recorded - b.approved.recorded || ofCodePoints(a.id, b.id)).at(-1)
  if (plan === undefined) return []
  const reason = plan.struck.find(({ patient }) => patient === person)?.['reason']
  return [{ kind: 'lineStruck', order: null, state: null, plan: plan.id, at: plan.approved.at, by: plan.approved.by, note: String(reason) }]
}

function ofIsolation(state: State, person: string, place: string): Cause[] {
  const isOne = [...state.records.contacts.keys()].some((id) => present(state, 'contacts', id)?.body['case'] === person)
  const [first] = [...state.stays.values()].filter((stay) => stay.person === person).sort((a, b) => a.began - b.began)
  return isOne && first?.place === place ? [{ kind: 'turnedPositive', order: null, state: null, plan: null, at: first.began, by: first.beganBy, note: null }] : []
}

/** The gravest first, of these whoever has waited longest. */
export function fallenOut(state: State): Fallen[] {
  const all = [...state.records.cases.keys()].flatMap((person): (Fallen & { since: number })[] => {
    const body = present(state, 'cases', person)?.body ?? {}
    const place = openStayOf(state, person)?.place
    const last = lastOf(state, person)
    if (body['waitingSince'] === null || body['waitingSince'] === undefined || place === undefined || (last !== undefined && isLive(last.seen))) return []
    const since = read(body['waitingSince'])
    const causes = [...(last === undefined ? [] : ofOrder(last, place)), ...ofPlan(state, person, place, last?.order.issued.at ?? null), ...(last === undefined ? ofIsolation(state, person, place) : [])]
    const [cause] = causes.sort((a, b) => b.at - a.at)
    return cause === undefined ? [] : [{ ...cause, person, body, place, from: Math.max(cause.at, since), since }]
  })
  const rank = ({ body }: Fallen) => ['critical', 'severe', 'ordinary', 'mild', 'none'].indexOf(String(body['severity']))
  return all.sort((a, b) => rank(a) - rank(b) || a.since - b.since || ofCodePoints(a.person, b.person))
}
