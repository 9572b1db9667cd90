import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BrokenInvariant } from '../src/kernel/invariant.js'
import { type Book, movementsBetween } from '../src/ledger/book.js'

const bookOf = (balances: Readonly<Record<string, number>>): Book =>
  Object.fromEntries(Object.entries(balances).map(([name, balance]) => [name, { balance, counted: true, mayOwe: true, held: 0 }]))
const NAMES = ['a', 'b', 'c', 'outside', '渝']
/** Any books over some of the same accounts; the last takes what makes the sum nought. */
const books = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: -50, max: 50 })), { maxLength: 6 }).map((entries) => {
  const balances = Object.fromEntries(entries)
  const sum = Object.values(balances).reduce((total, balance) => total + balance, 0)
  return bookOf({ ...balances, outside: (balances['outside'] ?? 0) - sum })
})
const balanceOf = (book: Book, name: string): number => book[name]?.balance ?? 0

describe('movements from one state of a book to another', () => {
  const rows: [string, Record<string, number>, Record<string, number>, [from: string, to: string, quantity: number][]][] = [
    ['nothing changed', { a: 3, outside: -3 }, { a: 3, outside: -3 }, []],
    ['one account gives to another', { free: 7, named: 0 }, { free: 6, named: 1 }, [['free', 'named', 1]]],
    ['a new book comes from outside', {}, { free: 5, outside: -7, unstaffed: 2 }, [['outside', 'free', 5], ['outside', 'unstaffed', 2]]],
    ['an account that is gone gives all', { a: 4, outside: -4 }, { outside: 0 }, [['a', 'outside', 4]]],
    ['two give to one, in the order of names', { a: 2, b: 3, c: 0 }, { a: 0, b: 0, c: 5 }, [['a', 'c', 2], ['b', 'c', 3]]],
    ['however they are written down', { c: 0, b: 3, a: 2 }, { b: 0, c: 5, a: 0 }, [['a', 'c', 2], ['b', 'c', 3]]],
    ['two give to two', { a: 5, b: 1, c: 0, d: 0 }, { a: 0, b: 0, c: 2, d: 4 }, [['a', 'c', 2], ['a', 'd', 3], ['b', 'd', 1]]],
  ]
  test.each(rows)('%s', (_, before, after, movements) => {
    expect(movementsBetween(bookOf(before), bookOf(after)).map(({ from, to, quantity }) => [from, to, quantity])).toEqual(movements)
  })

  test('lead from the one to the other; each is of more than nought, and goes elsewhere', () => {
    fc.assert(fc.property(books, books, (before, after) => {
      const reached = new Map(NAMES.map((name) => [name, balanceOf(before, name)]))
      for (const { from, to, quantity } of movementsBetween(before, after)) {
        expect(quantity).toBeGreaterThan(0)
        expect(from).not.toBe(to)
        reached.set(from, (reached.get(from) ?? 0) - quantity)
        reached.set(to, (reached.get(to) ?? 0) + quantity)
      }
      for (const name of NAMES) expect(reached.get(name)).toBe(balanceOf(after, name))
    }))
  })

  test('move no more than has to move, and nothing takes what it gives', () => {
    fc.assert(fc.property(books, books, (before, after) => {
      const movements = movementsBetween(before, after)
      const moved = movements.reduce((sum, { quantity }) => sum + quantity, 0)
      const gained = NAMES.reduce((sum, name) => sum + Math.max(0, balanceOf(after, name) - balanceOf(before, name)), 0)
      expect(moved).toBe(gained)
      const givers = new Set(movements.map(({ from }) => from))
      expect(movements.filter(({ to }) => givers.has(to))).toEqual([])
    }))
  })

  test('what appears or vanishes is a bug', () => {
    fc.assert(fc.property(books, fc.integer({ min: 1, max: 9 }), (book, more) => {
      const broken = { ...book, a: { balance: balanceOf(book, 'a') + more, counted: true, mayOwe: true, held: 0 } }
      expect(() => movementsBetween(book, broken)).toThrow(BrokenInvariant)
      expect(() => movementsBetween(broken, book)).toThrow(BrokenInvariant)
    }))
  })
})
