import { stamped } from '../kernel/drill.js'
import { invariant } from '../kernel/invariant.js'
import { closest } from '../kernel/nearest.js'
import { text } from '../kernel/text.js'

import { NAME_LETTERS_MAX, type Scenario } from '../planning/scenario.js'
import { type Fault, UNREADABLE, validateScenario } from '../planning/scenarioFaults.js'
import type { Names } from './csvCells.js'
import type { TableSpec } from './csvColumns.js'
import { TABLE_MEGABYTES_MAX } from './csvFile.js'
import { type ReadTable, readTable } from './csvRows.js'
import { isRequired, TABLE_SPECS } from './csvTables.js'
import { isPersonal, NO_PERSONAL_DATA } from './personalData.js'
import { POLICY_FILE, readPolicyFile } from './policyFile.js'
import { type Problem, problemOf, ProblemList } from './problem.js'
import { readStory, STORY_FILE } from './storyFile.js'
import type { ScenarioFiles } from './textFile.js'
import { hasAllAliases, namesOf } from './unitNames.js'

export type ScenarioRead =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly problems: Problem[] }

const TABLE_FILES = TABLE_SPECS.map(({ file }) => file)
const FILES_IN_ORDER: readonly string[] = [POLICY_FILE, STORY_FILE, ...TABLE_FILES]

/** The scenario that the files hold, or every mistake in them. */
export function readScenario(files: ScenarioFiles): ScenarioRead {
  const settings = readPolicyFile(files)
  const story = readStory(files)
  const tables = readTables(files, settings.values['fleet'])
  // Whoever renames the folder does not make of it what it is not.
  const isDrill = settings.isStamped || tables.some(({ isStamped }) => isStamped)
  const name = isDrill ? stamped(files.name, isDrill).slice(0, NAME_LETTERS_MAX) : files.name
  const validated = validateScenario({ name, story: story.story, ...settings.values, ...rowsOf(tables) }, { atTheDoor: true })
  const door = [settings.problems, story.problems, ...tables.map(({ problems }) => problems)]
  const faults = validated.ok ? [] : validated.faults
  const problems = [
    ...(isPersonal(name) ? [problemOf({ file: name, got: name }, NO_PERSONAL_DATA)] : []),
    ...unknownFiles(files.list),
    ...door.flatMap((list) => list.all()),
    ...faults.map((fault) => problemAt(fault, { name, tables })),
  ]
  if (validated.ok && problems.length === 0) return { ok: true, scenario: validated.scenario }
  invariant(problems.length > 0, 'a scenario is refused for a reason')
  return { ok: false, problems: problems.sort(byPlace) }
}

/** The tables as a scenario has them. While an alias may be missing, units and cases may have ids that do not show. */
function rowsOf(tables: readonly ReadTable[]): Record<string, unknown> {
  const unsure = hasAllAliases(tables) ? {} : { '': UNREADABLE }
  return Object.fromEntries(tables.map(({ spec: { table }, rows }) => {
    if (rows === UNREADABLE) return [table, rows]
    return [table, { ...Object.fromEntries(rows), ...(table === 'units' || table === 'cases' ? unsure : {}) }]
  }))
}

function unknownFiles(files: readonly string[]): Problem[] {
  return files
    .filter((file) => file.toLowerCase().endsWith('.csv') && !TABLE_FILES.includes(file))
    .map((file) => {
      const near = closest(file, TABLE_FILES)
      return problemOf({ file, got: file }, text(
        `没有此表；可用：${TABLE_FILES.join('、')}${near.zh}`,
        `there is no such table; the tables are ${TABLE_FILES.join(', ')}${near.en}`,
      ))
    })
}

/** Units come first and places second, so that later tables can name units by alias. */
function readTables(files: ScenarioFiles, fleet: unknown): ReadTable[] {
  const tables: ReadTable[] = []
  let names: Names = namesOf(tables)
  for (const spec of TABLE_SPECS) {
    tables.push(readTableFile(files, spec, { names, isRequired: isRequired(spec, fleet) }))
    if (spec.table === 'units' || spec.table === 'places') names = namesOf(tables)
  }
  return tables
}

const NO_ROWS = { rowOf: new Map<string, number>(), cellAt: () => undefined, isStamped: false }

function readTableFile(files: ScenarioFiles, spec: TableSpec, how: { names: Names; isRequired: boolean }): ReadTable {
  const read = files.read(spec.file, TABLE_MEGABYTES_MAX)
  if (read.is === 'text') return readTable(read.text, spec, how.names)
  const problems = new ProblemList(spec.file)
  if (read.is === 'missing' && !how.isRequired) return { ...NO_ROWS, spec, problems, rows: new Map() }
  const columns = spec.columns.map(({ column }) => column).join(',')
  if (read.is === 'refused') problems.add({ got: read.got }, read.want)
  else problems.add({}, text(`缺少此表；列为：${columns}`, `this table is missing; its columns are ${columns}`))
  return { ...NO_ROWS, spec, problems, rows: UNREADABLE }
}

/** In which file and cell a fault of the scenario stands. */
function problemAt(fault: Fault, from: { name: string; tables: readonly ReadTable[] }): Problem {
  const { got, want } = fault
  const table = from.tables.find(({ spec }) => spec.table === fault.table)
  if (table !== undefined) {
    const row = fault.id === null ? null : (table.rowOf.get(fault.id) ?? null)
    const column = columnOf(fault, table)
    // A unit may stand there by alias; what is meant by an id or by one item of a list stands in no cell.
    const isCell = row !== null && column !== null && fault.field !== null && !/\.\d/.test(fault.field)
    const cell = isCell ? table.cellAt(row, column)?.trim() : undefined
    return problemOf({ file: table.spec.file, row, column, got: cell ?? got }, want)
  }
  if (fault.table === 'policy') {
    const column = fault.field === null ? 'policy' : `policy.${fault.field}`
    return problemOf({ file: POLICY_FILE, column, got }, want)
  }
  const empty = from.tables.find(({ spec }) => spec.table === fault.field)
  if (empty !== undefined) return problemOf({ file: empty.spec.file, got }, want)
  if (fault.field === null || fault.field === 'name') return problemOf({ file: from.name, got }, want)
  if (fault.field === 'story') return problemOf({ file: STORY_FILE, got }, want)
  return problemOf({ file: POLICY_FILE, column: fault.field, got }, want)
}

/** The column that a field is read from; the id's last column where there is none. */
function columnOf({ field }: Fault, { spec: { columns, id }, cellAt }: ReadTable): string | null {
  const idColumn = id.columns.at(-1) ?? null
  if (field === null) return idColumn
  const exact = columns.find((spec) => spec.field === field && cellAt(1, spec.column) !== undefined)
  const outer = columns.find((spec) => spec.field !== null && spec.field === field.split('.')[0])
  return (exact ?? outer)?.column ?? idColumn
}

/** In the order in which people look: file by file, row by row; what counts the rest comes last. */
function byPlace(a: Problem, b: Problem): number {
  const last = Number.MAX_SAFE_INTEGER
  return fileRank(a.file) - fileRank(b.file) || (a.row ?? last) - (b.row ?? last)
}

function fileRank(file: string): number {
  const rank = FILES_IN_ORDER.indexOf(file)
  if (rank !== -1) return rank
  return file.toLowerCase().endsWith('.csv') ? -1 : FILES_IN_ORDER.length
}
