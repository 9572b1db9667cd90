import type { Plan, Unmet, WayOut } from '../../src/planning/plan.js'
import type { LieOfWord } from './corruption.js'
import { story } from './given.js'

const withUnmet = (change: (unmet: Unmet) => Unmet) => (plan: Plan): Plan => ({ ...plan, unmet: plan.unmet.map(change) })
const withWay = (change: (way: WayOut) => Partial<WayOut>) =>
  withUnmet((unmet) => ({ ...unmet, waysOut: unmet.waysOut.map((way) => ({ ...way, ...change(way) })) }))
const withClash = (change: (rules: NonNullable<Unmet['clash']>['rules']) => NonNullable<Unmet['clash']>['rules']) =>
  withUnmet((unmet) => (unmet.clash === null ? unmet : { ...unmet, clash: { ...unmet.clash, rules: change(unmet.clash.rules) } }))
const lie = (rule: string, name: string, corrupt: LieOfWord['corrupt']): LieOfWord =>
  ({ kind: 'word', name, rule, waysOut: true, corrupt, scenario: () => story('impossible-demand') })
const OTHERWISE = { zh: '另有安排', en: 'arranged otherwise' }

/** What a plan says of needs that are not met: the rules that clash, and the ways out. */
export const CORRUPTIONS_OF_WAYS_OUT: readonly LieOfWord[] = [
  lie('waysOut', 'a way out in other words than its patch', withWay(() => ({ text: OTHERWISE }))),
  lie('waysOut', 'a way out at half its price', withWay(({ price }) =>
    ({ price: price.map((one) => ({ ...one, amount: Math.floor(one.amount / 2) })) }))),
  lie('waysOut', 'a way out whose patch changes nothing', withWay(() => ({ patch: {} }))),
  lie('waysOut', 'a way out whose patch makes no valid scenario', withWay(({ patch }) => ({ patch: { ...patch, planDay: 'x' } }))),
  lie('waysOut', 'a way out whose patch does more than it tells', withWay(({ patch }) => ({ patch: { ...patch, require: [] } }))),
  lie('waysOut', 'a way out that was not found to cure', withWay(() => ({ proved: { exit: 3, value: 1 } }))),
  lie('waysOut', 'a way out of a kind that its patch is not', withWay(() => ({ kinds: ['addVehicles'] }))),
  lie('waysOut', 'two ways out under one id', withWay(() => ({ id: 'w1' }))),
  lie('clash', 'a clash in other words than its rules', withClash((rules) => rules.map((one) => ({ ...one, text: OTHERWISE })))),
  lie('clash', 'a clash with a rule that does not bind there', withClash((rules) =>
    rules.map((one, i) => (i === 0 ? { ...one, subject: 'moon', text: { zh: `moon：${one.text.zh}`, en: `moon: ${one.text.en}` } } : one)))),
  lie('clash', 'a rule that clashes with itself', withClash((rules) => [...rules, ...rules.slice(0, 1)])),
  lie('clash', 'a clash of no rules', withClash(() => [])),
]
