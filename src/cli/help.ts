import type { Language, Text } from '../kernel/text.js'
import { text } from '../kernel/text.js'
import { type Line, blank, heading, paragraph, table } from '../interop/print/layout.js'
import type { OptionSpecs } from './options.js'
import { DEFAULT_SCENARIO, HELP_OPTION, LANGUAGE_OPTION, PLAN_OPTIONS } from './planOptions.js'
import { printed } from './screen.js'

interface CommandHelp {
  readonly usage: string
  readonly says: Text
  readonly options: OptionSpecs
}

/** Every command: how it is written, what it does, which options it takes. */
export const COMMANDS = {
  plan: {
    usage: 'plan [scenario folder]',
    says: text(
      `排转运方案；不写目录即 ${DEFAULT_SCENARIO}`,
      `make a transfer plan, of ${DEFAULT_SCENARIO} unless a folder is named`,
    ),
    options: PLAN_OPTIONS,
  },
  verify: {
    usage: 'verify [scenario folder]',
    says: text(
      '排两遍、复核、与 expected.json 比较；不写目录即全部情景',
      'plan twice, check, compare with expected.json; every scenario unless a folder is named',
    ),
    options: { help: HELP_OPTION },
  },
  check: {
    usage: 'check <scenario folder> <plan.json>',
    says: text('不用求解器，重新核对一份方案', 'check a plan again without any solver'),
    options: { lang: LANGUAGE_OPTION, help: HELP_OPTION },
  },
  schema: {
    usage: 'schema scenario|plan',
    says: text('输出 JSON Schema', 'print the JSON Schema'),
    options: { help: HELP_OPTION },
  },
  integrity: {
    usage: 'integrity',
    says: text('检查库中各条规则是否成立', 'check every invariant of the store'),
    options: { help: HELP_OPTION },
  },
  export: {
    usage: 'export <file>',
    says: text('把整个库写入新文件；.gz 结尾则压缩', 'write the whole store to a new file, compressed when it ends in .gz'),
    options: { help: HELP_OPTION },
  },
  import: {
    usage: 'import <file>',
    says: text('把 export 的文件读入空库', 'read a file of export into an empty store'),
    options: { help: HELP_OPTION },
  },
} as const satisfies Record<string, CommandHelp>
export type CommandName = keyof typeof COMMANDS

const EXITS = {
  plan: text(
    '退出码：0 有方案，必须项全部满足；2 输入有误；3 不可行，或必须满足的需要未满足；4 超时；1 程序或求解器出错。',
    'Exit: 0 every must holds; 2 bad input; 3 impossible, or a demanded need fails; 4 out of time; 1 a failure.',
  ),
  verify: text('退出码：0 全部一致；1 有不一致。', 'Exit: 0 all as expected; 1 something differs.'),
  check: text('退出码：0 没有违反；2 输入有误；3 有违反。', 'Exit: 0 no violation; 2 bad input; 3 violations.'),
  schema: text('退出码：0；2 输入有误。', 'Exit: 0; 2 bad input.'),
  integrity: text('退出码：0 全部成立；1 有不成立；2 无法打开库。', 'Exit: 0 all hold; 1 some do not; 2 the store cannot be opened.'),
  export: text('退出码：0；1 出错；2 文件已存在，或无法打开库。', 'Exit: 0; 1 a failure; 2 the file is there already, or the store cannot be opened.'),
  import: text(
    '退出码：0；1 导入后有不成立的规则；2 文件有误，或库不为空；未导入任何内容。',
    'Exit: 0; 1 an invariant does not hold after it; 2 a bad file, or a store that is not empty: nothing is imported.',
  ),
} as const satisfies Record<CommandName, Text>

export function helpText(command: CommandName, language: Language): string {
  const { usage, says, options }: CommandHelp = COMMANDS[command]
  const rows = Object.entries(options).map(([name, { takes, repeats, help }]) => [
    `--${name}${takes === null ? '' : ` <${takes[language].trim()}>`}${repeats ? ' …' : ''}`,
    help[language],
  ])
  return printed(
    [
      heading(usage),
      ...paragraph(says[language]),
      blank,
      ...table({ rows }),
      blank,
      ...paragraph(EXITS[command][language]),
    ],
    { bold: false },
  )
}

/** All commands, a line each. */
export function overview(language: Language): string {
  const rows = Object.values(COMMANDS).map(({ usage, says }) => [usage, says[language]])
  const lines: Line[] = [heading('sijizhong'), ...table({ rows }), blank, ...paragraph('<command> --help')]
  return printed(lines, { bold: false })
}
