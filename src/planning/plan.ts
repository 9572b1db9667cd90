import { z } from 'zod'
import { SEVERITIES } from '../cases/cases.js'
import { CARE_LEVELS } from '../facilities/beds.js'
import { daySchema, instantOrNullSchema, instantSchema } from '../kernel/time.js'
import { wordSchema } from '../kernel/vocabulary.js'
import { EDIT_KINDS } from './edits.js'
import { materialSchema } from './material/plan.js'
import { foundSchema, levelSchema, textSchema } from './planWords.js'
import { TABLES } from './scenario.js'

const whole = z.int()
const careLevelSchema = wordSchema(CARE_LEVELS)
const severitySchema = wordSchema(SEVERITIES)

const differenceSchema = z.strictObject({ rank: whole, rule: z.string(), difference: whole })

/** The next place that could have taken this patient, everything else in the plan kept. */
export const nextBestSchema = z.strictObject({
  to: z.string(),
  pool: z.string(),
  careLevel: careLevelSchema,
  travelMinutes: whole,
  /** Levels whose value would change, in their order; positive is worse. */
  differences: z.array(differenceSchema),
})

export const moveSchema = z.strictObject({
  patient: z.string(),
  from: z.string(),
  fromPool: z.string().nullable(),
  to: z.string(),
  pool: z.string(),
  severity: severitySchema,
  careLevel: careLevelSchema,
  /** Set when the move carries out an order that already stood. */
  order: z.string().nullable(),
  /** null: inside one hospital, or the fleet is unlimited. */
  trip: z.string().nullable(),
  departs: instantOrNullSchema,
  arrives: instantOrNullSchema,
  travelMinutes: whole.min(0),
  reason: textSchema,
  nextBest: nextBestSchema.nullable(),
})
export type Move = z.infer<typeof moveSchema>

export const tripSchema = z.strictObject({
  id: z.string(),
  vehicle: z.string(),
  base: z.string(),
  /** Vehicle and number of its crew. */
  crew: z.string(),
  patients: z.array(z.string()).min(1),
  from: z.string(),
  to: z.string(),
  leavesBase: instantSchema,
  departs: instantSchema,
  arrives: instantSchema,
  /** Back at base, crew changed, vehicle disinfected. */
  decontaminatedUntil: instantSchema,
})
export type Trip = z.infer<typeof tripSchema>

export const unplacedSchema = z.strictObject({
  patient: z.string(),
  severity: severitySchema,
  at: z.string(),
  rule: z.string(),
  reason: textSchema,
})
export type Unplaced = z.infer<typeof unplacedSchema>

export const reserveSchema = z.strictObject({
  place: z.string(),
  block: z.string(),
  opened: z.boolean(),
  reason: textSchema,
})

const shareSchema = z.strictObject({ part: whole, of: whole })
/** The four concentrations, always in this order: 集中患者、集中专家、集中资源、集中救治. */
export const concentrationSchema = z.strictObject({
  patients: z.strictObject({ inCentralised: shareSchema, sitesTreating: whole }),
  experts: shareSchema,
  resources: z.strictObject({ beds: shareSchema, daysOfCover: shareSchema.nullable() }),
  treatment: z.strictObject({ patientDaysOutside: whole }),
})
export type Concentration = z.infer<typeof concentrationSchema>

export const waySchema = z.strictObject({
  id: z.string(),
  kinds: z.array(z.string()).min(1),
  text: textSchema,
  price: z.array(z.strictObject({ kind: z.string(), amount: whole, unit: textSchema })),
  /** RFC 7396 merge patch of the scenario. */
  patch: z.record(z.string(), z.unknown()),
  /** What solving again with the patch gave. */
  proved: z.strictObject({ exit: whole, value: whole }),
})
export type WayOut = z.infer<typeof waySchema>

export const clashSchema = z.strictObject({
  rules: z.array(z.strictObject({ rule: z.string(), subject: z.string(), text: textSchema })),
  /** No smaller set of rules clashes. Looked for up to three. */
  smallest: z.boolean(),
})
export type Clash = z.infer<typeof clashSchema>

export const unmetSchema = z.strictObject({
  rule: z.string(),
  value: whole,
  demanded: z.boolean(),
  clash: clashSchema.nullable(),
  waysOut: z.array(waySchema),
})
export type Unmet = z.infer<typeof unmetSchema>

export const teamProposalSchema = z.strictObject({
  patient: z.string(),
  to: z.string(),
  /** null: no team can be spared. */
  team: z.string().nullable(),
  from: z.string().nullable(),
  travelMinutes: whole.nullable(),
  reason: textSchema,
})

/** A decision by hand that the plan was made with, and what became of it. */
export const editLineSchema = z.strictObject({
  edit: z.string(),
  kind: wordSchema(EDIT_KINDS),
  patient: z.string().nullable(),
  unit: z.string().nullable(),
  place: z.string().nullable(),
  pool: z.string().nullable(),
  /** What is decided, in words. */
  text: textSchema,
  by: z.string(),
  reason: z.string(),
  /** false only where the plan is impossible or ran out of time. */
  carriedOut: z.boolean(),
  outcome: textSchema,
})
export type EditLine = z.infer<typeof editLineSchema>

export const assumedSchema = z.strictObject({
  table: z.enum(TABLES),
  field: z.string(),
  ids: z.array(z.string()).min(1),
  source: z.string(),
})

export type Violation = z.infer<typeof foundSchema>

export const PLAN_STATUSES = ['planned', 'nothingToDo', 'impossible', 'outOfTime'] as const

export const planSchema = z.strictObject({
  scenario: z.string(),
  snapshotHash: z.string().regex(/^[0-9a-f]{64}$/),
  asOf: instantSchema,
  planDay: daySchema,
  policyEdition: z.strictObject({ edition: z.string(), title: textSchema, effectiveFrom: daySchema, overridden: z.array(z.string()) }),
  policySources: z.record(z.string(), z.string()),
  lotSeed: z.string(),
  engine: z.enum(['highs', 'javascript-lp-solver']),
  status: z.enum(PLAN_STATUSES),
  summary: textSchema,
  levels: z.array(levelSchema),
  /** None in a plan made before there were such decisions. */
  edits: z.array(editLineSchema).default([]),
  moves: z.array(moveSchema),
  trips: z.array(tripSchema),
  teams: z.array(teamProposalSchema),
  unplaced: z.array(unplacedSchema),
  reserves: z.array(reserveSchema),
  concentration: z.strictObject({ before: concentrationSchema, after: concentrationSchema }),
  asFound: z.array(foundSchema),
  /** Places and pools that did not report: whose figure is missing and could change the plan. */
  callList: z.array(foundSchema),
  /** Pools whose figure is older than the policy allows at asOf; planned with all the same. */
  stale: z.array(foundSchema),
  startPreparing: textSchema.nullable(),
  assumed: z.array(assumedSchema),
  unmet: z.array(unmetSchema),
  secondOpinion: z.strictObject({
    engine: z.string(),
    agrees: z.boolean(),
    levels: z.array(z.strictObject({ rank: whole, rule: z.string(), carried: z.boolean(), agrees: z.boolean().nullable() })),
  }),
  violations: z.array(foundSchema),
  /** What goes from where to whom, planned on where patients lie by then (调拨方案); null: no place receives material. */
  material: materialSchema.nullable().default(null),
})
export type Plan = z.infer<typeof planSchema>
export type PlanLevel = z.infer<typeof levelSchema>
