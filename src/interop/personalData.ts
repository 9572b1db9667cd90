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

const MOBILE_DIGITS = 11
const COUNTRY = /(?:\+|00)?86/y
/**
 * After how many digits the groups of a mobile number end: as everybody writes it; and as some do, which a list of
 * figures may look like as well: not where more figures stand beside it.
 */
const MOBILE_GROUPS = ['', '3,7']
const MOBILE_GROUPS_ALONE = ['3', '5', '7', '3,6', '1,2,3,4,5,6,7,8,9,10']

/** The first two digits of every area code. */
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** Born before: a later day belongs to the number of a case, made of area, day and count. */
const BORN_BEFORE = 2019

const GAP = /[\s·\u2010-\u2015\u2212]/
const ASCII_GAPS = [...'\t\n\v\f\r ()-./_'].map((letter) => letter.charCodeAt(0))
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
const isStart = (words: string, at: number): boolean => digitAt(words, at - 1) < 0 && !(isAfterPoint(words, at) && !isListed(words, at))

const isAfterPoint = (words: string, at: number): boolean => words[at - 1] === '.' && digitAt(words, at - 2) >= 0

/** Behind the point of the first to the 99th of a list, as far as what stands there alone can say. */
function isListed(words: string, at: number): boolean {
  if (!isAfterPoint(words, at)) return false
  const before = digitAt(words, at - 3) >= 0 ? at - 4 : at - 3
  return digitAt(words, before) < 0 && words[before] !== '.'
}

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
  code < 0x80 ? ASCII_GAPS.includes(code) : GAP.test(String.fromCharCode(code))

/** Where the mobile number that begins here ends, with its +86; null: none does. Looks at 11 digits and the gaps between them only. */
function mobileFrom(words: string, start: number): number | null {
  const first = isAfterPoint(words, start) ? start : afterCountry(words, start)
  if (words[first] !== '1') return null
  const [ends, gaps]: [number[], string[]] = [[], []]
  for (let at = first, length = 1; ; length += 1) {
    if (length === 2 && digitAt(words, at) < 3) return null
    at += 1
    if (length === MOBILE_DIGITS) return digitAt(words, at) < 0 && isMobile(words, { start, end: at, ends, gaps }) ? at : null
    const gap = gapFrom(words, at)
    if (gap > GAP_MAX) return null
    if (gap > 0) {
      ends.push(length)
      gaps.push(words.slice(at, at + gap))
      at += gap
    }
    if (digitAt(words, at) < 0) return null
  }
}

function afterCountry(words: string, start: number): number {
  COUNTRY.lastIndex = start
  if (!COUNTRY.test(words)) return start
  const gap = gapFrom(words, COUNTRY.lastIndex)
  return gap > GAP_MAX ? start : COUNTRY.lastIndex + gap
}

function isMobile(words: string, { start, end, ends, gaps }: Span & { readonly ends: readonly number[]; readonly gaps: readonly string[] }): boolean {
  const groups = ends.join()
  // One point is a decimal, three part an address of the network.
  if (gaps.includes('.')) return groups === '3,7' && gaps.every((gap) => gap === '.')
  if (MOBILE_GROUPS.includes(groups)) return true
  if (!MOBILE_GROUPS_ALONE.includes(groups) || gaps.some((gap) => /[\n\r]/.test(gap)) || isAmongFigures(words, { start, end })) return false
  // So many, and a day.
  return groups !== '3' || gaps.some((gap) => gap.includes(')')) || !isDay(words.slice(end - 8, end))
}

/** Other digits stand before or behind, a gap between. */
function isAmongFigures(words: string, { start, end }: Span): boolean {
  const after = gapFrom(words, end)
  if (after > 0 && after <= GAP_MAX && digitAt(words, end + after) >= 0) return true
  let before = start - 1
  while (start - before <= GAP_MAX && isGap(words.charCodeAt(before))) before -= 1
  return before < start - 1 && digitAt(words, before) >= 0 && !isListed(words, start)
}

/** Where numbers that identify a person stand in a text of half-width digits, one after the other; who has seen enough stops. */
function* personalSpans(words: string): Generator<Span> {
  if (words.length < DIGITS_MIN) return
  for (let start = 0; start < words.length; start += 1) {
    const isOfDigits = digitAt(words, start) >= 0
    if (!(isOfDigits || words[start] === '+') || !isStart(words, start)) continue
    const mobile = mobileFrom(words, start)
    if (mobile !== null) yield { start, end: mobile }
    // Fractions of coordinates are as long as identity numbers, and of any digits.
    const identity = isOfDigits && !isAfterPoint(words, start) ? identityFrom(words, start) : null
    if (identity !== null) yield { start, end: identity }
  }
}

/** Digits of any script and width are digits to whoever reads them, and letters that nobody sees part nothing. */
const halfWidth = (words: string): string =>
  (IS_ASCII.test(words) ? words : words.normalize('NFKC').replaceAll(/\p{Cf}/gu, '').replaceAll(/(?![0-9])\p{Nd}/gu, digitOf))
const IS_ASCII = /^[\0-\x7f]*$/

/** Every script has its ten digits in a row. */
function digitOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  let from = code
  while (/^\p{Nd}$/u.test(String.fromCodePoint(from - 1))) from -= 1
  return String((code - from) % 10)
}

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
