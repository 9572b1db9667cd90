import { type Text, text } from '../kernel/text.js'
import { TABLE_MEGABYTES_MAX } from './csvFile.js'
import { type Problem, problemOf } from './problem.js'
import { readScenario, type ScenarioRead } from './scenarioRead.js'
import { decodedText, type ScenarioFiles, sizeFault } from './textFile.js'
import { readDirectory, ZIP_FILE } from './zipDirectory.js'
import { headerFault, measured, unpacked, type ZipEntry } from './zipEntry.js'

const MEGABYTE = 1024 * 1024
const UNPACKED_MEGABYTES_MAX = 100
/** What a scenario is called whose files lie in no folder. */
const NO_NAME = 'scenario'
/** What macOS adds to every zip. */
const IGNORED = /^__MACOSX\/|(?:^|\/)\.DS_Store$/

const NO_FILES = text('zip 内没有文件', 'the zip holds no files; it must hold the tables of a scenario')
const TOO_DEEP = text('各文件应在最上层，或都在同一个文件夹里', 'files must lie at the top, or all in one single folder')
const TOO_LARGE = text(
  `解压后单个文件不能超过 ${TABLE_MEGABYTES_MAX} MB`,
  `must not be larger than ${TABLE_MEGABYTES_MAX} MB when unpacked`,
)
const ALL_TOO_LARGE = text(
  `解压后总共不能超过 ${UNPACKED_MEGABYTES_MAX} MB`,
  `all files together must not be larger than ${UNPACKED_MEGABYTES_MAX} MB when unpacked`,
)

/**
 * The scenario that a zip holds, or every mistake in it: first of the zip, then of what it holds. Its files lie at the
 * top or in one folder, which names the scenario. Nothing that the zip says of itself is believed: not its sizes, not
 * its sums. Each file is unpacked once and thrown away to learn whether all may be read, so that memory stays small.
 */
export async function readScenarioZip(bytes: Uint8Array): Promise<ScenarioRead> {
  const directory = await readDirectory(bytes)
  if (!directory.ok) return directory
  const problems = await problemsOf(directory.entries)
  if (problems.length > 0) return { ok: false, problems }
  const files = filesOf(directory.entries)
  return 'problems' in files ? { ok: false, problems: files.problems } : readScenario(files)
}

async function problemsOf(entries: readonly ZipEntry[]): Promise<Problem[]> {
  const problems: Problem[] = []
  const report = (path: string, want: Text) => problems.push(problemOf({ file: path, got: path }, want))
  let left = UNPACKED_MEGABYTES_MAX * MEGABYTE
  for (const one of entries) {
    const fault = headerFault(one)
    if (fault !== null) {
      report(one.path, fault)
      continue
    }
    const bytesMax = Math.min(left, TABLE_MEGABYTES_MAX * MEGABYTE)
    const found = await measured(one, bytesMax)
    // What was unpacked in vain counts too: time is bounded as memory is.
    left -= found.is === 'tooLarge' ? bytesMax : found.bytes
    if (found.is === 'refused') report(one.path, found.want)
    if (found.is === 'tooLarge' && left > 0) report(one.path, TOO_LARGE)
    else if (found.is === 'tooLarge') return [...problems, problemOf({ file: ZIP_FILE, got: one.path }, ALL_TOO_LARGE)]
  }
  return problems
}

/** The files by their plain names, from the top or from the one folder. */
function filesOf(entries: readonly ZipEntry[]): ScenarioFiles | { problems: Problem[] } {
  const files = entries.filter(({ path }) => !path.endsWith('/') && !IGNORED.test(path))
  const [first] = files
  if (first === undefined) return { problems: [problemOf({ file: ZIP_FILE }, NO_FILES)] }
  const folder = first.path.includes('/') ? first.path.slice(0, first.path.indexOf('/') + 1) : ''
  const isInPlace = ({ path }: ZipEntry) => path.startsWith(folder) && !path.slice(folder.length).includes('/')
  const misplaced = files.filter((one) => !isInPlace(one))
  if (misplaced.length > 0) {
    return { problems: misplaced.map(({ path }) => problemOf({ file: path, got: path }, TOO_DEEP)) }
  }
  const byName = new Map(files.map((one) => [one.path.slice(folder.length), one]))
  return {
    name: folder === '' ? NO_NAME : folder.slice(0, -1),
    list: [...byName.keys()].sort(),
    read: (file, megabytesMax) => {
      const one = byName.get(file)
      if (one === undefined) return { is: 'missing' }
      return sizeFault(one.entry.uncompressedSize, megabytesMax) ?? decodedText(unpacked(one))
    },
  }
}
