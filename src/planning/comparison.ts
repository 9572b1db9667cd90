import { z } from 'zod'
import { SEVERITIES, STATUSES } from '../cases/cases.js'
import { instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { materialLevelSchema, shipmentSchema } from './material/plan.js'
import { editLineSchema, moveSchema, unplacedSchema } from './plan.js'
import { levelSchema, textSchema } from './planWords.js'
import { TABLES } from './scenario.js'

const lineSchema = moveSchema.pick({ patient: true, severity: true, from: true, to: true, pool: true, departs: true, order: true })
const seenSchema = z.strictObject({ status: wordSchema(STATUSES), severity: wordSchema(SEVERITIES), place: z.string() })
const patientSchema = seenSchema.extend({ patient: z.string() })
export const LINE_FIELDS = ['severity', 'to', 'pool', 'departs', 'order'] as const
/** What of a case is shown beside each other where the two plans know it otherwise. */
export const SEEN_FIELDS = ['status', 'severity', 'place'] as const

const judgedSchema = z.strictObject({
  of: z.enum([...TABLES, 'policy', 'fleet', 'time']),
  /** Whose levels it is about: those of the transfers come first, and material is given out on where people lie by then. */
  for: z.enum(['transfers', 'material']),
  rows: z.int(),
  /** `*`: a row stands in one only. */
  fields: z.array(z.string()),
  /** The first of the rows by their ids. */
  first: z.array(z.string()),
})
export type JudgedOtherwise = z.infer<typeof judgedSchema>

const sidesOf = <S extends z.ZodType>(one: S) => z.strictObject({ here: one, there: one })
const blocksSchema = z.array(z.string())
const bothSides = { here: z.int(), there: z.int(), difference: z.int() }
const eitherSide = { here: z.int().nullable(), there: z.int().nullable(), difference: z.int().nullable() }

/** The material of two plans beside each other. Of a plan that has none everything is nought, and no level stands. */
export const materialComparisonSchema = z.strictObject({
  /** Why the levels do not rank the two: one has no material, or their bands or tiers are others. Null: they do. */
  whyNot: textSchema.nullable(),
  /** In their order; null where one does not rank it. Of the same bands and tiers, what nobody there needs is nought. */
  levels: z.array(materialLevelSchema.pick({ rule: true, level: true, title: true, unit: true, band: true, tier: true }).extend(eitherSide)),
  /** What stays short over all bands, by item in its base units, by kit in kits. */
  short: z.array(z.strictObject({ item: z.string(), ...bothSides })),
  /** What leaves one place for another on one day, by item in its base units: how many of these are the same, and the others. */
  shipments: z.strictObject({
    alike: z.int(),
    otherwise: z.array(shipmentSchema.pick({ from: true, to: true, leavesOn: true }).extend({ item: z.string(), ...bothSides })),
  }),
})
export type MaterialComparison = z.infer<typeof materialComparisonSchema>

/** What two plans have in common and what not: `here` is the one, `there` the other. */
export const comparisonSchema = z.strictObject({
  /**
   * By the first level at which they differ, those of the transfers before those of the material, as plans are made; null:
   * `notComparable` says why not.
   */
  better: z.enum(['here', 'there', 'neither']).nullable(),
  /** Why there is no verdict: they are not judged on the same (`basis.judgedOtherwise`), are not ranked by the same levels, or one has none. Null: there is one. */
  notComparable: textSchema.nullable(),
  /** The level at which that is decided. */
  decidedBy: levelSchema.pick({ rank: true, rule: true, title: true }).extend({ of: z.enum(['transfers', 'material']) }).nullable(),
  /** Null where the policy of one does not rank it. `difference`: there less here, so that positive is worse there. */
  levels: z.array(levelSchema.pick({ rule: true, level: true, title: true, unit: true }).extend(eitherSide)),
  moves: z.strictObject({
    /** Lines that are the same in both. */
    alike: z.int(),
    onlyHere: z.array(lineSchema),
    onlyThere: z.array(lineSchema),
    otherwise: z.array(z.strictObject({ patient: z.string(), differs: z.array(z.enum(LINE_FIELDS)), here: lineSchema, there: lineSchema })),
  }),
  unplaced: z.strictObject({ both: z.array(z.string()), onlyHere: z.array(unplacedSchema), onlyThere: z.array(unplacedSchema) }),
  /** Cases that only one of the two knows, and those that it knows otherwise: a plan costs nothing for what it does not know. */
  patients: z.strictObject({
    onlyHere: z.array(patientSchema),
    onlyThere: z.array(patientSchema),
    otherwise: z.array(z.strictObject({ patient: z.string(), differs: z.array(z.enum(SEEN_FIELDS)), here: seenSchema, there: seenSchema })),
  }),
  blocksOpened: z.strictObject({ both: blocksSchema, onlyHere: blocksSchema, onlyThere: blocksSchema }),
  /** Null: neither plan has any material. */
  material: materialComparisonSchema.nullable(),
  basis: z.strictObject({
    sameSnapshot: z.boolean(),
    samePolicy: z.boolean(),
    /** Fields in which the policies in force differ, the scenario's own settings laid over the edition. */
    policyFields: z.array(z.string()),
    asOf: sidesOf(instantSchema),
    planDay: sidesOf(z.string()),
    edition: sidesOf(z.string()),
    lotSeed: sidesOf(z.string()),
    /** In what the levels and the rules of the two are not of the same: then neither is called better. */
    judgedOtherwise: z.array(judgedSchema),
    /** Rows in which the tables differ, be it in words only; decisions by hand are told one by one below. */
    tables: z.array(z.strictObject({ table: z.enum(TABLES), rows: z.int() })),
    edits: z.strictObject({ alike: z.int(), onlyHere: z.array(editLineSchema), onlyThere: z.array(editLineSchema) }),
  }),
})
export type Comparison = z.infer<typeof comparisonSchema>
