import { z } from 'zod'
import { isSamePost, postSchema } from '../../kernel/ids.js'
import { provenanceShape } from '../../kernel/provenance.js'
import { text } from '../../kernel/text.js'
import { type Day, daySchema, instantAt, momentOf } from '../../kernel/time.js'
import { type Vocabulary, wordSchema } from '../../kernel/vocabulary.js'
import { CONTACT_KINDS, type Dates, datesUnder, ISOLATION_EDITIONS } from './editions.js'

/** Why an isolation lasts longer than its edition says. */
export const EXTENSION_REASONS = {
  resultPending: text('核酸结果未出', 'a test result is pending'),
  resultDoubtful: text('结果可疑，须复检', 'a result is doubtful and has to be repeated'),
  clusterInSite: text('同一隔离点出现阳性', 'somebody in the same site turned positive'),
  symptoms: text('出现可疑症状', 'symptoms appeared'),
} as const satisfies Vocabulary<string>

/** How a stay in isolation ends. */
export const ISOLATION_ENDINGS = {
  moved: text('换房间或隔离点', 'moved to another room or site'),
  released: text('解除隔离', 'released'),
  positive: text('转为阳性', 'turned positive'),
  hospitalised: text('因他病住院', 'taken to hospital for another illness'),
  left: text('离开本系统', 'left for elsewhere'),
  died: text('死亡', 'died'),
} as const satisfies Vocabulary<string>
export type IsolationEnding = keyof typeof ISOLATION_ENDINGS

/** Contacts are looked at twice a day: `evening` is the half day from noon on. */
export const HALVES = { morning: text('上午', 'morning'), evening: text('下午', 'afternoon') } as const satisfies Vocabulary<string>
export type Half = keyof typeof HALVES

/** What answers a fever or symptoms that were seen. */
export const SYMPTOM_ANSWERS = {
  extended: text('已延长隔离', 'the isolation was extended'),
  ruledOut: text('医师已排除', 'ruled out by a physician'),
} as const satisfies Vocabulary<string>

/**
 * The answer to what was seen in a half day. `physician` and `reason` are of what was ruled out, else null. `by`: who put it
 * down, left out where that was not kept yet.
 */
const symptomsAnsweredSchema = z.strictObject({
  day: daySchema, half: wordSchema(HALVES), how: wordSchema(SYMPTOM_ANSWERS), physician: postSchema.nullable(), reason: z.string().nullable(),
  by: z.string().optional(),
}).meta({ id: 'SymptomsAnswered' })
export type SymptomsAnswered = z.infer<typeof symptomsAnsweredSchema>

/** A physician of the unit or of the CDC has looked: what was seen until that half day has another cause. */
export const rulingSchema = z.strictObject({ day: daySchema, half: wordSchema(HALVES), physician: postSchema, reason: z.string().min(1).max(400) })
export type Ruling = z.infer<typeof rulingSchema>

const extensionSchema = z.strictObject({ days: z.int().min(1).max(14), reason: wordSchema(EXTENSION_REASONS) }).meta({ id: 'Extension' })
const certificateSchema = z.strictObject({
  number: z.string(), day: daySchema, signedBy: postSchema,
}).meta({ id: 'ReleaseCertificate' })

/**
 * The post whose correction last made the day of release earlier, and what day, extensions aside, that was before. Left out
 * where there is none.
 */
const shortenedSchema = z.strictObject({ by: z.string(), from: daySchema }).meta({ id: 'Shortened' })

/** What a district announces of somebody whom it brings or sends (预告). The id is the unit and its own register's number. */
export const noticeSchema = z.strictObject({
  unit: z.string().min(1),
  kind: wordSchema(CONTACT_KINDS),
  /** The CDC decides it (末次暴露). */
  lastExposure: daySchema,
  /** The day on which they come. */
  expectedOn: daySchema,
  /** The site that has agreed to take them; null: none has yet. Nothing is reserved by it. */
  site: z.string().min(1).nullable(),
  ...provenanceShape,
})
export type Notice = z.infer<typeof noticeSchema>

/** Somebody in isolation who is no case (密接等), pseudonymous. Where they are is their isolation stay. */
export const contactSchema = noticeSchema.extend({
  /** The edition in force when their isolation began, which holds to its end; null before. */
  edition: z.string().nullable(),
  extensions: z.array(extensionSchema),
  certificate: certificateSchema.nullable(),
  /** They do not come after all. */
  withdrawn: z.boolean(),
  /** The case that they have become. */
  case: z.string().nullable(),
  /** Of fever and symptoms that were seen; left out where there are none. */
  symptomsAnswered: z.array(symptomsAnsweredSchema).optional(),
  shortened: shortenedSchema.optional(),
})
export type Contact = z.infer<typeof contactSchema>

export const NEW_CONTACT: Pick<Contact, 'edition' | 'extensions' | 'certificate' | 'withdrawn' | 'case'> = { edition: null, extensions: [], certificate: null, withdrawn: false, case: null }

const asked = ({ kind, lastExposure, extensions }: Contact) =>
  ({ kind, lastExposure, extraDays: extensions.reduce((sum, { days }) => sum + days, 0) })

/** When they are released, by the edition that held at the beginning; null before it began. */
export const datesOf = (contact: Contact): Dates | null => (contact.edition === null ? null : datesUnder(contact.edition, asked(contact)))

/** What every edition would say of them. */
export const byEveryEdition = (contact: Contact): { edition: string; dates: Dates | null }[] =>
  ISOLATION_EDITIONS.map(({ edition }) => ({ edition, dates: datesUnder(edition, asked(contact)) }))

/** A new exposure sets the days again; null: a later one stands. */
export function withExposure(contact: Contact, day: Day): Contact | null {
  if (day < contact.lastExposure) return null
  return day === contact.lastExposure ? contact : { ...contact, lastExposure: day }
}

/**
 * What was put right, with who made the day of release earlier: until another post makes it later again, or it is no
 * earlier than it was.
 */
export function withShortening(before: Contact, after: Contact, by: string): Contact {
  const [was, is] = [before, after].map((one) => datesOf({ ...one, extensions: [] })?.siteUntil)
  if (was === undefined || is === undefined || is === was) return after
  const { shortened, ...others } = after
  const from = shortened === undefined || was > shortened.from ? was : shortened.from
  if (is < was) return { ...others, shortened: { by, from } }
  // Else whoever takes off ten days, and puts one on, would be rid of it.
  const isStillTheirs = shortened !== undefined && isSamePost(shortened.by, by) && is < from
  return isStillTheirs ? after : others
}

/** What the days of an isolation that has begun are reckoned from, where a notice says something else of it; null: nothing. */
export const reckonedOtherwise = (contact: Contact, notice: Pick<Notice, 'kind' | 'lastExposure'>): 'kind' | 'lastExposure' | null =>
  (contact.edition === null ? null : (['lastExposure', 'kind'] as const).find((field) => notice[field] !== contact[field]) ?? null)

/**
 * A newer exposure; or, with a reason, what the days are reckoned from put right, earlier too: somebody would leave sooner
 * than by what was signed for.
 */
export const exposureSchema = z.strictObject({
  lastExposure: daySchema,
  kind: noticeSchema.shape.kind.optional(),
  reason: z.string().min(1).max(400).optional(),
}).refine(({ kind, reason }) => kind === undefined || reason !== undefined, { path: ['reason'], error: 'a kind is put right with a reason' })
export type Exposure = z.infer<typeof exposureSchema>

const NOON_MINUTES = 12 * 60
export const halfBegins = (day: Day, half: Half): Date => momentOf(instantAt(day, half === 'morning' ? 0 : NOON_MINUTES))

export const SYMPTOMS = {
  none: text('无症状', 'no symptoms'),
  fever: text('发热', 'fever'),
  cough: text('咳嗽', 'cough'),
  soreThroat: text('咽痛', 'sore throat'),
  fatigue: text('乏力', 'fatigue'),
  dyspnoea: text('呼吸困难', 'short of breath'),
  other: text('其他', 'other'),
} as const satisfies Vocabulary<string>

export type Symptom = keyof typeof SYMPTOMS

const TENTHS = 'tenths of a degree Celsius, 340 to 430'

/** One look at somebody: temperature in tenths of a degree, symptoms, or both. */
export const observationSchema = z.strictObject({
  day: daySchema,
  half: wordSchema(HALVES),
  temperatureTenths: z.int(TENTHS).min(340, TENTHS).max(430, TENTHS).nullable().default(null),
  symptoms: z.array(wordSchema(SYMPTOMS)).max(7).default([]).refine((found) => !found.includes('none') || found.every((one) => one === 'none'), 'none stands alone'),
}).refine(({ temperatureTenths, symptoms }) => temperatureTenths !== null || symptoms.length > 0, 'an observation has a temperature or symptoms')
export type Observation = z.infer<typeof observationSchema>
