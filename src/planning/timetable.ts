import { SEVERITIES } from '../cases/cases.js'
import { byCodeUnits } from '../kernel/canonical.js'
import { allowedBy } from '../kernel/quantity.js'
import { instantAt } from '../kernel/time.js'
import { keysOf } from '../kernel/vocabulary.js'
import type { Assignment } from './assign.js'
import { busyWithOrders, dutyOfOrders, fleetsFor, needsLifeSupport, roundTrip, UNLIMITED } from './fleet.js'
import { headOf, isPinned, lotOfParty, severestOf } from './parties.js'
import type { Trip } from './plan.js'
import type { World } from './world.js'

/** A trip and the assignment that it carries out. */
export interface Scheduled {
  readonly assignment: Assignment
  readonly trip: Trip
}

export interface Timetable {
  readonly scheduled: readonly Scheduled[]
  /** Rides for which no vehicle has the time. */
  readonly late: readonly Assignment[]
}

interface Slot {
  readonly vehicle: string
  readonly crew: number
  readonly leaves: number
  readonly departs: number
  readonly arrives: number
  readonly clean: number
}

/**
 * One list schedule (decision 7): the severest first, then the longest wait, then the lot; each ride takes the
 * vehicle by which it arrives earliest. `strict`: only vehicles of the class that the model chose. `pinnedFirst`: whoever
 * was pinned by hand before all others.
 */
export function timetable(world: World, ask: { assignments: readonly Assignment[]; strict: boolean; pinnedFirst: boolean }): Timetable {
  const rides = ask.assignments
    .filter(({ option }) => option.kind === 'ride' && option.order === null && option.vehicles !== UNLIMITED)
    .sort(inTurn(world, ask.pinnedFirst))
  const board = new Board(world, ask.strict)
  const placed: { assignment: Assignment; slot: Slot }[] = []
  const late: Assignment[] = []
  for (const assignment of rides) {
    const slot = board.place(assignment)
    if (slot === null) late.push(assignment)
    else placed.push({ assignment, slot })
  }
  placed.sort((a, b) => a.slot.leaves - b.slot.leaves || byCodeUnits(a.slot.vehicle, b.slot.vehicle))
  return { late, scheduled: placed.map(({ assignment, slot }, i) => ({ assignment, trip: tripOf(world, assignment, slot, i) })) }
}

const SEVERITY_ORDER = keysOf(SEVERITIES)

function inTurn(world: World, pinnedFirst: boolean): (a: Assignment, b: Assignment) => number {
  const pinned = ({ party }: Assignment) => (pinnedFirst && isPinned(world, party) ? 0 : 1)
  const waited = ({ party }: Assignment) => Math.max(...party.members.map((id) => world.hoursWaited(id)))
  const severity = ({ party }: Assignment) => SEVERITY_ORDER.indexOf(severestOf(world, party))
  return (a, b) =>
    pinned(a) - pinned(b) || severity(a) - severity(b) || waited(b) - waited(a) || lotOfParty(world, a.party) - lotOfParty(world, b.party)
}

/** What each vehicle, crew and receiver has been given so far. */
class Board {
  private readonly freeAt = new Map<string, number>()
  private readonly duty = new Map<string, number>()
  private readonly arrivals = new Map<string, number>()
  private readonly ofFleet = new Map<string, string[]>()

  constructor(
    private readonly world: World,
    private readonly strict: boolean,
  ) {
    for (const id of Object.keys(world.scenario.vehicles).sort(byCodeUnits)) {
      const { fleet } = world.vehicle(id)
      this.ofFleet.set(fleet, [...(this.ofFleet.get(fleet) ?? []), id])
      for (const [crew, minutes] of dutyOfOrders(world, id)) this.duty.set(crew, minutes)
    }
  }

  place(assignment: Assignment): Slot | null {
    let best: Slot | null = null
    for (const vehicle of this.vehiclesFor(assignment)) {
      if (!this.mayTake(vehicle, assignment)) continue
      const slot = this.earliest(vehicle, assignment)
      if (slot === null) continue
      if (best === null || slot.arrives < best.arrives || (slot.arrives === best.arrives && slot.clean - slot.leaves < best.clean - best.leaves)) best = slot
    }
    if (best !== null) this.take(best, assignment.option.to)
    return best
  }

  private vehiclesFor({ party, option }: Assignment): string[] {
    const fleets = new Set(fleetsFor(this.world, { patient: headOf(party), to: option.to }))
    return [...fleets].flatMap((fleet) => this.ofFleet.get(fleet) ?? []).sort(byCodeUnits)
  }

  private mayTake(vehicle: string, { party, option }: Assignment): boolean {
    if (this.strict) return option.vehicles?.vehicles.includes(vehicle) ?? false
    const row = this.world.vehicle(vehicle)
    if (needsLifeSupport(this.world, party) && !row.lifeSupport) return false
    // Never a plainer vehicle than the model chose, or the wish for negative pressure would be worse than shown.
    return option.vehicles?.negativePressure !== true || row.negativePressure
  }

  private earliest(vehicle: string, { party, option }: Assignment): Slot | null {
    const row = this.world.vehicle(vehicle)
    const from = this.world.case(headOf(party)).place
    const round = roundTrip(this.world, { base: row.base, from, to: option.to })
    if (round === null) return null
    const crew = this.freshCrew(vehicle, round.total)
    if (crew === null) return null
    const window = this.world.windowOf(row)
    const busy = busyWithOrders(this.world, vehicle)
    const { loadingMinutes } = this.world.policy.timetable
    let leaves = Math.max(window.from, this.freeAt.get(vehicle) ?? 0)
    // Each turn passes an order or a full hour, of which there are finitely many before the window ends.
    while (leaves + round.total <= window.to) {
      const start = leaves
      const departs = start + round.approach + loadingMinutes
      const arrives = departs + round.ride
      if (!this.areFitAt(party.members, departs)) return null
      const clash = busy.find((b) => start < b.to && b.from < start + round.total)
      if (clash !== undefined) leaves = clash.to
      else if (this.isFull(option.to, arrives)) leaves += 60 - (arrives % 60)
      else return { vehicle, crew, leaves, departs, arrives, clean: leaves + round.total }
    }
    return null
  }

  /** Assessments that are required have an end; the others are not asked again. */
  private areFitAt(members: readonly string[], minutes: number): boolean {
    const { fitnessRequired } = this.world.policy
    const required = members.filter((id) => fitnessRequired.includes(this.world.case(id).severity))
    const departs = instantAt(this.world.scenario.planDay, minutes)
    return required.every((id) => this.world.isFitAt(id, departs)) && members.every((id) => this.exceptionHolds(id, departs))
  }

  /** Who rides by a signed exception has to leave while it holds. */
  private exceptionHolds(patient: string, departs: string): boolean {
    return !this.world.hasTravelException(patient) || this.world.hasTravelException(patient, departs)
  }

  private freshCrew(vehicle: string, minutes: number): number | null {
    const { crewMinutesMax } = this.world.policy.timetable
    for (let crew = 1; crew <= this.world.vehicle(vehicle).crews; crew += 1) {
      if ((this.duty.get(`${vehicle}/${crew}`) ?? 0) + minutes <= crewMinutesMax) return crew
    }
    return null
  }

  private isFull(place: string, arrives: number): boolean {
    const limit = allowedBy(this.world.place(place).arrivalsPerHour)
    return (this.arrivals.get(`${place}|${Math.floor(arrives / 60)}`) ?? 0) >= limit
  }

  private take(slot: Slot, to: string): void {
    const crew = `${slot.vehicle}/${slot.crew}`
    const hour = `${to}|${Math.floor(slot.arrives / 60)}`
    this.freeAt.set(slot.vehicle, slot.clean)
    this.duty.set(crew, (this.duty.get(crew) ?? 0) + slot.clean - slot.leaves)
    this.arrivals.set(hour, (this.arrivals.get(hour) ?? 0) + 1)
  }
}

function tripOf(world: World, { party, option }: Assignment, slot: Slot, index: number): Trip {
  const at = (minutes: number) => instantAt(world.scenario.planDay, minutes)
  return {
    id: `T${String(index + 1).padStart(4, '0')}`,
    vehicle: slot.vehicle,
    base: world.vehicle(slot.vehicle).base,
    crew: `${slot.vehicle}/${slot.crew}`,
    patients: [...party.members],
    from: world.case(headOf(party)).place,
    to: option.to,
    leavesBase: at(slot.leaves),
    departs: at(slot.departs),
    arrives: at(slot.arrives),
    decontaminatedUntil: at(slot.clean),
  }
}
