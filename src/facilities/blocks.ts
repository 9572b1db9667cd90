import { z } from 'zod'
import { provenanceShape } from '../kernel/provenance.js'
import { limitSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { keysOf, type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

export const SIGNATURES = {
  signed: text('已签', 'signed'),
  notSigned: text('未签', 'not signed'),
  unknown: text('未知', 'unknown'),
} as const satisfies Vocabulary<string>

/** What has to be checked and signed before a block takes patients. */
export const READINESS_STEPS = {
  clearing: text('腾空', 'clearing'),
  conversion: text('改造', 'conversion'),
  oxygen: text('供氧', 'oxygen'),
  staff: text('人员', 'staff'),
} as const satisfies Vocabulary<string>
export type ReadinessStep = keyof typeof READINESS_STEPS

const signatureSchema = wordSchema(SIGNATURES)

/** A part of a reserve hospital that opens as a whole (后备医院分区). */
export const blockSchema = z.strictObject({
  place: z.string().min(1),
  /** Blocks of one place open in this order, ordinary beds before intensive ones. */
  sequence: z.int().min(1).max(1000),
  /** Already taking patients: opening it costs nothing more. */
  opened: z.boolean(),
  clearing: signatureSchema,
  conversion: signatureSchema,
  oxygen: signatureSchema,
  staff: signatureSchema,
  /** Signed to take critical patients too. */
  critical: signatureSchema,
  /** Days from the decision to the first patient. */
  leadDays: limitSchema,
  ...provenanceShape,
})
export type Block = z.infer<typeof blockSchema>

/** Steps of readiness that nobody has signed; a block takes patients only when there is none. */
export const unsignedSteps = (block: Pick<Block, ReadinessStep>): ReadinessStep[] =>
  keysOf(READINESS_STEPS).filter((step) => block[step] !== 'signed')

export const isReady = (block: Pick<Block, ReadinessStep>): boolean => unsignedSteps(block).length === 0
