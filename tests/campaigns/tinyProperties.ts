import { check } from '../../src/planning/check.js'
import { planJson } from '../../src/planning/planJson.js'
import { audited } from './audit.js'
import { BruteForce } from './bruteForce.js'
import { ordersAloneHold } from './changed.js'
import { lawful, planned } from './given.js'
import { nextBestWrong } from './nextBestTried.js'
import { compareLevels, isProved, ofTiny, type Property, valuesOf } from './property.js'
import { bytesDiffer } from './sameTwice.js'

const bruteForceAgrees = ofTiny('brute force agrees', 'unlimited', async (scenario) => {
  const { exit, plan } = await planned(scenario)
  const search = new BruteForce(scenario)
  const demanded = search.best(scenario.require)
  const exists = `${demanded === null ? 'no' : 'a'} lawful plan exists`
  if ((demanded === null) !== (exit === 3)) return `exit ${exit}, and ${exists}`
  const best = demanded ?? search.best([])
  if (best === null) return plan.moves.length === 0 ? null : 'moves are shown where no plan is lawful'
  const reached = valuesOf(plan)
  if (compareLevels(reached, best) === 0) return isProved(plan) ? null : 'a level is not proved best'
  return `the plan reaches ${reached.join(' ')}, the best is ${best.join(' ')}`
})

const passesItsCheck = ofTiny('every plan passes its check', 'either', async (scenario) => {
  const first = await planned(scenario)
  const again = await planned(scenario)
  if (planJson(first.plan) !== planJson(again.plan)) return 'planned twice, the bytes differ'
  if (first.exit === 0) {
    const [read, plan]: unknown[] = [JSON.parse(JSON.stringify(scenario)), JSON.parse(JSON.stringify(first.plan))]
    const found = check(lawful(read), plan)
    return found.length === 0 ? null : found.map(({ text }) => text.en).join('; ')
  }
  if (first.exit !== 3) return `exit ${first.exit}`
  // Staying is always allowed: only a demand, or an order that breaks a must, makes a day impossible.
  const isSo = scenario.require.length > 0 || !ordersAloneHold(scenario)
  return isSo ? null : 'exit 3, though carrying out the orders is lawful'
})

const holdsWhenAudited = ofTiny('the figures of the tables are never exceeded', 'either', async (scenario) => {
  const { plan } = await planned(scenario)
  const found = audited(scenario, plan)
  return found.length === 0 ? null : found.join('; ')
})

const nextBestIsTrue = ofTiny('every next best place is lawful and costs what it says', 'unlimited', async (scenario) =>
  nextBestWrong(scenario, (await planned(scenario)).plan))

const orderOfRows = ofTiny('the order of rows changes no byte', 'either', bytesDiffer)

/** What one plan of a tiny scenario has to be. */
export const tinyProperties: readonly Property[] = [
  bruteForceAgrees, passesItsCheck, holdsWhenAudited, nextBestIsTrue, orderOfRows,
]
