/** So many lots for one taker, and what each batch costs it; infinite where it cannot come. */
export interface Demand {
  readonly lots: number
  readonly costs: readonly number[]
}

/**
 * Brings every demand its lots at least cost (transportation problem). Demands come in one after the other; each takes the
 * cheapest way, which may move lots of earlier demands from batch to batch up to a free one (successive shortest paths), so
 * that what has been brought so far always costs the least. Batches are few and demands many, so ways are looked for
 * between batches: from one to another at the least difference that any demand would pay. Costs are whole numbers.
 *
 * The batches of each demand; null: the lots cannot be brought.
 */
export function cheapest(capacities: readonly number[], demands: readonly Demand[]): Map<number, number>[] | null {
  const brought = new Brought(capacities, demands)
  for (const [index, { lots }] of demands.entries()) if (!brought.bring(index, lots)) return null
  return brought.flows
}

class Brought {
  readonly flows: Map<number, number>[]
  private readonly free: number[]
  private readonly users: Set<number>[]
  /** From batch to batch, the least difference and the demand that pays it. */
  private readonly least: Float64Array
  private readonly payer: Int32Array
  private readonly size: number

  constructor(capacities: readonly number[], private readonly demands: readonly Demand[]) {
    this.size = capacities.length
    this.free = [...capacities]
    this.flows = demands.map(() => new Map<number, number>())
    this.users = capacities.map(() => new Set<number>())
    this.least = new Float64Array(this.size * this.size).fill(Number.POSITIVE_INFINITY)
    this.payer = new Int32Array(this.size * this.size).fill(-1)
  }

  bring(demand: number, lots: number): boolean {
    let left = lots
    while (left > 0) {
      const way = this.wayFor(demand)
      if (way === null) return false
      const most = this.most(way, left)
      for (const { from, to, payer } of way) {
        if (from !== null) this.add(payer, from, -most)
        this.add(payer, to, most)
      }
      const end = way[0]?.to ?? 0
      this.free[end] = (this.free[end] ?? 0) - most
      left -= most
    }
    return true
  }

  /** From the free batch back to the demand. */
  private wayFor(demand: number): Step[] | null {
    const costs = this.demands[demand]?.costs ?? []
    let best = 0
    for (let batch = 1; batch < this.size; batch += 1) if ((costs[batch] ?? 0) < (costs[best] ?? 0)) best = batch
    if (!Number.isFinite(costs[best])) return null
    // No way through others is cheaper than the cheapest of all.
    if ((this.free[best] ?? 0) > 0) return [{ from: null, to: best, payer: demand }]
    const { cost, before } = this.costs(costs)
    let end = -1
    for (let batch = 0; batch < this.size; batch += 1) {
      if ((this.free[batch] ?? 0) > 0 && Number.isFinite(cost[batch]) && (end < 0 || (cost[batch] ?? 0) < (cost[end] ?? 0))) end = batch
    }
    if (end < 0) return null
    const way: Step[] = []
    for (let batch = end; batch >= 0;) {
      const from = before[batch] ?? -1
      way.push(from < 0 ? { from: null, to: batch, payer: demand } : { from, to: batch, payer: this.payer[from * this.size + batch] ?? 0 })
      batch = from
    }
    return way
  }

  /** Least cost of coming to every batch (Bellman and Ford; no round of batches costs less than nought). */
  private costs(direct: readonly number[]): { cost: Float64Array; before: Int32Array } {
    const cost = Float64Array.from(direct)
    const before = new Int32Array(this.size).fill(-1)
    for (let isShorter = true; isShorter;) {
      isShorter = false
      for (let from = 0; from < this.size; from += 1) {
        const base = cost[from] ?? Number.POSITIVE_INFINITY
        if (!Number.isFinite(base)) continue
        for (let to = 0; to < this.size; to += 1) {
          const through = base + (this.least[from * this.size + to] ?? 0)
          if (through >= (cost[to] ?? 0)) continue
          cost[to] = through
          before[to] = from
          isShorter = true
        }
      }
    }
    return { cost, before }
  }

  private most(way: readonly Step[], lots: number): number {
    let most = Math.min(lots, this.free[way[0]?.to ?? 0] ?? 0)
    for (const { from, payer } of way) if (from !== null) most = Math.min(most, this.flows[payer]?.get(from) ?? 0)
    return most
  }

  private add(demand: number, batch: number, lots: number): void {
    const flow = this.flows[demand]
    const now = (flow?.get(batch) ?? 0) + lots
    if (now > 0) flow?.set(batch, now)
    else flow?.delete(batch)
    const users = this.users[batch]
    if (now > 0 && users?.has(demand) === false) {
      users.add(demand)
      this.compare(demand, batch)
    } else if (now === 0 && users?.delete(demand) === true) this.recompare(demand, batch)
  }

  private compare(demand: number, batch: number): void {
    const costs = this.demands[demand]?.costs ?? []
    for (let to = 0; to < this.size; to += 1) {
      const difference = (costs[to] ?? 0) - (costs[batch] ?? 0)
      const at = batch * this.size + to
      if (to === batch || difference >= (this.least[at] ?? 0)) continue
      this.least[at] = difference
      this.payer[at] = demand
    }
  }

  /** A demand no longer uses the batch: where it was the one that paid least, another is. */
  private recompare(demand: number, batch: number): void {
    const lost: number[] = []
    for (let to = 0; to < this.size; to += 1) {
      const at = batch * this.size + to
      if (this.payer[at] !== demand) continue
      this.least[at] = Number.POSITIVE_INFINITY
      this.payer[at] = -1
      lost.push(to)
    }
    for (const other of this.users[batch] ?? []) {
      const costs = this.demands[other]?.costs ?? []
      const own = costs[batch] ?? 0
      for (const to of lost) {
        const at = batch * this.size + to
        const difference = (costs[to] ?? 0) - own
        if (difference >= (this.least[at] ?? 0)) continue
        this.least[at] = difference
        this.payer[at] = other
      }
    }
  }
}

interface Step {
  readonly from: number | null
  readonly to: number
  /** The demand whose lots move. */
  readonly payer: number
}
