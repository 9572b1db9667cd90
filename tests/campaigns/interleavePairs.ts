import { actOf, type Act } from '../../src/db/act.js'
import type { Database } from '../../src/db/database.js'
import { approve, withdraw } from '../../src/dispatch/commands.js'
import { issueOffPlan } from '../../src/dispatch/offPlan.js'
import { accept, arrive, askRelief, dispatch, giveUp, uphold } from '../../src/dispatch/orderCommands.js'
import type { Clock } from '../../src/kernel/clock.js'
import type { RefusalCode } from '../../src/kernel/refusal.js'
import { admit } from '../../src/stays/commands.js'
import { HANDOVER } from '../support/desk.js'

/** What the prepared store holds: a plan in force with two orders, and a newer draft. */
export interface Prepared {
  readonly clock: Clock
  readonly inForce: string
  readonly draft: string
  /** Its first order, accepted. */
  readonly order: string
  /** Two people without an order, and one who has no place. */
  readonly waiting: readonly [string, string]
  readonly absent: string
}

export type Work = (act: Act) => Promise<unknown>
/** `ok`, or the code of a refusal. */
export type Outcome = 'ok' | RefusalCode

/** Two works at once: what has happened before, and the outcomes that one after the other could have. */
export interface Pair {
  readonly name: string
  readonly before: (prepared: Prepared) => readonly Work[]
  readonly works: (prepared: Prepared) => readonly [Work, Work]
  readonly lawful: readonly (readonly [Outcome, Outcome])[]
}

const NOTHING = () => []
const offPlan = (patient: string): Work => (act) =>
  issueOffPlan(act, { patient, pool: 'last/ordinary', reason: 'worsened', vehicle: null })

export const PAIRS: readonly Pair[] = [
  {
    name: 'two approvals', before: NOTHING,
    works: ({ draft }) => [(act) => approve(act, draft, { strike: [] }), (act) => approve(act, draft, { strike: [] })],
    lawful: [['ok', 'planIsDecided'], ['planIsDecided', 'ok']],
  },
  {
    name: 'approve and withdraw', before: NOTHING,
    works: ({ draft, inForce }) => [(act) => approve(act, draft, { strike: [] }), (act) => withdraw(act, inForce, 'not any more')],
    // Approved first, the older one is superseded; withdrawn first, both are done.
    lawful: [['ok', 'planIsDecided'], ['ok', 'ok']],
  },
  {
    name: 'arrive and cancel', before: ({ order }) => [(act) => dispatch(act, order, {})],
    works: ({ order }) => [(act) => arrive(act, order, { handover: HANDOVER }), (act) => giveUp(act, order, 'cancel', { note: 'no' })],
    lawful: [['ok', 'stepOutOfOrder']],
  },
  {
    name: 'dispatch and cancel', before: NOTHING,
    works: ({ order }) => [(act) => dispatch(act, order, {}), (act) => giveUp(act, order, 'cancel', { note: 'no' })],
    lawful: [['ok', 'stepOutOfOrder'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'relief and dispatch', before: NOTHING,
    works: ({ order }) => [(act) => askRelief(act, order, { reason: 'noStaff', beds: 1 }), (act) => dispatch(act, order, {})],
    lawful: [['ok', 'stepOutOfOrder'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'relief upheld and withdraw', before: ({ order }) => [(act) => askRelief(act, order, { reason: 'noStaff', beds: 1 })],
    works: ({ order, inForce }) => [(act) => uphold(act, order, {}), (act) => withdraw(act, inForce, 'not any more')],
    lawful: [['ok', 'ok'], ['stepOutOfOrder', 'ok']],
  },
  {
    name: 'two holds of the last bed', before: NOTHING, works: ({ waiting: [one, other] }) => [offPlan(one), offPlan(other)],
    lawful: [['ok', 'breaksMust'], ['breaksMust', 'ok']],
  },
  {
    name: 'a hold and an admission to the last bed', before: NOTHING,
    works: ({ waiting: [one], absent }) => [offPlan(one), (act) => admit(act, absent, { place: 'last', pool: 'last/ordinary' }, undefined)],
    lawful: [['ok', 'noFreeBed'], ['breaksMust', 'ok']],
  },
]

export const BY = 'group'

/** Takes the works one after the other, as somebody who has the authority. */
export async function taken(db: Database, { clock }: Pick<Prepared, 'clock'>, works: readonly Work[]): Promise<void> {
  for (const work of works) await db.inTransaction((tx) => work(actOf({ tx, at: clock.now(), newId: clock.newId }, BY)))
}

export const acceptOf = (order: string): Work => (act) => accept(act, order, {})
