import { z } from 'zod'
import { instantOrNullSchema } from './time.js'

/**
 * Where a record's figures come from. `assumed` names the fields that no source states;
 * `*` stands for every field of the record.
 */
export const provenanceShape = {
  source: z.string().min(1).max(400),
  assumed: z.array(z.string().min(1)).default([]),
  asOf: instantOrNullSchema.default(null),
}

export interface Provenance {
  readonly source: string
  readonly assumed: readonly string[]
  readonly asOf: string | null
}

const NO_FIGURES: readonly string[] = Object.keys(provenanceShape)

/** What of a record is still assumed once some of its fields were said: what was assumed is not, once somebody says it. `fields`: all that it has. */
export function stillAssumed(assumed: readonly string[], { said, fields }: { readonly said: object; readonly fields: readonly string[] }): string[] {
  const before = assumed.includes('*') ? fields.filter((field) => !NO_FIGURES.includes(field)) : assumed
  const left = before.filter((field) => !Object.hasOwn(said, field))
  return [...(left.length === before.length ? assumed : left)]
}
