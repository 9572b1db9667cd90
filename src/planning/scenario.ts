import { z } from 'zod'
import { caseSchema, intakeSchema } from '../cases/cases.js'
import { CARE_LEVELS, poolSchema } from '../facilities/beds.js'
import { blockSchema } from '../facilities/blocks.js'
import { placeSchema, teamSchema, unitSchema } from '../facilities/places.js'
import { travelSchema, vehicleSchema } from '../facilities/transport.js'
import { canonicalJson } from '../kernel/canonical.js'
import { idSchema } from '../kernel/ids.js'
import { outsideSchema } from '../kernel/names.js'
import { provenanceShape } from '../kernel/provenance.js'
import { text } from '../kernel/text.js'
import { daySchema, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { editSchema } from './edits.js'
import { itemSchema, kitPartSchema, packingSchema, substituteSchema } from '../supplies/items.js'
import { normSchema, staffSchema, useSchema } from '../supplies/norms.js'
import { receiverSchema, requestSchema } from '../supplies/receivers.js'
import { consignmentSchema, lotSchema, sourceSchema, supplySchema } from '../supplies/stock.js'

/** The needs, in their order. Their rules stand in rules/needs.ts. */
export const NEEDS_IN_ORDER = {
  critical: text('危重型有床有专家组', 'critical cases have their bed and an expert team'),
  severe: text('重型有床有专家组', 'severe cases have their bed and an expert team'),
  suspected: text('疑似病例单间隔离', 'suspected cases lie alone'),
  concentrated: text('确诊病例集中救治', 'confirmed cases are concentrated'),
  waiting: text('等候最久者先转', 'the longest wait ends first'),
} as const satisfies Vocabulary<string>

/** A need may be demanded, which makes it a must; the waiting hours follow from the others. */
export const demandSchema = z.enum(['critical', 'severe', 'suspected', 'concentrated'])
export type Demand = z.infer<typeof demandSchema>

export const ORDER_STATES = {
  issued: text('已下达', 'issued'),
  dispatched: text('已出车', 'dispatched'),
} as const satisfies Vocabulary<string>

/** A transfer order that stands (转运指令): the plan keeps it and plans around it. */
export const orderSchema = z.strictObject({
  patient: z.string().min(1),
  /** Where it leads: to beds of this system, or, by name, out of it. One of the two is null. */
  pool: z.string().min(1).nullable(),
  outside: outsideSchema.nullable().default(null),
  state: wordSchema(ORDER_STATES),
  vehicle: z.string().min(1).nullable(),
  /** Vehicle leaves its base, and is clean and back there. */
  departs: instantOrNullSchema,
  returns: instantOrNullSchema,
  ...provenanceShape,
})
export type Order = z.infer<typeof orderSchema>

/** Where the last issued plan wanted to take a case. */
export const lastPlanSchema = z.strictObject({
  to: z.string().min(1),
  careLevel: wordSchema(CARE_LEVELS),
  ...provenanceShape,
})
export type LastPlanRow = z.infer<typeof lastPlanSchema>

const table = <T extends z.ZodType>(row: T) => z.record(idSchema, row)

export const NAME_LETTERS_MAX = 80
export const STORY_LETTERS_MAX = 4000
/** A table that a scenario may leave out. */
const optionalTable = <T extends z.ZodType>(row: T) => z.record(idSchema, row).default({})

/** Tables of material: where there are no receivers, none is planned. */
const materialShape = {
  items: optionalTable(itemSchema),
  packings: optionalTable(packingSchema),
  substitutes: optionalTable(substituteSchema),
  kitParts: optionalTable(kitPartSchema),
  norms: optionalTable(normSchema),
  receivers: optionalTable(receiverSchema),
  staff: optionalTable(staffSchema),
  uses: optionalTable(useSchema),
  sources: optionalTable(sourceSchema),
  lots: optionalTable(lotSchema),
  supplies: optionalTable(supplySchema),
  consignments: optionalTable(consignmentSchema),
  requests: optionalTable(requestSchema),
}

const settingsShape = {
  name: z.string().min(1).max(NAME_LETTERS_MAX),
  story: z.string().max(STORY_LETTERS_MAX),
  /** Fixed for the day, so that nobody can draw again. */
  lotSeed: z.string().min(1).max(80),
  /** `unlimited`: no vehicle rows and no timetable. */
  fleet: z.enum(['listed', 'unlimited']),
  /** Laid over the edition in force. */
  policy: z.record(z.string(), z.unknown()),
  /** Needs that must hold. */
  require: z.array(demandSchema),
}

/** What a plan assumes beside the tables, kept from day to day. */
export const settingsSchema = z.strictObject(settingsShape)
export type Settings = z.infer<typeof settingsSchema>

/** Everything a plan is computed from: the scenario folder as one object, keyed by id, so that a merge patch can address a row. */
export const scenarioSchema = z.strictObject({
  ...settingsShape,
  /** What was known when. */
  asOf: instantSchema,
  /** The day on which the plan is carried out; it chooses the policy edition. */
  planDay: daySchema,
  units: table(unitSchema),
  places: table(placeSchema),
  pools: table(poolSchema),
  blocks: table(blockSchema),
  teams: table(teamSchema),
  cases: table(caseSchema),
  vehicles: table(vehicleSchema),
  travel: table(travelSchema),
  orders: table(orderSchema),
  lastPlan: table(lastPlanSchema),
  intake: table(intakeSchema),
  edits: table(editSchema),
  ...materialShape,
})
export type Scenario = z.infer<typeof scenarioSchema>

const TABLES_OF_TRANSFERS = [
  'units', 'places', 'pools', 'blocks', 'teams', 'cases', 'vehicles', 'travel', 'orders', 'lastPlan', 'intake', 'edits',
] as const satisfies readonly (keyof Scenario)[]
export const MATERIAL_TABLES = [
  'items', 'packings', 'substitutes', 'kitParts', 'norms', 'receivers', 'staff', 'uses', 'sources', 'lots', 'supplies', 'consignments', 'requests',
] as const satisfies readonly (keyof typeof materialShape)[]

/** Tables of a scenario, in the order in which a reader meets them. */
export const TABLES = [...TABLES_OF_TRANSFERS, ...MATERIAL_TABLES] as const
export type TableName = (typeof TABLES)[number]
/** The tables of material as they stand on a scenario, keyed by id like all others. */
export type MaterialTables = Pick<Scenario, (typeof MATERIAL_TABLES)[number]>

/** Fields of a row of a table. */
export function fieldsOf(table: TableName): string[] {
  const rows = scenarioSchema.shape[table]
  return Object.keys((rows instanceof z.ZodDefault ? rows.unwrap() : rows).valueType.shape)
}

/**
 * The bytes of a scenario, by which it is known: two plans of the same bytes were computed from the same facts. A table
 * that scenarios did not have at first is left out while it is empty: what was planned before it came keeps its hash.
 */
export function scenarioBytes(scenario: Scenario): string {
  const empty = new Set<string>([...MATERIAL_TABLES, 'edits' as const].filter((table) => Object.keys(scenario[table]).length === 0))
  return canonicalJson(Object.fromEntries(Object.entries(scenario).filter(([name]) => !empty.has(name))))
}

/** The scenario of such bytes. */
export const scenarioIn = (bytes: string): Scenario => scenarioSchema.parse({ edits: {}, ...(JSON.parse(bytes) as object) })
