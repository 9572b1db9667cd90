import { z } from 'zod'
import { SEVERITIES } from '../../cases/cases.js'
import { closest } from '../../kernel/nearest.js'
import { text } from '../../kernel/text.js'
import { type Day, dayAfter, type Instant, instantAt, isBefore } from '../../kernel/time.js'
import { keysOf } from '../../kernel/vocabulary.js'
import {
  editionOn,
  EDITIONS,
  type Policy,
  POLICY_FIELDS,
  type PolicyEdition,
  policySchema,
  policyWith,
} from '../policy.js'
import { type Check, type Fault, FaultList, NEVER_EMPTY, type Report, type Sound, TABLE_TITLES } from './faultList.js'
import { type Issue, wantOf } from './issueText.js'
import { isPlain, type Plain, valueAt } from './schemaFaults.js'

const DAYS_BEFORE_MAX = 1
const DAYS_AFTER_MAX = 14
export const POLICY_DEPTH_MAX = 20

export const checkNotEmpty: Check = (sound, report) => {
  for (const table of NEVER_EMPTY) {
    // A table that cannot be read has every id, and so is not called empty.
    if (sound.ids(table).length > 0 || sound.has(table, '')) continue
    const { zh, en } = TABLE_TITLES[table]
    report({ table: 'scenario', field: table }, text(`空情景：${zh}至少要有一行`, `empty scenario: at least one row of ${en}`))
  }
}

/** What no figures mend in a request for a plan: a day without an edition or too far from its figures, or a policy that the day's edition does not take. */
export function askFaults({ asOf, planDay, policy }: { asOf: Instant; planDay: Day; policy: Plain }): Fault[] {
  const faults = new FaultList()
  checkPlanDay({ asOf, planDay }, faults.report)
  checkPolicy({ planDay, policy }, faults.report)
  return faults.all()
}

/** Whether a fault is of the day that is planned, and so of no row. */
export const isOfPlanDay = ({ table, field }: Fault): boolean => table === 'scenario' && field === 'planDay'

function reportNoEdition(planDay: Day, report: Report): void {
  const range = ({ edition, effectiveFrom: from, effectiveUntil: until }: PolicyEdition) =>
    until === null ? { edition, from, last: '…' } : { edition, from, last: dayAfter(until, -1) }
  const ranges = EDITIONS.map(range)
  const zh = ranges.map((r) => `${r.edition}（${r.from} 至 ${r.last}）`).join('、')
  const en = ranges.map((r) => `${r.edition} (${r.from} to ${r.last})`).join(', ')
  report({ table: 'scenario', field: 'planDay', got: planDay }, text(
    `${planDay} 没有有效的政策版本；现有：${zh}；请用 planDay 指定其中一天，数据截止时刻 asOf 也须相应`,
    `no policy edition is in force on ${planDay}; there are ${en}; name a day of these by planDay, and by asOf a moment whose figures are near it`,
  ))
}

/** The plan is for yesterday at the earliest, and for days that its figures can still speak for. */
export function checkPlanDay({ asOf, planDay }: Pick<Sound, 'asOf' | 'planDay'>, report: Report): void {
  if (planDay === null) return
  if (editionOn(planDay) === null) reportNoEdition(planDay, report)
  if (asOf === null || isInReach(asOf, planDay)) return
  report({ table: 'scenario', field: 'planDay', got: planDay }, text(
    `planDay（${planDay}）应在数据截止日 asOf（${asOf}）前 ${DAYS_BEFORE_MAX} 天至后 ${DAYS_AFTER_MAX} 天之间`,
    `planDay, ${planDay}, must lie between ${DAYS_BEFORE_MAX} day before and ${DAYS_AFTER_MAX} days after the day of asOf, ${asOf}`,
  ))
}

const isInReach = (asOf: Instant, planDay: Day): boolean =>
  isBefore(asOf, instantAt(dayAfter(planDay, DAYS_BEFORE_MAX + 1), 0)) && !isBefore(asOf, instantAt(dayAfter(planDay, -DAYS_AFTER_MAX), 0))

/** The plan's day where it can be planned on; null while it is wrong itself, so that nothing is measured by it. */
export const soundPlanDay = ({ asOf, planDay }: Pick<Sound, 'asOf' | 'planDay'>): Day | null =>
  planDay !== null && asOf !== null && isInReach(asOf, planDay) && editionOn(planDay) !== null ? planDay : null

/** Reports what is wrong in the scenario's own settings; the policy with the right ones, or null without an edition. */
export function checkPolicy(sound: Pick<Sound, 'planDay' | 'policy'>, report: Report, editionFor = editionOn): Policy | null {
  const overrides = sound.policy
  if (overrides === null) return null
  if (isDeeperThan(overrides, POLICY_DEPTH_MAX)) {
    report({ table: 'policy', got: overrides }, text(
      `最多 ${POLICY_DEPTH_MAX} 层`,
      `must not be nested more than ${POLICY_DEPTH_MAX} deep`,
    ))
    return null
  }
  const unknown = Object.keys(overrides).filter((field) => !POLICY_FIELDS.some((known) => known === field))
  for (const field of unknown) {
    report({ table: 'policy', field, got: overrides[field] }, noSuchField(field, POLICY_FIELDS))
  }
  const edition = sound.planDay === null ? null : editionFor(sound.planDay)
  return edition === null ? null : mergedPolicy({ edition, overrides, leftOut: unknown }, report)
}

/** Lays the overrides over the edition; a field that does not fit is reported and left out. */
function mergedPolicy({ edition, ...given }: { edition: PolicyEdition; overrides: Plain; leftOut: readonly string[] }, report: Report) {
  const without = (fields: readonly string[]) =>
    Object.fromEntries(Object.entries(given.overrides).filter(([field]) => !fields.includes(field)))
  try {
    return policyWith(edition, without(given.leftOut))
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    for (const issue of error.issues) reportPolicyIssue(issue, { edition, overrides: given.overrides }, report)
    const wrong = error.issues.map(({ path }) => String(path[0]))
    // Which severities there are is not known while they are wrong themselves.
    return wrong.includes('severities') ? null : policyWith(edition, without([...given.leftOut, ...wrong]))
  }
}

function reportPolicyIssue(issue: Issue, from: { edition: PolicyEdition; overrides: Plain }, report: Report): void {
  if (issue.code !== 'unrecognized_keys') {
    const got = issue.code === 'invalid_key' ? issue.path.at(-1) : valueAt(from.overrides, issue.path)
    report({ table: 'policy', field: issue.path.map(String).join('.'), got }, wantOf(issue))
    return
  }
  const known = fieldsAt(issue.path, from.edition)
  for (const key of issue.keys) {
    const path = [...issue.path, key]
    const where = { table: 'policy' as const, field: path.map(String).join('.'), got: valueAt(from.overrides, path) }
    report(where, noSuchField(key, known))
  }
}

/** What may stand there: any severity in a table by severity, elsewhere the fields that the edition has. */
function fieldsAt(path: readonly PropertyKey[], { policy }: PolicyEdition): readonly string[] {
  const [field] = path
  const named = POLICY_FIELDS.find((known) => known === field)
  const isBySeverity = named !== undefined && policySchema.shape[named] instanceof z.ZodRecord
  const parent = valueAt(policy, path)
  if (isBySeverity && path.length === 1) return keysOf(SEVERITIES)
  return isPlain(parent) ? Object.keys(parent) : []
}

function noSuchField(field: string, known: readonly string[]) {
  const near = closest(field, known)
  return text(
    `没有此项；可用：${known.join('、')}${near.zh}`,
    `there is no such field; the fields are ${known.join(', ')}${near.en}`,
  )
}

/** Whether something is nested deeper than `depth`. Level by level, since depth is what would end a recursion. */
export function isDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value]
  for (let passed = 0; passed <= depth; passed += 1) {
    level = level.flatMap((inner) => (typeof inner === 'object' && inner !== null ? Object.values(inner) : []))
    if (level.length === 0) return false
  }
  return true
}
