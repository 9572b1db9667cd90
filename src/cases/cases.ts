import { z } from 'zod'
import { ATTRIBUTES } from '../facilities/beds.js'
import { provenanceShape } from '../kernel/provenance.js'
import { figureSchema } from '../kernel/quantity.js'
import { text } from '../kernel/text.js'
import { daySchema, hoursAfter, type Instant, instantOrNullSchema, isBefore, wholeHoursBetween } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

export const STATUSES = {
  suspected: text('疑似病例', 'suspected case'),
  confirmed: text('确诊病例', 'confirmed case'),
  asymptomatic: text('无症状感染者', 'asymptomatic infection'),
} as const satisfies Vocabulary<string>
export type Status = keyof typeof STATUSES

export const SEVERITIES = {
  critical: text('危重型', 'critical'),
  severe: text('重型', 'severe'),
  ordinary: text('普通型', 'ordinary'),
  mild: text('轻型', 'mild'),
  none: text('无症状', 'without symptoms'),
} as const satisfies Vocabulary<string>
export type Severity = keyof typeof SEVERITIES

export const SEXES = {
  female: text('女', 'female'),
  male: text('男', 'male'),
  unknown: text('未知', 'unknown'),
} as const satisfies Vocabulary<string>

export const AGE_BANDS = {
  '0-14': text('0—14岁', '0-14'),
  '15-59': text('15—59岁', '15-59'),
  '60-79': text('60—79岁', '60-79'),
  '80+': text('80岁以上', '80+'),
  unknown: text('未知', 'unknown'),
} as const satisfies Vocabulary<string>

export const FITNESS = {
  fit: text('可转运', 'fit to travel'),
  unfit: text('不宜转运', 'not fit to travel'),
  unknown: text('未评估', 'not assessed'),
} as const satisfies Vocabulary<string>

const { doctorsAndTests: _placeOnly, ...NEEDS } = ATTRIBUTES
/** What a patient needs of the pool that takes them. */
export { NEEDS }

/** So many children ride and stay with one carer; a fourth needs another. */
export const CHILDREN_MAX = 3

/** One person under care, pseudonymous: reporting unit and the unit's own number, for life. */
export const caseSchema = z.strictObject({
  unit: z.string().min(1),
  status: wordSchema(STATUSES),
  severity: wordSchema(SEVERITIES),
  place: z.string().min(1),
  /** The pool they lie in, or null when only the place is known. */
  pool: z.string().min(1).nullable(),
  /** Since when they wait for another place; null when nobody asked for one. */
  waitingSince: instantOrNullSchema,
  fitness: wordSchema(FITNESS),
  fitnessAssessedAt: instantOrNullSchema,
  fitnessValidUntil: instantOrNullSchema,
  needs: z.array(wordSchema(NEEDS)).default([]),
  sex: wordSchema(SEXES),
  ageBand: wordSchema(AGE_BANDS),
  /** The carer (another case) with whom this child travels and stays. */
  companion: z.string().min(1).nullable(),
  dischargeDue: daySchema.nullable(),
  /** Until when a signed exception from the travel limit holds. */
  travelExceptionUntil: instantOrNullSchema,
  ...provenanceShape,
})
export type Case = z.infer<typeof caseSchema>

/** A case without where it lies: that is its stay. */
export const personSchema = caseSchema.omit({ place: true, pool: true })
export type Person = z.infer<typeof personSchema>

/** What of a person is told of a later moment than their row, which nobody can know; null: nothing. */
export const laterThan = (person: Person, at: Instant): 'waitingSince' | 'fitnessAssessedAt' | null =>
  (['waitingSince', 'fitnessAssessedAt'] as const).find((field) => person[field] !== null && isBefore(at, person[field])) ?? null

/** Somebody as they were before the first that was told of them: what is of later was not so yet. */
export const asBefore = (person: Person, at: Instant): Person => ({
  ...person,
  ...(person.waitingSince !== null && isBefore(at, person.waitingSince) ? { waitingSince: null } : {}),
  ...(person.fitnessAssessedAt !== null && isBefore(at, person.fitnessAssessedAt)
    ? { fitness: 'unknown' as const, fitnessAssessedAt: null, fitnessValidUntil: null } : {}),
  ...(person.asOf !== null && isBefore(at, person.asOf) ? { asOf: null } : {}),
})

/** New confirmed cases of one day. */
export const intakeSchema = z.strictObject({ newConfirmed: figureSchema, ...provenanceShape })
export type Intake = z.infer<typeof intakeSchema>

/** Whether a signed judgement of fitness stands at `at`: `expired` when it no longer holds. */
export function fitnessAt(person: Case, at: { now: Instant; validHours: number }): keyof typeof FITNESS | 'expired' {
  if (person.fitness !== 'fit') return person.fitness
  if (person.fitnessAssessedAt === null || isBefore(at.now, person.fitnessAssessedAt)) return 'unknown'
  const until = fitnessUntil(person, at.validHours)
  return until !== null && isBefore(until, at.now) ? 'expired' : 'fit'
}

/** Until when an assessment holds: as it says itself, or for so many hours where it says that somebody is fit; null: nobody can say. */
export function fitnessUntil({ fitness, fitnessAssessedAt, fitnessValidUntil }: Pick<Person, 'fitness' | 'fitnessAssessedAt' | 'fitnessValidUntil'>, validHours: number | null): Instant | null {
  if (fitnessValidUntil !== null) return fitnessValidUntil
  return fitness !== 'fit' || fitnessAssessedAt === null || validHours === null ? null : hoursAfter(fitnessAssessedAt, validHours)
}

/** Whole hours a person has waited; nought when nobody asked for a place. */
export const hoursWaited = (person: Pick<Case, 'waitingSince'>, now: Instant): number =>
  person.waitingSince === null ? 0 : wholeHoursBetween({ from: person.waitingSince, to: now })
