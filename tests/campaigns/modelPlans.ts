import { type Act, done, matchIfGiven, needs, No, note } from './modelAct.js'
import type { Ground } from './modelGround.js'
import { calledAt, checkAuthority, groundOf, issue, openBlocks } from './modelIssue.js'
import { blocksOpened, type Broken, brokenBy, type Going, type Lines, type Trip } from './modelMusts.js'
import { seenNow, settleDue, settled, stepped } from './modelOrders.js'
import { planOut } from './modelOut.js'
import { idsOf, isLive, openStayOf, type Plan, planInForce, present, type Run, type State } from './modelState.js'
import { type Answered, dayOf, type Fields, ofCodePoints, read, readOrNull, written } from './modelWords.js'

/** What a plan decides, leaving out lines that were struck; whoever rode with them rides alone. */
export function linesOf(plan: Fields, struck: ReadonlySet<string>): Lines {
  const moves = movesOf(plan).filter(({ order, patient }) => order === null && !struck.has(patient))
  const kept = new Set(moves.map(({ patient }) => patient))
  const trips = (plan['trips'] as Fields[]).map(tripIn).map((trip) => ({ ...trip, patients: trip.patients.filter((patient) => kept.has(patient)) }))
  return { moves, trips: trips.filter(({ patients }) => patients.length > 0) }
}
export const movesOf = (plan: Fields): Going[] => (plan['moves'] as Fields[]).map((move) =>
  ({ ...(move as unknown as Going), departs: readOrNull(move['departs']), arrives: readOrNull(move['arrives']) }))
const tripIn = (trip: Fields): Trip => ({
  ...(trip as unknown as Trip), leaves: read(trip['leavesBase']), departs: read(trip['departs']), arrives: read(trip['arrives']), clean: read(trip['decontaminatedUntil']),
})

/** A draft becomes orders, each with a bed promised and a number, all or none, judged on the world as it is now. */
export function approvePlan(act: Act, id: string, { strike = [], note: words = null, phone = null }: Fields): Answered {
  const { state, by } = act
  const run = draftOf(act, id)
  const { plan, picture } = run.draft
  const call = phone as Fields | null
  needs(![by, call?.['answeredPost']].includes(run.by), 'ownPlan')
  checkAuthority(act, { byPhone: call !== null })
  const called = call === null ? null : calledAt(act, call, run.computed.at)
  const struck = new Set((strike as Fields[]).map(({ patient }) => String(patient)))
  const decided = linesOf(plan, new Set()).moves.map(({ patient }) => patient)
  needs([...struck].every((patient) => decided.includes(patient)), 'invalidInput')
  const lines = linesOf(plan, struck)
  if (struck.size > 0) act.reached('a line is struck')
  settleDue(act)
  const planDay = String(plan['planDay'])
  const isOver = dayOf(state.now) > planDay
  if (isOver) act.reached('stale: the day is over')
  needs(!isOver, 'planIsStale', ['planDay'])
  const ground = groundOf(act, planDay)
  const stale = staleLines(act, picture, ground, lines)
  needs(stale.length === 0, 'planIsStale', stale)
  const blocks = blocksOpened(ground, lines.moves)
  checkAuthority(act, { byPhone: call !== null, opens: blocks.length > 0 })
  openBlocks(act, blocks)
  supersede(act)
  const approved = call === null || called === null ? { at: state.now, by } : { at: called, by: String(call['answeredPost']) }
  const kept = new Set(lines.moves.map(({ patient }) => patient))
  const goals = movesOf(plan).filter(({ patient, order }) => (order === null ? kept.has(patient) : isStanding(state, order))).map(({ patient, to, careLevel }): [string, Fields] =>
    [patient, { to, careLevel, source: `plan approved ${written(state.now)}`, assumed: [], asOf: null }])
  const issued: Plan = {
    id, brought: false, version: 1, state: 'approved', maker: run.by, approved: { ...approved, recorded: state.now }, phone: call, confirmed: null,
    note: words === null ? null : String(words), struck: strike as Fields[], opened: blocks, ended: null, lines: Object.fromEntries(goals),
  }
  state.plans.set(id, issued)
  note(act, 'plan.approved', 'plan-runs', id)
  const orders = issue(act, inTurn(lines), { plan: id, opened: [], reason: null, phone: null, note: null })
  act.reached(orders.length === 0 ? 'approved without an order' : call === null ? 'approved with orders' : 'approved by phone with orders')
  return done({ ...planOut(issued, orders.map((order) => order.id)), notInPlan: forgotten(act, plan) })
}

function isStanding(state: State, id: string): boolean {
  const order = state.orders.get(id)
  return order !== undefined && isLive(seenNow(order.now, state.now).state)
}

/** Whoever waits, has no order, and of whom the plan says nothing; the longest wait first. */
function forgotten({ state, reached }: Act, plan: Fields): Fields {
  const ordered = [...state.orders.values()].filter(({ now }) => isLive(seenNow(now, state.now).state)).map(({ patient }) => patient)
  const told = [...movesOf(plan).filter(({ order }) => order === null), ...plan['unplaced'] as { patient: string }[]].map(({ patient }) => patient)
  const waiting = idsOf(state, 'cases').filter((id) => ![...ordered, ...told].includes(id)).flatMap((patient) => {
    const { severity, waitingSince } = present(state, 'cases', patient)?.body ?? {}
    const stay = openStayOf(state, patient)
    return stay === undefined || waitingSince === null ? [] : [{ patient, severity, place: stay.place, waitingSince }]
  })
  if (waiting.length > 0) reached('somebody waits and is in no plan')
  waiting.sort((a, b) => read(a.waitingSince) - read(b.waitingSince) || (a.patient < b.patient ? -1 : 1))
  return { count: waiting.length, first: waiting.slice(0, 50) }
}

/** Orders are numbered as the trips are; who rides on none comes last. */
function inTurn({ moves, trips }: Lines): Lines {
  const ridden = trips.flatMap(({ id }) => moves.filter(({ trip }) => trip === id))
  return { moves: [...ridden, ...moves.filter((going) => !ridden.includes(going))], trips }
}

/** The run, if its plan may still be decided on. */
function draftOf(act: Act, id: string): Run & { draft: NonNullable<Run['draft']>; computed: NonNullable<Run['computed']> } {
  const run = act.state.runs.get(id)
  if (run === undefined) throw new No('notFound')
  const { draft, computed } = run
  if (draft === null || computed === null) throw new No('noPlan')
  matchIfGiven(act, computed.version)
  needs(!act.state.plans.has(id), 'planIsDecided')
  needs(draft.exit !== 3, 'planIsImpossible')
  return { ...run, draft, computed }
}

/** Why lines can no longer be issued: who is not as they were, and what they would break by now, each under its line. */
function staleLines(act: Act, drafted: Fields, ground: Ground, lines: Lines): string[] {
  const was = drafted['cases'] as Readonly<Record<string, Fields>>
  const { cases, orders } = ground.picture
  const reasons = lines.moves.flatMap(({ patient }) => {
    const [before, is] = [was[patient], cases[patient]]
    if (is === undefined) return [{ patient, why: 'gone' }]
    const why = [
      before?.['status'] === is['status'] ? [] : ['status'], before?.['severity'] === is['severity'] ? [] : ['severity'],
      before?.['place'] === is['place'] && before?.['pool'] === is['pool'] ? [] : ['moved'],
      Object.values(orders).some((order) => order['patient'] === patient) ? ['ordered'] : [],
    ].flat()
    return why.map((one) => ({ patient, why: one }))
  })
  for (const { why } of reasons) act.reached(`stale: patient ${why}`)
  const changed = reasons.map(({ patient }) => `lines/${patient}`)
  if (reasons.some(({ why }) => why === 'gone')) return changed
  const broken = brokenBy(ground, lines)
  for (const { rule } of broken) act.reached(`stale: ${rule}`)
  return [...changed, ...broken.flatMap((one) => linesUnder(one, lines))]
}

/** A must that is about a person, their bed or place, or the trip, crew or vehicle that takes them. */
function linesUnder({ subject }: Broken, { moves, trips }: Lines): string[] {
  const riders = trips.filter(({ id, crew, vehicle }) => [id, crew, vehicle].includes(subject)).flatMap(({ patients }) => patients)
  const about = moves.filter(({ patient, pool, to, fromPool }) => [patient, pool, to, fromPool].includes(subject) || riders.includes(patient))
  return about.length === 0 ? [`lines/${subject}`] : about.map(({ patient }) => `lines/${patient}`)
}

/** A newer plan takes the place of the one in force; its orders stand. */
function supersede(act: Act): void {
  const before = planInForce(act.state)
  if (before === undefined) return
  const live = [...act.state.orders.values()].some(({ plan, now }) => plan === before.id && isLive(now.state))
  act.reached(live ? 'superseded while orders of it stand' : 'superseded')
  change(act, before, { state: 'superseded', ended: { at: act.state.now, by: act.by } })
  note(act, 'plan.superseded', 'plan-runs', before.id)
}

function change({ state }: Act, plan: Plan, to: Partial<Plan>): Plan {
  const after = { ...plan, ...to, version: plan.version + 1 }
  state.plans.set(plan.id, after)
  return after
}

/** Orders of a plan, in the order of their numbers. */
export const ordersOf = ({ orders }: State, plan: string): string[] => [...orders.values()].filter((order) => order.plan === plan).map(({ id }) => id).sort(ofCodePoints)

function standing(act: Act, id: string): Plan {
  const plan = act.state.plans.get(id)
  if (plan === undefined || plan.brought) throw new No('notFound')
  matchIfGiven(act, plan.version)
  return plan
}

/** The paper after an approval by phone. */
export function confirmPlan(act: Act, id: string): Answered {
  const plan = standing(act, id)
  needs(plan.maker !== act.by, 'ownPlan')
  checkAuthority(act, { byPhone: false, opens: plan.opened.length > 0 })
  needs(plan.phone !== null && plan.confirmed === null && plan.state !== 'withdrawn', 'planIsDecided')
  needs(act.state.journal.find(({ action, subject }) => action === 'plan.approved' && subject === id)?.actor !== act.by, 'ownPlan')
  const confirmed = change(act, plan, { confirmed: { at: act.state.now, by: act.by } })
  note(act, 'plan.confirmed', 'plan-runs', id)
  return done(planOut(confirmed, ordersOf(act.state, id)))
}

/** Taken back while none of its orders is on the road: they are cancelled, and their beds are free again. */
export function withdrawPlan(act: Act, id: string, { note: words }: Fields): Answered {
  const { state, by } = act
  const plan = standing(act, id)
  checkAuthority(act, { byPhone: false })
  needs(plan.state === 'approved', 'planIsDecided')
  const orders = ordersOf(state, id).flatMap((one) => state.orders.get(one) ?? [])
  needs(!orders.some(({ now }) => now.dispatchedAt !== null), 'ordersAreOut')
  for (const order of orders.map((one) => settled(act, one)).filter(({ now }) => isLive(now.state))) {
    act.reached('order cancelled with its plan')
    stepped(state, order, { ...order.now, state: 'cancelled' }, { step: 'cancel', at: state.now, by, note: String(words), details: { plan: id } })
    note(act, 'order.cancelled', 'transfer-orders', order.id)
  }
  const withdrawn = change(act, plan, { state: 'withdrawn', ended: { at: state.now, by } })
  note(act, 'plan.withdrawn', 'plan-runs', id)
  return done(planOut(withdrawn, ordersOf(state, id)))
}
