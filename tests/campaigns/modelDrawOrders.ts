import { type Draw, weighted } from './modelChance.js'
import { POOLS, VEHICLES } from './modelCity.js'
import { asks, at, type DrawCommand, moment, rather, said } from './modelDrawCommon.js'
import { Ground } from './modelGround.js'
import { leavingAt, oneMove } from './modelIssue.js'
import { brokenBy } from './modelMusts.js'
import { seenNow, STEPS } from './modelOrders.js'
import { pictureAt, scenarioOf } from './modelPicture.js'
import { idsOf, isLive, openStayOf, type Order, type State } from './modelState.js'
import { type Command, type Fields, HOUR, MINUTE, type Op, written } from './modelWords.js'

const TRIES = 24

interface Wanted { readonly patient: string; readonly pool: string; readonly vehicle: string | null; readonly leaves: number }

/** Somebody, a bed and a ride, drawn until no must speaks against it, or as the last try had it. */
function lawful(draw: Draw, state: State, patients: readonly string[], without: string | null = null): Wanted | null {
  const picture = pictureAt(state, {})
  if (scenarioOf(picture) === null) return null
  const { [without ?? '']: _own, ...orders } = picture.orders
  const ground = new Ground({ ...picture, orders })
  const free = patients.filter((id) => picture.cases[id] !== undefined && !Object.values(orders).some((order) => order['patient'] === id))
  let last: Wanted | null = null
  for (let i = 0; i < TRIES && free.length > 0; i += 1) {
    const patient = draw.of(free)
    const pool = draw.of(idsOf(state, 'pools'))
    const isInside = ground.row('pools', pool)['place'] === ground.row('cases', patient)['place']
    const vehicle = isInside || picture.fleet === 'unlimited' && draw.chance(80) ? null : draw.of(idsOf(state, 'vehicles'))
    const leaves = Math.max(ground.momentOf(6 * 60), state.now) + MINUTE * draw.below(draw.of([30, 180, 400]))
    last = { patient, pool, vehicle, leaves }
    if (brokenBy(ground, oneMove(ground, { patient, pool, vehicle, leaves: leavingAt(ground, leaves) })).length === 0) return last
  }
  return last
}

export const phoneOf = (draw: Draw, state: State, future = 12): Fields =>
  ({ phone: { calledPost: 'night-desk', answeredPost: draw.of(['group', 'commander']), at: said(draw, draw.chance(future) ? state.now + HOUR : state.now - draw.below(20 * MINUTE)) } })

export const issue: DrawCommand = (draw, state) => {
  const people = idsOf(state, 'cases')
  const ordered = [...state.orders.values()].filter(({ now }) => isLive(now.state)).map(({ patient }) => patient)
  const isSecond = ordered.length > 0 && draw.chance(10)
  const wanted = !isSecond && draw.chance(76) ? lawful(draw, state, people) : null
  const other = draw.chance(35) ? rather(draw, [...state.orders.values()], 100, ({ now }) => isLive(now.state) && now.leavesBase !== null) : undefined
  const { patient, pool, vehicle, leaves } = wanted ?? {
    patient: isSecond ? draw.of(ordered) : draw.chance(8) ? 'U1-99' : draw.of(people), pool: draw.chance(5) ? 'nowhere' : draw.of(Object.keys(POOLS)),
    vehicle: other?.now.vehicle ?? (draw.chance(30) ? null : draw.chance(6) ? 'v9' : draw.of(VEHICLES)), leaves: other?.now.leavesBase ?? state.now + draw.below(6 * HOUR),
  }
  return asks('issueOrder', null, {
    patient, pool, reason: draw.of(['worsened', 'newCase', 'placeFails', 'separation']), ...(vehicle === null && draw.chance(50) ? {} : { vehicle }),
    ...(draw.chance(85) ? { leavesBase: written(leaves - leaves % MINUTE + (leaves % MINUTE === 0 ? 0 : MINUTE)) } : {}), ...(draw.chance(30) ? { note: 'at night' } : {}),
    ...(draw.chance(30) ? phoneOf(draw, state) : {}),
  })
}

/** Signed now, or, rarely, before the vehicle has left or before it is time. */
const handoverOf = (draw: Draw, { now }: State): Fields => ({
  condition: 'stable', treatment: 'oxygen', belongings: 'none', sender: { post: 'ward', at: written(draw.chance(8) ? now - 12 * HOUR : now) },
  crew: { post: 'v1', at: written(now) }, receiver: { post: 'admission', at: written(draw.chance(4) ? now + MINUTE : now) },
})
const NOTE = { note: 'as agreed' }

/** Vehicles, those first with which other orders are about to leave. */
const othersVehicles = ({ orders }: State, order: Order | undefined): readonly string[] =>
  [...VEHICLES, ...[...orders.values()].flatMap(({ id, now }) => (id !== order?.id && isLive(now.state) && now.vehicle !== null ? [now.vehicle, now.vehicle] : []))]

/** What a step says beside when it was. */
const BODIES: Readonly<Record<string, (draw: Draw, state: State, order: Order | undefined) => Fields>> = {
  askRelief: (draw) => ({ reason: draw.of(['noStaff', 'noOxygen', 'bedsTaken']), ...(draw.chance(60) ? { beds: draw.of([1, 1, 2, 40]) } : {}) }),
  dispatch: (draw, state, order) => ({ ...(draw.chance(40) ? { vehicle: draw.chance(25) ? 'v9' : draw.of(othersVehicles(state, order)) } : {}), ...(draw.chance(20) ? { crew: 'v1/2' } : {}) }),
  worsen: (draw) => ({ severity: draw.of(['severe', 'critical']) }),
  divert: (draw, state, order) => {
    const wanted = order !== undefined && draw.chance(80) ? lawful(draw, state, [order.patient], order.id) : null
    if (wanted === null) return { ...NOTE, pool: draw.chance(5) ? 'nowhere' : draw.of(Object.keys(POOLS)), ...(draw.chance(30) ? { vehicle: draw.of([...VEHICLES, 'v9']) } : {}) }
    if (order?.now.state === 'dispatched' && draw.chance(85)) return { ...NOTE, pool: wanted.pool }
    return { ...NOTE, pool: wanted.pool, ...(wanted.vehicle === null ? {} : { vehicle: wanted.vehicle }), leavesBase: written(wanted.leaves - wanted.leaves % MINUTE + MINUTE) }
  },
  arrive: (draw, state) => ({ handover: handoverOf(draw, state) }), cancel: () => NOTE, unwilling: () => NOTE, die: () => NOTE,
  turnBack: (draw) => ({ reason: draw.of(['roadClosed', 'tooIll']) }),
}
const OP_OF: Readonly<Record<string, Op>> = {
  accept: 'acceptOrder', askRelief: 'askReliefOrder', uphold: 'upholdOrder', overrule: 'overruleOrder', dispatch: 'dispatchOrder', worsen: 'worsenOrder', divert: 'divertOrder',
  arrive: 'arriveOrder', decontaminate: 'decontaminateOrder', cancel: 'cancelOrder', unwilling: 'unwillingOrder', die: 'dieOrder', turnBack: 'turnBackOrder', lift: 'liftOrder',
}
const LIKELY: Readonly<Record<string, number>> = {
  accept: 12, askRelief: 13, uphold: 10, overrule: 8, dispatch: 14, worsen: 5, divert: 6, arrive: 14, decontaminate: 8, cancel: 4, unwilling: 4, die: 5, turnBack: 5, lift: 9,
}

/** A step of an order, rather one that is in its turn. */
export const step: DrawCommand = (draw, state) => {
  const orders = [...state.orders.values()]
  const isUnderWay = ({ now }: Order) => isLive(now.state) || now.state === 'arrived' || now.state === 'relieved' || now.state === 'died' || now.state === 'returned'
  const ofPlan = orders.filter((one) => one.plan !== null && isUnderWay(one))
  const order = draw.chance(2) ? undefined : ofPlan.length > 0 && draw.chance(35) ? draw.of(ofPlan) : rather(draw, orders, 85, isUnderWay)
  const seen = order === undefined ? 'issued' : seenNow(order.now, state.now).state
  const all = Object.entries(LIKELY).map(([name, weight]) => [weight, name] as const)
  const fitting = all.filter(([, name]) => STEPS[name]?.leads[seen] !== undefined)
  return stepOf(draw, state, order, weighted(draw, fitting.length > 0 && draw.chance(88) ? fitting : all))
}

export function stepOf(draw: Draw, state: State, order: Order | undefined, name: string): Command {
  const last = order?.steps.at(-1)?.at
  const when = at(moment(draw, state, [last, last === undefined ? undefined : last + MINUTE], 72))
  return asks(OP_OF[name] ?? 'acceptOrder', order?.id ?? '2020-01-28-0999', { ...BODIES[name]?.(draw, state, order), ...when, ...(draw.chance(10) ? NOTE : {}) })
}

/** Before a vehicle arrives its bed is found taken, or its patient was brought there by hand, or has left. */
export const overtake: DrawCommand = (draw, state) => {
  const order = draw.of([...state.orders.values()].filter(({ now }) => now.state === 'dispatched'))
  const beds = POOLS[order.now.pool]?.[3] ?? 2
  const stay = openStayOf(state, order.patient)?.id ?? 'no-stay'
  if (draw.chance(25)) return asks('endStay', stay, { ending: 'left' })
  if (draw.chance(50)) return asks('reportBeds', order.now.pool, { physical: beds + 1, staffed: beds, occupied: beds })
  return asks('move', stay, { place: order.now.toPlace, pool: order.now.pool })
}

const isWhereTheyWere = (state: State, order: Order): boolean => openStayOf(state, order.patient)?.place === order.fromPlace

/** Orders that may be dispatched by what they say. */
const accepted = (state: State): Order[] => [...state.orders.values()].filter(({ now }) => seenNow(now, state.now).state === 'accepted')
export const ofWhomIsThere = (state: State): Order[] => accepted(state).filter((order) => isWhereTheyWere(state, order))
export const ofWhomIsElsewhere = (state: State): Order[] => accepted(state).filter((order) => !isWhereTheyWere(state, order))

/** Before a vehicle leaves, its patient does, or is taken where the order leads. */
export const leaveFirst: DrawCommand = (draw, state) => {
  const order = draw.of(ofWhomIsThere(state))
  const stay = openStayOf(state, order.patient)?.id ?? 'no-stay'
  return draw.chance(50) ? asks('endStay', stay, { ending: draw.of(['discharged', 'left']) }) : asks('move', stay, { place: order.now.toPlace, pool: order.now.pool })
}

export const confirmOrder: DrawCommand = (draw, state) => {
  const order = rather(draw, [...state.orders.values()], 75, ({ plan, now }) => plan === null && now.confirmed === null)
  return asks('confirmOrder', draw.chance(4) ? 'no-order' : order?.id ?? 'no-order', draw.chance(30) ? NOTE : {})
}
