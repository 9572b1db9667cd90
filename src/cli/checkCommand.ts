import { counted, text } from '../kernel/text.js'
import { check } from '../planning/check.js'
import { type Plan, planSchema } from '../planning/plan.js'
import { COMMANDS, helpText } from './help.js'
import { readJsonFile } from './jsonFile.js'
import { type Read, readOptions, wrong } from './options.js'
import { readLanguage } from './planOptions.js'
import { visible } from '../kernel/safeText.js'
import { readFolder } from './scenarioInput.js'
import { complain, type ExitCode, type Screen } from './screen.js'

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
  const violations = check(input.scenario, plan.value)
  for (const one of violations) screen.out(`${visible(`${one.rule}@${one.subject}: ${one.text[language.value]}`)}\n`)
  screen.out(`${text(`${violations.length} 处违反`, counted(violations.length, 'violations'))[language.value]}\n`)
  return violations.length === 0 ? 0 : 3
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
