import { createHash } from 'node:crypto'

/** JSON with object keys in code-unit order, so that equal values have equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sortKeys(inner) : inner))
}

export const sha256 = (input: string): string => createHash('sha256').update(input, 'utf8').digest('hex')

/**
 * The lot of one person: a number in [0, 2^48) drawn by hash from the day's seed and the case id.
 * It depends on nothing else, so one more patient never changes another's lot.
 */
export const lotOf = (draw: { seed: string; caseId: string }): number =>
  Number.parseInt(sha256(`${draw.seed}\u0000${draw.caseId}`).slice(0, 12), 16)

/** Order by code units: the same on every machine, unlike a locale's. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  // Without a prototype, so that a record whose key is "__proto__" keeps it as data.
  const sorted: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const key of Object.keys(object).sort(byCodeUnits)) sorted[key] = object[key]
  return sorted
}
