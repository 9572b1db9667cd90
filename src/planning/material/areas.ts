import { byCodeUnits } from '../../kernel/canonical.js'
import { remembered } from '../../kernel/remembered.js'
import type { Area } from '../../supplies/norms.js'
import type { Ground } from './ground.js'
import type { Need } from './need.js'
import { type AreaWant, kitsOf, wantsOfArea } from './slots.js'

/** One area of a place, and what it wants: whom of a tier a shortage or a gift is about. */
export interface AreaWants {
  readonly area: Area
  readonly tier: number
  readonly wants: readonly AreaWant[]
}

/** Areas of the place that the needs are of, in code-unit order, each with what it wants by item and by kit. */
export function areasWith(ground: Ground, needs: readonly Need[]): AreaWants[] {
  const byArea = new Map<Area, Need[]>()
  for (const need of needs) remembered(byArea, need.area, () => []).push(need)
  const kits = kitsOf(ground)
  return [...byArea].sort(([a], [b]) => byCodeUnits(a, b))
    .map(([area, own]) => ({ area, tier: ground.tierOf(area), wants: wantsOfArea(ground, own, kits) }))
}
