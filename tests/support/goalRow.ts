import type { CityPatch } from './city.js'
import type { Paper } from './planning.js'

/** A goal, the value of a plan written by hand, and the best value that any plan can have, both counted by hand. */
export interface GoalRow {
  readonly rule: string
  readonly says: string
  readonly city: CityPatch
  readonly paper: Paper
  readonly byHand: number
  readonly best: number
}

export const CRITICAL = { severity: 'critical' } as const
export const SEVERE = { severity: 'severe' } as const
