import { byCodeUnits } from '../kernel/canonical.js'
import { drillMember, isStamped } from '../kernel/drill.js'
import { valueAt } from '../planning/faults/schemaFaults.js'
import type { Plan } from '../planning/plan.js'
import type { Scenario } from '../planning/scenario.js'
import { LIST_SEPARATOR } from './csvCells.js'
import type { ColumnSpec, TableSpec } from './csvColumns.js'
import { csvOf } from './csvOut.js'
import { isRequired, TABLE_SPECS } from './csvTables.js'
import { guarded } from './formulaGuard.js'
import { planTables } from './planCsv.js'
import { POLICY_FILE, SETTING_DEFAULTS } from './policyFile.js'
import { STORY_FILE } from './storyFile.js'
import { zipOf } from './zipOut.js'

type Row = [id: string, row: unknown]

/**
 * The scenario as the files that people fill in, rows in code-unit order of their ids. Reading them gives the same
 * scenario, if it is one that files can hold: no id or word with | in it, no text with blanks around it.
 */
export function scenarioFiles(scenario: Scenario): { file: string; text: string }[] {
  const tables = TABLE_SPECS
    .map((spec) => ({ spec, rows: Object.entries<unknown>(scenario[spec.table]) }))
    .filter(({ spec, rows }) => rows.length > 0 || isRequired(spec, scenario.fleet))
  return [
    { file: POLICY_FILE, text: policyText(scenario) },
    { file: STORY_FILE, text: storyText(scenario) },
    ...tables.map(({ spec, rows }) => ({ file: spec.file, text: tableText(spec, rows, isStamped(scenario.name)) })),
  ]
}

/** The scenario's files in a folder of its name, zipped; equal scenarios are equal bytes. */
export const scenarioZip = (scenario: Scenario): Uint8Array => zipOf(scenario.name, scenarioFiles(scenario))

/** The tables of a plan in a folder of the scenario's name and day, zipped; equal plans are equal bytes. */
export const planZip = (plan: Plan, scenario: Scenario): Uint8Array =>
  zipOf(
    `${scenario.name} ${scenario.planDay}`,
    planTables(plan, scenario).map(({ name, csv }) => ({ file: name, text: csv })),
  )

function policyText(scenario: Scenario): string {
  const settings = Object.keys(SETTING_DEFAULTS).map((setting) => [setting, valueAt(scenario, [setting])])
  return `${JSON.stringify({ ...drillMember(isStamped(scenario.name)), ...Object.fromEntries(settings) }, null, 2)}\n`
}

/** A paragraph for each line; a story that is none is at least called by its name, since a folder must have one. */
function storyText({ name, story }: Scenario): string {
  const [title = '', ...lines] = (story.trim() === '' ? name : story).split('\n')
  // A line that begins with # would lose it as a heading's mark.
  const told = lines.map((line) => (line.startsWith('#') ? `# ${line}` : line))
  return `${[`# ${title}`, ...told].join('\n\n')}\n`
}

function tableText(spec: TableSpec, rows: readonly Row[], isDrill: boolean): string {
  const inOrder = [...rows].sort(([a], [b]) => byCodeUnits(a, b))
  return csvOf(inOrder, spec.columns.map((column) =>
    ({ title: column.column, cell: (row: Row) => guarded(cellOf(row, column, spec)) })), isDrill)
}

function cellOf([id, row]: Row, { field, kind }: ColumnSpec, spec: TableSpec): string {
  if (field === null) return ownPart([id, row], spec)
  const value = valueAt(row, field.split('.'))
  if (value === null || value === undefined) return ''
  if (kind.is === 'yesNo') return value === true ? 'yes' : 'no'
  if (!Array.isArray(value)) return String(value)
  const words = value.map(String)
  const cells = kind.is === 'assumed' ? words.flatMap((word) => columnsOf(word, spec)) : words
  return [...new Set(cells)].join(LIST_SEPARATOR)
}

/** What an id has behind the cells that other columns hold. */
function ownPart([id, row]: Row, { id: key, columns }: TableSpec): string {
  const before = key.columns.slice(0, -1).map((name) => columns.find(({ column }) => column === name)?.field ?? '')
  return id.slice(before.map((field) => `${String(valueAt(row, [field]))}${key.join}`).join('').length)
}

/** The columns that a field is read from. A field that no column has leaves the whole row assumed, not stated. */
function columnsOf(field: string, { columns }: TableSpec): string[] {
  const ofField = columns.filter((spec) => (spec.field === null ? 'id' : spec.field.split('.')[0]) === field)
  return ofField.length === 0 ? ['*'] : ofField.map(({ column }) => column)
}
