import { invariant } from '../kernel/invariant.js'
import type { Build } from './build.js'
import type { Option } from './option.js'
import type { Party } from './parties.js'

/** Who takes which option. */
export interface Assignment {
  readonly party: Party
  readonly option: Option
}

/**
 * Gives the parties of each group their options: those drawn first move, and take the shorter ride.
 * `x` is whole; a group's counts sum to its size.
 */
export function assignmentsOf(build: Build, x: readonly number[]): Assignment[] {
  return build.groups.flatMap((group) => {
    const taken = build.optionsOf(group).flatMap((option) => {
      const count = x[build.x(option)] ?? 0
      return Array.from({ length: count }, () => option)
    })
    invariant(taken.length === group.parties.length, `group ${group.name} is placed once each`)
    taken.sort((a, b) => Number(a.kind === 'stay') - Number(b.kind === 'stay') || a.rideMinutes - b.rideMinutes)
    return group.parties.map((party, i) => ({ party, option: taken[i] ?? invalid(group.name) }))
  })
}

function invalid(group: string): never {
  invariant(false, `group ${group} has an option for each party`)
}
