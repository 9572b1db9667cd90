import { counted, text } from '../kernel/text.js'
import { movesOf } from './draft.js'
import { type EditAsk, editRows, isAsDecided } from './edits.js'
import { UNLIMITED } from './fleet.js'
import type { Option } from './option.js'
import { optionsOf } from './options.js'
import { partiesOf, type Party } from './parties.js'
import type { Violation } from './plan.js'
import { judgeOf, type Lines } from './present.js'
import { personName, placeName, violation } from './sayings.js'
import type { Scenario } from './scenario.js'
import { timetable } from './timetable.js'
import { World } from './world.js'

/** What a decision by hand would break; `edit`: the how manieth of those asked about, from 0. */
export interface Breach extends Violation {
  readonly edit: number
}

/** So many ways to lay a party into the beds of a place are tried; a person alone has as many as the place has pools. */
const WAYS_MAX = 64

/**
 * What each pin would break by itself, nobody else being moved and without a solver: of all the ways to carry it out,
 * the one that breaks least. None for a forbid or a stay, which no must stands against. That several pins together
 * want one bed only solving finds. The scenario has none of the edits; they are sound in it.
 */
export function whatPinsBreak(scenario: Scenario, edits: readonly EditAsk[]): Breach[] {
  const world = new World(scenario)
  const pinned = new World({ ...scenario, edits: editRows(edits, 'asker') })
  const judge = judgeOf(world)
  const parties = new Map(partiesOf(pinned).flatMap((party) => party.members.map((id) => [id, party] as const)))
  return edits.flatMap((edit, index) => {
    const party = parties.get(edit.patient ?? '')
    if (edit.kind !== 'pin' || edit.patient === null || party === undefined) return []
    return leastBroken(world, { patient: edit.patient, party, ways: waysOf(pinned, edit.patient, party) }, judge)
      .map((broken) => ({ ...broken, edit: index }))
  })
}

/** Every way to carry out a pin, each spread of beds once, those first that break fewest musts. */
function waysOf(world: World, patient: string, party: Party): Option[] {
  const pin = world.hand.pinOf(patient)
  const at = party.members.indexOf(patient)
  const ways = new Map<string, Option>()
  for (const option of optionsOf(world, { groups: [{ name: 'party', parties: [party] }], eased: true })) {
    const after = { place: option.to, pool: option.pools[at] ?? null }
    const takes = option.kind !== 'stay' && pin !== null && isAsDecided(pin.edit, { own: world.bedOf(patient), after })
    if (takes && !ways.has(option.pools.join('|'))) ways.set(option.pools.join('|'), option)
  }
  return [...ways.values()].sort((a, b) => a.breaks.length - b.breaks.length).slice(0, WAYS_MAX)
}

function leastBroken(
  world: World, { patient, party, ways }: { patient: string; party: Party; ways: readonly Option[] }, judge: (lines: Lines) => Violation[],
): Violation[] {
  let least: Violation[] | null = null
  for (const way of ways) {
    const broken = brokenBy(world, { patient, party, way }, judge)
    if (broken.length === 0) return []
    if (least === null || broken.length < least.length) least = broken
  }
  return least ?? []
}

/** Driven by whatever vehicle has the time, as if nobody else were to ride. */
function brokenBy(world: World, { patient, party, way }: { patient: string; party: Party; way: Option }, judge: (lines: Lines) => Violation[]): Violation[] {
  const from = world.case(patient).place
  const rideMinutes = way.kind === 'ride' ? world.minutesBetween(from, way.to) : 0
  if (rideMinutes === null) return [noRoad(world, patient, way.to)]
  // A ride that no vehicle can make has none of its own in the model.
  const option = { ...way, rideMinutes, vehicles: world.scenario.fleet === 'unlimited' ? UNLIMITED : null }
  const assignments = [{ party, option }]
  const board = timetable(world, { assignments, strict: false, pinnedFirst: false })
  const isLate = board.late.length > 0
  const moves = movesOf(world, assignments, { ...board, late: [] })
  const broken = judge({ moves, trips: board.scheduled.map(({ trip }) => trip) })
  const others = isLate ? broken.filter(({ rule }) => rule !== 'vehicleMinutes') : broken
  // Who may not ride finds no vehicle either.
  return isLate && others.length === 0 ? [noVehicle(world, patient, option)] : others
}

function noRoad(world: World, patient: string, to: string): Violation {
  const [from, there] = [placeName(world, world.case(patient).place), placeName(world, to)]
  return violation('travelLimit', patient, text(`${from.zh}到${there.zh}没有已知的路程`, `no road from ${from.en} to ${there.en} is known`))
}

const noVehicle = (world: World, patient: string, { rideMinutes }: Option): Violation => violation('vehicleMinutes', patient, text(
  `${personName(world, patient).zh}路程 ${rideMinutes} 分钟，当日没有救护车和班组有这段时间`,
  `no ambulance and crew have the time today for ${personName(world, patient).en}, who rides ${counted(rideMinutes, 'minutes')}`))
