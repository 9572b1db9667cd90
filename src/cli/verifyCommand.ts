import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { byCodeUnits } from '../kernel/canonical.js'
import { COMMANDS, helpText } from './help.js'
import { readOptions } from './options.js'
import type { PlanFor } from './planCommand.js'
import { visible } from '../kernel/safeText.js'
import { complain, type ExitCode, type Screen } from './screen.js'
import { verifyLine } from './verifyScenario.js'

const SCENARIOS = 'scenarios'

/** `verify`: one scenario, or every one that the project ships, a line each as soon as it is known. */
export async function verifyCommand(words: readonly string[], screen: Screen, planFor: PlanFor): Promise<ExitCode> {
  const read = readOptions(words, COMMANDS.verify.options, 1)
  if (!read.ok) {
    complain(screen, read.sentence, null)
    return 2
  }
  if (read.value.has('help')) {
    screen.out(helpText('verify', 'zh') + helpText('verify', 'en'))
    return 0
  }
  const [folder] = read.value.places
  const folders = folder === undefined ? scenarioFolders(SCENARIOS) : [folder]
  let failed = 0
  for (const one of folders) {
    const { line, ok } = await verifyLine(one, planFor)
    if (!ok) failed += 1
    screen.out(`${visible(line)}\n`)
  }
  if (folder === undefined) screen.out(`${folders.length} scenarios, ${failed} failed\n`)
  // No scenario at all is no success: somebody stands in the wrong folder.
  return failed === 0 && folders.length > 0 ? 0 : 1
}

/** Folders of scenarios, in code-unit order: those that hold a policy.json. */
export function scenarioFolders(home: string): string[] {
  if (!existsSync(home)) return []
  const names = readdirSync(home).filter((name) => existsSync(join(home, name, 'policy.json')))
  return names.sort(byCodeUnits).map((name) => join(home, name))
}
