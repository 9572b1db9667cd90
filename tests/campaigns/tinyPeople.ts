import { dayAfter, instantAt } from '../../src/kernel/time.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { keyed, type Names, pick, SOURCE, UNITS } from './tinyNames.js'
import type { Recipe } from './tinyRecipe.js'

type Cases = Scenario['cases']
type Person = Recipe['people'][number]

export const casesOf = (names: Names): Cases =>
  keyed(names.made.people.map((person, i) => [names.case(i), caseOf(names, { person, i })]))

/** A child follows an earlier case who has no carer, always of the same status and mostly in the same place. */
function caseOf(names: Names, { person, i }: { person: Person; i: number }): Cases[string] {
  const carer = carerOf(names, i)
  const carers = carer === null ? person : pick(names.made.people, carer)
  const { status } = carers
  const like = person.companion?.together === true ? carers : person
  const assessed = person.fitness === 'unknown' ? null : names.ago(person.assessedHoursAgo)
  const validUntil = person.validHours === null ? null : names.ago(person.assessedHoursAgo - person.validHours)
  return {
    unit: pick(UNITS, person.unit),
    ...diagnosis(names, { status, severity: person.severity }),
    place: names.place(like.place),
    pool: person.pool === null ? null : names.pool(like.place, person.pool),
    waitingSince: person.waited === null ? null : names.ago(person.waited),
    fitness: person.fitness,
    fitnessAssessedAt: assessed,
    fitnessValidUntil: assessed === null ? null : validUntil,
    needs: [...person.needs],
    sex: 'unknown',
    ageBand: carer === null ? '15-59' : '0-14',
    companion: carer === null ? null : names.case(carer),
    dischargeDue: person.dischargeInDays === null ? null : dayAfter(names.day, person.dischargeInDays),
    travelExceptionUntil: person.travelExceptionHours === null ? null : names.ago(-person.travelExceptionHours),
    ...SOURCE,
  }
}

/** What the edition knows: mild and without symptoms came later than January 2020. */
function diagnosis({ made }: Names, said: Pick<Person, 'status' | 'severity'>) {
  const { status } = said
  const isTooMild = said.severity === 'mild' && (made.edition === '2020' || status === 'suspected')
  const severity = isTooMild ? 'ordinary' : said.severity
  if (status !== 'asymptomatic') return { status, severity }
  return made.edition === '2020' ? { status: 'confirmed' as const, severity } : { status, severity: 'none' as const }
}

function carerOf(names: Names, person: number): number | null {
  const { companion } = pick(names.made.people, person)
  if (companion === null || person === 0) return null
  const carer = companion.of % person
  if (carerOf(names, carer) !== null) return null
  const others = names.made.people.slice(0, person).filter((_, i) => carerOf(names, i) === carer)
  return others.length < CHILDREN_MAX ? carer : null
}
const CHILDREN_MAX = 3

export const lastPlanOf = (names: Names): Scenario['lastPlan'] =>
  keyed(names.made.people.flatMap(({ lastPlan: last }, i): [string, Scenario['lastPlan'][string]][] =>
    last === null ? [] : [[names.case(i), { to: names.place(last.to), careLevel: last.careLevel, ...SOURCE }]]))

/** At most one a person, never to the bed where they lie. */
export function ordersOf(names: Names, ask: { cases: Cases; vehicles: readonly string[] }): Scenario['orders'] {
  const out = new Set<string>()
  const rows = names.made.orders.map((order, i): Scenario['orders'][string] => {
    // From 05:00 or from 12:30 on, so that two orders never ask for one vehicle at once.
    const departs = 300 + 450 * i + order.departs
    const drawn = order.vehicle === null || ask.vehicles.length === 0 ? null : pick(ask.vehicles, order.vehicle)
    // A vehicle carries out one order here, so that no two overlap; without one there are no times to state.
    const vehicle = drawn === null || out.has(drawn) ? null : drawn
    if (vehicle !== null) out.add(vehicle)
    return {
      patient: names.case(order.of),
      pool: order.leaves ? null : names.pool(order.to, order.pool),
      outside: order.leaves ? '外省的医院' : null,
      state: order.state,
      vehicle,
      departs: vehicle === null ? null : instantAt(names.day, departs),
      returns: vehicle === null ? null : instantAt(names.day, departs + order.minutes),
      ...SOURCE,
    }
  })
  const ofPerson = new Map(rows.map((row) => [row.patient, row]))
  const leading = [...ofPerson.values()].filter(({ patient, pool }) => pool === null || ask.cases[patient]?.pool !== pool)
  return keyed(leading.map((row, i) => [`o${i}`, row]))
}
