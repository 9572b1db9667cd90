import type { Plan, Unmet, WayOut } from '../planning/plan.js'
import type { Scenario } from '../planning/scenario.js'
import type { PlanFor } from './planCommand.js'
import { withPatch } from './scenarioInput.js'

/** What a scenario showed: facts in the order in which they are printed, and everything that is not as it should be. */
export interface Verdict {
  readonly facts: readonly string[]
  readonly faults: readonly string[]
}

export const VERIFY_OPTIONS = { engine: 'highs', milliseconds: 60_000, secondOpinion: true } as const

interface Tried {
  readonly way: WayOut
  /** null: the patch does not make a valid scenario. */
  readonly exit: number | null
  readonly faults: readonly string[]
}

/** Applies every way out for real and plans again: nothing that is promised may be untrue. */
export async function tryWaysOut(
  scenario: Scenario,
  made: { exit: number; plan: Plan },
  planFor: PlanFor,
): Promise<Verdict> {
  const tried: Tried[] = []
  for (const unmet of made.plan.unmet) {
    for (const way of unmet.waysOut) tried.push(await tryWay(scenario, { unmet, way }, planFor))
  }
  const faults = tried.flatMap((one) => one.faults)
  if (made.exit === 3) {
    return { facts: impossibleFacts(made.plan, tried), faults: [...clashFaults(made.plan), ...faults] }
  }
  if (tried.length === 0) return { facts: [], faults }
  const asProved = tried.filter((one) => one.faults.length === 0).length
  return { facts: [`ways out ${tried.length} applied`, `${asProved} as proved`], faults }
}

async function tryWay(
  scenario: Scenario,
  { unmet, way }: { unmet: Unmet; way: WayOut },
  planFor: PlanFor,
): Promise<Tried> {
  const patched = withPatch(scenario, way.patch)
  if (!patched.ok)
    return { way, exit: null, faults: [`${way.id} makes no valid scenario: ${patched.sentences[0]?.en ?? ''}`] }
  const { exit, plan } = await planFor(patched.scenario, { ...VERIFY_OPTIONS, secondOpinion: false, waysOut: false })
  const level = plan.levels.find((one) => one.rule === unmet.rule)
  const faults = [
    ...(exit === 0 ? [] : [`${way.id} exit expected 0, got ${exit}`]),
    ...(exit === way.proved.exit ? [] : [`${way.id} proved exit ${way.proved.exit}, got ${exit}`]),
    ...(level === undefined || level.value === way.proved.value
      ? []
      : [`${way.id} proved ${unmet.rule} ${way.proved.value}, got ${level.value}`]),
  ]
  return { way, exit, faults }
}

function impossibleFacts(plan: Plan, tried: readonly Tried[]): string[] {
  const clashes = plan.unmet.map(({ clash }) =>
    clash === null ? 'none found' : clash.rules.map((rule) => `${rule.rule}@${rule.subject}`).join(' + '),
  )
  const ways = tried.map(
    ({ way, exit }) => `${way.id} applied: ${exit === null ? 'no valid scenario' : `exit ${exit}`}`,
  )
  return [`clash: ${clashes.join(' and ') || 'none found'}`, `ways out: ${ways.join(', ') || 'none'}`]
}

/** Whatever is impossible has rules that clash, and the plan names them; a way out there need not be. */
const clashFaults = (plan: Plan): string[] =>
  plan.unmet.some(({ clash }) => clash !== null) ? [] : ['impossible, and no clash is named']
