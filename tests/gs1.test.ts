import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refused } from '../src/kernel/refusal.js'
import { checkDigitOf, gtin14Of, isGtin, mayHoldCount, readScan, type Scan } from '../src/supplies/gs1.js'

const GS = '\u001d'
const TODAY = '2020-01-30'
const NOTHING: Scan = { gtin: null, sscc: null, lot: null, serial: null, producedOn: null, bestBefore: null, expiresOn: null, count: null }
const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

const read = (scan: string, today = TODAY): Scan | Refused => {
  try {
    return readScan(scan, today)
  } catch (error) {
    if (error instanceof Refused) return error
    throw error
  }
}

describe('a scan is read', () => {
  // Both SSCC and the label with 08806388269617 are printed by others: their check digits are not ours.
  const rows: [string, string, Partial<Scan>][] = [
    ['a DataMatrix of a reagent', `]d20108806388269617112302141728021310230214A3263-01${GS}21059`, { gtin: '08806388269617', producedOn: '2023-02-14', expiresOn: '2028-02-13', lot: '230214A3263-01', serial: '059' }],
    ['a GS1-128 of a carton of masks', `]C1010693287654301217211231102019B-04/7${GS}30250`, { gtin: '06932876543012', expiresOn: '2021-12-31', lot: '2019B-04/7', count: 250 }],
    ['a pallet', ']C100106141412345678908370048', { sscc: '106141412345678908', count: 48 }],
    ['a GTIN with its count of trade items', '011693287654301937120', { gtin: '16932876543019', count: 120 }],
    ['a QR', ']Q31521030721SN-0059', { bestBefore: '2021-03-07', serial: 'SN-0059' }],
    ['FNC1 before all', `${GS}0106932876543012`, { gtin: '06932876543012' }],
    ['FNC1 after a mark', `]d2${GS}10AB-7`, { lot: 'AB-7' }],
    ['FNC1 after what is of fixed length', `0106932876543012${GS}17210430${GS}`, { gtin: '06932876543012', expiresOn: '2021-04-30' }],
    ['FNC1 at the end', `10AB-7${GS}`, { lot: 'AB-7' }],
    ['Enter after the scan', '21SN(01\r\n', { serial: 'SN(01' }],
    ['in brackets', '(01)06932876543012(17)210430(10)AB(1)7(21)0059', { gtin: '06932876543012', expiresOn: '2021-04-30', lot: 'AB(1)7', serial: '0059' }],
    ['in brackets after a mark', ']C1(00)376104250021234569(37)7', { sscc: '376104250021234569', count: 7 }],
    ['a lot that looks like an identifier', '1017210430', { lot: '17210430' }],
    ['a lot of 20', '10ABCDEFGHIJ0123456789', { lot: 'ABCDEFGHIJ0123456789' }],
    ['noughts before a count', '3000000250', { count: 250 }],
    ['a count of nought', '300', { count: 0 }],
    ['the same lot twice', `10AB-7${GS}10AB-7`, { lot: 'AB-7' }],
    ['the same count twice', `3005${GS}305`, { count: 5 }],
    ['the same day twice, as the last of its month', '1521020015210228', { bestBefore: '2021-02-28' }],
    ['200 characters', `10AB-7${`${GS}10AB-7`.repeat(27)}${GS}301${GS}`, { lot: 'AB-7', count: 1 }],
  ]
  test.each(rows)('%s', (_, scan, said) => expect(read(scan)).toEqual({ ...NOTHING, ...said }))

  // written, today, day
  test.each<[string, string, string]>([
    ['200229', '2020-01-30', '2020-02-29'],
    ['200200', '2020-01-30', '2020-02-29'],
    ['210200', '2020-01-30', '2021-02-28'],
    ['210400', '2020-01-30', '2021-04-30'],
    ['211200', '2020-01-30', '2021-12-31'],
    ['700301', '2020-01-30', '2070-03-01'],
    ['710301', '2020-01-30', '1971-03-01'],
    ['990301', '2020-01-30', '1999-03-01'],
    ['050301', '2054-12-31', '2005-03-01'],
    ['050301', '2055-01-01', '2105-03-01'],
    ['000200', '2055-01-01', '2100-02-28'],
    ['480301', '2098-07-05', '2148-03-01'],
    ['490301', '2098-07-05', '2049-03-01'],
  ])('a date %s read on %s is %s', (written, today, day) => {
    expect(read(`11${written}`, today)).toEqual({ ...NOTHING, producedOn: day })
    expect(read(`(15)${written}`, today)).toEqual({ ...NOTHING, bestBefore: day })
    expect(read(`17${written}${GS}`, today)).toEqual({ ...NOTHING, expiresOn: day })
  })

  test('a lot takes the 82 characters of GS1, and no other that is printed', () => {
    const printed = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
    expect(printed.filter((letter) => !(read(`10A${letter}7`) instanceof Refused)).join('')).toBe(SET_82)
    expect(printed.filter((letter) => !(read(`(21)A${letter}7`) instanceof Refused)).join('')).toBe(SET_82)
  })
})

describe('a scan is refused', () => {
  const ALL = '00, 01, 10, 11, 15, 17, 21, 30, 37'
  const SET = 'is not in the GS1 set, which is letters, digits and ! " % & \' ( ) * + , - . / : ; < = > ? _'
  const rows: [string, string, string][] = [
    ['nothing', '', 'the scan is empty; scan the barcode again'],
    ['a mark alone', ']C1', 'the scan is empty; scan the barcode again'],
    ['FNC1 and Enter', `]d2${GS}\r\n`, 'the scan is empty; scan the barcode again'],
    ['201 characters', `10${'7'.repeat(199)}`, 'the scan has 201 characters; it has at most 200'],
    ['an EAN-13 by its mark', ']E06932876543012', '"]E0" is no GS1 barcode; that is ]C1, ]d2, ]Q3, ]e0, ]J1'],
    ['a plain Code 128 by its mark', ']C0AB-7', '"]C0" is no GS1 barcode; that is ]C1, ]d2, ]Q3, ]e0, ]J1'],
    ['an EAN-13', '6932876543012', `character 1: "69" stands where an identifier belongs, one of ${ALL}`],
    ['an identifier that is not read here', `]d20106932876543012${GS}240ARO4808C`, `character 21: "24" stands where an identifier belongs, one of ${ALL}`],
    ['one in brackets', '(01)06932876543012(240)ARO4808C', `character 20: "240" stands where an identifier belongs, one of ${ALL}`],
    ['half an identifier', `10AB-7${GS}1`, `character 8: "1" stands where an identifier belongs, one of ${ALL}`],
    ['FNC1 twice', `10AB-7${GS}${GS}2159`, `character 8: "\\u001d2" stands where an identifier belongs, one of ${ALL}`],
    ['half a bracket', '(1)AB-7', `character 1: "(1" stands where an identifier belongs, one of ${ALL}`],
    ['an address', 'https://id.gs1.org/01/06932876543012', `character 1: "ht" stands where an identifier belongs, one of ${ALL}`],
    ['a GTIN whose check digit is wrong', '0106932876543018', '(01) GTIN, character 14: the check digit is 8; after these digits it is 2'],
    ['an SSCC whose check digit is wrong', '(00)376104250021234561', '(00) SSCC, character 18: the check digit is 1; after these digits it is 9'],
    ['a GTIN with two digits exchanged', '0106392876543012', '(01) GTIN, character 14: the check digit is 2; after these digits it is 4'],
    ['a GTIN that ends early', '01069328765430', '(01) GTIN has 12 characters; it has 14'],
    ['a GTIN that FNC1 cuts short', `01069328765430${GS}10AB-7`, '(01) GTIN has 12 characters; it has 14'],
    ['a GTIN that is too long', '(01)069328765430127(10)AB-7', '(01) GTIN has 15 characters; it has 14'],
    ['an SSCC of one digit', '001', '(00) SSCC has 1 character; it has 18'],
    ['a date that ends early', '0106932876543012152103', '(15) best before date has 4 characters; it has 6'],
    ['a letter in a GTIN', '01O6932876543012', '(01) GTIN, character 1: "O" stands where a digit belongs'],
    ['a digit of full width', '(17)21０430', '(17) expiration date, character 3: "０" stands where a digit belongs'],
    ['a blank in brackets', '(01) 06932876543012', '(01) GTIN, character 1: " " stands where a digit belongs'],
    ['a letter in a count', '3025O', '(30) count, character 3: "O" stands where a digit belongs'],
    ['a letter in the other count', '00106141412345678908374B', '(37) count of trade items, character 2: "B" stands where a digit belongs'],
    ['a count without digits', `30${GS}10AB-7`, '(30) count has 0 characters; it has 1 to 8, and ends at ASCII 29'],
    ['a count of nine digits', '30123456789', '(30) count has 9 characters; it has 1 to 8, and ends at ASCII 29'],
    ['a lot of nothing', '(10)(21)0059', '(10) lot has 0 characters; it has 1 to 20, and ends at ASCII 29'],
    ['a lot of 21', '10ABCDEFGHIJ0123456789K', '(10) lot has 21 characters; it has 1 to 20, and ends at ASCII 29'],
    ['a serial of 23', '21ABCDEFGHIJ0123456789KLM', '(21) serial has 23 characters; it has 1 to 20, and ends at ASCII 29'],
    ['a lot with a letter of no set', '10AB#7', `(10) lot, character 3: "#" ${SET}`],
    ['a lot with a Chinese letter', '(10)批7', `(10) lot, character 1: "批" ${SET}`],
    ['a serial with a letter nobody sees', '2100\u200b59', `(21) serial, character 3: "\\u200b" ${SET}`],
    ['a lot of two lines', '(10)AB\n7(21)0059', `(10) lot, character 3: "\\u000a" ${SET}`],
    ['a lot with a picture', '10AB-7🛏', `(10) lot, character 5: "🛏" ${SET}`],
    ['month 13', '17211305', '(17) expiration date, characters 3 and 4: there is no month 13; months are 01 to 12'],
    ['month 00', '11210005', '(11) production date, characters 3 and 4: there is no month 00; months are 01 to 12'],
    ['31 February', '15210231', '(15) best before date, characters 5 and 6: 2021-02 has no day 31; its days are 01 to 28, or 00 for the last'],
    ['29 February of no leap year', '(17)210229', '(17) expiration date, characters 5 and 6: 2021-02 has no day 29; its days are 01 to 28, or 00 for the last'],
    ['31 April', '17220431', '(17) expiration date, characters 5 and 6: 2022-04 has no day 31; its days are 01 to 30, or 00 for the last'],
    ['two lots', `10AB-7${GS}10AB-9`, '(10) lot stands twice, as AB-7 and AB-9; one of them is right'],
    ['two dates', '1721043017210531', '(17) expiration date stands twice, as 2021-04-30 and 2021-05-31; one of them is right'],
    ['two counts of one kind', `3012${GS}30120`, '(30) count stands twice, as 12 and 120; one of them is right'],
    ['two kinds of counts', `00106141412345678908${GS}3712${GS}3012`, '(30) and (37) stand in one scan; it has one count'],
    ['a count of no logistic unit', `3712${GS}10AB-7`, '(37) count of trade items has neither (00) nor (01) beside it; it belongs to one of them'],
    ['the first of two mistakes', '(17)211305(01)1', '(17) expiration date, characters 3 and 4: there is no month 13; months are 01 to 12'],
  ]
  const figures = (words: string) => (words.match(/\d+/g) ?? []).sort()
  test.each(rows)('%s', (_, scan, sentence) => {
    const refused = read(scan)
    expect(refused).toBeInstanceOf(Refused)
    const { code, text: { zh, en } } = (refused as Refused).refusal
    expect([code, en]).toEqual(['invalidInput', sentence])
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(figures(zh)).toEqual(figures(en))
  })
})

describe('a GTIN', () => {
  // Printed by others, but for the two that begin with 69.
  test.each<[string, string, number, string]>([
    ['GTIN-8', '9638507', 4, '00000096385074'],
    ['GTIN-12', '61414100734', 9, '00614141007349'],
    ['GTIN-13', '400638133393', 1, '04006381333931'],
    ['GTIN-13 of China', '693287654301', 2, '06932876543012'],
    ['GTIN-14', '0952123454321', 3, '09521234543213'],
    ['GTIN-14 of a carton', '1693287654301', 9, '16932876543019'],
  ])('%s: %s is checked by %i', (_, digits, check, kept) => {
    expect(checkDigitOf(digits)).toBe(check)
    const right = Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).filter(isGtin)
    expect(right).toEqual([`${digits}${check}`])
    expect(right.map(gtin14Of)).toEqual([kept])
    expect(isGtin(kept)).toBe(true)
  })

  test.each(['', '0', '9638507', '096385074', '00096385074', '0614141007349 ', '69328765430122\n', '６９３２８７６５４３０１２', '106141412345678908', '00', '69328765430l2'])('is not: %j', (code) => expect(isGtin(code)).toBe(false))

  test('an SSCC is checked as it is', () => {
    expect(['10614141234567890', '37610425002123456', '36901234500000712'].map(checkDigitOf)).toEqual([8, 9, 7])
  })
})

describe('any scan', () => {
  /** Found by trying, unlike in the code: with the right one the weighted sum is a multiple of ten. */
  const checked = (digits: string): string => Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).find((code) =>
    [...code].reduce((sum, digit, index) => sum + Number(digit) * ((code.length - index) % 2 === 0 ? 3 : 1), 0) % 10 === 0) ?? ''
  const digitsOf = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })
  const codes = (length: number) => digitsOf(length - 1).map(checked)
  const words = fc.string({ unit: fc.constantFrom(...SET_82), minLength: 1, maxLength: 20 })
  const days = (year: number) => fc.date({ min: new Date(`${year - 49}-01-01T00:00:00Z`), max: new Date(`${year + 50}-12-31T00:00:00Z`), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const IDENTIFIERS: Readonly<Record<keyof Scan, string>> = { gtin: '01', sscc: '00', lot: '10', serial: '21', producedOn: '11', bestBefore: '15', expiresOn: '17', count: '30' }
  const DATES: readonly (keyof Scan)[] = ['producedOn', 'bestBefore', 'expiresOn']

  const labels = fc.integer({ min: 2019, max: 2099 }).chain((year) => fc.record({
    today: fc.constant(`${year}-06-17`),
    scan: fc.record({
      gtin: fc.option(codes(14)), sscc: fc.option(codes(18)), lot: fc.option(words), serial: fc.option(words),
      producedOn: fc.option(days(year)), bestBefore: fc.option(days(year)), expiresOn: fc.option(days(year)), count: fc.option(fc.nat(99_999_999)),
    }).filter((scan) => Object.values(scan).some((value) => value !== null)),
    order: fc.shuffledSubarray(Object.keys(NOTHING) as (keyof Scan)[], { minLength: Object.keys(NOTHING).length }),
    mark: fc.constantFrom('', ']C1', ']d2', ']Q3', GS, `]d2${GS}`), end: fc.constantFrom('', GS, '\r\n'),
    isOfUnit: fc.boolean(), isSpacedOut: fc.boolean(),
  }))
  type Label = typeof labels extends fc.Arbitrary<infer Value> ? Value : never

  /** Elements in the order of the label: identifier, value, and whether it is of fixed length. */
  const elementsOf = ({ scan, order, isOfUnit }: Label) => order.flatMap((field) => {
    const value = scan[field]
    if (value === null) return []
    const isUnits = field === 'count' && isOfUnit && (scan.gtin !== null || scan.sscc !== null)
    const written = DATES.includes(field) ? String(value).slice(2).replaceAll('-', '') : String(value)
    return [{ ai: isUnits ? '37' : IDENTIFIERS[field], written, isFixed: !['lot', 'serial', 'count'].includes(field) }]
  })
  const rawOf = (label: Label): string => {
    const elements = elementsOf(label).map(({ ai, written, isFixed }, index, all) =>
      `${ai}${written}${index < all.length - 1 && (!isFixed || label.isSpacedOut) ? GS : ''}`)
    return `${label.mark}${elements.join('')}${label.end}`
  }

  test('reads back as it was written, in any order', () => {
    fc.assert(fc.property(labels, (label) => {
      expect(read(rawOf(label), label.today)).toEqual(label.scan)
    }), { numRuns: 500 })
  })

  test('reads back from brackets', () => {
    fc.assert(fc.property(labels, (label) => {
      const elements = elementsOf(label)
      fc.pre(elements.every(({ written }) => !/\(\d{2,4}\)/.test(written)))
      expect(read(elements.map(({ ai, written }) => `(${ai})${written}`).join(''), label.today)).toEqual(label.scan)
    }), { numRuns: 500 })
  })

  test('is refused when one digit of a GTIN or SSCC is another', () => {
    fc.assert(fc.property(fc.constantFrom({ ai: '01', length: 14 }, { ai: '00', length: 18 }), fc.nat(17), fc.integer({ min: 1, max: 9 }), digitsOf(17), ({ ai, length }, place, more, digits) => {
      const code = checked(digits.slice(0, length - 1))
      const at = place % length
      const changed = `${code.slice(0, at)}${(Number(code[at]) + more) % 10}${code.slice(at + 1)}`
      expect(read(`${ai}${code}`)).not.toBeInstanceOf(Refused)
      expect(read(`${ai}${changed}`)).toBeInstanceOf(Refused)
      expect(read(`(${ai})${changed}(10)AB-7`)).toBeInstanceOf(Refused)
      expect(isGtin(changed)).toBe(false)
    }))
  })

  test('is read or refused in one printed line, whatever it is', () => {
    const pieces = fc.constantFrom(GS, '(', ')', ']C1', ']', '00', '01', '(01)', '10', '17', '(17)', '21', '30', '37', '06932876543012', '210230', '\ud800', '\u202e', '\n', '__proto__', '🛏', '批')
    const likely = fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 14 }).map((parts) => parts.join(''))
    const spoilt = fc.tuple(labels, fc.nat(60), fc.nat(3), pieces).map(([label, at, gone, piece]) => {
      const scan = rawOf(label)
      return `${scan.slice(0, at)}${piece}${scan.slice(at + gone)}`
    })
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 240 }), likely, spoilt), (scan) => {
      const said = read(scan)
      if (said instanceof Refused) {
        expect(said.refusal.text.en).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]+$/u)
        return
      }
      for (const day of [said.producedOn, said.bestBefore, said.expiresOn]) expect(day ?? '2020-01-30').toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(Object.values(said).some((value) => value !== null)).toBe(true)
      expect(said.lot ?? 'A').toMatch(/^[!-_a-z]{1,20}$/)
    }), { numRuns: 2000 })
  })
})

test('a lot or serial at the end that may hold a count is told as it was read', () => {
  const rows: [string, string | null][] = [
    ['10L7730200', 'lot L7730200'], [']C10106932876543012172201311000AB3712\r\n', 'lot 00AB3712'], [`10L77${GS}21SN-30200`, 'serial SN-30200'],
    [`10L77${GS}30200`, null], [`10L7730200${GS}`, null], ['1030200', null], ['10L-3', null], ['10AB-7', null], ['(10)L7730200', null], ['06932876543012', null],
  ]
  for (const [scan, said] of rows) {
    const held = mayHoldCount(scan)
    expect([scan, held === null ? null : `${held.name.en} ${held.value}`]).toEqual([scan, said])
  }
})
