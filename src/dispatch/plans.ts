import { z } from 'zod'
import { phoneSchema } from '../access/phone.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'

export const PLAN_STATES = {
  approved: text('已批准', 'approved'),
  superseded: text('已被取代', 'superseded'),
  withdrawn: text('已撤回', 'withdrawn'),
} as const satisfies Vocabulary<string>
export type PlanState = keyof typeof PLAN_STATES

/** A line of the plan that is not issued, and why. */
export const strikeSchema = z.strictObject({ patient: z.string().min(1).max(200), reason: z.string().min(1).max(400) }).meta({ id: 'Strike' })
export type Strike = z.infer<typeof strikeSchema>

export const approvalSchema = z.strictObject({
  strike: z.array(strikeSchema).max(1000).default([]),
  note: z.string().max(1000).optional(),
  phone: phoneSchema.optional(),
}).meta({ id: 'Approval' })
export type Approval = z.infer<typeof approvalSchema>

/** The plan that a scenario brought along. */
export const BROUGHT = 'brought'
