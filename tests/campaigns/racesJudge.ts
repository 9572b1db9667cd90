import type { Said } from '../support/serving.js'

/** The code of a refusal; null of a success, and of an answer that is no problem document. */
export function codeOf({ status, json }: Said): string | null {
  if (status < 400 || typeof json !== 'object' || json === null || !('code' in json)) return null
  return typeof json.code === 'string' ? json.code : null
}

/** What is not right about a refusal: its code is one of `codes`, and it says why in words. */
function unfitRefusal(said: Said, codes: readonly string[]): string[] {
  const code = codeOf(said)
  const detail = typeof said.json === 'object' && said.json !== null && 'detail' in said.json ? String(said.json.detail) : ''
  const isUnderstood = detail.length >= 10 && !/undefined|null|\[object|select |insert /.test(detail)
  return [
    ...(code !== null && codes.includes(code) ? [] : [`answered ${said.status} ${said.text.slice(0, 300)}, not one of ${codes.join(', ')}`]),
    ...(isUnderstood ? [] : [`a refusal that does not say why: ${said.text.slice(0, 300)}`]),
  ]
}

/** So many succeeded with `won`, and all others were refused for one of the reasons given. */
export function winners(
  answers: readonly Said[], { won, wins = 1, lost }: { won: number; wins?: number; lost: readonly string[] },
): string[] {
  const successes = answers.filter(({ status }) => status < 400)
  return [
    ...(successes.length === wins ? [] : [`${successes.length} of ${answers.length} succeeded, not ${wins}`]),
    ...successes.filter(({ status }) => status !== won).map(({ status }) => `a success with ${status}, not ${won}`),
    ...new Set(answers.filter(({ status }) => status >= 400).flatMap((said) => unfitRefusal(said, lost))),
  ]
}

/** The same status and bytes in all; every success but one says that it is a replay. */
export function sameBytes(answers: readonly Said[]): string[] {
  const kinds = new Set(answers.map(({ status, text }) => `${status} ${text}`))
  const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length
  const isSuccess = (answers[0]?.status ?? 500) < 400
  return [
    ...(kinds.size === 1 ? [] : [`one key, ${kinds.size} answers: ${[...kinds].map((kind) => kind.slice(0, 200)).join(' | ')}`]),
    ...(!isSuccess || replays === answers.length - 1 ? [] : [`${replays} of ${answers.length} say that they are replays`]),
  ]
}

/** A sentence when two values differ. */
export const differs = (what: string, found: unknown, expected: unknown): string[] =>
  JSON.stringify(found) === JSON.stringify(expected) ? [] : [`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`]
