import { text } from '../kernel/text.js'

export const NO_PERSONAL_DATA = text(
  '像是身份证号或手机号；本系统不存姓名、电话和身份证号，请删去',
  'looks like an identity number or a mobile phone number; the system holds no names, phones or identity numbers',
)

const GAP = '[\\s.·\\u2010-\\u2015\\u2212-]{1,3}'
/** A number starts here. Digits behind a decimal point start none: coordinates have as many. */
const START = '(?<!\\d|\\d\\.)'
/** Looks ahead only, so that a figure in front of a number does not swallow its first digits. */
const numbers = (digits: string): RegExp => new RegExp(`${START}(?=(${digits}))`, 'g')

const IDENTITY_NUMBER = numbers('\\d{17}[\\dXx](?![\\dXx])')
const OLD_IDENTITY_NUMBER = numbers('\\d{15}(?!\\d)')
const GROUPED = numbers(`(?:\\d(?:${GAP})?){17}[\\dXx](?![\\dXx])`)
const OLD_GROUPED = numbers(`(?:\\d(?:${GAP})?){14}\\d(?!\\d)`)
/** 11 digits, perhaps in groups, perhaps with +86. */
const MOBILE_NUMBER = numbers(
  '(?:(?:\\+|00)?86[-\\s]?)?1[3-9]\\d(?:[-\\s]?\\d{4}[-\\s]?\\d{4}|\\.\\d{4}\\.\\d{4})(?!\\d)',
)
const PATTERNS: readonly (readonly [pattern: RegExp, isOne: (found: string) => boolean])[] = [
  [IDENTITY_NUMBER, () => true],
  [MOBILE_NUMBER, () => true],
  [OLD_IDENTITY_NUMBER, (found) => isOldIdentity(found)],
  [GROUPED, isGroupedIdentity],
  [OLD_GROUPED, isGroupedOldIdentity],
]
const DIGITS_MIN = 11

/** The first two digits of every area code. */
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** Born before: a later day belongs to the number of a case, made of area, day and count. */
const BORN_BEFORE = 2019

/** Area, day of birth without century, count: as issued until 1999. */
const isOldIdentity = (digits: string): boolean => PROVINCE.test(digits) && isDay(`19${digits.slice(6, 12)}`)

function isGroupedIdentity(found: string): boolean {
  const { digits, ends } = groupsOf(found)
  if (ends.length === 0 || !PROVINCE.test(digits) || !isDay(digits.slice(6, 14))) return false
  const isBirth = Number(digits.slice(6, 10)) < BORN_BEFORE
  return hasCheckDigit(digits) || (isBirth && isGroupedAt(ends, { must: [6, 14], may: [2, 3, 4, 10, 12, 17] }))
}

/** Without a check digit only the usual groups tell such a number from a list of figures. */
function isGroupedOldIdentity(found: string): boolean {
  const { digits, ends } = groupsOf(found)
  const isBirth = !/^(?:19|2\d)/.test(digits.slice(6, 8))
  return isOldIdentity(digits) && isBirth && isGroupedAt(ends, { must: [6, 12], may: [2, 3, 4, 8, 10] })
}

/** The digits alone, and after how many of them each group but the last ends. */
function groupsOf(found: string): { digits: string; ends: number[] } {
  const groups = found.split(new RegExp(GAP))
  const ends = groups.map((_, index) => groups.slice(0, index + 1).join('').length).slice(0, -1)
  return { digits: groups.join(''), ends }
}

const isGroupedAt = (ends: readonly number[], at: { must: readonly number[]; may: readonly number[] }): boolean =>
  at.must.every((end) => ends.includes(end)) && ends.every((end) => at.must.includes(end) || at.may.includes(end))

function isDay(yyyymmdd: string): boolean {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number)
  if (year === undefined || month === undefined || day === undefined) return false
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return year >= 1850 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= last
}

/** The last sign of GB 11643: the weighted digits, modulo 11. */
function hasCheckDigit(digits: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return '10X98765432'[sum % 11] === digits.at(-1)?.toUpperCase()
}

/** Where numbers that identify a person stand in a text of half-width digits. */
function personalSpans(words: string): { start: number; end: number }[] {
  if (words.length < DIGITS_MIN || words.replace(/\D/g, '').length < DIGITS_MIN) return []
  return PATTERNS.flatMap(([pattern, isOne]) => [...words.matchAll(pattern)].flatMap(({ index, 1: found = '' }) =>
    (isOne(found) ? [{ start: index, end: index + found.length }] : [])))
}

/** Full-width digits are digits to whoever reads them. */
const halfWidth = (words: string): string => words.normalize('NFKC')

export const isPersonal = (words: string): boolean => personalSpans(halfWidth(words)).length > 0

/** The text with what identifies a person struck out but for three signs, so that no report of a mistake repeats it. */
export function masked(words: string): string {
  const letters = halfWidth(words)
  const spans = personalSpans(letters)
  if (spans.length === 0) return words
  const isStruck = (at: number) => spans.some(({ start, end }) => at >= start + 3 && at < end)
  return letters.split('').map((letter, at) => (isStruck(at) ? '*' : letter)).join('')
}
