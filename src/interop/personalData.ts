import { text } from '../kernel/text.js'

export const NO_PERSONAL_DATA = text(
  '像是身份证号或手机号；本系统不存姓名、电话和身份证号，请删去',
  'looks like an identity number or a mobile phone number; the system holds no names, phones or identity numbers',
)

/** Nobody types more into one field; what is longer is refused before anything is looked for in it. */
export const LETTERS_MAX = 4000
export const TOO_LONG = text(`最多 ${LETTERS_MAX} 个字符`, `at most ${LETTERS_MAX} characters`)

const DIGITS_MIN = 11
const IDENTITY_DIGITS = 18
const OLD_IDENTITY_DIGITS = 15

/** 11 digits, perhaps in groups, perhaps with +86; at most 21 letters, looked for where a text may begin one. */
const MOBILE_NUMBER =
  /(?:(?:\+|00)?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}[-\s]?\d{4}|\.\d{4}\.\d{4})(?!\d)/y
const MAY_BEGIN_MOBILE = ['+8', '00', '86', '13', '14', '15', '16', '17', '18', '19']

/** The first two digits of every area code. */
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** Born before: a later day belongs to the number of a case, made of area, day and count. */
const BORN_BEFORE = 2019

const GAP = /[\s.·\u2010-\u2015\u2212-]/
const GAP_MAX = 3
/** After so many digits the groups of a number may end, as people write it; after the first two they must. */
const GROUPS = { must: [6, 14], may: [2, 3, 4, 10, 12, 17] }
const OLD_GROUPS = { must: [6, 12], may: [2, 3, 4, 8, 10] }
const USUAL = [GROUPS, OLD_GROUPS].flatMap(({ must, may }) => [...must, ...may])

/** Digits, and after how many of them each group but the last ends. */
interface Digits {
  readonly digits: string
  readonly ends: readonly number[]
}

/** Area, day of birth without century, count: as issued until 1999. */
const isOldIdentity = (digits: string): boolean => PROVINCE.test(digits) && isDay(`19${digits.slice(6, 12)}`)

function isGroupedIdentity({ digits, ends }: Digits): boolean {
  if (!PROVINCE.test(digits) || !isDay(digits.slice(6, 14))) return false
  const isBirth = Number(digits.slice(6, 10)) < BORN_BEFORE
  return hasCheckDigit(digits) || (isBirth && isGroupedAt(ends, GROUPS))
}

/** Without a check digit only the usual groups tell such a number from a list of figures. */
function isGroupedOldIdentity({ digits, ends }: Digits): boolean {
  const isBirth = !/^(?:19|2\d)/.test(digits.slice(6, 8))
  return isOldIdentity(digits) && isBirth && isGroupedAt(ends, OLD_GROUPS)
}

const isGroupedAt = (ends: readonly number[], at: { must: readonly number[]; may: readonly number[] }): boolean =>
  at.must.every((end) => ends.includes(end)) && ends.every((end) => at.must.includes(end) || at.may.includes(end))

const isYear = (yyyy: string): boolean => yyyy >= '1850' && yyyy < '2100'

function isDay(yyyymmdd: string): boolean {
  const [year, month, day] = [yyyymmdd.slice(0, 4), yyyymmdd.slice(4, 6), yyyymmdd.slice(6)].map(Number)
  if (year === undefined || month === undefined || day === undefined) return false
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return isYear(yyyymmdd.slice(0, 4)) && month >= 1 && month <= 12 && day >= 1 && day <= last
}

/** The last sign of GB 11643: the weighted digits, modulo 11. */
function hasCheckDigit(digits: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  return '10X98765432'[sum % 11] === digits.at(-1)?.toUpperCase()
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Letters are compared by their codes: this is read for every letter that comes in. */
const digitAt = (words: string, at: number): number => {
  const digit = words.charCodeAt(at) - 48
  return digit >= 0 && digit <= 9 ? digit : -1
}
const isLastAt = (words: string, at: number): boolean => digitAt(words, at) >= 0 || words[at] === 'X' || words[at] === 'x'

/** A number starts here. Digits behind a decimal point start none: coordinates have as many. */
const isStart = (words: string, at: number): boolean =>
  digitAt(words, at - 1) < 0 && !(words[at - 1] === '.' && digitAt(words, at - 2) >= 0)

/** Where the identity number that begins here ends; null: none does. Looks at 18 digits and the gaps between them only. */
function identityFrom(words: string, start: number): number | null {
  let digits = ''
  const ends: number[] = []
  let isUsual = true
  let found: number | null = null
  for (let at = start; ;) {
    digits += words[at]
    at += 1
    const { length } = digits
    if (length === OLD_IDENTITY_DIGITS && isUsual && digitAt(words, at) < 0) {
      if (ends.length === 0 ? isOldIdentity(digits) : isGroupedOldIdentity({ digits, ends })) found = at
    }
    if (length === IDENTITY_DIGITS) {
      const isWhole = ends.length === 0 || isGroupedIdentity({ digits, ends })
      return isWhole && !isLastAt(words, at) ? at : found
    }
    const gap = gapFrom(words, at)
    if (gap > GAP_MAX) return found
    if (gap > 0) {
      ends.push(length)
      isUsual &&= USUAL.includes(length)
      at += gap
    }
    // Lists of figures are left early: in groups a number is known by its area, in unusual ones by the year of birth too.
    if (ends.length > 0 && length === 2 && !PROVINCE.test(digits)) return found
    if (!isUsual && length >= 10 && !isYear(digits.slice(6, 10))) return found
    if (length === IDENTITY_DIGITS - 1 ? !isLastAt(words, at) : digitAt(words, at) < 0) return found
  }
}

/** How many letters part two groups here, no more than one too many. */
function gapFrom(words: string, start: number): number {
  let gap = 0
  while (gap <= GAP_MAX && isGap(words.charCodeAt(start + gap))) gap += 1
  return gap
}

const isGap = (code: number): boolean =>
  code < 0x80 ? code === 0x20 || code === 0x2d || code === 0x2e || (code >= 9 && code <= 13) : GAP.test(String.fromCharCode(code))

/** Where the telephone number that begins here ends; null: none does. */
function mobileFrom(words: string, start: number): number | null {
  if (!MAY_BEGIN_MOBILE.includes(words.slice(start, start + 2))) return null
  MOBILE_NUMBER.lastIndex = start
  return MOBILE_NUMBER.test(words) ? MOBILE_NUMBER.lastIndex : null
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Where numbers that identify a person stand in a text of half-width digits, one after the other; who has seen enough stops. */
function* personalSpans(words: string): Generator<Span> {
  if (words.length < DIGITS_MIN) return
  for (let start = 0; start < words.length; start += 1) {
    const isOfDigits = digitAt(words, start) >= 0
    if (!(isOfDigits || words[start] === '+') || !isStart(words, start)) continue
    const mobile = mobileFrom(words, start)
    if (mobile !== null) yield { start, end: mobile }
    const identity = isOfDigits ? identityFrom(words, start) : null
    if (identity !== null) yield { start, end: identity }
  }
}

/** Full-width digits are digits to whoever reads them. */
const halfWidth = (words: string): string => words.normalize('NFKC')

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi
const UUID_LETTERS = 36

/** Names that machines make up are passed over: one UUID in a thousand holds what looks like a telephone number. */
export function isPersonal(words: string): boolean {
  const said = words.length < UUID_LETTERS ? words : words.replace(UUID, '#')
  return personalSpans(halfWidth(said)).next().done === false
}

/** The text with what identifies a person struck out but for three signs, so that no report of a mistake repeats it. */
export function masked(words: string): string {
  const letters = halfWidth(words)
  const parts: string[] = []
  let shown = 0
  for (const { start, end } of personalSpans(letters)) {
    // They come in the order of their beginnings, and one may reach into the next.
    const from = Math.max(shown, start + 3)
    if (end <= from) continue
    parts.push(letters.slice(shown, from), '*'.repeat(end - from))
    shown = end
  }
  return parts.length === 0 ? words : parts.join('') + letters.slice(shown)
}
