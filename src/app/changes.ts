import { CASES_LIE } from '../cases/store.js'
import type { Change, Heard } from '../db/changes.js'
import { changesAfter, heardSoFar } from '../db/changes.js'
import type { Database, Tx } from '../db/database.js'
import { Feeds, type Listener } from '../db/feeds.js'
import { isSeenAt, type Lying, lyingAtColumns, whereaboutsOf, type Whereabouts } from '../db/lying.js'
import { HANDOVERS_LIE } from '../day/store.js'
import { ALLOCATIONS_LIE } from '../dispatch/material/store.js'
import { ORDERS_LIE } from '../dispatch/store.js'
import { POOLS } from '../facilities/store.js'
import { refuse } from '../kernel/refusal.js'
import type { Reach } from '../kernel/roles.js'
import { CONTACTS_LIE } from '../stays/isolation/store.js'
import { STAYS_LIE } from '../stays/store.js'
import { NOTES_LIE } from '../supplies/noteStore.js'
import { EQUIPMENT, LOTS_LIE, RECEIVERS, SOURCES, STAFF, SUPPLIES, USES } from '../supplies/store.js'
import { REQUESTS_LIE } from '../supplies/requestStore.js'

/** Everybody hears of it. */
const EVERYBODYS = 'everybody'

/** Which changes somebody hears of who looks after some places only. What is not here is for those of the whole city. */
const SEEN: Readonly<Record<string, Lying | typeof EVERYBODYS>> = {
  units: EVERYBODYS, places: EVERYBODYS, blocks: EVERYBODYS, teams: EVERYBODYS, vehicles: EVERYBODYS, travel: EVERYBODYS,
  items: EVERYBODYS, itemCodes: EVERYBODYS, packings: EVERYBODYS, substitutes: EVERYBODYS, kitParts: EVERYBODYS, norms: EVERYBODYS,
  ...Object.fromEntries([POOLS, RECEIVERS, STAFF, USES, SOURCES, SUPPLIES, EQUIPMENT].map(({ kind, table }) => [kind, lyingAtColumns(table, ["body ->> 'place'"])])),
  lots: LOTS_LIE, notes: NOTES_LIE, cases: CASES_LIE, contacts: CONTACTS_LIE, stays: STAYS_LIE,
  'transfer-orders': ORDERS_LIE, 'allocation-orders': ALLOCATIONS_LIE, 'material-requests': REQUESTS_LIE, handovers: HANDOVERS_LIE,
}
/** Who has an account is for those who look after accounts, and stands in the journal for auditors. */
const UNHEARD = ['accounts', 'apiKeys']

/** The one thing that all of them listen to. */
const JOURNAL = 'journal'

/** Changes for all who listen in this process: where they lie is read once, and held against how far each listener reaches. */
export class ChangeNews {
  private readonly feeds: Feeds<Heard, Located>

  constructor(private readonly db: Database, onBug: (error: unknown) => void) {
    this.feeds = new Feeds({
      sourceOf: () => ({
        read: async (after) => ({ events: await db.inSnapshot(async (tx) => located(tx, await changesAfter(tx, after))), isOver: false }),
        placeOf: (change) => change, isBehind,
      }),
      ownOf: async (reach, changes) => heardBy(reach, changes), onBug, full: () => refuse('tooManyListeners', '听的人已满，请稍后再连', 'as many listen as can; connect again later'),
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

/** A change, and where that lies which has changed; null: it is for those of the whole city. */
export interface Located extends Change {
  readonly lies: Whereabouts | typeof EVERYBODYS | null
}

/** Some changes with where they lie now: one statement for each kind of them. */
export async function located(tx: Tx, changes: readonly Change[]): Promise<Located[]> {
  const found = new Map<string, Located['lies']>()
  const key = ({ kind, subject }: Pick<Change, 'kind' | 'subject'>) => `${kind} ${subject}`
  for (const [kind, seen] of Object.entries(SEEN)) {
    const subjects = [...new Set(changes.filter((change) => change.kind === kind).map(({ subject }) => subject))]
    if (subjects.length === 0) continue
    const lies = seen === EVERYBODYS ? null : await whereaboutsOf(tx, seen, subjects)
    for (const subject of subjects) found.set(key({ kind, subject }), lies === null ? EVERYBODYS : lies.get(subject) ?? null)
  }
  return changes.map((change) => ({ ...change, lies: found.get(key(change)) ?? null }))
}

/** What of some changes somebody hears of. */
export const heardBy = (reach: Reach, changes: readonly Located[]): readonly Located[] =>
  changes.filter(({ kind, lies }) => !UNHEARD.includes(kind) && (reach.isCity || lies === EVERYBODYS || (lies !== null && isSeenAt(reach, lies))))

/** Whether one place in the order of changes lies behind another. */
function isBehind(place: Heard, other: Heard): boolean {
  const [xid, otherXid] = [BigInt(place.xid), BigInt(other.xid)]
  return xid === otherXid ? BigInt(place.seq) > BigInt(other.seq) : xid > otherXid
}
