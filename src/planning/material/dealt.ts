import { check } from '../check.js'
import { Facts } from '../facts.js'
import type { Plan } from '../plan.js'
import type { Found } from '../planWords.js'
import type { Scenario } from '../scenario.js'
import type { Turn } from '../solve/engine.js'
import { World } from '../world.js'
import type { MaterialPlan } from './plan.js'
import { materialFor } from './run.js'

/** A plan whose transfers are decided, and how long one may ask about ways out of what is short. */
export interface DealAsk {
  readonly scenario: Scenario
  readonly draft: Plan
  /** false: what is short is listed without ways out. */
  readonly waysOut: boolean
  /** What is left of the time of the whole plan, and what ways out get though it is up. */
  readonly milliseconds: number
  readonly floor: number
}

/** Its material, and what is wrong with the whole plan: nothing, of one that may be shown. */
export interface Dealt {
  readonly material: MaterialPlan | null
  readonly violations: readonly Found[]
}

/** Deals out the material of a plan whose transfers are decided. Rejects with SolverFault when it has not ended by `killAfter`. */
export type Dealer = (ask: Turn & DealAsk & { readonly killAfter: number }) => Promise<Dealt>

/** Material follows from where patients lie by then, and changes nothing of it. Takes as long as it takes. */
export function dealt({ scenario, draft, waysOut, milliseconds, floor }: DealAsk, now: () => number): Dealt {
  const deadline = now() + milliseconds
  // From the first question on: half of what is left then, since the plan has yet to be checked. A plan that took all the time asks for the floor's.
  let askUntil: number | null = null
  const mayAsk = () => {
    askUntil ??= now() + Math.max(floor, (deadline - now()) / 2)
    return waysOut && now() < askUntil
  }
  const material = materialFor(new Facts(new World(scenario), draft), { mayAsk })
  return { material, violations: check(scenario, { ...draft, material }) }
}
