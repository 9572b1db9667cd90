import type fc from 'fast-check'
import type { Pool } from '../../src/facilities/beds.js'
import { invariant } from '../../src/kernel/invariant.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import { keyed, Names, pick, SOURCE, UNITS } from './tinyNames.js'
import { casesOf, lastPlanOf, ordersOf } from './tinyPeople.js'
import { LEVELS_IN_TURN, type Recipe, recipe } from './tinyRecipe.js'
import { NO_MATERIAL } from '../support/noMaterial.js'

type Fleet = Scenario['fleet']

/** Tiny scenarios: 2 to 4 places and 1 to 5 people, lawful, and as odd as a real day can be. */
export const tinyScenarios = (fleet: Fleet): fc.Arbitrary<Scenario> => recipe.map((made) => scenarioOf(made, fleet))

function scenarioOf(made: Recipe, fleet: Fleet): Scenario {
  const names = new Names(made)
  const cases = casesOf(names)
  const vehicles = fleet === 'unlimited' ? {} : vehiclesOf(names)
  const validated = validateScenario({
    name: 'tiny',
    story: '',
    asOf: names.ago(0),
    planDay: names.day,
    lotSeed: `lot ${made.lotSeed}`,
    fleet,
    policy: { ...(made.wishes === null ? {} : { wishes: made.wishes }), timetable: made.timetable },
    require: made.require,
    units: keyed(UNITS.map((id) =>
      [id, { name: named(id), gbt2260: null, longitude: null, latitude: null, ...SOURCE }])),
    places: placesOf(names),
    pools: poolsOf(names, cases),
    blocks: blocksOf(names),
    teams: keyed(made.teams.map(({ station, underCommand }, i) =>
      [`t${i}`, { name: named(`t${i}`), station: names.place(station), underCommand, ...SOURCE }])),
    cases,
    vehicles,
    travel: travelOf(names),
    orders: ordersOf(names, { cases, vehicles: Object.keys(vehicles) }),
    lastPlan: lastPlanOf(names),
    intake: {},
    edits: {},
    ...NO_MATERIAL,
  } satisfies Record<keyof Scenario, unknown>)
  invariant(validated.ok, `a drawn scenario is lawful: ${validated.ok ? '' : JSON.stringify(validated.faults[0])}`)
  return validated.scenario
}

const named = (word: string) => ({ zh: word, en: word })

const placesOf = (names: Names): Scenario['places'] =>
  keyed(names.made.places.map(({ underCommand, arrivalsPerHour, ventilatorsFree }, i) => [names.place(i), {
    name: named(names.place(i)),
    kind: names.kindOf(i),
    unit: pick(UNITS, i),
    underCommand,
    longitude: null,
    latitude: null,
    arrivalsPerHour,
    ventilatorsFree,
    ...SOURCE,
  }]))

const poolsOf = (names: Names, cases: Scenario['cases']): Scenario['pools'] =>
  keyed(names.made.places.flatMap((place, i) =>
    place.pools.map((_, j): [string, Pool] => [names.pool(i, j), poolOf(names, { place: i, pool: j, cases })])))

function poolOf(names: Names, ask: { place: number; pool: number; cases: Scenario['cases'] }): Pool {
  const id = names.pool(ask.place, ask.pool)
  const place = pick(names.made.places, ask.place)
  const { free, others, notStaffed, notReported, careLevel, ...rest } = pick(place.pools, ask.pool)
  const occupied = others + Object.values(ask.cases).filter(({ pool }) => pool === id).length
  const staffed = Math.max(0, occupied + rest.held + rest.protected + free)
  const physical = Math.max(staffed + notStaffed, rest.protected)
  return {
    ...rest,
    careLevel: place.inTurn ? pick(LEVELS_IN_TURN, ask.pool) : careLevel,
    attributes: [...rest.attributes],
    physical,
    staffed,
    occupied,
    ...(notReported === null ? {} : { [notReported]: 'unknown' }),
    place: names.place(ask.place),
    block: names.kindOf(ask.place) === 'reserveHospital' ? names.block(ask.place, ask.pool) : null,
    ...SOURCE,
  }
}

function blocksOf(names: Names): Scenario['blocks'] {
  const reserves = names.made.places.map((_, i) => i).filter((i) => names.kindOf(i) === 'reserveHospital')
  return keyed(reserves.flatMap((i) => pick(names.made.places, i).blocks.map((block, b) => [names.block(i, b), {
    place: names.place(i),
    sequence: b + 1,
    opened: block.opened,
    clearing: 'signed',
    conversion: 'signed',
    oxygen: block.notSigned === 'oxygen' ? 'notSigned' : 'signed',
    staff: block.notSigned === 'staff' ? 'unknown' : 'signed',
    critical: block.critical,
    leadDays: 2,
    ...SOURCE,
  }] as const)))
}

/** Ambulances of a unit or of a receiving place, based anywhere. */
const vehiclesOf = (names: Names): Scenario['vehicles'] =>
  keyed(names.made.vehicles.map(({ fleet, base, window, ...rest }, i) => [`v${i}`, {
    ...rest,
    fleet: fleet % 3 === 2 ? names.place(fleet) : pick(UNITS, fleet),
    base: names.place(base),
    availableFrom: window[0],
    availableTo: window[1],
    ...SOURCE,
  }]))

/** Each pair of places once, a few both ways, and some not at all. */
function travelOf(names: Names): Scenario['travel'] {
  const pairs = names.made.places.flatMap((_, i) =>
    names.made.places.slice(0, i).map((__, j) => ({ from: names.place(i), to: names.place(j) })))
  return keyed(pairs.flatMap(({ from, to }, k): [string, Scenario['travel'][string]][] => {
    const { minutes, back } = pick(names.made.journeys, k)
    if (minutes === null) return []
    const there: [string, Scenario['travel'][string]] = [`${from}→${to}`, { from, to, minutes, ...SOURCE }]
    return back === null ? [there] : [there, [`${to}→${from}`, { from: to, to: from, minutes: back, ...SOURCE }]]
  }))
}
