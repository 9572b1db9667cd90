import { z } from 'zod'
import { stampedNumber } from '../kernel/drill.js'
import { text } from '../kernel/text.js'
import { type Day, dayAfter, dayOf, daySchema, instantAt, momentOf } from '../kernel/time.js'
import { type Vocabulary, wordSchema } from '../kernel/vocabulary.js'

/** Figures of a day are cut off twice; either way they begin with the day, in Asia/Shanghai (0—12, 0—24). */
export const CUT_OFFS = {
  noon: text('0—12时', '00:00–12:00'),
  midnight: text('0—24时', '00:00–24:00'),
} as const satisfies Vocabulary<string>
export type CutOff = keyof typeof CUT_OFFS

/** Of which day and until when a report is. */
export interface Asked {
  readonly day: Day
  readonly cutOff: CutOff
}

const LAST_MINUTE = { noon: 12 * 60, midnight: 24 * 60 } as const satisfies Record<CutOff, number>

/** From the beginning of the day to its cut-off; what happens at the cut-off itself is of this report. */
export const spanOf = ({ day, cutOff }: Asked): { from: Date; to: Date } =>
  ({ from: momentOf(instantAt(day, 0)), to: momentOf(instantAt(day, LAST_MINUTE[cutOff])) })

/** The cut-off that is meant: the last that has passed of those that fit, or else the first that has not come. */
export function askedOf({ day, cutOff }: { readonly day?: Day | undefined; readonly cutOff?: CutOff | undefined }, now: Date): Asked {
  const today = dayOf(now)
  const days = day === undefined ? [today, dayAfter(today, -1)] : [day]
  const fitting = days.flatMap((each) => (['midnight', 'noon'] as const).filter((one) => cutOff === undefined || one === cutOff).map((one) => ({ day: each, cutOff: one })))
  return fitting.find((asked) => spanOf(asked).to <= now) ?? { day: day ?? today, cutOff: cutOff ?? 'noon' }
}

/** There is one report for each cut-off, and its id says which. */
export const idOf = ({ day, cutOff }: Asked): string => `${day}-${cutOff}`

const DIGITS = 4

/** The number by which a report is cited: it counts within the year of its day. */
export const numberIn = (year: string, number: number, isDrill: boolean): string =>
  stampedNumber(`${year}-${String(number).padStart(DIGITS, '0')}`, isDrill)

export const reportAskSchema = z.strictObject({ day: daySchema, cutOff: wordSchema(CUT_OFFS), note: z.string().min(1).max(1000).optional() }).meta({ id: 'DailyReportAsked' })
export type ReportAsk = z.infer<typeof reportAskSchema>
