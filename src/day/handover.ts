import { z } from 'zod'
import { SEVERITIES } from '../cases/cases.js'
import { ALLOCATION_STATES } from '../dispatch/material/allocations.js'
import { RELIEF_REASONS, STATES } from '../dispatch/orders.js'
import { PURPOSES } from '../dispatch/promises.js'
import { FALLEN } from '../dispatch/waiting.js'
import { postSchema } from '../kernel/ids.js'
import { text } from '../kernel/text.js'
import { daySchema, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { HALVES, SYMPTOMS } from '../stays/isolation/contacts.js'
import { URGENCIES } from '../supplies/receivers.js'
import { REQUEST_STATES } from '../supplies/requests.js'
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

const ringsSchema = z.array(z.object({ kind: wordSchema(OVERDUE), since: instantSchema }))
const textSchema = z.object({ zh: z.string(), en: z.string() })
const orderSchema = z.object({
  order: z.string(), state: wordSchema(STATES), patient: z.string(),
  /** Null: it was frozen before that was a part of a shift. */
  severity: wordSchema(SEVERITIES).nullable(), fromPlace: z.string(), toPlace: z.string().nullable(), outside: z.string().nullable(), pool: z.string().nullable(),
  vehicle: z.string().nullable(), departs: instantOrNullSchema, arrives: instantOrNullSchema, deadline: instantOrNullSchema, rings: ringsSchema,
}).meta({ id: 'OrderInShift' })
const fallenSchema = z.object({
  kind: wordSchema(FALLEN), patient: z.string(), severity: wordSchema(SEVERITIES), place: z.string().nullable(), pool: z.string().nullable(),
  since: instantSchema, order: z.string().nullable(), plan: z.string().nullable(), by: z.string(), note: z.string().nullable(),
}).meta({ id: 'FallenInShift' })
const waitingSchema = z.object({
  patient: z.string(), severity: wordSchema(SEVERITIES), place: z.string().nullable(), pool: z.string().nullable(), since: instantSchema,
}).meta({ id: 'WaitingInShift' })
const symptomsSchema = z.object({
  contact: z.string(), place: z.string(), since: instantSchema,
  seen: z.array(z.object({ day: daySchema, half: wordSchema(HALVES), temperatureTenths: z.int().nullable(), symptoms: z.array(wordSchema(SYMPTOMS)) })),
}).meta({ id: 'SymptomsInShift' })
const promiseSchema = z.object({
  pool: z.string(), purpose: wordSchema(PURPOSES), order: z.string().nullable(), beds: z.int(), deadline: instantOrNullSchema,
}).meta({ id: 'PromiseInShift' })
const reliefSchema = z.object({
  order: z.string(), pool: z.string(), beds: z.int(), reason: wordSchema(RELIEF_REASONS), since: instantSchema, upheldBy: z.string(),
}).meta({ id: 'ReliefInShift' })
const planSchema = z.object({ run: z.string(), approvedAt: instantSchema, approvedBy: z.string() }).meta({ id: 'PlanInForce' })
export const DRAFT_WAITS = {
  transfers: text('转运', 'transfers'),
  material: text('物资', 'material'),
  both: text('转运与物资', 'transfers and material'),
} as const satisfies Vocabulary<string>
const draftSchema = z.object({
  run: z.string(), planDay: daySchema, requestedAt: instantSchema, requestedBy: z.string(),
  /** Null: it was frozen when only drafts whose transfers wait were a part of a shift. */
  waits: wordSchema(DRAFT_WAITS).nullable(),
}).meta({ id: 'DraftInShift' })

const { issued, shipped } = ALLOCATION_STATES
const allocationSchema = z.object({
  order: z.string(), state: wordSchema({ issued, shipped }), from: z.string().nullable(), to: z.string(), leavesOn: daySchema, arrivesOn: daySchema,
  items: z.array(z.object({ item: z.string(), units: z.int() })), rings: ringsSchema,
}).meta({ id: 'AllocationInShift' })
const { open, approved } = REQUEST_STATES
const requestSchema = z.object({
  request: z.string(), state: wordSchema({ open, approved }), place: z.string(), item: z.string(), urgency: wordSchema(URGENCIES),
  asked: z.int(), approved: z.int().nullable(), since: instantSchema, rings: ringsSchema,
}).meta({ id: 'RequestInShift' })

export const WITHOUT_PAPER = {
  plan: text('方案', 'a plan'),
  order: text('方案外指令', 'an order outside any plan'),
  material: text('方案的物资', 'the material of a plan'),
  allocationOrder: text('方案外调拨单', 'an allocation order outside any plan'),
} as const satisfies Vocabulary<string>
const calledSchema = z.object({
  kind: wordSchema(WITHOUT_PAPER), id: z.string(),
  /** Null: nobody called. `at`: of the call, or else of the order. */
  calledPost: z.string().nullable(), answeredPost: z.string().nullable(), at: instantSchema,
}).meta({ id: 'WithoutPaper' })

const callSchema = z.object({ pool: z.string().nullable(), place: z.string(), waiting: z.int(), text: textSchema }).meta({ id: 'CallInShift' })
const staleSchema = z.object({ pool: z.string(), place: z.string(), text: textSchema }).meta({ id: 'StaleInShift' })

/** What is open at one moment: what a shift leaves to the next. */
export const openSchema = z.object({
  knownAt: instantSchema,
  orders: z.array(orderSchema),
  /** Null: it was frozen before they were a part of a shift. */
  fallenOut: z.array(fallenSchema).nullable(), waiting: z.array(waitingSchema).nullable(), symptoms: z.array(symptomsSchema).nullable(),
  promises: z.array(promiseSchema), reliefs: z.array(reliefSchema),
  /** The plan in force; null: there is none, or it is not this shift's. */
  plan: planSchema.nullable(),
  drafts: z.array(draftSchema), withoutPaper: z.array(calledSchema),
  /** Null: it was frozen before material was a part of a shift. */
  allocations: z.array(allocationSchema).nullable(), requests: z.array(requestSchema).nullable(),
  /** Null: the picture contradicts itself or no edition holds on the day, so that nobody can say. */
  calls: z.array(callSchema).nullable(), stale: z.array(staleSchema).nullable(),
})
export type Open = z.infer<typeof openSchema>

/** What of a handover is frozen. */
export type Shift = Giving & Open

/** What a shift was not yet written with when the first were frozen. */
type Later = 'allocations' | 'requests' | 'fallenOut' | 'waiting' | 'symptoms'
type LaterOfOrder = 'severity' | 'departs' | 'arrives'
type Lacking<Row, Field extends keyof Row> = Omit<Row, Field> & Partial<Pick<Row, Field>>
type Written = Lacking<Omit<Shift, 'orders' | 'drafts'>, Later> & {
  readonly orders: readonly Lacking<Shift['orders'][number], LaterOfOrder>[]
  readonly drafts: readonly Lacking<Shift['drafts'][number], 'waits'>[]
}

/** What was frozen, as it was written; null where it was not written then. */
export function shiftOf({ content }: Pick<Handover, 'content'>): Shift {
  const { orders, drafts, ...written } = JSON.parse(content) as Written
  return {
    allocations: null, requests: null, fallenOut: null, waiting: null, symptoms: null, ...written,
    orders: orders.map((order) => ({ severity: null, departs: null, arrives: null, ...order })),
    drafts: drafts.map((draft) => ({ waits: null, ...draft })),
  }
}
