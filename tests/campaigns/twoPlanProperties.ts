import type { Scenario } from '../../src/planning/scenario.js'
import { carriedOut, demandFree, issued, withOneMoreBed, withOneMoreVehicle } from './changed.js'
import { planned } from './given.js'
import { compareLevels, isProved, needsOf, ofTiny, type Property, valuesOf } from './property.js'
import { totalsDiffer, totalsOfRenamedDiffer } from './sameTwice.js'

const oneMoreBed = ofTiny('one more bed never makes the needs worse', 'either', async (scenario, draws) => {
  const fewer = demandFree(scenario)
  const more = withOneMoreBed(fewer, draws)
  return more === null ? null : needsWorse({ fewer, more })
})

const oneMoreVehicle = ofTiny('one more ambulance never makes the needs worse', 'listed', async (scenario, draws) => {
  const fewer = demandFree(scenario)
  return needsWorse({ fewer, more: withOneMoreVehicle(fewer, draws) })
})

/** No need is worse, level by level, where the plan with more is proved. */
async function needsWorse(days: { fewer: Scenario; more: Scenario }): Promise<string | null> {
  const [fewer, more] = [await planned(days.fewer), await planned(days.more)]
  if (fewer.exit === 3) return null
  if (more.exit === 3) return 'with more, nothing is possible any more'
  const [before, after] = [needsOf(fewer.plan), needsOf(more.plan)]
  if (compareLevels(after, before) <= 0 || !isProved(more.plan)) return null
  return `the needs were ${before.join(' ')}, with more they are ${after.join(' ')}`
}

const renamingPlaces = ofTiny('renaming places changes no total', 'either', totalsOfRenamedDiffer)

const anotherLot = ofTiny('another lot changes no level', 'either', (scenario, draws) =>
  totalsDiffer(scenario, { ...scenario, lotSeed: `another ${draws[0] ?? 0}` }))

const vehiclesOnlyLimit = ofTiny('listed ambulances never do better than unlimited', 'listed', async (scenario) => {
  const listed = demandFree(scenario)
  const [few, many] = [await planned(listed), await planned({ ...listed, fleet: 'unlimited' })]
  if (few.exit === 3) return null
  if (many.exit === 3) return 'impossible with unlimited ambulances only'
  const [limited, best] = [valuesOf(few.plan), valuesOf(many.plan)]
  return compareLevels(best, limited) <= 0 ? null : `${limited.join(' ')} is better than ${best.join(' ')}`
})

const standsWhenIssued = ofTiny('a plan issued as orders stands when planned again', 'either', async (scenario) => {
  const free = demandFree(scenario)
  const first = await planned(free)
  if (first.exit === 3) return null
  const again = await planned(issued(free, first.plan))
  if (again.exit !== 0) return `exit ${again.exit} once the plan is issued`
  const after = new Map(again.plan.moves.map(({ patient, pool }) => [patient, pool]))
  const missing = first.plan.moves.filter(({ patient, pool }) => after.get(patient) !== pool)
  return missing.length === 0 ? null : `no longer moved: ${missing.map(({ patient }) => patient).join(', ')}`
})

const doneWhenCarriedOut = ofTiny('a plan carried out leaves no need worse', 'either', async (scenario) => {
  const first = await planned(demandFree(scenario))
  if (first.exit === 3) return null
  const next = await planned(carriedOut(demandFree(scenario), first.plan))
  const [before, after] = [needsOf(first.plan), needsOf(next.plan)]
  if (next.exit === 0 && compareLevels(after, before) <= 0) return null
  return `exit ${next.exit}; the needs were ${before.join(' ')}, carried out they are ${after.join(' ')}`
})

/** What the plans of two tiny scenarios have to be to each other. */
export const twoPlanProperties: readonly Property[] = [
  oneMoreBed, oneMoreVehicle, renamingPlaces, anotherLot, vehiclesOnlyLimit, standsWhenIssued, doneWhenCarriedOut,
]
