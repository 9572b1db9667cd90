import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isPersonal, masked } from '../src/interop/personalData.js'
import { machine } from '../src/app/machine.js'
import { instantOf } from '../src/kernel/time.js'

/** What identifies a person, and what of it a report may repeat. */
const PERSONAL: readonly [words: string, shown: string][] = [
  ['50010119491231002X', '500***************'],
  ['500101491231002', '500************'],
  ['110105 491231 002', '110**************'],
  ['110105-491231-002', '110**************'],
  ['110105.49.12.31.002', '110****************'],
  ['310101 640229 123', '310**************'],
  ['王某500101200129001', '王某500************'],
  ['ＩＤ：５００１０１４９１２３１００２', 'ID:500************'],
  ['500101 19491231 0021', '500*****************'],
  ['500101-19491231-0021', '500*****************'],
  ['500101.19491231.002X', '500*****************'],
  ['500101 1949 1231 0021', '500******************'],
  ['500101-1949-12-31-0021', '500*******************'],
  ['500 101 1949 1231 0021', '500*******************'],
  ['500101 – 19491231 – 0021', '500*********************'],
  ['500101　19491231　0021', '500*****************'],
  ['500101·19491231·0021', '500*****************'],
  ['12 500101 19491231 0021', '12 500*****************'],
  ['beds 7, 500101-19491231-0021, 9', 'beds 7, 500*****************, 9'],
  ['50010119 49123100 27', '500*****************'],
  ['1101 0519 4912 3100 2X', '110*******************'],
  ['110105-20200129-0010', '110*****************'],
  ['13800138000', '138********'],
  ['138.0013.8000', '138**********'],
  ['138 0013 8000', '138**********'],
  ['+86 138-0013-8000', '+86**************'],
  ['13800 138000', '138*********'],
  ['1380013 8000', '138*********'],
  ['138-001-38000', '138**********'],
  ['138  0013  8000', '138************'],
  ['138 – 0013 – 8000', '138**************'],
  ['138/0013/8000', '138**********'],
  ['138_0013_8000', '138**********'],
  ['(138)00138000', '(138*********'],
  ['(138) 0013-8000', '(138***********'],
  ['（１３８）００１３８０００', '(138*********'],
  ['+86 (138) 0013 8000', '+86****************'],
  ['0086-13800 138000', '008**************'],
  ['2.13800138000', '2.138********'],
  ['1.13900139000 2.138 0013 8000', '1.139******** 2.138**********'],
  ['12.13800 138000', '12.138*********'],
  ['1 3 8 0 0 1 3 8 0 0 0', '1 3******************'],
  ['١٣٨٠٠١٣٨٠٠٠', '138********'],
  ['१३८ ००१३ ८०००', '138**********'],
  ['138\u200b0013\u200d8000', '138********'],
  ['1\u00ad38001\u206038000', '138********'],
  ['110105/19491231/002X', '110*****************'],
  ['110105（19491231）002X', '110*****************'],
  ['13800138000 and 13900139000', '138******** and 139********'],
]

const HARMLESS: readonly string[] = [
  '2020-01-29T08:00:00+08:00', '2020-01-29 08:00:00.123456', '20200129080000', '202001290800001', '20200129 080000 123',
  '1580256000000', '158025600000000', '2020-01-29 2020-02-03 2020-02-14', '20200129-20200203', '2020.01.29-2020.02.03',
  '106.550000123456789', '106.55 29.56', '31.2304160 121.4737010', '30.572815, 104.066801', '116.397128 39.916527 44.5',
  '110 105 491 231 002', '11 01 05 49 12 31 00 2', '20 15 30 12 45 50 10 20 30', '120 340 560 780 910 230',
  '100000 200000 300000', '500101 500102 500103', '500101、500102、500103', '165 121 44 2648 3318 4745 874',
  '500101-0001',
  '500101-2020-00123', '500101-20200129-0001', '500101-200129-001', '500101202001290', 'CQ-2020-000123456',
  '两江新区-0001', 'CT20200129080000123', '500101991331002', '500101490230002', '990101491231002', '12345678901234567890',
  '023-6780 1234', '400-820-8820', '13 800', '138 patients, 0013 beds, 8000 masks', '10.0.0.1:5432', '1.380.013.800.0',
  '150 20200130', '150-20200130', '150 200 16000 300', '7 150 200 16000', '15000 160000 170000', '139.7000 35.68', '139.7000 35.6800', '139.196.100.12',
  '13800.138000', '138.00138000', '106.13800138000', '30.572815123456789', '30.110105491231002', '0.110105194912310021', '1 3 5 7 9 2 4 6 8 0 1 3',
  '13800\n138000', '1500 1600 170', '150 20 30 40 50', 'GB 19082-2009', 'GB 19083-2010 12', '2020-01-15-0001 2020-01-16-0002', '演练-2020-01-13-0001', '2020-01-30-M0138',
  '(01)06932876543012(17)220117(10)138(30)200', '01069328765430121722011710AB-7\u001d30200', '150/200 160/300', '2020/01/30 13/45', '13:45:00.138001',
  '5001014912310021', '50010149123100', '', '１２３',
]

describe('what identifies a person', () => {
  test.each(PERSONAL)('is found and struck out: %s', (words, shown) => {
    expect(isPersonal(words)).toBe(true)
    expect(masked(words)).toBe(shown)
  })

  test.each(HARMLESS)('is not seen in %s', (words) => {
    expect(isPersonal(words)).toBe(false)
    expect(masked(words)).toBe(words)
  })

  it('is found in any writing: whole, or in its usual groups', () => {
    const area = fc.constantFrom('500101', '110105', '440306', '650104')
    const day = fc.date({ min: new Date('1930-01-01'), max: new Date('1999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''))
    const count = fc.integer({ min: 0, max: 999 }).map((one) => String(one).padStart(3, '0'))
    const gap = fc.constantFrom('', ' ', '-', '.', '·', ' - ', '　')
    fc.assert(fc.property(area, day, count, gap, fc.boolean(), (where, born, nth, between, isOld) => {
      const number = [where, isOld ? born.slice(2) : born, isOld ? nth : `${nth}X`].join(between)
      expect(isPersonal(number), number).toBe(true)
      expect(isPersonal(`${number}，男`), number).toBe(true)
      expect(masked(`患者 ${number}`)).not.toContain(born.slice(2))
    }))
  })

  it('is not seen in what the service makes itself: ids, days, instants, numbers of orders, what a scanner reads', () => {
    const day = fc.date({ min: new Date('2019-12-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
    const moment = fc.date({ min: new Date('2019-12-01'), max: new Date('2099-12-31'), noInvalidDate: true }).map((date) => instantOf(date))
    const nth = fc.integer({ min: 1, max: 9999 }).map((one) => String(one).padStart(4, '0'))
    const gtin = fc.integer({ min: 0, max: 999_999_999_999 }).map((one) => `0${String(one).padStart(12, '0')}`)
    const made = fc.oneof(
      day, moment, fc.uuid(), fc.tuple(day, nth).map(([on, one]) => `${on}-${one}`), fc.tuple(day, nth).map(([on, one]) => `演练-${on}-M${one}`),
      nth.map((one) => `万州区-${one}`), nth.map((one) => `v-phc-${one}/2`), fc.tuple(day, nth).map(([on, one]) => `key-${on.replaceAll('-', '')}-${one}-phc`),
      fc.tuple(gtin, day, nth).map(([code, on, one]) => `01${code}717${on.slice(2).replaceAll('-', '')}10AB-${one}\u001d30${one}`),
      fc.tuple(gtin, day, nth).map(([code, on, one]) => `(01)${code}7(17)${on.slice(2).replaceAll('-', '')}(30)${one}`),
      fc.tuple(fc.integer({ min: 73_000_000, max: 136_000_000 }), fc.integer({ min: 3_000_000, max: 54_000_000 })).map(([x, y]) => `${x / 1e6} ${y / 1e6}`),
      fc.double({ min: 3, max: 136, noNaN: true }).filter((one) => !/^\d{1,2}\.1[3-9]\d{9}$/.test(String(one))).map(String),
    )
    fc.assert(fc.property(made, made, fc.constantFrom('，', ' → ', '; ', ': '), (one, other, between) => {
      expect([one, isPersonal(one)]).toEqual([one, false])
      expect([one, other, isPersonal(`${one}${between}${other}`)]).toEqual([one, other, false])
    }), { numRuns: 3000 })
  })

  const LISTS = ['1 ', '5', '500101 ', '138-', '1 9 5 0 ', '13 8 ', '1.', '٣ ']
  it.each(LISTS)('is looked for in time that grows with the text only: %j', (part) => {
    const words = (letters: number) => part.repeat(letters / part.length)
    // The quickest of a few, so that a pause of the machine is not taken for the time it takes.
    const takes = (letters: number) => Math.min(...[1, 2, 3].map(() => {
      const from = machine.stopwatch()
      expect(isPersonal(words(letters))).toBe(false)
      return machine.stopwatch() - from
    }))
    takes(20_000)
    const short = takes(20_000)
    expect(takes(400_000) / Math.max(short, 0.2)).toBeLessThan(200)
  })

  it('is struck out in a text full of it', () => {
    const words = '13800138000 '.repeat(20_000)
    expect(masked(words)).toBe('138******** '.repeat(20_000))
  })

  it('is not seen in a name that a machine made up, and seen beside it', () => {
    expect(isPersonal('a13812345678')).toBe(true)
    expect(isPersonal('key-01977420-1234-7abc-8def-a13812345678')).toBe(false)
    expect(isPersonal('01977420-1234-7abc-8def-a13812345678-13812345678')).toBe(true)
  })
})
