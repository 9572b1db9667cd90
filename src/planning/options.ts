import { byCodeUnits, canonicalJson } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import { mayCarry, newClassAt, roundTrip, UNLIMITED, type VehicleClass, vehicleClasses } from './fleet.js'
import { firstOf, type Group, likenessOf, type Party } from './parties.js'
import type { Break, Option } from './option.js'
import { MUSTS } from './rules/musts.js'
import type { Ask } from './rules/rule.js'
import type { World } from './world.js'

/** More than this many ways to spread a party over the pools of one hospital are not looked at. */
const SPREADS_MAX = 4096

/**
 * Every option of every group. `eased`: options closed only by musts that a decision can lift are
 * kept, with what they break, for finding clashes and ways out.
 */
export function optionsOf(world: World, ask: { groups: readonly Group[]; eased: boolean }): Option[] {
  const classes = vehicleClasses(world)
  return ask.groups.flatMap((group) => {
    const party = firstOf(group)
    const order = world.orderOf.get(party.members[0] ?? '') ?? null
    const built = new OptionBuilder(world, { group, party, classes, eased: ask.eased })
    const pool = order === null ? null : world.scenario.orders[order]?.pool ?? null
    if (order === null) return built.free()
    return pool === null ? built.leaving() : built.ordered(order, pool)
  })
}

class OptionBuilder {
  private readonly from: string

  constructor(
    private readonly world: World,
    private readonly ask: { group: Group; party: Party; classes: readonly VehicleClass[]; eased: boolean },
  ) {
    this.from = world.case(ask.party.members[0] ?? '').place
  }

  free(): Option[] {
    const options = this.stays()
    if (!this.somethingToGain()) return options
    for (const place of Object.keys(this.world.scenario.places).sort(byCodeUnits)) {
      options.push(...(place === this.from ? this.inside() : this.ridesTo(place)))
    }
    return options
  }

  /** Who is ordered out of the system lies where they lie until they are gone, and no plan moves them. */
  leaving(): Option[] {
    return this.stays().filter(({ teamSent }) => !teamSent)
  }

  /** An order that stands is the only option, whatever it breaks; eased, it may be withdrawn. */
  ordered(orderId: string, pool: string): Option[] {
    const { place } = this.world.pool(pool)
    const road = this.world.minutesBetween(this.from, place)
    const kind = place === this.from ? 'inside' : 'ride'
    const dispatched = this.world.scenario.orders[orderId]?.state === 'dispatched'
    // No known road is no road of nought minutes: the order clashes with the travel limit.
    const unreachable = road === null ? [{ rule: 'travelLimit', subject: this.from }] : []
    const breaks = dispatched ? [] : [...this.breaksOf(place, [pool], kind === 'ride' ? road : null), ...unreachable]
    const stands = this.option({ kind, to: place, pools: [pool], rideMinutes: road ?? 0, breaks, order: orderId })
    // A vehicle that has left cannot be called back by a plan.
    return this.ask.eased && !dispatched ? [stands, ...this.stays()] : [stands]
  }

  private stays(): Option[] {
    const pools = this.ask.party.members.map((id) => this.world.case(id).pool)
    const stay = this.option({ kind: 'stay', to: this.from, pools })
    return this.ask.eased && !this.world.hasTeam(this.from) ? [stay, { ...stay, teamSent: true }] : [stay]
  }

  /** Moving somebody whose needs are met gains nothing, but for a step down that frees a bed. */
  private somethingToGain(): boolean {
    return this.ask.party.members.some((id) => {
      const bed = this.world.bedOf(id)
      if (this.lastPlanWantedElsewhere(id) || this.world.hand.pinOf(id) !== null) return true
      if ([...this.world.needsMet(id, bed).values()].some((met) => !met)) return true
      const level = bed.pool === null ? null : this.world.pool(bed.pool).careLevel
      if (level === null) return false
      return this.world.isMoreThanNeeded(id, level) || !this.world.levelServes(id, level)
    })
  }

  /** To be close to the last issued plan, somebody may move whose needs are met. */
  private lastPlanWantedElsewhere(id: string): boolean {
    const last = this.world.scenario.lastPlan[id]
    return last !== undefined && this.world.policy.wishes.includes('lastPlan') && last.to !== this.from
  }

  private inside(): Option[] {
    const own = this.ask.party.members.map((id) => this.world.case(id).pool)
    const choices = this.poolsFor(this.from, null).map((pools, i) => [own[i] ?? null, ...pools])
    return this.distinctSpreads(choices)
      .filter((pools) => pools.some((pool, i) => pool !== own[i]))
      .flatMap((pools) => this.variants({ kind: 'inside', to: this.from, pools }, null))
  }

  private ridesTo(place: string): Option[] {
    const ride = this.world.minutesBetween(this.from, place)
    if (!this.world.place(place).underCommand) return []
    if (ride === null) return this.wanted(place, 'travelLimit')
    const spread = this.distinctSpreads(this.poolsFor(place, ride))
    if (spread.length === 0) return []
    const vehicles = this.vehiclesFor(place)
    if (vehicles.length === 0) return this.wanted(place, 'crewHours')
    return vehicles.flatMap(({ vehicles, tripMinutes }) =>
      spread.flatMap((pools) =>
        this.variants({ kind: 'ride', to: place, pools, vehicles, rideMinutes: ride, tripMinutes }, ride),
      ),
    )
  }

  /**
   * Eased, where somebody of the party is pinned to a place that no road or no vehicle reaches: a ride that breaks
   * what stands in the way, so that a clash can name it.
   */
  private wanted(place: string, rule: 'travelLimit' | 'crewHours'): Option[] {
    if (!this.isPinnedTo(place)) return []
    return this.distinctSpreads(this.poolsFor(place, 0)).map((pools) => this.option({
      kind: 'ride', to: place, pools, breaks: [...this.breaksOf(place, pools, 0), { rule, subject: this.from }],
    }))
  }

  /** Pools for each member. Eased, whoever goes where a member is pinned may take any, so that a clash can say what that breaks. */
  private poolsFor(place: string, rideMinutes: number | null): string[][] {
    const lawful = this.ask.party.members.map((id) => this.lawfulPools(id, place, rideMinutes))
    if (!this.isPinnedTo(place)) return lawful
    const all = this.ask.party.members.map((id, i) => {
      const own = lawful[i] ?? []
      const pool = this.world.hand.pinOf(id)?.edit.pool ?? null
      const wanted = (this.world.poolsAt.get(place) ?? []).filter((one) => one !== this.world.case(id).pool && (pool === null || one === pool))
      return own.some((one) => wanted.includes(one)) ? own : [...new Set([...own, ...wanted])].sort(byCodeUnits)
    })
    // One more each for who keeps their bed inside the house.
    return all.reduce((n, list) => n * (list.length + 1), 1) <= SPREADS_MAX ? all : lawful
  }

  private isPinnedTo(place: string): boolean {
    return this.ask.eased && this.ask.party.members.some((id) => this.world.hand.pinOf(id)?.edit.place === place)
  }

  private vehiclesFor(place: string): { vehicles: VehicleClass; tripMinutes: number }[] {
    const { classes, party, eased } = this.ask
    if (classes[0] === UNLIMITED) return [{ vehicles: UNLIMITED, tripMinutes: 0 }]
    return [...classes, ...(eased ? [newClassAt(this.world, place)] : [])].flatMap((vehicles) => {
      if (!mayCarry(this.world, { party, vehicles, to: place })) return []
      const round = roundTrip(this.world, { base: vehicles.base, from: this.from, to: place })
      return round === null || round.total > vehicles.longestDuty ? [] : [{ vehicles, tripMinutes: round.total }]
    })
  }

  private lawfulPools(patient: string, place: string, rideMinutes: number | null): string[] {
    return (this.world.poolsAt.get(place) ?? []).filter((pool) => {
      if (rideMinutes === null && pool === this.world.case(patient).pool) return false
      const forbidding = forbiddenBy({ world: this.world, patient, to: { place, pool }, rideMinutes })
      return forbidding.every(({ liftable }) => liftable && this.ask.eased)
    })
  }

  /** Children whom no rule can tell apart take their pools in one order only: who lies where is all the same. */
  private distinctSpreads<T>(choices: readonly (readonly T[])[]): T[][] {
    const likeness = this.ask.party.members.map((id) => canonicalJson(likenessOf(this.world, { members: [id] })))
    return spreads(choices, (chosen, next) => {
      const i = chosen.length
      const before = chosen[i - 1]
      if (i === 0 || before === undefined || likeness[i] !== likeness[i - 1]) return true
      return (choices[i] ?? []).indexOf(next) >= (choices[i] ?? []).indexOf(before)
    })
  }

  private variants(partial: Partial<Option> & Pick<Option, 'kind' | 'to' | 'pools'>, ride: number | null): Option[] {
    const breaks = this.ask.eased ? this.breaksOf(partial.to, partial.pools, ride) : []
    const option = this.option({ ...partial, breaks })
    return this.ask.eased && !this.world.hasTeam(partial.to) ? [option, { ...option, teamSent: true }] : [option]
  }

  private breaksOf(place: string, pools: readonly (string | null)[], rideMinutes: number | null): Break[] {
    return this.ask.party.members.flatMap((patient, i) => {
      const pool = pools[i] ?? null
      if (pool === null || pool === this.world.case(patient).pool) return []
      return forbiddenBy({ world: this.world, patient, to: { place, pool }, rideMinutes })
    })
  }

  private option(partial: Partial<Option> & Pick<Option, 'kind' | 'to' | 'pools'>): Option {
    return {
      group: this.ask.group, vehicles: null, rideMinutes: 0, tripMinutes: 0, breaks: [], teamSent: false, order: null,
      ...partial,
    }
  }
}

/** The musts that close an option for one patient. */
export function forbiddenBy(ask: Ask): (Break & { liftable: boolean })[] {
  return MUSTS.flatMap((rule) => {
    const subject = rule.forbids?.(ask) ?? null
    return subject === null ? [] : [{ rule: rule.name, subject, liftable: rule.liftedBy !== undefined }]
  })
}

/** All ways to choose one of each list that `may` allows. */
function spreads<T>(choices: readonly (readonly T[])[], may: (chosen: readonly T[], next: T) => boolean): T[][] {
  let all: T[][] = [[]]
  for (const list of choices) {
    all = all.flatMap((chosen) => list.filter((next) => may(chosen, next)).map((next) => [...chosen, next]))
    // Cutting the list short would make "proved optimal" untrue.
    invariant(all.length <= SPREADS_MAX, `a party spreads over one hospital in at most ${SPREADS_MAX} ways`)
  }
  return all
}
