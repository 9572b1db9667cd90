import { BrokenInvariant } from '../kernel/invariant.js'
import { CommitUnknown, constraintOf, DatabaseUnavailable, isBadValue, isTaken, valueNamed } from '../db/errors.js'
import { drillMember } from '../kernel/drill.js'
import { nobodyHas, type Refusal, REFUSALS, Refused } from '../kernel/refusal.js'
import { shown } from '../kernel/shown.js'
import { type Language, type Text, text } from '../kernel/text.js'

/** A problem document (RFC 9457) as it leaves: bytes, so that a replay is the same. */
export interface Problem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const RETRY_SECONDS = '2'
const MINUTE_SECONDS = '60'

/** What an answer has to know beside the refusal. */
export interface Asked {
  readonly language: Language
  readonly requestId: string
  readonly isDrill: boolean
  /** What the address is about, by its own id; undefined where it names nothing. */
  readonly about?: About | undefined
}

export interface About {
  readonly kind: Text
  readonly id: string
}

export function problemOf(refusal: Refusal, { language, requestId, isDrill, about }: Asked): Problem {
  const [status, title] = REFUSALS[refusal.code]
  const isOfAddress = about !== undefined && refusal.missing === about.id
  const says = isOfAddress ? nobodyHas(about.id, about.kind) : refusal.text
  const details = refusal.details ?? (isOfAddress ? [{ pointer: 'param:/id', want: says }] : undefined)
  const body = {
    type: `urn:sijizhong:problem:${refusal.code}`,
    code: refusal.code,
    title: title[language],
    status,
    detail: says[language],
    instance: `urn:sijizhong:request:${requestId}`,
    ...drillMember(isDrill),
    ...(details === undefined ? {} : { errors: details.map(({ pointer, want }) => ({ pointer, detail: want[language] })) }),
  }
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'content-language': language,
      ...(status === 503 ? { 'retry-after': RETRY_SECONDS } : {}),
      ...(status === 429 ? { 'retry-after': MINUTE_SECONDS } : {}),
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(body),
  }
}

/** Refusals that the database's own guards speak, by the name of the constraint. */
export type Guards = Readonly<Record<string, Refusal>>

/** What an error means to whoever asked; null for a bug, which is nobody's answer. */
export function refusalOf(error: unknown, guards: Guards): Refusal | null {
  if (error instanceof Refused) return error.refusal
  if (error instanceof CommitUnknown) return { code: 'commitUnknown', text: error.says }
  if (error instanceof DatabaseUnavailable) {
    return { code: error.reason === 'diskFull' ? 'storeFull' : 'databaseUnavailable', text: error.says }
  }
  if (error instanceof BrokenInvariant) return null
  const constraint = constraintOf(error) ?? ''
  const guard = Object.hasOwn(guards, constraint) ? guards[constraint] : undefined
  if (guard !== undefined) return withValue(guard, valueNamed(error))
  if (isTaken(error)) return TAKEN
  if (!isBadValue(error)) return null
  return { code: 'invalidInput', text: text('有的值无法保存', 'a value cannot be kept') }
}

/** What refers to nothing says to what. */
const withValue = (guard: Refusal, value: string | null): Refusal => (value === null ? guard
  : { ...guard, text: text(`${guard.text.zh}：${shown(value)}`, `${guard.text.en}: ${shown(value)}`) })

/** Two put down the same new thing at once: the second is answered as if it had come a moment later. */
const TAKEN: Refusal = {
  code: 'versionMissing',
  text: text('他人刚刚登记了这一项；请重新读取，改写要带其 ETag', 'somebody has just put it down; read it again, and to change it send If-Match with its ETag'),
}

export const BROKEN: Refusal = {
  code: 'broken',
  text: text('程序出错，未作任何改动；请把请求编号交给维护人员', 'the program failed and changed nothing; give the request number to whoever looks after it'),
}
