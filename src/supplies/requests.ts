import { z } from 'zod'
import { countSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { instantSchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { URGENCIES } from './receivers.js'
import { unitsSchema } from './stock.js'

/** What has become of what a place asks for. */
export const REQUEST_STATES = {
  open: text('待批', 'open'),
  approved: text('已批', 'approved'),
  refused: text('未批', 'refused'),
  withdrawn: text('已撤回', 'withdrawn'),
} as const satisfies Vocabulary<string>
export type RequestState = keyof typeof REQUEST_STATES

/** Within so long an urgent request is answered, or it rings. No source states a figure. */
export const URGENT_ANSWER_MINUTES = 60

/** So many base units in packings that are not opened: the last of them goes whole. */
export const inWhole = (units: number, each: number): number => Math.ceil(units / each) * each

const idShape = z.string().min(1).max(200)
const answerSchema = z.string().min(1).max(400)

/** What a place asks for (申领): so many base units, or so many packings. */
export const requestAskSchema = z.strictObject({
  place: idShape,
  item: idShape,
  units: unitsSchema.min(1).nullable().default(null),
  packing: z.string().min(1).max(40).nullable().default(null),
  count: countSchema.min(1).nullable().default(null),
  urgency: wordSchema(URGENCIES),
  reason: z.string().min(1).max(400).nullable().default(null),
  /** When it was asked for, where that was by telephone; now when left out. */
  askedAt: instantSchema.optional(),
})
export type RequestAsk = z.infer<typeof requestAskSchema>

/** What was computed for a request: what the place needs by norm, and what it is recommended to be given. */
export const recommendationSchema = z.strictObject({ need: unitsSchema, recommended: unitsSchema })
export type Recommendation = z.infer<typeof recommendationSchema>

export const approvalSchema = z.strictObject({ units: unitsSchema.min(1), answer: answerSchema.nullable().default(null) })
export type RequestApproval = z.infer<typeof approvalSchema>

export const refusalSchema = z.strictObject({ answer: answerSchema })
export type RequestRefusal = z.infer<typeof refusalSchema>
