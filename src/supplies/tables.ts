import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { fromBody, moment, recordColumns } from '../db/tables.js'
import { place } from '../facilities/tables.js'
import type { Equipment } from './equipment.js'
import type { Item, ItemCode, KitPart, Packing, Substitute } from './items.js'
import type { Norm, Staff, Use } from './norms.js'
import type { NoteKind } from './notes.js'
import type { MaterialRequest, Receiver, Urgency } from './receivers.js'
import type { RequestState } from './requests.js'
import type { LotRecord, Source, Supply } from './stock.js'

export const item = pgTable('item', { ...recordColumns<Item>() })

const ofItem = () => fromBody('item', 'item').notNull().references(() => item.id)
const atPlace = () => fromBody('place', 'place').notNull().references(() => place.id)

export const itemCode = pgTable('item_code', {
  ...recordColumns<ItemCode>(), item: ofItem(), system: fromBody('system', 'system').notNull(), code: fromBody('code', 'code').notNull(),
}, (t) => [unique('item_code_means_one_thing').on(t.system, t.code)])

export const packing = pgTable('packing', {
  ...recordColumns<Packing>(), item: ofItem(), packing: fromBody('packing', 'packing').notNull(),
}, (t) => [unique('packing_stands_once').on(t.item, t.packing)])

export const substitute = pgTable('substitute', {
  ...recordColumns<Substitute>(), item: ofItem(), substitute: fromBody('substitute', 'substitute').notNull().references(() => item.id),
  order: fromBody('in_order', 'order').notNull(),
}, (t) => [unique('substitute_has_its_turn').on(t.item, t.order), unique('substitute_stands_once').on(t.item, t.substitute)])

export const kitPart = pgTable('kit_part', {
  ...recordColumns<KitPart>(), item: ofItem(), kit: fromBody('kit', 'kit').notNull(),
}, (t) => [unique('kit_part_stands_once').on(t.kit, t.item)])

export const norm = pgTable('norm', { ...recordColumns<Norm>(), item: ofItem() })

export const receiver = pgTable('receiver', { ...recordColumns<Receiver>(), place: atPlace() }, (t) => [unique('receiver_stands_once').on(t.place)])

export const staffOnShift = pgTable('staff_on_shift', { ...recordColumns<Staff>(), place: atPlace() })

export const reportedUse = pgTable('reported_use', {
  ...recordColumns<Use>(), place: atPlace(), item: ofItem(),
}, (t) => [unique('reported_use_stands_once').on(t.place, t.item)])

export const stockSource = pgTable('stock_source', { ...recordColumns<Source>(), place: atPlace() }, (t) => [unique('stock_source_stands_once').on(t.place)])

export const expectedSupply = pgTable('expected_supply', { ...recordColumns<Supply>(), place: atPlace(), item: ofItem() })

/** What is counted one by one and stays: a ventilator has a place, and is never used up. */
export const equipment = pgTable('equipment', { ...recordColumns<Equipment>(), place: atPlace() })

/** One lot of one item. How much of it lies where is in the ledger's book of its own. */
export const stockLot = pgTable('stock_lot', { ...recordColumns<LotRecord>(), place: atPlace(), item: ofItem() })

/** A note of stock (单据): why its movements in the ledger are. Never changed; another one reverses it. */
export const stockNote = pgTable('stock_note', {
  /** Its number: the day and a count within the day, or what a scenario called it. */
  id: text('id').primaryKey(),
  kind: text('kind').$type<NoteKind>().notNull(),
  place: text('place').notNull().references(() => place.id),
  /** The item that a stocktake counted whole; null for other kinds. */
  item: text('item').references(() => item.id),
  /** Who gave it, or who got it, outside of the system. */
  party: text('party'),
  note: text('note'),
  reverses: text('reverses'),
  effectiveAt: moment('effective_at').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recordedBy: text('recorded_by').notNull(),
}, (t) => [
  foreignKey({ name: 'stock_note_reverses_a_note', columns: [t.reverses], foreignColumns: [t.id] }),
  uniqueIndex('stock_note_is_reversed_once').on(t.reverses),
  check('stock_note_reversal_names_a_note', sql`(${t.kind} = 'reversal') = (${t.reverses} is not null)`),
  check('stock_note_counts_an_item', sql`(${t.kind} = 'stocktake') = (${t.item} is not null)`),
  check('stock_note_kind_is_known', sql`${t.kind} in ('receipt', 'return', 'consumption', 'loss', 'damage', 'expiry', 'stocktake', 'reversal')`),
  index('stock_note_by_place').on(t.place, t.effectiveAt),
])

/** What a place asks for (申领). What it needs, was recommended, approved and sent is kept beside, each with who and when. */
export const materialRequest = pgTable('material_request', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  state: text('state').$type<RequestState>().notNull(),
  place: text('place').notNull().references(() => place.id),
  item: text('item').notNull().references(() => item.id),
  urgency: text('urgency').$type<Urgency>().notNull(),
  /** Base units; what it needs and what was recommended are null while nobody has computed them. */
  asked: integer('asked').notNull(),
  need: integer('need'),
  recommended: integer('recommended'),
  approved: integer('approved'),
  reason: text('reason'),
  askedAt: moment('asked_at').notNull(),
  askedBy: text('asked_by').notNull(),
  recordedAt: moment('recorded_at').notNull(),
  recommendedAt: moment('recommended_at'),
  recommendedBy: text('recommended_by'),
  answeredAt: moment('answered_at'),
  answeredBy: text('answered_by'),
  answer: text('answer'),
  /** The row of a scenario that it came with, whose source it keeps. */
  brought: jsonb('brought').$type<MaterialRequest>(),
}, (t) => [
  check('material_request_state_is_known', sql`${t.state} in ('open', 'approved', 'refused', 'withdrawn')`),
  check('material_request_is_of_something', sql`${t.asked} > 0 and coalesce(${t.approved}, 1) > 0`),
  check('material_request_is_answered_as_a_whole', sql`(${t.state} = 'open') = (${t.answeredAt} is null) and (${t.answeredAt} is null) = (${t.answeredBy} is null)`),
  check('material_request_approves_so_many', sql`(${t.state} = 'approved') = (${t.approved} is not null)`),
  index('material_request_by_place').on(t.place, t.askedAt),
])
