import { type Act, actOf } from '../db/act.js'
import type { Database } from '../db/database.js'
import type { Clock } from '../kernel/clock.js'
import { instantOf } from '../kernel/time.js'
import { dueStep } from './limits.js'
import type { State } from './orders.js'
import { release } from './promises.js'
import { STEPS } from './steps.js'
import { changeOrder, dueOrders, orderById, type TransferOrder } from './store.js'

/** Whoever reads the record sees that nobody did it. */
const CLOCK = 'clock'
const AT_ONCE = 200

/** An order, locked, as the clock has left it by now: consented to by silence, or over. */
export async function settled(act: Act, order: TransferOrder): Promise<TransferOrder> {
  const due = dueStep(order, act.at)
  if (due === null) return order
  const own = actOf(act, CLOCK)
  const state: State = STEPS[due.step].leads[order.state] ?? order.state
  if (due.step === 'expire') await release(own, { pool: order.pool, purpose: order.id }, 'expired')
  const changed = await changeOrder(act.tx, order, { state }, { step: due.step, at: due.at, recordedAt: own.at, by: CLOCK, note: null, details: {} })
  await own.journal({ action: `order.${state}`, kind: 'transfer-orders', subject: order.id, details: { due: instantOf(due.at) } })
  return settled(act, changed)
}

/** The same of every order on which the clock has something to say. */
export async function settleDue(act: Act): Promise<void> {
  for (const id of await dueOrders(act.tx, act.at, AT_ONCE)) {
    const order = await orderById(act.tx, id, true)
    if (order !== null) await settled(act, order)
  }
}

/** Does so each in its own small transaction; returns how many orders there were. */
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
