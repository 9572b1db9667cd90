import { isPersonal, NO_PERSONAL_DATA } from '../interop/personalData.js'
import { canonicalJson } from '../kernel/canonical.js'
import { type Text, text } from '../kernel/text.js'
import type { MaterialWay } from '../planning/material/plan.js'
import type { Plan, WayOut } from '../planning/plan.js'
import { isObject, readJsonFile } from './jsonFile.js'
import { type Read, wrong } from './options.js'

export type Patch = Readonly<Record<string, unknown>>

/** What `--apply` names: patch files first, since the ways out are those of the plan that follows from them. */
export interface Applied {
  readonly files: readonly string[]
  readonly ids: readonly string[]
}

/** A path or a name ending in .json is a file; anything else is the id of a way out. */
export function sortApplied(words: readonly string[]): Applied {
  const isFile = (word: string) => /[\\/]|\.json$/i.test(word)
  return { files: words.filter(isFile), ids: [...new Set(words.filter((word) => !isFile(word)))] }
}

export function readPatchFile(file: string): Read<Patch> {
  const read = readJsonFile(file)
  if (!read.ok) return read
  if (!isObject(read.value)) {
    return wrong(
      `${file}：应为一个 JSON 对象（RFC 7396 合并补丁）。`,
      `${file}: must be a JSON object (RFC 7396 merge patch).`,
    )
  }
  // A patch is a door into the scenario like its tables, and lets in no more than they do.
  const personal = personalIn(read.value, [])
  if (personal === null) return { ok: true, value: read.value }
  const at = personal.length === 0 ? '' : ` ${personal.join('.')}`
  return wrong(`${file}${at}：${NO_PERSONAL_DATA.zh}。`, `${file}${at}: ${NO_PERSONAL_DATA.en}.`)
}

/** Where something that identifies a person stands, without repeating it; null: nowhere. */
function personalIn(value: unknown, path: readonly string[]): readonly string[] | null {
  if (typeof value === 'string' || typeof value === 'number') return isPersonal(String(value)) ? path : null
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const found = isPersonal(key) ? path : personalIn(inner, [...path, key])
    if (found !== null) return found
  }
  return null
}

/** A way out of a want of beds or rides, or of one of material. */
export type Way = Pick<WayOut | MaterialWay, 'id' | 'text' | 'patch'>

/** The ways out of a plan that the ids name; together they must not set one thing in two ways. */
export function chosenWays(plan: Plan, ids: readonly string[]): Read<Way[]> {
  const offered: Way[] = [...plan.unmet.flatMap((unmet) => unmet.waysOut), ...plan.material?.waysOut ?? []]
  const chosen: Way[] = []
  for (const id of ids) {
    const way = offered.find((one) => one.id === id)
    if (way === undefined)
      // One way out may cure several needs.
      return { ok: false, sentence: noSuchWay(id, [...new Set(offered.map((one) => one.id))]) }
    for (const other of chosen) {
      const field = clashingField(other.patch, way.patch)
      if (field !== null) return { ok: false, sentence: clashSentence(other.id, id, field) }
    }
    chosen.push(way)
  }
  return { ok: true, value: chosen }
}

/** The first field that two patches set differently, or null. */
export function clashingField(a: Patch, b: Patch): string | null {
  for (const [key, inA] of Object.entries(a)) {
    if (!Object.hasOwn(b, key)) continue
    const inB = b[key]
    const inner =
      isObject(inA) && isObject(inB) ? clashingField(inA, inB) : canonicalJson(inA) === canonicalJson(inB) ? null : ''
    if (inner !== null) return inner === '' ? key : `${key}.${inner}`
  }
  return null
}

function noSuchWay(id: string, offered: readonly string[]): Text {
  if (offered.length === 0)
    return text(
      `选项 --apply：这份方案没有出路可试，找不到 ${id}。`,
      `--apply: this plan has no way out to apply; ${id} is none.`,
    )
  return text(
    `选项 --apply：没有出路 ${id}。可用：${offered.join('、')}，或补丁文件（.json）。`,
    `--apply: there is no way out ${id}. It takes ${offered.join(', ')}, or a patch file (.json).`,
  )
}

const clashSentence = (a: string, b: string, field: string): Text =>
  text(
    `选项 --apply：${a} 与 ${b} 对 ${field} 各有改法，只能选一个。`,
    `--apply: ${a} and ${b} set ${field} differently; choose one of them.`,
  )
