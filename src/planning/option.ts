import type { VehicleClass } from './fleet.js'
import { firstOf, type Group } from './parties.js'
import type { World } from './world.js'

/** A must that closes an option, and where. */
export interface Break {
  readonly rule: string
  readonly subject: string
}

/** Something that may happen to a party of a group: stay, change beds inside, or ride. */
export interface Option {
  readonly group: Group
  readonly kind: 'stay' | 'inside' | 'ride'
  readonly to: string
  /** The pool of each member; null only where somebody stays in an unknown one. */
  readonly pools: readonly (string | null)[]
  /** Null: no vehicle is needed, or an order's own is used. */
  readonly vehicles: VehicleClass | null
  /** Travel minutes of the patient; 0 inside. */
  readonly rideMinutes: number
  /** Minutes of the vehicle and its crew. */
  readonly tripMinutes: number
  /** Only in an eased model, or for an order: the musts that this option would break. */
  readonly breaks: readonly Break[]
  /** Only in an eased model: as if a team had been sent to `to`. */
  readonly teamSent: boolean
  readonly order: string | null
}

/** Members with the pool that an option gives each of them. */
export function membersOf(option: Option): { patient: string; pool: string | null }[] {
  return firstOf(option.group).members.map((patient, i) => ({ patient, pool: option.pools[i] ?? null }))
}

/** How many members of a party come into `pool` by this option. */
export function entering(world: World, option: Option, pool: string): number {
  if (option.kind === 'stay') return 0
  return membersOf(option).filter((m) => m.pool === pool && world.case(m.patient).pool !== pool).length
}
