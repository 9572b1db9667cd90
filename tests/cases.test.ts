import { describe, expect, test } from 'vitest'
import { type Case, caseSchema, fitnessAt, hoursWaited } from '../src/cases/cases.js'
import { city } from './support/city.js'

const NOW = '2020-01-30T09:00:00+08:00'
const person = (row: Partial<Case>): Case => {
  const found = city({ asOf: '2020-01-31T00:00:00+08:00', cases: { 'south-1': {} } }).cases['south-1']
  if (found === undefined) throw new Error('the city has this case')
  return { ...found, ...row }
}

describe('fitness to travel, valid for 24 hours, at 09:00 of 30 January', () => {
  // what, judgement, assessed, valid until, how it stands
  type Row = [string, Case['fitness'], string | null, string | null, string]
  const rows: Row[] = [
    ['judged fit an hour ago: fit', 'fit', '2020-01-30T08:00:00+08:00', null, 'fit'],
    ['judged fit this very minute: fit', 'fit', '2020-01-30T09:00:00+08:00', null, 'fit'],
    ['judged fit a minute short of a day ago: still fit', 'fit', '2020-01-29T09:01:00+08:00', null, 'fit'],
    ['judged fit more than a day ago: expired', 'fit', '2020-01-29T08:59:00+08:00', null, 'expired'],
    [
      'judged fit two days ago but signed until noon: still fit', 'fit', '2020-01-28T09:00:00+08:00',
      '2020-01-30T12:00:00+08:00', 'fit',
    ],
    [
      'judged fit an hour ago but signed only until half past eight: expired', 'fit', '2020-01-30T08:00:00+08:00',
      '2020-01-30T08:30:00+08:00', 'expired',
    ],
    ['signed until this very minute: fit', 'fit', '2020-01-30T06:00:00+08:00', '2020-01-30T09:00:00+08:00', 'fit'],
    ['signed until a second ago: expired', 'fit', '2020-01-30T06:00:00+08:00', '2020-01-30T08:59:59+08:00', 'expired'],
    ['to be judged later today: not assessed yet', 'fit', '2020-01-30T10:30:00+08:00', null, 'unknown'],
    [
      'to be judged later, though valid until tomorrow: not assessed yet', 'fit', '2020-01-30T10:30:00+08:00',
      '2020-01-31T10:30:00+08:00', 'unknown',
    ],
    ['called fit by nobody knows whom and when: not assessed', 'fit', null, null, 'unknown'],
    [
      'called fit until tomorrow, but nobody says when it was judged: not assessed', 'fit', null,
      '2020-01-31T09:00:00+08:00', 'unknown',
    ],
    ['judged unfit a week ago: unfit until judged again', 'unfit', '2020-01-23T09:00:00+08:00', null, 'unfit'],
    [
      'judged unfit until this morning: unfit until judged again', 'unfit', '2020-01-29T09:00:00+08:00',
      '2020-01-30T07:00:00+08:00', 'unfit',
    ],
    ['never assessed: unknown', 'unknown', null, null, 'unknown'],
    ['the same minute told in Greenwich time: fit', 'fit', '2020-01-30T01:00:00Z', null, 'fit'],
    ['more than a day ago told in Greenwich time: expired', 'fit', '2020-01-29T00:59:00Z', null, 'expired'],
  ]
  test.each(rows)('%s', (_, fitness, fitnessAssessedAt, fitnessValidUntil, stands) => {
    expect(fitnessAt(
      person({ fitness, fitnessAssessedAt, fitnessValidUntil }), { now: NOW, validHours: 24 }
    )).toBe(stands)
  })

  test('a judgement that names no end stands exactly as long as one that names the same end', () => {
    const assessed = { fitness: 'fit', fitnessAssessedAt: '2020-01-29T09:00:00+08:00' } as const
    for (const now of ['2020-01-30T08:59:00+08:00', '2020-01-30T09:00:00+08:00', '2020-01-30T09:01:00+08:00']) {
      const until = (fitnessValidUntil: string | null) =>
        fitnessAt(person({ ...assessed, fitnessValidUntil }), { now, validHours: 24 })
      expect({ now, fitness: until(null) }).toEqual({ now, fitness: until('2020-01-30T09:00:00+08:00') })
    }
  })

  test('the hours come from the policy', () => {
    const eightHoursAgo = person({ fitnessAssessedAt: '2020-01-30T01:00:00+08:00' })
    expect(fitnessAt(eightHoursAgo, { now: NOW, validHours: 9 })).toBe('fit')
    expect(fitnessAt(eightHoursAgo, { now: NOW, validHours: 7 })).toBe('expired')
  })
})

describe('hours waited at 09:00 of 30 January', () => {
  const rows: [string, string | null, number][] = [
    ['nobody asked for a place: none', null, 0],
    ['asked this minute: none', '2020-01-30T09:00:00+08:00', 0],
    ['a minute short of an hour: none', '2020-01-30T08:01:00+08:00', 0],
    ['an hour: one', '2020-01-30T08:00:00+08:00', 1],
    ['a minute short of three hours: two', '2020-01-30T06:01:00+08:00', 2],
    ['since yesterday noon: twenty-one', '2020-01-29T12:00:00+08:00', 21],
    ['over two midnights: fifty-seven', '2020-01-28T00:00:00+08:00', 57],
    ['asked at midnight of Greenwich: one', '2020-01-30T00:00:00Z', 1],
    ['asks tomorrow: none', '2020-01-31T09:00:00+08:00', 0],
  ]
  test.each(rows)('%s', (_, waitingSince, hours) => {
    expect(hoursWaited(person({ waitingSince }), NOW)).toBe(hours)
  })
})

describe('a case at the door', () => {
  const row = person({})
  const rows: [string, Record<string, unknown>, boolean][] = [
    ['is taken as reported', {}, true],
    ['a close contact is no case', { status: 'closeContact' }, false],
    ['severity has its own words', { severity: 'negativePressure' }, false],
    ['needs attributes of the bed', { needs: ['dialysis', 'paediatric'] }, true],
    ['cannot need what is an attribute of a place only', { needs: ['doctorsAndTests'] }, false],
    ['has no name and no age, only a band', { name: 'Zhang' }, false],
    ['tells times with their offset', { waitingSince: '2020-01-30T09:00:00' }, false],
    ['tells days without a time', { dischargeDue: '2020-02-01T00:00:00+08:00' }, false],
  ]
  test.each(rows)('%s', (_, change, isTaken) => {
    expect(caseSchema.safeParse({ ...row, ...change }).success).toBe(isTaken)
  })
})
