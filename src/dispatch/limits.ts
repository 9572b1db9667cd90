import type { State } from './orders.js'

/** Silence for so long is consent. */
const ANSWER_MINUTES = 30
/** A vehicle that has not left so long after its time does not leave any more. */
const LATE_MINUTES = 4 * 60
/** Where no vehicle has a time. */
const UNTIMED_MINUTES = 24 * 60
const MINUTE = 60_000

export interface Issued {
  readonly issuedAt: Date
  /** When its vehicle is to leave; null: nobody has planned when. */
  readonly leavesBase: Date | null
  /** Null: it leads out of the system, where nobody has agreed until the desk says so: no silence is consent. */
  readonly toPlace: string | null
}

/** Until when the receiver may answer, and until when the order stands. */
export function limitsOf({ issuedAt, leavesBase, toPlace }: Issued): { answerBy: Date | null; deadline: Date } {
  const later = (from: Date, minutes: number) => new Date(from.getTime() + minutes * MINUTE)
  const deadline = leavesBase === null ? later(issuedAt, UNTIMED_MINUTES) : later(leavesBase > issuedAt ? leavesBase : issuedAt, LATE_MINUTES)
  if (toPlace === null) return { answerBy: null, deadline }
  const answerBy = later(issuedAt, ANSWER_MINUTES)
  // Nobody waits at the kerb for an answer.
  return { answerBy: leavesBase !== null && leavesBase < answerBy && leavesBase > issuedAt ? leavesBase : answerBy, deadline }
}

export interface Waiting {
  readonly state: State
  readonly answerBy: Date | null
  readonly deadline: Date | null
}

/** What the clock says to an order: that its receiver consented by silence, or that it is over; null: nothing. */
export function dueStep({ state, answerBy, deadline }: Waiting, now: Date): { step: 'consent' | 'expire'; at: Date } | null {
  if (state === 'issued' && answerBy !== null && answerBy <= now) return { step: 'consent', at: answerBy }
  const isWaiting = state === 'issued' || state === 'accepted' || state === 'reliefAsked'
  return isWaiting && deadline !== null && deadline <= now ? { step: 'expire', at: deadline } : null
}
