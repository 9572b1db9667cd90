import { sql } from 'drizzle-orm'
import {
  boolean, check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex,
} from 'drizzle-orm/pg-core'
import type { Phone } from '../access/phone.js'
import type { Severity } from '../cases/cases.js'
import { careCase } from '../cases/tables.js'
import { moment } from '../db/tables.js'
import { place, pool } from '../facilities/tables.js'
import type { Consignment } from '../supplies/stock.js'
import { item, materialRequest, stockLot } from '../supplies/tables.js'
import type { LastPlanRow, Order } from '../planning/scenario.js'
import { planRun } from '../planning/tables.js'
import type { AllocationKind, AllocationState, AllocationStep, DifferenceReason, StruckShipment } from './material/allocations.js'
import type { Handover } from './handover.js'
import type { State } from './orders.js'
import type { PlanState, Strike } from './plans.js'
import type { StepName } from './steps.js'

/** One row: whoever issues orders or ends a plan locks it first, so that this is done one at a time. */
export const dispatchDesk = pgTable('dispatch_desk', { only: boolean('only').primaryKey().default(true) },
  (t) => [check('dispatch_desk_is_one', sql`${t.only}`)])

/** The life of a plan from its approval on. One that came with a scenario has no run. */
export const issuedPlan = pgTable('issued_plan', {
  id: text('id').primaryKey(),
  run: text('run').references(() => planRun.id),
  version: integer('version').notNull(),
  state: text('state').$type<PlanState>().notNull(),
  /** Whoever asked for the plan: never the one who approves it. */
  maker: text('maker'),
  approvedAt: moment('approved_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  approvedBy: text('approved_by').notNull(),
  phone: jsonb('phone').$type<Phone>(),
  confirmedAt: moment('confirmed_at'),
  confirmedBy: text('confirmed_by'),
  note: text('note'),
  struck: jsonb('struck').$type<readonly Strike[]>().notNull(),
  /** Reserve blocks that the approval opened. */
  opened: jsonb('opened').$type<readonly string[]>().notNull(),
  endedAt: moment('ended_at'),
  endedBy: text('ended_by'),
}, (t) => [
  uniqueIndex('issued_plan_is_one_a_run').on(t.run),
  uniqueIndex('issued_plan_is_one_in_force').on(t.state).where(sql`${t.state} = 'approved'`),
  check('issued_plan_state_is_known', sql`${t.state} in ('approved', 'superseded', 'withdrawn')`),
  check('issued_plan_is_approved_by_another', sql`${t.maker} <> ${t.approvedBy} and ${t.maker} <> coalesce(${t.confirmedBy}, '')`),
  check('issued_plan_ends_as_a_whole', sql`(${t.state} = 'approved') = (${t.endedAt} is null) and (${t.endedAt} is null) = (${t.endedBy} is null)`),
  check('issued_plan_is_confirmed_after_a_call', sql`(${t.confirmedAt} is null) = (${t.confirmedBy} is null) and (${t.confirmedAt} is null or ${t.phone} is not null)`),
  index('issued_plan_by_struck').using('gin', sql`${t.struck} jsonb_path_ops`),
])

/** Where an issued plan wanted to take somebody: what later plans stay close to. */
export const planLine = pgTable('plan_line', {
  plan: text('plan').notNull().references(() => issuedPlan.id),
  patient: text('patient').notNull(),
  body: jsonb('body').$type<LastPlanRow>().notNull(),
}, (t) => [primaryKey({ columns: [t.plan, t.patient] })])

/** A transfer order as it stands; how it came to be so is told by its events. */
export const transferOrder = pgTable('transfer_order', {
  /** Its number: the day and a count within the day, or what a scenario called it. */
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  state: text('state').$type<State>().notNull(),
  patient: text('patient').notNull().references(() => careCase.id),
  severity: text('severity').$type<Severity>().notNull(),
  fromPlace: text('from_place').notNull().references(() => place.id),
  fromPool: text('from_pool'),
  /** Where it leads: to beds of this system, or, by name, out of it. */
  toPlace: text('to_place'),
  pool: text('pool'),
  outside: text('outside'),
  plan: text('plan').references(() => issuedPlan.id),
  /** Why it was issued outside any plan. */
  reason: text('reason'),
  phone: jsonb('phone').$type<Phone>(),
  confirmedAt: moment('confirmed_at'),
  confirmedBy: text('confirmed_by'),
  trip: text('trip'),
  vehicle: text('vehicle'),
  crew: text('crew'),
  /** Null: nobody said how long the road out of the system is. */
  travelMinutes: integer('travel_minutes'),
  leavesBase: moment('leaves_base'),
  departs: moment('departs'),
  arrives: moment('arrives'),
  returns: moment('returns'),
  /** Silence until then is consent; null: nobody was asked. */
  answerBy: moment('answer_by'),
  /** Not dispatched by then it is over; null: never, or dispatched. */
  deadline: moment('deadline'),
  /** Since when they waited for it. */
  requestedAt: moment('requested_at'),
  issuedAt: moment('issued_at').notNull(),
  issuedBy: text('issued_by').notNull(),
  dispatchedAt: moment('dispatched_at'),
  arrivedAt: moment('arrived_at'),
  handover: jsonb('handover').$type<Handover>(),
  /** The row of a scenario that it came with, whose source it keeps. */
  brought: jsonb('brought').$type<Order>(),
}, (t) => [
  uniqueIndex('transfer_order_is_one_a_person').on(t.patient).where(sql`${t.state} in ('issued', 'accepted', 'reliefAsked', 'dispatched')`),
  foreignKey({ name: 'transfer_order_pool_at_place', columns: [t.pool, t.toPlace], foreignColumns: [pool.id, pool.place] }),
  check('transfer_order_leads_to_one_place', sql`num_nonnulls(${t.pool}, ${t.outside}) = 1 and (${t.pool} is null) = (${t.toPlace} is null)`),
  check('transfer_order_state_is_known', sql`${t.state} in
    ('issued', 'accepted', 'reliefAsked', 'dispatched', 'arrived', 'closed', 'relieved', 'cancelled', 'unwilling', 'expired', 'died', 'returned')`),
  check('transfer_order_on_the_road_has_no_deadline', sql`${t.state} <> 'dispatched' or ${t.deadline} is null`),
  check('transfer_order_is_handed_over', sql`(${t.state} in ('arrived', 'closed')) = (${t.handover} is not null)`),
  index('transfer_order_by_deadline').on(t.deadline),
  index('transfer_order_by_patient').on(t.patient, t.issuedAt),
  index('transfer_order_by_plan').on(t.plan),
])

/** Everything that happened to an order, in order; never changed. */
export const orderEvent = pgTable('order_event', {
  order: text('order_id').notNull().references(() => transferOrder.id),
  seq: integer('seq').notNull(),
  step: text('step').$type<StepName>().notNull(),
  /** The state after it. */
  state: text('state').$type<State>().notNull(),
  at: moment('at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
  /** Where the order then leads, and who drives: what was so at a past moment is read from here. */
  pool: text('pool'),
  outside: text('outside'),
  vehicle: text('vehicle'),
  leavesBase: moment('leaves_base'),
  /** Null also of what was told before this was kept; until then no step changed it once a vehicle had left. */
  departs: moment('departs'),
  returns: moment('returns'),
  deadline: moment('deadline'),
  note: text('note'),
  details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull(),
}, (t) => [
  primaryKey({ columns: [t.order, t.seq] }), check('order_event_counts_from_one', sql`${t.seq} >= 1`),
  index('order_event_by_time').on(t.at), index('order_event_by_telling').on(t.recordedAt),
])

/** Beds that a receiver was relieved of (请求调整成立), until it is lifted. */
export const relief = pgTable('relief', {
  order: text('order_id').primaryKey().references(() => transferOrder.id),
  pool: text('pool').notNull().references(() => pool.id),
  beds: integer('beds').notNull(),
  reason: text('reason').notNull(),
  since: moment('since').notNull(),
  upheldBy: text('upheld_by').notNull(),
  liftedAt: moment('lifted_at'),
  liftedBy: text('lifted_by'),
}, (t) => [
  check('relief_is_positive', sql`${t.beds} > 0`),
  check('relief_is_lifted_as_a_whole', sql`(${t.liftedAt} is null) = (${t.liftedBy} is null)`),
])

/** The material of a plan, approved (物资调拨方案): its allocation orders stand by themselves. */
export const issuedAllocation = pgTable('issued_allocation', {
  run: text('run').primaryKey().references(() => planRun.id),
  maker: text('maker').notNull(),
  approvedAt: moment('approved_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  approvedBy: text('approved_by').notNull(),
  phone: jsonb('phone').$type<Phone>(),
  confirmedAt: moment('confirmed_at'),
  confirmedBy: text('confirmed_by'),
  note: text('note'),
  struck: jsonb('struck').$type<readonly StruckShipment[]>().notNull(),
  /** Taken back, as far as its orders had not left. */
  withdrawnAt: moment('withdrawn_at'),
  withdrawnBy: text('withdrawn_by'),
  withdrawalReason: text('withdrawal_reason'),
}, (t) => [
  check('issued_allocation_is_approved_by_another', sql`${t.maker} <> ${t.approvedBy} and ${t.maker} <> coalesce(${t.confirmedBy}, '')`),
  check('issued_allocation_is_confirmed_after_a_call', sql`(${t.confirmedAt} is null) = (${t.confirmedBy} is null) and (${t.confirmedAt} is null or ${t.phone} is not null)`),
  check('issued_allocation_is_withdrawn_as_a_whole', sql`num_nulls(${t.withdrawnAt}, ${t.withdrawnBy}, ${t.withdrawalReason}) in (0, 3)`),
  // No paper follows what was taken back.
  check('issued_allocation_is_withdrawn_last', sql`${t.withdrawnAt} >= greatest(${t.recordedAt}, ${t.confirmedAt})`),
])

/** An allocation order (调拨单) as it stands; what it carries are its lines. */
export const allocationOrder = pgTable('allocation_order', {
  /** Its number: the day and a count within the day, or what a scenario called it. */
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  state: text('state').$type<AllocationState>().notNull(),
  kind: text('kind').$type<AllocationKind>().notNull(),
  run: text('run').references(() => issuedAllocation.run),
  /** The request that it answers. */
  request: text('request').references(() => materialRequest.id),
  /** Null: it comes from outside of the system. */
  fromPlace: text('from_place').references(() => place.id),
  toPlace: text('to_place').notNull().references(() => place.id),
  leavesOn: text('leaves_on').notNull(),
  arrivesOn: text('arrives_on').notNull(),
  reason: text('reason'),
  phone: jsonb('phone').$type<Phone>(),
  confirmedAt: moment('confirmed_at'),
  confirmedBy: text('confirmed_by'),
  vehicle: text('vehicle'),
  /** The transport company, or whose vehicle it is. */
  carrier: text('carrier'),
  issuedAt: moment('issued_at').notNull(),
  issuedBy: text('issued_by').notNull(),
  shippedAt: moment('shipped_at'),
  endedAt: moment('ended_at'),
  /** The row of a scenario that it came with, whose source it keeps. */
  brought: jsonb('brought').$type<Consignment>(),
}, (t) => [
  check('allocation_order_state_is_known', sql`${t.state} in ('issued', 'shipped', 'received', 'cancelled', 'lost')`),
  check('allocation_order_kind_is_known', sql`${t.kind} in ('plan', 'allocation', 'loan', 'giveBack')`),
  check('allocation_order_goes_elsewhere', sql`${t.fromPlace} <> ${t.toPlace}`),
  check('allocation_order_is_of_its_plan', sql`(${t.kind} = 'plan') = (${t.run} is not null)`),
  check('allocation_order_ends_as_a_whole', sql`(${t.state} in ('received', 'cancelled', 'lost')) = (${t.endedAt} is not null)`),
  check('allocation_order_is_shipped_before_it_comes', sql`(${t.state} in ('shipped', 'received', 'lost')) = (${t.shippedAt} is not null)`),
  index('allocation_order_by_run').on(t.run), index('allocation_order_by_request').on(t.request).where(sql`${t.request} is not null`),
])

/** So many of one lot on an allocation order. */
export const allocationLine = pgTable('allocation_line', {
  order: text('order_id').notNull().references(() => allocationOrder.id),
  seq: integer('seq').notNull(),
  item: text('item').notNull().references(() => item.id),
  lot: text('lot').notNull().references(() => stockLot.id),
  /** Base units that were ordered, put on the road, and found at the door; null: not yet. */
  ordered: integer('ordered').notNull(),
  shipped: integer('shipped'),
  accepted: integer('accepted'),
  damaged: integer('damaged'),
  missing: integer('missing'),
  difference: text('difference').$type<DifferenceReason>(),
  /** Why some were missing, where others were damaged, which `difference` then is about. */
  missingDifference: text('missing_difference').$type<DifferenceReason>(),
  /** The item that it stands in for. */
  substituteFor: text('substitute_for').references(() => item.id),
}, (t) => [
  primaryKey({ columns: [t.order, t.seq] }),
  check('allocation_line_is_of_something', sql`${t.ordered} > 0`),
  check('allocation_line_ships_no_more', sql`${t.shipped} between 0 and ${t.ordered}`),
  check('allocation_line_adds_up', sql`num_nulls(${t.accepted}, ${t.damaged}, ${t.missing}) in (0, 3)
    and least(${t.accepted}, ${t.damaged}, ${t.missing}) >= 0 and ${t.accepted} + ${t.damaged} + ${t.missing} = ${t.shipped}`),
  check('allocation_line_says_why', sql`(coalesce(${t.damaged}, 0) + coalesce(${t.missing}, 0) > 0) = (${t.difference} is not null)`),
  // Orders that were received before two reasons could be told have one for both.
  check('allocation_line_says_twice_of_both', sql`${t.missingDifference} is null or coalesce(least(${t.damaged}, ${t.missing}), 0) > 0`),
  index('allocation_line_by_lot').on(t.lot),
])

/** Everything that happened to an allocation order, in order; never changed. */
export const allocationEvent = pgTable('allocation_event', {
  order: text('order_id').notNull().references(() => allocationOrder.id),
  seq: integer('seq').notNull(),
  step: text('step').$type<AllocationStep>().notNull(),
  state: text('state').$type<AllocationState>().notNull(),
  at: moment('at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
  note: text('note'),
  details: jsonb('details').$type<Readonly<Record<string, unknown>>>().notNull(),
}, (t) => [
  primaryKey({ columns: [t.order, t.seq] }), check('allocation_event_counts_from_one', sql`${t.seq} >= 1`),
  index('allocation_event_by_time').on(t.at),
])
