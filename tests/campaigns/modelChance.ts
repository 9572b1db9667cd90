/** Chance that repeats itself: the same seed draws the same again. */
export class Draw {
  private state: number
  constructor(...seeds: readonly number[]) {
    this.state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) ^ (mixed >>> 15), 0x2545f491)
    for (let i = 0; i < 8; i += 1) this.next()
  }
  /** In [0, 1): mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    const a = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a
    return ((b ^ (b >>> 14)) >>> 0) / 4_294_967_296
  }
  below(count: number): number {
    return Math.floor(this.next() * count)
  }
  chance(percent: number): boolean {
    return this.next() * 100 < percent
  }
  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)]
    if (found === undefined && list.length === 0) throw new Error('nothing to draw from')
    return found as T
  }
}

/** One of several ways, each as likely as its weight says. */
export function weighted<T>(draw: Draw, rows: readonly (readonly [number, T])[]): T {
  const [, first] = rows[0] ?? []
  let left = draw.below(rows.reduce((sum, [weight]) => sum + weight, 0))
  const found = rows.find(([weight]) => (left -= weight) < 0)?.[1] ?? first
  if (found === undefined) throw new Error('nothing to draw from')
  return found
}
