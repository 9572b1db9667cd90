import type { Act } from '../db/act.js'
import type { Tx } from '../db/database.js'
import { writeJournal } from '../db/journal.js'
import type { Clock } from '../kernel/clock.js'
import { EVERYWHERE, SYSTEM } from '../kernel/roles.js'

const BY = 'start'

/** What the service does by itself when it starts. */
export const startAct = (tx: Tx, { now, newId }: Clock): Act => {
  const at = now()
  return {
    tx, who: { ...SYSTEM, id: BY }, reach: EVERYWHERE, at, by: BY, newId, ifMatch: undefined,
    journal: (deed) => writeJournal(tx, deed, { at, by: BY, request: BY }),
  }
}
