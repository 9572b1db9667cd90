import { actOf, type Act } from '../../src/db/act.js'
import type { Database } from '../../src/db/database.js'
import type { Clock } from '../../src/kernel/clock.js'
import type { RefusalCode } from '../../src/kernel/refusal.js'

/** What the prepared store holds: a plan in force with two orders, and a newer draft. */
export interface Prepared {
  readonly clock: Clock
  readonly inForce: string
  readonly draft: string
  /** Somebody whom the draft moves. */
  readonly drafted: string
  /** Its first order, accepted, and the patient whom it moves. */
  readonly order: string
  readonly patient: string
  /** Two people without an order, and one who has no place. */
  readonly waiting: readonly [string, string]
  readonly absent: string
  /** Two contacts who are announced, and one whose isolation may end. */
  readonly coming: readonly [string, string]
  readonly inside: string
  /** Two administrators, and the word that takes the account of the first. */
  readonly administrators: readonly [string, string]
  readonly word: string
  /** Runs with material that nobody has approved yet: of two shipments out of one lot, and of one. */
  readonly goods: { readonly two: string; readonly one: string }
}

/** Something done in one transaction, or something that the service does by itself in its own. */
export type Work = (act: Act) => Promise<unknown>
export interface ByItself {
  readonly byItself: (db: Database, clock: Clock) => Promise<unknown>
}
/** `ok`, or the code of a refusal. */
export type Outcome = 'ok' | RefusalCode

/** Two works at once: what has happened before, and the outcomes that one after the other could have. */
export interface Pair {
  readonly name: string
  readonly before?: (prepared: Prepared) => readonly Work[]
  readonly works: (prepared: Prepared) => readonly [Work | ByItself, Work | ByItself]
  readonly lawful: readonly (readonly [Outcome, Outcome])[]
  /** Milliseconds after the moment of the store at which each is begun; one and two when left out. */
  readonly at?: readonly [number, number]
}

export const BY = 'group'

/** Takes the works one after the other, as somebody who has the authority. */
export async function taken(db: Database, { clock }: Pick<Prepared, 'clock'>, works: readonly Work[]): Promise<void> {
  for (const work of works) await db.inTransaction((tx) => work(actOf({ tx, at: clock.now(), newId: clock.newId }, BY)))
}
