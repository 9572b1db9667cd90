import { CARE_LEVELS } from '../../facilities/beds.js'
import { text } from '../../kernel/text.js'
import { entering, membersOf } from '../option.js'
import { type Facts, isStepDown } from '../facts.js'
import { addTerm } from '../model.js'
import { partiesOf } from '../parties.js'
import type { Move } from '../plan.js'
import { personName, violation } from '../sayings.js'
import { isHigherCare, isHub, type World } from '../world.js'
import type { Must } from './rule.js'

/** Each person is in exactly one place afterwards. */
export const onePlace: Must = {
  level: 'must',
  name: 'onePlace',
  title: text('一人一处', 'one person, one place'),
  source: 'domain: transfer plan, must',
  add(build) {
    for (const group of build.groups) {
      const own = build.optionsOf(group)
      const terms = build.total(own, () => 1)
      build.model.exactly({ rule: this.name, subject: group.name, terms, value: group.parties.length })
    }
  },
  measure({ plan, world }) {
    const seen = new Set<string>()
    return plan.moves.flatMap((move) => {
      const twice = seen.has(move.patient)
      seen.add(move.patient)
      if (twice) {
        return [violation(this.name, move.patient, text(`${move.patient} 被安排了两次`, `${move.patient} is moved twice`))]
      }
      const { place, pool } = world.case(move.patient)
      if (place === move.from && pool === move.fromPool && move.pool !== pool) return []
      return [violation(this.name, move.patient, text(`${move.patient} 并不在 ${move.from}，或已在该床位`, `${move.patient} does not lie at ${move.from}, or already in that bed`))]
    })
  },
}

/** A signed judgement of fitness, in date, before anybody rides; unknown is unfit for severe and critical. */
export const fitness: Must = {
  level: 'must',
  name: 'fitness',
  title: text('转运条件评估已签且有效', 'fitness to travel signed and in date'),
  source: 'domain: transfer plan, must; policy fitnessRequired, fitnessValidHours',
  liftedBy: 'assessFitness',
  forbids: ({ world, patient, rideMinutes }) =>
    rideMinutes !== null && !world.isFit(patient) ? world.case(patient).place : null,
  measure: (facts) =>
    forMoves(facts, (move, world) =>
      move.from !== move.to && !world.isFitAt(move.patient, move.departs ?? world.firstDeparture)
        ? violation('fitness', move.patient, text(
            `${personName(world, move.patient).zh}没有有效的转运条件评估`,
            `${personName(world, move.patient).en} has no valid fitness-to-travel assessment`))
        : null),
}

export const dischargeDue: Must = {
  level: 'must',
  name: 'dischargeDue',
  title: text('即将出院者不转', 'a case due for discharge stays'),
  source: 'domain: transfer plan, must; policy dischargeWithinDays',
  forbids: ({ world, patient }) => (world.isDischargeDue(patient) ? world.case(patient).place : null),
  measure: (facts) =>
    forMoves(facts, (move, world) =>
      world.isDischargeDue(move.patient)
        ? violation('dischargeDue', move.patient, text(
            `${move.patient} 即将出院，不应转运`, `${move.patient} is due for discharge and stays`))
        : null),
}

/** Inpatients of a centralised or reserve hospital move only up a level, or down when somebody takes their bed. */
export const inpatients: Must = {
  level: 'must',
  name: 'inpatients',
  title: text('集中救治医院在院患者只因升级或腾床而动', 'inpatients of a centralised hospital move only up, or down for somebody who waits'),
  source: 'domain: transfer plan, must',
  forbids: ({ world, patient, to }) => {
    const { place: from, pool: fromPool } = world.case(patient)
    return maySettledMove(world, { patient, from, fromPool, to: to.place, pool: to.pool }) ? null : from
  },
  add(build) {
    for (const pool of Object.keys(build.world.scenario.pools)) {
      // Nobody steps down unless somebody comes into the bed: out − in ≤ 0.
      const free = build.moves().filter((option) => option.order === null)
      const terms = build.total(free, (option) => steppingDown(build.world, option, pool))
      if (terms.size === 0) continue
      for (const option of build.moves()) {
        const count = entering(build.world, option, pool)
        if (count > 0) addTerm(terms, build.x(option), -count)
      }
      build.model.atMost({ rule: this.name, subject: pool, terms, upper: 0 })
    }
  },
  measure(facts) {
    const wrong = forMoves(facts, (move, world) =>
      maySettledMove(world, move)
        ? null
        : violation(this.name, move.patient, text(
            `${move.patient} 已在集中救治医院合适床位，不应转动`,
            `${move.patient} already lies in a fitting bed of a centralised hospital and stays`)))
    const pools = new Set(facts.decided.flatMap((move) => (move.fromPool === null ? [] : [move.fromPool])))
    const idle = [...pools].filter((pool) =>
      facts.steppingDownFrom(pool).filter((move) => move.order === null).length > facts.into(pool).length)
    return [...wrong, ...idle.map((pool) => violation(this.name, pool, text(
      `${pool} 腾出的床位无人使用`, `more people step down from ${pool} than come into it`)))]
  },
}

/** A carer and children are one unit: they lie at one place afterwards, and ride in one vehicle. */
export const together: Must = {
  level: 'must',
  name: 'together',
  title: text('患儿不与陪护人分开', 'a child is not parted from its carer'),
  source: 'domain: transfer plan, must; decision 6',
  measure: (facts) =>
    partiesOf(facts.world).flatMap(({ members: [carer = '', ...children] }) => {
      const way = (id: string) => `${facts.after(id).place}|${facts.move(id)?.trip ?? ''}`
      return children.filter((child) => way(child) !== way(carer)).map((child) => violation('together', child, text(
        `患儿 ${child} 与陪护人 ${carer} 被分开`, `the child ${child} is parted from its carer ${carer}`)))
    }),
}

/** Orders already issued stand. */
export const ordersStand: Must = {
  level: 'must',
  name: 'ordersStand',
  title: text('已下达的转运指令有效', 'transfer orders already issued stand'),
  source: 'domain: transfer plan, must; decision 1',
  add(build) {
    for (const group of build.groups) {
      const own = build.optionsOf(group)
      const order = own.find((option) => option.order !== null)?.order
      if (order === undefined || order === null) continue
      const terms = build.total(own, (option) => (option.order === null ? 1 : 0))
      const easing = { kind: 'withdrawOrder', subject: order, per: 1, max: 1 } as const
      build.model.atMost({ rule: this.name, subject: order, terms, upper: 0, easing })
    }
  },
  measure({ world, plan }) {
    const broken = Object.entries(world.scenario.orders).filter(([id, order]) => {
      const own = plan.moves.find((m) => m.patient === order.patient)
      if (order.pool === null) return own !== undefined
      return own === undefined || own.order !== id || own.pool !== order.pool
    })
    const borrowed = plan.moves.filter((move) =>
      move.order !== null && world.scenario.orders[move.order]?.patient !== move.patient)
    return [...borrowed.map(({ patient, order }) => violation(this.name, patient, text(
      `${patient} 的转运不是指令 ${order} 所下达`, `the move of ${patient} is not what order ${order} says`))),
    ...broken.map(([id, order]) => violation(this.name, id, text(
      `指令 ${id}（${order.patient} 到 ${order.pool ?? order.outside}）未保留`, `order ${id} (${order.patient} to ${order.pool ?? order.outside}) is not kept`)))]
  },
}

export const careLevel: Must = {
  level: 'must',
  name: 'careLevel',
  title: text('床位级别与病情相符', 'the bed is of a level that serves the severity'),
  source: 'domain: transfer plan, must; policy careLevels (decision 5)',
  forbids: ({ world, patient, to }) => (world.levelServes(patient, world.pool(to.pool).careLevel) ? null : to.place),
  measure: (facts) =>
    forMoves(facts, (move, world) => {
      const level = world.pool(move.pool).careLevel
      const honest = level === move.careLevel && world.case(move.patient).severity === move.severity
      if (honest && world.levelServes(move.patient, level)) return null
      return violation('careLevel', move.patient, text(
        `${personName(world, move.patient).zh}不能用${CARE_LEVELS[level].zh}`,
        `${personName(world, move.patient).en} is not served by ${CARE_LEVELS[level].en}s`))
    }),
}

export const placeNeeds: Must = {
  level: 'must',
  name: 'placeNeeds',
  title: text('床位满足患者所需', 'the bed has what the patient needs'),
  source: 'domain: transfer plan, must; decision 10',
  forbids: ({ world, patient, to }) => (lacking(world, patient, to.pool).length === 0 ? null : to.place),
  measure: (facts) =>
    forMoves(facts, (move, world) => {
      const missing = lacking(world, move.patient, move.pool)
      return missing.length === 0 ? null : violation('placeNeeds', move.patient, text(
        `${move.pool} 缺 ${missing.join('、')}`, `${move.pool} lacks ${missing.join(', ')}`))
    }),
}

const lacking = (world: World, patient: string, pool: string): string[] =>
  world.case(patient).needs.filter((need) => !world.pool(pool).attributes.includes(need))

type Step = Pick<Move, 'patient' | 'from' | 'fromPool' | 'to' | 'pool'>

function maySettledMove(world: World, step: Step): boolean {
  const person = world.case(step.patient)
  if (person.status === 'suspected' || !isHub(world.place(step.from)) || world.liesInShutBlock(step.patient)) return true
  if (world.isSettledInpatient(step.patient)) return isStepDown(world, step)
  if (step.fromPool === null) return true
  return isHigherCare({ from: world.pool(step.fromPool).careLevel, to: world.pool(step.pool).careLevel })
}

/** Members who step down out of `pool` by this option. */
export function steppingDown(world: World, option: Parameters<typeof membersOf>[0], pool: string): number {
  if (option.kind !== 'inside') return 0
  return membersOf(option).filter(({ patient, pool: to }) => {
    const from = world.case(patient)
    return from.pool === pool && to !== null &&
      isStepDown(world, { patient, from: from.place, fromPool: from.pool, to: option.to, pool: to })
  }).length
}

/** One finding at most for each move that has not left yet. */
export function forMoves<T>(facts: Facts, find: (move: Move, world: World) => T | null): T[] {
  return facts.judged.flatMap((move) => {
    const found = find(move, facts.world)
    return found === null ? [] : [found]
  })
}
