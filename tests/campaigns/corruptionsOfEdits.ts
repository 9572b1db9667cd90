import type { EditLine, Plan } from '../../src/planning/plan.js'
import { alsoMoved, type Corruption, type LieOfWord, sentTo, withMove, withoutMove } from './corruption.js'
import { story } from './given.js'

/** Bing 0001 is pinned to East, nobody of Jia goes there, Bing 0002 stays. */
const byHand = () => story('decided-by-hand', { fleet: 'unlimited' })
const withEdit = (change: Partial<EditLine>) => (plan: Plan): Plan =>
  ({ ...plan, edits: plan.edits.map((line) => (line.edit === 'E001' ? { ...line, ...change } : line)) })
const word = (name: string, rule: string, corrupt: LieOfWord['corrupt']): LieOfWord => ({ kind: 'word', name, rule, scenario: byHand, corrupt })

/** Plans that go against what was decided by hand, or say that they do not. */
export const CORRUPTIONS_OF_EDITS: readonly Corruption[] = [
  { kind: 'deed', name: 'somebody pinned sent elsewhere', rule: 'placedByHand', scenario: byHand, corrupt: (plan, world) => sentTo(plan, world, { patient: '丙县-0001', pool: 'west/ordinary' }) },
  { kind: 'deed', name: 'somebody pinned left where they lie', rule: 'placedByHand', scenario: byHand, corrupt: (plan) => withoutMove(plan, '丙县-0001') },
  { kind: 'deed', name: 'somebody moved who was to stay', rule: 'placedByHand', scenario: byHand, corrupt: (plan, world) => alsoMoved(plan, world, { patient: '丙县-0002', pool: 'west/ordinary' }) },
  { kind: 'deed', name: 'somebody sent where nobody of the unit goes', rule: 'forbiddenByHand', scenario: byHand, corrupt: (plan, world) => sentTo(plan, world, { patient: '甲县-0001', pool: 'east/ordinary' }) },
  // It is then no longer told as one that clashes.
  { ...word('a decision said not to be carried out that is', 'edits', withEdit({ carriedOut: false })), also: ['unmet'] },
  word('a decision of another post', 'edits', withEdit({ by: 'somebody-else' })),
  word('a decision for another reason', 'edits', withEdit({ reason: 'none' })),
  word('a decision left out', 'edits', (plan) => ({ ...plan, edits: plan.edits.slice(1) })),
  word('a pinned move for another reason', 'reason', (plan) => withMove(plan, '丙县-0001', { reason: { zh: '须转入集中收治场所', en: 'has to be concentrated' } })),
  {
    kind: 'word', name: 'a way out that withdraws a decision said to be of another post', rule: 'waysOut', waysOut: true, scenario: () => story('pin-cannot-be'),
    corrupt: (plan) => ({ ...plan, unmet: plan.unmet.map((unmet) => ({
      ...unmet, waysOut: unmet.waysOut.map((way) => ({ ...way, text: { zh: way.text.zh.replace('treatment-2', 'desk-1'), en: way.text.en.replace('treatment-2', 'desk-1') } })),
    })) }),
  },
  {
    kind: 'word', name: 'a clash with a decision that was not taken', rule: 'clash', waysOut: true, scenario: () => story('pin-cannot-be'),
    corrupt: (plan) => ({ ...plan, unmet: plan.unmet.map((unmet) => ({
      ...unmet, clash: unmet.clash === null ? null : { ...unmet.clash, rules: unmet.clash.rules.map((one) => (one.subject === 'E001' ? { ...one, subject: 'E002' } : one)) },
    })) }),
  },
]
