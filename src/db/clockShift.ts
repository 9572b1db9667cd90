import type { Database, Tx } from './database.js'
import { serviceClock } from './tables.js'

/** How far the service's clock is from the machine's; nought unless a demonstration set it. */
export async function clockShift(db: Database): Promise<number> {
  const [row] = await db.inSnapshot((tx) => tx.select().from(serviceClock))
  return row?.shiftMilliseconds ?? 0
}

/** Whether the store has a clock of its own. */
export async function hasClockShift(db: Database): Promise<boolean> {
  const rows = await db.inSnapshot((tx) => tx.select().from(serviceClock))
  return rows.length > 0
}

/** Sets the clock of an empty store, once. */
export async function setClockShift(tx: Tx, shiftMilliseconds: number): Promise<void> {
  await tx.insert(serviceClock).values({ shiftMilliseconds: Math.round(shiftMilliseconds) }).onConflictDoNothing()
}
