import { keepOrders } from '../../src/dispatch/clockwork.js'
import { approve, withdraw } from '../../src/dispatch/commands.js'
import { divert } from '../../src/dispatch/diverting.js'
import { issueOffPlan } from '../../src/dispatch/offPlan.js'
import { arrive, askRelief, die, dispatch, giveUp, uphold } from '../../src/dispatch/orderCommands.js'
import { reportBeds } from '../../src/facilities/bedCommands.js'
import { refuse } from '../../src/kernel/refusal.js'
import { admit, move } from '../../src/stays/commands.js'
import { openStayOf } from '../../src/stays/store.js'
import { handoverAt } from '../support/desk.js'
import type { Pair, Work } from './interleavePairs.js'
import { WORLD } from './interleaveWorld.js'

const offPlan = (patient: string): Work => (act) =>
  issueOffPlan(act, { patient, pool: 'last/ordinary', reason: 'worsened', vehicle: null })
const moving = (patient: string, pool: string): Work => async (act) => {
  const stay = await openStayOf(act.tx, patient)
  if (stay === null) throw refuse('notInCare', '已不在任何场所', 'they lie nowhere any more')
  return move(act, stay.id, { place: pool.split('/')[0] ?? '', pool }, undefined)
}
/** An order for which no vehicle has a time stands for a day. */
const DAY_MILLISECONDS = 86_400_000

/** Pairs about plans and orders. */
export const ORDER_PAIRS: readonly Pair[] = [
  {
    name: 'two approvals',
    works: ({ draft }) => [(act) => approve(act, draft, { strike: [] }), (act) => approve(act, draft, { strike: [] })],
    lawful: [['ok', 'planIsDecided'], ['planIsDecided', 'ok']],
  },
  {
    name: 'approve and withdraw',
    works: ({ draft, inForce }) => [(act) => approve(act, draft, { strike: [] }), (act) => withdraw(act, inForce, 'not any more')],
    // Approved first, the older one is superseded; withdrawn first, both are done.
    lawful: [['ok', 'planIsDecided'], ['ok', 'ok']],
  },
  {
    name: 'arrive and cancel', before: ({ order }) => [(act) => dispatch(act, order, {})],
    works: ({ order }) => [(act) => arrive(act, order, { handover: handoverAt(WORLD.asOf) }), (act) => giveUp(act, order, 'cancel', { note: 'no' })],
    lawful: [['ok', 'stepOutOfOrder']],
  },
  {
    name: 'dispatch and cancel',
    works: ({ order }) => [(act) => dispatch(act, order, {}), (act) => giveUp(act, order, 'cancel', { note: 'no' })],
    lawful: [['ok', 'stepOutOfOrder'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'relief and dispatch',
    works: ({ order }) => [(act) => askRelief(act, order, { reason: 'noStaff', beds: 1 }), (act) => dispatch(act, order, {})],
    lawful: [['ok', 'stepOutOfOrder'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'relief upheld and withdraw', before: ({ order }) => [(act) => askRelief(act, order, { reason: 'noStaff', beds: 1 })],
    works: ({ order, inForce }) => [(act) => uphold(act, order, {}), (act) => withdraw(act, inForce, 'not any more')],
    lawful: [['ok', 'ok'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'two holds of the last bed', works: ({ waiting: [one, other] }) => [offPlan(one), offPlan(other)],
    lawful: [['ok', 'breaksMust'], ['breaksMust', 'ok']],
  },
  {
    name: 'a hold and an admission to the last bed',
    works: ({ waiting: [one], absent }) => [offPlan(one), (act) => admit(act, absent, { place: 'last', pool: 'last/ordinary' }, undefined)],
    lawful: [['ok', 'noFreeBed'], ['breaksMust', 'ok']],
  },
  {
    // Whoever began earlier and waited writes down their step after the one that they waited for.
    name: 'a relief asked for and an older withdraw', at: [5000, 1],
    works: ({ order, inForce }) => [(act) => askRelief(act, order, { reason: 'noStaff', beds: 1 }), (act) => withdraw(act, inForce, 'not any more')],
    lawful: [['ok', 'ok'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'approve and an order for one of its people',
    works: ({ draft, drafted }) => [(act) => approve(act, draft, { strike: [] }), offPlan(drafted)],
    lawful: [['ok', 'alreadyExists'], ['planIsStale', 'ok']],
  },
  {
    name: 'approve and cancel',
    works: ({ draft, order }) => [(act) => approve(act, draft, { strike: [] }), (act) => giveUp(act, order, 'cancel', { note: 'no' })],
    lawful: [['ok', 'ok']],
  },
  {
    name: 'divert and arrive', before: ({ order }) => [(act) => dispatch(act, order, {})],
    works: ({ order }) => [(act) => divert(act, order, { pool: 'last/ordinary', note: 'nearer' }), (act) => arrive(act, order, { handover: handoverAt(WORLD.asOf) })],
    // Diverted first, they arrive there.
    lawful: [['ok', 'ok'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'expiry and dispatch',
    works: ({ order }) => [{ byItself: (db, clock) => keepOrders(db, clock) }, (act) => dispatch(act, order, {})],
    // Whoever began to dispatch in time has done so, unless it was written down meanwhile that it is too late.
    lawful: [['ok', 'ok'], ['ok', 'stepOutOfOrder']], at: [DAY_MILLISECONDS + 1, DAY_MILLISECONDS - 1],
  },
  {
    name: 'expiry and withdraw',
    works: ({ inForce }) => [{ byItself: (db, clock) => keepOrders(db, clock) }, (act) => withdraw(act, inForce, 'not any more')],
    lawful: [['ok', 'ok']], at: [DAY_MILLISECONDS + 1, DAY_MILLISECONDS - 1],
  },
  {
    name: 'relief upheld and a census', before: ({ order }) => [(act) => askRelief(act, order, { reason: 'noStaff', beds: 2 })],
    works: ({ order }) => [(act) => uphold(act, order, {}), (act) => reportBeds(act, 'hub/ordinary', { staffed: 3, occupied: 2 })],
    lawful: [['ok', 'ok']],
  },
  {
    // What expired held beds that are given away again: its order is locked before the person, its beds after.
    name: 'an order when others are due, and a move', at: [DAY_MILLISECONDS + 1, DAY_MILLISECONDS + 2],
    works: ({ waiting: [one] }) => [offPlan(one), moving(one, 'hub/ordinary')],
    lawful: [['ok', 'ok'], ['breaksMust', 'ok']],
  },
  {
    name: 'a death on the way and a move', before: ({ order }) => [(act) => dispatch(act, order, {})],
    works: ({ order, patient }) => [(act) => die(act, order, { note: 'in vain' }), moving(patient, 'last/ordinary')],
    // Who is on the road is moved by the order alone.
    lawful: [['ok', 'notInCare'], ['ok', 'stepOutOfOrder']],
  },
  {
    name: 'arrive and a move of the patient', before: ({ order }) => [(act) => dispatch(act, order, {})],
    works: ({ order, patient }) => [(act) => arrive(act, order, { handover: handoverAt(WORLD.asOf) }), moving(patient, 'last/ordinary')],
    // The stay that was to be moved has ended; or they are still on the road; or they have come, and are moved on.
    lawful: [['ok', 'notInCare'], ['ok', 'stepOutOfOrder'], ['ok', 'ok']],
  },
]
