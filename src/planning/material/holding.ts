import type { Stock } from './supply.js'

/** What a place has of one item by itself, by day: none of it counts before it is there or after it has expired. */
type OwnStock = Pick<Stock, 'from' | 'until' | 'units'>

/**
 * One item at one place: what is to be served of it on each day, and by when lots have to come so that it can be. Own stock
 * is used first, what expires first before the rest, so that lots are needed as late and as few as can be.
 *
 * Why as late as can be: own stock serves day by day whatever it can, so that up to every day the most is served that can
 * be; what is left to lots up to any day is the least possible, and lots needed up to a day are that, rounded up.
 */
export class Holding {
  /** Units to be served, by day. */
  readonly wanted: number[]
  /** Lots needed, by code of the days within which each is used (see `codeOf`). */
  lots: readonly number[]
  private readonly own: readonly OwnStock[]
  private readonly lastsThrough: boolean
  private readonly comes: number[]

  constructor(
    own: readonly OwnStock[],
    private readonly lot: number,
    private readonly days: number,
    /** Whether lots may expire within the horizon: then it counts until when each of them is used. */
    private readonly isDated: boolean,
  ) {
    this.own = [...own].sort((a, b) => a.until - b.until || a.from - b.from)
    this.lastsThrough = own.every(({ until }) => until >= days - 1)
    this.comes = this.blank(days)
    for (const { from, units } of own) if (from < days) this.comes[from] = (this.comes[from] ?? 0) + units
    this.wanted = this.blank(days)
    this.lots = this.blank(isDated ? days * days : days)
  }

  /** Lots needed with so many units more on a day. */
  lotsWith(day: number, more: number): number[] {
    const short = this.lastsThrough ? this.shortOfLasting(day, more) : this.shortOfDated(day, more)
    return this.isDated ? this.lotsUntil(short) : this.lotsBy(short)
  }

  serve(day: number, units: number, lots: readonly number[]): void {
    this.wanted[day] = (this.wanted[day] ?? 0) + units
    this.lots = lots
  }

  /** The days within which a lot of this code is used: it has to be there by the first, and still good on the last. */
  span(code: number): { by: number; until: number } {
    return this.isDated ? { by: Math.floor(code / this.days), until: code % this.days } : { by: code, until: code }
  }

  /** What own stock leaves to lots on each day, where none of it expires within the horizon. */
  private shortOfLasting(day: number, more: number): number[] {
    let stock = 0
    return this.wanted.map((wanted, on) => {
      const units = on === day ? wanted + more : wanted
      stock += this.comes[on] ?? 0
      const used = Math.min(stock, units)
      stock -= used
      return units - used
    })
  }

  private shortOfDated(day: number, more: number): number[] {
    const left = this.own.map(({ units }) => units)
    return this.wanted.map((wanted, on) => {
      let units = on === day ? wanted + more : wanted
      for (const [i, { from, until }] of this.own.entries()) {
        if (from > on || until < on) continue
        const used = Math.min(left[i] ?? 0, units)
        left[i] = (left[i] ?? 0) - used
        units -= used
      }
      return units
    })
  }

  private lotsBy(short: readonly number[]): number[] {
    let spare = 0
    return short.map((units) => {
      const lots = Math.ceil(Math.max(0, units - spare) / this.lot)
      spare += lots * this.lot - units
      return lots
    })
  }

  /** One lot after the other is used up; the last of those that come for a day may serve later ones too. */
  private lotsUntil(short: readonly number[]): number[] {
    const lots = this.blank(this.days * this.days)
    const add = (by: number, until: number, count: number) => { lots[by * this.days + until] = (lots[by * this.days + until] ?? 0) + count }
    let open: { by: number; until: number; spare: number } | null = null
    for (const [day, units] of short.entries()) {
      if (units === 0) continue
      const spare: number = open?.spare ?? 0
      if (open !== null && spare > 0) open = { by: open.by, until: day, spare: Math.max(0, spare - units) }
      const more = Math.ceil(Math.max(0, units - spare) / this.lot)
      if (more === 0) continue
      if (open !== null) add(open.by, open.until, 1)
      add(day, day, more - 1)
      open = { by: day, until: day, spare: more * this.lot - (units - spare) }
    }
    if (open !== null) add(open.by, open.until, 1)
    return lots
  }

  private readonly blank = (length: number): number[] => Array.from({ length }, () => 0)
}
