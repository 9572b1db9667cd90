import { sum } from '../../kernel/quantity.js'
import { text } from '../../kernel/text.js'
import { membersOf } from '../option.js'
import { type Build } from '../build.js'
import type { Expression } from '../model.js'
import type { Option } from '../option.js'
import { type Demand, NEEDS_IN_ORDER } from '../scenario.js'
import type { CountedNeed, World } from '../world.js'
import { type Goal, PEOPLE, perPerson } from './rule.js'

/** Members of the party whose need would not be met by this option. */
const missing = (world: World, option: Option, need: CountedNeed): number =>
  membersOf(option).filter(({ patient, pool }) =>
    world.needsMissing(patient, { place: option.to, pool }, option.teamSent).includes(need)).length

function countedNeed(name: CountedNeed, source: string): Goal {
  return {
    level: 'need',
    name,
    title: NEEDS_IN_ORDER[name],
    unit: PEOPLE,
    source,
    add: (build) => build.perParty((option) => missing(build.world, option, name)),
    ...perPerson((world, { patient, bed }) => (world.needsMissing(patient, bed).includes(name) ? 1 : 0)),
  }
}

/** Whole hours waited by those for whom a need is still not met. */
const waiting: Goal = {
  level: 'need',
  name: 'waiting',
  title: NEEDS_IN_ORDER.waiting,
  unit: text('小时', 'hours'),
  source: 'decision 3 (5)',
  add: (build) => build.perParty((option) => sum(membersOf(option).map(({ patient, pool }) =>
    build.world.needsMissing(patient, { place: option.to, pool }, option.teamSent).length > 0
      ? build.world.hoursWaited(patient)
      : 0))),
  ...perPerson((world, { patient, bed }) =>
    world.needsMissing(patient, bed).length > 0 ? world.hoursWaited(patient) : 0),
}

/** The needs, in their order; policy cannot change it. */
export const NEEDS: readonly Goal[] = [
  countedNeed('critical', 'domain: transfer plan, need; decision 3 (1)'),
  countedNeed('severe', 'domain: transfer plan, need; decision 3 (2)'),
  countedNeed('suspected', 'domain: transfer plan, need; decision 3 (3)'),
  countedNeed('concentrated', 'domain: transfer plan, need; decision 3 (4)'),
  waiting,
]

/** A need that is demanded is a must: nobody may be left over. */
export function addDemand(build: Build, demand: { need: Demand; expression: Expression }): void {
  const { terms, constant } = demand.expression
  build.model.atMost({ rule: `require:${demand.need}`, subject: 'city', terms, upper: -constant })
}
