import { type Act, beginAct } from '../db/act.js'
import type { Tx } from '../db/database.js'
import type { Clock } from '../kernel/clock.js'
import { EVERYWHERE, SYSTEM } from '../kernel/roles.js'

/** What the service does by itself when it starts; `ifMatch`: to what stands in this version. */
export const startAct = (tx: Tx, clock: Clock, ifMatch?: string): Act =>
  beginAct({ tx, who: { ...SYSTEM, id: 'start' }, reach: EVERYWHERE, ifMatch }, clock, 'start')
