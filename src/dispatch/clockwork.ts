import { type Act, actOf } from '../db/act.js'
import type { Database } from '../db/database.js'
import type { Clock } from '../kernel/clock.js'
import { instantOf } from '../kernel/time.js'
import { lastRecorded } from './eventStore.js'
import { dueStep } from './limits.js'
import type { State } from './orders.js'
import { releaseBed } from './promises.js'
import { STEPS } from './steps.js'
import { changeOrder, dueOrders, lockDueOrders, orderById, type TransferOrder } from './store.js'

/** Whoever reads the record sees that nobody did it. */
export const CLOCK = 'clock'
const AT_ONCE = 200

/**
 * An order, locked, as the clock has left it by now: consented to by silence, or over. `leftAt`: when its vehicle is said to
 * have left; whoever left in time is not over.
 */
export async function settled(act: Act, order: TransferOrder, leftAt = act.at): Promise<TransferOrder> {
  const due = dueStep(order, act.at)
  if (due === null || (due.step === 'expire' && due.at > leftAt)) return order
  const last = await lastRecorded(act.tx, [order.id])
  if (last !== null) act.notBefore(last)
  const own = actOf(act, CLOCK)
  const state: State = STEPS[due.step].leads[order.state] ?? order.state
  if (due.step === 'expire') await releaseBed(own, order, 'expired')
  const changed = await changeOrder(act.tx, order, { state }, { step: due.step, at: due.at, recordedAt: own.at, by: CLOCK, note: null, details: {} })
  await own.journal({ action: `order.${state}`, kind: 'transfer-orders', subject: order.id, details: { due: instantOf(due.at) } })
  return settled(act, changed, leftAt)
}

/** Every order on which the clock has something to say, locked: before the people and the beds of whoever settles them. */
export const lockDue = (act: Act): Promise<TransferOrder[]> => lockDueOrders(act.tx, act.at, AT_ONCE)

/** Writes down what the clock has said, each order in a small transaction of its own; returns how many there were. */
export async function keepOrders(db: Database, clock: Clock): Promise<number> {
  const due = await db.inSnapshot((tx) => dueOrders(tx, clock.now(), AT_ONCE))
  for (const id of due) {
    await db.inTransaction(async (tx) => {
      const order = await orderById(tx, id, true)
      if (order !== null) await settled(actOf({ tx, at: clock.now(), newId: clock.newId }, CLOCK), order)
    })
  }
  return due.length
}

/** The order as a reader should see it now, though nobody has written down yet what the clock says. */
export function seenAt<O extends Pick<TransferOrder, 'state' | 'answerBy' | 'deadline'>>(order: O, now: Date): O {
  const due = dueStep(order, now)
  return due === null ? order : seenAt({ ...order, state: STEPS[due.step].leads[order.state] ?? order.state }, now)
}
