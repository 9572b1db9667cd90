import { checkBlocks, checkPools, checkTravel, checkUnits, checkVehicles } from './faults/facilities.js'
import { type Check, type Fault, FaultList } from './faults/faultList.js'
import {
  checkCaseIds,
  checkCompanions,
  checkOccupied,
  checkOrders,
  checkSeverities,
  checkWhereTheyLie,
} from './faults/people.js'
import { checkOneMeaning, checkReferences } from './faults/references.js'
import { reportIssues, soundPart } from './faults/schemaFaults.js'
import { checkNotEmpty, checkPlanDay, checkPolicy } from './faults/settings.js'
import { checkFitness, checkIntakeDays, checkNothingIsLater, checkOrderTimes } from './faults/times.js'
import { sortedByKey } from '../kernel/canonical.js'
import { type Scenario, scenarioSchema, TABLES } from './scenario.js'

export type { Fault } from './faults/faultList.js'
export { UNREADABLE } from './faults/schemaFaults.js'

const CHECKS: readonly Check[] = [
  checkNotEmpty, checkPlanDay, checkReferences, checkOneMeaning, checkUnits, checkBlocks, checkPools, checkVehicles,
  checkTravel, checkCaseIds, checkWhereTheyLie, checkOccupied, checkCompanions, checkOrders, checkNothingIsLater,
  checkFitness, checkIntakeDays, checkOrderTimes,
]

/**
 * A scenario, or every mistake in it: of form, and between rows that are each right in form. What holds UNREADABLE
 * has been reported by whoever put it there; it makes no fault of its own, and nothing that refers to it does.
 * Rows stand in code-unit order of their ids: neither a file's order nor a database's changes a byte of the plan.
 */
export function validateScenario(value: unknown): { ok: true; scenario: Scenario } | { ok: false; faults: Fault[] } {
  const parsed = scenarioSchema.safeParse(value)
  const issues = parsed.error?.issues ?? []
  const faults = new FaultList()
  reportIssues(value, issues, faults.report)
  const sound = soundPart(value, issues)
  const policy = checkPolicy(sound, faults.report)
  for (const check of CHECKS) check(sound, faults.report)
  if (policy !== null) checkSeverities(sound, policy, faults.report)
  const found = faults.all()
  return parsed.success && found.length === 0 ? { ok: true, scenario: inOrder(parsed.data) } : { ok: false, faults: found }
}

const inOrder = (scenario: Scenario): Scenario =>
  ({ ...scenario, ...Object.fromEntries(TABLES.map((table) => [table, sortedByKey<unknown>(scenario[table])])) })
