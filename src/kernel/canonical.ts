import { createHash } from 'node:crypto'

/** JSON with object keys in code-unit order, so that equal values have equal bytes. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

export const sha256 = (input: string): string => createHash('sha256').update(input, 'utf8').digest('hex')

/**
 * The lot of one person or place: a number in [0, 2^48) drawn by hash from the day's seed and the id.
 * It depends on nothing else, so one more patient never changes another's lot.
 */
export const lotOf = (draw: { seed: string; id: string }): number =>
  Number.parseInt(sha256(`${draw.seed}\u0000${draw.id}`).slice(0, 12), 16)

/** Order by code units: the same on every machine, unlike a locale's. */
export const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The same entries in code-unit order of their keys. (Keys that read as array indices come first, in any object.) */
export const sortedByKey = <T>(table: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(table).sort(([a], [b]) => byCodeUnits(a, b)))
