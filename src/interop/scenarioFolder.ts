import { readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Text, text } from '../kernel/text.js'
import { type Problem, problemOf } from './problem.js'
import { readScenario, type ScenarioRead } from './scenarioRead.js'
import { errorCode, readTextFile, whyUnreadable } from './textFile.js'

export type { Problem } from './problem.js'

/** The scenario that a folder holds, or every mistake in it. Reads only. */
export function readScenarioFolder(folder: string): ScenarioRead {
  const listed = filesIn(folder)
  if (!Array.isArray(listed)) return { ok: false, problems: [listed] }
  return readScenario({
    name: basename(resolve(folder)),
    list: listed,
    read: (file, megabytesMax) => readTextFile(join(folder, file), megabytesMax),
  })
}

function filesIn(folder: string): string[] | Problem {
  const refused = (want: Text, got = folder) => problemOf({ file: folder, got }, want)
  try {
    if (!statSync(folder).isDirectory()) return refused(text('应为文件夹', 'must be a folder'))
    return readdirSync(folder).sort()
  } catch (error) {
    const code = errorCode(error)
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    return isMissing ? refused(text('没有此文件夹；请给出情景所在的文件夹', 'there is no such folder; name the one that holds the scenario'), '') : refused(whyUnreadable(code))
  }
}
