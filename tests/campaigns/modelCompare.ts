import { isDeepStrictEqual } from 'node:util'
import type { Answer } from './modelAsk.js'
import type { Answered, Fields } from './modelWords.js'

const DIFFERENCES_MAX = 6

/** Where two values first differ. */
export function differences(at: string, found: unknown, expected: unknown): string[] {
  if (isDeepStrictEqual(found, expected)) return []
  const areBoth = [found, expected].every((value) => typeof value === 'object' && value !== null)
  if (!areBoth) return [`${at}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`]
  const [a, b] = [found as Fields, expected as Fields]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(`${at}.${key}`, a[key], b[key])).slice(0, DIFFERENCES_MAX)
}

/** What is remarked on a report, without the sentences. */
function withoutRemarks(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json
  const { remarks, pools, ...rest } = json as { remarks?: readonly { kind: string; count?: number }[]; pools?: readonly unknown[] }
  return {
    ...rest, ...(pools === undefined ? {} : { pools: Array.isArray(pools) ? pools.map(withoutRemarks) : pools }),
    ...(remarks === undefined ? {} : { remarks: remarks.map(({ kind, count }) => ({ kind, ...(count === undefined ? {} : { count }) })) }),
  }
}

/** An answer beside what was expected: status, code, what a refusal lists, or the body. */
export function compared(said: Answer, { status, code, body, about }: Answered): string[] {
  if (said.status !== status) return [`status ${said.status}, expected ${status}: ${said.text} instead of ${code ?? JSON.stringify(body)}`]
  if (code === null) return body === null ? [] : differences('body', withoutRemarks(said.json), body)
  const problem = (said.json ?? {}) as { code?: unknown; errors?: readonly { pointer: string }[] }
  const listed = problem.errors?.map(({ pointer }) => pointer).sort() ?? []
  return [...differences('code', problem.code, code), ...(about === null ? [] : differences('errors', listed, [...about].sort()))]
}
