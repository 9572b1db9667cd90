import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bedBook, bedsLeft, type BedState, heldOf, namedIn, NOT_COUNTED, peopleIn, reportedHeld, withArrival, withDeparture, withReport,
} from '../src/facilities/bedBook.js'
import { type Pool, poolSchema } from '../src/facilities/beds.js'
import { isKnown } from '../src/kernel/quantity.js'
import { movementsBetween } from '../src/ledger/book.js'

type Figure = BedState['figures']['staffed']
const figure = fc.oneof({ weight: 5, arbitrary: fc.nat(40) as fc.Arbitrary<Figure> }, fc.constant<Figure>('unknown'))
type State = BedState & { readonly figures: Pick<Pool, 'oxygenBeds'> }
const states: fc.Arbitrary<State> = fc.record({
  figures: fc.record({ physical: figure, staffed: figure, occupied: figure, oxygenBeds: fc.constant('notTracked' as const) }), named: fc.nat(12), held: fc.nat(9),
})
const stateOf = (physical: Figure, staffed: Figure, occupied: Figure, named: number, held: number, oxygenBeds: Pool['oxygenBeds'] = 'notTracked'): State =>
  ({ figures: { physical, staffed, occupied, oxygenBeds }, named, held })

describe('the book of a pool', () => {
  // what, physical, staffed, occupied, named, held; then outside, overfull, unstaffed, free, named, unnamed; then beds left
  type Row = [what: string, state: State, accounts: readonly number[], left: number | null]
  const rows: Row[] = [
    ['with room', stateOf(60, 48, 9, 4, 3), [-60, 0, 12, 39, 4, 5], 36],
    ['full', stateOf(20, 20, 20, 7, 0), [-20, 0, 0, 0, 7, 13], 0],
    ['overfull as found', stateOf(20, 17, 22, 6, 0), [-20, -5, 3, 0, 6, 16], -5],
    ['promised more than is free', stateOf(20, 17, 15, 2, 5), [-20, -3, 3, 5, 2, 13], -3],
    ['overfull, and promised all the same', stateOf(20, 17, 19, 2, 4), [-20, -6, 3, 4, 2, 17], -6],
    ['a census below the named', stateOf(20, 17, 3, 8, 1), [-20, 0, 3, 9, 8, 0], 8],
    ['more staffed than set up: the others are given to nobody', stateOf(10, 13, 2, 0, 0), [-13, 0, 0, 11, 0, 2], 8],
    ['more staffed than the oxygen reaches', stateOf(20, 13, 2, 0, 1, 6), [-20, 0, 7, 11, 0, 2], 3],
    ['oxygen of which nobody knows', stateOf(20, 13, 2, 0, 0, 'unknown'), [-20, 0, 7, 11, 0, 2], 11],
    ['oxygen for more than are staffed', stateOf(20, 13, 2, 0, 0, 19), [-20, 0, 7, 11, 0, 2], 11],
    ['nobody counted anything', stateOf('unknown', 'unknown', 'unknown', 5, 0), [-5, 0, 0, 0, 5, 0], null],
    ['nobody counted, and some promised', stateOf('unknown', 'unknown', 'unknown', 5, 2), [-5, -2, 0, 2, 5, 0], null],
    ['only the people are counted', stateOf(30, 'unknown', 11, 5, 0), [-11, 0, 0, 0, 5, 6], null],
    ['only the beds are counted', stateOf(30, 26, 'unknown', 5, 0), [-9, 0, 4, 0, 5, 0], null],
  ]
  test.each(rows)('%s', (_, state, [outside, overfull, unstaffed, free, named, unnamed], left) => {
    const balances = Object.fromEntries(Object.entries(bedBook(state)).map(([name, { balance }]) => [name, balance]))
    expect(balances).toEqual({ outside, overfull, unstaffed, free, named, unnamed })
    expect(bedsLeft(state)).toBe(left)
  })

  test('sums to nought, and only the world outside and what is overfull may owe', () => {
    fc.assert(fc.property(states, (state) => {
      const accounts = Object.entries(bedBook(state))
      expect(accounts.reduce((sum, [, { balance }]) => sum + balance, 0)).toBe(0)
      for (const [name, { balance, mayOwe, counted, held }] of accounts) {
        expect(mayOwe).toBe(name === 'outside' || name === 'overfull')
        expect(Object.is(balance, -0)).toBe(false)
        expect(balance >= 0 || mayOwe).toBe(true)
        expect(held).toBe(name === 'free' ? state.held : 0)
        expect(counted || balance === held).toBe(true)
      }
    }))
  })

  test('has one form for each state: what is promised is covered, and nothing is owed that is free beyond it', () => {
    fc.assert(fc.property(states, (state) => {
      const { free, overfull } = bedBook(state)
      expect(overfull.balance).toBeLessThanOrEqual(0)
      expect(free.balance).toBeGreaterThanOrEqual(free.held)
      expect(overfull.balance === 0 || free.balance === free.held).toBe(true)
    }))
  })

  test('shows the people and the beds that were counted', () => {
    fc.assert(fc.property(states, (state) => {
      const { named, unnamed, free, overfull, unstaffed } = bedBook(state)
      const { staffed, occupied, physical } = state.figures
      const people = peopleIn(state)
      expect(people).toBe(isKnown(occupied) ? Math.max(occupied, state.named) : null)
      if (people !== null) expect(named.balance + unnamed.balance).toBe(people)
      if (people !== null && isKnown(staffed)) expect(named.balance + unnamed.balance + free.balance + overfull.balance).toBe(staffed)
      if (isKnown(staffed) && isKnown(physical)) expect(unstaffed.balance).toBe(Math.max(0, physical - staffed))
      expect(namedIn(bedBook(state))).toBe(state.named)
      expect(heldOf(bedBook(state))).toBe(state.held)
    }))
  })

  test('moves from any state to any other by movements that a ledger takes', () => {
    fc.assert(fc.property(states, states, (before, after) => {
      const balances = new Map(Object.entries(bedBook(before)).map(([name, { balance }]) => [name, balance]))
      for (const { from, to, quantity } of movementsBetween(bedBook(before), bedBook(after))) {
        balances.set(from, (balances.get(from) ?? 0) - quantity)
        balances.set(to, (balances.get(to) ?? 0) + quantity)
      }
      expect(Object.fromEntries(balances)).toEqual(Object.fromEntries(Object.entries(bedBook(after)).map(([name, { balance }]) => [name, balance])))
    }))
  })

  test('a book that is not there yet has nobody named and nothing promised', () => {
    expect([namedIn({}), heldOf({})]).toEqual([0, 0])
  })
})

describe('somebody named comes or goes', () => {
  const COUNTED = new Date('2020-01-30T00:00:00Z')
  const BEFORE = new Date('2020-01-29T20:00:00Z')
  const AFTER = new Date('2020-01-30T00:00:01Z')
  // what, occupied, named, when, occupied after an arrival, whether that is one more, occupied after a departure
  const rows: [string, Figure, number, Date, Date | null, Figure, boolean, Figure][] = [
    ['after the count', 9, 4, AFTER, COUNTED, 10, true, 8],
    ['before the count, which counted people not named', 9, 4, BEFORE, COUNTED, 9, false, 9],
    ['at the moment of the count', 9, 4, COUNTED, COUNTED, 9, false, 9],
    ['before the count, which counted nobody else', 4, 4, BEFORE, COUNTED, 5, true, 4],
    ['after a count below the named', 3, 5, AFTER, COUNTED, 6, true, 3],
    ['before a count below the named', 3, 5, BEFORE, COUNTED, 6, true, 3],
    ['figures without a time', 9, 4, BEFORE, null, 10, true, 8],
    ['nobody counted', 'unknown', 4, AFTER, COUNTED, 'unknown', true, 'unknown'],
  ]
  test.each(rows)('%s', (_, occupied, named, at, countedAt, arrived, isOneMore, departed) => {
    const state = { figures: { physical: 20, staffed: 17, occupied }, named } as const
    expect(withArrival(state, at, countedAt)).toEqual({ figures: { ...state.figures, occupied: arrived }, isOneMore })
    expect(withDeparture(state, at, countedAt)).toEqual({ ...state.figures, occupied: departed })
  })

  test('who comes and goes after the count leaves it as it was, unless it was below the named', () => {
    fc.assert(fc.property(states, ({ figures, named }) => {
      fc.pre(!isKnown(figures.occupied) || figures.occupied >= named)
      const came = withArrival({ figures, named }, AFTER, COUNTED)
      expect(withDeparture({ figures: came.figures, named: named + 1 }, AFTER, COUNTED)).toEqual(figures)
    }))
  })

  test('nobody makes the people fewer than the named, and one more is one person more', () => {
    fc.assert(fc.property(states, fc.constantFrom(BEFORE, COUNTED, AFTER), fc.constantFrom(COUNTED, null), ({ figures, named }, at, countedAt) => {
      const before = peopleIn({ figures, named })
      const came = withArrival({ figures, named }, at, countedAt)
      const after = peopleIn({ figures: came.figures, named: named + 1 })
      if (before === null || after === null) expect(after).toBe(before)
      else expect(after - before).toBe(came.isOneMore ? 1 : 0)
      fc.pre(named > 0)
      const left = peopleIn({ figures: withDeparture({ figures, named }, at, countedAt), named: named - 1 })
      if (before !== null && left !== null) expect([before, before - 1]).toContain(left)
    }))
  })
})

describe('a report of beds', () => {
  const POOL: Pool = poolSchema.parse({
    place: 'phc', block: null, careLevel: 'severe', physical: 60, staffed: 48, occupied: 9, held: 3, protected: 1, oxygenBeds: 50, source: 'x',
  })
  test.each<[string, Parameters<typeof withReport>[1], Partial<Pool>]>([
    ['says what it says, and leaves the rest', { staffed: 51, occupied: 13 }, { staffed: 51, occupied: 13, physical: 60, held: 3 }],
    ['says all four', { physical: 70, staffed: 51, occupied: 13, held: 0 }, { physical: 70, staffed: 51, occupied: 13, held: 0 }],
    ['does not carry on what is unknown as the old figure', { staffed: 'unknown', occupied: 'unknown', held: 'unknown' }, { staffed: 'unknown', occupied: 'unknown', held: 'unknown' }],
  ])('%s', (_, said, figures) => {
    expect(withReport(POOL, said)).toEqual({ ...POOL, ...figures })
    expect(reportedHeld(withReport(POOL, said))).toBe(isKnown(figures.held ?? 'unknown') ? figures.held : 0)
  })

  test('a pool that nobody counted has no figure at all', () => {
    const state: State = { figures: { ...NOT_COUNTED, oxygenBeds: 'unknown' }, named: 0, held: reportedHeld(NOT_COUNTED) }
    expect([bedsLeft(state), peopleIn(state)]).toEqual([null, null])
  })
})
