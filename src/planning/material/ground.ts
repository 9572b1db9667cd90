import { byCodeUnits, lotOf } from '../../kernel/canonical.js'
import { mustGet } from '../../kernel/invariant.js'
import { remembered } from '../../kernel/remembered.js'
import { type Day, dayAfter, daysBetween } from '../../kernel/time.js'
import type { Item } from '../../supplies/items.js'
import type { Area } from '../../supplies/norms.js'
import type { Facts } from '../facts.js'
import type { Scenario } from '../scenario.js'
import type { World } from '../world.js'
import { lotsOfUse } from './lotsOfUse.js'
import type { MaterialPolicy } from './policy.js'

/** So much of one item that an order issued before takes from a source, and the day of the plan on which it leaves. */
export interface Standing {
  readonly item: string
  readonly units: number
  readonly day: number
}

/**
 * What a scenario says of material, once it is settled where patients lie: every question has one answer, here. Days are
 * counted from nought, the day of the plan. Pure and unchanging.
 */
export class Ground {
  readonly scenario: Scenario
  readonly policy: MaterialPolicy
  /** From the plan's day to the end of the longest band. */
  readonly days: readonly Day[]
  /** Places that material is planned for, in code-unit order; what is not under the command is shown elsewhere, never planned. */
  readonly receivers: readonly string[]
  readonly lotsOfUse: ReadonlyMap<string, number>
  private readonly receiving: ReadonlySet<string>
  private readonly draws = new Map<string, number>()
  private readonly roads = new Map<string, number | null>()

  constructor(
    readonly world: World,
    /** Where patients lie after the transfers of the plan, and its trips. */
    readonly facts: Facts,
  ) {
    this.scenario = world.scenario
    this.policy = world.policy.material
    const horizon = Math.max(...this.policy.bands.map(({ days }) => days))
    this.days = Array.from({ length: horizon }, (_, day) => dayAfter(world.scenario.planDay, day))
    this.receivers = Object.keys(world.scenario.receivers).filter((id) => world.place(id).underCommand).sort(byCodeUnits)
    this.receiving = new Set(this.receivers)
    this.lotsOfUse = lotsOfUse(world.scenario)
  }

  get horizon(): number {
    return this.days.length
  }

  item(id: string): Item {
    return mustGet(this.itemsById, id, 'item')
  }
  private get itemsById(): ReadonlyMap<string, Item> {
    return this.items ??= new Map(Object.entries(this.scenario.items))
  }
  private items: ReadonlyMap<string, Item> | undefined

  lotOfUse(item: string): number {
    return mustGet(this.lotsOfUse, item, 'lot of use of')
  }

  isReceiver(place: string): boolean {
    return this.receiving.has(place)
  }

  tierOf(area: Area): number {
    return this.policy.tiers[area]
  }

  dayIndex(day: Day): number {
    return daysBetween({ from: this.scenario.planDay, to: day })
  }

  /** The unit that splits its part over this place; null: the city gives to it directly. */
  unitOf(place: string): string | null {
    return this.scenario.receivers[place]?.suppliedBy ?? null
  }

  /** Days from the plan's day until a new place opens; nought where it is at work. */
  opensIn(place: string): number {
    const opensOn = this.scenario.receivers[place]?.opensOn ?? null
    return opensOn === null ? 0 : Math.max(0, this.dayIndex(opensOn))
  }

  /** Whether a place counts by its staffed beds: from the day on which it opens. */
  isNew(place: string): boolean {
    return (this.scenario.receivers[place]?.opensOn ?? null) !== null
  }

  /** Drawn by hash from the day's seed, for ties: fixed for the day, so that nobody can draw again. */
  draw(id: string): number {
    const before = this.draws.get(id)
    if (before !== undefined) return before
    const drawn = lotOf({ seed: this.scenario.lotSeed, id })
    this.draws.set(id, drawn)
    return drawn
  }

  minutes(from: string, to: string): number | null {
    return this.world.minutesBetween(from, to)
  }

  /** Days from leaving a source until goods can be used: nought, or one; null: no road leads there. */
  daysOnRoad(from: string, to: string): number | null {
    const key = `${from}→${to}`
    const before = this.roads.get(key)
    if (before !== undefined) return before
    const minutes = this.minutes(from, to)
    const days = minutes === null ? null : minutes <= this.policy.sameDayMinutes ? 0 : 1
    this.roads.set(key, days)
    return days
  }

  /**
   * What orders issued before take from a source on the plan's day or later: it leaves as long before it arrives as the road
   * takes, and where no road is known on the day on which it arrives.
   */
  standingAt(source: string): readonly Standing[] {
    return remembered(this.standing, source, () => Object.values(this.scenario.consignments).filter(({ from }) => from === source)
      .map(({ item, units, to, arrivesOn }) => ({ item, units, day: this.dayIndex(arrivesOn) - (this.daysOnRoad(source, to) ?? 0) }))
      .filter(({ day }) => day >= 0))
  }
  private readonly standing = new Map<string, readonly Standing[]>()

  /** Items that may be used instead, the first in order first. */
  substitutesOf(item: string): readonly string[] {
    return remembered(this.substitutes, item, () => Object.entries(this.scenario.substitutes)
      .filter(([, row]) => row.item === item)
      .sort(([a, x], [b, y]) => x.order - y.order || byCodeUnits(a, b))
      .map(([, row]) => row.substitute))
  }
  private readonly substitutes = new Map<string, readonly string[]>()
}
