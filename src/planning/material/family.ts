import { byCodeUnits } from '../../kernel/canonical.js'
import type { Ground } from './ground.js'
import { Matching } from './matching.js'
import type { Stock } from './supply.js'

/** Like lots of one item at one source: what can be given out of rows that are there, expire and are bound alike. */
export interface Batch {
  readonly item: string
  readonly source: string
  readonly from: number
  readonly until: number
  readonly earmark: string | null
  readonly rows: readonly Stock[]
  readonly lots: number
  /** Stock that this place has beyond its own need: there only, and only in place of another item; null: to be given out. */
  readonly ownOf: string | null
}

/** Whether a substitute is of a grade for every zone in which the item is worn at a place. */
export type Grades = (ask: { place: string; item: string; substitute: string }) => boolean

export interface FamilyOptions {
  /** Base units of a lot. */
  readonly lot: number
  /** As if nothing expired once it is there: a plan that is allowed more. */
  readonly undying?: boolean
  readonly onChange?: (batch: Batch, point: Point, change: { lots: number; road: number }) => void
}

/** The days within which a lot is used at places that are alike. */
export interface Point {
  readonly by: number
  readonly until: number
  /** Days on the road, by batch that reaches them. */
  readonly road: ReadonlyMap<number, number>
}

/** Places that the same batches reach on the same days, for one item: their points, by the days within which a lot is used. */
export interface Alike {
  readonly item: string
  readonly road: ReadonlyMap<number, number>
  readonly points: Map<number, number>
}

/** Items of which one may stand in for another, or one alone: their lots at sources, and whom they reach. */
export class Family {
  readonly batches: readonly Batch[]
  readonly matching: Matching
  readonly points: Point[] = []
  /** Something at a source expires within the horizon. */
  readonly isDated: boolean
  private readonly reach: number[][] = []
  private readonly alike = new Map<string, Alike>()
  private readonly roads = new Map<string, ReadonlyMap<number, number>>()

  constructor(
    private readonly ground: Ground,
    readonly items: readonly string[],
    stock: { readonly atSources: readonly Stock[]; readonly beyondNeed: readonly Stock[] },
    private readonly grades: Grades,
    readonly options: FamilyOptions,
  ) {
    const own = (rows: readonly Stock[]) => rows.filter(({ item }) => items.includes(item))
    const undying = (rows: readonly Stock[]) => (options.undying === true ? rows.map((row) => ({ ...row, until: ground.horizon })) : rows)
    this.batches = [
      ...batchesOf(undying(own(stock.atSources)), options.lot, false),
      ...batchesOf(undying(own(stock.beyondNeed)), options.lot, true),
    ]
    this.isDated = this.batches.some(({ until }) => until < ground.horizon - 1)
    this.matching = new Matching(this.batches.map(({ lots }) => lots), this.reach, (batch, point, lots) => {
      const [of, at] = [this.batches[batch], this.points[point]]
      if (of !== undefined && at !== undefined) options.onChange?.(of, at, { lots, road: at.road.get(batch) ?? 0 })
    })
  }

  /** Whom the same batches reach as this place, for an item. */
  alikeTo(place: string, item: string): Alike {
    const road = this.roadsTo(place, item)
    const key = `${item} ${[...road].join(' ')}`
    const known = this.alike.get(key) ?? { item, road, points: new Map<number, number>() }
    this.alike.set(key, known)
    return known
  }

  /** The point of a lot that has to be there by one day and is used up to another. */
  pointOf(alike: Alike, { by, until }: { by: number; until: number }): number {
    const code = by * this.ground.horizon + until
    const known = alike.points.get(code)
    if (known !== undefined) return known
    const point = this.points.push({ by, until, road: alike.road }) - 1
    alike.points.set(code, point)
    this.reach.push(this.reaching(alike, { by, until }))
    return point
  }

  /** Batches that may go to a place for an item, and how many days they are on the road. */
  roadsTo(place: string, item: string): ReadonlyMap<number, number> {
    const key = JSON.stringify([place, item])
    const known = this.roads.get(key)
    if (known !== undefined) return known
    const roads = new Map(this.batches.flatMap((batch, index): [number, number][] => {
      const days = this.mayServe(batch, place, item) ? this.ground.daysOnRoad(batch.source, place) : null
      return days === null ? [] : [[index, days]]
    }))
    this.roads.set(key, roads)
    return roads
  }

  /** Nought: the item itself; one: its first substitute. */
  orderOf(batch: Batch, item: string): number {
    return batch.item === item ? 0 : this.ground.substitutesOf(item).indexOf(batch.item) + 1
  }

  private mayServe(batch: Batch, place: string, item: string): boolean {
    const { earmark, ownOf } = batch
    if (earmark !== null && earmark !== place && earmark !== this.ground.world.place(place).unit) return false
    if (ownOf !== null && (ownOf !== place || batch.item === item)) return false
    if (batch.item === item) return true
    return this.ground.substitutesOf(item).includes(batch.item) && this.grades({ place, item, substitute: batch.item })
  }

  /** Own item before substitutes, of each the latest that still comes in time, so that what is there early is left to early days. */
  private reaching({ item, road }: Alike, { by, until }: { by: number; until: number }): number[] {
    const comes = (index: number) => (this.batches[index]?.from ?? 0) + (road.get(index) ?? 0)
    const lasts = (index: number) => this.batches[index]?.until ?? 0
    const order = (index: number) => { const batch = this.batches[index]; return batch === undefined ? 0 : this.orderOf(batch, item) }
    return [...road.keys()].filter((index) => comes(index) <= by && lasts(index) >= until)
      .sort((a, b) => order(a) - order(b) || comes(b) - comes(a) || lasts(a) - lasts(b) || a - b)
  }
}

function batchesOf(stock: readonly Stock[], lot: number, isOwn: boolean): Batch[] {
  const alike = new Map<string, Stock[]>()
  for (const row of stock) {
    const key = JSON.stringify([row.item, row.place, row.from, row.until, row.earmark])
    alike.set(key, [...(alike.get(key) ?? []), row])
  }
  return [...alike].sort(([a], [b]) => byCodeUnits(a, b)).flatMap(([, rows]): Batch[] => {
    const [{ item, place, from, until, earmark }] = rows as [Stock, ...Stock[]]
    // A lot is of one row: what is left of it beyond whole packings stays.
    const lots = rows.reduce((sum, { units }) => sum + Math.floor(units / lot), 0)
    return lots === 0 ? [] : [{ item, source: place, from, until, earmark: isOwn ? null : earmark, rows, lots, ownOf: isOwn ? place : null }]
  })
}
