import { closest } from '../kernel/nearest.js'
import { text } from '../kernel/text.js'

import { isPlain } from '../planning/faults/schemaFaults.js'
import { UNREADABLE } from '../planning/scenarioFaults.js'
import { readJson } from './jsonText.js'
import { isPersonal, LETTERS_MAX, NO_PERSONAL_DATA, TOO_LONG } from './personalData.js'
import { ProblemList } from './problem.js'
import type { FileRead, ScenarioFiles } from './textFile.js'

export const POLICY_FILE = 'policy.json'
const MEGABYTES_MAX = 1
const DEPTH_MAX = 20

/** What policy.json may say, and what holds where it is silent; undefined: it has to be said. */
export const SETTING_DEFAULTS = {
  asOf: undefined,
  planDay: undefined,
  lotSeed: undefined,
  fleet: 'listed',
  require: [],
  policy: {},
} as const
const SETTINGS = Object.keys(SETTING_DEFAULTS)
const UNREADABLE_SETTINGS = Object.fromEntries(SETTINGS.map((setting) => [setting, UNREADABLE]))

/** The mark of what a drill wrote. */
const DRILL_KEY = 'drill'

export interface ReadSettings {
  readonly values: Readonly<Record<string, unknown>>
  /** It bears the stamp of a drill. */
  readonly isStamped: boolean
  readonly problems: ProblemList
}

export function readPolicyFile(files: ScenarioFiles): ReadSettings {
  const problems = new ProblemList(POLICY_FILE)
  const value = readValue(files.read(POLICY_FILE, MEGABYTES_MAX), problems)
  if (value === UNREADABLE) return { values: UNREADABLE_SETTINGS, isStamped: false, problems }
  if (!isPlain(value)) {
    problems.add({ got: value }, text('应为一个对象 {…}', 'must be one object {…}'))
    return { values: UNREADABLE_SETTINGS, isStamped: false, problems }
  }
  reportPersonal(value, '', problems)
  for (const key of Object.keys(value)) {
    if (SETTINGS.includes(key) || key === DRILL_KEY) continue
    const near = closest(key, SETTINGS)
    problems.add({ column: key, got: value[key] }, text(
      `没有此项；可用：${SETTINGS.join('、')}${near.zh}`,
      `there is no such setting; the settings are ${SETTINGS.join(', ')}${near.en}`,
    ))
  }
  const known = Object.entries(value).filter(([key]) => SETTINGS.includes(key))
  return { values: { ...SETTING_DEFAULTS, ...Object.fromEntries(known) }, isStamped: Object.hasOwn(value, DRILL_KEY), problems }
}

function readValue(read: FileRead, problems: ProblemList): unknown {
  if (read.is === 'missing') {
    problems.add({}, text(
      '缺少此文件；应为 {"asOf": …, "planDay": …, "lotSeed": …}',
      'this file is missing; it must hold {"asOf": …, "planDay": …, "lotSeed": …}',
    ))
    return UNREADABLE
  }
  if (read.is === 'refused') {
    problems.add({ got: read.got }, read.want)
    return UNREADABLE
  }
  const json = readJson(read.text, DEPTH_MAX)
  if ('value' in json) return json.value
  problems.add({ row: json.mistake.line, got: json.mistake.got }, json.mistake.want)
  return UNREADABLE
}

function reportPersonal(value: unknown, at: string, problems: ProblemList): void {
  if (typeof value === 'string' && value.length > LETTERS_MAX) problems.add({ column: at, got: value }, TOO_LONG)
  else if (typeof value === 'string' && isPersonal(value)) problems.add({ column: at, got: value }, NO_PERSONAL_DATA)
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const path = at === '' ? key : `${at}.${key}`
    if (isPersonal(key)) problems.add({ column: at === '' ? null : at, got: key }, NO_PERSONAL_DATA)
    else reportPersonal(inner, path, problems)
  }
}
