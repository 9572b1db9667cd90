import { canonicalJson } from '../../kernel/canonical.js'
import { allowedBy, sum } from '../../kernel/quantity.js'
import { blocksToOpen, Facts, isStepDown } from '../facts.js'
import { mayCarry, roundTrip, vehicleClasses } from '../fleet.js'
import { goalsOf } from '../levels.js'
import { forbiddenBy } from '../options.js'
import { headOf, likenessOf, partiesOf, type Party } from '../parties.js'
import type { Move, Plan } from '../plan.js'
import type { Goal } from '../rules/rule.js'

export type NextBest = Plan['moves'][number]['nextBest']

/** A place that could take the whole party, with a pool for each member. */
interface Alternative {
  readonly place: string
  readonly pools: readonly string[]
  readonly minutes: number
  readonly plainTrip: boolean
}

/**
 * The next best place of each move (decision 13): everything else in the plan kept, the other places with a usable
 * bed left, compared level by level. Needs no solver, so `check` recomputes it. Alike moves are looked at once.
 */
export function bestNext(facts: Facts): (move: Move) => NextBest {
  const search = new Search(facts)
  const known = new Map<string, readonly NextBest[]>()
  return (move) => {
    if (move.order !== null) return null
    const party = search.partyOf(move.patient)
    const key = canonicalJson([likenessOf(facts.world, party), party.members.map((id) => [facts.move(id)?.pool ?? null, facts.outcomeOf(id).plainTrip])])
    const found = known.get(key) ?? search.forParty(party)
    known.set(key, found)
    return found[party.members.indexOf(move.patient)] ?? null
  }
}

class Search {
  private readonly parties: ReadonlyMap<string, Party>
  private readonly goals
  private readonly classes
  private readonly values = new Map<Goal, number>()

  constructor(private readonly facts: Facts) {
    this.goals = goalsOf(facts.world)
    this.classes = vehicleClasses(facts.world)
    this.parties = new Map(partiesOf(facts.world).flatMap((party) => party.members.map((id) => [id, party] as const)))
  }

  partyOf(patient: string): Party {
    return this.parties.get(patient) ?? { members: [patient] }
  }

  forParty(party: Party): NextBest[] {
    const ranked = this.alternatives(party)
      .map((alternative) => ({ alternative, differences: this.differences(party, alternative) }))
      .sort((a, b) => compareVectors(a.differences, b.differences))
    const best = ranked[0]
    if (best === undefined) return party.members.map(() => null)
    const { place, pools, minutes } = best.alternative
    const differences = this.goals.flatMap((goal, i) => {
      const difference = best.differences[i] ?? 0
      return difference === 0 ? [] : [{ rank: i + 1, rule: goal.name, difference }]
    })
    return pools.map((pool) => ({
      to: place, pool, careLevel: this.facts.world.pool(pool).careLevel, travelMinutes: minutes, differences,
    }))
  }

  private alternatives(party: Party): Alternative[] {
    const { world } = this.facts
    if (this.isBedFreedForThem(party) || this.freesABed(party)) return []
    const head = headOf(party)
    const to = this.facts.after(head).place
    const from = world.case(head).place
    return [...world.poolsAt.keys()].sort().flatMap((place) => {
      const minutes = world.minutesBetween(from, place)
      if (place === to || place === from || minutes === null) return []
      const pools = this.hasVentilators(party, place) ? this.poolsFor(party, place, minutes) : null
      const plain = this.plainTrip(party, place)
      return pools === null || plain === null ? [] : [{ place, pools, minutes, plainTrip: plain }]
    })
  }

  /** Somebody steps down for this party's bed: were they elsewhere, that would be for nobody. */
  private isBedFreedForThem(party: Party): boolean {
    const pools = party.members.map((id) => this.facts.after(id).pool)
    return pools.some((pool) => {
      if (pool === null) return false
      const freed = this.facts.steppingDownFrom(pool).filter((move) => move.order === null).length
      return freed > this.facts.into(pool).length - pools.filter((other) => other === pool).length
    })
  }

  /** Somebody else counts on the bed from which a member steps down. */
  private freesABed(party: Party): boolean {
    return party.members.some((id) => {
      const move = this.facts.move(id)
      return move !== null && isStepDown(this.facts.world, move)
    })
  }

  private hasVentilators(party: Party, place: string): boolean {
    const { world, plan } = this.facts
    const needing = (ids: readonly string[]) => ids.filter((id) => world.case(id).needs.includes('ventilator')).length
    const coming = plan.moves.filter((move) => move.to === place && move.from !== place).map((move) => move.patient)
    return needing(party.members) === 0 ||
      needing(party.members) + needing(coming) <= allowedBy(world.place(place).ventilatorsFree)
  }

  /** The preferred level first; each member needs a bed that is still free. */
  private poolsFor(party: Party, place: string, minutes: number): string[] | null {
    const { world } = this.facts
    const taken: string[] = []
    for (const patient of party.members) {
      const lawful = (world.poolsAt.get(place) ?? []).filter((pool) => {
        const left = world.usable(pool) - this.facts.into(pool).length + this.facts.steppingDownFrom(pool).length
        return left - taken.filter((other) => other === pool).length >= 1 &&
          blocksToOpen(world, [{ pool }]).every((block) => world.isBlockReady(block)) &&
          forbiddenBy({ world, patient, to: { place, pool }, rideMinutes: minutes }).length === 0
      })
      const above = (pool: string) => Number(world.isAbovePreferred(patient, world.pool(pool).careLevel))
      const [first] = [...lawful].sort((a, b) => above(a) - above(b) || Number(a > b) - Number(a < b))
      if (first === undefined) return null
      taken.push(first)
    }
    return taken
  }

  /** Whether the ride would be without negative pressure; null when nobody may drive it. */
  private plainTrip(party: Party, place: string): boolean | null {
    const { world } = this.facts
    const able = this.classes.filter((vehicles) => {
      if (!mayCarry(world, { party, vehicles, to: place })) return false
      if (vehicles.minutes === null) return true
      const round = roundTrip(world, { base: vehicles.base, from: world.case(headOf(party)).place, to: place })
      return round !== null && round.total <= vehicles.longestDuty
    })
    return able.length === 0 ? null : !able.some((vehicles) => vehicles.negativePressure)
  }

  /** Value of each level with the alternative, less the value in the plan. */
  private differences(party: Party, alternative: Alternative): number[] {
    const { world } = this.facts
    let whole: Facts | null = null
    const swapped = () => (whole ??= this.swap(party, alternative))
    return this.goals.map((goal) => {
      const { share } = goal
      if (share === undefined) return goal.measure(swapped()) - this.valueNow(goal)
      return sum(party.members.map((patient, i) => {
        const now = this.facts.outcomeOf(patient)
        const pool = alternative.pools[i] ?? ''
        const then = {
          patient,
          bed: { place: alternative.place, pool },
          moved: { from: world.case(patient).place, to: alternative.place, pool },
          plainTrip: i === 0 && alternative.plainTrip,
        }
        return share(world, then) - share(world, now)
      }))
    })
  }

  private valueNow(goal: Goal): number {
    const value = this.values.get(goal) ?? goal.measure(this.facts)
    this.values.set(goal, value)
    return value
  }

  private swap(party: Party, alternative: Alternative): Facts {
    const { world, plan } = this.facts
    const moves = plan.moves.map((move) => {
      const i = party.members.indexOf(move.patient)
      const pool = alternative.pools[i]
      return pool === undefined ? move : { ...move, to: alternative.place, pool, careLevel: world.pool(pool).careLevel }
    })
    const reserves = blocksToOpen(world, moves).map((block) => ({ block, opened: true }))
    return new Facts(world, { moves, trips: plan.trips, reserves })
  }
}

const compareVectors = (a: readonly number[], b: readonly number[]): number => {
  for (const [i, value] of a.entries()) if (value !== (b[i] ?? 0)) return value - (b[i] ?? 0)
  return 0
}
