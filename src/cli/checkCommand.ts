import { sha256 } from '../kernel/canonical.js'
import { counted, type Text, text } from '../kernel/text.js'
import { check } from '../planning/check.js'
import { type Plan, planSchema } from '../planning/plan.js'
import { type Scenario, scenarioBytes } from '../planning/scenario.js'
import { COMMANDS, helpText } from './help.js'
import { readJsonFile } from './jsonFile.js'
import { type Read, readOptions, wrong } from './options.js'
import { readLanguage } from './planOptions.js'
import { visible } from '../kernel/safeText.js'
import { readFolder } from './scenarioInput.js'
import { complain, type ExitCode, type Screen } from './screen.js'
import { STATUSES } from '../interop/print/words.js'

const FAULTS_SHOWN = 20

/** `check`: the rules as plain arithmetic, over a plan that anybody may have written. */
export function checkCommand(words: readonly string[], screen: Screen): ExitCode {
  const read = readOptions(words, COMMANDS.check.options, 2)
  const language = read.ok ? readLanguage(read.value) : read
  if (!read.ok || !language.ok) return refuse(screen, language)
  if (read.value.has('help')) {
    screen.out(helpText('check', language.value))
    return 0
  }
  const [folder, file] = read.value.places
  if (folder === undefined || file === undefined) {
    return refuse(
      screen,
      wrong(
        'check 后面要写情景目录和方案 JSON 文件。',
        'check must be followed by a scenario folder and a plan file (JSON).',
      ),
    )
  }
  const input = readFolder(folder)
  if (!input.ok) {
    for (const sentence of input.sentences) complain(screen, sentence, language.value)
    return 2
  }
  const plan = readPlanFile(file)
  if (!plan.ok) return refuse(screen, plan)
  const say = (said: Text) => screen.out(`${visible(said[language.value])}\n`)
  const { scenario } = input
  const other = otherScenario(scenario, plan.value)
  if (other !== null) say(other)
  const found = check(scenario, plan.value)
  // Of another city everything is unknown, which says no more than that it is another city.
  const violations = other !== null && found.every(({ rule }) => rule === 'known') ? [] : found
  for (const one of violations) screen.out(`${visible(`${one.rule}@${one.subject}: ${one.text[language.value]}`)}\n`)
  if (other !== null && violations.length === 0) return 3
  say(text(`${violations.length} 处违反`, counted(violations.length, 'violations')))
  if (violations.length > 0 || other !== null) return 3
  const exit = EXITS[plan.value.status]
  if (exit !== 0) say(text(`方案自己写明：${STATUSES[plan.value.status].zh}；不可照此执行`, `the plan says of itself: ${STATUSES[plan.value.status].en}; it is not to be carried out as it stands`))
  return exit
}

/** What no violation shows: the arithmetic of an impossible plan may be right. */
const EXITS = { planned: 0, nothingToDo: 0, impossible: 3, outOfTime: 4 } as const satisfies Record<Plan['status'], ExitCode>

/** A plan of other figures, by its hash, is told from a wrong plan of these. */
function otherScenario(scenario: Scenario, plan: Plan): Text | null {
  const hash = sha256(scenarioBytes(scenario))
  if (plan.snapshotHash === hash) return null
  const [theirs, ours] = [`${plan.scenario} ${plan.snapshotHash.slice(0, 12)}`, `${scenario.name} ${hash.slice(0, 12)}`]
  return text(
    `这份方案是按另一情景（或另一时刻的数据）算的：方案 ${theirs}，目录 ${ours}`,
    `this plan was made from another scenario, or from other figures of it: the plan ${theirs}, the folder ${ours}`)
}

function refuse(screen: Screen, read: Read<unknown>): ExitCode {
  if (!read.ok) complain(screen, read.sentence, null)
  return 2
}

function readPlanFile(file: string): Read<Plan> {
  const json = readJsonFile(file)
  if (!json.ok) return json
  const parsed = planSchema.safeParse(json.value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const faults = parsed.error.issues
    .slice(0, FAULTS_SHOWN)
    .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    .join('; ')
  return wrong(
    `${file}：不是一份方案（见 schema plan）：${faults}`,
    `${file}: is not a plan (see schema plan): ${faults}`,
  )
}
