import { DatabaseUnavailable, mayRunAgain, sqlStateOf } from './errors.js'
import type { Patience } from './patience.js'

/** A number in [0, 1): what keeps two transactions that met from meeting again. */
export type Chance = () => number

const FIRST_WAIT_MILLISECONDS = 10
const LONGEST_WAIT_MILLISECONDS = 500

/** How often a transaction was run again, by the SQLSTATE that made it so. */
export type TriedAgain = Map<string, number>

interface Again {
  readonly chance: Chance
  readonly triedAgain: TriedAgain
  readonly patience: Patience
}

/** Runs `attempt` again after a deadlock, a failed serialization or a lock that did not come, until nobody waits any longer. */
export async function withRetries<T>(attempt: () => Promise<T>, { chance, triedAgain, patience }: Again): Promise<T> {
  for (let longest = 2 * FIRST_WAIT_MILLISECONDS; ; longest = Math.min(2 * longest, LONGEST_WAIT_MILLISECONDS)) {
    try {
      return await attempt()
    } catch (error) {
      if (!mayRunAgain(error)) throw error
      const state = sqlStateOf(error) ?? ''
      triedAgain.set(state, (triedAgain.get(state) ?? 0) + 1)
      if (patience.isOver) throw new DatabaseUnavailable('busy', error)
      await new Promise((resolve) => setTimeout(resolve, longest * (0.5 + chance() / 2)))
    }
  }
}
