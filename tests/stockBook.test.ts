import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refused } from '../src/kernel/refusal.js'
import { type Book, movementsBetween } from '../src/ledger/book.js'
import {
  accountIn, atPlace, backwards, bookOfLot, counted, drawn, fewestSince, type Flow, flowed, freeAt, onTheWay, orderIn, placeIn, promisedMore, UNITS_MAX,
} from '../src/supplies/stockBook.js'

const refusalOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof Refused) return `${error.refusal.code}: ${error.refusal.text.en}`
    throw error
  }
  return 'done'
}
const flow = (from: string, to: string, units: number): Flow => ({ from, to, units })
const balances = (book: Book) => Object.fromEntries(Object.entries(book).map(([name, { balance }]) => [name, balance]))
const [STORE, WARD] = [atPlace('store'), atPlace('ward')]
/** 700 came in, 120 of them went on to the ward, and 45 are promised. */
const stocked = (): Book =>
  promisedMore(flowed({}, [flow('outside', STORE, 700), flow(STORE, WARD, 120)], 'mask'), { place: 'store', more: 45, what: 'mask' })

describe('the book of a lot', () => {
  test('is of one lot, and has accounts of places and of orders on the way', () => {
    expect([bookOfLot('L-7'), placeIn(atPlace('a b')), placeIn(onTheWay('a')), orderIn(onTheWay('N-3')), orderIn(atPlace('N-3')), placeIn('outside')])
      .toEqual(['lot L-7', 'a b', null, 'N-3', null, null])
  })

  test('sums to nought, and knows what is free', () => {
    expect(balances(stocked())).toEqual({ outside: -700, [STORE]: 580, [WARD]: 120 })
    expect([freeAt(stocked(), 'store'), freeAt(stocked(), 'ward'), freeAt(stocked(), 'nowhere')]).toEqual([535, 120, 0])
  })

  const rows: [what: string, flows: Flow[], told: string][] = [
    ['all that is free', [flow(STORE, 'consumed', 535)], 'done'],
    ['one more than is free', [flow(STORE, 'consumed', 536)], 'notEnoughStock: there are 580 of mask at store, 45 of them promised, and 536 are asked for; count first, or ask for fewer'],
    ['in two parts, together too many', [flow(WARD, 'lost', 70), flow(WARD, 'damaged', 51)], 'notEnoughStock: there are 120 of mask at ward, and 121 are asked for; count first, or ask for fewer'],
    ['from where none is', [flow(atPlace('gate'), 'consumed', 3)], 'notEnoughStock: there are 0 of mask at gate, and 3 are asked for; count first, or ask for fewer'],
    ['from an order that carries none', [flow(onTheWay('N-3'), WARD, 8)], 'notEnoughStock: there are 0 of mask on the way by N-3, and 8 are asked for; count first, or ask for fewer'],
    ['back out of what was used', [flow('consumed', WARD, 1)], 'notEnoughStock: there are 0 of mask in consumed, and 1 are asked for; count first, or ask for fewer'],
    ['more than a ledger holds', [flow('outside', STORE, UNITS_MAX - 579)], `wrongFigure: mask would come to more than ${UNITS_MAX} base units; look at the figures again`],
  ]
  test.each(rows)('flows: %s', (_, flows, told) => expect(refusalOf(() => flowed(stocked(), flows, 'mask'))).toBe(told))

  test('promises no more than is free, and gives back what was promised', () => {
    expect(refusalOf(() => promisedMore(stocked(), { place: 'store', more: 536, what: 'mask' })))
      .toBe('notEnoughStock: there are 580 of mask at store, 45 of them promised, and 536 are asked for; count first, or ask for fewer')
    expect(accountIn(promisedMore(stocked(), { place: 'store', more: 535, what: 'mask' }), STORE)).toMatchObject({ balance: 580, held: 580 })
    expect(accountIn(promisedMore(stocked(), { place: 'store', more: -45, what: 'mask' }), STORE)).toMatchObject({ balance: 580, held: 0 })
  })

  test('a count leaves what was found, and the rest is unexplained', () => {
    const fewer = counted(stocked(), { place: 'store', counted: 573, later: [], what: 'mask', promisedTo: ['M-7'] })
    expect(balances(fewer)).toEqual({ outside: -700, [STORE]: 573, [WARD]: 120, unexplained: 7 })
    expect(balances(counted(fewer, { place: 'ward', counted: 131, later: [], what: 'mask', promisedTo: [] }))).toEqual({ outside: -700, [STORE]: 573, [WARD]: 131, unexplained: -4 })
    expect(refusalOf(() => counted(stocked(), { place: 'store', counted: 1_000_000_001, later: [], what: 'mask', promisedTo: [] }))).toMatch(/^wrongFigure/)
    expect(refusalOf(() => counted(stocked(), { place: 'store', counted: 44, later: [], what: 'mask', promisedTo: ['M-7', 'M-9'] })))
      .toBe('doesNotAddUp: 45 of mask at store are promised (allocation orders M-7, M-9) and 44 were counted; first have those orders cancelled by the supplies group or the commander '
        + 'of the whole city (a loan or a return also by the supply officer of its sender), then count again')
    // Told of the past: what came and went since stands beside it.
    expect(balances(counted(fewer, { place: 'store', counted: 590, later: [-8], what: 'mask', promisedTo: [] }))).toEqual({ outside: -700, [STORE]: 582, [WARD]: 120, unexplained: -2 })
    expect(refusalOf(() => counted(stocked(), { place: 'store', counted: 50, later: [-4, -2], what: 'mask', promisedTo: ['M-7'] }))).toMatch(/and 50 were counted, which with what came and went since leaves 44; first/)
    expect(refusalOf(() => counted(stocked(), { place: 'store', counted: 5, later: [-6], what: 'mask', promisedTo: [] }))).toMatch(/^doesNotAddUp: 5 of mask were counted at store, and since then 6 more went than had come/)
    // What came after it had gone was not there before.
    expect(refusalOf(() => counted(stocked(), { place: 'store', counted: 10, later: [50, -20, 3], what: 'mask', promisedTo: [] }))).toMatch(/^doesNotAddUp: 10 of mask were counted at store, and since then 17 more went than had come/)
    expect(balances(counted(fewer, { place: 'store', counted: 10, later: [50, -13, 3], what: 'mask', promisedTo: [] }))).toMatchObject({ [STORE]: 50 })
  })

  test('a count says how many there are where nobody had counted', () => {
    const unknown: Book = { [WARD]: { balance: 0, counted: false, mayOwe: false, held: 0 } }
    expect(counted(unknown, { place: 'ward', counted: 19, later: [], what: 'mask', promisedTo: [] })).toMatchObject({ [WARD]: { balance: 19, counted: true }, unexplained: { balance: -19, mayOwe: true } })
  })

  const names = fc.constantFrom('outside', STORE, WARD, onTheWay('N-1'), 'consumed', 'damaged', 'unexplained')
  const flows = fc.array(fc.record({ from: names, to: names, units: fc.integer({ min: 1, max: 90 }) }).filter(({ from, to }) => from !== to), { maxLength: 12 })

  test('whatever flows, it sums to nought, nothing that is real is below what is promised, and its movements lead there', () => {
    fc.assert(fc.property(flows, (drawnFlows) => {
      let book = stocked()
      for (const one of drawnFlows) {
        try {
          const after = flowed(book, [one], 'mask')
          expect(movementsBetween(book, after).map(({ from, to, quantity }) => ({ from, to, units: quantity }))).toEqual([one])
          book = after
        } catch (error) {
          if (!(error instanceof Refused)) throw error
        }
      }
      expect(Object.values(book).reduce((sum, { balance }) => sum + balance, 0)).toBe(0)
      expect(Object.values(book).filter(({ balance, held, mayOwe }) => !mayOwe && balance < held)).toEqual([])
    }))
  })

  test('what flows back restores every balance', () => {
    fc.assert(fc.property(flows, (drawnFlows) => {
      const before = flowed({}, ['outside', STORE, WARD, onTheWay('N-1'), 'consumed', 'damaged'].flatMap((name) => (name === 'outside' ? [] : [flow('outside', name, 5000)])), 'mask')
      const after = flowed(before, drawnFlows, 'mask')
      const back = flowed(after, backwards(drawnFlows), 'mask')
      for (const name of Object.keys(back)) expect([name, accountIn(back, name)]).toEqual([name, accountIn(before, name)])
    }))
  })
})

describe('first expired, first out', () => {
  const lots = [
    { lot: 'c', expiresOn: null, free: 400 }, { lot: 'b', expiresOn: '2021-03-31', free: 13 }, { lot: 'a', expiresOn: '2021-03-31', free: 30 },
    { lot: 'z', expiresOn: '2020-02-29', free: 8 }, { lot: 'd', expiresOn: '2020-02-28', free: -2 },
  ]
  const rows: [units: number, picked: string | null][] = [
    [5, 'z 5'], [8, 'z 8'], [9, 'z 8, a 1'], [40, 'z 8, a 30, b 2'], [52, 'z 8, a 30, b 13, c 1'], [451, 'z 8, a 30, b 13, c 400'], [452, null],
  ]
  test.each(rows)('%s units are %s', (units, picked) => expect(drawn(lots, units)?.map((one) => `${one.lot} ${one.units}`).join(', ') ?? null).toBe(picked))
})

test('of a past moment no more may be taken than ever lay there since', () => {
  // 40 are there now; before that 25 came in, before that 60 went out, before that 10 came in.
  expect([fewestSince(40, []), fewestSince(40, [25]), fewestSince(40, [25, -60]), fewestSince(40, [25, -60, 70])]).toEqual([40, 15, 15, 5])
})
