import { fileURLToPath } from 'node:url'
import { readScenarioFolder } from '../../src/interop/scenarioFolder.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'

/** A scenario that ships with the project. */
export function shipped(name: string): Scenario {
  const read = readScenarioFolder(fileURLToPath(new URL(`../../../scenarios/${name}`, import.meta.url)))
  if (!read.ok) throw new Error(`scenarios/${name}: ${read.problems.map(({ want }) => want.en).join('; ')}`)
  return read.scenario
}

/** The day with `times` the load, valid like any other. */
export function loaded(scenario: Scenario, times: number): Scenario {
  const validated = validateScenario(multiplied(scenario, times))
  if (!validated.ok) throw new Error(`times ${times}: ${validated.faults.map(({ want }) => want.en).join('; ')}`)
  return validated.scenario
}

/**
 * The same day with `times` as many waiting cases: each is copied with a number of its own, and so is each ambulance.
 * The pools in which they lie, and the others of such hospitals, grow with them; the beds that they wait for do not.
 */
export function multiplied(scenario: Scenario, times: number): Scenario {
  const { cases, vehicles, pools, places } = scenario
  const isWaiting = (id: string) => Object.hasOwn(cases, id) && cases[id]?.waitingSince !== null
  const crowded = new Set(Object.keys(cases).filter(isWaiting).map((id) => cases[id]?.pool))
  const grows = (id: string) =>
    crowded.has(id) || places[pools[id]?.place ?? '']?.kind === 'districtDesignatedHospital'
  return {
    ...scenario,
    name: times === 1 ? scenario.name : `${scenario.name}-x${times}`,
    cases: copied(cases, times, (id, person, name) => {
      if (!isWaiting(id)) return null
      // A child goes with the copy of its carer; a carer who waits for nothing stays with the first child.
      const { companion } = person
      return { ...person, companion: companion !== null && isWaiting(companion) ? name(companion) : null }
    }),
    vehicles: copied(vehicles, times, (_id, vehicle) => vehicle),
    pools: Object.fromEntries(Object.entries(pools).map(([id, pool]) => {
      const grown = <F>(figure: F) => (typeof figure === 'number' && grows(id) ? figure * times : figure)
      const { physical, staffed, occupied } = pool
      return [id, { ...pool, physical: grown(physical), staffed: grown(staffed), occupied: grown(occupied) }]
    })),
  }
}

/** The rows, then their second copies, and so on; a row whose copy is null stands once. */
function copied<T>(
  rows: Readonly<Record<string, T>>,
  times: number,
  copyOf: (id: string, row: T, name: (id: string) => string) => T | null,
): Record<string, T> {
  const all = { ...rows }
  for (let copy = 2; copy <= times; copy += 1) {
    const name = (id: string) => `${id}.${copy}`
    for (const [id, row] of Object.entries(rows)) {
      const next = copyOf(id, row, name)
      if (next !== null) all[name(id)] = next
    }
  }
  return all
}
