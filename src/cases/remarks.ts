import { type Text, text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'
import { type Person, SEVERITIES } from './cases.js'

/** What somebody has to do again because of what was told. */
export const CASE_REMARKS = {
  fitnessOutgrown: text('病情加重，能否转运须重新评估', 'worse than when they were judged fit to travel: to be assessed again'),
} as const satisfies Vocabulary<string>

export interface Remark {
  readonly kind: keyof typeof CASE_REMARKS
  readonly text: Text
}

/** What whoever assessed a case should see to, from what stood and what stands now. Empty: nothing follows. */
export function remarksOn(before: Person, { severity, fitness }: Person): Remark[] {
  if (before.fitness !== 'fit' || fitness !== 'unknown') return []
  const { zh, en } = SEVERITIES[severity]
  return [{ kind: 'fitnessOutgrown', text: text(
    `${before.fitnessAssessedAt ?? ''} 的“可转运”是病情较轻时评的，现为${zh}，已记为未评估：转运前请由两名医生重新评估（/fitness）`,
    `they were judged fit to travel at ${before.fitnessAssessedAt ?? ''}, less ill than now; they are ${en}, and count as not assessed: let two doctors assess it again before they travel (/fitness)`) }]
}
