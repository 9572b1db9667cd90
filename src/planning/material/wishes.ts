import { byCodeUnits } from '../../kernel/canonical.js'
import { invariant, mustGet } from '../../kernel/invariant.js'
import type { Want } from './allocate.js'
import type { Batch, Family } from './family.js'
import type { Ground } from './ground.js'
import type { MaterialWish } from './policy.js'
import { cheapest } from './transport.js'

/** Lots of one batch that a place is given for an item, and the days within which they may leave. */
export interface Lading {
  readonly batch: Batch
  readonly place: string
  /** What it is given for: the item itself, or the one that it stands in for. */
  readonly item: string
  readonly lots: number
  /** First and last day on which it may leave. */
  readonly from: number
  readonly by: number
  readonly road: number
}

/** Days of shelf life beyond which no lot counts as older than another. */
export const SHELF_DAYS_MAX = 999

/** What one unit of a batch adds to a wish when it is given to a place for an item; null: the wish is not of single units. */
export const WISH_COSTS: Readonly<Record<MaterialWish, ((ask: { ground: Ground; batch: Batch; place: string; order: number }) => number) | null>> = {
  fewestSubstitutions: ({ order }) => order,
  earmarkedFirst: ({ batch }) => (batch.earmark === null && batch.ownOf === null ? 1 : 0),
  oldestFirst: ({ batch }) => (batch.ownOf === null ? Math.min(SHELF_DAYS_MAX, batch.until) : 0),
  shortestRoad: ({ ground, batch, place }) => (batch.ownOf === null ? ground.minutes(batch.source, place) ?? 0 : 0),
  fewestShipments: null,
}

/** The lots of one family, brought; false: some wish was not weighed, since all of them no longer fit into whole numbers. */
export interface Brought {
  readonly ladings: readonly Lading[]
  readonly isWeighed: boolean
}

/** Lots that a place needs for an item within some days. */
interface Needed {
  readonly place: string
  readonly item: string
  readonly by: number
  readonly until: number
  readonly lots: number
}

/**
 * Who is served and how many lots that takes is settled; here it is which lots. The wishes of single units are brought to
 * the least in their order: one sum, in which a unit of an earlier wish weighs more than all that a round of exchanges
 * could win of the later ones (a plan is best when no round of exchanges makes it better, and no round goes through a batch
 * twice).
 */
export function ladingsOf(ground: Ground, family: Family, wants: readonly Want[], mayChoose: boolean): Brought {
  const needed = neededBy(wants)
  if (needed.length === 0) return { ladings: [], isWeighed: true }
  const weights = weightsOf(ground, family, needed)
  const costOf = (need: Needed, index: number) => costIn(ground, family, weights, need, index)
  const flows = mayChoose
    ? cheapest(family.batches.map(({ lots }) => lots), needed.map((need) => ({ lots: need.lots, costs: family.batches.map((_, index) => costOf(need, index)) })))
    : withinPoints(family, needed, costOf)
  invariant(flows !== null, 'lots that were matched can be brought')
  const ladings = needed.flatMap((need, i) => [...flows[i] ?? []].sort(([a], [b]) => a - b).map(([index, lots]): Lading => {
    const batch = family.batches[index] as Batch
    const road = mustGet(family.roadsTo(need.place, need.item), index, 'road of batch')
    return { batch, place: need.place, item: need.item, lots, from: batch.from, by: need.by - road, road }
  }))
  return { ladings, isWeighed: weights.size === ground.policy.wishes.filter((wish) => WISH_COSTS[wish] !== null).length }
}

function neededBy(wants: readonly Want[]): Needed[] {
  return wants.flatMap(({ place, item, holding }) => holding.lots.flatMap((lots, code): Needed[] =>
    lots === 0 ? [] : [{ place, item, ...holding.span(code), lots }]))
    .sort((a, b) => byCodeUnits(a.place, b.place) || byCodeUnits(a.item, b.item) || a.by - b.by || a.until - b.until)
}

type Weights = ReadonlyMap<MaterialWish, number>

function weightsOf(ground: Ground, family: Family, needed: readonly Needed[]): Weights {
  const weights = new Map<MaterialWish, number>()
  const places = [...new Set(needed.map(({ place }) => place))]
  const steps = 2 * family.batches.length
  let weight = 1
  for (const wish of [...ground.policy.wishes].reverse()) {
    const cost = WISH_COSTS[wish]
    if (cost === null) continue
    const most = Math.max(...family.batches.map((batch) => Math.max(
      ...places.map((place) => cost({ ground, batch, place, order: family.items.length })))))
    // What can no longer be weighed exactly is left to chance.
    if (weight * (most * steps + 1) * steps > Number.MAX_SAFE_INTEGER) break
    weights.set(wish, weight)
    weight *= most * steps + 1
  }
  return weights
}

function costIn(ground: Ground, family: Family, weights: Weights, need: Needed, index: number): number {
  const batch = family.batches[index] as Batch
  const road = family.roadsTo(need.place, need.item).get(index)
  if (road === undefined || batch.from + road > need.by || batch.until < need.until) return Number.POSITIVE_INFINITY
  let cost = 0
  for (const [wish, weight] of weights) {
    cost += weight * (WISH_COSTS[wish]?.({ ground, batch, place: need.place, order: family.orderOf(batch, need.item) }) ?? 0)
  }
  return cost
}

/** Where vehicles are counted, every source gives by every day what it was found to have room for: only who gets it may change. */
function withinPoints(family: Family, needed: readonly Needed[], costOf: (need: Needed, index: number) => number): Map<number, number>[] | null {
  const flows = needed.map(() => new Map<number, number>())
  const byPoint = new Map<number, number[]>()
  for (const [i, need] of needed.entries()) {
    const point = family.pointOf(family.alikeTo(need.place, need.item), need)
    byPoint.set(point, [...(byPoint.get(point) ?? []), i])
  }
  for (const [point, at] of byPoint) {
    const capacities = family.batches.map((_, index) => family.matching.given[index]?.get(point) ?? 0)
    const costs = (need: Needed) => family.batches.map((_, index) => (capacities[index] === 0 ? Number.POSITIVE_INFINITY : costOf(need, index)))
    const found = cheapest(capacities, at.map((i) => ({ lots: needed[i]?.lots ?? 0, costs: costs(needed[i] as Needed) })))
    if (found === null) return null
    for (const [k, i] of at.entries()) flows[i] = found[k] ?? new Map<number, number>()
  }
  return flows
}
