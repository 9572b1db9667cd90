import type { EditAsk } from '../../src/planning/edits.js'
import { check } from '../../src/planning/check.js'
import { whatPinsBreak } from '../../src/planning/pinned.js'
import type { Plan } from '../../src/planning/plan.js'
import { planJson } from '../../src/planning/planJson.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { BruteForce } from './bruteForce.js'
import { demandFree, ordersAloneHold } from './changed.js'
import { decided, setsOf, withdrawn, withEdits } from './edited.js'
import { planned } from './given.js'
import { compareLevels, isProved, ofTiny, type Property, valuesOf } from './property.js'
import { bytesDiffer, totalsOfRenamedDiffer } from './sameTwice.js'

const undoneIn = (plan: Plan): string[] => plan.edits.filter(({ carriedOut }) => !carriedOut).map(({ edit }) => edit)

const bruteForceAgrees = ofTiny('brute force agrees around hand decisions', 'unlimited', async (drawn, draws) => {
  const scenario = withEdits(drawn, draws)
  const { exit, plan } = await planned(scenario)
  const demanded = new BruteForce(scenario).best(scenario.require)
  if ((demanded === null) !== (exit === 3)) return `exit ${exit}, and ${demanded === null ? 'no' : 'a'} lawful plan exists`
  const expected = demanded ?? bestWithFewest(scenario, undoneIn(plan))
  if (typeof expected === 'string') return expected
  if (expected === null) return plan.moves.length === 0 ? null : 'moves are shown where no plan is lawful'
  const reached = valuesOf(plan)
  if (compareLevels(reached, expected) === 0) return isProved(plan) ? null : 'a level is not proved best'
  return `the plan reaches ${reached.join(' ')}, the best is ${expected.join(' ')}`
})

/** What the best plan reaches without the decisions named, if no fewer do; a string: fewer do. Null: no plan is lawful without any. */
function bestWithFewest(scenario: Scenario, undone: readonly string[]): number[] | null | string {
  for (let size = 0; size <= Object.keys(scenario.edits).length; size += 1) {
    const lawful = setsOf(Object.keys(scenario.edits), size).filter((ids) => new BruteForce(withdrawn(scenario, ids)).best([]) !== null)
    if (lawful.length === 0) continue
    if (!lawful.some((ids) => ids.join() === undone.join())) return `without ${undone.join(', ') || 'none'} is said, without ${lawful.map((ids) => ids.join(' and ')).join(' or ')} would do`
    return new BruteForce(withdrawn(scenario, undone)).best([])
  }
  return null
}

const passesItsCheck = ofTiny('every plan with hand decisions passes its check and does as it says', 'either', async (drawn, draws) => {
  const scenario = withEdits(drawn, draws)
  const { exit, plan } = await planned(scenario)
  if (planJson(plan) !== planJson((await planned(scenario)).plan)) return 'planned twice, the bytes differ'
  const found = check(scenario, JSON.parse(JSON.stringify(plan)))
  if (found.length > 0) return found.map(({ text }) => text.en).join('; ')
  const undone = undoneIn(plan)
  if (exit === 0 && undone.length > 0) return `exit 0 without ${undone.join(', ')}`
  const arePins = Object.values(scenario.edits).some(({ kind }) => kind === 'pin')
  if (exit === 3 && scenario.require.length === 0 && !arePins && ordersAloneHold(withdrawn(scenario, Object.keys(scenario.edits)))) return 'exit 3, though staying is lawful'
  return plan.levels.length === 0 ? null : against(scenario, plan, undone)
})

/** What goes against a decision that is said to be carried out, in other words than the rule's. */
function against(scenario: Scenario, plan: Plan, undone: readonly string[]): string | null {
  const goes = new Map(plan.moves.filter(({ order }) => order === null).map((move) => [move.patient, move]))
  const wrong = Object.entries(scenario.edits).filter(([id, { kind, patient, unit, place, pool }]) => {
    if (undone.includes(id)) return false
    const move = goes.get(patient ?? '')
    if (kind === 'stay') return move !== undefined
    if (kind === 'pin') return move === undefined || move.to !== place || (pool !== null && move.pool !== pool)
    return [...goes.values()].some(({ patient: who, from, to }) =>
      to === place && from !== place && (who === patient || scenario.cases[who]?.unit === unit))
  })
  return wrong.length === 0 ? null : `${wrong.map(([id]) => id).join(', ')} not carried out`
}

const neverBetter = ofTiny('hand decisions never make a plan better', 'unlimited', async (drawn, draws) => {
  const scenario = demandFree(withEdits(drawn, draws))
  // Moving somebody who lacks nothing is not looked at unless somebody asks for it; for an even load alone it might help.
  if (JSON.stringify(scenario.policy).includes('loadBalance')) return null
  const [free, bound] = [await planned(withdrawn(scenario, Object.keys(scenario.edits))), await planned(scenario)]
  if (free.exit === 3 || compareLevels(valuesOf(bound.plan), valuesOf(free.plan)) >= 0) return null
  return `free it is ${valuesOf(free.plan).join(' ')}, bound ${valuesOf(bound.plan).join(' ')}`
})

const sayingItChangesNothing = ofTiny('deciding by hand what a plan does anyway changes no level', 'unlimited', async (drawn, draws) => {
  const scenario = demandFree(drawn)
  const free = await planned(scenario)
  if (free.exit === 3) return null
  const moved = new Map(free.plan.moves.map((move) => [move.patient, move]))
  const edits = Object.keys(scenario.cases).flatMap((patient, i): EditAsk[] => {
    const move = moved.get(patient)
    const blank = { patient, unit: null, reason: 'as planned' }
    const own = move === undefined ? { ...blank, kind: 'stay' as const, place: null, pool: null } : { ...blank, kind: 'pin' as const, place: move.to, pool: move.pool }
    return (draws[i % draws.length] ?? 0) % 3 === 0 || decided(scenario, [own]) === null ? [] : [own]
  })
  const bound = decided(scenario, edits)
  if (bound === null) return 'the decisions are sound one by one, and not together'
  const { exit, plan } = await planned(bound)
  if (exit === 0 && compareLevels(valuesOf(plan), valuesOf(free.plan)) === 0) return null
  return `exit ${exit}; it was ${valuesOf(free.plan).join(' ')}, decided by hand it is ${valuesOf(plan).join(' ')}`
})

const lawfulPins = ofTiny('a pin that breaks nothing by itself is carried out', 'either', async (drawn, draws) => {
  const scenario = demandFree(withEdits(drawn, draws))
  const pin = Object.values(scenario.edits).find(({ kind }) => kind === 'pin')
  const free = withdrawn(scenario, Object.keys(scenario.edits))
  if (pin === undefined || !ordersAloneHold(free)) return null
  const { kind, patient, unit, place, pool, reason } = pin
  const ask: EditAsk = { kind, patient, unit, place, pool, reason }
  const broken = whatPinsBreak(free, [ask])
  const alone = decided(free, [ask])
  const { exit } = alone === null ? { exit: 3 } : await planned(alone)
  if (broken.length === 0) return exit === 0 ? null : `exit ${exit}, though nothing stands against it`
  // What is broken by itself may be mended by others who step down; and a ride may find room in the timetable that it has.
  const isMendable = broken.every(({ rule }) => ['usableBeds', 'inpatients'].includes(rule))
  return exit === 0 && !isMendable ? `planned, though by itself it breaks ${broken.map(({ rule }) => rule).join(', ')}` : null
})

const orderOfRows = ofTiny('the order of rows changes no byte of a plan with hand decisions', 'either', (drawn, draws) =>
  bytesDiffer(withEdits(drawn, draws), draws))

const renamingPlaces = ofTiny('renaming places changes no total around hand decisions', 'either', (drawn, draws) =>
  totalsOfRenamedDiffer(withEdits(drawn, draws), draws))

/** What plans are when somebody decided something by hand. */
export const editProperties: readonly Property[] = [
  bruteForceAgrees, passesItsCheck, neverBetter, sayingItChangesNothing, lawfulPins, orderOfRows, renamingPlaces,
]
