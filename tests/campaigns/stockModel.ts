import { dayOf } from '../../src/kernel/time.js'

/** Stock told again without the service: every movement is remembered, and every figure is summed up from them. */
export interface Moved {
  readonly lot: string
  readonly from: string
  readonly to: string
  readonly units: number
  /** Milliseconds. */
  readonly at: number
}

export interface ModelLot {
  readonly id: string
  readonly item: string
  readonly place: string
  readonly number: string | null
  readonly expiresOn: string | null
  readonly released: boolean
  quarantined: boolean
}

export interface ModelNote {
  readonly id: string
  readonly kind: string
  readonly place: string
  readonly item: string | null
  readonly at: number
  readonly moved: readonly Moved[]
  readonly isReversal: boolean
  reversed: boolean
}

export interface Taking {
  readonly item: string
  /** Null: what expires first. */
  readonly lot: string | null
  readonly units: number
}

/** A code of a refusal, or what moves. */
export type Predicted = string | Moved[]

const WEEK = 7 * 24 * 3600_000
const SINKS: Readonly<Record<string, string>> = { return: 'outside', consumption: 'consumed', loss: 'lost', damage: 'damaged', expiry: 'expired' }
export const NO_LIMIT = 1_000_000_000

export class StockModel {
  readonly lots = new Map<string, ModelLot>()
  readonly notes: ModelNote[] = []
  readonly moved: Moved[] = []
  /** What was moved by notes that were reversed, and by their reversals: it never happened. */
  readonly undone = new Set<Moved>()
  /** Base units promised, by lot and place. */
  readonly promised = new Map<string, number>()

  balance(lot: string, account: string): number {
    return this.moved.reduce((sum, one) => (one.lot === lot ? sum + gain(one, account) : sum), 0)
  }

  free(lot: string, place: string): number {
    return this.balance(lot, `at ${place}`) - (this.promised.get(`${lot} ${place}`) ?? 0)
  }

  /** The fewest that an account ever held from a moment on. */
  fewest(lot: string, account: string, since: number): number {
    const own = this.moved.map((one, seq) => ({ one, seq })).filter(({ one }) => !this.undone.has(one) && one.lot === lot && gain(one, account) !== 0)
      .sort((a, b) => a.one.at - b.one.at || a.seq - b.seq)
    let balance = own.filter(({ one }) => one.at <= since).reduce((sum, { one }) => sum + gain(one, account), 0)
    let fewest = balance
    for (const { one } of own.filter(({ one: { at } }) => at > since)) {
      balance += gain(one, account)
      fewest = Math.min(fewest, balance)
    }
    return fewest
  }

  /** What lies where, as the service lists it. */
  onHand(): string[] {
    const places = new Set(this.moved.flatMap(({ from, to }) => [from, to]).filter((name) => name.startsWith('at ')))
    return [...this.lots.keys()].flatMap((lot) => [...places].flatMap((name) => {
      const units = this.balance(lot, name)
      return units === 0 ? [] : [`${name.slice(3)} ${lot} ${units} ${this.promised.get(`${lot} ${name.slice(3)}`) ?? 0}`]
    })).sort()
  }

  lotsThere(place: string, item: string): string[] {
    return [...this.lots.values()].filter((lot) => lot.item === item && this.balance(lot.id, `at ${place}`) !== 0).map(({ id }) => id)
  }

  wrongTime(at: number, now: number): string | null {
    return at > now || now - at > WEEK ? 'wrongTime' : null
  }

  /** Whether a count that stands has in it what happened at a moment; of what a note told, also a count of that moment that was told after it. */
  isCountedSince(place: string, item: string, at: number, of: string | null = null): boolean {
    const told = of === null ? Number.POSITIVE_INFINITY : this.notes.findIndex(({ id }) => id === of)
    return this.notes.some((note, turn) => note.kind === 'stocktake' && !note.reversed && note.place === place && note.item === item
      && note.id !== of && (note.at > at || (note.at === at && turn > told)))
  }

  predictReceipt({ place, at, now, lines }: { place: string; at: number; now: number; lines: readonly Arriving[] }): string | 'ok' {
    const time = this.wrongTime(at, now)
    if (time !== null) return time
    if (lines.some(({ expiresOn }) => expiresOn !== null && expiresOn < dayOf(new Date(at)))) return 'wrongTime'
    return lines.some(({ item }) => this.isCountedSince(place, item, at)) ? 'figureIsOlder' : 'ok'
  }

  /** Lots of one number and expiry, wherever they came in. */
  alike({ item, number, expiresOn }: Pick<ModelLot, 'item' | 'number' | 'expiresOn'>): ModelLot[] {
    return number === null ? [] : [...this.lots.values()].filter((lot) => lot.item === item && lot.number === number && lot.expiresOn === expiresOn)
  }

  /** The lot that a line of a receipt adds to; null: it makes a new one. */
  sameAs(place: string, { item, number, expiresOn, released }: Arriving): ModelLot | null {
    if (number === null) return null
    return [...this.lots.values()].filter((lot) => lot.item === item && lot.place === place && lot.number === number && lot.expiresOn === expiresOn
      && lot.released === released && !lot.quarantined).sort((a, b) => (a.id < b.id ? -1 : 1))[0] ?? null
  }

  predictOut({ place, kind, at, now, lines }: { place: string; kind: string; at: number; now: number; lines: readonly Taking[] }): Predicted {
    const time = this.wrongTime(at, now)
    if (time !== null) return time
    if (lines.some(({ item }) => this.isCountedSince(place, item, at))) return 'figureIsOlder'
    const day = dayOf(new Date(at))
    const taken = new Map<string, number>()
    const left = (lot: string) => this.free(lot, place) - (taken.get(lot) ?? 0)
    const moved: Moved[] = []
    for (const { item, lot, units } of lines) {
      const suits = (one: ModelLot) => {
        const isOver = one.expiresOn !== null && one.expiresOn < day
        return kind === 'expiry' ? isOver : kind !== 'consumption' || (!isOver && !one.quarantined && one.released)
      }
      if (lot !== null) {
        const named = this.lots.get(lot)
        if (named === undefined || named.item !== item || !suits(named)) return 'wrongReference'
        if (left(lot) < units) return 'notEnoughStock'
        moved.push({ lot, from: `at ${place}`, to: SINKS[kind] ?? '', units, at })
        taken.set(lot, (taken.get(lot) ?? 0) + units)
        continue
      }
      const order = [...this.lots.values()].filter((one) => one.item === item && suits(one) && left(one.id) > 0)
        .sort((a, b) => word(a.expiresOn ?? 'never').localeCompare(word(b.expiresOn ?? 'never')) || (a.id < b.id ? -1 : 1))
      let wanted = units
      for (const one of order) {
        const part = Math.min(wanted, left(one.id))
        if (part === 0) continue
        moved.push({ lot: one.id, from: `at ${place}`, to: SINKS[kind] ?? '', units: part, at })
        taken.set(one.id, (taken.get(one.id) ?? 0) + part)
        wanted -= part
      }
      if (wanted > 0) return 'notEnoughStock'
    }
    const isLate = at < now && [...taken].some(([lot, units]) => this.fewest(lot, `at ${place}`, at) < units)
    return isLate ? 'notEnoughStock' : moved
  }

  predictCount({ place, item, at, now, counted }: { place: string; item: string; at: number; now: number; counted: Readonly<Record<string, number>> }): Predicted {
    const time = this.wrongTime(at, now)
    if (time !== null) return time
    if (this.isCountedSince(place, item, at)) return 'figureIsOlder'
    const named = Object.keys(counted)
    if (this.lotsThere(place, item).some((lot) => !named.includes(lot)) || named.some((lot) => this.lots.get(lot)?.item !== item)) return 'wrongReference'
    const account = `at ${place}`
    const moved: Moved[] = []
    for (const lot of named) {
      let found = counted[lot] ?? 0
      for (const one of this.moved.filter((each) => !this.undone.has(each) && each.lot === lot && each.at > at).sort((a, b) => a.at - b.at)) {
        found += gain(one, account)
        if (found < 0) return 'doesNotAddUp'
      }
      if (found < (this.promised.get(`${lot} ${place}`) ?? 0)) return 'doesNotAddUp'
      const more = found - this.balance(lot, account)
      if (more > 0) moved.push({ lot, from: 'unexplained', to: account, units: more, at })
      if (more < 0) moved.push({ lot, from: account, to: 'unexplained', units: -more, at })
    }
    return moved
  }

  predictReversal(note: ModelNote, now: number): Predicted {
    if (note.isReversal || note.reversed) return 'stepOutOfOrder'
    const items = note.item === null ? [...new Set(note.moved.map(({ lot }) => this.lots.get(lot)?.item ?? ''))] : [note.item]
    if (items.some((item) => this.isCountedSince(note.place, item, note.at, note.id))) return 'figureIsOlder'
    const back = note.moved.map((one) => ({ ...one, from: one.to, to: one.from, at: now }))
    const short = back.some(({ lot, from }) => from === `at ${note.place}`
      && this.free(lot, note.place) + back.filter((one) => one.lot === lot).reduce((sum, one) => sum + gain(one, from), 0) < 0)
    const gone = back.filter(({ from }) => from === `at ${note.place}`)
    const wasUsed = note.at < now && gone.some(({ lot, from }) => this.fewest(lot, from, note.at) < gone.filter((one) => one.lot === lot).reduce((sum, { units }) => sum + units, 0))
    return short || wasUsed ? 'notEnoughStock' : back
  }

  keep(note: Omit<ModelNote, 'reversed'>): void {
    this.notes.push({ ...note, reversed: false })
    this.moved.push(...note.moved)
  }
}

export interface Arriving {
  readonly item: string
  readonly number: string | null
  readonly expiresOn: string | null
  readonly released: boolean
  readonly units: number
}

const gain = ({ from, to, units }: Moved, account: string): number => (to === account ? units : from === account ? -units : 0)
/** Letters come behind digits, so that what never expires comes last. */
const word = (day: string): string => (day === 'never' ? '9' : day)
