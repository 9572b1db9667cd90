import { canonicalJson } from '../../kernel/canonical.js'
import { mergePatch } from '../../kernel/mergePatch.js'
import { text } from '../../kernel/text.js'
import type { Plan, Unmet, Violation, WayOut } from '../plan.js'
import { violation } from '../sayings.js'
import { validateScenario } from '../scenarioFaults.js'
import type { World } from '../world.js'
import { decisionsIn, proposalOf } from './decisions.js'
import { Eased } from './eased.js'
import { blockInWords, clashOfReasons, idOf, targetsOf } from './unmet.js'

/**
 * What can be told without a solver of the needs that are not met: that they are all told; that a clash names rules
 * that bind there, in their own words; and that a way out is a patch that makes another valid scenario, with the words
 * and the price that follow from it. That the rules clash, and what planning again gave, it takes on trust.
 */
export function unmetWrong(world: World, plan: Plan): Violation[] {
  const truth = targetsOf(world, plan).map(({ rule, value, demanded }) => ({ rule, value, demanded }))
  const stated = plan.unmet.map(({ rule, value, demanded }) => ({ rule, value, demanded }))
  if (canonicalJson(truth) !== canonicalJson(stated)) {
    return [violation('unmet', 'unmet', text('未达到的目标所列不符', 'the needs that are not met are not as stated'))]
  }
  const ids = new Map<string, string>()
  return plan.unmet.flatMap((unmet) => [
    ...clashWrong(world, plan, unmet),
    ...unmet.waysOut.flatMap((way) => wayWrong(world, way, idOf(way.patch, ids))),
  ])
}

/** A clash of up to this many rules can have been proved smallest. */
const SMALLEST_MAX = 3

function clashWrong(world: World, plan: Plan, { rule, clash }: Unmet): Violation[] {
  const need = targetsOf(world, plan).find((target) => target.rule === rule)?.need ?? null
  // Where rules clash that nobody can ease, the reasons of those who stay are told instead.
  if (clash === null || canonicalJson(clash) === canonicalJson(clashOfReasons(plan, need))) return []
  const { blocks } = new Eased(world, { need, keep: new Map() })
  const names = clash.rules.map((one) => `${one.rule}@${one.subject}`)
  const isTold = clash.rules.every((one, i) => {
    const name = names[i] ?? ''
    return blocks.has(name) && canonicalJson(one) === canonicalJson(blockInWords(world, name))
  })
  const isSet = names.length > 0 && new Set(names).size === names.length
  if (isTold && isSet && (!clash.smallest || names.length <= SMALLEST_MAX)) return []
  return [violation('clash', rule, text(`“${rule}”的冲突所列规则不符`, `the rules that are said to clash at "${rule}" are not as recomputed`))]
}

function wayWrong(world: World, way: WayOut, id: string): Violation[] {
  const { scenario, policy } = world
  const { kinds, text: words, price, patch, proved } = way
  const wrong = (zh: string, en: string) => [violation('waysOut', way.id, text(`出路 ${way.id} ${zh}`, `way out ${way.id} ${en}`))]
  const patched = validateScenario(mergePatch(scenario, patch))
  if (!patched.ok) return wrong('的补丁得不出有效情景', 'has a patch that makes no valid scenario')
  if (canonicalJson(patched.scenario) === canonicalJson(scenario)) return wrong('的补丁什么也没有改', 'has a patch that changes nothing')
  const truth = proposalOf(world, decisionsIn(world, patch))
  const isAllowed = truth.kinds.every((kind) => policy.waysOut.some((allowed) => allowed === kind))
  const isTold = canonicalJson(truth) === canonicalJson({ kinds, text: words, price, patch })
  const isProved = proved.exit === 0 && proved.value === 0
  return isAllowed && isTold && isProved && way.id === id ? [] : wrong(
    '的说明、代价或结果与其补丁不符', 'has words, a price or a result that do not follow from its patch')
}
