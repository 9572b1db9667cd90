import { text } from '../../kernel/text.js'
import type { Account } from './account.js'
import { allocationsOf } from './allocations.js'
import { coverOf } from './cover.js'
import { callsFor } from './explain/calls.js'
import { servedByItem } from './explain/fairness.js'
import { kitsMadeUp, shortagesOf } from './explain/shortages.js'
import { standingOf, substitutionsOf, surplusOf, unexplainedOf, withheldOf } from './explain/stock.js'
import { type BareLevel, levelsOf } from './levels.js'
import { needOn } from './need.js'
import type { MaterialPlan } from './plan.js'

/** The plan of material but for what is proved of it, and ways out, which are planned with to see what they give. */
export interface Described extends Omit<MaterialPlan, 'levels' | 'waysOut' | 'fairness'> {
  readonly levels: readonly BareLevel[]
  readonly served: ReadonlyMap<string, number>
}

const BASIS = text('先定转运，再按转运后患者所在测算和调拨物资；物资不影响转运', 'transfers are planned first, then material on where patients lie by then; material changes no transfer')

/** All that follows from what goes where, in figures and words. */
export function describeMaterial(account: Account): Described {
  const { given: { ground, needs }, deed } = account
  const cover = coverOf(account)
  return {
    days: [...ground.days],
    basis: BASIS,
    lotsOfUse: [...ground.lotsOfUse].map(([item, units]) => ({ item, units })),
    levels: levelsOf(account),
    needs: needs.map((need) => ({
      place: need.place, area: need.area, tier: ground.tierOf(need.area), item: need.item, factorPerMille: need.factorPerMille,
      perMilleByBand: ground.policy.bands.map((band) => ground.days.reduce((sum, _, day) => sum + needOn(need, band, day), 0)),
    })),
    allocations: allocationsOf(account, cover),
    shipments: [...deed.shipments],
    ownSubstitutes: [...deed.ownSubstitutes],
    standing: standingOf(account),
    unmet: shortagesOf(account),
    kits: kitsMadeUp(account),
    cover,
    surplus: surplusOf(account),
    withheld: withheldOf(account),
    substitutions: substitutionsOf(account),
    unexplained: unexplainedOf(account),
    callList: callsFor(account),
    violations: [],
    served: servedByItem(account),
  }
}
