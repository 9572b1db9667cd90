import { invariant } from '../kernel/invariant.js'

/** How many of a book's things are in one state. `counted` false: nobody knows, and it is not nought. */
export interface AccountState {
  readonly balance: number
  readonly counted: boolean
  readonly mayOwe: boolean
  /** Promised away; never more than there is. */
  readonly held: number
}
/** The accounts of one book, by name. They sum to nought. */
export type Book = Readonly<Record<string, AccountState>>

export interface Movement {
  readonly from: string
  readonly to: string
  readonly quantity: number
}

/**
 * The movements that lead from one state of a book to another: what has less gives, what has more takes, in the order
 * of names. Throws BrokenInvariant when something would appear or vanish.
 */
export function movementsBetween(before: Book, after: Book): Movement[] {
  const changes = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    .map((name) => ({ name, left: (after[name]?.balance ?? 0) - (before[name]?.balance ?? 0) }))
  invariant(changes.reduce((sum, { left }) => sum + left, 0) === 0, 'a movement takes from one account what it gives to another')
  const movements: Movement[] = []
  const givers = changes.filter(({ left }) => left < 0)
  for (const taker of changes.filter(({ left }) => left > 0)) {
    while (taker.left > 0) {
      const giver = givers.find(({ left }) => left < 0)
      invariant(giver !== undefined, 'what is taken was given')
      const quantity = Math.min(taker.left, -giver.left)
      movements.push({ from: giver.name, to: taker.name, quantity })
      taker.left -= quantity
      giver.left += quantity
    }
  }
  return movements
}
