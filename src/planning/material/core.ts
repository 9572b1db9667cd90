import type { Ground } from './ground.js'
import { type Given, gradesOf, type Joint, jointsOf, serve } from './joint.js'
import { needsOf, type Unexplained } from './need.js'
import { type Deed, deedOf } from './shipments.js'
import { slotsOf } from './slots.js'
import { suppliesOf } from './supply.js'

export interface CoreGiven extends Given {
  readonly unexplained: readonly Unexplained[]
}

/** Who needs what and what there is, worked out once for the plan and its check. */
export function givenOf(ground: Ground): CoreGiven {
  const { needs, unexplained } = needsOf(ground)
  return { ground, needs, slots: slotsOf(ground, needs), supplies: suppliesOf(ground), grades: gradesOf(ground, needs), unexplained }
}

export interface Solved {
  readonly deed: Deed
  readonly joints: readonly Joint[]
  /** Every wish of single units is as small as it can be, what is served being settled. */
  readonly areWishesBest: boolean
}

/** What goes where: everything that hangs together is served by itself, then all of it is put into shipments. */
export function solved(given: Given): Solved {
  const joints = jointsOf(given)
  const brought = joints.flatMap((joint) => serve(given, joint))
  return {
    deed: deedOf(given.ground, brought.flatMap(({ ladings }) => ladings)), joints,
    areWishesBest: brought.every(({ isWeighed }) => isWeighed) && joints.every(({ hasVolume, isDated }) => !hasVolume && !isDated),
  }
}
