import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { byCodeUnits } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import { type Read, wrong } from './options.js'

/** One table: the name of its file, and its text. */
export interface CsvTable {
  readonly name: string
  readonly csv: string
}

/** Before the work begins: the folder is free, empty, or holds nothing but tables. */
export function checkCsvFolder(folder: string): Read<string> {
  return withoutSystemErrors(folder, () => {
    const other = entriesOf(folder).find(({ name, isFile }) => !isFile || !name.endsWith('.csv'))?.name
    return other === undefined ? { ok: true, value: folder } : holdsOther(folder, other)
  })
}

/**
 * Writes all tables beside the folder and then takes its place in one step, so that nobody ever reads half a plan.
 * Tables of an earlier plan are replaced; any other file is refused.
 */
export function writeCsvFolder(folder: string, tables: readonly CsvTable[]): Read<string> {
  for (const { name } of tables) invariant(/^[\w-]+\.csv$/.test(name), `${name} is the plain name of a table's file`)
  return withoutSystemErrors(folder, () => {
    const isOurs = (entry: Entry) => entry.isFile && tables.some(({ name }) => name === entry.name)
    const other = entriesOf(folder).find((entry) => !isOurs(entry))?.name
    if (other !== undefined) return holdsOther(folder, other)
    const target = placeOf(folder)
    mkdirSync(dirname(target), { recursive: true })
    const fresh = mkdtempSync(join(dirname(target), `.${basename(target)}.`))
    try {
      for (const { name, csv } of tables) writeFileSync(join(fresh, name), csv)
      takePlace(fresh, target)
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
    return { ok: true, value: target }
  })
}

/** A full folder cannot be renamed onto: the old one steps aside first, and back again when the step fails. */
function takePlace(fresh: string, target: string): void {
  const aside = `${fresh}.old`
  const isThere = statSync(target, { throwIfNoEntry: false }) !== undefined
  if (isThere) renameSync(target, aside)
  try {
    renameSync(fresh, target)
  } catch (error) {
    if (isThere) renameSync(aside, target)
    throw error
  }
  rmSync(aside, { recursive: true, force: true })
}

interface Entry {
  readonly name: string
  /** A folder or a link that bears a table's name is no table, and is not ours to replace. */
  readonly isFile: boolean
}

function entriesOf(folder: string): Entry[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return []
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.map((entry) => ({ name: entry.name, isFile: entry.isFile() })).sort((a, b) => byCodeUnits(a.name, b.name))
}

/** Behind a symbolic link, so that the link stays one. */
const placeOf = (folder: string): string =>
  statSync(folder, { throwIfNoEntry: false }) === undefined ? resolve(folder) : realpathSync(folder)

const holdsOther = (folder: string, other: string) =>
  wrong(
    `选项 --csv：目录 ${folder} 里有别的文件 ${other}；请给一个空目录或新目录。`,
    `--csv: the folder ${folder} holds another file, ${other}; give an empty or a new folder.`,
  )

function withoutSystemErrors(folder: string, work: () => Read<string>): Read<string> {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return wrong(
      `选项 --csv：不能写入目录 ${folder}（${error.message}）；请给一个可写的目录。`,
      `--csv: cannot write to the folder ${folder} (${error.message}); give one that can be written.`,
    )
  }
}
