import type { Said } from '../support/serving.js'

/** The code of a refusal; null of a success, and of an answer that is no problem document. */
export function codeOf({ status, json }: Said): string | null {
  if (status < 400 || typeof json !== 'object' || json === null || !('code' in json)) return null
  return typeof json.code === 'string' ? json.code : null
}

/** What is not right about a refusal: its code is one of `codes`, and it says why in words, and by whom or what where that is known. */
function unfitRefusal(said: Said, codes: readonly string[], says: Readonly<Record<string, RegExp>>): string[] {
  const code = codeOf(said)
  const detail = typeof said.json === 'object' && said.json !== null && 'detail' in said.json ? String(said.json.detail) : ''
  // The number of the request is another for each.
  const shown = said.text.replace(/"instance":"[^"]*",?/, '').slice(0, 600)
  const isUnderstood = detail.length >= 10 && !/undefined|null|\[object|select |insert /.test(detail)
  return [
    ...(code !== null && codes.includes(code) ? [] : [`answered ${said.status} ${shown}, not one of ${codes.join(', ')}`]),
    ...(code === null || says[code]?.test(said.text) !== false ? [] : [`a refusal that does not say what is so: ${shown}`]),
    ...(isUnderstood ? [] : [`a refusal that does not say why: ${shown}`]),
  ]
}

/** So many succeeded with `won`, and all others were refused for one of the reasons given. */
export function winners(
  answers: readonly Said[], { won, wins = 1, lost, says = {} }: { won: number; wins?: number; lost: readonly string[]; says?: Readonly<Record<string, RegExp>> },
): string[] {
  const successes = answers.filter(({ status }) => status < 400)
  return [
    ...(successes.length === wins ? [] : [`${successes.length} of ${answers.length} succeeded, not ${wins}`]),
    ...successes.filter(({ status }) => status !== won).map(({ status }) => `a success with ${status}, not ${won}`),
    ...new Set(answers.filter(({ status }) => status >= 400).flatMap((said) => unfitRefusal(said, lost, says))),
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
