import { canonicalJson } from '../kernel/canonical.js'
import { text } from '../kernel/text.js'
import { describe } from './explain/describe.js'
import { unmetWrong } from './explain/unmetCheck.js'
import { Facts } from './facts.js'
import { checkMaterial } from './material/check.js'
import { goalsOf } from './levels.js'
import { type Plan, planSchema, type Violation } from './plan.js'
import { placedByHand } from './rules/edits.js'
import { MUSTS } from './rules/musts.js'
import { violation } from './sayings.js'
import type { Scenario } from './scenario.js'
import { World } from './world.js'

/**
 * Recomputes a plan from the scenario without any solver: its shape, every must, the value of every level, and every
 * word and figure beside them. It cannot prove `optimal`, nor what planning again with a way out gave; the second
 * opinion is no part of it. Empty: nothing is wrong.
 */
export function check(scenario: Scenario, plan: unknown): Violation[] {
  const parsed = planSchema.safeParse(plan)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => violation('shape', issue.path.join('.'), text(`不合格式：${issue.message}`, `wrong shape: ${issue.message}`)))
  }
  const world = new World(scenario)
  const unknown = unknownIds(world, parsed.data)
  // Rules are written for things that exist; with unknown ids there is nothing to measure.
  if (unknown.length > 0) return unknown
  const facts = new Facts(world, parsed.data)
  if (isNoPlan(parsed.data)) return [...wordsAndFigures(scenario, null, parsed.data, world), ...checkMaterial(facts, parsed.data.material)]
  const broken = MUSTS.flatMap((rule) => rule.measure(facts)).filter(({ rule }) => !(rule === placedByHand.name && saysSoItself(parsed.data)))
  const wrong = [...demandsKept(facts, parsed.data), ...levelValues(facts, parsed.data)]
  // Explanations are of lawful plans.
  if (broken.length > 0) return [...broken, ...wrong]
  return [...wrong, ...wordsAndFigures(scenario, facts, parsed.data, world), ...checkMaterial(facts, parsed.data.material)]
}

/** Orders clash with musts: nothing is planned, and nothing may be. */
const isNoPlan = (plan: Plan): boolean =>
  plan.status === 'impossible' && plan.levels.length === 0 && plan.moves.length === 0 && plan.trips.length === 0

/** The rule under which a field that is not as recomputed is refused; its own name where none stands here. */
const FIELD_RULES: Partial<Record<keyof Plan, string>> = {
  scenario: 'identity', snapshotHash: 'identity', asOf: 'identity', planDay: 'identity', policyEdition: 'identity',
  policySources: 'identity', lotSeed: 'identity', moves: 'reason',
}
const NOT_RECOMPUTED: readonly (keyof Plan)[] = ['levels', 'unmet', 'secondOpinion', 'engine', 'material']

function wordsAndFigures(scenario: Scenario, facts: Facts | null, plan: Plan, world: World): Violation[] {
  const { levels, engine, secondOpinion } = plan
  const status = plan.status === 'impossible' || plan.status === 'outOfTime' ? plan.status : null
  const truth = describe({ world, scenario, facts, levels, status, engine, secondOpinion })
  const fields = (Object.keys(truth) as (keyof Plan)[]).filter((field) => !NOT_RECOMPUTED.includes(field))
  const wrong = fields.filter((field) => told(truth, field) !== told(plan, field))
  const next = truth.moves.filter((move, i) => canonicalJson(move.nextBest) !== canonicalJson(plan.moves[i]?.nextBest))
  return [
    ...next.map(({ patient }) => violation('nextBest', patient, text(`${patient} 的次优去向不符`, `the next best place of ${patient} is not as stated`))),
    ...wrong.map((field) => violation(FIELD_RULES[field] ?? field, field, text(`“${field}”与重新核算的不符`, `"${field}" is not as recomputed`))),
    ...unmetWrong(world, plan),
  ]
}

/** A field as compared: moves without their next best place, which has a finding of its own. */
const told = (plan: Plan, field: keyof Plan): string =>
  canonicalJson(field === 'moves' ? plan.moves.map(({ nextBest: _next, ...move }) => move) : plan[field])

/** What a plan names and the scenario does not have. */
export function unknownIds(world: World, plan: Pick<Plan, 'moves' | 'trips'> & { readonly reserves: readonly { readonly block: string }[] }): Violation[] {
  const { cases, places, pools, vehicles, blocks, orders } = world.scenario
  const trips = new Set(plan.trips.map((trip) => trip.id))
  const named: [string, string, boolean][] = [
    ...plan.moves.flatMap((m): [string, string, boolean][] => [
      ['case', m.patient, Object.hasOwn(cases, m.patient)],
      ['place', m.from, Object.hasOwn(places, m.from)],
      ['place', m.to, Object.hasOwn(places, m.to)],
      ['pool', m.pool, Object.hasOwn(pools, m.pool) && pools[m.pool]?.place === m.to],
      ['pool', m.fromPool ?? '', m.fromPool === null || Object.hasOwn(pools, m.fromPool)],
      ['trip', m.trip ?? '', m.trip === null || trips.has(m.trip)],
      ['order', m.order ?? '', m.order === null || Object.hasOwn(orders, m.order)],
    ]),
    ...plan.trips.flatMap((t): [string, string, boolean][] => [
      ['vehicle', t.vehicle, Object.hasOwn(vehicles, t.vehicle)],
      ['place', t.from, Object.hasOwn(places, t.from)],
      ['place', t.to, Object.hasOwn(places, t.to)],
      ...t.patients.map((id): [string, string, boolean] => ['case', id, Object.hasOwn(cases, id)]),
    ]),
    ...plan.reserves.map((r): [string, string, boolean] => ['block', r.block, Object.hasOwn(blocks, r.block)]),
  ]
  const doubled = trips.size === plan.trips.length ? [] : [violation('known', 'trips', text('车次编号重复', 'a trip id stands twice'))]
  return [...doubled, ...named.filter(([, , exists]) => !exists).map(([kind, id]) =>
    violation('known', id, text(`没有这个${KINDS[kind] ?? ''}：${id}`, `there is no ${kind} ${id} here`)))]
}

/** What a plan names, as it is called in Chinese. */
const KINDS: Readonly<Record<string, string>> = {
  case: '病例', place: '场所', pool: '床位', trip: '车次', order: '转运指令', vehicle: '车辆', block: '后备分区',
}

/** Demands and decisions by hand are kept, unless the plan says itself that they are not, and of each which. */
const saysSoItself = ({ status }: Plan): boolean => status === 'impossible' || status === 'outOfTime'

function demandsKept(facts: Facts, plan: Plan): Violation[] {
  if (saysSoItself(plan)) return []
  return goalsOf(facts.world)
    .filter((goal) => facts.world.scenario.require.some((need) => need === goal.name) && goal.measure(facts) > 0)
    .map((goal) => violation(`require:${goal.name}`, 'city', text(`要求的目标未达到：${goal.title.zh}`, `a demanded need is not met: ${goal.title.en}`)))
}

function levelValues(facts: Facts, plan: Plan): Violation[] {
  const goals = goalsOf(facts.world)
  const expected = goals.map((goal, i) =>
    ({ rank: i + 1, rule: goal.name, level: goal.level, title: goal.title, unit: goal.unit, value: goal.measure(facts) }))
  const claimed = plan.levels.map(({ rank, rule, level, title, unit, value }) => ({ rank, rule, level, title, unit, value }))
  const wrong = expected.filter((level, i) => canonicalJson(level) !== canonicalJson(claimed[i]))
  if (claimed.length !== expected.length) {
    return [violation('levels', 'levels', text('级别不全', 'the plan does not list every level'))]
  }
  return wrong.map(({ rank, rule, value }) => violation('levels', rule, text(
    `第 ${rank} 级 ${rule} 应为 ${value}，方案写的是 ${plan.levels[rank - 1]?.value ?? '无'}`,
    `level ${rank} ${rule} is ${value}, the plan says ${plan.levels[rank - 1]?.value ?? 'nothing'}`)))
}
