import fc from 'fast-check'
import { EVERYWHERE } from '../src/kernel/roles.js'
import { describe, expect, test } from 'vitest'
import { behind, cursorOf, listAsk, numberBehind, pastOf } from '../src/http/lists.js'
import { Refused } from '../src/kernel/refusal.js'

/** Code units that a database keeps as text. */
const texts = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((words) => !words.includes('\0'))
const cursor = (...parts: readonly unknown[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url')
const codeOf = (work: () => unknown): string => {
  try {
    return JSON.stringify(work())
  } catch (error) {
    if (error instanceof Refused) return `${error.refusal.code} ${error.refusal.details?.[0]?.pointer}`
    throw error
  }
}
const REFUSED = 'invalidInput query:/cursor'

describe('a cursor', () => {
  test('leads behind what it was made of', () => {
    fc.assert(fc.property(texts, texts, fc.constantFrom('id', '-recordedAt', 'runs'), (key, id, sort) => {
      const made = cursorOf({ key, id }, sort) ?? ''
      expect(made).toMatch(/^[\w-]+$/)
      expect(behind(made, sort)).toEqual({ key, id })
    }))
  })

  test('there is none at the end, and none asked for is the beginning', () => {
    expect(cursorOf(null, 'id')).toBeNull()
    expect(behind(undefined, 'id')).toBeNull()
    expect(numberBehind(undefined, 'journal')).toBeNull()
  })

  const rows: [string, string][] = [
    ['of another sort', cursor('-id', '', 'phc')],
    ['of another list', cursor('runs', '', 'phc')],
    ['with a part too few', cursor('id', '')],
    ['with a part too many', cursor('id', '', 'phc', 'x')],
    ['with a number for a text', cursor('id', 7, 'phc')],
    ['with NUL, which no database keeps', cursor('id', '', 'a\0b')],
    ['with half of a pair', Buffer.from('["id","\\ud800","phc"]').toString('base64url')],
    ['that is no list', Buffer.from('{"id":1}').toString('base64url')],
    ['that is no JSON', Buffer.from('[id').toString('base64url')],
    ['that is nothing', ''],
    ['that is rubbish', '!!!'],
  ]
  test.each(rows)('%s is refused at its place', (_, given) => expect(codeOf(() => behind(given, 'id'))).toBe(REFUSED))

  test.each(['0', '-1', '1.5', '1e3', 'abc', '', '9'.repeat(16), ' 7', '0x7'])('a number that is none is refused: %j', (key) => {
    expect(codeOf(() => numberBehind(cursor('journal', key, ''), 'journal'))).toBe(REFUSED)
  })

  test('a number is a number', () => expect(numberBehind(cursor('journal', '734', ''), 'journal')).toBe(734))
})

describe('the past that is asked for', () => {
  const NOW = new Date('2020-01-31T00:00:00Z')
  const at = '2020-01-30T08:00:00+08:00'
  const rows: [string, Parameters<typeof pastOf>[0], { asOf: string; knownAt: string } | null][] = [
    ['none: the present', {}, null],
    ['a moment, as far as is known now', { asOf: at }, { asOf: '2020-01-30T00:00:00.000Z', knownAt: '2020-01-31T00:00:00.000Z' }],
    ['the present, as far as was known then', { knownAt: at }, { asOf: '2020-01-31T00:00:00.000Z', knownAt: '2020-01-30T00:00:00.000Z' }],
    ['both', { asOf: at, knownAt: '2020-01-30T09:00:00Z' }, { asOf: '2020-01-30T00:00:00.000Z', knownAt: '2020-01-30T09:00:00.000Z' }],
  ]
  test.each(rows)('%s', (_, asked, past) => {
    const found = pastOf(asked, NOW)
    expect(found === null ? null : { asOf: found.asOf.toISOString(), knownAt: found.knownAt.toISOString() }).toEqual(past)
  })

  test.each([['id', 'id', false], ['-id', 'id', true], ['recordedAt', 'recordedAt', false], ['-asOf', 'asOf', true]] as const)(
    'a list by %s goes by %s, downwards: %s', (sort, by, descending) => {
      const asked = listAsk({ sort, limit: 37 }, { equal: { unit: 'u' }, reach: EVERYWHERE, now: NOW })
      expect(asked).toEqual({ past: null, reach: EVERYWHERE, equal: { unit: 'u' }, sort: { by, descending }, after: null, limit: 37 })
    })
})
