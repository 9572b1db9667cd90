import { checkEdits } from './faults/edits.js'
import { checkBlocks, checkPools, checkTravel, checkUnits, checkVehicles } from './faults/facilities.js'
import { type Check, type Fault, FaultList, type Report, type Sound, type Where } from './faults/faultList.js'
import {
  checkCaseIds,
  checkCompanions,
  checkOccupied,
  checkOrders,
  checkSeverities,
  checkWhereTheyLie,
} from './faults/people.js'
import { checkKitParts, checkNorms, checkPackings, checkSubstitutes } from './faults/items.js'
import { checkEveryReference, checkOneMeaning, checkReferences } from './faults/references.js'
import { reportIssues, soundPart } from './faults/schemaFaults.js'
import { checkNotEmpty, checkPlanDay, checkPolicy } from './faults/settings.js'
import { checkOfReceivers, checkReceivers, checkStock, checkStockTimes } from './faults/stock.js'
import { checkFitness, checkIntakeDays, checkNothingIsLater, checkOrderTimes } from './faults/times.js'
import { sortedByKey } from '../kernel/canonical.js'
import { shown } from '../kernel/shown.js'
import { editionNear, editionOn } from './policy.js'
import { type Scenario, scenarioSchema, type TableName, TABLES } from './scenario.js'

export type { Fault } from './faults/faultList.js'
export { UNREADABLE } from './faults/schemaFaults.js'

const OF_ROWS: readonly Check[] = [
  checkOneMeaning, checkUnits, checkBlocks, checkPools, checkVehicles, checkTravel, checkCaseIds, checkWhereTheyLie,
  checkOccupied, checkCompanions, checkOrders, checkNothingIsLater, checkFitness, checkIntakeDays, checkOrderTimes,
  checkEdits,
  checkPackings, checkSubstitutes, checkKitParts, checkNorms, checkReceivers, checkOfReceivers, checkStock,
]
const CHECKS: readonly Check[] = [checkNotEmpty, checkReferences, ...OF_ROWS]
/** Asked of what somebody has written down for this plan, and not of a store, where time alone would make its rows wrong. */
const AT_THE_DOOR: readonly Check[] = [checkStockTimes]

/**
 * A scenario, or every mistake in it: of form, and between rows that are each right in form. What holds UNREADABLE
 * has been reported by whoever put it there; it makes no fault of its own, and nothing that refers to it does.
 * Rows stand in code-unit order of their ids: neither a file's order nor a database's changes a byte of the plan.
 * `anyDay`: nothing is to be planned with it that turns on the edition in force, and so its day needs none.
 */
export function validateScenario(value: unknown, { atTheDoor = false, anyDay = false } = {}): { ok: true; scenario: Scenario } | { ok: false; faults: Fault[] } {
  const parsed = scenarioSchema.safeParse(value)
  const issues = parsed.error?.issues ?? []
  const faults = new FaultList()
  reportIssues(value, issues, faults.report)
  const sound = soundPart(value, issues)
  const policy = checkPolicy(sound, faults.report, anyDay ? editionNear : editionOn)
  for (const check of [...(anyDay ? [] : [checkPlanDay]), ...CHECKS, ...(atTheDoor ? AT_THE_DOOR : [])]) check(sound, faults.report)
  if (policy !== null && !anyDay) checkSeverities(sound, policy, faults.report)
  const found = faults.all()
  return parsed.success && found.length === 0 ? { ok: true, scenario: inOrder(parsed.data) } : { ok: false, faults: found }
}

/** Where rows that stand contradict each other: by `key` it is the same place tomorrow, whatever the words then name. */
export interface Contradiction {
  readonly key: string
  readonly table: Fault['table']
  /** Made when it is shown: to say what would be right may cost a search. */
  readonly fault: () => Fault
}

/**
 * Every contradiction between rows of which each went through its schema when it was written; none is left out. That
 * nothing can be planned on a day for which there is no edition is no contradiction of the rows.
 */
export function contradictionsIn(picture: Scenario): Contradiction[] {
  const found: Contradiction[] = []
  const reportOf = (rule: string): Report => ({ table, id = null, field = null, got }: Where, want) => {
    const fault = () => ({ table, id, field, got: shown(got), want: typeof want === 'function' ? want() : want })
    found.push({ key: JSON.stringify([rule, table, id, field]), table, fault })
  }
  // A store that keeps nothing of a table has nothing in it that could contradict.
  const tables = { ...(Object.fromEntries(TABLES.map((table) => [table, {}])) as Pick<Scenario, TableName>), ...picture }
  const sound: Sound = {
    ...tables, has: (table, id) => Object.hasOwn(tables[table], id), ids: (table) => Object.keys(tables[table]),
  }
  for (const check of [checkEveryReference, ...OF_ROWS]) check(sound, reportOf(check.name))
  const policy = checkPolicy(sound, reportOf(checkPolicy.name))
  if (policy !== null) checkSeverities(sound, policy, reportOf(checkSeverities.name))
  return found
}

const inOrder = (scenario: Scenario): Scenario =>
  ({ ...scenario, ...Object.fromEntries(TABLES.map((table) => [table, sortedByKey<unknown>(scenario[table])])) })
