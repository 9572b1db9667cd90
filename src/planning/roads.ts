import { greatCircleKm, type Position } from '../kernel/geo.js'
import { remembered } from '../kernel/remembered.js'
import type { Policy } from './policy.js'
import type { Scenario } from './scenario.js'

/** How long the ride between two locations takes, each a place or the seat of a reporting unit. */
export class Roads {
  private readonly minutesKnown = new Map<string, number | null>()
  /** Minutes of each row by where it leads from and to, whatever it is called. */
  private readonly rows: ReadonlyMap<string, number>

  constructor(
    private readonly scenario: Scenario,
    private readonly policy: Policy,
  ) {
    this.rows = new Map(Object.values(scenario.travel).map(({ from, to, minutes }) => [journey(from, to), minutes]))
  }

  /** Whole road minutes, from the table or else estimated, rounded up; null: unreachable. */
  minutesBetween(from: string, to: string): number | null {
    if (from === to) return 0
    const key = journey(from, to)
    return remembered(this.minutesKnown, key, () => this.stated(from, to) ?? this.estimatedMinutes(from, to))
  }

  /** What the travel table states, in this direction or else the other; null: nothing. */
  stated(from: string, to: string): number | null {
    return this.rows.get(journey(from, to)) ?? this.rows.get(journey(to, from)) ?? null
  }

  private estimatedMinutes(from: string, to: string): number | null {
    const estimate = this.policy.travelEstimate
    const [a, b] = [this.positionOf(from), this.positionOf(to)]
    if (estimate === null || a === null || b === null || this.shareOnlyASeat(from, to)) return null
    const roadMetres = Math.ceil(greatCircleKm(a, b) * estimate.detourPerMille)
    return Math.ceil((roadMetres * 60) / (estimate.kmPerHour * 1000))
  }

  /** Two places known only by the seat of their unit: how far apart they are, nobody stated. */
  private shareOnlyASeat(from: string, to: string): boolean {
    const [a, b] = [rowAt(this.scenario.places, from), rowAt(this.scenario.places, to)]
    return a !== undefined && b !== undefined && a.unit === b.unit && a.longitude === null && b.longitude === null
  }

  private positionOf(location: string): Position | null {
    const place = rowAt(this.scenario.places, location)
    const own = place ?? rowAt(this.scenario.units, location)
    const seat = place === undefined ? undefined : rowAt(this.scenario.units, place.unit)
    for (const at of [own, seat]) {
      if (at && at.longitude !== null && at.latitude !== null) return { longitude: at.longitude, latitude: at.latitude }
    }
    return null
  }
}

/** No id holds a line break. */
const journey = (from: string, to: string): string => `${from}\n${to}`

/** A row of the table itself: an id may be called like a part of the language. */
const rowAt = <T>(table: Readonly<Record<string, T>>, id: string): T | undefined =>
  Object.hasOwn(table, id) ? table[id] : undefined
