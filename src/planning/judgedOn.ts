import { hoursWaited } from '../cases/cases.js'
import { byCodeUnits, canonicalJson } from '../kernel/canonical.js'
import { counted, joinTexts, type Text, text } from '../kernel/text.js'
import type { JudgedOtherwise } from './comparison.js'
import { rowOf, TABLE_TITLES } from './faults/faultList.js'
import { fieldTitle } from './fieldTitles.js'
import type { Policy, PolicyField } from './policy.js'
import { MATERIAL_TABLES, type Scenario, type TableName, TABLES } from './scenario.js'
import { World } from './world.js'

const FIRST = 5

/** What says where a row comes from, or how it is called. */
const WORDS_ONLY = ['source', 'assumed', 'asOf', 'name']
/** What no rule and no level reads: it is shown, or said in the call list or in what is to be prepared. */
const NOT_JUDGED: Partial<Record<TableName, readonly string[]>> = {
  units: ['gbt2260', 'aliases'], blocks: ['leadDays'], cases: ['sex', 'ageBand'],
}
/** Hand decisions are what one compares; new cases and what places ask for change no level. */
const NO_BASIS: ReadonlySet<TableName> = new Set(['edits', 'intake', 'requests'])
/** What is looked for beside the levels; wishes that are ranked otherwise are told level by level. */
const NO_RULE: ReadonlySet<PolicyField> = new Set(['wishes', 'waysOut', 'figureHoursMax', 'warningLinePerMille', 'intakeDays'])

/**
 * In what two plans are judged otherwise: levels of which are values of something else, be they called the same. Each side as its
 * scenario and the policy in force there. Decisions by hand, demands and the lot are none of it: those are what plans differ by.
 */
export function judgedOtherwise(here: Basis, there: Basis): JudgedOtherwise[] {
  return [
    ...timeOtherwise(here, there),
    ...policyOtherwise(here.policy, there.policy),
    ...(here.scenario.fleet === there.scenario.fleet ? [] : [entry('fleet', 1, ['fleet'], [])]),
    ...TABLES.filter((table) => !NO_BASIS.has(table)).flatMap((table) => rowsOtherwise(table, here.scenario, there.scenario)),
  ]
}

export interface Basis {
  readonly scenario: Scenario
  readonly policy: Policy
}

const isOfMaterial = (of: JudgedOtherwise['of']): boolean => MATERIAL_TABLES.some((table) => table === of)

const entry = (of: JudgedOtherwise['of'], rows: number, fields: readonly string[], first: readonly string[]): JudgedOtherwise =>
  ({ of, for: isOfMaterial(of) ? 'material' : 'transfers', rows, fields: [...fields], first: first.slice(0, FIRST) })

/** Another day; or another moment of it, where vehicles leave later by that, or waits are counted to another hour. */
function timeOtherwise({ scenario: here }: Basis, { scenario: there }: Basis): JudgedOtherwise[] {
  if (here.planDay !== there.planDay) return [entry('time', 1, ['planDay'], [])]
  if (here.asOf === there.asOf) return []
  const isLater = new World(here).firstDeparture !== new World(there).firstDeparture
  const counts = Object.values(here.cases).some((person) => hoursWaited(person, here.asOf) !== hoursWaited(person, there.asOf))
  return isLater || counts ? [entry('time', 1, ['asOf'], [])] : []
}

function policyOtherwise(here: Policy, there: Policy): JudgedOtherwise[] {
  const judged = ({ timetable: { rounds: _rounds, ...timetable }, material: _material, ...policy }: Policy) => ({ ...policy, timetable })
  const [mine, theirs] = [judged(here), judged(there)]
  const fields = (Object.keys(mine) as (keyof typeof mine)[]).filter((field) => !NO_RULE.has(field) && canonicalJson(mine[field]) !== canonicalJson(theirs[field]))
  // Bands and tiers are told where material is compared, wishes level by level.
  const goods = ({ material: { bands: _bands, tiers: _tiers, wishes: _wishes, waysOut: _ways, ...rest } }: Policy) => canonicalJson(rest)
  return [
    ...(fields.length === 0 ? [] : [entry('policy', fields.length, fields, [])]),
    ...(goods(here) === goods(there) ? [] : [{ ...entry('policy', 1, ['material'], []), for: 'material' as const }]),
  ]
}

function rowsOtherwise(table: TableName, { [table]: here }: Scenario, { [table]: there }: Scenario): JudgedOtherwise[] {
  const skipped = new Set([...WORDS_ONLY, ...NOT_JUDGED[table] ?? []])
  const fields = new Set<string>()
  const ids = [...new Set([...Object.keys(here), ...Object.keys(there)])].sort(byCodeUnits).filter((id) => {
    const differing = fieldsOtherwise(rowOf<object>(here, id), rowOf<object>(there, id), skipped)
    for (const field of differing) fields.add(field)
    return differing.length > 0
  })
  return ids.length === 0 ? [] : [entry(table, ids.length, [...fields].sort(byCodeUnits), ids)]
}

function fieldsOtherwise(here: object | undefined, there: object | undefined, skipped: ReadonlySet<string>): string[] {
  if (here === undefined || there === undefined) return ['*']
  const theirs = new Map<string, unknown>(Object.entries(there))
  return Object.entries(here).filter(([field, value]) => !skipped.has(field) && canonicalJson(value) !== canonicalJson(theirs.get(field) ?? null)).map(([field]) => field)
}

const OTHER_TITLES = { policy: text('政策', 'policy'), fleet: text('车队', 'fleet'), time: text('时间', 'time') }

/** Why neither of two plans is called better: in what they are judged otherwise, the first rows by name. */
export function judgedText(differing: readonly JudgedOtherwise[], patients: { readonly here: number; readonly there: number }): Text {
  const others = patients.here + patients.there === 0 ? [] : [text(
    `病例不同，只在此方案 ${patients.here} 人，只在另一方案 ${patients.there} 人，见 patients`,
    `other patients, ${patients.here} only here, ${patients.there} only there: see patients`)]
  const { zh, en } = joinTexts([...others, ...differing.map(saidOf)], text('；', '; '))
  return text(
    `两份方案据以评判的情况不同（${zh}），各级数值说的不是同一回事，不评优劣；要比，请以同一 asOf、同一政策各求一份`,
    `the two plans are not judged on the same (${en}): their levels are not of the same things, so neither is called better; to compare, ask for both as of one moment (asOf) and under one policy`)
}

function saidOf({ of, rows, fields, first }: JudgedOtherwise): Text {
  if (of === 'policy' || of === 'fleet' || of === 'time') {
    const { zh, en } = OTHER_TITLES[of]
    return text(`${zh}（${fields.join('、')}）`, `${en} (${fields.join(', ')})`)
  }
  const { zh, en } = TABLE_TITLES[of]
  const more = rows > first.length
  const [fieldsZh, fieldsEn] = [fields.map((field) => fieldTitle(field, 'zh', of)).join('、'), fields.map((field) => fieldTitle(field, 'en', of)).join(', ')]
  return text(
    `${zh} ${rows} 条（${first.join('、')}${more ? ' 等' : ''}：${fieldsZh}）`,
    `${en}, ${counted(rows, 'rows')} (${first.join(', ')}${more ? ' and more' : ''}: ${fieldsEn})`)
}
