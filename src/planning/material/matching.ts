/**
 * Lots at sources, matched to the days by which places need them. A batch is so many like lots; a point is one place (or
 * several that are alike) and the days within which a lot is used there, and has a list of the batches that can reach it.
 *
 * `give` finds a lot for a point whenever there is a way to find one while every lot given before keeps its point: a free
 * lot that can reach it, or a chain of lots that change places up to a free one (an augmenting path). When it finds none,
 * the batches that it came by are used up entirely by points that no other batch can reach: nothing will ever be found
 * through them until a lot is given back, so they are set aside.
 */
export class Matching {
  readonly free: number[]
  /** By batch, how many of its lots each point has. */
  readonly given: Map<number, number>[]
  private readonly aside: boolean[]
  private anyAside = false
  /** Every change since the beginning: batch, point, how many. */
  private readonly changes: number[] = []

  constructor(
    capacities: readonly number[],
    /** Batches that reach a point, those to be taken first before the others. */
    private readonly reach: readonly (readonly number[])[],
    private readonly onChange: (batch: number, point: number, lots: number) => void = () => undefined,
  ) {
    this.free = [...capacities]
    this.given = capacities.map(() => new Map<number, number>())
    this.aside = capacities.map(() => false)
  }

  get state(): number {
    return this.changes.length
  }

  /** Everything as it was at that state. */
  backTo(state: number): void {
    if (this.changes.length === state) return
    while (this.changes.length > state) {
      const [batch, point, lots] = this.changes.splice(-CHANGE) as [number, number, number]
      this.move(batch, point, -lots)
    }
    this.lookAgain()
  }

  /** Nothing up to here will be taken back. */
  settle(): void {
    this.changes.length = 0
  }

  /** Finds so many lots for a point, of batches that are not barred; how many were found. */
  give(point: number, lots: number, barred: ReadonlySet<number> = NONE): number {
    let found = 0
    while (found < lots) {
      const batch = this.reach[point]?.find((one) => (this.free[one] ?? 0) > 0 && !barred.has(one))
      const more = batch === undefined ? this.byChain(point, lots - found, barred) : Math.min(lots - found, this.free[batch] ?? 0)
      if (batch !== undefined) this.put(batch, point, more)
      if (more === 0) break
      found += more
    }
    return found
  }

  /** Gives so many lots of a point back, the last to be taken first. */
  take(point: number, lots: number): void {
    let left = lots
    for (const batch of [...this.reach[point] ?? []].reverse()) {
      const back = Math.min(left, this.given[batch]?.get(point) ?? 0)
      if (back === 0) continue
      this.put(batch, point, -back)
      left -= back
    }
    this.lookAgain()
  }

  /** Lots of a chain that ends in a free one; nought when there is none. */
  private byChain(point: number, lots: number, barred: ReadonlySet<number>): number {
    const before = new Map<number, { batch: number | null; point: number }>()
    const queue: number[] = []
    const come = (from: number | null, at: number): number | null => {
      for (const batch of this.reach[at] ?? []) {
        if (this.aside[batch] === true || before.has(batch) || barred.has(batch)) continue
        before.set(batch, { batch: from, point: at })
        if ((this.free[batch] ?? 0) > 0) return batch
        queue.push(batch)
      }
      return null
    }
    let end = come(null, point)
    for (let i = 0; i < queue.length && end === null; i += 1) {
      const batch = queue[i] ?? 0
      for (const at of this.given[batch]?.keys() ?? []) {
        end = come(batch, at)
        if (end !== null) break
      }
    }
    if (end !== null) return this.along(before, end, lots)
    if (barred.size > 0) return 0
    for (const batch of before.keys()) this.aside[batch] = true
    this.anyAside = true
    return 0
  }

  private along(before: ReadonlyMap<number, { batch: number | null; point: number }>, end: number, lots: number): number {
    let most = Math.min(lots, this.free[end] ?? 0)
    const steps: { batch: number; from: number | null; point: number }[] = []
    for (let batch: number | null = end; batch !== null;) {
      const step: { batch: number | null; point: number } | undefined = before.get(batch)
      if (step === undefined) break
      steps.push({ batch, from: step.batch, point: step.point })
      if (step.batch !== null) most = Math.min(most, this.given[step.batch]?.get(step.point) ?? 0)
      batch = step.batch
    }
    for (const { batch, from, point } of steps) {
      if (from !== null) this.put(from, point, -most)
      this.put(batch, point, most)
    }
    return most
  }

  private put(batch: number, point: number, lots: number): void {
    this.changes.push(batch, point, lots)
    this.move(batch, point, lots)
  }

  private move(batch: number, point: number, lots: number): void {
    const given = this.given[batch]
    const now = (given?.get(point) ?? 0) + lots
    if (now === 0) given?.delete(point)
    else given?.set(point, now)
    this.free[batch] = (this.free[batch] ?? 0) - lots
    this.onChange(batch, point, lots)
  }

  private lookAgain(): void {
    if (this.anyAside) this.aside.fill(false)
    this.anyAside = false
  }
}

const CHANGE = 3
const NONE: ReadonlySet<number> = new Set()
