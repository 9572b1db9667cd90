import { type Refused, refuse } from '../kernel/refusal.js'
import { shown } from '../kernel/shown.js'
import { counted, type Text, text } from '../kernel/text.js'
import type { Day } from '../kernel/time.js'

/** What one scan of a label says, for a line of a receipt; null: the label does not say. */
export interface Scan {
  /** What it is, 14 digits: 06932876543012. */
  readonly gtin: string | null
  /** The carton or pallet itself, 18 digits. */
  readonly sscc: string | null
  /** 批号, 1 to 20 characters. */
  readonly lot: string | null
  readonly serial: string | null
  /** Days may lie before those that `daySchema` takes. */
  readonly producedOn: Day | null
  readonly bestBefore: Day | null
  readonly expiresOn: Day | null
  /** Pieces in a trade item (30), or trade items in the logistic unit (37). */
  readonly count: number | null
}

interface Identifier {
  readonly name: Text
  /** `code`: digits, the last of which checks the others. */
  readonly kind: 'code' | 'date' | 'text' | 'count'
  /** Where both are the same the next element follows at once. */
  readonly least: number
  readonly most: number
}

/** GS1 General Specifications, section 3: application identifiers that are read here. */
const IDENTIFIERS: Readonly<Record<string, Identifier>> = {
  '00': { name: text('系列货运包装箱代码', 'SSCC'), kind: 'code', least: 18, most: 18 },
  '01': { name: text('全球贸易项目代码', 'GTIN'), kind: 'code', least: 14, most: 14 },
  '10': { name: text('批号', 'lot'), kind: 'text', least: 1, most: 20 },
  '11': { name: text('生产日期', 'production date'), kind: 'date', least: 6, most: 6 },
  '15': { name: text('保质期', 'best before date'), kind: 'date', least: 6, most: 6 },
  '17': { name: text('有效期', 'expiration date'), kind: 'date', least: 6, most: 6 },
  '21': { name: text('系列号', 'serial'), kind: 'text', least: 1, most: 20 },
  '30': { name: text('数量', 'count'), kind: 'count', least: 1, most: 8 },
  '37': { name: text('内含件数', 'count of trade items'), kind: 'count', least: 1, most: 8 },
}
// An object gives keys such as 10 before 00.
const ALL = Object.keys(IDENTIFIERS).sort()

const LENGTH_MAX = 200
/** FNC1 as a scanner delivers it. */
const GS = '\u001d'
const SYMBOLOGIES = [']C1', ']d2', ']Q3', ']e0', ']J1']
const BRACKETED = /^\(\d{2,4}\)/
const BRACKETS = /\((\d{2,4})\)(.*?)(?=\(\d{2,4}\)|$)/gs
/** GS1 AI encodable character set 82. */
const SET_82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]$/
const DIGIT = /^\d$/

/**
 * One scan of a GS1-128, DataMatrix or QR barcode: `]C1` or none of it, ASCII 29 after what is of variable length, or with
 * the identifiers in brackets, as in (01)06932876543012(10)AB-7. A lot with `(21)` in it cannot be written in brackets.
 * A bare EAN-13 has no identifier and may pass for a lot: ask `isGtin` first. `today` says which century is meant.
 */
export function readScan(scan: string, today: Day): Scan {
  if (scan.length > LENGTH_MAX) throw wrong(`扫描内容有 ${scan.length} 个字符；最多 ${LENGTH_MAX} 个`, `the scan has ${scan.length} characters; it has at most ${LENGTH_MAX}`)
  const read = new Map<string, string>()
  for (const element of elementsOf(scan)) {
    const { ai } = element
    const value = valueOf(element, today)
    const before = read.get(ai) ?? value
    if (before !== value) throw wrongAt(element, `出现两次，为 ${before} 与 ${value}；应只有一个`, ` stands twice, as ${before} and ${value}; one of them is right`)
    read.set(ai, value)
  }
  if (read.size === 0) throw wrong('扫描内容为空；请重新扫描条码', 'the scan is empty; scan the barcode again')
  if (read.has('30') && read.has('37')) throw wrong('(30) 与 (37) 同时出现；一次扫描只有一个数量', '(30) and (37) stand in one scan; it has one count')
  // GS1 has 37 beside 00 and 02 only; labels with 01 and 37 are about all the same.
  if (read.has('37') && !read.has('00') && !read.has('01')) {
    throw wrong('(37) 内含件数须与 (00) 或 (01) 同在', '(37) count of trade items has neither (00) nor (01) beside it; it belongs to one of them')
  }
  const said = (ai: string) => read.get(ai) ?? null
  const count = said('30') ?? said('37')
  return {
    gtin: said('01'), sscc: said('00'), lot: said('10'), serial: said('21'),
    producedOn: said('11'), bestBefore: said('15'), expiresOn: said('17'), count: count === null ? null : Number(count),
  }
}

/** The last digit of a GTIN or SSCC, from the digits before it: GS1 General Specifications, section 7.9. */
export const checkDigitOf = (digits: string): number =>
  (10 - [...digits].reverse().reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 3 : 1), 0) % 10) % 10

/** GTIN-8, -12 (UPC), -13 (EAN) or -14, with the check digit that is right. */
export const isGtin = (code: string): boolean => /^(?:\d{8}|\d{12,14})$/.test(code) && isChecked(code)

/** A GTIN of any length in the one form in which it is kept, as (01) has it: 14 digits. */
export const gtin14Of = (code: string): string => code.padStart(14, '0')

const isChecked = (code: string): boolean => checkDigitOf(code.slice(0, -1)) === Number(code.at(-1))

interface Element {
  readonly ai: string
  readonly identifier: Identifier
  readonly value: string
}

/** A count, with its identifier, behind the first character of something else. */
const COUNT_WITHIN = /.(?:30|37)\d/s

/**
 * What a scan that is right ends with, where that has no end of its own and may hold a count: without the ASCII 29 before
 * it, `10L77` and `30200` are the lot L7730200. Null: it ends with nothing of the kind.
 */
export function mayHoldCount(scan: string): { readonly name: Text; readonly value: string } | null {
  if (isGtin(scan)) return null
  const { body, start } = bodyOf(scan)
  const last = BRACKETED.test(body) || body.endsWith(GS) ? undefined : [...raw(body, start)].at(-1)
  return last?.identifier.kind === 'text' && COUNT_WITHIN.test(last.value) ? { name: last.identifier.name, value: last.value } : null
}

/** One by one, so that the first mistake of a scan is the one that is told. */
function* elementsOf(scan: string): Generator<Element> {
  const { body, start } = bodyOf(scan)
  yield* BRACKETED.test(body) ? bracketed(body, start) : raw(body, start)
}

/** The elements of a scan, and behind how many characters they begin. */
function bodyOf(scan: string): { body: string; start: number } {
  const symbology = SYMBOLOGIES.find((mark) => scan.startsWith(mark)) ?? ''
  if (symbology === '' && scan.startsWith(']')) {
    throw wrong(`“${shown(scan.slice(0, 3))}”不是 GS1 条码；应为 ${SYMBOLOGIES.join('、')}`, `"${shown(scan.slice(0, 3))}" is no GS1 barcode; that is ${SYMBOLOGIES.join(', ')}`)
  }
  const start = symbology.length + (scan[symbology.length] === GS ? 1 : 0)
  // Many scanners type Enter or Tab after what they read.
  return { body: scan.slice(start).replace(/[\r\n\t]+$/, ''), start }
}

function* bracketed(body: string, start: number): Generator<Element> {
  for (const { index, 1: ai = '', 2: value = '' } of body.matchAll(BRACKETS)) {
    yield { ai, identifier: identifierOf(ai, start + index + 1), value }
  }
}

function* raw(body: string, start: number): Generator<Element> {
  for (let at = 0; at < body.length;) {
    const ai = body.slice(at, at + 2)
    const identifier = identifierOf(ai, start + at)
    const [rest = ''] = body.slice(at + 2).split(GS, 1)
    const value = identifier.least === identifier.most ? rest.slice(0, identifier.most) : rest
    yield { ai, identifier, value }
    at += 2 + value.length
    if (body[at] === GS) at += 1
  }
}

function identifierOf(ai: string, at: number): Identifier {
  const identifier = IDENTIFIERS[ai]
  if (identifier !== undefined) return identifier
  throw wrong(`第 ${at + 1} 个字符：“${shown(ai)}”处应为标识符 ${ALL.join('、')} 之一`, `character ${at + 1}: "${shown(ai)}" stands where an identifier belongs, one of ${ALL.join(', ')}`)
}

/** As it is kept: a date as a day, a count without noughts before it. */
function valueOf(element: Element, today: Day): string {
  const { identifier: { kind, least, most }, value } = element
  const letters = [...value]
  const index = letters.findIndex((letter) => !(kind === 'text' ? SET_82 : DIGIT).test(letter))
  if (index >= 0) {
    const letter = shown(letters[index])
    throw kind === 'text'
      ? wrongAt(element, `第 ${index + 1} 个字符：“${letter}”不在 GS1 字符集内，应为字母、数字或 ! " % & ' ( ) * + , - . / : ; < = > ? _`,
        `, character ${index + 1}: "${letter}" is not in the GS1 set, which is letters, digits and ! " % & ' ( ) * + , - . / : ; < = > ? _`)
      : wrongAt(element, `第 ${index + 1} 个字符：“${letter}”处应为数字`, `, character ${index + 1}: "${letter}" stands where a digit belongs`)
  }
  const { length } = value
  if (length < least || length > most) {
    throw least === most
      ? wrongAt(element, `有 ${length} 个字符，应为 ${most} 个`, ` has ${counted(length, 'characters')}; it has ${most}`)
      : wrongAt(element, `有 ${length} 个字符，应为 ${least} 至 ${most} 个，以 ASCII 29 结束`, ` has ${counted(length, 'characters')}; it has ${least} to ${most}, and ends at ASCII 29`)
  }
  if (kind === 'date') return dayIn(element, today)
  if (kind === 'code' && !isChecked(value)) {
    const right = checkDigitOf(value.slice(0, -1))
    throw wrongAt(element, `第 ${length} 个字符：校验码为 ${value.at(-1)}，应为 ${right}`, `, character ${length}: the check digit is ${value.at(-1)}; after these digits it is ${right}`)
  }
  return kind === 'count' ? String(Number(value)) : value
}

/** YYMMDD, day 00 being the last of the month: GS1 General Specifications, section 3.4. */
function dayIn(element: Element, today: Day): Day {
  const year = yearOf(Number(element.value.slice(0, 2)), Number(today.slice(0, 4)))
  const month = element.value.slice(2, 4)
  const day = element.value.slice(4)
  if (Number(month) < 1 || Number(month) > 12) throw wrongAt(element, `第 3、4 个字符：没有 ${month} 月，应为 01 至 12`, `, characters 3 and 4: there is no month ${month}; months are 01 to 12`)
  const last = new Date(Date.UTC(year, Number(month), 0)).getUTCDate()
  if (Number(day) > last) {
    throw wrongAt(element, `第 5、6 个字符：${year}-${month} 没有 ${day} 日，应为 01 至 ${last}，或以 00 表示月末`,
      `, characters 5 and 6: ${year}-${month} has no day ${day}; its days are 01 to ${last}, or 00 for the last`)
  }
  return `${year}-${month}-${day === '00' ? last : day}`
}

/** From 49 years back to 50 years ahead: GS1 General Specifications, section 7.12. */
function yearOf(twoDigits: number, thisYear: number): number {
  const ahead = twoDigits - (thisYear % 100)
  return thisYear + ahead + (ahead > 50 ? -100 : ahead < -49 ? 100 : 0)
}

const wrong = (zh: string, en: string): Refused => refuse('invalidInput', zh, en)

function wrongAt({ ai, identifier: { name } }: Element, zh: string, en: string): Refused {
  return wrong(`(${ai}) ${name.zh}${zh}`, `(${ai}) ${name.en}${en}`)
}
