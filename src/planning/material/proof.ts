import { text } from '../../kernel/text.js'
import type { Account } from './account.js'
import type { Bound } from './bound.js'
import type { Solved } from './core.js'
import type { BareLevel } from './levels.js'
import type { MaterialLevel } from './plan.js'

const OF_UNITS = text(
  '整箱发放、套件配齐或运力所限，逐件算的下限未必能达到', 'the bound is counted unit by unit; whole packings, complete kits or vehicles may keep it out of reach')
const OF_ASSIGNMENT = text('运力或近效期批次所限，只证到逐批次序', 'vehicles or lots that expire soon are shared: the best is found, and not proved')
const OF_SHIPMENTS = text('每个受领场所至少一车次', 'every place that receives is gone to at least once')

/**
 * What is proved of every level. A band and tier: that no plan leaves fewer units unserved, the earlier levels being as
 * they are, when it comes to the bound. A wish of single units: by the way lots are brought, unless what hangs together
 * shares vehicles or has lots that expire within the horizon.
 */
export function proved(account: Account, bound: Bound, { areWishesBest }: Solved, levels: readonly BareLevel[]): MaterialLevel[] {
  let before = 0
  let need = 0
  return levels.map((level): MaterialLevel => {
    if (level.level === 'need') {
      const least = Math.max(0, (bound.least[need] ?? 0) - before)
      before += level.value
      need += 1
      const optimal = level.value === least
      return { ...level, optimal, bound: optimal ? null : least, note: optimal ? null : OF_UNITS }
    }
    if (level.rule === 'fewestShipments') {
      const least = new Set(account.deed.shipments.map(({ to }) => to)).size
      const optimal = level.value === least
      return { ...level, optimal, bound: optimal ? null : least, note: optimal ? null : OF_SHIPMENTS }
    }
    return { ...level, optimal: areWishesBest, bound: null, note: areWishesBest ? null : OF_ASSIGNMENT }
  })
}
