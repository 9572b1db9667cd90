import { mergePatch } from '../kernel/mergePatch.js'
import { POLICY_FIELDS } from '../planning/policy.js'
import { isObject } from './jsonFile.js'
import { type Read, wrong } from './options.js'

/** One setting of the policy: the way to a field, and its new value. */
export interface PolicySetting {
  readonly path: readonly string[]
  readonly value: unknown
}

/** `key=value`: a dotted path, then JSON or a bare word. */
export function readPolicySetting(given: string): Read<PolicySetting> {
  const at = given.indexOf('=')
  const key = given.slice(0, Math.max(0, at))
  const word = given.slice(at + 1)
  const path = key.split('.')
  const isForm = word !== '' && path.every((part) => part !== '')
  if (!isForm) {
    return wrong(
      `选项 --policy 要写成 字段=值，例如 safeFillPerMille=900；得到 “${given}”。`,
      `--policy takes field=value, such as safeFillPerMille=900; got "${given}".`,
    )
  }
  if (POLICY_FIELDS.some((field) => field === path[0])) return { ok: true, value: { path, value: jsonOrWord(word) } }
  return wrong(
    `选项 --policy：没有字段 ${path[0]}。可用：${POLICY_FIELDS.join('、')}。`,
    `--policy: there is no field ${path[0]}. Fields: ${POLICY_FIELDS.join(', ')}.`,
  )
}

/** A policy with one more setting. An object is merged into what stands there; null is kept, for it is a value. */
export function withSetting(
  policy: Readonly<Record<string, unknown>>,
  { path, value }: PolicySetting,
): Record<string, unknown> {
  const [key, ...rest] = path
  if (key === undefined) return { ...policy }
  const present = Object.hasOwn(policy, key) ? policy[key] : undefined
  const inner = isObject(present) ? present : {}
  const next =
    rest.length > 0 ? withSetting(inner, { path: rest, value }) : value === null ? null : mergePatch(present, value)
  return { ...policy, [key]: next }
}

function jsonOrWord(word: string): unknown {
  try {
    return JSON.parse(word) as unknown
  } catch {
    return word
  }
}
