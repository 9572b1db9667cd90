import { z } from 'zod'
import { instantSchema } from './time.js'

/**
 * Where a record's figures come from. `assumed` names the fields that no source states;
 * `*` stands for every field of the record.
 */
export const provenanceShape = {
  source: z.string().min(1).max(400),
  assumed: z.array(z.string().min(1)).default([]),
  asOf: instantSchema.nullable().default(null),
}

export interface Provenance {
  readonly source: string
  readonly assumed: readonly string[]
  readonly asOf: string | null
}
