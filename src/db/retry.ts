import { DatabaseUnavailable, mayRunAgain } from './errors.js'

/** A number in [0, 1): what keeps two transactions that met from meeting again. */
export type Chance = () => number

const TRIES_MAX = 6
const FIRST_WAIT_MILLISECONDS = 10

/** Runs `attempt` again after a deadlock, a failed serialization or a lock that did not come; a few times. */
export async function withRetries<T>(attempt: () => Promise<T>, chance: Chance): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!mayRunAgain(error)) throw error
      if (tried === TRIES_MAX) throw new DatabaseUnavailable('busy', error)
      const longest = FIRST_WAIT_MILLISECONDS * 2 ** tried
      await new Promise((resolve) => setTimeout(resolve, longest * (0.5 + chance() / 2)))
    }
  }
}
