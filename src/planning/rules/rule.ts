import { sum } from '../../kernel/quantity.js'
import type { Text } from '../../kernel/text.js'
import type { Facts } from '../facts.js'
import type { Expression } from '../model.js'
import type { Build } from '../build.js'
import type { Move, Violation } from '../plan.js'
import type { WayOutKind } from '../policy.js'
import type { Bed } from '../../stays/stays.js'
import type { World } from '../world.js'

/** May this patient go to that bed, this way? */
export interface Ask {
  readonly world: World
  readonly patient: string
  readonly to: { readonly place: string; readonly pool: string }
  /** null: inside one hospital, without a vehicle. */
  readonly rideMinutes: number | null
}

/**
 * What must hold. `forbids` closes single options, `add` writes rows over many of them, and `measure`
 * says the same of a finished plan in plain arithmetic, without looking at the model.
 */
export interface Must {
  readonly level: 'must'
  readonly name: string
  readonly title: Text
  readonly source: string
  /** The place, block or case at which the rule forbids this, or null. */
  readonly forbids?: (ask: Ask) => string | null
  /** The decision that lifts `forbids` for one patient or block; absent: nothing does. */
  readonly liftedBy?: WayOutKind
  readonly add?: (build: Build) => void
  readonly measure: (facts: Facts) => Violation[]
}

/** One person in a finished plan: the bed afterwards, and the move that this plan decides, if any. */
export interface Outcome {
  readonly patient: string
  readonly bed: Bed
  readonly moved: Pick<Move, 'from' | 'to' | 'pool'> | null
  /** The ride is led by this person in a vehicle without negative pressure. */
  readonly plainTrip: boolean
}

/** A need or a wish: `add` returns what is to be made small, `measure` its value in a finished plan. */
export interface Goal {
  readonly level: 'need' | 'wish'
  readonly name: string
  readonly title: Text
  readonly unit: Text
  readonly source: string
  readonly add: (build: Build) => Expression
  readonly measure: (facts: Facts) => number
  /** Where the value is a sum over people: one person's part of it. */
  readonly share?: (world: World, outcome: Outcome) => number
}

/** A goal that is a sum over people, measured person by person. */
export const perPerson = (share: (world: World, outcome: Outcome) => number) => ({
  share,
  measure: (facts: Facts): number =>
    sum(Object.keys(facts.world.scenario.cases).map((patient) => share(facts.world, facts.outcomeOf(patient)))),
})

export const PEOPLE: Text = { zh: '人', en: 'people' }
export const MINUTES: Text = { zh: '分钟', en: 'minutes' }
