import { reachFor } from '../access/policy.js'
import { CASES_LIE } from '../cases/store.js'
import type { Change, Heard } from '../db/changes.js'
import { changesAfter, heardSoFar } from '../db/changes.js'
import type { Database, Tx } from '../db/database.js'
import { Feeds, type Listener, type Told } from '../db/feeds.js'
import type { RecordKind } from '../db/records.js'
import { isSeenAt, type Lying, lyingAtColumns, whereaboutsOf, type Whereabouts } from '../db/lying.js'
import { HANDOVERS_LIE } from '../day/store.js'
import { ALLOCATIONS_LIE } from '../dispatch/material/store.js'
import { ORDERS_LIE } from '../dispatch/store.js'
import { POOLS } from '../facilities/store.js'
import { refuse } from '../kernel/refusal.js'
import type { Principal, Reach } from '../kernel/roles.js'
import { CONTACTS_LIE } from '../stays/isolation/store.js'
import { STAYS_LIE } from '../stays/store.js'
import { NOTES_LIE } from '../supplies/noteStore.js'
import { EQUIPMENT, LOTS_LIE, RECEIVERS, SOURCES, STAFF, SUPPLIES, USES } from '../supplies/store.js'
import { REQUESTS_LIE } from '../supplies/requestStore.js'

/** It lies nowhere: whoever could read it hears of it. */
const EVERYBODYS = 'everybody'

interface Hearing {
  /** By which operation it is read: whoever may not call that hears nothing of it. */
  readonly by: string
  /** Where it lies, for those who look after some places only; left out: it is for those of the whole city. */
  readonly lies?: Lying | typeof EVERYBODYS
}

const everybodys = (by: string): Hearing => ({ by, lies: EVERYBODYS })
const atItsPlace = (by: string, { table }: RecordKind<unknown>): Hearing => ({ by, lies: lyingAtColumns(table, ["body ->> 'place'"]) })

/** Who hears of which changes. What is not here is for those who read the journal. */
const HEARD: Readonly<Record<string, Hearing>> = {
  units: everybodys('listReportingUnits'), places: everybodys('listPlaces'), blocks: everybodys('listReserveBlocks'),
  teams: everybodys('listExpertTeams'), vehicles: everybodys('listVehicles'), travel: everybodys('listTravelTimes'),
  items: everybodys('listItems'), itemCodes: everybodys('listItemCodes'), packings: everybodys('listPackings'),
  substitutes: everybodys('listSubstitutes'), kitParts: everybodys('listKitParts'), norms: everybodys('listNorms'),
  pools: atItsPlace('listPoolsOfBeds', POOLS), receivers: atItsPlace('listMaterialReceivers', RECEIVERS),
  sources: atItsPlace('listStockSources', SOURCES), staff: atItsPlace('listStaffOnShifts', STAFF), uses: atItsPlace('listMeasuredUses', USES),
  supplies: atItsPlace('listExpectedSupplies', SUPPLIES), equipment: atItsPlace('listPiecesOfEquipment', EQUIPMENT),
  lots: { by: 'listLots', lies: LOTS_LIE }, notes: { by: 'listStockNotes', lies: NOTES_LIE },
  cases: { by: 'listCases', lies: CASES_LIE }, contacts: { by: 'listContacts', lies: CONTACTS_LIE }, stays: { by: 'listStays', lies: STAYS_LIE },
  'transfer-orders': { by: 'listTransferOrders', lies: ORDERS_LIE }, 'allocation-orders': { by: 'listAllocationOrders', lies: ALLOCATIONS_LIE },
  'material-requests': { by: 'listMaterialRequests', lies: REQUESTS_LIE }, handovers: { by: 'listHandovers', lies: HANDOVERS_LIE },
  intake: { by: 'listIntakeDays' }, 'plan-runs': { by: 'listPlanRuns' }, 'daily-reports': { by: 'listDailyReports' },
  scenario: { by: 'listPlaces' }, store: { by: 'listPlaces' },
}

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
      ownOf: heardBy, onBug, full: () => refuse('tooManyListeners', '听的人已满，请稍后再连', 'as many listen as can; connect again later'),
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

  /** Changes behind the last one heard, as far as they are for this listener; none where there was nothing for a while, or for others only. */
  follow(heard: Heard, listener: Listener): AsyncGenerator<Told<Heard, Change>> {
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
  for (const [kind, { lies: seen }] of Object.entries(HEARD)) {
    const subjects = [...new Set(changes.filter((change) => change.kind === kind).map(({ subject }) => subject))]
    if (seen === undefined || subjects.length === 0) continue
    const lies = seen === EVERYBODYS ? null : await whereaboutsOf(tx, seen, subjects)
    for (const subject of subjects) found.set(key({ kind, subject }), lies === null ? EVERYBODYS : lies.get(subject) ?? null)
  }
  return changes.map((change) => ({ ...change, lies: found.get(key(change)) ?? null }))
}

/** What of some changes somebody hears of: what they could read. */
export function heardBy(who: Principal, changes: readonly Located[]): readonly Located[] {
  const reaches = new Map<string, Reach>()
  const reachOf = (kind: string): Reach => {
    const reach = reaches.get(kind) ?? reachFor(who, HEARD[kind]?.by ?? 'readJournal')
    reaches.set(kind, reach)
    return reach
  }
  return changes.filter(({ kind, lies }) => {
    const reach = reachOf(kind)
    return reach.isCity || (lies === EVERYBODYS ? reach.places.size + reach.units.size > 0 : lies !== null && isSeenAt(reach, lies))
  })
}

/** Whether one place in the order of changes lies behind another. */
function isBehind(place: Heard, other: Heard): boolean {
  const [xid, otherXid] = [BigInt(place.xid), BigInt(other.xid)]
  return xid === otherXid ? BigInt(place.seq) > BigInt(other.seq) : xid > otherXid
}
