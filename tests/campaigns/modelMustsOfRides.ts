import { EDITION, type Ground } from './modelGround.js'
import { type Lines, pairs, type Trip, type WrongIf } from './modelMusts.js'
import { allowed } from './modelWords.js'

/** What is asked of trips: that there is one, who drives it, when, and who rides. */
export function rideMusts(ground: Ground, lines: Lines, wrongIf: WrongIf): void {
  arrivals(ground, lines, wrongIf)
  everybodyRides(ground, lines, wrongIf)
  for (const trip of lines.trips) {
    riders(ground, lines, trip, wrongIf)
    wrongIf(!legsHold(ground, trip), 'decontamination', trip.id, 'legs')
  }
  for (const trip of overlaps(ground, lines.trips)) wrongIf(true, 'decontamination', trip.id, 'overlap')
  crews(ground, lines.trips, wrongIf)
}

function arrivals(ground: Ground, { moves, trips }: Lines, wrongIf: WrongIf): void {
  const limitOf = (place: string) => allowed(ground.row('places', place)['arrivalsPerHour'])
  const walkedInto = moves.filter(({ order, from, to, trip }) => order === null && from !== to && trip === null && limitOf(to) < 1).map(({ to }) => to)
  for (const place of new Set(walkedInto)) wrongIf(true, 'arrivalsPerHour', place, 'shut')
  const hours = new Map<string, number>()
  for (const { to, arrives } of trips) {
    const hour = JSON.stringify([to, Math.floor(ground.minuteOf(arrives) / 60)])
    hours.set(hour, (hours.get(hour) ?? 0) + 1)
  }
  for (const [hour, count] of hours) {
    const [place] = JSON.parse(hour) as [string]
    wrongIf(count > limitOf(place), 'arrivalsPerHour', place, count)
  }
}

/** Where ambulances are listed nobody goes elsewhere without one; inside one hospital nobody takes one. */
function everybodyRides(ground: Ground, { moves, trips }: Lines, wrongIf: WrongIf): void {
  if (ground.picture.fleet === 'unlimited') return
  for (const { patient, from, to, trip, order, departs, arrives } of moves) {
    wrongIf(trip === null && (departs !== null || arrives !== null), 'vehicleMinutes', patient, 'untimed')
    if (order !== null) continue
    const rides = trip !== null && trips.some(({ id, patients }) => id === trip && patients.includes(patient))
    wrongIf(from === to ? trip !== null : !rides, 'vehicleMinutes', patient)
  }
}

/** One patient a trip, or a carer with their children, in a vehicle of the right fleet with what they need on board. */
function riders(ground: Ground, { moves }: Lines, trip: Trip, wrongIf: WrongIf): void {
  const { fleet, lifeSupport } = ground.row('vehicles', trip.vehicle)
  for (const patient of trip.patients) {
    const { severity, unit, place } = ground.row('cases', patient)
    const isPlain = severity !== 'ordinary' && lifeSupport !== true
    wrongIf(isPlain, 'lifeSupport', trip.id, patient)
    wrongIf(!isPlain && ![unit, ground.row('places', place)['unit'], trip.to].includes(fleet), 'lifeSupport', trip.id, [patient, fleet])
  }
  const [head, ...others] = trip.patients
  const together = pairs(ground)
  const isStranger = (child: string) => !together.some(([one, carer]) => one === child && carer === head)
  const differs = (id: string) => {
    const move = moves.findLast(({ patient }) => patient === id)
    return move === undefined || move.trip !== trip.id || move.from !== trip.from || move.to !== trip.to || move.departs !== trip.departs || move.arrives !== trip.arrives
  }
  wrongIf(others.some(isStranger) || trip.patients.some(differs) || new Set(trip.patients).size < trip.patients.length, 'onePatientATrip', trip.id, trip.patients)
}

/** Each leg has its time. */
function legsHold(ground: Ground, { vehicle, base, from, to, leaves, departs, arrives, clean }: Trip): boolean {
  const round = ground.round({ base, from, to })
  if (round === null || ground.row('vehicles', vehicle)['base'] !== base) return false
  const [left, gone, there, back] = [leaves, departs, arrives, clean].map(ground.minuteOf) as [number, number, number, number]
  return gone - left >= round.approach + EDITION.loading && there - gone === round.ride && back - there >= round.total - round.approach - EDITION.loading - round.ride
}

/** Trips that begin while their vehicle is still out, for another trip or for an order. */
function overlaps(ground: Ground, trips: readonly Trip[]): Trip[] {
  return trips.filter((trip) => {
    const [from, to] = [ground.minuteOf(trip.leaves), ground.minuteOf(trip.clean)]
    const isOut = trips.some((other) => other.id !== trip.id && other.vehicle === trip.vehicle && isBefore(other, trip) && from < ground.minuteOf(other.clean))
    return isOut || ground.busy(trip.vehicle).some((span) => from < span.to && span.from < to)
  })
}
const isBefore = (a: Trip, b: Trip): boolean => a.leaves < b.leaves || (a.leaves === b.leaves && a.id < b.id)

/** Within the vehicle's hours, by a crew that there is, and no crew beyond its duty; an order goes to the first with room. */
function crews(ground: Ground, trips: readonly Trip[], wrongIf: WrongIf): void {
  const duty = new Map<string, number>()
  for (const [vehicle, { crews: count }] of Object.entries(ground.picture.vehicles)) {
    const all = Array.from({ length: Number(count) }, (_, i) => `${vehicle}/${i + 1}`)
    for (const { from, to } of ground.busy(vehicle)) {
      const crew = all.find((name) => (duty.get(name) ?? 0) + to - from <= EDITION.crewMinutesMax) ?? `${vehicle}/1`
      duty.set(crew, (duty.get(crew) ?? 0) + to - from)
    }
  }
  for (const { id, vehicle, crew, leaves, clean } of trips) {
    const row = ground.row('vehicles', vehicle)
    const hours = ground.hoursOf(row)
    const [from, to] = [ground.minuteOf(leaves), ground.minuteOf(clean)]
    duty.set(crew, (duty.get(crew) ?? 0) + to - from)
    const number = Number(crew.slice(vehicle.length + 1))
    const isTheirs = crew === `${vehicle}/${number}` && Number.isInteger(number) && number >= 1 && number <= Number(row['crews'])
    wrongIf(!isTheirs || from < hours.from || to > hours.to, 'crewHours', id)
  }
  for (const crew of new Set(trips.map((trip) => trip.crew))) wrongIf((duty.get(crew) ?? 0) > EDITION.crewMinutesMax, 'crewHours', crew, duty.get(crew))
}
