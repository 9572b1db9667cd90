import { openBeds } from '../facilities/beds.js'
import { isKnown, sum } from '../kernel/quantity.js'
import type { Facts } from './facts.js'
import { forbiddenBy } from './options.js'
import type { Concentration } from './plan.js'
import type { Bed } from '../stays/stays.js'
import { isHub, type World } from './world.js'

/** Who counts as a confirmed case in care: asymptomatic infections are counted apart. */
const confirmed = (world: World): string[] =>
  Object.keys(world.scenario.cases).filter((id) => world.case(id).status === 'confirmed')

/**
 * The four concentrations as found and after the plan, in whole numbers.
 * 集中患者: confirmed cases in the place to which the policy concentrates them, of all in care.
 * 集中专家: severe and critical confirmed cases who lie where an expert team is stationed, of all of them.
 * 集中资源: staffed intensive and severe beds at the places that treat, of all that are known; cover comes with material.
 * 集中救治: patient-days of today spent outside although a bed that may take them is free.
 */
export function concentrationOf(facts: Facts): { before: Concentration; after: Concentration } {
  const { world } = facts
  const before = measured(world, (id) => world.bedOf(id), () => 0)
  const after = measured(world, (id) => facts.after(id), (pool) => facts.into(pool).length - facts.steppingDownFrom(pool).length)
  return { before, after }
}

function measured(world: World, bedOf: (id: string) => Bed, filled: (pool: string) => number): Concentration {
  const people = confirmed(world)
  const urgent = people.filter((id) => ['severe', 'critical'].includes(world.case(id).severity))
  const sites = new Set(people.map((id) => bedOf(id).place))
  const outside = people.filter((id) => !world.isConcentrated(id, bedOf(id)))
  return {
    patients: {
      inCentralised: { part: people.length - outside.length, of: people.length },
      sitesTreating: sites.size,
    },
    experts: { part: urgent.filter((id) => world.hasTeam(bedOf(id).place)).length, of: urgent.length },
    resources: { beds: urgentBeds(world, sites), daysOfCover: null },
    treatment: { patientDaysOutside: outside.filter((id) => couldBeTaken(world, id, filled)).length },
  }
}

function urgentBeds(world: World, sites: ReadonlySet<string>): { part: number; of: number } {
  const pools = Object.values(world.scenario.pools).filter((pool) =>
    ['intensive', 'severe'].includes(pool.careLevel) && world.isOpen(pool) && isKnown(pool.staffed))
  const beds = (list: typeof pools) => sum(list.map((pool) => openBeds(pool) ?? 0))
  return { part: beds(pools.filter((pool) => sites.has(pool.place) && isHub(world.place(pool.place)))), of: beds(pools) }
}

/** A hub has a bed left that no must closes to this case. */
function couldBeTaken(world: World, patient: string, filled: (pool: string) => number): boolean {
  const from = world.case(patient).place
  return Object.keys(world.scenario.pools).some((id) => {
    const { place } = world.pool(id)
    if (place === from || !isHub(world.place(place)) || world.usable(id) - filled(id) < 1) return false
    const rideMinutes = world.minutesBetween(from, place)
    return rideMinutes !== null && forbiddenBy({ world, patient, to: { place, pool: id }, rideMinutes }).length === 0
  })
}
