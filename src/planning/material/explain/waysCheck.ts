import { canonicalJson } from '../../../kernel/canonical.js'
import { mergePatch } from '../../../kernel/mergePatch.js'
import { text } from '../../../kernel/text.js'
import { violation } from '../../sayings.js'
import type { Found } from '../../planWords.js'
import { validateScenario } from '../../scenarioFaults.js'
import type { Scenario } from '../../scenario.js'
import type { Account } from '../account.js'
import type { MaterialPlan } from '../plan.js'
import { shortByItem } from './waysOut.js'

/** What can be told of ways out without planning again: their patches are lawful and change something, and what they lessen is short. */
export function waysWrong(account: Account, plan: MaterialPlan): Found[] {
  const { scenario } = account.given.ground
  const ids = plan.waysOut.map(({ id }) => id)
  const named = plan.unmet.flatMap(({ waysOut }) => waysOut).filter((id) => !ids.includes(id))
  const short = plan.waysOut.length === 0 ? new Map<string, number>() : shortByItem(account)
  // All at once, since a scenario is large; only when something is wrong it is asked which.
  const areLawful = validateScenario(plan.waysOut.reduce<unknown>((patched, { patch }) => mergePatch(patched, patch), scenario)).ok
  return [
    ...named.map((id) => wrong(id, '不在所列出路中', 'is not among the ways out')),
    ...plan.waysOut.flatMap(({ id, item, patch, proved }) => {
      if (!areLawful && !validateScenario(mergePatch(scenario, patch)).ok) return [wrong(id, '的补丁不合规', 'has a patch that is not lawful')]
      if (!changesSomething(scenario, patch)) return [wrong(id, '的补丁什么也没有改', 'has a patch that changes nothing')]
      return proved.before === short.get(item) && proved.after < proved.before ? [] : [wrong(id, '所减的短缺不符', 'lessens what is not short')]
    }),
  ]
}

/** Only the tables that a patch names are looked at. */
function changesSomething(scenario: Scenario, patch: MaterialPlan['waysOut'][number]['patch']): boolean {
  const named = Object.fromEntries(Object.entries(scenario).filter(([table]) => Object.hasOwn(patch, table)))
  return canonicalJson(mergePatch(named, patch)) !== canonicalJson(named)
}

const wrong = (id: string, zh: string, en: string): Found => violation('waysOut', id, text(`物资出路 ${id} ${zh}`, `way out ${id} of material ${en}`))
