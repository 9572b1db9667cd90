import { canonicalJson, sha256 } from '../kernel/canonical.js'
import { text } from '../kernel/text.js'
import { concentrationOf } from './concentration.js'
import { bestNext } from './explain/nextBest.js'
import { Facts } from './facts.js'
import { goalsOf } from './levels.js'
import { type Plan, planSchema, type Violation } from './plan.js'
import { MUSTS } from './rules/musts.js'
import { violation } from './sayings.js'
import type { Scenario } from './scenario.js'
import { World } from './world.js'

/** The scenario's own bytes: two plans with one hash were computed from the same facts. */
export const snapshotHashOf = (scenario: Scenario): string => sha256(canonicalJson(scenario))

/**
 * Recomputes a plan from the scenario without any solver: its shape, every must, the value of every level, the
 * concentrations and every next best place. It cannot prove `optimal`. Empty: nothing is wrong.
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
  return [
    ...identity(scenario, world, parsed.data),
    ...MUSTS.flatMap((rule) => rule.measure(facts)),
    ...demandsKept(facts, parsed.data),
    ...levelValues(facts, parsed.data),
    ...moveLines(facts, parsed.data),
    ...nextBests(facts, parsed.data),
  ]
}

function identity(scenario: Scenario, world: World, plan: Plan): Violation[] {
  const wrong: Violation[] = []
  const say = (subject: string, zh: string, en: string) => wrong.push(violation('identity', subject, text(zh, en)))
  if (plan.snapshotHash !== snapshotHashOf(scenario)) say('snapshotHash', '快照指纹不符：方案不是由这份数据算出', 'the plan was not computed from this snapshot')
  if (plan.policyEdition.edition !== world.edition.edition) say('policyEdition', '所引政策版本不符', 'another policy edition is in force')
  if (plan.lotSeed !== scenario.lotSeed) say('lotSeed', '抽签种子不符', 'another lot seed stands in the scenario')
  return wrong
}

function unknownIds(world: World, plan: Plan): Violation[] {
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
    violation('known', id, text(`没有这个 ${kind}：${id}`, `there is no ${kind} ${id} here`)))]
}

/** A demanded need holds, unless the plan says itself that it does not. */
function demandsKept(facts: Facts, plan: Plan): Violation[] {
  if (plan.status === 'impossible' || plan.status === 'outOfTime') return []
  return goalsOf(facts.world)
    .filter((goal) => facts.world.scenario.require.some((need) => need === goal.name) && goal.measure(facts) > 0)
    .map((goal) => violation(`require:${goal.name}`, 'city', text(`要求的目标未达到：${goal.title.zh}`, `a demanded need is not met: ${goal.title.en}`)))
}

function levelValues(facts: Facts, plan: Plan): Violation[] {
  const goals = goalsOf(facts.world)
  const expected = goals.map((goal, i) => ({ rank: i + 1, rule: goal.name, value: goal.measure(facts) }))
  const claimed = plan.levels.map(({ rank, rule, value }) => ({ rank, rule, value }))
  const wrong = expected.filter((level, i) => canonicalJson(level) !== canonicalJson(claimed[i]))
  if (claimed.length !== expected.length) {
    return [violation('levels', 'levels', text('级别不全', 'the plan does not list every level'))]
  }
  return wrong.map(({ rank, rule, value }) => violation('levels', rule, text(
    `第 ${rank} 级 ${rule} 应为 ${value}，方案写的是 ${plan.levels[rank - 1]?.value ?? '无'}`,
    `level ${rank} ${rule} is ${value}, the plan says ${plan.levels[rank - 1]?.value ?? 'nothing'}`)))
}

/** What a plan says of concentration and of the people who are left. */
function moveLines(facts: Facts, plan: Plan): Violation[] {
  const wrong: Violation[] = []
  if (canonicalJson(concentrationOf(facts)) !== canonicalJson(plan.concentration)) {
    wrong.push(violation('concentration', 'concentration', text('四集中数字不符', 'the four concentrations are not as stated')))
  }
  const left = new Set(plan.unplaced.map((line) => line.patient))
  const missing = Object.keys(facts.world.scenario.cases).filter((id) => {
    const bed = facts.after(id)
    return [...facts.world.needsMet(id, bed).values()].some((met) => !met) !== left.has(id)
  })
  for (const id of missing) {
    wrong.push(violation('unplaced', id, text(`未安置名单与方案不符：${id}`, `the list of those who are left does not fit the plan: ${id}`)))
  }
  const twice = plan.unplaced.length !== left.size
  if (twice) wrong.push(violation('unplaced', 'unplaced', text('未安置名单有重复', 'somebody is listed twice as left')))
  return wrong
}

function nextBests(facts: Facts, plan: Plan): Violation[] {
  const next = bestNext(facts)
  return plan.moves.flatMap((move) => {
    if (canonicalJson(next(move)) === canonicalJson(move.nextBest)) return []
    return [violation('nextBest', move.patient, text(`${move.patient} 的次优去向不符`, `the next best place of ${move.patient} is not as stated`))]
  })
}
