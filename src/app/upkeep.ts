import { DEVICE_MILLISECONDS } from '../access/signIn.js'
import { forgetEnded } from '../access/store.js'
import type { Database } from '../db/database.js'
import { forgetOldKeys } from '../db/idempotency.js'
import { keepOrders } from '../dispatch/clockwork.js'
import type { Clock } from '../kernel/clock.js'

const KEPT_MILLISECONDS = 30 * 24 * 3600_000
const EVERY_MILLISECONDS = 3600_000
const ORDERS_EVERY_MILLISECONDS = 30_000

/** Forgets the keys of requests older than thirty days, in small transactions; returns how many. */
export async function forgetRequests(db: Database, clock: Clock): Promise<number> {
  const before = new Date(clock.now().getTime() - KEPT_MILLISECONDS)
  let forgotten = 0
  for (;;) {
    const now = await db.inTransaction((tx) => forgetOldKeys(tx, before))
    forgotten += now
    if (now === 0) return forgotten
  }
}

/** Forgets sessions, words and secrets that are over, and browsers that have not been seen for half a year. */
export const forgetAccess = (db: Database, clock: Clock): Promise<void> => {
  const now = clock.now()
  return db.inTransaction((tx) => forgetEnded(tx, { now, devicesBefore: new Date(now.getTime() - DEVICE_MILLISECONDS) }))
}

/**
 * Does so at once and every hour, and what the clock says to transfer orders twice a minute, without keeping the process;
 * returns what ends it.
 */
export function keepUp(db: Database, clock: Clock, onTrouble: (why: unknown) => void): () => void {
  const forget = () => forgetRequests(db, clock).then(() => forgetAccess(db, clock))
  const timers = [every(EVERY_MILLISECONDS, forget, onTrouble), every(ORDERS_EVERY_MILLISECONDS, () => keepOrders(db, clock), onTrouble)]
  return () => timers.forEach((timer) => clearInterval(timer))
}

function every(milliseconds: number, work: () => Promise<unknown>, onTrouble: (why: unknown) => void): NodeJS.Timeout {
  const once = () => void work().catch(onTrouble)
  once()
  const timer = setInterval(once, milliseconds)
  timer.unref()
  return timer
}
