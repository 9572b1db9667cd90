import { mergePatch } from '../../kernel/mergePatch.js'
import { Facts } from '../facts.js'
import { validateScenario } from '../scenarioFaults.js'
import { World } from '../world.js'
import { Account } from './account.js'
import { boundOf } from './bound.js'
import { type CoreGiven, givenOf, solved } from './core.js'
import { describeMaterial } from './describe.js'
import { fairnessOf } from './explain/fairness.js'
import { bestOf, type Proof, proofOf, type Proposal, proposalsFor, shortByItem, shortByRow, waysOutOf } from './explain/waysOut.js'
import { Ground } from './ground.js'
import { jointsOf } from './joint.js'
import type { MaterialPlan } from './plan.js'
import { proved } from './proof.js'
import { suppliesOf } from './supply.js'

/**
 * The plan of material on where patients lie after the transfers; null: nobody receives any. What is short is planned
 * again with every decision that might lessen it, as long as `mayAsk` says that there is time for another one.
 */
export function materialFor(facts: Facts, { mayAsk }: { readonly mayAsk: () => boolean }): MaterialPlan | null {
  const ground = new Ground(facts.world, facts)
  if (ground.receivers.length === 0) return null
  const given = givenOf(ground)
  const found = solved(given)
  const bound = boundOf(given, found.joints)
  const account = new Account(given, found.deed)
  const { served, levels, ...described } = describeMaterial(account)
  const plan = { ...described, levels: proved(account, bound, found, levels), fairness: fairnessOf(served, bound.most) }
  const rows = shortByRow(account)
  const prove = (proposal: Proposal): Proof | null => (mayAsk() ? proofWith(given, rows, proposal) : null)
  // Every decision once, before any of them at another place: time may be up.
  const first = (mayAsk() ? proposalsFor(account) : []).map((attempt) => ({ attempt, proof: prove(attempt[0]) }))
  return { ...plan, ...waysOutOf(plan, shortByItem(account), first.map(({ attempt, proof }) => bestOf(attempt, prove, proof))) }
}

/** Planned again with a decision taken, which leaves every need as it is: only what hangs together with its item. */
function proofWith(given: CoreGiven, rows: ReadonlyMap<string, number>, { item, patch }: Proposal): Proof | null {
  const patched = validateScenario(mergePatch(given.ground.scenario, patch))
  if (!patched.ok) return null
  const world = new World(patched.scenario)
  const ground = new Ground(world, new Facts(world, given.ground.facts.plan))
  const again = { ...given, ground, supplies: suppliesOf(ground) }
  const slots = jointsOf(again).filter(({ families }) => families.some((items) => items.includes(item))).flatMap((joint) => joint.slots)
  const { deed } = solved({ ...again, slots })
  return proofOf(rows, new Account({ ...again, slots }, deed), item)
}
