import { z } from 'zod'
import { phoneSchema } from '../access/phone.js'
import { isSamePost, postSchema } from '../kernel/ids.js'
import { stillAssumed } from '../kernel/provenance.js'
import { text } from '../kernel/text.js'
import { type Instant, instantOrNullSchema, instantSchema, isBefore, momentOf } from '../kernel/time.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import { caseSchema, type Person, SEVERITIES } from './cases.js'

/** What happens to a case between two full reports of it. */
export const CASE_CHANGES = {
  requested: text('申请转运', 'transfer requested'),
  requestWithdrawn: text('撤回转运申请', 'transfer request withdrawn'),
  requestFulfilled: text('申请已办到', 'transfer request fulfilled'),
  reassessed: text('重新评估病情', 'severity assessed again'),
  fitnessAssessed: text('评估能否转运', 'fitness to travel assessed'),
  exceptionSigned: text('签署超程例外', 'exception from the travel limit signed'),
  exceptionLifted: text('取消超程例外', 'exception from the travel limit lifted'),
} as const satisfies Vocabulary<string>
export type CaseChange = keyof typeof CASE_CHANGES

const at = instantSchema.optional()
const source = caseSchema.shape.source.optional()

/** A hospital or district asks for a place, or asks no longer (转运申请). */
export const requestSchema = z.strictObject({ at, source })
export const reassessmentSchema = z.strictObject({
  status: caseSchema.shape.status.optional(), severity: caseSchema.shape.severity, at, source,
})
export type Reassessment = z.infer<typeof reassessmentSchema>

/** Two posts judge whether somebody can travel (转运条件评估); who stands behind a post is on paper only. */
export const assessmentSchema = z.strictObject({
  fitness: caseSchema.shape.fitness.exclude(['unknown']),
  assessedAt: instantSchema,
  validUntil: instantOrNullSchema.default(null),
  assessors: z.array(postSchema).length(2).refine(([one = '', other = '']) => !isSamePost(one, other), 'the two assessors must be different posts'),
  source,
})
export type Assessment = z.infer<typeof assessmentSchema>

/** Whoever decides on transfers signs that somebody may ride for longer than the limit (超程例外), until a time; null: no longer. */
export const exceptionSchema = z.strictObject({ until: instantOrNullSchema, phone: phoneSchema.optional(), source })
export type Exception = z.infer<typeof exceptionSchema>

/** The clock of a request runs from the first time that it was made. */
export const withRequest = (person: Person, since: Instant): Person => (person.waitingSince === null ? stated(person, { waitingSince: since }) : person)

/** Null: nobody asked for a place. */
export const withoutRequest = (person: Person): Person | null => (person.waitingSince === null ? null : stated(person, { waitingSince: null }))

const FITNESS_FIELDS = ['fitness', 'fitnessAssessedAt', 'fitnessValidUntil'] as const
const isSame = (one: string | null, other: string | null): boolean =>
  one === other || (one !== null && other !== null && momentOf(one).getTime() === momentOf(other).getTime())

/** Where a full report says something else of whether somebody can travel than two posts have judged; null: nowhere. */
export const judgedOtherwise = (person: Person, said: Person): (typeof FITNESS_FIELDS)[number] | null =>
  FITNESS_FIELDS.find((field) => !(field === 'fitness' ? said.fitness === person.fitness : isSame(said[field], person[field]))) ?? null

/** Whether a full report moves the clock of a transfer request, which is asked for and withdrawn by commands of its own. */
export const asksOtherwise = (person: Person, said: Person): boolean => !isSame(said.waitingSince, person.waitingSince)

/** Whether a full report says otherwise of an exception from the travel limit, which none does that is new either. */
export const exceptedOtherwise = (before: Person | null, said: Person): boolean => !isSame(said.travelExceptionUntil, before?.travelExceptionUntil ?? null)

export const isOtherDiagnosis = (person: Person, said: Person): boolean => said.status !== person.status || said.severity !== person.severity

/** Null: nobody had asked for a place by then. What was asked for later is another request. */
export const withRequestDone = (person: Person, at: Instant): Person | null =>
  (person.waitingSince !== null && isBefore(at, person.waitingSince) ? null : withoutRequest(person))

/** `asOf` of a case is that of its last assessment, as that of a pool is of its last count; null: a later one stands. */
export const withSeverity = (person: Person, { status = person.status, severity }: Reassessment, assessedAt: Instant): Person | null =>
  person.asOf !== null && isBefore(assessedAt, person.asOf) ? null : stated(person, { status, severity, asOf: assessedAt })

/** Severities whose patients ride on a judgement only; the worst first, as `SEVERITIES` has them. */
const GRAVE: readonly Person['severity'][] = ['critical', 'severe']
const rankOf = (severity: Person['severity']): number => keysOf(SEVERITIES).indexOf(severity)

/** Whether somebody has become severe or critical who was less ill. */
const isWorse = (before: Person, after: Person): boolean => GRAVE.includes(after.severity) && rankOf(after.severity) < rankOf(before.severity)

const NOT_JUDGED = { fitness: 'unknown', fitnessAssessedAt: null, fitnessValidUntil: null } as const

/**
 * What was signed of a milder patient counts no more of who has become severe or critical since: neither that they can
 * travel, nor that they may for longer than the limit. That they cannot stands.
 */
export function withoutOutgrown(before: Person, told: Person): Person {
  if (!isWorse(before, told)) return told
  const after = told.travelExceptionUntil === null ? told : withException(told, null)
  const { fitness, fitnessAssessedAt, asOf } = after
  if (fitness !== 'fit') return after
  return fitnessAssessedAt !== null && asOf !== null && !isBefore(fitnessAssessedAt, asOf) ? after : stated(after, NOT_JUDGED)
}

/** When somebody last became severe or critical who was less ill, by everything that was told of them, the newest first; null: never, as far as anybody told. */
export const worsenedAt = (told: readonly Person[]): Instant | null =>
  told.find((person, i) => {
    const before = told[i + 1]
    return before !== undefined && isWorse(before, person)
  })?.asOf ?? null

/** Null: a later judgement stands. */
export function withFitness(person: Person, { fitness, assessedAt, validUntil }: Assessment): Person | null {
  if (person.fitnessAssessedAt !== null && isBefore(assessedAt, person.fitnessAssessedAt)) return null
  return stated(person, { fitness, fitnessAssessedAt: assessedAt, fitnessValidUntil: validUntil })
}

/** Whoever signs until the same time signs again. */
export const withException = (person: Person, until: Instant | null): Person => stated(person, { travelExceptionUntil: until })

const FIELDS = Object.keys(caseSchema.shape)

const stated = (person: Person, said: Partial<Person>): Person =>
  ({ ...person, ...said, assumed: stillAssumed(person.assumed, { said, fields: FIELDS }) })
