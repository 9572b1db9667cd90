/** The least of many first, while some are put back with another key. */
export class Heap<T> {
  private readonly items: T[] = []

  constructor(private readonly compare: (a: T, b: T) => number, items: Iterable<T> = []) {
    for (const item of items) this.push(item)
  }

  get size(): number {
    return this.items.length
  }

  push(item: T): void {
    const { items } = this
    let at = items.push(item) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (this.compare(item, items[above] as T) >= 0) break
      items[at] = items[above] as T
      at = above
    }
    items[at] = item
  }

  pop(): T | undefined {
    const { items } = this
    const least = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return least
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= items.length) break
      if (below + 1 < items.length && this.compare(items[below + 1] as T, items[below] as T) < 0) below += 1
      if (this.compare(items[below] as T, last) >= 0) break
      items[at] = items[below] as T
      at = below
    }
    items[at] = last
    return least
  }
}
