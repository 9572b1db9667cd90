import { z } from 'zod'

/** Nobody stated it. Never read as zero. */
export const UNKNOWN = 'unknown'
/** Stated: this is not counted here, so it does not limit. */
export const NOT_TRACKED = 'notTracked'

export const countSchema = z.int().min(0).max(1_000_000)
/** A whole figure, or `unknown`. */
export const figureSchema = z.union([countSchema, z.literal(UNKNOWN)])
/** A whole limit, `unknown` (binds as nought) or `notTracked` (does not bind). */
export const limitSchema = z.union([countSchema, z.literal(UNKNOWN), z.literal(NOT_TRACKED)])

export type Figure = z.infer<typeof figureSchema>
export type Limit = z.infer<typeof limitSchema>

export const isKnown = (figure: Limit): figure is number => typeof figure === 'number'

/** What a limit allows: nothing while unknown, everything while not tracked. */
export function allowedBy(limit: Limit): number {
  if (limit === NOT_TRACKED) return Number.POSITIVE_INFINITY
  return limit === UNKNOWN ? 0 : limit
}

export const sum = (numbers: Iterable<number>): number => {
  let total = 0
  for (const number of numbers) total += number
  return total
}
