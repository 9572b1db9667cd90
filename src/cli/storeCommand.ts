import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readEnv, type Settings } from '../app/env.js'
import { logTo } from '../app/log.js'
import { openStore } from '../app/process.js'
import type { Database } from '../db/database.js'
import { DatabaseUnavailable, StoreFault } from '../db/errors.js'
import { checkIntegrity, type Finding } from '../db/integrity.js'
import { exportEverything, importEverything } from '../db/portable.js'
import { isDrillStore } from '../db/storeMark.js'
import { DRILL } from '../kernel/drill.js'
import { visible } from '../kernel/safeText.js'
import { counted, type Text, text } from '../kernel/text.js'
import { COMMANDS, helpText } from './help.js'
import { readOptions, wrong } from './options.js'
import { complain, type ExitCode, type Screen } from './screen.js'
import { linesOf, newFile, writeLines } from './storeFile.js'

type StoreCommand = 'integrity' | 'export' | 'import'

interface Place {
  readonly screen: Screen
  /** The store is the one that the service would use in this environment. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** `integrity`, `export` and `import`: what is done to a whole store, from a terminal. */
export async function storeCommand(name: StoreCommand, words: readonly string[], { screen, env }: Place): Promise<ExitCode> {
  const read = readOptions(words, COMMANDS[name].options, name === 'integrity' ? 0 : 1)
  if (!read.ok) return refused(screen, [read.sentence])
  if (read.value.has('help')) {
    screen.out(helpText(name, 'zh') + helpText(name, 'en'))
    return 0
  }
  const [file] = read.value.places
  const settings = readEnv(env)
  if (!settings.ok) return refused(screen, settings.sentences)
  if (name === 'integrity') return withStore(settings.settings, screen, (db) => findingsOf(db, screen))
  if (file === undefined) {
    const { sentence } = wrong(`${name} 后面要写文件名。`, `${name} must be followed by a file name.`)
    return refused(screen, [sentence])
  }
  return name === 'export' ? exportTo(file, settings.settings, screen) : importFrom(file, settings.settings, screen)
}

async function exportTo(file: string, settings: Settings, screen: Screen): Promise<ExitCode> {
  return withStore(settings, screen, async (db) => {
    const opened = await newFile(file)
    if (!opened.ok) return refused(screen, [opened.sentence])
    const written = await writeLines(file, opened.value, (write) => exportEverything(db, write))
    if (!written.ok) {
      complain(screen, written.sentence, null)
      return 1
    }
    say(screen, text(`已导出到 ${file}，共 ${written.value} 行。`, `Exported to ${file}: ${counted(written.value, 'lines')}.`))
    return 0
  })
}

async function importFrom(file: string, settings: Settings, screen: Screen): Promise<ExitCode> {
  if (!existsSync(file)) {
    const { sentence } = wrong(`${file}：没有这个文件。`, `${file}: there is no such file.`)
    return refused(screen, [sentence])
  }
  return withStore(settings, screen, async (db) => {
    await importEverything(db, linesOf(file), settings.isDrill ?? false)
    say(screen, text(`已从 ${file} 导入。`, `Imported from ${file}.`))
    return findingsOf(db, screen)
  }, { mayBeNew: true })
}

async function findingsOf(db: Database, screen: Screen): Promise<ExitCode> {
  const findings = await checkIntegrity(db)
  for (const finding of findings) say(screen, findingText(finding))
  screen.out(`integrity: ${counted(findings.length, 'findings')}\n`)
  return findings.length === 0 ? 0 : 1
}

const findingText = ({ rule, text: { zh, en }, subject, found, expected }: Finding): Text => text(
  `${rule}@${subject}：${zh}；现为 ${found}，应为 ${expected}`,
  `${rule}@${subject}: ${en}; found ${found}, expected ${expected}`,
)

async function withStore(
  settings: Settings, screen: Screen, work: (db: Database) => Promise<ExitCode>, { mayBeNew = false } = {},
): Promise<ExitCode> {
  const { databaseUrl, dataDir } = settings
  // Opening a data directory makes one; nobody looks at an empty store on purpose.
  if (!mayBeNew && databaseUrl === null && !existsSync(join(dataDir, 'PG_VERSION'))) {
    return refused(screen, [text(`${dataDir} 里没有库；用 DATA_DIR 或 DATABASE_URL 指定。`, `There is no store in ${dataDir}; name one by DATA_DIR or DATABASE_URL.`)])
  }
  const db = await openStore(settings, logTo(settings.logLevel))
  if (db === null) return 2
  try {
    if (await db.inSnapshot(isDrillStore)) say(screen, DRILL)
    return await work(db)
  } catch (error) {
    if (!(error instanceof StoreFault || error instanceof DatabaseUnavailable)) throw error
    return refused(screen, [error.says])
  } finally {
    await db.close()
  }
}

const say = (screen: Screen, { zh, en }: Text): void => screen.out(`${visible(zh)}\n${visible(en)}\n`)

function refused(screen: Screen, sentences: readonly Text[]): ExitCode {
  for (const sentence of sentences) complain(screen, sentence, null)
  return 2
}
