import { type Act, needs, when } from './modelAct.js'
import { bedsLeft } from './modelBeds.js'
import { Ground } from './modelGround.js'
import { leavingAt, oneMove, pointerOf, rideOf } from './modelIssue.js'
import { brokenBy } from './modelMusts.js'
import { beginStep, finishStep, liveOrderOf, seenNow } from './modelOrders.js'
import { isClean } from './modelPast.js'
import { pictureAt, scenarioOf } from './modelPicture.js'
import { isLive, openStayOf, type Order, type OrderNow, present, type State } from './modelState.js'
import { type Answered, type Fields, ofCodePoints, read } from './modelWords.js'

/** What can have become wrong since the order was issued, of who leaves and where they lead. */
const AT_THE_DOOR = ['fitness', 'careLevel', 'placeNeeds', 'lawfulPlace', 'singleRoom', 'travelLimit', 'underCommand', 'reserveReady']

const isOut = ({ now: { state }, steps }: Order): boolean => state === 'dispatched' || state === 'arrived' || (['died', 'returned'].includes(state) && !isClean(steps))
const isOneRide = (a: Order, b: Order): boolean => a.trip !== null && a.trip === b.trip && a.plan === b.plan && a.issued.at === b.issued.at

/** Out of two reasons: another order's ride is not over, or it carries too little. */
function vehicleMusts(state: State, order: Order, vehicle: string): string[] {
  const isAway = [...state.orders.values()].some((other) => other.id !== order.id && other.now.vehicle === vehicle && isOut(other) && !isOneRide(other, order))
  if (isAway) return [`decontamination/${vehicle}`]
  const isGrave = ['severe', 'critical'].includes(String(present(state, 'cases', order.patient)?.body['severity']))
  return isGrave && present(state, 'vehicles', vehicle)?.body['lifeSupport'] !== true ? [`lifeSupport/${vehicle}`] : []
}

const HAS_ENDED = ['relieved', 'cancelled', 'unwilling', 'expired', 'returned']
const ENDING_STEPS = ['uphold', 'cancel', 'unwilling', 'expire', 'divert', 'turnBack']

/**
 * Who was to ride along, lies where this patient does, and will not: carer or child, whose order of the same ride has ended or leads to another place.
 * `since`: when that came about.
 */
export function partedFrom(state: State, order: Order): { readonly child: string; readonly since: number } | null {
  const companionOf = (person: string) => present(state, 'cases', person)?.body['companion'] ?? null
  const all = [...state.orders.values()].sort((a, b) => ofCodePoints(a.id, b.id)).flatMap((other) => {
    if (other.id === order.id || !isOneRide(other, order) || openStayOf(state, other.patient)?.place !== order.fromPlace) return []
    const isChild = companionOf(order.patient) === other.patient
    if (!isChild && companionOf(other.patient) !== order.patient) return []
    const seen = seenNow(other.now, state.now)
    if (!HAS_ENDED.includes(seen.state) && !(isLive(seen.state) && seen.toPlace !== order.now.toPlace)) return []
    const isWritten = seen.state === other.now.state || seen.state !== 'expired'
    const since = isWritten ? Math.max(...other.steps.filter(({ step }) => ENDING_STEPS.includes(step)).map(({ at }) => at)) : other.now.deadline ?? 0
    return [{ child: isChild ? order.patient : other.patient, since }]
  })
  return all[0] ?? null
}

/** Its vehicle leaves for somebody who is there, may travel, and is taken where they are to be. */
export function dispatch(act: Act, id: string, { vehicle, crew, ...body }: Fields): Answered {
  const { state } = act
  const gone = body['at'] === undefined ? state.now : Math.min(read(body['at']), state.now)
  const begun = beginStep(act, id, 'dispatch', gone)
  const { order } = begun
  needs(vehicle === undefined || present(state, 'vehicles', String(vehicle)) !== undefined, 'invalidInput')
  const at = when(act, body['at'])
  needs(at >= begun.last.at, 'wrongTime')
  const stay = openStayOf(state, order.patient)
  needs(stay !== undefined, 'notInCare')
  needs(stay?.place === order.fromPlace, 'alreadyInCare')
  const parted = partedFrom(state, order)
  if (parted !== null) act.reached('at the door: together')
  needs(parted === null, 'breaksMust', parted === null ? [] : [`together/${parted.child}`])
  const drives = vehicle === undefined ? order.now.vehicle : String(vehicle)
  const wrong = drives === null ? [] : vehicleMusts(state, order, drives)
  needs(wrong.length === 0, 'breaksMust', wrong)
  const picture = pictureAt(state, {})
  let driven: Pick<OrderNow, 'departs' | 'arrives' | 'returns'> = { departs: null, arrives: null, returns: null }
  if (scenarioOf(picture) !== null) {
    const { [id]: _own, ...orders } = picture.orders
    const ground = new Ground({ ...picture, orders }, true)
    const lines = oneMove(ground, { patient: order.patient, pool: order.now.pool, vehicle: drives, leaves: leavingAt(ground, at) })
    const broken = brokenBy(ground, lines).filter(({ rule }) => AT_THE_DOOR.includes(rule))
    for (const { rule } of broken) act.reached(`at the door: ${rule}`)
    needs(broken.length === 0, 'breaksMust', broken.map(pointerOf))
    const { block } = ground.row('pools', order.now.pool)
    const isShut = block !== null && !ground.isOpen(block)
    if (isShut) act.reached('at the door: a shut block')
    needs(!isShut, 'breaksMust', [`reserveReady/${block}`])
    const { departs, arrives, returns } = rideOf(lines.trips[0])
    if (order.fromPlace !== order.now.toPlace) driven = { departs, arrives, returns }
  }
  if (begun.wasOver) {
    act.reached('left in time, told late')
    needs(liveOrderOf(state, order.patient) === undefined, 'alreadyExists')
    needs((bedsLeft(state, order.now.pool) ?? 0) >= 1, 'noFreeBed')
  }
  const other = { ...(vehicle === undefined ? {} : { vehicle: String(vehicle) }), ...(crew === undefined ? {} : { crew: String(crew) }) }
  if (drives === order.now.vehicle) return finishStep(act, begun, body, { ...other, dispatchedAt: at, deadline: null }, other)
  act.reached('another vehicle drives')
  // Its own ride, of when it left; whoever rides along in it rides the same.
  const mate = [...state.orders.values()].find((one) => one.id !== id && one.now.vehicle === drives && one.now.state === 'dispatched' && isOneRide(one, order))
  const { leavesBase, departs, arrives, returns, crew: named } = mate?.now ?? { ...driven, leavesBase: at, crew: null }
  const ride = { vehicle: drives, crew: crew === undefined ? named : String(crew), leavesBase, departs, arrives, returns }
  return finishStep(act, begun, body, { ...ride, dispatchedAt: at, deadline: null }, other)
}
