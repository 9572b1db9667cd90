import { z } from 'zod'
import { SEVERITIES, STATUSES } from '../cases/cases.js'
import { CARE_LEVELS } from '../facilities/beds.js'
import { PLACE_KINDS } from '../facilities/places.js'
import { text } from '../kernel/text.js'
import { clockMinutes, clockSchema, type Day, daySchema } from '../kernel/time.js'
import { mergePatch } from '../kernel/mergePatch.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { materialPolicySchema } from './material/policy.js'
import edition2020 from './policies/2020-01.json' with { type: 'json' }
import edition2022 from './policies/2022-11.json' with { type: 'json' }

/** The wishes that a policy may rank; one left out is switched off. Their rules stand in rules/wishes.ts. */
export const WISHES = {
  reserveBlocks: text('少启用后备分区', 'fewest reserve blocks opened'),
  unneededMoves: text('不作不必要的转运', 'no unneeded move'),
  safeFill: text('不超过安全收治率', 'safe fill kept'),
  preferredLevel: text('按首选床位级别收治', 'preferred care level'),
  negativePressure: text('用负压救护车', 'negative-pressure ambulances'),
  urgentMinutes: text('重型、危重型路程最短', 'least travel minutes of severe and critical'),
  oneHospitalPerUnit: text('同一报告单位同一病情去一家医院', 'one hospital for each unit and severity'),
  minutes: text('路程最短', 'least travel minutes'),
  lastPlan: text('接近上一份已下达方案', 'close to the last issued plan'),
  loadBalance: text('各院负荷均衡', 'even load'),
} as const satisfies Vocabulary<string>
export type WishName = keyof typeof WISHES

/** Kinds of way out, each an amount of one thing that somebody can decide to provide. */
export const WAY_OUT_KINDS = {
  staffBeds: text('增开床位', 'staff more beds'),
  addVehicles: text('增派救护车', 'add ambulances'),
  stationTeam: text('派驻专家组', 'station an expert team'),
  signBlock: text('签署启用后备分区', 'sign a reserve block ready'),
  assessFitness: text('完成转运条件评估', 'sign fitness to travel'),
  signTravelException: text('签署超程转运例外', 'sign an exception from the travel limit'),
  raiseArrivals: text('提高接收医院每小时接诊数', 'raise arrivals per hour'),
  addVentilators: text('增配呼吸机', 'add ventilators'),
  withdrawEdit: text('撤销人工决定', 'withdraw a hand decision'),
  withdrawOrder: text('撤回转运指令', 'withdraw a transfer order'),
} as const satisfies Vocabulary<string>
export type WayOutKind = keyof typeof WAY_OUT_KINDS

const severitySchema = wordSchema(SEVERITIES)
const careLevelSchema = wordSchema(CARE_LEVELS)
const kindsSchema = z.array(wordSchema(PLACE_KINDS))

/** Preferred level first, then the others that may serve; a level not listed never does. */
const levelsSchema = z.strictObject({ preferred: careLevelSchema, allowed: z.array(careLevelSchema) })

const perMille = z.int().min(0).max(1000)
const minutes = z.int().min(0).max(2880)

export const policySchema = z.strictObject({
  /** Severities that the edition of the diagnosis plan knows, by status. */
  severities: z.strictObject({
    suspected: z.array(severitySchema),
    confirmed: z.array(severitySchema),
    asymptomatic: z.array(severitySchema),
  }),
  /** Care levels by severity, for confirmed cases and asymptomatic infections. */
  careLevels: z.partialRecord(severitySchema, levelsSchema),
  /** The same for suspected cases, who always lie alone. */
  suspectedCareLevels: z.partialRecord(severitySchema, levelsSchema),
  /** Kinds of place to which a confirmed case or asymptomatic infection goes, by severity. */
  destinations: z.partialRecord(severitySchema, kindsSchema),
  suspectedDestinations: kindsSchema,
  /** Longest ride in minutes by severity, unless an exception is signed. */
  travelMinutesMax: z.partialRecord(severitySchema, minutes),
  /** Severities for which an assessment that is missing or has expired means unfit. */
  fitnessRequired: z.array(severitySchema),
  fitnessValidHours: z.int().min(1).max(720),
  /** A figure of beds older than so many hours is stale: still planned with, and said. */
  figureHoursMax: z.int().min(1).max(720),
  /** A case due for discharge within so many days stays. */
  dischargeWithinDays: z.int().min(0).max(60),
  safeFillPerMille: perMille,
  warningLinePerMille: perMille,
  timetable: z.strictObject({
    firstDeparture: clockSchema,
    lastReturn: clockSchema,
    loadingMinutes: minutes,
    handoverMinutes: minutes,
    decontaminationMinutes: minutes,
    /** Longest duty of one crew on one day. */
    crewMinutesMax: minutes,
    /** How often a fleet's minutes are lowered and the levels solved again when trips do not fit. */
    rounds: z.int().min(0).max(20),
  }).refine((t) => clockMinutes(t.firstDeparture) < clockMinutes(t.lastReturn), 'firstDeparture must be before lastReturn'),
  /** Road minutes where no table states them: great circle x detour / speed; null: such a pair is unreachable. */
  travelEstimate: z.strictObject({ kmPerHour: z.int().min(1).max(200), detourPerMille: z.int().min(1000).max(5000) }).nullable(),
  /** Weights of a minute in the wish urgentMinutes. */
  urgentWeights: z.strictObject({ critical: z.int().min(0).max(1000), severe: z.int().min(0).max(1000) }),
  /** Wishes in their order; one left out is off. */
  wishes: z.array(wordSchema(WISHES)).refine(isDistinct, 'names a wish twice'),
  /** Days over which new cases are averaged for the start-preparing line. */
  intakeDays: z.int().min(1).max(14),
  /** Kinds of way out in the order in which they are proposed. */
  waysOut: z.array(wordSchema(WAY_OUT_KINDS)).refine(isDistinct, 'names a kind twice'),
  /** What the plan of material goes by. */
  material: materialPolicySchema,
})
export type Policy = z.infer<typeof policySchema>
export type PolicyField = keyof Policy
export const POLICY_FIELDS = Object.keys(policySchema.shape) as PolicyField[]

const editionSchema = z.strictObject({
  edition: z.string().min(1),
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  effectiveFrom: daySchema,
  /** First day on which it no longer holds, or null. */
  effectiveUntil: daySchema.nullable(),
  policy: policySchema,
  sources: z.record(z.enum(POLICY_FIELDS as [PolicyField, ...PolicyField[]]), z.string().min(1)),
})
export type PolicyEdition = z.infer<typeof editionSchema>

/** Every edition that ships, oldest first. A wrong file stops the program at the start, with the field. */
export const EDITIONS: readonly PolicyEdition[] = [edition2020, edition2022].map((file) => editionSchema.parse(file))

/** The edition in force on `day`, or null when none is. */
export const editionOn = (day: Day): PolicyEdition | null =>
  EDITIONS.find((e) => e.effectiveFrom <= day && (e.effectiveUntil === null || day < e.effectiveUntil)) ?? null

/**
 * The edition by which something is read that does not turn on how patients are treated that day, such as how long material
 * lasts: the one in force, on a day without one the last before it, and before all of them the first.
 */
export const editionNear = (day: Day): PolicyEdition | null =>
  editionOn(day) ?? EDITIONS.findLast((e) => e.effectiveFrom <= day) ?? EDITIONS[0] ?? null

/** A scenario's own settings laid over the edition; null stands for itself. Throws ZodError naming the field that is wrong. */
export function policyWith(edition: PolicyEdition, overrides: Record<string, unknown>): Policy {
  const merged = mergePatch(edition.policy, overrides)
  const nulls = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value === null))
  return policySchema.parse({ ...(merged as object), ...nulls })
}

/** The levels that may serve a case, preferred first; null when the edition does not know the severity. */
export function levelsFor(policy: Policy, person: { status: keyof typeof STATUSES; severity: keyof typeof SEVERITIES }) {
  const table = person.status === 'suspected' ? policy.suspectedCareLevels : policy.careLevels
  return table[person.severity] ?? null
}

/** Kinds of place that may take a case. */
export const destinationsFor = (
  policy: Policy,
  person: { status: keyof typeof STATUSES; severity: keyof typeof SEVERITIES },
) => (person.status === 'suspected' ? policy.suspectedDestinations : (policy.destinations[person.severity] ?? []))

function isDistinct(words: readonly string[]): boolean {
  return new Set(words).size === words.length
}
