import { z } from 'zod'
import { RELIEF_REASONS, STATES } from '../dispatch/orders.js'
import { PURPOSES } from '../dispatch/promises.js'
import { postSchema } from '../kernel/ids.js'
import { text } from '../kernel/text.js'
import { daySchema, instantSchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { OVERDUE } from './rings.js'
import type { Handover } from './store.js'

const words = z.string().min(1).max(1000)

/** What whoever comes on has to know and no figure says (例外事项). */
const exceptionSchema = z.strictObject({ about: z.string().min(1).max(200).nullable().default(null), text: words }).meta({ id: 'ShiftException' })

/** A shift is handed over to a post, for the city or for one place. */
export const givingSchema = z.strictObject({
  place: z.string().min(1).max(200).nullable().default(null),
  toPost: postSchema,
  exceptions: z.array(exceptionSchema).max(50).default([]),
  note: words.nullable().default(null),
}).meta({ id: 'ShiftGiven' })
export type Giving = z.infer<typeof givingSchema>

const textSchema = z.object({ zh: z.string(), en: z.string() })
const orderSchema = z.object({
  order: z.string(), state: wordSchema(STATES), patient: z.string(), fromPlace: z.string(), toPlace: z.string().nullable(), outside: z.string().nullable(), pool: z.string().nullable(),
  vehicle: z.string().nullable(), deadline: instantSchema.nullable(), rings: z.array(z.object({ kind: wordSchema(OVERDUE), since: instantSchema })),
}).meta({ id: 'OrderInShift' })
const promiseSchema = z.object({
  pool: z.string(), purpose: wordSchema(PURPOSES), order: z.string().nullable(), beds: z.int(), deadline: instantSchema.nullable(),
}).meta({ id: 'PromiseInShift' })
const reliefSchema = z.object({
  order: z.string(), pool: z.string(), beds: z.int(), reason: wordSchema(RELIEF_REASONS), since: instantSchema, upheldBy: z.string(),
}).meta({ id: 'ReliefInShift' })
const planSchema = z.object({ run: z.string(), approvedAt: instantSchema, approvedBy: z.string() }).meta({ id: 'PlanInForce' })
const draftSchema = z.object({ run: z.string(), planDay: daySchema, requestedAt: instantSchema, requestedBy: z.string() }).meta({ id: 'DraftInShift' })

export const WITHOUT_PAPER = {
  plan: text('方案', 'a plan'),
  order: text('方案外指令', 'an order outside any plan'),
} as const satisfies Vocabulary<string>
const calledSchema = z.object({
  kind: wordSchema(WITHOUT_PAPER), id: z.string(), calledPost: z.string(), answeredPost: z.string(), at: instantSchema,
}).meta({ id: 'CallWithoutPaper' })

const callSchema = z.object({ pool: z.string(), place: z.string(), waiting: z.int(), text: textSchema }).meta({ id: 'CallInShift' })
const staleSchema = z.object({ pool: z.string(), place: z.string(), text: textSchema }).meta({ id: 'StaleInShift' })

/** What is open at one moment: what a shift leaves to the next. */
export const openSchema = z.object({
  knownAt: instantSchema,
  orders: z.array(orderSchema), promises: z.array(promiseSchema), reliefs: z.array(reliefSchema),
  /** The plan in force; null: there is none, or it is not this shift's. */
  plan: planSchema.nullable(),
  drafts: z.array(draftSchema), withoutPaper: z.array(calledSchema),
  /** Null: the picture contradicts itself or no edition holds on the day, so that nobody can say. */
  calls: z.array(callSchema).nullable(), stale: z.array(staleSchema).nullable(),
})
export type Open = z.infer<typeof openSchema>

/** What of a handover is frozen. */
export type Shift = Giving & Open

/** What was frozen, as it was written. */
export const shiftOf = ({ content }: Pick<Handover, 'content'>): Shift => JSON.parse(content) as Shift
