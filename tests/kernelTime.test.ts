import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import {
  clockMinutes, clockSchema, dayAfter, daysBetween, daySchema, instantAt, instantSchema, isBefore, minutesInto, wholeHoursBetween,
} from '../src/kernel/time.js'

const DAY = '2020-01-30'

describe('minutes of the plan’s day', () => {
  // what, minutes from 00:00, instant
  const rows: [string, number, string][] = [
    ['midnight opens it', 0, '2020-01-30T00:00:00+08:00'],
    ['seven past seven', 427, '2020-01-30T07:07:00+08:00'],
    ['its last minute', 1439, '2020-01-30T23:59:00+08:00'],
    ['24:00 is midnight of the next day', 1440, '2020-01-31T00:00:00+08:00'],
    ['a trip may end after midnight', 1531, '2020-01-31T01:31:00+08:00'],
    ['an order may have left the evening before', -95, '2020-01-29T22:25:00+08:00'],
  ]
  test.each(rows)('%s', (_, minutes, instant) => {
    expect(instantAt(DAY, minutes)).toBe(instant)
    expect(minutesInto(DAY, instant)).toBe(minutes)
  })

  test('a clock of 24 hours reads 00:00 to 24:00', () => {
    expect(['00:00', '06:05', '23:59', '24:00'].map(clockMinutes)).toEqual([0, 365, 1439, 1440])
    const clocks = ['00:00', '24:00', '24:01', '6:00', '12:60', '25:00', '12:00:00', '']
    expect(clocks.filter((clock) => clockSchema.safeParse(clock).success)).toEqual(['00:00', '24:00'])
  })

  test('the same instant told in another offset is the same minute', () => {
    expect(minutesInto(DAY, '2020-01-29T16:00:00Z')).toBe(0)
    expect(minutesInto(DAY, '2020-01-30T01:00:00+05:30')).toBe(210)
  })
})

describe('spans', () => {
  const hours: [string, string, string, number][] = [
    ['an hour short of a second is none', '2020-01-29T10:00:01+08:00', '2020-01-29T11:00:00+08:00', 0],
    ['over midnight', '2020-01-29T22:30:00+08:00', '2020-01-30T03:29:00+08:00', 4],
    ['backwards is none', '2020-01-30T03:00:00+08:00', '2020-01-29T22:00:00+08:00', 0],
    ['between offsets', '2020-01-29T16:00:00Z', '2020-01-30T07:30:00+08:00', 7],
    ['over the end of February of a leap year', '2020-02-28T12:00:00+08:00', '2020-03-01T12:00:00+08:00', 48],
  ]
  test.each(hours)('whole hours: %s', (_, from, to, whole) => expect(wholeHoursBetween({ from, to })).toBe(whole))

  const days: [string, string, number][] = [
    ['2020-01-30', '2020-01-30', 0],
    ['2020-01-30', '2020-02-02', 3],
    ['2020-02-28', '2020-03-01', 2],
    ['2021-02-28', '2021-03-01', 1],
    ['2020-01-30', '2020-01-28', -2],
    ['2020-03-01', '2020-12-01', 275],
  ]
  test.each(days)('from %s to %s are %i days, and there and back', (from, to, count) => {
    expect(daysBetween({ from, to })).toBe(count)
    expect(dayAfter(from, count)).toBe(to)
    expect(dayAfter(to, -count)).toBe(from)
  })

  test('before is before whatever the offset; the same instant is not', () => {
    expect(isBefore('2020-01-29T15:59:00Z', '2020-01-30T00:00:00+08:00')).toBe(true)
    expect(isBefore('2020-01-29T16:00:00Z', '2020-01-30T00:00:00+08:00')).toBe(false)
    expect(isBefore('2020-01-30T00:00:00+08:00', '2020-01-29T15:59:00Z')).toBe(false)
  })
})

describe('times at the door', () => {
  test('a day that there is not is one mistake', () => {
    expect(daySchema.safeParse('2020-02-31').error?.issues.map(({ message }) => message)).toEqual(['must be a day such as 2020-01-30'])
    expect(daySchema.safeParse('2019-01-31').error?.issues.map(({ message }) => message)).toEqual(['must lie between 2019-12-01 and 2100-01-01'])
    expect(instantSchema.safeParse('2020-02-31T00:00:00+08:00').error?.issues).toHaveLength(1)
  })

  const rows: [string, string, boolean][] = [
    ['2020-01-30T00:00:00+08:00', 'with its offset', true],
    ['2020-01-29T16:00:00Z', 'in Greenwich time', true],
    ['2020-01-30T00:00:00', 'without offset', false],
    ['2020-01-30', 'a day is no instant', false],
    ['2020-02-30T00:00:00+08:00', 'no such day', false],
    ['2020-01-30T24:00:00+08:00', 'the end of a day is the next day’s midnight', false],
    ['2019-11-30T23:59:59Z', 'before anybody fell ill', false],
    ['2100-01-02T00:00:00Z', 'beyond all planning', false],
  ]
  test.each(rows)('%s: %s', (instant, _, isTaken) => expect(instantSchema.safeParse(instant).success).toBe(isTaken))

  test('days are those of the calendar', () => {
    const taken = ['2020-02-29', '2021-02-29', '2020-1-30', '2020-01-30T00:00:00+08:00', '2019-11-30', '2020-01-30']
    expect(taken.filter((day) => daySchema.safeParse(day).success)).toEqual(['2020-02-29', '2020-01-30'])
  })
})

test('a machine in any time zone tells the same times', () => {
  const time = new URL('../src/kernel/time.js', import.meta.url).href
  const script = `import * as t from ${JSON.stringify(time)}
    console.log(JSON.stringify(['2020-01-30', '2020-03-07', '2020-03-28', '2020-10-31'].map((day) => [
      t.dayAfter(day, 2), t.dayAfter(day, -2), t.instantAt(day, 1441), t.minutesInto(day, day + 'T12:00:00+08:00'),
      t.daysBetween({ from: day, to: '2020-11-02' }), t.instantOf(new Date(day + 'T15:30:00Z')),
      t.wholeHoursBetween({ from: day + 'T00:00:00+08:00', to: t.instantAt(day, 2880) }),
      t.daySchema.safeParse(day).success]))) `
  const told = (zone: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { TZ: zone }, encoding: 'utf8' })
  const shanghai = told('Asia/Shanghai')
  const march = ['2020-03-09', '2020-03-05', '2020-03-08T00:01:00+08:00', 720, 240, '2020-03-07T23:30:00+08:00', 48, true]
  expect(JSON.parse(shanghai)[1]).toEqual(march)
  for (const zone of ['UTC', 'America/New_York', 'Europe/Berlin', 'Pacific/Kiritimati']) {
    expect({ zone, told: told(zone) }).toEqual({ zone, told: shanghai })
  }
})
