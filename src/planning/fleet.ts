import { byCodeUnits } from '../kernel/canonical.js'
import { sum } from '../kernel/quantity.js'
import { minutesInto } from '../kernel/time.js'
import { headOf, type Party, severestOf } from './parties.js'
import type { World } from './world.js'

/** Vehicles of one fleet, base and equipment: the model counts their minutes together. */
export interface VehicleClass {
  readonly key: string
  readonly fleet: string
  readonly base: string
  readonly negativePressure: boolean
  readonly lifeSupport: boolean
  readonly vehicles: readonly string[]
  /** Minutes that its crews can work on the plan's day; null: unlimited. */
  readonly minutes: number | null
  /** Minutes of the vehicle that can work longest without a pause: no trip may be longer. */
  readonly longestDuty: number
}

/** Severities that need life support on board (国卫办医函〔2020〕76号). */
export const LIFE_SUPPORT_FOR: readonly string[] = ['critical', 'severe']

export const needsLifeSupport = (world: World, party: Party): boolean =>
  LIFE_SUPPORT_FOR.includes(severestOf(world, party))

/** The fleet of `fleet: unlimited`: no rows and no timetable. */
export const UNLIMITED: VehicleClass = {
  key: 'unlimited', fleet: '', base: '', negativePressure: true, lifeSupport: true, vehicles: [],
  minutes: null, longestDuty: Number.POSITIVE_INFINITY,
}

/** A world never changes, and its classes are asked for once for everybody who stays. */
const classesOf = new WeakMap<World, readonly VehicleClass[]>()

export function vehicleClasses(world: World): readonly VehicleClass[] {
  const known = classesOf.get(world) ?? (world.scenario.fleet === 'unlimited' ? [UNLIMITED] : listedClasses(world))
  classesOf.set(world, known)
  return known
}

function listedClasses(world: World): VehicleClass[] {
  const classes = new Map<string, string[]>()
  for (const id of Object.keys(world.scenario.vehicles).sort(byCodeUnits)) {
    const v = world.vehicle(id)
    const key = `${v.fleet}|${v.base}|${v.negativePressure ? 'negative' : 'plain'}|${v.lifeSupport ? 'lifeSupport' : 'none'}`
    classes.set(key, [...(classes.get(key) ?? []), id])
  }
  return [...classes].map(([key, vehicles]) => classOf(world, key, vehicles))
}

/** A class of ambulances not yet there, at a receiving hospital: what the way out `addVehicles` would add. */
export const newClassAt = (world: World, place: string): VehicleClass => ({
  key: `new|${place}`, fleet: place, base: place, negativePressure: true, lifeSupport: true, vehicles: [],
  minutes: 0, longestDuty: newVehicleDuty(world).longest,
})

/** What one added ambulance with two crews, there all day, can work. */
export function newVehicleDuty(world: World): { minutes: number; longest: number } {
  const { from, to } = world.windowOf({ availableFrom: '00:00', availableTo: '24:00' })
  const { crewMinutesMax } = world.policy.timetable
  return { minutes: Math.min(to - from, 2 * crewMinutesMax), longest: Math.min(to - from, crewMinutesMax) }
}

/**
 * Orders that keep a vehicle busy, as minutes of the plan's day, in their order. What should have left and has not keeps it
 * as long from now on, and what comes after it waits until it is back: it leaves late, and is no freer for that.
 */
export function busyWithOrders({ scenario, nowMinutes }: World, vehicleId: string): { from: number; to: number }[] {
  let back = nowMinutes
  return Object.values(scenario.orders)
    .flatMap(({ vehicle, state, departs, returns }) => (vehicle !== vehicleId || departs === null || returns === null ? []
      : [{ state, from: minutesInto(scenario.planDay, departs), to: minutesInto(scenario.planDay, returns) }]))
    .sort((a, b) => a.from - b.from)
    .map(({ state, from, to }) => {
      if (state === 'dispatched') return { from, to }
      const late = Math.max(0, back - from)
      back = to + late
      return { from: from + late, to: back }
    })
}

/** Minutes that a vehicle's crews can work on the plan's day, less the orders that keep it busy. */
export function dutyMinutes(world: World, vehicleId: string): number {
  const vehicle = world.vehicle(vehicleId)
  const { from, to } = world.windowOf(vehicle)
  const orders = busyWithOrders(world, vehicleId)
  const within = sum(orders.map((busy) => Math.max(0, Math.min(busy.to, to) - Math.max(busy.from, from))))
  const duty = sum(dutyOfOrders(world, vehicleId).values())
  const crews = vehicle.crews * world.policy.timetable.crewMinutesMax
  return Math.max(0, Math.min(to - from - within, crews - duty))
}

/**
 * Minutes of duty that orders take of each crew of a vehicle: an order goes to the first crew with room, or to the
 * first crew when none has. Nobody states the crew of an order, so this is said once and used by all.
 */
export function dutyOfOrders(world: World, vehicleId: string): ReadonlyMap<string, number> {
  const duty = new Map<string, number>()
  const { crewMinutesMax } = world.policy.timetable
  const crews = Array.from({ length: world.vehicle(vehicleId).crews }, (_, i) => `${vehicleId}/${i + 1}`)
  for (const { from, to } of busyWithOrders(world, vehicleId)) {
    const crew = crews.find((name) => (duty.get(name) ?? 0) + to - from <= crewMinutesMax) ?? `${vehicleId}/1`
    duty.set(crew, (duty.get(crew) ?? 0) + to - from)
  }
  return duty
}

/** Whether the class belongs to somebody who may send it, and carries what the party needs. */
export function mayCarry(world: World, ask: { party: Party; vehicles: VehicleClass; to: string }): boolean {
  if (needsLifeSupport(world, ask.party) && !ask.vehicles.lifeSupport) return false
  return ask.vehicles === UNLIMITED || isOfFleet(world, { patient: headOf(ask.party), fleet: ask.vehicles.fleet, to: ask.to })
}

/** Fleets that may send a vehicle: of the case's reporting unit, of the unit where they lie, of the receiving hospital. */
export function fleetsFor(world: World, ask: { patient: string; to: string }): string[] {
  const person = world.case(ask.patient)
  return [person.unit, world.place(person.place).unit, ask.to]
}

export const isOfFleet = (world: World, ask: { patient: string; fleet: string; to: string }): boolean =>
  fleetsFor(world, ask).includes(ask.fleet)

/** The stretches of one round trip, in whole minutes; null when a stretch is unreachable. */
export interface Round {
  readonly approach: number
  readonly ride: number
  /** From leaving the base until clean and back there. */
  readonly total: number
}

export function roundTrip(world: World, ask: { base: string; from: string; to: string }): Round | null {
  const approach = world.minutesBetween(ask.base, ask.from)
  const ride = world.minutesBetween(ask.from, ask.to)
  const back = world.minutesBetween(ask.to, ask.base)
  if (approach === null || ride === null || back === null) return null
  const { loadingMinutes, handoverMinutes, decontaminationMinutes } = world.policy.timetable
  return { approach, ride, total: approach + loadingMinutes + ride + handoverMinutes + back + decontaminationMinutes }
}

function classOf(world: World, key: string, vehicles: readonly string[]): VehicleClass {
  const first = world.vehicle(vehicles[0] ?? '')
  const { fleet, base, negativePressure, lifeSupport } = first
  const { crewMinutesMax } = world.policy.timetable
  const longest = vehicles.map((id) => {
    const { from, to } = world.windowOf(world.vehicle(id))
    return world.vehicle(id).crews === 0 ? 0 : Math.max(0, Math.min(to - from, crewMinutesMax))
  })
  return {
    key, fleet, base, negativePressure, lifeSupport, vehicles,
    minutes: sum(vehicles.map((id) => dutyMinutes(world, id))),
    longestDuty: Math.max(0, ...longest),
  }
}
