import type { Database } from '../../src/db/database.js'
import { allRecords } from '../../src/db/records.js'
import { underWayAt } from '../../src/dispatch/material/consignments.js'
import { oneTrip } from '../../src/dispatch/lines.js'
import type { MaterialPlan, Shipment } from '../../src/planning/material/plan.js'
import type { Plan } from '../../src/planning/plan.js'
import { planFor } from '../../src/planning/run.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { ITEMS } from '../../src/supplies/store.js'
import { shipped } from './load.js'

/** Who is to come to which pool. */
export interface Wanted {
  readonly patient: string
  readonly pool: string
}

/** A lawful plan in which nobody moves. */
export const emptyPlan = async (): Promise<Plan> =>
  (await planFor(shipped('nothing-to-do'), { engine: 'highs', milliseconds: 20_000, secondOpinion: false })).plan

/** The same plan, of the day of a scenario and with these moves: computed by nobody, as a draft that is approved is judged anew. */
export function draftedPlan(empty: Plan, scenario: Scenario, wanted: readonly Wanted[]): Plan {
  const moves = wanted.flatMap((one) => oneTrip(scenario, { riders: [one], vehicle: null, leaves: 0 }).moves)
  return { ...empty, planDay: scenario.planDay, status: 'planned', moves, trips: [] }
}

/** So much of a lot, by the row that the plan takes it from. */
interface Going {
  readonly row: string
  readonly item: string
  readonly units: number
}

/** What leaves one place for another, there on the same day. */
export const shipmentOf = (id: string, { from, to, day, lines }: { readonly from: string; readonly to: string; readonly day: string; readonly lines: readonly Going[] }): Shipment => ({
  id, from, to, unit: null, leavesOn: day, arrivesOn: day, litres: null,
  lines: lines.map(({ row, item, units }) => ({ table: 'lots', row, item, units, packings: [], singles: units, substituteFor: null })),
})

const NOTHING: Omit<MaterialPlan, 'days' | 'shipments'> = {
  basis: { zh: '试验', en: 'a test' }, lotsOfUse: [], levels: [], needs: [], allocations: [], ownSubstitutes: [], standing: [], unmet: [], waysOut: [], kits: [], cover: [],
  surplus: [], withheld: [], substitutions: [], unexplained: [], fairness: [], callList: [], violations: [],
}

/** The same plan with material that goes: what is approved of it is measured on the stock of then. */
export const withShipments = (plan: Plan, shipments: readonly Shipment[]): Plan =>
  ({ ...plan, material: { ...NOTHING, days: [plan.planDay], shipments: [...shipments] } })

/** What a plan that is made by hand knows of the store, where approval looks at it again. */
export const knownOf = (db: Database, now: Date): Promise<Pick<Scenario, 'items' | 'consignments'>> => db.inSnapshot(async (tx) =>
  ({ items: await allRecords(tx, ITEMS, null), consignments: (await underWayAt(tx, null, now)).consignments }))
