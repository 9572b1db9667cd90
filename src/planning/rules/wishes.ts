import { openBeds } from '../../facilities/beds.js'
import { isKnown, sum } from '../../kernel/quantity.js'
import { text } from '../../kernel/text.js'
import type { Severity } from '../../cases/cases.js'
import { byCodeUnits } from '../../kernel/canonical.js'
import { entering, membersOf } from '../option.js'
import { type Build } from '../build.js'
import { addTerm, type Expression, type Terms } from '../model.js'
import type { Option } from '../option.js'
import { WISHES, type WishName } from '../policy.js'
import type { Bed } from '../../stays/stays.js'
import { isHub, type World } from '../world.js'
import { type Goal, MINUTES, type Outcome, PEOPLE, perPerson } from './rule.js'

const TRIPS = text('车次', 'trips')
const BLOCKS = text('个分区', 'blocks')
const BEDS = text('张', 'beds')
const PAIRS = text('个去向', 'destinations')
const PER_MILLE = text('‰', 'per mille')

type WishParts = Pick<Goal, 'unit' | 'source' | 'add' | 'measure' | 'share'>
const wish = (name: WishName, parts: WishParts): Goal => ({ level: 'wish', name, title: WISHES[name], ...parts })

/** Members who are moved by an option. */
const movers = (world: World, option: Option) =>
  option.kind === 'stay' || option.order !== null
    ? []
    : membersOf(option).flatMap(({ patient, pool }) =>
        pool !== null && pool !== world.case(patient).pool ? [{ patient, pool }] : [])

const reserveBlocks = wish('reserveBlocks', {
  unit: BLOCKS,
  source: 'decision 4; domain: Who signs (opening is the commander’s)',
  add(build) {
    const terms: Terms = new Map()
    for (const [id, block] of Object.entries(build.world.scenario.blocks)) {
      if (!block.opened) addTerm(terms, build.opens(id, build.eased || build.world.isBlockReady(id) ? 1 : 0), 1)
    }
    return { terms, constant: 0 }
  },
  measure: (facts) => facts.opened().length,
})

const needsWereMet = (world: World, patient: string): boolean =>
  [...world.needsMet(patient, world.bedOf(patient)).values()].every((met) => met)

const unneededMoves = wish('unneededMoves', {
  unit: PEOPLE,
  source: 'decision 4',
  add: (build) => build.perParty((option) =>
    movers(build.world, option).filter(({ patient }) => needsWereMet(build.world, patient)).length),
  ...perPerson((world, { patient, moved }) => (moved !== null && needsWereMet(world, patient) ? 1 : 0)),
})

/** Beds below the safe fill that nobody occupies, holds or is ordered to; negative when already above. */
function roomToSafeFill(world: World, id: string): number {
  const pool = world.pool(id)
  const open = openBeds(pool)
  if (open === null || !isKnown(pool.occupied) || !isKnown(pool.held)) return 0
  const ordered = Object.values(world.scenario.orders).filter((order) => order.pool === id).length
  return Math.floor((open * world.policy.safeFillPerMille) / 1000) - pool.occupied - pool.held - ordered
}

const safeFill = wish('safeFill', {
  unit: BEDS,
  source: 'decision 4: only beds that the plan fills count; policy safeFillPerMille',
  add(build) {
    const over: Terms = new Map()
    for (const id of Object.keys(build.world.scenario.pools)) {
      const terms = build.total(build.moves(), (o) => (o.order === null ? entering(build.world, o, id) : 0))
      if (terms.size === 0) continue
      // over ≥ in − room: least possible, so whole whenever the moves are.
      const column = build.model.column({ name: `over.${id}`, upper: Number.POSITIVE_INFINITY, whole: false })
      addTerm(terms, column, -1)
      addTerm(over, column, 1)
      build.model.atMost({ rule: 'safeFill', subject: id, terms, upper: Math.max(0, roomToSafeFill(build.world, id)) })
    }
    return { terms: over, constant: 0 }
  },
  measure: (facts) => sum(facts.poolsEntered().map((id) => {
    const filled = facts.into(id).filter((move) => move.order === null).length
    return Math.max(0, filled - Math.max(0, roomToSafeFill(facts.world, id)))
  })),
})

const preferredLevel = wish('preferredLevel', {
  unit: PEOPLE,
  source: 'decision 4; policy careLevels',
  add: (build) => build.perParty((option) => movers(build.world, option).filter(({ patient, pool }) =>
    build.world.isAbovePreferred(patient, build.world.pool(pool).careLevel)).length),
  ...perPerson((world, { patient, moved }) =>
    moved !== null && world.isAbovePreferred(patient, world.pool(moved.pool).careLevel) ? 1 : 0),
})

const negativePressure = wish('negativePressure', {
  unit: TRIPS,
  source: '国卫办医函〔2020〕76号: negative-pressure ambulances where possible',
  add: (build) => build.perParty((option) => (option.vehicles?.negativePressure === false ? 1 : 0)),
  ...perPerson((_world, { plainTrip }) => (plainTrip ? 1 : 0)),
})

const minutesOf = (world: World, moved: Outcome['moved']): number =>
  moved === null ? 0 : (world.minutesBetween(moved.from, moved.to) ?? 0)

const urgencyOf = (world: World, patient: string): number => {
  const { severity } = world.case(patient)
  return severity === 'critical' || severity === 'severe' ? world.policy.urgentWeights[severity] : 0
}

const urgentMinutes = wish('urgentMinutes', {
  unit: text('加权分钟', 'weighted minutes'),
  source: 'decision 4; policy urgentWeights',
  add: (build) => build.perParty((option) =>
    sum(movers(build.world, option).map(({ patient }) => urgencyOf(build.world, patient))) * option.rideMinutes),
  ...perPerson((world, { patient, moved }) => urgencyOf(world, patient) * minutesOf(world, moved)),
})

/** For each unit and severity, how many hospitals beyond the first its people ride to. */
const oneHospitalPerUnit = wish('oneHospitalPerUnit', {
  unit: PAIRS,
  source: 'decision 4',
  add(build) {
    const beyond: Terms = new Map()
    const total = Object.keys(build.world.scenario.cases).length
    for (const [senders, byPlace] of ridersByUnit(build)) {
      if (byPlace.size < 2) continue
      const excess: Terms = new Map()
      for (const [place, riders] of byPlace) {
        // used = 1 as soon as anybody of this unit and severity rides there.
        const used = build.model.column({ name: `used.${senders}.${place}`, upper: 1 })
        build.model.atMost({ rule: 'oneHospitalPerUnit', subject: senders, terms: new Map([...riders, [used, -capOf(build, riders, total)]]), upper: 0 })
        addTerm(excess, used, 1)
      }
      const column = build.model.column({ name: `beyond.${senders}`, upper: Number.POSITIVE_INFINITY, whole: false })
      addTerm(excess, column, -1)
      addTerm(beyond, column, 1)
      build.model.atMost({ rule: 'oneHospitalPerUnit', subject: senders, terms: excess, upper: 1 })
    }
    return { terms: beyond, constant: 0 }
  },
  measure(facts) {
    const places = new Map<string, Set<string>>()
    for (const move of facts.decided) {
      if (move.from === move.to) continue
      const key = senderKey(facts.world, move.patient)
      places.set(key, (places.get(key) ?? new Set<string>()).add(move.to))
    }
    return sum([...places.values()].map((set) => set.size - 1))
  },
})

const senderKey = (world: World, patient: string): string => {
  const { unit, severity } = world.case(patient)
  return `${unit}|${severity satisfies Severity}`
}

/** For each unit and severity, by place: Σ people who ride there. */
function ridersByUnit(build: Build): [string, Map<string, Terms>][] {
  const found = new Map<string, Map<string, Terms>>()
  for (const option of build.rides()) {
    for (const { patient } of movers(build.world, option)) {
      const byPlace = found.get(senderKey(build.world, patient)) ?? new Map<string, Terms>()
      found.set(senderKey(build.world, patient), byPlace)
      const riders: Terms = byPlace.get(option.to) ?? new Map<number, number>()
      byPlace.set(option.to, riders)
      addTerm(riders, build.x(option), 1)
    }
  }
  return [...found].sort(([a], [b]) => byCodeUnits(a, b))
}

/** As many as could ever ride there together: the tighter, the sooner the solver is done. */
function capOf(build: Build, riders: Terms, total: number): number {
  const groups = new Map<string, number>()
  for (const option of build.rides()) {
    const weight = riders.get(build.x(option))
    if (weight === undefined) continue
    const { name, parties } = option.group
    groups.set(name, Math.max(groups.get(name) ?? 0, weight * parties.length))
  }
  return Math.min(total, sum(groups.values()))
}

const minutes = wish('minutes', {
  unit: MINUTES,
  source: 'decision 4',
  add: (build) => build.perParty((option) => movers(build.world, option).length * option.rideMinutes),
  ...perPerson((world, { moved }) => minutesOf(world, moved)),
})

/** Whether this outcome is not what the last issued plan wanted; without such a plan nothing differs. */
function differsFromLast(world: World, patient: string, bed: Bed): boolean {
  const { lastPlan: lines } = world.scenario
  if (Object.keys(lines).length === 0) return false
  const last = lines[patient]
  const own = world.bedOf(patient)
  if (last === undefined) return bed.place !== own.place || bed.pool !== own.pool
  return last.to !== bed.place || (bed.pool !== null && last.careLevel !== world.pool(bed.pool).careLevel)
}

const lastPlan = wish('lastPlan', {
  unit: PEOPLE,
  source: 'decision 4: people whom the last issued plan wanted elsewhere, or moved by this one alone',
  add: (build) => build.perParty((option) =>
    membersOf(option).filter(({ patient, pool }) => differsFromLast(build.world, patient, { place: option.to, pool })).length),
  ...perPerson((world, { patient, bed }) => (differsFromLast(world, patient, bed) ? 1 : 0)),
})

/** The fullest hub afterwards, in per mille of its open beds, rounded up; contradicts concentration. */
const loadBalance = wish('loadBalance', {
  unit: PER_MILLE,
  source: 'domain: transfer plan; off by default',
  add(build): Expression {
    const { world } = build
    const fullest = build.model.column({ name: 'fullest', upper: Number.POSITIVE_INFINITY })
    for (const [place, pools] of world.poolsAt) {
      const load = loadOf(world, place)
      if (load === null) continue
      // 1000·(occupied + in) ≤ open·fullest
      const terms = build.total(build.rides(), (o) => 1000 * ((o.to === place ? membersOf(o).length : 0) - leaving(world, o, pools)))
      addTerm(terms, fullest, -load.open)
      build.model.atMost({ rule: 'loadBalance', subject: place, terms, upper: -1000 * load.occupied })
    }
    return { terms: new Map([[fullest, 1]]), constant: 0 }
  },
  measure(facts) {
    const { world } = facts
    const shares = Object.keys(world.scenario.places).flatMap((place) => {
      const load = loadOf(world, place)
      const pools = world.poolsAt.get(place) ?? []
      const rides = facts.plan.moves.filter((m) => m.from !== m.to)
      const into = rides.filter((m) => m.to === place).length - rides.filter((m) => m.fromPool !== null && pools.includes(m.fromPool)).length
      return load === null ? [] : [Math.ceil((1000 * (load.occupied + into)) / load.open)]
    })
    return Math.max(0, ...shares)
  },
})

/** Members who lie in one of these pools and ride away. */
const leaving = (world: World, option: Option, pools: readonly string[]): number =>
  membersOf(option).filter(({ patient }) => pools.includes(world.case(patient).pool ?? '')).length

function loadOf(world: World, place: string): { open: number; occupied: number } | null {
  if (!isHub(world.place(place)) || !world.place(place).underCommand) return null
  const pools = (world.poolsAt.get(place) ?? []).map((id) => world.pool(id)).filter((pool) => openBeds(pool) !== null && isKnown(pool.occupied))
  const open = sum(pools.map((pool) => openBeds(pool) ?? 0))
  return open === 0 ? null : { open, occupied: sum(pools.map((pool) => (isKnown(pool.occupied) ? pool.occupied : 0))) }
}
const ALL: Readonly<Record<WishName, Goal>> = {
  reserveBlocks, unneededMoves, safeFill, preferredLevel, negativePressure, urgentMinutes, oneHospitalPerUnit, minutes,
  lastPlan, loadBalance,
}

/** The wishes that the policy ranks, in its order. */
export const wishesOf = (world: World): Goal[] => world.policy.wishes.map((name) => ALL[name])
