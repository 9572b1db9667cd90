import { text } from '../kernel/text.js'
import { dayOf, hoursAfter, type Instant, instantAt, instantOf, minutesInto, momentOf } from '../kernel/time.js'
import { keysOf, type Vocabulary } from '../kernel/vocabulary.js'
import { byCodeUnits } from '../kernel/canonical.js'
import type { Pool } from './beds.js'

const HALF_DAY_HOURS = 12
/** What was counted by a cut-off is told within the hour; after that it is late. */
const TELLING_HOURS = 1

export const REPORTING_STATES = {
  complete: text('报齐', 'complete'),
  partly: text('部分已报', 'partly'),
  missing: text('未报', 'missing'),
} as const satisfies Vocabulary<string>
export type ReportingState = keyof typeof REPORTING_STATES

/** Figures are cut off at noon and at midnight of Asia/Shanghai (0—12, 0—24). */
export const isCutOff = (instant: Instant): boolean => /T(?:00|12):00:00\+/.test(instantOf(momentOf(instant)))

/** The last cut-off that has passed. */
export function lastCutOff(now: Date): Instant {
  const day = dayOf(now)
  return instantAt(day, minutesInto(day, instantOf(now)) >= HALF_DAY_HOURS * 60 ? HALF_DAY_HOURS * 60 : 0)
}

/** What a report has to speak for: after the cut-off before this one, and until this one. */
export const spanUntil = (cutOff: Instant): { from: Date; to: Date } =>
  ({ from: momentOf(hoursAfter(cutOff, -HALF_DAY_HOURS)), to: momentOf(cutOff) })

interface Count {
  readonly id: string
  readonly countedAt: Date
  readonly recordedAt: Date
  readonly recordedBy: string
}

export interface Compliance {
  readonly id: string
  readonly state: ReportingState
  readonly pools: number
  readonly reported: number
  /** Pools of which nothing was told for this span; what they had before is not carried on. */
  readonly missing: readonly string[]
  readonly countedAt: Date | null
  readonly recordedAt: Date | null
  readonly recordedBy: readonly string[]
  /** Null while nothing was told. */
  readonly late: boolean | null
}

/** Every place with pools, by id: whether it told its figures for this cut-off, when, and which post did. */
export function complianceOf(
  pools: Readonly<Record<string, Pick<Pool, 'place'>>>, counts: readonly Count[], cutOff: Instant,
): Compliance[] {
  const due = momentOf(hoursAfter(cutOff, TELLING_HOURS))
  const countOf = new Map(counts.map((count) => [count.id, count]))
  const places = [...new Set(Object.values(pools).map(({ place }) => place))].sort(byCodeUnits)
  return places.map((id) => {
    const own = Object.keys(pools).filter((pool) => pools[pool]?.place === id).sort(byCodeUnits)
    const told = own.flatMap((pool) => countOf.get(pool) ?? [])
    const last = (times: readonly Date[]): Date | null => times.reduce<Date | null>((a, b) => (a === null || b > a ? b : a), null)
    return {
      id, pools: own.length, reported: told.length, missing: own.filter((pool) => !countOf.has(pool)),
      state: told.length === 0 ? 'missing' : told.length < own.length ? 'partly' : 'complete',
      countedAt: last(told.map(({ countedAt }) => countedAt)), recordedAt: last(told.map(({ recordedAt }) => recordedAt)),
      recordedBy: [...new Set(told.map(({ recordedBy }) => recordedBy))].sort(byCodeUnits),
      late: told.length === 0 ? null : told.some(({ recordedAt }) => recordedAt > due),
    }
  })
}

/** How many places are in each state. */
export const compliedIn = (rows: readonly Compliance[]): Record<ReportingState, number> =>
  Object.fromEntries(keysOf(REPORTING_STATES).map((state) => [state, rows.filter((row) => row.state === state).length])) as Record<ReportingState, number>

