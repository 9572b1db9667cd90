import type { z } from 'zod'
import { closest } from '../kernel/nearest.js'
import { type Detail, DETAILS_MAX } from '../kernel/refusal.js'
import { shown } from '../kernel/shown.js'
import { type Text, text } from '../kernel/text.js'

type Issue = z.core.$ZodIssue
type Schema = z.core.$ZodType

/** What was sent to one door, and what the door takes. */
export interface Sent {
  /** '' for the body, else `query:`, `param:`, `header:`. */
  readonly part: string
  readonly data: unknown
  /** Null where it is not known. */
  readonly schema: Schema | null
}

/** Every mistake that zod found in what was sent, in words. */
export const detailsOf = (sent: Sent, issues: readonly Issue[], wantOf: (issue: Issue) => Text): Detail[] =>
  issues.flatMap((issue): Detail[] => (issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => ({ pointer: sent.part + pointerTo([...issue.path, key]), want: noSuchField(key, fieldsAt(sent.schema, issue.path)) }))
    : [{ pointer: sent.part + pointerTo(issue.path), want: withPlus(sent.part, found(sent, issue, wantOf(issue))) }])).slice(0, DETAILS_MAX)

/** Codes of a value of the wrong kind; the others say of a value of the right kind what is wrong with it. */
const OF_KIND: readonly Issue['code'][] = ['invalid_type', 'invalid_value', 'invalid_union']

/** What zod calls a wrong kind may be nothing at all, and nothing may be what is meant. */
function found({ data, schema }: Sent, issue: Issue, want: Text): Text {
  if (!OF_KIND.includes(issue.code) || issue.path.length === 0) return want
  const or = schemasAt(schema, issue.path).some(({ mayBeNull }) => mayBeNull) ? orNull(want) : want
  return valueAt(data, issue.path) === undefined ? text(`缺少，${or.zh}`, `is missing; ${or.en}`) : or
}

const orNull = ({ zh, en }: Text): Text => text(`${zh}${/[，、；]/.test(zh) ? '，' : ''}或 null`, `${en}, or null`)

/** More names than this are no help to whoever looks for one. */
const FIELDS_SHOWN_MAX = 12

/** Says of a field that nothing takes which it may have been meant for: the closest, or all of a few. */
export function noSuchField(name: string, known: readonly string[]): Text {
  const said = shown(name)
  const near = closest(name, known)
  if (near.zh !== '') return text(`没有此字段：${said}${near.zh}`, `there is no such field: ${said}${near.en}`)
  if (known.length === 0 || known.length > FIELDS_SHOWN_MAX) return text(`没有此字段：${said}`, `there is no such field: ${said}`)
  return text(`没有此字段：${said}；可用：${known.join('、')}`, `there is no such field: ${said}; the fields are ${known.join(', ')}`)
}

/** In a query a + is a space, which nobody sees who looks at the time that they sent. */
const withPlus = (part: string, want: Text): Text =>
  (part === 'query:' && want.en.includes('+08:00') ? text(`${want.zh}；查询中的 + 写作 %2B`, `${want.en}; a + in a query is written %2B`) : want)

/** JSON Pointer, RFC 6901. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<PropertyKey, unknown>)[key] : undefined), value)
}

/** What may stand at a place of a schema: several where it may be of several kinds. */
interface Standing {
  readonly schema: Schema
  readonly mayBeNull: boolean
}

/** Nothing that a door takes lies deeper. */
const DEPTH_MAX = 60

function schemasAt(schema: Schema | null, path: readonly PropertyKey[], mayBeNull = false, depth = 0): readonly Standing[] {
  if (schema === null || depth > DEPTH_MAX) return []
  const { def } = (schema as z.core.$ZodTypes)._zod
  const inside = (one: Schema, rest = path, orNull = mayBeNull) => schemasAt(one, rest, orNull, depth + 1)
  const [key, ...rest] = path
  switch (def.type) {
    case 'nullable': return inside(def.innerType, path, true)
    case 'optional': case 'default': case 'prefault': case 'nonoptional': case 'readonly': case 'catch': return inside(def.innerType)
    case 'pipe': return inside(def.in)
    case 'union': return def.options.flatMap((one) => inside(one))
    case 'null': return [{ schema, mayBeNull: true }]
    default:
  }
  if (key === undefined) return [{ schema, mayBeNull }]
  // Further in, whether what is around it may be null says nothing.
  if (def.type === 'array') return inside(def.element, rest, false)
  if (def.type === 'record') return inside(def.valueType, rest, false)
  const field = def.type === 'object' ? def.shape[String(key)] : undefined
  return field === undefined ? [] : inside(field, rest, false)
}

const fieldsAt = (schema: Schema | null, path: readonly PropertyKey[]): string[] =>
  [...new Set(schemasAt(schema, path).flatMap(({ schema: at }) => {
    const { def } = (at as z.core.$ZodTypes)._zod
    return def.type === 'object' ? Object.keys(def.shape) : []
  }))]
