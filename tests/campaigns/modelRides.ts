import { momentsOf, ordersThen, type Past } from './modelPast.js'
import type { OrderNow, State } from './modelState.js'
import { type Fields, midnightOf, MINUTE, written } from './modelWords.js'

const late = (is: number, planned: number | null): number => (planned === null ? 0 : Math.max(0, is - planned))

type Ride = Pick<OrderNow, 'state' | 'departs' | 'arrives' | 'returns' | 'dispatchedAt' | 'arrivedAt'>
/** Clean and back as planned, and as much later as they left, or arrived, too late; null: nobody planned it. */
export function backAt({ departs, arrives, returns, dispatchedAt, arrivedAt }: Ride): number | null {
  if (returns === null) return null
  return returns + (arrivedAt !== null ? late(arrivedAt, arrives) : dispatchedAt !== null ? late(dispatchedAt, departs) : 0)
}

/** Vehicles that were out then: the order that keeps each longest, and until when; null: until somebody says that it is clean. */
function outThen(state: State, past: Past): Map<string, { order: string; until: number | null }> {
  const { asOf } = momentsOf(past, state.now)
  const out = new Map<string, { order: string; until: number | null }>()
  for (const { id, then, isClean } of ordersThen(state, past)) {
    const back = backAt(then)
    const later = back !== null && back > asOf ? back : null
    const isOut = ['dispatched', 'arrived'].includes(then.state) || (['died', 'returned'].includes(then.state) && !isClean)
    if (then.vehicle === null || !isOut) continue
    const before = out.get(then.vehicle)
    if (before === undefined || (before.until !== null && (later === null || later > before.until))) out.set(then.vehicle, { order: id, until: later })
  }
  return out
}

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const minutesIn = (words: unknown): number => Number(String(words).slice(0, 2)) * 60 + Number(String(words).slice(3, 5))

/** A vehicle as it can be planned with then: what is left of its day once it is back, or without a crew. */
export function vehicleThen(state: State, past: Past, day: string): (vehicle: Fields, id: string) => Fields {
  const out = outThen(state, past)
  return (vehicle, id) => {
    const found = out.get(id)
    if (found === undefined) return vehicle
    const back = found.until === null ? Number.POSITIVE_INFINITY : Math.ceil((found.until - midnightOf(day)) / MINUTE)
    if (back <= minutesIn(vehicle['availableFrom'])) return vehicle
    const left = back < minutesIn(vehicle['availableTo']) ? { availableFrom: clock(back) } : { crews: 0 }
    const words = found.until === null ? 'and not clean yet' : `until ${written(found.until)}`
    return { ...vehicle, ...left, source: `out on order ${found.order} ${words}; ${vehicle['source']}`.slice(0, 400) }
  }
}
