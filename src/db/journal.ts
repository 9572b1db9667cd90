import type { Recording } from '../kernel/clock.js'
import type { Tx } from './database.js'
import { journal } from './tables.js'

/** One line of the journal: who did what to what. `details` says what a reader needs to see what changed. */
export interface Deed {
  readonly action: string
  readonly kind: string
  readonly subject: string
  readonly details: Readonly<Record<string, unknown>>
}

/** Writes the deed down in the transaction of its effect. */
export async function writeJournal(tx: Tx, deed: Deed, { at, by, request }: Recording & { readonly request: string }): Promise<void> {
  await tx.insert(journal).values({ at, actor: by, request, ...deed })
}
