import { z } from 'zod'
import { phoneSchema } from '../access/phone.js'
import { SEVERITIES } from '../cases/cases.js'
import type { Principal } from '../kernel/roles.js'
import { instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { seenAt } from './clockwork.js'
import { handoverSchema } from './handover.js'
import { STATES } from './orders.js'
import { STEP_WORDS, type StepName, stepsOpen } from './steps.js'
import type { OrderEvent, TransferOrder } from './store.js'

/** A named schema that may be null here, and nowhere else for that. */
export const orNull = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()])

/** A transfer order as it goes out. */
export const orderSchema = z.object({
  id: z.string(), version: z.int(), state: wordSchema(STATES), possible: z.array(wordSchema(STEP_WORDS)),
  patient: z.string(), severity: wordSchema(SEVERITIES), fromPlace: z.string(), fromPool: z.string().nullable(),
  toPlace: z.string().nullable(), pool: z.string().nullable(), outside: z.string().nullable(),
  plan: z.string().nullable(), reason: z.string().nullable(), phone: orNull(phoneSchema), confirmedAt: instantOrNullSchema, confirmedBy: z.string().nullable(),
  trip: z.string().nullable(), vehicle: z.string().nullable(), crew: z.string().nullable(), travelMinutes: z.int().nullable(),
  leavesBase: instantOrNullSchema, departs: instantOrNullSchema, arrives: instantOrNullSchema, returns: instantOrNullSchema, answerBy: instantOrNullSchema, deadline: instantOrNullSchema,
  requestedAt: instantOrNullSchema, issuedAt: instantSchema, issuedBy: z.string(), dispatchedAt: instantOrNullSchema, arrivedAt: instantOrNullSchema, handover: orNull(handoverSchema),
}).meta({ id: 'TransferOrder' })

/** The order that was asked for, with those of whoever goes along on its trip. */
export const issuedSchema = z.object({ ...orderSchema.shape, companions: z.array(orderSchema) }).meta({ id: 'IssuedOrder' })


/** As the clock has it by now, with the steps that this reader could make. `last`: its last step, where what is taken once can have been. */
export function orderOut(order: TransferOrder, { who, now, last }: { who: Principal; now: Date; last: StepName | undefined }): z.infer<typeof orderSchema> {
  const { id, version, state, patient, severity, fromPlace, fromPool, toPlace, pool, outside, plan, reason, phone, confirmedBy, trip, vehicle, crew, travelMinutes, issuedBy, handover } = seenAt(order, now)
  return {
    id, version, state, possible: stepsOpen(who, { id, state, since: now, by: '', fromPlace, toPlace, last }),
    patient, severity, fromPlace, fromPool, toPlace, pool, outside, plan, reason, phone, confirmedAt: instantOrNull(order.confirmedAt), confirmedBy,
    trip, vehicle, crew, travelMinutes,
    leavesBase: instantOrNull(order.leavesBase), departs: instantOrNull(order.departs), arrives: instantOrNull(order.arrives), returns: instantOrNull(order.returns),
    answerBy: instantOrNull(order.answerBy), deadline: instantOrNull(order.deadline), requestedAt: instantOrNull(order.requestedAt),
    issuedAt: instantOf(order.issuedAt), issuedBy, dispatchedAt: instantOrNull(order.dispatchedAt), arrivedAt: instantOrNull(order.arrivedAt), handover,
  }
}

export const eventSchema = z.object({
  seq: z.int(), step: wordSchema(STEP_WORDS), state: wordSchema(STATES), at: instantSchema, recordedAt: instantSchema, recordedBy: z.string(),
  pool: z.string().nullable(), outside: z.string().nullable(), vehicle: z.string().nullable(), note: z.string().nullable(), details: z.record(z.string(), z.unknown()),
}).meta({ id: 'StepOfOrder' })

export const eventOut = ({ seq, step, state, at, recordedAt, recordedBy, pool, outside, vehicle, note, details }: OrderEvent): z.infer<typeof eventSchema> =>
  ({ seq, step, state, at: instantOf(at), recordedAt: instantOf(recordedAt), recordedBy, pool, outside, vehicle, note, details: { ...details } })
