import { type Text, text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { type Person, SEVERITIES } from './cases.js'

/** What somebody has to do again because of what was told. */
export const CASE_REMARKS = {
  fitnessOutgrown: text('病情加重，能否转运须重新评估', 'worse than when they were judged fit to travel: to be assessed again'),
  exceptionOutgrown: text('病情加重，超程例外须重新签署', 'worse than when an exception from the travel limit was signed: to be signed again'),
} as const satisfies Vocabulary<string>

export interface Remark {
  readonly kind: keyof typeof CASE_REMARKS
  readonly text: Text
}

/** What whoever assessed a case should see to, from what stood and what stands now. Empty: nothing follows. */
export function remarksOn(before: Person, after: Person): Remark[] {
  const { zh, en } = SEVERITIES[after.severity]
  const judged = before.fitnessAssessedAt ?? ''
  const until = before.travelExceptionUntil
  const fitness: Remark = { kind: 'fitnessOutgrown', text: text(
    `${judged} 的“可转运”是病情较轻时评的，现为${zh}，已记为未评估：转运前请由两名医生重新评估（/fitness）`,
    `they were judged fit to travel at ${judged}, less ill than now; they are ${en}, and count as not assessed: let two doctors assess it again before they travel (/fitness)`) }
  const exception: Remark = { kind: 'exceptionOutgrown', text: text(
    `至 ${until} 的超程例外签于记入病情加重之前，现为${zh}，不再作数：仍须超程转运的，请救治组重新签署（/travel-exception）`,
    `the exception from the travel limit until ${until} was signed before it was put down that they got worse; they are ${en}, and it counts no more: where they still have to ride for longer, the treatment group signs anew (/travel-exception)`) }
  return [
    ...(before.fitness === 'fit' && after.fitness === 'unknown' ? [fitness] : []),
    ...(until !== null && after.travelExceptionUntil === null ? [exception] : []),
  ]
}
