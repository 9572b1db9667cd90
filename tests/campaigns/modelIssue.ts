import { type Act, done, journalName, keep, matchIfGiven, needs, No, note, when } from './modelAct.js'
import { EDITION, Ground } from './modelGround.js'
import { blocksOpened, type Broken, brokenBy, type Going, type Lines, type Trip } from './modelMusts.js'
import { beginStep, finishStep, limitsOf, liveOrderOf, outOf, settleDue, settled, stepped } from './modelOrders.js'
import { type Picture, pictureAt, scenarioOf } from './modelPicture.js'
import { reachOf } from './modelRoles.js'
import { openStayOf, type Order, type OrderNow, present } from './modelState.js'
import { type Answered, dayOf, type Fields, HOUR, MINUTE, readOrNull } from './modelWords.js'

/** The world as it stands, or the refusal that it contradicts itself. */
export function groundOf(act: Pick<Act, 'state'>, planDay: string | null = null, anyHour = false): Ground {
  const picture = pictureAt(act.state, {}, planDay)
  needs(scenarioOf(picture) !== null, 'scenarioRefused')
  return new Ground(picture, anyHour)
}

/** One trip is judged on the day it leaves, or today. */
const groundOfTrip = (act: Pick<Act, 'state'>, leaves: number): Ground => groundOf(act, dayOf(Math.max(leaves, act.state.now)), true)

/** Transfers are for the treatment group and the commander of the city, a reserve for the commander; the desk puts down a call. */
export function checkAuthority({ state, by }: Act, { byPhone, opens = false }: { byPhone: boolean; opens?: boolean }): void {
  const roles = byPhone ? 'tTC' : 'TC'
  needs(reachOf(state, by, roles).isCity, 'forbidden')
  if (opens) needs(reachOf(state, by, byPhone ? roles : 'C').isCity, 'forbidden')
}

/** When a call was, to the minute: not before there was a plan, and of what is in none not more than a day ago. */
export function calledAt(act: Act, call: Fields, planned: number | null): number {
  const at = when(act, call['at'])
  needs(at >= (planned === null ? act.state.now - 24 * HOUR : planned - planned % MINUTE), 'wrongTime')
  return at
}

/** Blocks take patients from now on. */
export function openBlocks(act: Act, blocks: readonly string[]): void {
  for (const id of blocks) {
    const before = present(act.state, 'reserve-blocks', id)?.body ?? {}
    act.reached('a block is opened')
    keep(act, 'reserve-blocks', { id, body: { ...before, opened: true }, at: act.state.now })
    note(act, 'block.opened', journalName('reserve-blocks'), id)
  }
}

const NO_RIDE = { vehicle: null, crew: null, leavesBase: null, departs: null, arrives: null, returns: null }
type Ride = Pick<OrderNow, keyof typeof NO_RIDE>
export const rideOf = (trip: Trip | undefined): Ride => (trip === undefined ? NO_RIDE
  : { vehicle: trip.vehicle, crew: trip.crew, leavesBase: trip.leaves, departs: trip.departs, arrives: trip.arrives, returns: trip.clean })

/** A numbered order with a bed promised for every line; numbers count within the day. */
export function issue(act: Act, { moves, trips }: Lines, how: Pick<Order, 'plan' | 'reason' | 'phone'> & { note: string | null; opened: readonly string[] }): Order[] {
  const { state, by } = act
  const day = dayOf(state.now)
  const last = Math.max(0, ...[...state.orders.keys()].filter((id) => id.startsWith(`${day}-`)).map((id) => Number(id.slice(day.length + 1))))
  const orders = moves.map((going, i): Order => {
    const ride = rideOf(trips.find(({ id }) => id === going.trip))
    const left: OrderNow = {
      state: 'issued', toPlace: going.to, pool: going.pool, travelMinutes: going.travelMinutes, ...ride, ...limitsOf(state.now, ride.leavesBase),
      confirmed: null, dispatchedAt: null, arrivedAt: null, handover: null,
    }
    const { plan, reason, phone, opened, note: words } = how
    return {
      id: `${day}-${String(last + i + 1).padStart(4, '0')}`, patient: going.patient, severity: String(going.severity), fromPlace: going.from, fromPool: going.fromPool,
      plan, reason, phone, trip: going.trip, requestedAt: readOrNull(present(state, 'cases', going.patient)?.body['waitingSince']), issued: { at: state.now, by },
      now: left, steps: [{ step: 'issue', at: state.now, recorded: state.now, by, note: words, details: { plan, reason, ...(opened.length > 0 ? { opened } : {}) }, left }], brought: null,
    }
  })
  for (const order of orders) {
    needs(liveOrderOf(state, order.patient) === undefined, 'alreadyExists')
    state.orders.set(order.id, order)
  }
  for (const { id } of orders) note(act, 'order.issued', 'transfer-orders', id)
  return orders
}

interface OneMove { readonly patient: string; readonly pool: string; readonly vehicle: string | null; readonly leaves: number }

/** A plan of one move; without a road there is no trip, and the musts say so. `leaves`: a minute of the day. */
export function oneMove(ground: Ground, { patient, pool, vehicle, leaves }: OneMove): Lines {
  const person = ground.row('cases', patient)
  const { place, careLevel } = ground.row('pools', pool)
  const [from, to] = [String(person['place']), String(place)]
  const trip = vehicle === null || to === from ? undefined : tripOf(ground, { patient, vehicle, from, to, leaves })
  const going: Going = {
    patient, from, fromPool: person['pool'] as string | null, to, pool, severity: person['severity'], careLevel, order: null, trip: trip?.id ?? null,
    departs: trip?.departs ?? null, arrives: trip?.arrives ?? null, travelMinutes: ground.minutesBetween(from, to) ?? 0,
  }
  return { moves: [going], trips: trip === undefined ? [] : [trip] }
}

function tripOf(ground: Ground, { patient, vehicle, from, to, leaves }: { patient: string; vehicle: string; from: string; to: string; leaves: number }): Trip | undefined {
  const base = String(ground.row('vehicles', vehicle)['base'])
  const round = ground.round({ base, from, to })
  if (round === null) return undefined
  const departs = leaves + round.approach + EDITION.loading
  const at = ground.momentOf
  return { id: 'T0001', vehicle, base, crew: `${vehicle}/1`, patients: [patient], from, to, leaves: at(leaves), departs: at(departs), arrives: at(departs + round.ride), clean: at(leaves + round.total) }
}

/** Whole minutes of the day, rounded up: nothing leaves before it is said to. */
export const leavingAt = (ground: Ground, moment: number): number => Math.ceil((moment - ground.momentOf(0)) / MINUTE)

export const pointerOf = ({ rule, subject }: Broken): string => `${rule}/${subject}`

function checkMusts(act: Act, ground: Ground, lines: Lines, passing: readonly string[] = []): void {
  const broken = brokenBy(ground, lines).filter(({ rule }) => !passing.includes(rule))
  for (const { rule } of broken) act.reached(`must broken: ${rule}`)
  needs(broken.length === 0, 'breaksMust', broken.map(pointerOf))
}

const standsIn = ({ orders }: Picture, patient: string): boolean => Object.values(orders).some((order) => order['patient'] === patient)

/** An order outside any plan: a plan of one move, judged by the same musts. */
export function issueOffPlan(act: Act, said: Fields): Answered {
  const { patient, pool, vehicle = null, reason, leavesBase, note: words = null, phone = null } = said
  const { state } = act
  settleDue(act)
  const byPhone = phone !== null
  checkAuthority(act, { byPhone })
  if (byPhone) calledAt(act, phone as Fields, null)
  const ground = groundOfTrip(act, readOrNull(leavesBase) ?? state.now)
  const { cases, pools, vehicles } = ground.picture
  needs(cases[String(patient)] !== undefined && pools[String(pool)] !== undefined, 'invalidInput')
  needs(vehicle === null || vehicles[String(vehicle)] !== undefined, 'invalidInput')
  if (standsIn(ground.picture, String(patient))) act.reached('a second order for one person')
  needs(!standsIn(ground.picture, String(patient)), 'alreadyExists')
  needs(!isOwnLine(act, said), 'ownPlan')
  const leaves = leavingAt(ground, readOrNull(leavesBase) ?? state.now)
  const lines = oneMove(ground, { patient: String(patient), pool: String(pool), vehicle: vehicle === null ? null : String(vehicle), leaves })
  checkMusts(act, ground, lines)
  const blocks = blocksOpened(ground, lines.moves)
  checkAuthority(act, { byPhone, opens: blocks.length > 0 })
  openBlocks(act, blocks)
  const [order] = issue(act, lines, { plan: null, opened: blocks, reason: String(reason), phone: phone as Fields | null, note: words === null ? null : String(words) })
  if (order === undefined) throw new No('noPlan')
  if (byPhone) act.reached('order by phone')
  return done({ ...outOf(state, act.by, order), companions: [] }, 201)
}

/** Outside any plan, and not of a scenario: another post signs for it. */
export const wantsPaper = ({ plan, brought }: Pick<Order, 'plan' | 'brought'>): boolean => plan === null && brought === null

/** Whether somebody who decides made a draft that could still be approved, by which somebody goes to these beds. */
function isOwnLine({ state, by }: Act, said: Fields): boolean {
  const deciders = [by, (said['phone'] as Fields | null | undefined)?.['answeredPost']]
  return [...state.runs.values()].some(({ id, by: maker, draft }) => draft !== null && draft.exit !== 3 && !state.plans.has(id) && deciders.includes(maker)
    && String(draft.plan['planDay']) >= dayOf(state.now)
    && (draft.plan['moves'] as Fields[]).some(({ patient, pool, order }) => order === null && patient === said['patient'] && pool === said['pool']))
}

/** The paper after an order outside any plan, by somebody who did not put it down. */
export function confirmOrder(act: Act, id: string, { note: words = null }: Fields): Answered {
  const { state, by } = act
  const seen = state.orders.get(id)
  if (seen === undefined) throw new No('notFound')
  matchIfGiven(act, seen.steps.length)
  const opens = seen.steps[0]?.details['opened'] !== undefined
  checkAuthority(act, { byPhone: false, opens })
  needs(seen.issued.by !== by, 'ownPlan')
  needs(wantsPaper(seen) && seen.now.confirmed === null, 'tooLate')
  const order = settled(act, seen)
  const left = { ...order.now, confirmed: { at: state.now, by } }
  const after = stepped(state, order, left, { step: 'confirm', at: state.now, by, note: words === null ? null : String(words), details: {} })
  note(act, 'order.confirmed', 'transfer-orders', id)
  return done(outOf(state, by, after))
}

/** Whoever is on the road has left already. */
const OF_LEAVING = ['fitness', 'dischargeDue', 'inpatients', 'travelLimit', 'vehicleMinutes', 'decontamination', 'crewHours', 'together']

/** To another pool, judged like a new order; the new bed is promised before the old one is given up. */
export function divert(act: Act, id: string, { pool: to, vehicle: other, leavesBase, ...body }: Fields): Answered {
  const begun = beginStep(act, id, 'divert')
  settleDue(act)
  const { order: { patient, now, fromPlace } } = begun
  const isOut = now.state === 'dispatched'
  needs(!isOut || (other === undefined && leavesBase === undefined), 'invalidInput')
  const pool = String(to)
  const at = when(act, body['at'])
  needs(at >= begun.last.at, 'wrongTime')
  const planned = now.leavesBase !== null && now.leavesBase > act.state.now ? now.leavesBase : act.state.now
  const standing = groundOfTrip(act, readOrNull(leavesBase) ?? planned)
  needs(standing.picture.pools[pool] !== undefined && pool !== now.pool, 'invalidInput')
  const { [id]: _own, ...orders } = standing.picture.orders
  const left = begun.order.fromPlace
  const isOnTheRoad = now.state === 'dispatched' && standing.row('pools', pool)['place'] !== left
  // Whom the place obeys that they have left is nothing to them.
  const places = isOnTheRoad ? { ...standing.picture.places, [left]: { ...standing.row('places', left), underCommand: true } } : standing.picture.places
  const ground = new Ground({ ...standing.picture, orders, places }, true)
  needs(openStayOf(act.state, patient) !== undefined, 'notInCare')
  const vehicle = other === undefined ? now.vehicle : String(other)
  needs(vehicle === null || ground.picture.vehicles[vehicle] !== undefined, 'invalidInput')
  const lines = oneMove(ground, { patient, pool, vehicle: isOut ? null : vehicle, leaves: leavingAt(ground, readOrNull(leavesBase) ?? planned) })
  checkMusts(act, ground, lines, isOut ? OF_LEAVING : [])
  const blocks = blocksOpened(ground, lines.moves)
  // A step is whose the table of steps says; that a reserve opens is the commander's all the same.
  if (blocks.length > 0) needs(reachOf(act.state, act.by, 'C').isCity, 'forbidden')
  openBlocks(act, blocks)
  const [going] = lines.moves
  if (going === undefined) throw new No('noPlan')
  const ride = rideOf(lines.trips[0])
  const limits = isOut ? { deadline: null, ...ledOn(ground, { now, from: fromPlace, to: going.to, at }) } : { ...ride, ...limitsOf(act.state.now, ride.leavesBase) }
  act.reached(isOut ? 'diverted on the road' : 'diverted before it left')
  if (going.to !== now.toPlace) note(act, 'order.divertedAway', 'pools', now.pool)
  return finishStep(act, begun, body, { pool, toPlace: going.to, travelMinutes: going.travelMinutes, ...limits }, { from: now.pool, to: pool })
}

/** From the road they turn round, collect whom they have not collected, and drive there; what they were late is of before. */
function ledOn(ground: Ground, { now, from, to, at }: { now: OrderNow; from: string; to: string; at: number }): Partial<OrderNow> {
  const left = now.dispatchedAt ?? at
  const departs = now.departs === null ? null : Math.max(now.departs, left)
  const ride = now.vehicle === null ? null : ground.minutesBetween(from, to)
  if (now.vehicle === null || ride === null) return { departs, arrives: null, returns: null }
  const collecting = now.leavesBase === null || now.departs === null ? 0 : now.departs - now.leavesBase
  const arrives = Math.max(left + collecting, at + (at - left)) + ride * MINUTE
  const back = ground.minutesBetween(to, String(ground.row('vehicles', now.vehicle)['base']))
  const isReached = ground.round({ base: ground.row('vehicles', now.vehicle)['base'], from, to }) !== null
  return { departs, arrives, returns: back === null || !isReached ? null : arrives + (EDITION.handover + back + EDITION.cleaning) * MINUTE }
}
