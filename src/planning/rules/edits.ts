import { text } from '../../kernel/text.js'
import { isAsDecided, type Placed } from '../edits.js'
import type { Facts } from '../facts.js'
import { membersOf, type Option } from '../option.js'
import { editName, violation } from '../sayings.js'
import type { World } from '../world.js'
import type { Ask, Must } from './rule.js'

const SOURCE = 'README, decisions: a decision by hand is a must of the plan that is made with it'

/** Who was pinned or told to stay by hand lies there afterwards. */
export const placedByHand: Must = {
  level: 'must',
  name: 'placedByHand',
  title: text('人工指定的去向照办', 'who was placed by hand goes there, or stays'),
  source: SOURCE,
  liftedBy: 'withdrawEdit',
  forbids: (ask) => againstAny(ask, [ask.world.hand.placedOf(ask.patient)]),
  add(build) {
    // Options that lead elsewhere are closed one by one; that a pin is carried out at all takes a row, since staying never is.
    for (const group of build.groups) {
      const own = build.optionsOf(group)
      for (const { id, takes } of pinsOf(build.world, own)) {
        const terms = build.total(own, (option) => (takes(option) ? 0 : 1))
        const easing = { kind: 'withdrawEdit', subject: id, per: 1, max: 1 } as const
        build.model.atMost({ rule: this.name, subject: id, terms, upper: 0, easing })
      }
    }
  },
  measure: (facts) => brokenBy(facts, placedByHand.name, (kind) => kind !== 'forbid'),
}

/** Nobody comes to a place from which they were kept by hand. */
export const forbiddenByHand: Must = {
  level: 'must',
  name: 'forbiddenByHand',
  title: text('人工排除的去向不去', 'nobody goes where a hand decision forbids'),
  source: SOURCE,
  liftedBy: 'withdrawEdit',
  forbids: (ask) => againstAny(ask, ask.world.hand.forbidsOf(ask.patient)),
  measure: (facts) => brokenBy(facts, forbiddenByHand.name, (kind) => kind === 'forbid'),
}

/** Rules whose subject is a decision, not a place. */
export const BY_HAND: readonly string[] = [placedByHand.name, forbiddenByHand.name]

function againstAny({ world, patient, to }: Ask, decisions: readonly (Placed | null)[]): string | null {
  const own = world.bedOf(patient)
  return decisions.find((one) => one !== null && !isAsDecided(one.edit, { own, after: to }))?.id ?? null
}

/** The pins of a party, and whether an option carries each of them out. Whoever is pinned is alike to nobody else. */
function pinsOf(world: World, options: readonly Option[]): { id: string; takes: (option: Option) => boolean }[] {
  const [first] = options
  return first === undefined ? [] : membersOf(first).flatMap(({ patient }, i) => {
    const pin = world.hand.pinOf(patient)
    if (pin === null) return []
    const own = world.bedOf(patient)
    const takes = (option: Option) => isAsDecided(pin.edit, { own, after: { place: option.to, pool: option.pools[i] ?? null } })
    return [{ id: pin.id, takes }]
  })
}

function brokenBy(facts: Facts, rule: string, of: (kind: string) => boolean) {
  const { world } = facts
  return Object.entries(world.scenario.edits).filter(([, { kind }]) => of(kind)).flatMap(([id, edit]) => {
    const against = world.hand.boundBy(id).filter((person) => !isAsDecided(edit, { own: world.bedOf(person), after: facts.after(person) }))
    if (against.length === 0) return []
    const name = editName(world, id)
    return [violation(rule, id, text(`未照办：${name.zh}`, `not carried out: ${name.en}`))]
  })
}
