import type { Act } from '../db/act.js'
import { refuse } from '../kernel/refusal.js'
import { reachOf } from '../kernel/roles.js'
import { AUTHORITIES, type Authority } from './stock.js'

/** What does not come in as released on its sender's paper: the strategic reserve (应急储备). */
export const KEPT_BACK: readonly Authority[] = ['strategicReserve']
/** What was kept back for its authority is let go by the command, who has its word: no store frees it of its own accord. */
export const LET_GO: readonly Authority[] = ['strategicReserve', 'stateAllotment']

/** Refuses whoever releases what is not theirs to release: what is of these authorities is the command's. */
export function mustRelease({ who }: Pick<Act, 'who'>, authority: Authority, kept: readonly Authority[]): void {
  if (!kept.includes(authority) || reachOf(who, ['suppliesGroup', 'commander']).isCity) return
  const { zh, en } = AUTHORITIES[authority]
  throw refuse('forbidden', `“${zh}”的物资只由全市的物资保障组或指挥长放行；入库时请写未放行（released: false）`,
    `what is of “${en}” is released by the supplies group or the commander of the whole city only; take it in as not released (released: false)`)
}
