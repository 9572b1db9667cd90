import { z } from 'zod'
import { provenanceShape } from '../kernel/provenance.js'
import { text } from '../kernel/text.js'
import { daySchema, instantOrNullSchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { unitsSchema } from './stock.js'

/** A place that material is planned for. */
export const receiverSchema = z.strictObject({
  place: z.string().min(1),
  /** Null: the city gives to it directly; else the reporting unit that splits its own part. */
  suppliedBy: z.string().min(1).nullable(),
  /** A new place counts by its staffed beds from this day on, and gets its opening kit; null: it is at work. */
  opensOn: daySchema.nullable(),
  ...provenanceShape,
})
export type Receiver = z.infer<typeof receiverSchema>

export const URGENCIES = {
  ordinary: text('普通', 'ordinary'),
  urgent: text('紧急', 'urgent'),
} as const satisfies Vocabulary<string>
export type Urgency = keyof typeof URGENCIES

/** What a place asks for (申请数量): shown beside what it needs, and never planned with. */
export const requestSchema = z.strictObject({
  place: z.string().min(1),
  item: z.string().min(1),
  units: unitsSchema.min(1),
  urgency: wordSchema(URGENCIES),
  askedAt: instantOrNullSchema,
  ...provenanceShape,
})
export type MaterialRequest = z.infer<typeof requestSchema>
