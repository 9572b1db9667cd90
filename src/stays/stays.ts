import type { Case } from '../cases/cases.js'
import { text } from '../kernel/text.js'
import type { Vocabulary } from '../kernel/vocabulary.js'

/** How a stay ends. */
export const ENDINGS = {
  moved: text('转往他处', 'moved elsewhere'),
  discharged: text('出院', 'discharged'),
  died: text('死亡', 'died'),
  left: text('离开本系统', 'left for elsewhere'),
} as const satisfies Vocabulary<string>
export type Ending = keyof typeof ENDINGS

/**
 * Where one person lies: one place, and the pool of beds there when it is known (一人一处).
 * The row of a case is its stay, so a second place for one person cannot be written down.
 */
export interface Bed {
  readonly place: string
  readonly pool: string | null
}

export const bedOf = ({ place, pool }: Case): Bed => ({ place, pool })

/** Named people by pool. A census counts everyone in the pool, so it can never be less; the others are never moved. */
export function namedByPool(cases: Readonly<Record<string, Case>>): ReadonlyMap<string, number> {
  const named = new Map<string, number>()
  for (const { pool } of Object.values(cases)) if (pool !== null) named.set(pool, (named.get(pool) ?? 0) + 1)
  return named
}
