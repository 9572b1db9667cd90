import { type EditAsk, editRows } from '../../src/planning/edits.js'
import type { Scenario } from '../../src/planning/scenario.js'
import { validateScenario } from '../../src/planning/scenarioFaults.js'
import type { Draws } from './property.js'
import { pick } from './tinyNames.js'

const EDITS_MAX = 3
/** Pins more often than the rest: only they can be what cannot be. */
const KINDS = ['pin', 'pin', 'pin', 'forbid', 'forbidUnit', 'stay'] as const
const NOTHING = { patient: null, unit: null, place: null, pool: null, reason: 'drawn at random' }

/** The scenario with these decided, if they are sound in it; null: they are not. */
export function decided(scenario: Scenario, edits: readonly EditAsk[]): Scenario | null {
  const read = validateScenario({ ...scenario, edits: editRows(edits, 'night-desk') })
  return read.ok ? read.scenario : null
}

/** The scenario with up to three decisions by hand; a draw that is not sound in it is passed over. */
export function withEdits(scenario: Scenario, draws: Draws): Scenario {
  let edits: EditAsk[] = []
  let last = scenario
  for (let i = 0; i < EDITS_MAX; i += 1) {
    const more = [...edits, drawn(scenario, draws.slice(4 * i, 4 * i + 4))]
    const with_ = decided(scenario, more)
    if (with_ === null) continue
    edits = more
    last = with_
  }
  return last
}

function drawn(scenario: Scenario, [kind = 0, who = 0, where = 0, beds = 0]: Draws): EditAsk {
  const [patient, place] = [pick(Object.keys(scenario.cases), who), pick(Object.keys(scenario.places), where)]
  const pools = Object.keys(scenario.pools).filter((id) => scenario.pools[id]?.place === place)
  switch (pick(KINDS, kind)) {
    case 'pin':
      return { ...NOTHING, kind: 'pin', patient, place, pool: beds % 2 === 0 || pools.length === 0 ? null : pick(pools, beds) }
    case 'forbid':
      return { ...NOTHING, kind: 'forbid', patient, place }
    case 'forbidUnit':
      return { ...NOTHING, kind: 'forbid', unit: pick(Object.keys(scenario.units), who), place }
    case 'stay':
      return { ...NOTHING, kind: 'stay', patient }
  }
}

/** The scenario without some of its decisions. */
export const withdrawn = (scenario: Scenario, ids: readonly string[]): Scenario =>
  ({ ...scenario, edits: Object.fromEntries(Object.entries(scenario.edits).filter(([id]) => !ids.includes(id))) })

/** Every set of so many of these. */
export function setsOf<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]]
  return items.flatMap((item, i) => setsOf(items.slice(i + 1), size - 1).map((rest) => [item, ...rest]))
}
