import { closest } from '../../kernel/nearest.js'
import { shown } from '../../kernel/shown.js'
import { text } from '../../kernel/text.js'
import { daySchema, instantSchema } from '../../kernel/time.js'
import { fieldsOf, type Scenario, scenarioSchema, type TableName, TABLES } from '../scenario.js'
import { type Report, type Sound } from './faultList.js'
import { type Issue, wantOf } from './issueText.js'

/**
 * Stands in a scenario for what somebody has already reported as unreadable: a cell, a row or a table. No second fault
 * is made of it. Under the id '' it says that the table has rows whose ids are not known.
 */
export const UNREADABLE: unique symbol = Symbol('unreadable')

export type Plain = Readonly<Record<string, unknown>>
export const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTable = (word: unknown): word is TableName => TABLES.some((table) => table === word)
const tablesSchema = scenarioSchema.omit({
  name: true, story: true, lotSeed: true, fleet: true, policy: true, require: true, asOf: true, planDay: true,
})

/** What stands at a path; undefined where the path leads nowhere. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<PropertyKey, unknown>)[key]
  }
  return found
}

/** Every issue that zod found in a scenario, as faults. */
export function reportIssues(value: unknown, issues: readonly Issue[], report: Report): void {
  for (const [index, issue] of issues.entries()) {
    const got = valueAt(value, issue.path)
    if (got === UNREADABLE || isAfterthought(issue, issues[index - 1])) continue
    if (issue.code === 'unrecognized_keys') reportUnknownKeys(value, issue, report)
    else {
      const isKey = issue.code === 'invalid_key'
      report({ ...placeOf(issue.path), got: isKey ? issue.path.at(-1) : got }, () => wantOf(issue))
    }
  }
  reportSwallowedKeys(value, report)
}

/** zod goes on to ask whether a time that is none lies in range. */
const isAfterthought = (issue: Issue, before: Issue | undefined): boolean =>
  issue.code === 'custom' && before?.path.join('\0') === issue.path.join('\0')

function placeOf(path: readonly PropertyKey[]) {
  const [first, second, ...rest] = path.map(String)
  if (!isTable(first) || second === undefined) {
    return { table: 'scenario' as const, id: null, field: path.length === 0 ? null : path.map(String).join('.') }
  }
  return { table: first, id: second, field: rest.length === 0 ? null : rest.join('.') }
}

function reportUnknownKeys(value: unknown, issue: Extract<Issue, { code: 'unrecognized_keys' }>, report: Report) {
  const known = fieldsAt(issue.path)
  for (const key of issue.keys) {
    const got = valueAt(value, [...issue.path, key])
    report({ ...placeOf([...issue.path, key]), got }, () => {
      const near = closest(key, known)
      return text(
        `没有 ${shown(key)} 这一项；可用：${known.join('、')}${near.zh}`,
        `there is no field ${shown(key)}; the fields are ${known.join(', ')}${near.en}`,
      )
    })
  }
}

function fieldsAt(path: readonly PropertyKey[]): readonly string[] {
  const [table] = path
  if (path.length === 0) return Object.keys(scenarioSchema.shape)
  if (path.length > 2) return ['zh', 'en']
  return isTable(table) ? fieldsOf(table) : []
}

/** zod leaves a row called `__proto__` out without a word. */
function reportSwallowedKeys(value: unknown, report: Report): void {
  for (const table of TABLES) {
    if (valueAt(value, [table, '__proto__']) === undefined) continue
    report({ table, id: '__proto__', got: '__proto__' }, text('此编号不可用，请另取', 'choose another id'))
  }
}

/** The rows and settings that are right by themselves, so that one wrong cell does not hide the cross checks. */
export function soundPart(value: unknown, issues: readonly Issue[]): Sound {
  const raw = (table: TableName): Plain | null => {
    const rows = valueAt(value, [table])
    return isPlain(rows) ? rows : null
  }
  const policy = valueAt(value, ['policy'])
  return {
    ...soundTables(raw, issues),
    asOf: instantSchema.safeParse(valueAt(value, ['asOf'])).data ?? null,
    planDay: daySchema.safeParse(valueAt(value, ['planDay'])).data ?? null,
    policy: isPlain(policy) ? policy : null,
    has: (table, id) => {
      const rows = raw(table)
      return rows === null || Object.hasOwn(rows, id) || rows[''] === UNREADABLE
    },
    ids: (table) => Object.keys(raw(table) ?? {}),
  }
}

function soundTables(
  raw: (table: TableName) => Plain | null,
  issues: readonly Issue[],
): Pick<Scenario, TableName> {
  const wrong = new Map<TableName, Set<string>>(TABLES.map((table) => [table, new Set<string>()]))
  for (const { path: [table, id] } of issues) {
    if (isTable(table) && id !== undefined) wrong.get(table)?.add(String(id))
  }
  const soundRows = (table: TableName) =>
    Object.entries(raw(table) ?? {}).filter(([id]) => wrong.get(table)?.has(id) !== true)
  return tablesSchema.parse(Object.fromEntries(TABLES.map((table) => [table, Object.fromEntries(soundRows(table))])))
}
