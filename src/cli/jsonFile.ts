import { readJson } from '../interop/jsonText.js'
import { readTextFile } from '../interop/textFile.js'
import { type Read, wrong } from './options.js'

const MEGABYTES_MAX = 64
const DEPTH_MAX = 64

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The JSON in a file, or the sentence that says why there is none. */
export function readJsonFile(file: string): Read<unknown> {
  const read = readTextFile(file, MEGABYTES_MAX)
  if (read.is === 'missing') return wrong(`${file}：没有这个文件。`, `${file}: there is no such file.`)
  if (read.is === 'refused') return wrong(`${file}：${read.want.zh}。`, `${file}: ${read.want.en}.`)
  const json = readJson(read.text, DEPTH_MAX)
  if ('value' in json) return { ok: true, value: json.value }
  return wrong(`${file}：${json.mistake.want.zh}。`, `${file}: ${json.mistake.want.en}.`)
}
