import { z } from 'zod'
import { planSchema } from '../planning/plan.js'
import { scenarioSchema } from '../planning/scenario.js'
import { helpText } from './help.js'
import { readOptions } from './options.js'
import { HELP_OPTION } from './planOptions.js'
import { text } from '../kernel/text.js'
import { complain, type ExitCode, type Screen } from './screen.js'

const SCHEMAS = {
  scenario: { title: 'Sijizhong scenario', schema: scenarioSchema },
  plan: { title: 'Sijizhong transfer plan', schema: planSchema },
} as const

/** JSON Schema, draft 2020-12, of what one writes: a field with a default may be left out. */
export function jsonSchemaOf(name: keyof typeof SCHEMAS): Record<string, unknown> {
  const { title, schema } = SCHEMAS[name]
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })
  return { $schema, title, ...rest }
}

export function schemaCommand(words: readonly string[], screen: Screen): ExitCode {
  const read = readOptions(words, { help: HELP_OPTION }, 1)
  if (read.ok && read.value.has('help')) {
    screen.out(helpText('schema', 'zh') + helpText('schema', 'en'))
    return 0
  }
  const name = read.ok ? read.value.places[0] : undefined
  if (name === 'scenario' || name === 'plan') {
    screen.out(`${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`)
    return 0
  }
  const sentence = text(
    `schema 后面要写 scenario 或 plan${name === undefined ? '' : `；得到 “${name}”`}。`,
    `schema must be followed by scenario or plan${name === undefined ? '' : `; got "${name}"`}.`,
  )
  complain(screen, read.ok ? sentence : read.sentence, null)
  return 2
}
