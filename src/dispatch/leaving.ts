import { CASES } from '../cases/store.js'
import type { Act } from '../db/act.js'
import { currentRecord } from '../db/records.js'
import { VEHICLES } from '../facilities/store.js'
import { refuse, Refused, wrongAt } from '../kernel/refusal.js'
import { text } from '../kernel/text.js'
import { instantOf, minutesIntoUp } from '../kernel/time.js'
import { LIFE_SUPPORT_FOR } from '../planning/fleet.js'
import type { Scenario } from '../planning/scenario.js'
import { openStayOf } from '../stays/store.js'
import { judged } from './judging.js'
import { isLive, NO_RIDE, type Ride, STATES } from './orders.js'
import { partedFrom } from './partyStore.js'
import { presentOf } from './present.js'
import { ordersOut, type TransferOrder } from './store.js'

/**
 * Musts of whoever leaves that can have changed since the order was issued. Their bed is promised, and their ride was
 * planned; what of either is late is no reason to leave somebody where they are.
 */
const AT_THE_DOOR: readonly string[] = ['fitness', 'careLevel', 'placeNeeds', 'lawfulPlace', 'singleRoom', 'travelLimit', 'underCommand', 'reserveReady']

/** A ride as it is driven by whichever vehicle leaves; a time is null that nobody knows, and so is its crew unless somebody says. */
export type Driven = Omit<Ride, 'vehicle'>

/**
 * What was so when the order was issued is looked at again before its vehicle leaves at `at`: whom it is to collect, with
 * what, and whether they may travel; they are locked. The ride as this vehicle drives it then. Refuses: notInCare, alreadyInCare, breaksMust.
 */
export async function checkLeaving(act: Act, order: TransferOrder, { vehicle, at }: { vehicle: string | null; at: Date }): Promise<Driven> {
  const { id, patient, fromPlace } = order
  const stay = await openStayOf(act.tx, patient)
  if (stay === null) throw refuse('notInCare', `${patient} 已不在任何场所；请撤销指令 ${id}`, `${patient} has no place any more; cancel order ${id}`)
  // Where they lie now is not told: whoever asks may have nothing to do with that place.
  if (stay.place !== fromPlace) throw refuse('alreadyInCare', `${patient} 已不在 ${fromPlace}；请撤销指令 ${id}`, `${patient} lies at ${fromPlace} no longer; cancel order ${id}`)
  await checkTogether(act, order)
  const mate = vehicle === null ? null : await checkVehicle(act, order, vehicle)
  const untimed: Driven = { ...timesOf(NO_RIDE), leavesBase: at }
  const present = await presentOrNull(act)
  if (present === null) return untimed
  const { [id]: _own, ...orders } = present.orders
  const to = order.pool === null ? { pool: null, outside: order.outside ?? '', travelMinutes: order.travelMinutes } : { pool: order.pool, outside: null }
  const scenario = { ...present, orders }
  const [line] = judged(scenario, {
    to, riders: [{ patient, pool: order.pool }], vehicle, leaves: minutesIntoUp(present.planDay, instantOf(at)), isSettled: (rule) => !AT_THE_DOOR.includes(rule),
  })
  checkOpen(scenario, order)
  if (order.fromPlace === order.toPlace) return untimed
  if (mate !== null) return timesOf(mate)
  return { ...timesOf(line?.ride ?? NO_RIDE), crew: null, leavesBase: at }
}

/** A block that was shut after the order was issued opens by its own decision, and by nobody who drives there. */
function checkOpen(scenario: Scenario, { id, pool }: TransferOrder): void {
  const block = pool === null ? null : scenario.pools[pool]?.block ?? null
  if (block === null || scenario.blocks[block]?.opened !== false) return
  throw breaks(`reserveReady/${block}`, `分区 ${block} 已停用；请由指挥长重新启用，或改送、撤销指令 ${id}`, `block ${block} was shut; let the commander open it again, or divert or cancel order ${id}`)
}

const timesOf = ({ crew, leavesBase, departs, arrives, returns }: Driven): Driven => ({ crew, leavesBase, departs, arrives, returns })

/** A carer and children who were to ride together still do: of one party nobody is left behind without the other. */
async function checkTogether({ tx, at }: Act, { id, patient, fromPlace }: TransferOrder): Promise<void> {
  const other = (await partedFrom(tx, id, at)).get(id)
  if (other === undefined) return
  const { zh, en } = isLive(other.state) ? text('去处不同', 'leads elsewhere') : STATES[other.state]
  throw breaks(`together/${other.child}`,
    `应与 ${patient} 同行的 ${other.patient} 仍在 ${fromPlace}，其指令 ${other.order}：${zh}；请撤销指令 ${id}，为二人重新下达`,
    `${other.patient}, who was to ride with ${patient}, lies at ${fromPlace}, and order ${other.order} of theirs ${isLive(other.state) ? en : `is ${en}`}; cancel order ${id} and order both anew`)
}

/** The vehicle is here and clean, and carries what the patient needs on the way. The order of whoever rides along, where it left with them. */
async function checkVehicle(act: Act, order: TransferOrder, vehicle: string): Promise<TransferOrder | null> {
  const out = await ordersOut(act.tx, vehicle)
  const other = out.find((one) => one.id !== order.id && !isOneRide(one, order))
  if (other !== undefined) {
    throw breaks(`decontamination/${vehicle}`, `${vehicle} 因指令 ${other.id} 在外，尚未洗消；请先登记其到达与洗消，或换车`, `${vehicle} is out on order ${other.id} and not clean yet; put down that it arrived and is clean, or take another vehicle`)
  }
  const [person, row] = [await currentRecord(act.tx, CASES, order.patient), await currentRecord(act.tx, VEHICLES, vehicle)]
  if (person !== null && row !== null && !row.body.lifeSupport && LIFE_SUPPORT_FOR.includes(person.body.severity)) throw breaks(`lifeSupport/${vehicle}`, `${vehicle} 无生命支持，不能转运重型、危重型患者 ${order.patient}；请换车`, `${vehicle} has no life support for ${order.patient}, who is severe or critical; take another vehicle`)
  return out.find(({ id, state }) => id !== order.id && state === 'dispatched') ?? null
}

/** A carer and children of one trip, whose orders were issued together. */
const isOneRide = (a: TransferOrder, b: TransferOrder): boolean =>
  a.trip !== null && a.trip === b.trip && a.plan === b.plan && a.issuedAt.getTime() === b.issuedAt.getTime()

const breaks = (pointer: string, zh: string, en: string): Refused => wrongAt('breaksMust', pointer, zh, en)

/** Null where the picture contradicts itself, so that nothing can be judged: nobody's ambulance waits for that. */
async function presentOrNull(act: Act): Promise<Scenario | null> {
  try {
    return await presentOf(act)
  } catch (thrown) {
    if (thrown instanceof Refused && thrown.refusal.code === 'scenarioRefused') return null
    throw thrown
  }
}
