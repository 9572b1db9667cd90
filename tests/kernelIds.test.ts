import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clockWith, machine } from '../src/app/machine.js'
import { idSchema } from '../src/kernel/ids.js'
import { REFUSALS, Refused, refuseAt } from '../src/kernel/refusal.js'
import { dayOf, hoursAfter, instantOf, instantSchema, momentOf } from '../src/kernel/time.js'
import { whenOf } from '../src/kernel/when.js'

describe('an id that people give', () => {
  const taken = ['phc', 'phc/severe', '武隆区-0001', 'a.b_c-d/e#7', '7', '一→二', 'x'.repeat(80)]
  test.each(taken)('is taken: %s', (id) => expect(idSchema.safeParse(id).success).toBe(true))
  const refused = ['忠县-００３１', '忠县-①', '忠县-Ⅳ', '忠县-٣', 'ｐｈｃ', 'e\u0301t\u00e9', '', ' a', 'a b', '-a', '/a', '.', '→a', 'a\u0000', 'a\u200Bb', 'a\u202Eb', 'a%2F', 'a?b', "a'b", 'a\nb', '🛏', 'x'.repeat(81), 'constructor', 'toString']
  test.each(refused)('is refused: %j', (id) => expect(idSchema.safeParse(id).success).toBe(false))
})

describe('a name that nobody has yet', () => {
  test('is a UUID of version 7, and sorts behind the one before', () => {
    const ids = Array.from({ length: 20_000 }, machine.newId)
    expect(ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual([])
    expect(ids.filter((id, index) => index > 0 && id <= (ids[index - 1] ?? ''))).toEqual([])
  })

  test('says when it was made, to the second', () => {
    const id = machine.newId()
    expect(Math.abs(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - machine.now().getTime())).toBeLessThan(60_000)
  })
})

describe('moments and instants', () => {
  const rows: [string, string, string][] = [
    ['2020-01-29T16:00:00.000Z', '2020-01-30T00:00:00+08:00', '2020-01-30'],
    ['2020-01-29T15:59:59.999Z', '2020-01-29T23:59:59.999+08:00', '2020-01-29'],
    ['2020-02-29T20:07:03.040Z', '2020-03-01T04:07:03.040+08:00', '2020-03-01'],
  ]
  test.each(rows)('%s is %s, on %s', (moment, instant, day) => {
    expect(instantOf(new Date(moment))).toBe(instant)
    expect(momentOf(instant).toISOString()).toBe(moment)
    expect(dayOf(new Date(moment))).toBe(day)
  })

  test('there and back, to the millisecond', () => {
    const moments = fc.date({ min: new Date('2019-12-02T00:00:00Z'), max: new Date('2099-12-30T00:00:00Z'), noInvalidDate: true })
    fc.assert(fc.property(moments, (moment) => {
      expect(momentOf(instantOf(moment))).toEqual(moment)
      expect(instantSchema.safeParse(instantOf(moment)).success).toBe(true)
    }))
  })

  test('so many hours later is so many hours later', () => {
    expect(momentOf(hoursAfter('2020-02-28T22:30:00+08:00', 27)).toISOString()).toBe('2020-02-29T17:30:00.000Z')
  })

  test('a clock that is shifted is shifted by as much', () => {
    const shift = Date.UTC(2020, 0, 30) - machine.now().getTime()
    expect(Math.abs(clockWith(shift).now().getTime() - Date.UTC(2020, 0, 30))).toBeLessThan(60_000)
  })
})

describe('when something happened', () => {
  const NOW = new Date('2020-01-30T08:00:00Z')
  const LATER = new Date('2020-01-30T08:00:02Z')
  const rows: [string, string | null | undefined, Date | null, string][] = [
    ['nobody said: now', undefined, null, '2020-01-30T08:00:00.000Z'],
    ['null is nobody’s word', null, null, '2020-01-30T08:00:00.000Z'],
    ['nobody said, and somebody was quicker: not before them', undefined, LATER, '2020-01-30T08:00:02.000Z'],
    ['as stated', '2020-01-30T15:30:00+08:00', null, '2020-01-30T07:30:00.000Z'],
    ['this very moment', '2020-01-30T16:00:00+08:00', null, '2020-01-30T08:00:00.000Z'],
  ]
  test.each(rows)('%s', (_, stated, last, at) => expect(whenOf(stated, NOW, last).toISOString()).toBe(at))

  test('what has not come yet is refused', () => {
    expect(() => whenOf('2020-01-30T16:00:01+08:00', NOW)).toThrow(/wrongTime/)
  })
})

test('a refusal of one place names it, in both languages, and every code has its status', () => {
  const refusal = refuseAt('query:/cursor', '错', 'wrong')
  expect(refusal).toBeInstanceOf(Refused)
  expect(refusal.refusal).toEqual({
    code: 'invalidInput', text: { zh: '错', en: 'wrong' }, details: [{ pointer: 'query:/cursor', want: { zh: '错', en: 'wrong' } }],
  })
  expect(Object.entries(REFUSALS).filter(([, [status]]) => status < 400 || status > 503)).toEqual([])
})
