import { z } from 'zod'
import { phoneSchema } from '../../access/phone.js'
import { daySchema, instantSchema } from '../../kernel/time.js'
import { wordSchema } from '../../kernel/vocabulary.js'
import { outLineSchema } from '../../supplies/notes.js'
import { ALLOCATION_KINDS, DIFFERENCE_REASONS, LACK_REASONS } from './allocations.js'

const id = z.string().min(1).max(200)
const words = z.string().min(1).max(1000)
/** As for a transfer order: every step can say when it happened, and something beside. */
const stepShape = { at: instantSchema.optional(), note: words.optional() }
/** As many lines as an order may have: one a lot that it is served from. */
export const LINES_MAX = 1000

export const struckShipmentSchema = z.strictObject({ shipment: id, reason: z.string().min(1).max(400) }).meta({ id: 'StruckShipment' })

export const allocationApprovalSchema = z.strictObject({
  struck: z.array(struckShipmentSchema).max(1000).default([]), note: words.optional(), phone: phoneSchema.optional(),
}).meta({ id: 'AllocationApproval' })
export type AllocationApproval = z.infer<typeof allocationApprovalSchema>

const { allocation, loan, giveBack } = ALLOCATION_KINDS
export const allocationAskSchema = z.strictObject({
  kind: wordSchema({ allocation, loan, giveBack }), from: id, to: id, lines: z.array(outLineSchema.meta({ id: 'AllocationAskLine' })).min(1).max(100),
  reason: words, request: id.nullable().default(null), leavesOn: daySchema.optional(), arrivesOn: daySchema.optional(), phone: phoneSchema.optional(),
}).meta({ id: 'AllocationAsk' })
export type AllocationAsk = z.infer<typeof allocationAskSchema>

const seq = z.int().min(1).max(100_000)
const shippedLineSchema = z.strictObject({ seq, units: z.int().min(0).max(1_000_000_000) })
export type ShippedLine = z.infer<typeof shippedLineSchema>
export const shipmentAskSchema = z.strictObject({
  ...stepShape, vehicle: z.string().min(1).max(40).optional(), carrier: z.string().min(1).max(80).optional(),
  lines: z.array(shippedLineSchema).max(LINES_MAX).default([]),
}).meta({ id: 'AllocationShipped' })
export type ShipmentAsk = z.infer<typeof shipmentAskSchema>

const found = z.int().min(0).max(1_000_000_000)
const receivedLineSchema = z.strictObject({
  seq, accepted: found, damaged: found.default(0), missing: found.default(0), difference: wordSchema(DIFFERENCE_REASONS).optional(),
  missingDifference: wordSchema(LACK_REASONS).optional(),
}).meta({ id: 'AllocationReceivedLine' })
export type ReceivedLine = z.infer<typeof receivedLineSchema>
export const receiptAskSchema = z.strictObject({ ...stepShape, lines: z.array(receivedLineSchema).max(LINES_MAX).default([]) }).meta({ id: 'AllocationReceived' })
export type ReceiptAsk = z.infer<typeof receiptAskSchema>
