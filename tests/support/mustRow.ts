import type { CityPatch } from './city.js'
import { moves, type Paper } from './planning.js'

/**
 * A plan on paper in which only `rule` is broken, or nothing. `also`: rules that cannot be kept when this one is
 * broken.
 */
export interface MustRow {
  readonly rule: string
  readonly says: string
  readonly finds: boolean
  readonly city: CityPatch
  readonly paper: Paper
  /** What the findings of the rule name. */
  readonly subjects?: readonly string[]
  readonly also?: readonly string[]
}

type Rest = Pick<MustRow, 'city' | 'paper'> & Partial<MustRow>
export const broken = (rule: string, says: string, subjects: readonly string[], rest: Rest): MustRow =>
  ({ rule, says, finds: true, subjects, ...rest })
export const kept = (rule: string, says: string, rest: Rest): MustRow => ({ rule, says, finds: false, ...rest })

const POOLS = {
  'hub/intensive': {}, 'hub/severe': {}, 'hub/ordinary': {}, 'dist/ordinary': {},
  'dist/observation': { attributes: ['singleRoom'] },
} as const satisfies CityPatch['pools']

export type Person = NonNullable<NonNullable<CityPatch['cases']>[string]>
export const ill = (cases: Readonly<Record<string, Person>>, more: CityPatch = {}): CityPatch =>
  ({ ...more, pools: { ...POOLS, ...more.pools }, cases })
export const one = (row: Person, more: CityPatch = {}): CityPatch => ill({ 'south-1': row }, more)
export const to = (pool: string): Paper => ({ moves: moves({ 'south-1': pool }) })
