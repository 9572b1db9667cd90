import type fc from 'fast-check'
import type { Pool } from '../../src/facilities/beds.js'
import { invariant } from '../../src/kernel/invariant.js'
import { dayAfter, instantAt } from '../../src/kernel/time.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import { type Recipe, recipe } from './tinyRecipe.js'

/** Tiny scenarios: 2 to 4 places and 1 to 5 people, lawful, and as odd as a real day can be. */
export const tinyScenarios = (fleet: Scenario['fleet']): fc.Arbitrary<Scenario> => recipe.map((made) => scenarioOf(made, fleet))

const SOURCE = { source: 'drawn at random', assumed: [], asOf: null }
const UNITS = ['u1', 'u2']
const PLAN_DAYS = { 2020: '2020-01-30', 2022: '2022-11-20' } as const
type Rows<T extends keyof Scenario> = Scenario[T]
type MadePlace = Recipe['places'][number]

export function scenarioOf(made: Recipe, fleet: Scenario['fleet']): Scenario {
  const value = new Tiny(made, fleet).scenario()
  const validated = validateScenario(value)
  invariant(validated.ok, `a drawn scenario is lawful: ${validated.ok ? '' : JSON.stringify(validated.faults[0])}`)
  return validated.scenario
}

class Tiny {
  private readonly day: string
  private readonly people: readonly { id: string; row: Scenario['cases'][string] }[]

  constructor(
    private readonly made: Recipe,
    private readonly fleet: Scenario['fleet'],
  ) {
    this.day = PLAN_DAYS[made.edition]
    this.people = made.people.map((_, i) => ({ id: this.caseId(i), row: this.person(i) }))
  }

  scenario(): Scenario {
    const { made } = this
    const reserves = made.places.flatMap((place, i) => (this.kindOf(i) === 'reserveHospital' ? [{ place, i }] : []))
    const named = (zh: string) => ({ zh, en: zh })
    return {
      name: 'tiny', story: '', asOf: this.at(0), planDay: this.day, lotSeed: `lot ${made.lotSeed}`, fleet: this.fleet,
      policy: { ...(made.wishes === null ? {} : { wishes: made.wishes }), timetable: made.timetable },
      require: made.require,
      units: keyed(UNITS.map((id) => [id, { name: named(id), gbt2260: null, aliases: [], longitude: null, latitude: null, ...SOURCE }])),
      places: keyed(made.places.map((place, i) => [this.placeId(i), {
        name: named(this.placeId(i)), kind: this.kindOf(i), unit: at(UNITS, i), underCommand: place.underCommand, longitude: null,
        latitude: null, arrivalsPerHour: place.arrivalsPerHour, ventilatorsFree: place.ventilatorsFree, ...SOURCE,
      }])),
      pools: keyed(made.places.flatMap((place, i) => place.pools.map((_, j): [string, Pool] => [this.poolId(i, j), this.pool(i, j)]))),
      blocks: keyed(reserves.flatMap(({ place, i }) => place.blocks.map((block, b): [string, Rows<'blocks'>[string]] => {
        const signed = { clearing: 'signed', conversion: 'signed', oxygen: 'signed', staff: 'signed' } as const
        const missing = block.notSigned === null ? {} : { [block.notSigned]: 'notSigned' }
        return [this.blockId(i, b), {
          place: this.placeId(i), sequence: b + 1, opened: block.opened, critical: block.critical, leadDays: 2, ...signed, ...missing, ...SOURCE,
        }]
      }))),
      teams: keyed(made.teams.map(({ station, underCommand }, i) => [`t${i}`, {
        name: named(`t${i}`), station: this.placeId(station), underCommand, ...SOURCE,
      }])),
      cases: keyed(this.people.map(({ id, row }) => [id, row])),
      vehicles: this.vehicles(),
      travel: this.travel(),
      orders: this.orders(),
      lastPlan: keyed(made.people.flatMap(({ lastPlan }, i): [string, Rows<'lastPlan'>[string]][] =>
        lastPlan === null ? [] : [[this.caseId(i), { to: this.placeId(lastPlan.to), careLevel: lastPlan.careLevel, ...SOURCE }]])),
      intake: {},
    }
  }

  private at(hoursAgo: number): string {
    return instantAt(this.day, this.made.clock - 60 * hoursAgo)
  }

  /** A city has at least a centralised hospital and a district designated one; only 2022 knows the fangcang. */
  private kindOf(i: number): MadePlace['kind'] {
    if (i < 2) return i === 0 ? 'centralisedTreatmentHospital' : 'districtDesignatedHospital'
    const { kind } = at(this.made.places, i)
    return kind === 'fangcang' && this.made.edition === '2020' ? 'centralisedTreatmentHospital' : kind
  }

  /** Names in another order than the places, so that ties by id mean nothing else. */
  private placeId(i: number): string {
    return `p${((i % this.made.places.length) + this.made.names) % this.made.places.length}`
  }
  private poolId(i: number, j: number): string {
    return `${this.placeId(i)}/${j % at(this.made.places, i).pools.length}`
  }
  private blockId(i: number, b: number): string {
    return `${this.placeId(i)}#${(b % at(this.made.places, i).blocks.length) + 1}`
  }
  private caseId(i: number): string {
    return `${at(UNITS, at(this.made.people, i).unit)}-000${(i % this.made.people.length) + 1}`
  }

  private pool(i: number, j: number): Pool {
    const { free, others, notStaffed, notReported, ...rest } = at(at(this.made.places, i).pools, j)
    const named = this.people.filter(({ row }) => row.pool === this.poolId(i, j)).length
    const staffed = Math.max(0, named + others + rest.held + rest.protected + free)
    const known = { physical: Math.max(staffed + notStaffed, rest.protected), staffed, occupied: named + others, held: rest.held }
    return {
      ...rest, ...known, ...(notReported === null ? {} : { [notReported]: 'unknown' }),
      place: this.placeId(i), block: this.kindOf(i) === 'reserveHospital' ? this.blockId(i, j) : null, ...SOURCE,
    }
  }

  /** A child follows an earlier case who has no carer, mostly in the same place and of the same status. */
  private person(i: number): Rows<'cases'>[string] {
    const own = at(this.made.people, i)
    const carer = this.carerOf(i)
    const like = carer !== null && own.companion?.together === true ? at(this.made.people, carer) : own
    const spell = this.made.edition === '2020'
      ? { status: like.status === 'asymptomatic' ? 'confirmed' as const : like.status, severity: own.severity === 'mild' ? 'ordinary' as const : own.severity }
      : { status: like.status, severity: like.status === 'asymptomatic' ? 'none' as const : own.severity === 'mild' && like.status === 'suspected' ? 'ordinary' as const : own.severity }
    const assessed = own.fitness === 'unknown' ? null : this.at(own.assessedHoursAgo)
    const waitingSince = own.waited === null ? null : this.at(own.waited)
    return {
      unit: at(UNITS, own.unit), ...spell, place: this.placeId(like.place), pool: own.pool === null ? null : this.poolId(like.place, own.pool),
      waitingSince, fitness: own.fitness, fitnessAssessedAt: assessed,
      fitnessValidUntil: assessed === null || own.validHours === null ? null : this.at(own.assessedHoursAgo - own.validHours),
      needs: own.needs, sex: 'unknown', ageBand: 'unknown', companion: carer === null ? null : this.caseId(carer),
      dischargeDue: own.dischargeInDays === null ? null : dayAfter(this.day, own.dischargeInDays),
      travelExceptionUntil: own.travelExceptionHours === null ? null : this.at(-own.travelExceptionHours), ...SOURCE,
    }
  }

  private carerOf(i: number): number | null {
    const { companion } = at(this.made.people, i)
    if (companion === null || i === 0) return null
    const carer = companion.of % i
    return this.carerOf(carer) === null ? carer : null
  }

  private vehicles(): Rows<'vehicles'> {
    if (this.fleet === 'unlimited') return {}
    return keyed(this.made.vehicles.map(({ fleet, base, window, ...rest }, i) => [`v${i}`, {
      ...rest, fleet: fleet % 3 === 2 ? this.placeId(fleet) : at(UNITS, fleet), base: this.placeId(base),
      availableFrom: window[0], availableTo: window[1], ...SOURCE,
    }]))
  }

  private travel(): Rows<'travel'> {
    const pairs = this.made.places.flatMap((_, i) => this.made.places.slice(0, i).map((__, j) => [this.placeId(i), this.placeId(j)] as const))
    return keyed(pairs.flatMap(([from, to], k): [string, Rows<'travel'>[string]][] => {
      const { minutes, back } = at(this.made.journeys, k)
      if (minutes === null) return []
      const there: [string, Rows<'travel'>[string]] = [`${from}→${to}`, { from, to, minutes, ...SOURCE }]
      return back === null ? [there] : [there, [`${to}→${from}`, { from: to, to: from, minutes: back, ...SOURCE }]]
    }))
  }

  /** At most one a person, never to the bed where they lie. */
  private orders(): Rows<'orders'> {
    const vehicles = Object.keys(this.vehicles())
    const rows = new Map(this.made.orders.map((order): [string, Rows<'orders'>[string]] => [this.caseId(order.of % this.people.length), {
      patient: this.caseId(order.of % this.people.length), pool: this.poolId(order.to, order.pool), state: order.state,
      vehicle: order.vehicle === null || vehicles.length === 0 ? null : at(vehicles, order.vehicle),
      departs: instantAt(this.day, order.departs), returns: instantAt(this.day, order.departs + order.minutes), ...SOURCE,
    }]))
    const others = [...rows.values()].filter(({ patient, pool }) => this.people.every(({ id, row }) => id !== patient || row.pool !== pool))
    return keyed(others.map((row, i) => [`o${i}`, row]))
  }
}

const keyed = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries)

function at<T>(list: readonly T[], i: number): T {
  const item = list[i % list.length]
  invariant(item !== undefined, 'a list to draw from is not empty')
  return item
}
