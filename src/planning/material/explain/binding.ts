import { sum } from '../../../kernel/quantity.js'
import { remembered } from '../../../kernel/remembered.js'
import { type Account, type ByDay, usedOf } from '../account.js'
import { SHORTAGE_RULES, type ShortageRule } from '../plan.js'
import type { Usable } from '../served.js'
import type { Slot } from '../slots.js'
import type { Stock } from '../supply.js'
import { roomPerDay } from '../volume.js'
import { leftAtSources } from './left.js'

/** Base units of an item that are missing at a place, by day. */
interface Missing {
  readonly place: string
  readonly item: string
  readonly days: ByDay
}

const RULES = Object.keys(SHORTAGE_RULES) as ShortageRule[]

const rowOf = ({ table, row }: Pick<Stock, 'table' | 'row'>): string => JSON.stringify([table, row])

/** What binds where something stays short, judged on what the plan leaves and on what it gives to later bands. Asked band after band. */
export class Binding {
  private readonly left: ReadonlyMap<string, readonly Stock[]>
  private readonly ownLeft = new Map<string, readonly Usable[]>()
  private readonly givenLater = new Map<string, number>()
  /** Units that are said to come too late, by item: they are not said of anybody else. */
  private readonly late = new Map<string, number>()

  constructor(private readonly account: Account) {
    this.left = leftAtSources(account)
  }

  /** Of one item or kit at one place, the parts of which there is too little for all that is not served of it, and what lacks of them. */
  lacking(slots: readonly Slot[]): Missing[] {
    return this.missing(slots).map((part) => ({ ...part, days: usedOf(this.usable(part), part.days).short })).filter(({ days }) => sum(days) > 0)
  }

  /**
   * The first reason, in the order of SHORTAGE_RULES, for which what there is does not help; of a kit for which that part
   * does not help that lacks, and that it is short where nothing could help. Where no part lacks, it is how they get there.
   */
  ruleOf(slots: readonly Slot[]): ShortageRule {
    const [{ band, isKit }] = slots as [Slot, ...Slot[]]
    const lacking = this.lacking(slots)
    const rules = (lacking.length > 0 ? lacking : this.missing(slots)).map((part) => this.ruleOfPart(part, band))
    const isForGood = lacking.length > 0 && rules.includes('stock')
    const rule = isForGood ? 'stock' : RULES.find((one) => rules.includes(one)) ?? 'stock'
    return isKit && rule === 'stock' ? 'kit' : rule
  }

  private missing(slots: readonly Slot[]): Missing[] {
    const [{ place, parts }] = slots as [Slot, ...Slot[]]
    return parts.map(({ item, units }) => {
      const days = this.account.given.ground.days.map(() => 0)
      for (const slot of slots) days[slot.day] = (days[slot.day] ?? 0) + this.account.short(slot) * units
      return { place, item, days }
    })
  }

  /** What a place and the sources from which it can be given have left of an item and of what may stand in for it, what expires first before the rest. */
  private usable({ place, item }: Missing): Usable[] {
    const { ground } = this.account.given
    const atSources = this.instead(place, item).flatMap((one) => this.left.get(one) ?? []).flatMap((stock): Usable[] => {
      const road = this.roadOf(stock, place)
      const lot = ground.lotOfUse(stock.item)
      return road === null ? [] : [{ from: stock.from + road, until: stock.until, units: Math.floor(stock.units / lot) * lot }]
    })
    return [...this.ownOf(place, item), ...this.ownInstead(place, item), ...atSources].sort((a, b) => a.until - b.until || a.from - b.from)
  }

  /** What lies at a place beyond what is served with it. */
  private ownOf(place: string, item: string): readonly Usable[] {
    const { account } = this
    return remembered(this.ownLeft, JSON.stringify([place, item]), () => {
      const served = account.given.ground.days.map(() => 0)
      for (const slot of account.slotsOf(place, item)) {
        const units = slot.parts.find((part) => part.item === item)?.units ?? 0
        served[slot.day] = (served[slot.day] ?? 0) + (account.served.get(slot) ?? 0) * units
      }
      return usedOf(account.after.of(place, item), served).left.map(({ usable, units }) => ({ ...usable, units }))
    })
  }

  /** What lies at a place of what may stand in for an item, beyond its own need, in whole lots. */
  private ownInstead(place: string, item: string): Usable[] {
    const { account } = this
    return this.instead(place, item).slice(1).flatMap((substitute) => {
      const lot = account.given.ground.lotOfUse(substitute)
      return usedOf(account.own.of(place, substitute), account.wanted(place, substitute)).left
        .map(({ usable, units }) => ({ ...usable, units: Math.floor(units / lot) * lot }))
    })
  }

  private instead(place: string, item: string): string[] {
    const { ground, grades } = this.account.given
    return [item, ...ground.substitutesOf(item).filter((substitute) => grades({ place, item, substitute }))]
  }

  /** Null: it may not go there, or no road leads there. */
  private roadOf(stock: Stock, place: string): number | null {
    return this.isBound(stock, place) ? null : this.account.given.ground.daysOnRoad(stock.place, place)
  }

  private isBound({ earmark }: Stock, place: string): boolean {
    return earmark !== null && earmark !== place && earmark !== this.account.given.ground.world.place(place).unit
  }

  private ruleOfPart({ place, item, days }: Missing, band: number): ShortageRule {
    const { ground } = this.account.given
    const [first, last] = [days.findIndex((units) => units > 0), days.findLastIndex((units) => units > 0)]
    const rows = this.instead(place, item).flatMap((one) => this.left.get(one) ?? [])
    const reasons = new Set(rows.flatMap((stock): ShortageRule[] => {
      const road = ground.daysOnRoad(stock.place, place)
      if (stock.units < ground.lotOfUse(stock.item)) return ['packing']
      if (this.isBound(stock, place)) return ['earmark']
      if (road === null) return ['road']
      if (stock.from + road > last) return []
      if (stock.until < Math.max(first, stock.from + road)) return ['expiry']
      return [roomPerDay(ground, stock.place) === null ? 'stock' : 'volume']
    }))
    const units = sum(days)
    const claimed = this.late.get(item) ?? 0
    if (this.lateFor({ place, item, days }, band) >= claimed + units) reasons.add('arrival')
    const rule = RULES.find((one) => reasons.has(one)) ?? 'stock'
    if (rule === 'arrival') this.late.set(item, claimed + units)
    return rule
  }

  /** What comes to a place only after it is missing there, and either is left or is given to later bands. */
  private lateFor({ place, item, days }: Missing, band: number): number {
    const last = days.findLastIndex((units) => units > 0)
    const items = this.instead(place, item)
    const rows = this.account.given.supplies.atSources.filter((stock) => {
      const road = items.includes(stock.item) ? this.roadOf(stock, place) : null
      return road !== null && stock.from + road > last && stock.until >= stock.from + road
    }).map(rowOf)
    return remembered(this.givenLater, JSON.stringify([band, rows]), () => this.leftOrLater(new Set(rows), band))
  }

  private leftOrLater(rows: ReadonlySet<string>, band: number): number {
    const { ground } = this.account.given
    const left = [...this.left.values()].flat().filter((stock) => rows.has(rowOf(stock)))
      .map(({ item, units }) => Math.floor(units / ground.lotOfUse(item)) * ground.lotOfUse(item))
    const sent = new Map<string, { place: string; item: string; units: number }>()
    for (const { shipment: { to }, line } of this.account.lines) {
      if (!rows.has(rowOf(line))) continue
      const item = line.substituteFor ?? line.item
      remembered(sent, JSON.stringify([to, item]), () => ({ place: to, item, units: 0 })).units += line.units
    }
    return sum(left) + sum([...sent.values()].map(({ place, item, units }) => Math.min(units, this.servesAfter(place, item, band))))
  }

  /** Units of an item that a place is given and that serve bands after this one. */
  private servesAfter(place: string, item: string, band: number): number {
    const { account } = this
    return sum(account.slotsOf(place, item).filter((slot) => slot.band > band).map((slot) => {
      const units = slot.parts.find((part) => part.item === item)?.units ?? 0
      return Math.max(0, (account.served.get(slot) ?? 0) - (account.servedBefore.get(slot) ?? 0)) * units
    }))
  }
}
