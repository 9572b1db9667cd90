#!/usr/bin/env node
import { logged } from './app/log.js'
import { checkCommand } from './cli/checkCommand.js'
import { COMMANDS, overview } from './cli/help.js'
import { planCommand } from './cli/planCommand.js'
import { schemaCommand } from './cli/schemaCommand.js'
import { complain, type ExitCode, processScreen, type Screen } from './cli/screen.js'
import { storeCommand } from './cli/storeCommand.js'
import { verifyCommand } from './cli/verifyCommand.js'
import { type Text, text } from './kernel/text.js'
import { planFor } from './planning/run.js'
import { SolverFault } from './planning/solve/engine.js'
import { closeSolvers } from './planning/solve/thread.js'

const screen = processScreen(process.env)
try {
  // Never process.exit: what is on its way through a pipe would be cut off.
  process.exitCode = await dispatch(process.argv.slice(2), screen)
} catch (error) {
  for (const line of failureLines(error, process.argv[2])) complain(screen, line, null)
  process.exitCode = 1
} finally {
  await closeSolvers()
}

async function dispatch([command, ...words]: readonly string[], to: Screen): Promise<ExitCode> {
  switch (command) {
    case 'plan':
      return planCommand(words, to, planFor)
    case 'verify':
      return verifyCommand(words, to, planFor)
    case 'check':
      return checkCommand(words, to)
    case 'schema':
      return schemaCommand(words, to)
    case 'integrity':
    case 'export':
    case 'import':
      return storeCommand(command, words, { screen: to, env: process.env })
    case 'help':
    case '--help':
    case '-h':
      to.out(`${overview('zh')}\n${overview('en')}`)
      return 0
    default:
      complain(to, noSuchCommand(command), null)
      return 2
  }
}

function noSuchCommand(command: string | undefined): Text {
  const known = Object.keys(COMMANDS)
  const got =
    command === undefined
      ? text('没有写命令', 'No command was given')
      : text(`没有命令 “${command}”`, `There is no command "${command}"`)
  return text(
    `${got.zh}。可用：${known.join('、')}；--help 有说明。`,
    `${got.en}. Commands: ${known.join(', ')}; --help explains them.`,
  )
}

const OF_THE_STORE = ['integrity', 'export', 'import']

/** A solver's failure is a sentence; any other is a bug, and whoever mends it needs to know where, not what was read. */
function failureLines(error: unknown, command: string | undefined): Text[] {
  if (error instanceof SolverFault) return [error.text]
  const said = OF_THE_STORE.includes(command ?? '')
    ? text('程序出错；没有完成。', 'The program failed; it was not carried out.')
    : text('程序出错，没有方案。', 'The program failed; there is no plan.')
  const { name, message, sqlState, at } = logged(error)
  return [said, ...[[name, sqlState, message].filter((part) => part != null).join(' '), ...at].map((line) => text(line, line))]
}
