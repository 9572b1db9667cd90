import { z } from 'zod'

/** What the plan of transfers and the plan of material are both written in. */
export const textSchema = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })

/** One level of a plan: a need or wish, the value reached, and whether no plan can do better. */
export const levelSchema = z.strictObject({
  level: z.enum(['need', 'wish']),
  /** 1, 2, 3 … over needs and wishes together. */
  rank: z.int().min(1),
  rule: z.string(),
  title: textSchema,
  /** Whole, and the smaller the better. */
  value: z.int(),
  unit: textSchema,
  /** Proved: nothing better exists, the earlier levels being kept. */
  optimal: z.boolean(),
  /** Where optimal is false: no plan has a smaller value than this; null when nothing is known. */
  bound: z.int().nullable(),
  note: textSchema.nullable(),
})

/** Something to be said of one thing: the rule that says it, whom it is about, and the sentence. */
export const foundSchema = z.strictObject({ rule: z.string(), subject: z.string(), text: textSchema })
export type Found = z.infer<typeof foundSchema>
