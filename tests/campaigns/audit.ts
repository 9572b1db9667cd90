import type { Plan } from '../../src/planning/plan.js'
import { editionOn } from '../../src/planning/policy.js'
import type { Scenario } from '../../src/planning/scenario.js'

/**
 * A plan counted over again on the tables as they stand, in other words than the rules': nothing of the planner is
 * used but the policy edition. Orders that stand may break what they like, so only what the plan decides is judged.
 */
export function audited(scenario: Scenario, plan: Plan): string[] {
  const decided = plan.moves.filter(({ order }) => order === null)
  return [
    ...bedsTaken(scenario, plan),
    ...decided.flatMap((move) => personMoved(scenario, move)),
    ...plan.trips.flatMap((trip) => tripDriven(scenario, plan, trip)),
    ...tripsTogether(scenario, plan),
  ]
}

type Move = Plan['moves'][number]
type Trip = Plan['trips'][number]
type Finding = readonly [isWrong: boolean, what: string]

const LEVELS = ['light', 'ordinary', 'severe', 'intensive']
const minuteOf = (instant: string): number => Date.parse(instant) / 60_000
const told = (who: string, findings: readonly Finding[]): string[] =>
  findings.filter(([isWrong]) => isWrong).map(([, what]) => `${who} ${what}`)

function bedsTaken(scenario: Scenario, plan: Plan): string[] {
  return Object.entries(scenario.pools).flatMap(([id, pool]) => {
    const into = plan.moves.filter((move) => move.pool === id)
    // Somebody who goes down a level in the house leaves a bed that may be taken today.
    const down = plan.moves.filter((move) => move.fromPool === id && move.to === move.from &&
      LEVELS.indexOf(move.careLevel) < LEVELS.indexOf(pool.careLevel))
    const { physical, staffed, occupied, held, oxygenBeds } = pool
    const oxygen = oxygenBeds === 'notTracked' ? physical : oxygenBeds
    const figures = [physical, staffed, oxygen, occupied, held].map(Number)
    const [beds = 0, withStaff = 0, withOxygen = 0, taken = 0, promised = 0] = figures
    // Unknown becomes no number at all, and then nothing is free.
    const isKnown = !figures.some(Number.isNaN)
    const free = isKnown ? Math.min(beds, withStaff, withOxygen) - taken - promised - pool.protected : 0
    const isDecided = into.some(({ order }) => order === null)
    const isOver = into.length - down.length > Math.max(0, free)
    return isDecided && isOver ? [`${into.length} people come into ${id}, where ${free} beds are free`] : []
  })
}

function personMoved(scenario: Scenario, move: Move): string[] {
  const [person, pool, place] = [scenario.cases[move.patient], scenario.pools[move.pool], scenario.places[move.to]]
  const policy = editionOn(scenario.planDay)?.policy
  if (!person || !pool || !place || !policy) return [`${move.patient} or the bed is not known`]
  const levels = (person.status === 'suspected' ? policy.suspectedCareLevels : policy.careLevels)[person.severity]
  const travel = scenario.travel[`${move.from}→${move.to}`] ?? scenario.travel[`${move.to}→${move.from}`]
  const block = scenario.blocks[pool.block ?? '']
  const steps = block === undefined ? [] : [block.clearing, block.conversion, block.oxygen, block.staff]
  const rides = move.from !== move.to
  return told(move.patient, [
    [person.place !== move.from || pool.place !== move.to, 'goes from or to another place than the tables say'],
    [!place.underCommand, 'goes to a place outside the command'],
    [![levels?.preferred, ...(levels?.allowed ?? [])].includes(pool.careLevel), 'gets a bed of a wrong level'],
    [!person.needs.every((need) => pool.attributes.includes(need)), 'lacks what the bed should have'],
    [person.status === 'suspected' && !pool.attributes.includes('singleRoom'), 'is suspected and not alone'],
    [block?.opened === false && steps.some((step) => step !== 'signed'), 'goes to an unsigned block'],
    [block !== undefined && block.critical !== 'signed' && person.severity === 'critical', 'is critical there'],
    [rides && person.fitness === 'unfit', 'rides though unfit'],
    [rides && travel?.minutes !== move.travelMinutes, 'rides other minutes than the table'],
    [rides && person.travelExceptionUntil === null &&
      move.travelMinutes > (policy.travelMinutesMax[person.severity] ?? 0), 'rides too far'],
  ])
}

function tripDriven(scenario: Scenario, plan: Plan, trip: Trip): string[] {
  const road = (from: string, to: string): number =>
    from === to ? 0 : ((scenario.travel[`${from}→${to}`] ?? scenario.travel[`${to}→${from}`])?.minutes ?? Number.NaN)
  const took = minuteOf(trip.decontaminatedUntil) - minuteOf(trip.leavesBase)
  const legs = road(trip.base, trip.from) + road(trip.from, trip.to) + road(trip.to, trip.base)
  const moves = plan.moves.filter((move) => move.trip === trip.id)
  const [head, ...others] = trip.patients
  const urgent = trip.patients.some((id) => ['critical', 'severe'].includes(scenario.cases[id]?.severity ?? ''))
  return told(`trip ${trip.id}`, [
    // 15 minutes to load, 15 to hand over, 45 to disinfect: no tiny scenario asks for less.
    [!(took >= legs + 75), `takes ${took} minutes for legs of ${legs}`],
    [moves.length !== trip.patients.length, 'carries others than it should'],
    [others.some((id) => scenario.cases[id]?.companion !== head), 'carries strangers together'],
    [urgent && scenario.vehicles[trip.vehicle]?.lifeSupport !== true, 'has no life support'],
    [minuteOf(trip.leavesBase) < minuteOf(scenario.asOf), 'leaves before the plan is made'],
  ])
}

/** One vehicle is in one place, and a receiver takes no more in a clock hour than it said. */
function tripsTogether(scenario: Scenario, { trips }: Plan): string[] {
  return trips.flatMap((one, i) => {
    const before = trips.slice(0, i)
    const hour = ({ arrives }: Trip) => Math.floor(minuteOf(arrives) / 60)
    const limit = Number(scenario.places[one.to]?.arrivalsPerHour)
    const arriving = [one, ...before].filter((other) => other.to === one.to && hour(other) === hour(one)).length
    const clashing = before.filter((other) => other.vehicle === one.vehicle &&
      minuteOf(one.leavesBase) < minuteOf(other.decontaminatedUntil) &&
      minuteOf(other.leavesBase) < minuteOf(one.decontaminatedUntil))
    return told(`trip ${one.id}`, [
      [clashing.length > 0, 'needs a vehicle that is out'],
      [arriving > limit || scenario.places[one.to]?.arrivalsPerHour === 'unknown', 'arrives where it cannot be taken'],
    ])
  })
}
