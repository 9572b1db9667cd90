import { isKnown } from '../kernel/quantity.js'
import { clockMinutes, type Day, type Instant, instantAt, minutesIntoUp } from '../kernel/time.js'
import type { Vehicle } from '../facilities/transport.js'
import type { Scenario } from './scenario.js'

/** A vehicle that is out: on which order, and when it should be clean and back; null: when somebody says so. */
export interface Out {
  readonly order: string
  readonly until: Instant | null
}

const SOURCE_LETTERS_MAX = 400
const said = (words: string, { source }: { readonly source: string }): string => `${words}; ${source}`.slice(0, SOURCE_LETTERS_MAX)

/** Pools with the beds that dispatch keeps from being given away; the source says how many those are. */
export const withHeld = (pools: Scenario['pools'], held: Readonly<Record<string, number>>): Scenario['pools'] =>
  Object.fromEntries(Object.entries(pools).map(([id, pool]) => {
    const more = held[id] ?? 0
    if (more === 0) return [id, pool]
    return [id, { ...pool, held: isKnown(pool.held) ? pool.held + more : pool.held, source: said(`${more} held by dispatch`, pool) }]
  }))

/** Vehicles as they can be planned with while some are out; the source says on which order. */
export const withOut = (vehicles: Scenario['vehicles'], out: Readonly<Record<string, Out>>, planDay: Day): Scenario['vehicles'] =>
  Object.fromEntries(Object.entries(vehicles).map(([id, vehicle]) => {
    const found = Object.hasOwn(out, id) ? out[id] : undefined
    return [id, found === undefined ? vehicle : leftOf(vehicle, found, planDay)]
  }))

/** What of a vehicle's day is left once it is clean; without a crew it stands there and drives for nobody. */
function leftOf(vehicle: Vehicle, { order, until }: Out, planDay: Day): Vehicle {
  const back = until === null ? Number.POSITIVE_INFINITY : minutesIntoUp(planDay, until)
  if (back <= clockMinutes(vehicle.availableFrom)) return vehicle
  const words = until === null ? `out on order ${order} and not clean yet` : `out on order ${order} until ${until}`
  const left = back < clockMinutes(vehicle.availableTo) ? { availableFrom: instantAt(planDay, back).slice(11, 16) } : { crews: 0 }
  return { ...vehicle, ...left, source: said(words, vehicle) }
}
