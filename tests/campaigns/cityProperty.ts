import type { Case } from '../../src/cases/cases.js'
import type { Pool } from '../../src/facilities/beds.js'
import { isKnown } from '../../src/kernel/quantity.js'
import type { Plan } from '../../src/planning/plan.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { lawful, planned, story } from './given.js'
import type { Property } from './property.js'

const CITY = 'chongqing-2020-01-29'
const SEVERITIES = ['critical', 'severe', 'ordinary'] as const
const NEW_NUMBER = '9001'
type OneOf = (typeof SEVERITIES)[number]

/** The real city with one more patient in any unit and of any severity: nobody else goes elsewhere. */
export const oneMorePatient: Property = {
  name: 'one more patient changes nobody else’s destination',
  run: async ({ runs, seed }) => {
    const city = story(CITY)
    const { plan } = await planned(city)
    const everybody = Object.keys(city.units).flatMap((unit) => SEVERITIES.map((severity) => ({ unit, severity })))
    const chosen = sampled(everybody, { runs, seed })
    const broken: string[] = []
    for (const more of chosen) {
      const { plan: other } = await planned(withOneMore(city, more))
      const changed = Object.keys(city.cases).filter((id) => destination(plan, id) !== destination(other, id))
      if (changed.length > 0) {
        const shown = changed.slice(0, 3).map((id) => `${id} ${destination(plan, id)} → ${destination(other, id)}`)
        broken.push(`one more ${more.severity} of ${more.unit} changes ${changed.length}: ${shown.join(', ')}`)
      }
    }
    const told = `${broken.length} of ${chosen.length}\n  ${broken.join('\n  ')}`
    return { runs: chosen.length, broken: broken.length === 0 ? null : told }
  },
}

const destination = (plan: Plan, id: string): string =>
  plan.moves.find(({ patient }) => patient === id)?.pool ?? 'stays'

/** Spread evenly over the list, from a place that goes by the seed. */
function sampled<T>(list: readonly T[], { runs, seed }: { runs: number; seed: number }): T[] {
  if (runs >= list.length) return [...list]
  return Array.from({ length: runs }, (_, i) => list[(seed + Math.floor((i * list.length) / runs)) % list.length])
    .flatMap((item) => (item === undefined ? [] : [item]))
}

/** Waiting in the unit's district designated hospital, in a bed of the level if there is one, fit to travel. */
function withOneMore(city: Scenario, { unit, severity }: Pick<Case, 'unit'> & { severity: OneOf }): Scenario {
  const level = severity === 'critical' ? 'intensive' : severity
  const [place = ''] = Object.keys(city.places).filter((id) =>
    city.places[id]?.unit === unit && city.places[id].kind === 'districtDesignatedHospital')
  const [pool = null] = Object.keys(city.pools).filter((id) =>
    city.pools[id]?.place === place && city.pools[id].careLevel === level)
  const person: Case = {
    unit, severity, place, pool, status: 'confirmed', waitingSince: '2020-01-29T12:00:00+08:00',
    fitness: 'fit', fitnessAssessedAt: '2020-01-29T18:00:00+08:00', fitnessValidUntil: null, needs: [],
    sex: 'unknown', ageBand: 'unknown', companion: null, dischargeDue: null, travelExceptionUntil: null,
    source: 'made up: one more', assumed: [], asOf: null,
  }
  const pools = Object.entries(city.pools).map(([id, row]) => [id, id === pool ? withOneInBed(row) : row] as const)
  const cases = { ...city.cases, [`${unit}-${NEW_NUMBER}`]: person }
  return lawful({ ...city, cases, pools: Object.fromEntries(pools) })
}

/** Somebody more lies there, in a bed more. */
function withOneInBed(pool: Pool): Pool {
  const more = (figure: Pool['occupied']) => (isKnown(figure) ? figure + 1 : figure)
  return { ...pool, physical: more(pool.physical), staffed: more(pool.staffed), occupied: more(pool.occupied) }
}
