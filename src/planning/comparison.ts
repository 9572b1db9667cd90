import { z } from 'zod'
import { instantSchema } from '../kernel/time.js'
import { editLineSchema, moveSchema, unplacedSchema } from './plan.js'
import { levelSchema } from './planWords.js'
import { TABLES } from './scenario.js'

const lineSchema = moveSchema.pick({ patient: true, from: true, to: true, pool: true, departs: true, order: true })
export const LINE_FIELDS = ['to', 'pool', 'departs', 'order'] as const

const sidesOf = <S extends z.ZodType>(one: S) => z.strictObject({ here: one, there: one })
const blocksSchema = z.array(z.string())
/** What two plans have in common and what not: `here` is the one, `there` the other. */
export const comparisonSchema = z.strictObject({
  /** By the first level at which they differ; null: they are not ranked by the same levels up to there, or one has none. */
  better: z.enum(['here', 'there', 'neither']).nullable(),
  /** The level at which that is decided. */
  decidedBy: levelSchema.pick({ rank: true, rule: true, title: true }).nullable(),
  /** Null where the policy of one does not rank it. `difference`: there less here, so that positive is worse there. */
  levels: z.array(levelSchema.pick({ rule: true, level: true, title: true, unit: true }).extend({
    here: z.int().nullable(), there: z.int().nullable(), difference: z.int().nullable(),
  })),
  moves: z.strictObject({
    /** Lines that are the same in both. */
    alike: z.int(),
    onlyHere: z.array(lineSchema),
    onlyThere: z.array(lineSchema),
    otherwise: z.array(z.strictObject({ patient: z.string(), differs: z.array(z.enum(LINE_FIELDS)), here: lineSchema, there: lineSchema })),
  }),
  unplaced: z.strictObject({ both: z.array(z.string()), onlyHere: z.array(unplacedSchema), onlyThere: z.array(unplacedSchema) }),
  blocksOpened: z.strictObject({ both: blocksSchema, onlyHere: blocksSchema, onlyThere: blocksSchema }),
  basis: z.strictObject({
    sameSnapshot: z.boolean(),
    samePolicy: z.boolean(),
    /** Fields in which the policies in force differ, the scenario's own settings laid over the edition. */
    policyFields: z.array(z.string()),
    asOf: sidesOf(instantSchema),
    planDay: sidesOf(z.string()),
    edition: sidesOf(z.string()),
    lotSeed: sidesOf(z.string()),
    /** Rows in which the tables differ; decisions by hand are told one by one below. */
    tables: z.array(z.strictObject({ table: z.enum(TABLES), rows: z.int() })),
    edits: z.strictObject({ alike: z.int(), onlyHere: z.array(editLineSchema), onlyThere: z.array(editLineSchema) }),
  }),
})
export type Comparison = z.infer<typeof comparisonSchema>
