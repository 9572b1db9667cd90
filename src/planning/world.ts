import { type Case, fitnessAt, hoursWaited } from '../cases/cases.js'
import { type CareLevel, type Pool, usableBeds } from '../facilities/beds.js'
import { isReady } from '../facilities/blocks.js'
import type { Place } from '../facilities/places.js'
import type { Vehicle } from '../facilities/transport.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { invariant } from '../kernel/invariant.js'
import { remembered } from '../kernel/remembered.js'
import { clockMinutes, daysBetween, type Instant, instantAt, isBefore, minutesInto } from '../kernel/time.js'
import { type Bed, bedOf } from '../stays/stays.js'
import { type Edit, HandDecisions } from './edits.js'
import { drawLots } from './lot.js'
import { destinationsFor, editionOn, levelsFor, type Policy, type PolicyEdition, policyWith } from './policy.js'
import { Roads } from './roads.js'
import type { Order, Scenario } from './scenario.js'

/** Why somebody may not be taken out of the place where they lie (decisions: who may be moved is a must). */
export type HeldBy = 'ordersStand' | 'underCommand' | 'dischargeDue' | 'inpatients' | 'fitness'

/** Beds from the lowest to the highest care of a hospital; the others do not compare. */
const CARE_ORDER: readonly CareLevel[] = ['light', 'ordinary', 'severe', 'intensive']

const DAY_MINUTES = 24 * 60

/** A day's timetable is laid out between the policy's hours; one trip that cannot wait for them keeps its vehicle's alone. */
export interface Hours {
  readonly anyHour?: boolean
}

/**
 * What a scenario means: its tables, the policy in force, and the facts that rules are written in.
 * Pure and unchanging; every question has one answer, here.
 */
export class World {
  readonly edition: PolicyEdition
  readonly policy: Policy
  readonly poolsAt: ReadonlyMap<string, readonly string[]>
  readonly orderOf: ReadonlyMap<string, string>
  readonly hand: HandDecisions
  private readonly stations: ReadonlySet<string>
  private readonly lots: ReadonlyMap<string, number>
  private readonly roads: Roads
  /** Dates are dear to parse, and every option of a person asks for these. */
  private readonly fitNow = new Map<string, boolean>()
  private readonly waited = new Map<string, number>()
  /** The moment of the picture, in minutes of the plan's day. */
  readonly nowMinutes: number
  /** Nobody leaves before this; what was signed has to hold then. */
  readonly firstDeparture: Instant

  constructor(readonly scenario: Scenario, edition = editionOn(scenario.planDay), private readonly hours: Hours = {}) {
    invariant(edition !== null, `an edition is in force on ${scenario.planDay}`)
    this.edition = edition
    this.policy = policyWith(edition, scenario.policy)
    this.poolsAt = groupIds(scenario.pools, (pool) => pool.place)
    this.orderOf = new Map(Object.entries(scenario.orders).map(([id, order]) => [order.patient, id]))
    const free = Object.entries(scenario.cases).filter(([id]) => !this.orderOf.has(id))
    this.hand = new HandDecisions(scenario.edits, new Map(free.map(([id, { unit }]) => [id, unit])))
    this.stations = new Set(Object.values(scenario.teams).filter((t) => t.underCommand).map((t) => t.station))
    this.lots = drawLots(scenario)
    this.roads = new Roads(scenario, this.policy)
    this.nowMinutes = minutesInto(scenario.planDay, scenario.asOf)
    const opening = instantAt(scenario.planDay, clockMinutes(this.policy.timetable.firstDeparture))
    this.firstDeparture = isBefore(opening, scenario.asOf) ? scenario.asOf : opening
  }

  case(id: string): Case {
    return known(this.scenario.cases[id], 'case', id)
  }
  place(id: string): Place {
    return known(this.scenario.places[id], 'place', id)
  }
  pool(id: string): Pool {
    return known(this.scenario.pools[id], 'pool', id)
  }
  vehicle(id: string): Vehicle {
    return known(this.scenario.vehicles[id], 'vehicle', id)
  }
  edit(id: string): Edit {
    return known(this.scenario.edits[id], 'edit', id)
  }
  order(caseId: string): Order | null {
    const id = this.orderOf.get(caseId)
    return id === undefined ? null : known(this.scenario.orders[id], 'order', id)
  }

  /** The hospital or city outside the system to which an order takes them; null: none does. */
  leavesFor(caseId: string): string | null {
    return this.order(caseId)?.outside ?? null
  }

  /** 1 for the person drawn first, 2 for the next …; the same for a seed and a set of cases. */
  lotRank(caseId: string): number {
    return known(this.lots.get(caseId), 'lot of', caseId)
  }

  hasTeam(placeId: string): boolean {
    return this.stations.has(placeId)
  }

  /** Beds that the plan may fill, the beds of orders that stand still included. */
  usable(poolId: string): number {
    const pool = this.pool(poolId)
    return this.place(pool.place).underCommand ? usableBeds(pool) : 0
  }

  /** Opened before this plan, or no reserve at all. */
  isOpen(pool: Pool): boolean {
    return pool.block === null || known(this.scenario.blocks[pool.block], 'block', pool.block).opened
  }

  isBlockReady(blockId: string): boolean {
    return isReady(known(this.scenario.blocks[blockId], 'block', blockId))
  }

  bedOf(caseId: string): Bed {
    return bedOf(this.case(caseId))
  }

  levelServes(caseId: string, level: CareLevel): boolean {
    const levels = levelsFor(this.policy, this.case(caseId))
    return levels !== null && (levels.preferred === level || levels.allowed.includes(level))
  }

  isAbovePreferred(caseId: string, level: CareLevel): boolean {
    const levels = levelsFor(this.policy, this.case(caseId))
    return levels !== null && levels.preferred !== level && levels.allowed.includes(level)
  }

  /** Higher care than the preferred level, whether or not the policy would have sent them there: one may step down. */
  isMoreThanNeeded(caseId: string, level: CareLevel): boolean {
    const levels = levelsFor(this.policy, this.case(caseId))
    return levels !== null && isHigherCare({ from: levels.preferred, to: level })
  }

  /** A bed of a level that serves them, with an expert team: centralised, in a ready reserve, or where they lie. */
  isUnderExperts(caseId: string, bed: Bed, teamSent = false): boolean {
    if (bed.pool === null || !(teamSent || this.hasTeam(bed.place))) return false
    const pool = this.pool(bed.pool)
    if (!this.levelServes(caseId, pool.careLevel)) return false
    // That a reserve block is signed ready is a must of its own (reserveReady) for everybody who comes in.
    return isHub(this.place(bed.place)) || bed.place === this.case(caseId).place
  }

  /** Alone in a room of a place that may keep suspected cases. */
  isAloneLawfully(bed: Bed): boolean {
    if (bed.pool === null) return false
    const { attributes } = this.pool(bed.pool)
    const { kind } = this.place(bed.place)
    if (!attributes.includes('singleRoom') || !this.policy.suspectedDestinations.includes(kind)) return false
    return kind !== 'isolationSite' || attributes.includes('doctorsAndTests')
  }

  /** In a kind of place to which the policy concentrates this case. */
  isConcentrated(caseId: string, bed: Bed): boolean {
    return destinationsFor(this.policy, this.case(caseId)).includes(this.place(bed.place).kind) && !this.liesInShutBlock(caseId, bed)
  }

  /**
   * Found in a reserve block that is neither open nor signed ready: care that nobody has declared ready is not
   * concentration, and no reason to stay. For whoever comes in, readiness is a must of its own (reserveReady).
   */
  liesInShutBlock(caseId: string, bed: Bed = this.bedOf(caseId)): boolean {
    const person = this.case(caseId)
    if (bed.place !== person.place || bed.pool !== person.pool) return false
    const pools = bed.pool === null ? (this.poolsAt.get(bed.place) ?? []) : [bed.pool]
    return pools.length > 0 && pools.every((id) => {
      const { block } = this.pool(id)
      return block !== null && !this.isOpen(this.pool(id)) && !this.isBlockReady(block)
    })
  }

  /** The needs that apply to a case, and whether a bed meets each of them; `teamSent`: as if a team were stationed there. */
  needsMet(caseId: string, bed: Bed, teamSent = false): ReadonlyMap<CountedNeed, boolean> {
    const person = this.case(caseId)
    const met = new Map<CountedNeed, boolean>()
    if (person.severity === 'critical') met.set('critical', this.isUnderExperts(caseId, bed, teamSent))
    if (person.severity === 'severe') met.set('severe', this.isUnderExperts(caseId, bed, teamSent))
    if (person.status === 'suspected') met.set('suspected', this.isAloneLawfully(bed))
    else met.set('concentrated', this.isConcentrated(caseId, bed))
    return met
  }

  /**
   * Whether a need of this case is counted: people who may not be moved are left out of the needs that
   * would move them, unless a bed in the same place could meet the need. Who is ordered out of the system needs no bed of it.
   */
  isCounted(caseId: string, need: CountedNeed): boolean {
    if (this.leavesFor(caseId) !== null) return false
    if (this.order(caseId) !== null) return true
    const held = this.heldBy(caseId)
    if (held === null) return true
    if (held === 'dischargeDue' || held === 'underCommand') return false
    const { place } = this.case(caseId)
    return (this.poolsAt.get(place) ?? []).some((pool) => this.needsMet(caseId, { place, pool }).get(need) === true)
  }

  /** Needs that apply, are counted and are not met in this bed. */
  needsMissing(caseId: string, bed: Bed, teamSent = false): CountedNeed[] {
    return [...this.needsMet(caseId, bed, teamSent)].filter(([need, met]) => !met && this.isCounted(caseId, need)).map(([need]) => need)
  }

  /** What keeps a person in the place where they lie, or null. */
  heldBy(caseId: string): HeldBy | null {
    if (this.leavesFor(caseId) !== null) return 'ordersStand'
    if (!this.place(this.case(caseId).place).underCommand) return 'underCommand'
    if (this.isDischargeDue(caseId)) return 'dischargeDue'
    if (this.isSettledInpatient(caseId)) return 'inpatients'
    return this.isFit(caseId) ? null : 'fitness'
  }

  isDischargeDue(caseId: string): boolean {
    const { dischargeDue } = this.case(caseId)
    if (dischargeDue === null) return false
    return daysBetween({ from: this.scenario.planDay, to: dischargeDue }) <= this.policy.dischargeWithinDays
  }

  isFit(caseId: string): boolean {
    return remembered(this.fitNow, caseId, () => this.isFitAt(caseId, this.firstDeparture))
  }

  /** Whether they may ride at this time: an assessment that is required must still hold when the vehicle leaves. */
  isFitAt(caseId: string, now: Instant): boolean {
    const person = this.case(caseId)
    const fitness = fitnessAt(person, { now, validHours: this.policy.fitnessValidHours })
    if (fitness === 'fit') return true
    return fitness !== 'unfit' && !this.policy.fitnessRequired.includes(person.severity)
  }

  /** A confirmed inpatient of a centralised or reserve hospital whose bed is of a level that serves them, or higher. */
  isSettledInpatient(caseId: string): boolean {
    const person = this.case(caseId)
    if (person.status === 'suspected' || !isHub(this.place(person.place)) || this.liesInShutBlock(caseId)) return false
    if (person.pool === null) return true
    const { careLevel } = this.pool(person.pool)
    return this.levelServes(caseId, careLevel) || this.isMoreThanNeeded(caseId, careLevel)
  }

  hasTravelException(caseId: string, at: Instant = this.firstDeparture): boolean {
    const until = this.case(caseId).travelExceptionUntil
    return until !== null && !isBefore(until, at)
  }

  hoursWaited(caseId: string): number {
    return remembered(this.waited, caseId, () => hoursWaited(this.case(caseId), this.scenario.asOf))
  }

  /** Whole road minutes; null: unreachable. */
  minutesBetween(from: string, to: string): number | null {
    return this.roads.minutesBetween(from, to)
  }

  /** Nobody stated how long this ride takes; it was estimated from coordinates. */
  isEstimated(from: string, to: string): boolean {
    return from !== to && this.roads.stated(from, to) === null
  }

  /** Minutes of the plan's day in which a vehicle can still work: nothing leaves before the plan is made. */
  windowOf(vehicle: Pick<Vehicle, 'availableFrom' | 'availableTo'>): { from: number; to: number } {
    const { firstDeparture, lastReturn } = this.policy.timetable
    const [from, to] = [clockMinutes(vehicle.availableFrom), clockMinutes(vehicle.availableTo)]
    // Whatever is there around the clock is there behind midnight as well.
    if (this.hours.anyHour === true) return { from: Math.max(from, this.nowMinutes), to: from === 0 && to === DAY_MINUTES ? 2 * DAY_MINUTES : to }
    return { from: Math.max(from, clockMinutes(firstDeparture), this.nowMinutes), to: Math.min(to, clockMinutes(lastReturn)) }
  }
}

/** Needs that are counted in people; waiting follows from them. */
export type CountedNeed = 'critical' | 'severe' | 'suspected' | 'concentrated'

/** A hospital to which cases are concentrated: centralised, or a reserve. */
export const isHub = (place: Place): boolean =>
  place.kind === 'centralisedTreatmentHospital' || place.kind === 'reserveHospital'

/** Whether `to` is higher care than `from`; levels outside the order of a hospital never are. */
export const isHigherCare = (move: { from: CareLevel; to: CareLevel }): boolean => {
  const [from, to] = [CARE_ORDER.indexOf(move.from), CARE_ORDER.indexOf(move.to)]
  return from >= 0 && to > from
}

function groupIds<T>(rows: Record<string, T>, key: (row: T) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const id of Object.keys(rows).sort(byCodeUnits)) {
    const name = key(known(rows[id], 'row', id))
    groups.set(name, [...(groups.get(name) ?? []), id])
  }
  return groups
}

function known<T>(value: T | undefined, what: string, id: string): T {
  invariant(value !== undefined, `${what} ${id} is known`)
  return value
}
