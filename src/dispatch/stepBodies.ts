import { z } from 'zod'
import { phoneSchema } from '../access/phone.js'
import { CHILDREN_MAX, SEVERITIES } from '../cases/cases.js'
import { outsideSchema } from '../kernel/names.js'
import { instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { handoverSchema } from './handover.js'
import { OFF_PLAN_REASONS, RELIEF_REASONS, TURN_BACK_REASONS } from './orders.js'

const id = z.string().min(1).max(200)
/** Every step can say when it happened, and something beside. */
const stepShape = { at: instantSchema.optional(), note: z.string().min(1).max(1000).optional() }

export const stepSchema = z.strictObject(stepShape).meta({ id: 'Step' })
export type StepBody = z.infer<typeof stepSchema>

/** What ends an order for good is not done without a word. */
export const endingSchema = z.strictObject({ ...stepShape, note: z.string().min(1).max(1000) }).meta({ id: 'EndOfOrder' })

/** Nor is what was decided taken back. */
export const withdrawalSchema = endingSchema.pick({ note: true }).meta({ id: 'Withdrawal' })

export const reliefSchema = z.strictObject({ ...stepShape, reason: wordSchema(RELIEF_REASONS), beds: z.int().min(1).max(1000).default(1) }).meta({ id: 'ReliefAsked' })
export type ReliefAsked = z.infer<typeof reliefSchema>

export const dispatchSchema = z.strictObject({ ...stepShape, vehicle: id.optional(), crew: id.optional() }).meta({ id: 'Dispatch' })
export type Dispatch = z.infer<typeof dispatchSchema>

export const turnBackSchema = z.strictObject({ ...stepShape, reason: wordSchema(TURN_BACK_REASONS) }).meta({ id: 'TurnBack' })
export type TurnBack = z.infer<typeof turnBackSchema>

const { severe, critical } = SEVERITIES
export const worseningSchema = z.strictObject({ ...stepShape, severity: wordSchema({ severe, critical }) }).meta({ id: 'Worsening' })
export type Worsening = z.infer<typeof worseningSchema>

/** Where an order is to lead: to beds of this system, or, by name, out of it. The minutes of a road out of it stand in no table. */
const destinationShape = { pool: id.optional(), outside: outsideSchema.optional(), travelMinutes: z.int().min(1).max(2880).optional() }
export type Destined = z.infer<z.ZodObject<typeof destinationShape>>

export const diversionSchema = z.strictObject({ ...stepShape, ...destinationShape, vehicle: id.optional(), leavesBase: instantSchema.optional(), note: z.string().min(1).max(1000) }).meta({ id: 'Diversion' })
export type Diversion = z.infer<typeof diversionSchema>

export const arrivalSchema = z.strictObject({ ...stepShape, handover: handoverSchema }).meta({ id: 'Arrival' })
export type Arrival = z.infer<typeof arrivalSchema>

/** Who goes along on the same trip: a carer, or children of one; in the bed of whom they accompany unless another is named. */
const companionSchema = z.strictObject({ patient: id, pool: id.optional() }).meta({ id: 'CompanionOnTrip' })

export const offPlanSchema = z.strictObject({
  patient: id, companions: z.array(companionSchema).max(CHILDREN_MAX).optional(), ...destinationShape,
  reason: wordSchema(OFF_PLAN_REASONS), vehicle: id.nullable().default(null),
  leavesBase: instantSchema.optional(), note: z.string().min(1).max(1000).optional(), phone: phoneSchema.optional(),
}).meta({ id: 'OffPlanOrder' })
export type OffPlan = z.infer<typeof offPlanSchema>
