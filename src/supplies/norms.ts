import { z } from 'zod'
import { SEVERITIES } from '../cases/cases.js'
import { provenanceShape } from '../kernel/provenance.js'
import { countSchema, UNKNOWN } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { daySchema } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'
import { BASE_UNITS, ZONES } from './items.js'
import { unitsSchema } from './stock.js'

/** What a consumption norm (消耗定额) is counted by. */
export const NORM_BASES = {
  patientDay: text('每患者每日', 'per patient and day'),
  staffShift: text('每人每班', 'per person and shift'),
  trip: text('每车次', 'per trip'),
} as const satisfies Vocabulary<string>

/** How much there is to spare: as in quiet times, as when it runs short, as when there is nothing left to spare. */
export const NORM_TIERS = {
  conventional: text('常规', 'conventional'),
  contingency: text('应急', 'contingency'),
  crisis: text('危机', 'crisis'),
} as const satisfies Vocabulary<string>
export type NormTier = keyof typeof NORM_TIERS

/** What people on shift are there to do. */
export const STAFF_ROLES = {
  doctor: text('医生', 'doctor'),
  nurse: text('护士', 'nurse'),
  cleaner: text('保洁', 'cleaner'),
  technician: text('检验', 'technician'),
  sampler: text('采样', 'sampler'),
  crew: text('转运人员', 'transfer crew'),
  guard: text('值守', 'guard'),
  carer: text('护理员', 'carer'),
} as const satisfies Vocabulary<string>
export type StaffRole = keyof typeof STAFF_ROLES

/** Parts of a place, and places of their own, by what is done there; the policy ranks them in tiers. */
export const AREAS = {
  intensiveCare: text('重症、危重症区', 'intensive and severe care'),
  ward: text('集中救治病区', 'ward of a centralised hospital'),
  transferCrews: text('转运车组', 'transfer crews'),
  feverClinic: text('发热门诊', 'fever clinic'),
  observation: text('隔离留观', 'observation ward'),
  districtWard: text('区县定点病区', 'ward of a district designated hospital'),
  isolationSite: text('集中隔离点', 'isolation site'),
  sampling: text('采样点', 'sampling point'),
  checkpoint: text('卡口', 'checkpoint'),
  community: text('社区', 'community'),
  welfareHome: text('福利养老机构', 'welfare home'),
} as const satisfies Vocabulary<string>
export type Area = keyof typeof AREAS

/** Thousandths of a base unit: a pair of goggles that is cleaned ten times is a tenth of a pair each time. */
const perMilleSchema = countSchema

/**
 * How much of one item is used up, by one basis, in three tiers. `severity` for patients, `zone` and `role` for staff;
 * null: for all of them. The more specific row holds alone.
 */
export const normSchema = z.strictObject({
  item: z.string().min(1),
  /** The item's own base unit: a norm in another unit is a mistake. */
  unit: wordSchema(BASE_UNITS),
  per: wordSchema(NORM_BASES),
  severity: wordSchema(SEVERITIES).nullable(),
  zone: wordSchema(ZONES).nullable(),
  role: wordSchema(STAFF_ROLES).nullable(),
  conventionalPerMille: perMilleSchema,
  contingencyPerMille: perMilleSchema,
  crisisPerMille: perMilleSchema,
  effectiveFrom: daySchema,
  /** The first day on which it no longer holds; null: still in force. */
  effectiveUntil: daySchema.nullable(),
  ...provenanceShape,
})
export type Norm = z.infer<typeof normSchema>

/** Nobody has so many of one role in one area at once: more is a slip, and would be given everything there is. */
const PEOPLE_MAX = 10_000

/** People on shift in one zone of one area (在岗). */
export const staffSchema = z.strictObject({
  place: z.string().min(1),
  area: wordSchema(AREAS),
  zone: wordSchema(ZONES),
  role: wordSchema(STAFF_ROLES),
  peoplePerShift: z.union([countSchema.max(PEOPLE_MAX), z.literal(UNKNOWN)]),
  shiftsPerDay: countSchema.min(1).max(24),
  ...provenanceShape,
})
export type Staff = z.infer<typeof staffSchema>

/** What a place used up in some days, by its own count; it corrects the norm within the policy's cap. */
export const useSchema = z.strictObject({
  place: z.string().min(1),
  item: z.string().min(1),
  days: countSchema.min(1).max(60),
  units: unitsSchema,
  ...provenanceShape,
})
export type Use = z.infer<typeof useSchema>
