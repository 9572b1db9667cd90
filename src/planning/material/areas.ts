import { byCodeUnits } from '../../kernel/canonical.js'
import { remembered } from '../../kernel/remembered.js'
import type { Area } from '../../supplies/norms.js'
import type { CoreGiven } from './core.js'
import type { Need } from './need.js'
import { type AreaWant, kitsOf, wantsOfArea } from './slots.js'

/** One area of a place, and what it wants: whom of a tier a shortage or a gift is about. */
export interface AreaWants {
  readonly area: Area
  readonly tier: number
  readonly wants: readonly AreaWant[]
}

/** Areas of a place, in code-unit order, each with what it wants by item and by kit. */
export function areasAt({ ground, needs }: Pick<CoreGiven, 'ground' | 'needs'>, place: string): AreaWants[] {
  const byArea = new Map<Area, Need[]>()
  for (const need of needs) if (need.place === place) remembered(byArea, need.area, () => []).push(need)
  const kits = kitsOf(ground)
  return [...byArea].sort(([a], [b]) => byCodeUnits(a, b))
    .map(([area, own]) => ({ area, tier: ground.tierOf(area), wants: wantsOfArea(ground, own, kits) }))
}
