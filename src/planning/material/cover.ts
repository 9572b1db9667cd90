import { remembered } from '../../kernel/remembered.js'
import type { Account } from './account.js'
import type { CoreGiven } from './core.js'
import type { MaterialPlan } from './plan.js'
import { drawOn, type Usable } from './served.js'

/** Cover is counted in hundredths of a day. */
export const HUNDREDTHS = 100
/** Cover beyond this is as good as for ever. */
export const DAYS_MAX = 999
const THOUSANDTHS = 1000

/** What a place uses up of an item on each day of the plan at the conventional norm, in thousandths; nothing before it opens. */
export interface DailyUse {
  readonly place: string
  readonly item: string
  readonly days: readonly number[]
}

/** Of every place and item of which something is used up. */
export function dailyUse({ ground, needs }: Pick<CoreGiven, 'ground' | 'needs'>): DailyUse[] {
  const daily = new Map<string, { place: string; item: string; days: number[] }>()
  for (const { place, item, everybody } of needs) {
    const { days } = remembered(daily, JSON.stringify([place, item]), () => ({ place, item, days: ground.days.map(() => 0) }))
    const opens = ground.opensIn(place)
    for (const [day, units] of everybody.conventional.entries()) {
      if (opens + day < days.length) days[opens + day] = (days[opens + day] ?? 0) + units
    }
  }
  return [...daily.values()].filter(({ days }) => days.some((units) => units > 0))
}

/** Days of supply (可用天数) of every place and item of which something is used up at the conventional norm. */
export function coverOf(account: Account): MaterialPlan['cover'] {
  const { ground } = account.given
  return dailyUse(account.given).map(({ place, item, days }) => {
    const after = daysOfSupply(account.after.of(place, item), days)
    return {
      place, item, daysBefore: daysOfSupply(account.before.of(place, item), days).hundredths, daysAfter: after.hundredths,
      runsOutOn: after.runsOut === null ? null : ground.days[after.runsOut] ?? null,
    }
  })
}

/**
 * Days for which a store lasts, in hundredths, rounded down, and the first day that is not covered in full. Beyond the
 * horizon the last day's use goes on, of what expires first before the rest, and what expires before its turn no longer counts.
 */
export function daysOfSupply(store: readonly Usable[], daily: readonly number[]): { hundredths: number; runsOut: number | null } {
  const left = store.map(({ units }) => units * THOUSANDTHS)
  for (const [day, units] of daily.entries()) {
    const missing = drawOn(day, units, store, left)
    if (missing > 0) return { hundredths: day * HUNDREDTHS + Math.floor(((units - missing) * HUNDREDTHS) / units), runsOut: day }
  }
  const last = daily.at(-1) ?? 0
  if (last === 0) {
    const isSome = store.some(({ until }, i) => until >= daily.length && (left[i] ?? 0) > 0)
    return { hundredths: Math.min(DAYS_MAX, isSome ? DAYS_MAX : daily.length) * HUNDREDTHS, runsOut: null }
  }
  let used = 0
  for (const [i, { until }] of store.entries()) used += Math.max(0, Math.min(left[i] ?? 0, (until + 1 - daily.length) * last - used))
  const beyond = Math.floor((used * HUNDREDTHS) / last)
  return { hundredths: Math.min(DAYS_MAX * HUNDREDTHS, daily.length * HUNDREDTHS + beyond), runsOut: null }
}
