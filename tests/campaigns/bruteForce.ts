import { canonicalJson } from '../../src/kernel/canonical.js'
import { blocksToOpen, Facts, type PlanCore } from '../../src/planning/facts.js'
import { goalsOf } from '../../src/planning/levels.js'
import { travelTogether } from '../../src/planning/parties.js'
import type { Move } from '../../src/planning/plan.js'
import { MUSTS } from '../../src/planning/rules/musts.js'
import type { Demand, Scenario } from '../../src/planning/scenario.js'
import { World } from '../../src/planning/world.js'
import { compareLevels } from './property.js'

/**
 * Every lawful plan of a tiny scenario without vehicles, tried one by one: each case stays or goes to any pool of any
 * place. No model, no options: only the musts and goals as they are measured on a finished plan.
 */
export class BruteForce {
  private readonly world: World
  private readonly goals
  private readonly choices: readonly (readonly (Move | null)[])[]
  /** Children and carers, who may not be parted. */
  private readonly pairs: readonly (readonly [string, string])[]

  constructor(private readonly scenario: Scenario) {
    this.world = new World(scenario)
    this.goals = goalsOf(this.world)
    this.choices = Object.keys(scenario.cases).map((id) => [null, ...this.movesOf(id)])
    this.pairs = Object.entries(scenario.cases).flatMap(([child, { companion: carer }]): [string, string][] =>
      carer !== null && travelTogether(this.world, { child, carer }) ? [[child, carer]] : [])
  }

  get size(): number {
    return this.choices.reduce((n, list) => n * list.length, 1)
  }

  /** The lexicographically least values that keep the demands; null: no plan keeps them. */
  best(demands: readonly Demand[]): number[] | null {
    let best: number[] | null = null
    for (const moves of this.plans()) {
      const facts = new Facts(this.world, coreOf(this.world, moves))
      if (this.parted(facts) || MUSTS.some((rule) => rule.measure(facts).length > 0)) continue
      const values = this.goals.map((goal) => goal.measure(facts))
      const isKept = this.goals.every(({ name }, i) => !demands.some((need) => need === name) || values[i] === 0)
      if (isKept && (best === null || compareLevels(values, best) < 0)) best = values
    }
    return best
  }

  private parted(facts: Facts): boolean {
    return this.pairs.some(([child, carer]) => facts.after(child).place !== facts.after(carer).place)
  }

  private *plans(chosen: readonly Move[] = [], depth = 0): Generator<readonly Move[]> {
    const choices = this.choices[depth]
    if (choices === undefined) yield chosen
    else for (const move of choices) yield* this.plans(move === null ? chosen : [...chosen, move], depth + 1)
  }

  /** Moves of one person that no must on single people forbids, whatever the others do. */
  private movesOf(patient: string): Move[] {
    const nobody = new Facts(this.world, coreOf(this.world, []))
    const before = new Set(MUSTS.flatMap((rule) => rule.measure(nobody)).map(canonicalJson))
    return Object.keys(this.scenario.pools).flatMap((pool) => {
      const move = this.moveTo(patient, pool)
      const alone = new Facts(this.world, coreOf(this.world, [move]))
      const wrong = MUSTS.filter(({ name }) => OF_ONE.has(name)).flatMap((rule) => rule.measure(alone))
      return pool === move.fromPool || wrong.some((found) => !before.has(canonicalJson(found))) ? [] : [move]
    })
  }

  private moveTo(patient: string, pool: string): Move {
    const { place: from, pool: fromPool, severity } = this.world.case(patient)
    const { place: to, careLevel } = this.world.pool(pool)
    const order = this.world.orderOf.get(patient) ?? null
    const carriesOut = order !== null && this.scenario.orders[order]?.pool === pool
    const travelMinutes = this.world.minutesBetween(from, to) ?? 0
    return {
      patient, from, fromPool, to, pool, severity, careLevel, travelMinutes, order: carriesOut ? order : null,
      trip: null, departs: null, arrives: null, reason: { zh: '-', en: '-' }, nextBest: null,
    }
  }
}

/** Musts whose finding about one person nobody else's move can heal. */
const OF_ONE: ReadonlySet<string> = new Set([
  'underCommand', 'lawfulPlace', 'careLevel', 'placeNeeds', 'singleRoom', 'dischargeDue', 'fitness', 'travelLimit',
])

const coreOf = (world: World, moves: readonly Move[]): PlanCore =>
  ({ moves: [...moves], trips: [], reserves: blocksToOpen(world, moves).map((block) => ({ block, opened: true })) })
