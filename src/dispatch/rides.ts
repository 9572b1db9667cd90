import { OVER_UNCLEAN, type State } from './orders.js'
import type { TransferOrder } from './store.js'

/** What is known of the ride of an order: as planned, and as it went. */
export type RideTimes = Pick<TransferOrder, 'departs' | 'arrives' | 'returns' | 'dispatchedAt' | 'arrivedAt'>

const lateBy = (is: Date, planned: Date | null): number => (planned === null ? 0 : Math.max(0, is.getTime() - planned.getTime()))

/**
 * When its vehicle should be clean and back: as planned, and as much later as the patient left, or arrived, after their
 * time. Null: nobody planned when.
 */
export function expectedBack({ departs, arrives, returns, dispatchedAt, arrivedAt }: RideTimes): Date | null {
  if (returns === null) return null
  const late = arrivedAt !== null ? lateBy(arrivedAt, arrives) : dispatchedAt !== null ? lateBy(dispatchedAt, departs) : 0
  return new Date(returns.getTime() + late)
}

/**
 * When whoever is led elsewhere at `at` is back where they came from at the latest, were their vehicle to turn round: as
 * long from then as it has been out, and not before it had collected them.
 */
export function turnedRound({ leavesBase, departs, dispatchedAt }: Pick<TransferOrder, 'leavesBase' | 'departs' | 'dispatchedAt'>, at: Date): Date {
  const [left, now] = [dispatchedAt?.getTime() ?? at.getTime(), at.getTime()]
  const collecting = leavesBase === null || departs === null ? 0 : departs.getTime() - leavesBase.getTime()
  return new Date(Math.max(left + collecting, now + Math.max(0, now - left)))
}

/** The vehicle has left, and nobody has said that it is clean; who died in it, or came back in it, makes it no cleaner. */
const OUT: readonly State[] = ['dispatched', 'arrived', ...OVER_UNCLEAN]

/**
 * Until when the vehicle of an order is out, as far as is known at `now`. Null: until somebody says that it is clean; who
 * should have been back is not. Undefined: it is not out. Orders whose vehicle is clean are not asked about.
 */
export function outUntil(order: RideTimes & { readonly state: State }, now: Date): Date | null | undefined {
  const { state } = order
  const back = expectedBack(state === 'dispatched' ? { ...order, arrivedAt: null } : order)
  if (!OUT.includes(state)) return undefined
  return back !== null && back > now ? back : null
}
