import { text } from '../kernel/text.js'
import { UNREADABLE } from '../planning/scenarioFaults.js'
import { isPersonal, LETTERS_MAX, NO_PERSONAL_DATA, TOO_LONG } from './personalData.js'
import { ProblemList } from './problem.js'
import type { ScenarioFiles } from './textFile.js'

export const STORY_FILE = 'story.md'
const MEGABYTES_MAX = 1
const LINES_MAX = 5
const MISSING = text('缺少此文件；应写明情景的来历', 'this file is missing; it must tell what the scenario is about')

/** The first lines of story.md, headings without their marks: what a plan repeats to say which story it belongs to. */
export function readStory(files: ScenarioFiles): { story: unknown; problems: ProblemList } {
  const problems = new ProblemList(STORY_FILE)
  const read = files.read(STORY_FILE, MEGABYTES_MAX)
  if (read.is !== 'text') {
    if (read.is === 'refused') problems.add({ got: read.got }, read.want)
    else problems.add({}, MISSING)
    return { story: UNREADABLE, problems }
  }
  const lines = read.text.split(/\r\n|\n|\r/)
  for (const [index, line] of lines.entries()) {
    if (line.length > LETTERS_MAX) problems.add({ row: index + 1, got: line }, TOO_LONG)
    else if (isPersonal(line)) problems.add({ row: index + 1, got: line }, NO_PERSONAL_DATA)
    if (/[^\P{Cc}\t]/u.test(line)) {
      problems.add({ row: index + 1, got: line }, text('含控制字符，请删去', 'holds control characters; delete them'))
    }
  }
  const told = lines.map((line) => line.replace(/^#+\s*/, '').trim()).filter((line) => line !== '')
  if (told.length === 0) problems.add({}, text('不能为空', 'must not be empty: tell what the scenario is about'))
  return { story: problems.count > 0 ? UNREADABLE : told.slice(0, LINES_MAX).join('\n'), problems }
}
