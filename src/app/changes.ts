import { CASES } from '../cases/store.js'
import type { Change, Heard } from '../db/changes.js'
import { changesAfter, heardSoFar } from '../db/changes.js'
import type { Database, Tx } from '../db/database.js'
import { isSeen } from '../db/records.js'
import { concerns } from '../dispatch/orders.js'
import { orderById } from '../dispatch/store.js'
import { POOLS } from '../facilities/store.js'
import { isWithin, type Reach } from '../kernel/roles.js'
import { CONTACTS } from '../stays/isolation/store.js'
import { stayById } from '../stays/store.js'

type Sees = (tx: Tx, reach: Reach, subject: string) => Promise<boolean>
const everybody: Sees = async () => true

/** Which changes somebody hears of who looks after some places only. What is not here is for those of the whole city. */
const SEEN: Readonly<Record<string, Sees>> = {
  units: everybody, places: everybody, blocks: everybody, teams: everybody, vehicles: everybody, travel: everybody,
  pools: (tx, reach, id) => isSeen(tx, POOLS, id, reach),
  cases: (tx, reach, id) => isSeen(tx, CASES, id, reach),
  contacts: (tx, reach, id) => isSeen(tx, CONTACTS, id, reach),
  stays: async (tx, reach, id) => isWithin(reach, { place: (await stayById(tx, id))?.place ?? null }),
  'transfer-orders': async (tx, reach, id) => {
    const order = await orderById(tx, id)
    return order !== null && concerns(reach, order)
  },
}
/** Who has an account is for those who look after accounts, and stands in the journal for auditors. */
const UNHEARD = ['accounts', 'apiKeys']

export interface News {
  /** What the listener hears of. */
  readonly changes: readonly Change[]
  /** How far that is, whatever of it was for others. */
  readonly heard: Heard
}

/** What is new to somebody who has heard so far; null: who begins to listen. */
export function newsFor(db: Database, reach: Reach, after: Heard | null): Promise<News> {
  return db.inSnapshot(async (tx) => {
    if (after === null) return { changes: [], heard: await heardSoFar(tx) }
    const found = await changesAfter(tx, after)
    const changes: Change[] = []
    for (const change of found) if (await isHeard(tx, reach, change)) changes.push(change)
    return { changes, heard: found.at(-1) ?? after }
  })
}

async function isHeard(tx: Tx, reach: Reach, { kind, subject }: Change): Promise<boolean> {
  if (UNHEARD.includes(kind)) return false
  if (reach.isCity) return true
  return Object.hasOwn(SEEN, kind) && await SEEN[kind]?.(tx, reach, subject) === true
}
