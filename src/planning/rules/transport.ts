import { text } from '../../kernel/text.js'
import { clockOf, minutesInto } from '../../kernel/time.js'
import { busyWithOrders, dutyOfOrders, isOfFleet, newVehicleDuty, roundTrip } from '../fleet.js'
import type { Facts } from '../facts.js'
import type { Move, Trip, Violation } from '../plan.js'
import { travelTogether } from '../parties.js'
import { personName, violation } from '../sayings.js'
import type { World } from '../world.js'
import { forMoves } from './people.js'
import type { Must } from './rule.js'

/** No ride longer than the severity allows, unless an exception is signed. */
export const travelLimit: Must = {
  level: 'must',
  name: 'travelLimit',
  title: text('不超过转运时限', 'no ride longer than the severity allows'),
  source: 'domain: transfer plan, must; policy travelMinutesMax',
  liftedBy: 'signTravelException',
  forbids: ({ world, patient, rideMinutes }) =>
    rideMinutes !== null && isTooFar(world, patient, rideMinutes) ? world.case(patient).place : null,
  measure: (facts) =>
    forMoves(facts, (move, world) => {
      const minutes = world.minutesBetween(move.from, move.to)
      if (minutes === null || minutes !== move.travelMinutes) {
        return violation('travelLimit', move.patient, text(
          `${move.patient} 路程应为 ${minutes ?? '未知'} 分钟，不是 ${move.travelMinutes}`,
          `${move.patient} travels ${minutes ?? 'unknown'} minutes, not ${move.travelMinutes}`))
      }
      return move.from !== move.to && isTooFar(world, move.patient, minutes, move.departs ?? world.firstDeparture)
        ? violation('travelLimit', move.patient, text(
            `${personName(world, move.patient).zh}路程 ${minutes} 分钟，超过时限`,
            `${personName(world, move.patient).en} would ride ${minutes} minutes, over the limit`))
        : null
    }),
}

export function isTooFar(world: World, patient: string, minutes: number, departs = world.firstDeparture): boolean {
  const limit = world.policy.travelMinutesMax[world.case(patient).severity]
  return limit !== undefined && minutes > limit && !world.hasTravelException(patient, departs)
}

/** The minutes of each fleet and type are enough: Σ trip minutes ≤ minutes of the class. */
export const vehicleMinutes: Must = {
  level: 'must',
  name: 'vehicleMinutes',
  title: text('不超过车辆与班组可用时间', 'the minutes of vehicles and crews are enough'),
  source: 'decision 7',
  add(build) {
    const { classes, lowered } = build
    for (const { key, minutes } of classes) {
      if (minutes === null) continue
      const terms = build.total(build.rides(), (o) => (o.vehicles?.key === key ? o.tripMinutes : 0))
      build.model.atMost({ rule: this.name, subject: key, terms, upper: Math.max(0, minutes - (lowered.get(key) ?? 0)) })
    }
    if (!build.eased) return
    for (const place of Object.keys(build.world.scenario.places)) {
      const terms = build.total(build.rides(), (o) => (o.vehicles?.key === `new|${place}` ? o.tripMinutes : 0))
      const easing = { kind: 'addVehicles', subject: place, per: newVehicleDuty(build.world).minutes, max: 50 } as const
      build.model.atMost({ rule: this.name, subject: place, terms, upper: 0, easing })
    }
  },
  measure(facts) {
    if (facts.world.scenario.fleet === 'unlimited') return []
    // An order that stands has its own vehicle, which the order keeps busy.
    const untimed = facts.plan.moves
      .filter((move) => move.trip === null && (move.departs !== null || move.arrives !== null))
      .map(({ patient }) => violation(this.name, patient, text(`${patient} 没有车次却有时间`, `${patient} has times without a trip`)))
    return [...untimed, ...facts.decided
      .filter((move) => (move.from === move.to ? move.trip !== null : !rides(facts, move)))
      .map(({ patient }) => violation(this.name, patient, text(`${patient} 没有自己的车次`, `${patient} has no trip of their own`)))]
  },
}

const rides = (facts: Facts, move: Move): boolean => move.trip !== null && facts.trip(move.trip).patients.includes(move.patient)

/** The vehicle belongs to the sender's unit or the receiver, and carries life support for severe and critical. */
export const lifeSupport: Must = {
  level: 'must',
  name: 'lifeSupport',
  title: text('重型、危重型用有生命支持的车', 'life support on board for severe and critical cases'),
  source: '国卫办医函〔2020〕76号, 2020-01-27',
  measure: (facts) =>
    eachTrip(facts, (trip) => {
      const { world } = facts
      const vehicle = world.vehicle(trip.vehicle)
      return trip.patients.flatMap((patient) => {
        const needed = ['critical', 'severe'].includes(world.case(patient).severity)
        if (needed && !vehicle.lifeSupport) {
          return [violation('lifeSupport', trip.id, text(
            `${trip.vehicle} 无生命支持，不能转运${personName(world, patient).zh}`,
            `${trip.vehicle} has no life support for ${personName(world, patient).en}`))]
        }
        if (isOfFleet(world, { patient, fleet: vehicle.fleet, to: trip.to })) return []
        return [violation('lifeSupport', trip.id, text(
          `${trip.vehicle} 不属于 ${patient} 的报告单位或接收医院`,
          `${trip.vehicle} belongs neither to the unit of ${patient} nor to the receiver`))]
      })
    }),
}

/** One patient a trip; a carer and children of one status may share. */
export const onePatientATrip: Must = {
  level: 'must',
  name: 'onePatientATrip',
  title: text('一车一人', 'one patient a trip'),
  source: '国卫办医函〔2020〕76号; domain: transfer plan, must',
  measure: (facts) =>
    eachTrip(facts, (trip) => {
      const { world } = facts
      const [head, ...others] = trip.patients
      const strangers = others.filter((child) => head === undefined || world.case(child).companion !== head ||
        !travelTogether(world, { child, carer: head }))
      const doubled = new Set(trip.patients).size !== trip.patients.length
      const moved = trip.patients.filter((id) => {
        const move = facts.move(id)
        return move === null || move.trip !== trip.id || move.from !== trip.from || move.to !== trip.to ||
          move.departs !== trip.departs || move.arrives !== trip.arrives
      })
      if (strangers.length === 0 && !doubled && moved.length === 0) return []
      return [violation('onePatientATrip', trip.id, text(
        `车次 ${trip.id} 的乘员 ${trip.patients.join('、')} 不符合一车一人或与转运行不一致`,
        `trip ${trip.id} with ${trip.patients.join(', ')} is not one patient a trip, or differs from their moves`))]
    }),
}

/** The legs take their time, and nobody rides before the vehicle is back, the crew changed and all disinfected. */
export const decontamination: Must = {
  level: 'must',
  name: 'decontamination',
  title: text('一人一洗消', 'decontamination after each patient'),
  source: '国卫办医函〔2020〕76号: crew changed and vehicle disinfected before the next patient',
  measure(facts) {
    const wrongLegs = eachTrip(facts, (trip) => (legsHold(facts, trip) ? [] : [violation(this.name, trip.id, text(
      `车次 ${trip.id} 的行程或洗消时间不足`, `trip ${trip.id} leaves too little time for its legs or decontamination`))]))
    return [...wrongLegs, ...overlaps(facts).map((trip) => violation(this.name, trip.id, text(
      `${trip.vehicle} 在洗消完成前又出车（${trip.id}）`, `${trip.vehicle} leaves again before it is clean (${trip.id})`)))]
  },
}

function legsHold(facts: Facts, trip: Trip): boolean {
  const { world } = facts
  const round = roundTrip(world, trip)
  if (round === null || world.vehicle(trip.vehicle).base !== trip.base) return false
  const at = (instant: string) => minutesInto(world.scenario.planDay, instant)
  const { loadingMinutes } = world.policy.timetable
  return (
    at(trip.departs) - at(trip.leavesBase) >= round.approach + loadingMinutes &&
    at(trip.arrives) - at(trip.departs) === round.ride &&
    at(trip.decontaminatedUntil) - at(trip.arrives) >= round.total - round.approach - loadingMinutes - round.ride
  )
}

/** Trips that begin while their vehicle is still out, be it for this plan or for an order. */
function overlaps(facts: Facts): Trip[] {
  const { world } = facts
  const at = (instant: string) => minutesInto(world.scenario.planDay, instant)
  return [...byVehicle(facts.plan.trips)].flatMap(([vehicle, trips]) => {
    const ordered = [...trips].sort((a, b) => at(a.leavesBase) - at(b.leavesBase))
    return ordered.filter((trip, i) => {
      const before = ordered[i - 1]
      const span = { from: at(trip.leavesBase), to: at(trip.decontaminatedUntil) }
      if (before !== undefined && span.from < at(before.decontaminatedUntil)) return true
      return busyWithOrders(world, vehicle).some((busy) => span.from < busy.to && busy.from < span.to)
    })
  })
}

/** Within the vehicle's hours, and no crew beyond its duty. */
export const crewHours: Must = {
  level: 'must',
  name: 'crewHours',
  title: text('不超过班组工时', 'crew hours are kept'),
  source: 'domain: transfer plan, must; policy timetable.crewMinutesMax',
  measure(facts) {
    const { world } = facts
    const at = (instant: string) => minutesInto(world.scenario.planDay, instant)
    const duty = new Map(Object.keys(world.scenario.vehicles).flatMap((id) => [...dutyOfOrders(world, id)]))
    const outside = eachTrip(facts, (trip) => {
      const vehicle = world.vehicle(trip.vehicle)
      const window = world.windowOf(vehicle)
      const [start, end] = [at(trip.leavesBase), at(trip.decontaminatedUntil)]
      duty.set(trip.crew, (duty.get(trip.crew) ?? 0) + end - start)
      const number = Number(trip.crew.slice(trip.vehicle.length + 1))
      const own = trip.crew === `${trip.vehicle}/${number}` && Number.isInteger(number) && number >= 1 && number <= vehicle.crews
      return own && start >= window.from && end <= window.to ? [] : [violation(this.name, trip.id, text(
        `车次 ${trip.id}（${clockOf(start)} 出车，${clockOf(end)} 洗消完）超出 ${trip.vehicle} 的出车时间（${clockOf(window.from)} 至 ${clockOf(window.to)}）或班组（${vehicle.crews} 个）`,
        `trip ${trip.id} (leaves at ${clockOf(start)}, clean by ${clockOf(end)}) lies outside the hours (${clockOf(window.from)} to ${clockOf(window.to)}) or crews (${vehicle.crews}) of ${trip.vehicle}`))]
    })
    const planned = new Set(facts.plan.trips.map((trip) => trip.crew))
    const tired = [...duty].filter(([crew, minutes]) => planned.has(crew) && minutes > world.policy.timetable.crewMinutesMax)
    return [...outside, ...tired.map(([crew, minutes]) => violation(this.name, crew, text(
      `班组 ${crew} 工作 ${minutes} 分钟，超过上限`, `crew ${crew} works ${minutes} minutes, over its limit`)))]
  },
}

function eachTrip(facts: Facts, find: (trip: Trip) => Violation[]): Violation[] {
  return facts.plan.trips.flatMap(find)
}

function byVehicle(trips: readonly Trip[]): Map<string, Trip[]> {
  const groups = new Map<string, Trip[]>()
  for (const trip of trips) groups.set(trip.vehicle, [...(groups.get(trip.vehicle) ?? []), trip])
  return groups
}
