import { addMinutes, differenceInCalendarDays, differenceInHours, differenceInMinutes, isValid, parseISO } from 'date-fns'
import { z } from 'zod'

/** China has kept one time without daylight saving since 1991. */
const OFFSET = '+08:00'
const OFFSET_MINUTES = 8 * 60
const EARLIEST = Date.UTC(2019, 11, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** ISO 8601 with an offset, between December 2019 and 2100. */
export const instantSchema = z.iso
  .datetime({ offset: true, error: 'must be a time with offset such as 2020-01-30T00:00:00+08:00' })
  .refine(isInRange, 'must lie between 2019-12-01 and 2100-01-01')
/** When something happened, or null: it has not. */
export const instantOrNullSchema = instantSchema.nullable()
/** A calendar day in Asia/Shanghai. */
export const daySchema = z.iso
  .date({ error: 'must be a day such as 2020-01-30' })
  .refine(isInRange, 'must lie between 2019-12-01 and 2100-01-01')
/** A wall-clock time of the plan's day, 00:00 to 24:00. */
export const clockSchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 06:00 or 24:00')

export type Instant = z.infer<typeof instantSchema>
export type Day = z.infer<typeof daySchema>

/** Minutes from 00:00 of the plan's day; may pass 1440. */
export const clockMinutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** Minutes of a day as a clock shows them; what goes on beyond midnight goes on being counted, as in 25:10. */
export const clockOf = (minutes: number): string => {
  const before = minutes < 0 ? '-' : ''
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${before}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

/** The instant `minutes` after 00:00 of `day`, in Asia/Shanghai. */
export function instantAt(day: Day, minutes: number): Instant {
  const local = addMinutes(parseISO(`${day}T00:00:00Z`), minutes)
  return `${local.toISOString().slice(0, 19)}${OFFSET}`
}

/** Whole minutes from 00:00 of `day` to `instant`; negative before. */
export const minutesInto = (day: Day, instant: Instant): number =>
  differenceInMinutes(parseISO(instant), parseISO(`${day}T00:00:00${OFFSET}`))

/** The same rounded up: nothing happens before it is said to. */
export const minutesIntoUp = (day: Day, instant: Instant): number => {
  const whole = minutesInto(day, instant)
  return isBefore(instantAt(day, whole), instant) ? whole + 1 : whole
}

/** Whole hours from one instant to a later one, rounded down; nought when it is not later. */
export const wholeHoursBetween = (span: { from: Instant; to: Instant }): number =>
  Math.max(0, differenceInHours(parseISO(span.to), parseISO(span.from)))

/** Whole calendar days from one day to another; negative when it lies before. */
export const daysBetween = (span: { from: Day; to: Day }): number =>
  differenceInCalendarDays(parseISO(span.to), parseISO(span.from))

/** In minutes, so that the machine's own time zone and its summer time have no part in it. */
export const dayAfter = (day: Day, days: number): Day =>
  addMinutes(parseISO(`${day}T00:00:00Z`), days * 24 * 60).toISOString().slice(0, 10)

export const hoursAfter = (instant: Instant, hours: number): Instant => addMinutes(parseISO(instant), hours * 60).toISOString()

export const isBefore = (a: Instant, b: Instant): boolean => parseISO(a).getTime() < parseISO(b).getTime()

/** `MM-DD HH:mm` in Asia/Shanghai, for people. */
export function shortTime(instant: Instant): string {
  const local = addMinutes(parseISO(instant), OFFSET_MINUTES)
  return local.toISOString().slice(5, 16).replace('T', ' ')
}

/** A moment as an instant of Asia/Shanghai; milliseconds only where there are some. */
export function instantOf(moment: Date): Instant {
  const local = addMinutes(moment, OFFSET_MINUTES).toISOString()
  return `${local.slice(0, 23).replace('.000', '')}${OFFSET}`
}

/** The same of what may not have happened. */
export const instantOrNull = (moment: Date | null): Instant | null => (moment === null ? null : instantOf(moment))

export const momentOf = (instant: Instant): Date => parseISO(instant)

/** The calendar day of a moment in Asia/Shanghai. */
export const dayOf = (moment: Date): Day => instantOf(moment).slice(0, 10)

function isInRange(value: string): boolean {
  const time = parseISO(value)
  // What is no time at all has been said to be none.
  return !isValid(time) || (time.getTime() >= EARLIEST && time.getTime() <= LATEST)
}
