import { z } from 'zod'
import { phoneSchema } from '../../access/phone.js'
import type { Principal } from '../../kernel/roles.js'
import { daySchema, instantOf, instantOrNull, instantOrNullSchema, instantSchema } from '../../kernel/time.js'
import { wordSchema } from '../../kernel/vocabulary.js'
import { type MaterialPlan, packingCountSchema, type ShipmentLine } from '../../planning/material/plan.js'
import { type BesideAllocations, lotOf, packedOf } from './beside.js'
import { struckShipmentSchema } from './bodies.js'
import { ALLOCATION_KINDS, ALLOCATION_STATES, ALLOCATION_STEPS, DIFFERENCE_REASONS, hasLeft } from './allocations.js'
import { allocationStepsOpen } from './steps.js'
import type { Allocation, AllocationEvent, AllocationLine } from './store.js'
import { type ApprovedMaterial, isThere } from './approving.js'
import { orNull } from '../orderOut.js'
import { PLAN_STATES } from '../plans.js'
import { text } from '../../kernel/text.js'

const units = z.int().nullable()
const actualShape = { shipped: units, accepted: units, damaged: units, missing: units, difference: orNull(wordSchema(DIFFERENCE_REASONS)), missingDifference: orNull(wordSchema(DIFFERENCE_REASONS)) }

const lineSchema = z.object({
  seq: z.int(), item: z.string(), lot: z.string(), number: z.string().nullable(), expiresOn: daySchema.nullable(),
  ordered: z.int(), packings: z.array(packingCountSchema), singles: z.int(), ...actualShape, substituteFor: z.string().nullable(),
}).meta({ id: 'AllocationLine' })

/** An allocation order as it goes out. */
export const allocationSchema = z.object({
  id: z.string(), version: z.int(), state: wordSchema(ALLOCATION_STATES), kind: wordSchema(ALLOCATION_KINDS), possible: z.array(wordSchema(ALLOCATION_STEPS)),
  run: z.string().nullable(), shipment: z.string().nullable(), request: z.string().nullable(), from: z.string().nullable(), to: z.string(), leavesOn: daySchema, arrivesOn: daySchema,
  reason: z.string().nullable(), phone: orNull(phoneSchema), confirmedAt: instantOrNullSchema, confirmedBy: z.string().nullable(),
  vehicle: z.string().nullable(), carrier: z.string().nullable(), issuedAt: instantSchema, issuedBy: z.string(), shippedAt: instantOrNullSchema, endedAt: instantOrNullSchema,
  lines: z.array(lineSchema),
}).meta({ id: 'AllocationOrder' })

function lineOut(line: AllocationLine, beside: BesideAllocations): z.infer<typeof lineSchema> {
  const { seq, item, lot, ordered, shipped, accepted, damaged, missing, difference, missingDifference, substituteFor } = line
  const { lot: number, expiresOn } = lotOf(beside, line)
  return { seq, item, lot, number, expiresOn, ordered, ...packedOf(beside, line, ordered), shipped, accepted, damaged, missing, difference, missingDifference, substituteFor }
}

/** With the steps that this reader could make. */
export function allocationOut({ order, lines }: Allocation, who: Principal, beside: BesideAllocations): z.infer<typeof allocationSchema> {
  const { id, version, state, kind, run, request, fromPlace, toPlace, leavesOn, arrivesOn, reason, phone, confirmedAt, confirmedBy, vehicle, carrier, issuedAt, issuedBy, shippedAt, endedAt } = order
  return {
    id, version, state, kind, possible: allocationStepsOpen(who, { ...order, since: issuedAt, by: issuedBy }), run, shipment: beside.shipments.get(id) ?? null, request, from: fromPlace, to: toPlace,
    leavesOn, arrivesOn, reason, phone, confirmedAt: instantOrNull(confirmedAt), confirmedBy, vehicle, carrier,
    issuedAt: instantOf(issuedAt), issuedBy, shippedAt: instantOrNull(shippedAt), endedAt: instantOrNull(endedAt), lines: lines.map((line) => lineOut(line, beside)),
  }
}

export const allocationEventSchema = z.object({
  seq: z.int(), step: wordSchema(ALLOCATION_STEPS), state: wordSchema(ALLOCATION_STATES), at: instantSchema, recordedAt: instantSchema, recordedBy: z.string(),
  note: z.string().nullable(), details: z.record(z.string(), z.unknown()),
}).meta({ id: 'StepOfAllocation' })

export const allocationEventOut = ({ seq, step, state, at, recordedAt, recordedBy, note, details }: AllocationEvent): z.infer<typeof allocationEventSchema> =>
  ({ seq, step, state, at: instantOf(at), recordedAt: instantOf(recordedAt), recordedBy, note, details: { ...details } })

const APPROVED = {
  approved: PLAN_STATES.approved, approvedByPhone: text('电话批准，待补签', 'approved by phone, the paper to follow'), withdrawn: PLAN_STATES.withdrawn,
}

/** What has become of one line of the plan. */
const FATES = {
  ...ALLOCATION_STATES, struck: text('批准时划去', 'struck by whoever approved'), waiting: text('待到货', 'waits for supplies to come'),
  withdrawn: text('待到货时已撤回', 'withdrawn while it waited for supplies'),
}

const plannedSchema = z.object({
  shipment: z.string(), order: z.string().nullable(), fate: wordSchema(FATES), from: z.string(), to: z.string(), item: z.string(),
  lot: z.string().nullable(), supply: z.string().nullable(), substituteFor: z.string().nullable(), planned: z.int(), ordered: units, ...actualShape,
}).meta({ id: 'PlannedAndActual' })

/** The approval of a plan's material, with plan against actual. */
export const approvedAllocationSchema = z.object({
  run: z.string(), state: wordSchema(APPROVED), maker: z.string(), approvedAt: instantSchema, approvedBy: z.string(), recordedAt: instantSchema, recordedBy: z.string(),
  phone: orNull(phoneSchema), confirmedAt: instantOrNullSchema, confirmedBy: z.string().nullable(), note: z.string().nullable(), struck: z.array(struckShipmentSchema),
  withdrawnAt: instantOrNullSchema, withdrawnBy: z.string().nullable(), withdrawalReason: z.string().nullable(),
  orders: z.array(z.string()), ordersOut: z.array(z.string()),
  waiting: z.array(z.object({ shipment: z.string(), supply: z.string(), item: z.string(), units: z.int() })),
  lines: z.array(plannedSchema),
}).meta({ id: 'ApprovedAllocation' })

export function approvedAllocationOut({ approval, orders, material }: ApprovedMaterial): z.infer<typeof approvedAllocationSchema> {
  const lines = plannedAndActual({ approval, orders, material })
  return {
    run: approval.run, state: stateOf(approval), maker: approval.maker,
    approvedAt: instantOf(approval.approvedAt), approvedBy: approval.phone?.answeredPost ?? approval.approvedBy,
    recordedAt: instantOf(approval.recordedAt), recordedBy: approval.approvedBy, phone: approval.phone,
    confirmedAt: instantOrNull(approval.confirmedAt), confirmedBy: approval.confirmedBy, note: approval.note, struck: [...approval.struck],
    withdrawnAt: instantOrNull(approval.withdrawnAt), withdrawnBy: approval.withdrawnBy, withdrawalReason: approval.withdrawalReason,
    orders: [...orders.values()].map(({ order }) => order.id), ordersOut: [...orders.values()].flatMap(({ order }) => (hasLeft(order.state) ? [order.id] : [])),
    waiting: lines.flatMap(({ shipment, supply, item, planned, fate }) => (fate === 'waiting' && supply !== null ? [{ shipment, supply, item, units: planned }] : [])),
    lines,
  }
}

function stateOf({ phone, confirmedAt, withdrawnAt }: ApprovedMaterial['approval']): keyof typeof APPROVED {
  if (withdrawnAt !== null) return 'withdrawn'
  return phone !== null && confirmedAt === null ? 'approvedByPhone' : 'approved'
}

const NOTHING_YET = { ordered: null, shipped: null, accepted: null, damaged: null, missing: null, difference: null, missingDifference: null }

/** Every line of the plan beside what became of it: lines of an order stand in the order of those of its shipment that lay there. */
export function plannedAndActual({ approval, orders, material: { shipments } }: Pick<ApprovedMaterial, 'orders'> & {
  readonly approval: Pick<ApprovedMaterial['approval'], 'struck' | 'withdrawnAt'>; readonly material: Pick<MaterialPlan, 'shipments'>
}): z.infer<typeof plannedSchema>[] {
  const struck = new Set(approval.struck.map(({ shipment }) => shipment))
  return shipments.flatMap(({ id: shipment, from, to, lines }) => {
    const issued = orders.get(shipment)
    const there = lines.filter(isThere)
    return lines.map((line) => {
      const actual = isThere(line) ? issued?.lines[there.indexOf(line)] : undefined
      return {
        shipment, order: actual === undefined ? null : issued?.order.id ?? null, fate: fateOf(line, { isStruck: struck.has(shipment), isWithdrawn: approval.withdrawnAt !== null, issued }), from, to, item: line.item,
        lot: isThere(line) ? actual?.lot ?? line.row : null, supply: isThere(line) ? null : line.row, substituteFor: line.substituteFor, planned: line.units,
        ...(actual === undefined ? NOTHING_YET : {
          ordered: actual.ordered, shipped: actual.shipped, accepted: actual.accepted, damaged: actual.damaged, missing: actual.missing, difference: actual.difference,
          missingDifference: actual.missingDifference,
        }),
      }
    })
  })
}

function fateOf(line: ShipmentLine, { isStruck, isWithdrawn, issued }: { isStruck: boolean; isWithdrawn: boolean; issued: Allocation | undefined }): keyof typeof FATES {
  if (isStruck) return 'struck'
  if (isThere(line)) return issued?.order.state ?? 'struck'
  return isWithdrawn ? 'withdrawn' : 'waiting'
}
