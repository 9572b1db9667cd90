import { CASES } from '../cases/store.js'
import type { Change, Heard } from '../db/changes.js'
import { changesAfter, heardSoFar } from '../db/changes.js'
import type { Database, Tx } from '../db/database.js'
import { Feeds, type Listener } from '../db/feeds.js'
import { isSeen } from '../db/records.js'
import { handoverById } from '../day/store.js'
import { concernsPlaces } from '../dispatch/material/steps.js'
import { allocationById } from '../dispatch/material/store.js'
import { concerns } from '../dispatch/orders.js'
import { orderById } from '../dispatch/store.js'
import { POOLS } from '../facilities/store.js'
import { refuse } from '../kernel/refusal.js'
import { isWithin, type Reach } from '../kernel/roles.js'
import { CONTACTS } from '../stays/isolation/store.js'
import { stayById } from '../stays/store.js'
import { noteById } from '../supplies/noteStore.js'
import { EQUIPMENT, LOTS, RECEIVERS, SOURCES, STAFF, SUPPLIES, USES } from '../supplies/store.js'
import { requestById } from '../supplies/requestStore.js'

type Sees = (tx: Tx, reach: Reach, subject: string) => Promise<boolean>
const everybody: Sees = async () => true

/** Which changes somebody hears of who looks after some places only. What is not here is for those of the whole city. */
const SEEN: Readonly<Record<string, Sees>> = {
  units: everybody, places: everybody, blocks: everybody, teams: everybody, vehicles: everybody, travel: everybody,
  items: everybody, itemCodes: everybody, packings: everybody, substitutes: everybody, kitParts: everybody, norms: everybody,
  ...Object.fromEntries([RECEIVERS, STAFF, USES, SOURCES, SUPPLIES, EQUIPMENT, LOTS].map((kind): [string, Sees] =>
    [kind.kind, (tx, reach, id) => isSeen(tx, kind, id, reach)])),
  notes: async (tx, reach, id) => isWithin(reach, { place: (await noteById(tx, id))?.place ?? null }),
  pools: (tx, reach, id) => isSeen(tx, POOLS, id, reach),
  cases: (tx, reach, id) => isSeen(tx, CASES, id, reach),
  contacts: (tx, reach, id) => isSeen(tx, CONTACTS, id, reach),
  stays: async (tx, reach, id) => isWithin(reach, { place: (await stayById(tx, id))?.place ?? null }),
  'transfer-orders': async (tx, reach, id) => {
    const order = await orderById(tx, id)
    return order !== null && concerns(reach, order)
  },
  'allocation-orders': async (tx, reach, id) => {
    const found = await allocationById(tx, id)
    return found !== null && concernsPlaces(reach, found.order)
  },
  'material-requests': async (tx, reach, id) => isWithin(reach, { place: (await requestById(tx, id))?.place ?? null }),
  handovers: async (tx, reach, id) => isWithin(reach, { place: (await handoverById(tx, id))?.place ?? null }),
}
/** Who has an account is for those who look after accounts, and stands in the journal for auditors. */
const UNHEARD = ['accounts', 'apiKeys']

/** The one thing that all of them listen to. */
const JOURNAL = 'journal'

/** Changes for all who listen in this process. What of them somebody hears of is asked for each listener. */
export class ChangeNews {
  private readonly feeds: Feeds<Heard, Change>

  constructor(private readonly db: Database, onBug: (error: unknown) => void) {
    this.feeds = new Feeds({
      sourceOf: () => ({
        read: async (after) => ({ events: await db.inSnapshot((tx) => changesAfter(tx, after)), isOver: false }),
        placeOf: (change) => change, isBehind,
      }),
      ownOf: (reach, changes) => heardBy(db, reach, changes), onBug, full: () => refuse('tooManyListeners', '听的人已满，请稍后再连', 'as many listen as can; connect again later'),
    })
  }

  /**
   * Where somebody stands who has heard so much, or begins to listen now. What this store has not come to yet was heard
   * from another one, before an import: whoever waited for it would hear nothing for years, and with them those who
   * share their look.
   */
  async from(heard: Heard | null): Promise<Heard> {
    const now = await this.db.inSnapshot(heardSoFar)
    return heard === null || isBehind(heard, now) ? now : heard
  }

  /** Changes behind the last one heard, as far as they are for this listener; an empty list where there was nothing for a while, or for others only. */
  follow(heard: Heard, listener: Listener): AsyncGenerator<readonly Change[]> {
    return this.feeds.follow(JOURNAL, heard, listener)
  }

  close(): void {
    this.feeds.close()
  }
}

/** What of some changes somebody hears of. */
export async function heardBy(db: Database, reach: Reach, changes: readonly Change[]): Promise<readonly Change[]> {
  const told = changes.filter(({ kind }) => !UNHEARD.includes(kind))
  if (reach.isCity || told.length === 0) return told
  return db.inSnapshot(async (tx) => {
    const own: Change[] = []
    for (const change of told) if (await isHeard(tx, reach, change)) own.push(change)
    return own
  })
}

/** Whether one place in the order of changes lies behind another. */
function isBehind(place: Heard, other: Heard): boolean {
  const [xid, otherXid] = [BigInt(place.xid), BigInt(other.xid)]
  return xid === otherXid ? BigInt(place.seq) > BigInt(other.seq) : xid > otherXid
}

const isHeard = async (tx: Tx, reach: Reach, { kind, subject }: Change): Promise<boolean> =>
  Object.hasOwn(SEEN, kind) && await SEEN[kind]?.(tx, reach, subject) === true
