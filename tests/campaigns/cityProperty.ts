import type { Case } from '../../src/cases/cases.js'
import { isKnown } from '../../src/kernel/quantity.js'
import type { Plan } from '../../src/planning/plan.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { lawful, planned, story } from './given.js'
import type { Property } from './property.js'

const CITY = 'chongqing-2020-01-29'
const SEVERITIES = ['critical', 'severe', 'ordinary'] as const
const NEW_NUMBER = '9001'

/** The real city with one more patient in any unit and of any severity: nobody else goes elsewhere. */
export const oneMorePatient: Property = {
  name: 'one more patient changes nobody else’s destination',
  run: async ({ runs, seed }) => {
    const city = story(CITY)
    const { plan } = await planned(city)
    const chosen = sampled(Object.keys(city.units).flatMap((unit) => SEVERITIES.map((severity) => ({ unit, severity }))), { runs, seed })
    const broken: string[] = []
    for (const more of chosen) {
      const { plan: other } = await planned(withOneMore(city, more))
      const changed = Object.keys(city.cases).filter((id) => destination(plan, id) !== destination(other, id))
      if (changed.length > 0) {
        const shown = changed.slice(0, 3).map((id) => `${id} ${destination(plan, id)} → ${destination(other, id)}`)
        broken.push(`one more ${more.severity} of ${more.unit} changes ${changed.length}: ${shown.join(', ')}`)
      }
    }
    return { runs: chosen.length, broken: broken.length === 0 ? null : `${broken.length} of ${chosen.length}\n  ${broken.join('\n  ')}` }
  },
}

const destination = (plan: Plan, id: string): string => plan.moves.find(({ patient }) => patient === id)?.pool ?? 'stays'

/** Spread evenly over the list, from a place that goes by the seed. */
function sampled<T>(list: readonly T[], { runs, seed }: { runs: number; seed: number }): T[] {
  if (runs >= list.length) return [...list]
  return Array.from({ length: runs }, (_, i) => list[(seed + Math.floor((i * list.length) / runs)) % list.length])
    .flatMap((item) => (item === undefined ? [] : [item]))
}

/** Waiting in the unit's district designated hospital, in a bed of the level if there is one, fit to travel. */
function withOneMore(city: Scenario, { unit, severity }: { unit: string; severity: (typeof SEVERITIES)[number] }): Scenario {
  const level = severity === 'critical' ? 'intensive' : severity
  const [place = ''] = Object.entries(city.places)
    .filter(([, row]) => row.unit === unit && row.kind === 'districtDesignatedHospital').map(([id]) => id)
  const [pool = null] = Object.keys(city.pools).filter((id) => city.pools[id]?.place === place && city.pools[id].careLevel === level)
  const person: Case = {
    unit, status: 'confirmed', severity, place, pool, waitingSince: '2020-01-29T12:00:00+08:00', fitness: 'fit',
    fitnessAssessedAt: '2020-01-29T18:00:00+08:00', fitnessValidUntil: null, needs: [], sex: 'unknown', ageBand: 'unknown',
    companion: null, dischargeDue: null, travelExceptionUntil: null, source: 'made up: one more', assumed: [], asOf: null,
  }
  const pools = Object.entries(city.pools).map(([id, row]) => [id, id === pool ? withOneInBed(row) : row] as const)
  return lawful({ ...city, pools: Object.fromEntries(pools), cases: { ...city.cases, [`${unit}-${NEW_NUMBER}`]: person } })
}

/** Somebody more lies there, in a bed more. */
function withOneInBed(pool: Scenario['pools'][string]): Scenario['pools'][string] {
  const more = (figure: Scenario['pools'][string]['occupied']) => (isKnown(figure) ? figure + 1 : figure)
  return { ...pool, physical: more(pool.physical), staffed: more(pool.staffed), occupied: more(pool.occupied) }
}
