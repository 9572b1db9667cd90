import { byCodeUnits } from '../../kernel/canonical.js'
import { isKnown } from '../../kernel/quantity.js'
import { remembered } from '../../kernel/remembered.js'
import type { Batch, Point } from './family.js'
import type { Ground } from './ground.js'

const CUBIC_CENTIMETRES_IN_A_LITRE = 1000

/** Volume of one base unit; what nobody stated or tracks takes no room. */
export const volumeOf = (ground: Ground, item: string): number => {
  const { cubicCentimetres } = ground.item(item)
  return isKnown(cubicCentimetres) ? cubicCentimetres : 0
}

/** Cubic centimetres that the vehicles of a source carry on one day; null: nobody counts it. */
export function roomPerDay(ground: Ground, source: string): number | null {
  const litres = ground.scenario.sources[source]?.litresPerDay
  return litres !== undefined && isKnown(litres) ? litres * CUBIC_CENTIMETRES_IN_A_LITRE : null
}

/**
 * Cubic centimetres that the vehicles of a source have room for on each day of the plan, beside what orders issued before
 * load. Where those alone are more than a day carries they stand, and the plan adds nothing.
 */
export function roomByDay(ground: Ground, source: string): number[] {
  const room = ground.days.map(() => roomPerDay(ground, source) ?? Number.POSITIVE_INFINITY)
  for (const { item, units, day } of ground.standingAt(source)) {
    const before = room[day]
    if (before !== undefined) room[day] = Math.max(0, before - units * volumeOf(ground, item))
  }
  return room
}

/** Like lots of one item that may leave a source from a day on and have to leave by another. */
export interface Leaving {
  readonly item: string
  readonly from: number
  readonly by: number
  readonly lots: number
}

/** So many of them on one day. */
export interface Left extends Leaving {
  readonly day: number
}

/** What is given at sources whose vehicles are counted, while it is being given. */
export class Volumes {
  private readonly leaving = new Map<string, Map<string, Leaving>>()
  private readonly changed = new Set<string>()
  private readonly rooms = new Map<string, number[]>()

  constructor(private readonly ground: Ground) {}

  readonly onChange = (batch: Batch, point: Point, { lots, road }: { lots: number; road: number }): void => {
    if (batch.ownOf !== null || roomPerDay(this.ground, batch.source) === null) return
    const [item, from, by] = [batch.item, batch.from, point.by - road]
    const all = this.leaving.get(batch.source) ?? new Map<string, Leaving>()
    this.leaving.set(batch.source, all)
    const key = JSON.stringify([item, from, by])
    all.set(key, { item, from, by, lots: (all.get(key)?.lots ?? 0) + lots })
    this.changed.add(batch.source)
  }

  /** Sources where what has been given since the last question does not fit into the vehicles. */
  readonly overfull = (): string[] => {
    const over = [...this.changed].filter((source) => this.isOverfull(source))
    for (const source of this.changed) if (!over.includes(source)) this.changed.delete(source)
    return over
  }

  private isOverfull(source: string): boolean {
    const rooms = remembered(this.rooms, source, () => roomByDay(this.ground, source))
    return loaded(this.ground, rooms, [...this.leaving.get(source)?.values() ?? []]) === null
  }
}

/**
 * Day by day what has to leave first is loaded first, as many whole lots as there is room for; null: something is left
 * behind beyond the day by which it has to leave.
 */
export function loaded(ground: Ground, rooms: readonly number[], leaving: readonly Leaving[]): Left[] | null {
  const waiting = leaving.filter(({ lots }) => lots > 0)
    .sort((a, b) => a.by - b.by || a.from - b.from || byCodeUnits(a.item, b.item))
    .map((one) => ({ one, lots: one.lots, volume: ground.lotOfUse(one.item) * volumeOf(ground, one.item) }))
  const left: Left[] = []
  for (const [day, room] of rooms.entries()) {
    let free = room
    for (const load of waiting) {
      if (load.one.from > day || load.lots === 0) continue
      const lots = load.volume === 0 ? load.lots : Math.min(load.lots, Math.floor(free / load.volume))
      if (lots > 0) left.push({ ...load.one, lots, day })
      load.lots -= lots
      free -= lots * load.volume
      if (load.lots > 0 && load.one.by <= day) return null
    }
  }
  return left
}
