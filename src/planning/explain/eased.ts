import { mustGet } from '../../kernel/invariant.js'
import type { Build } from '../build.js'
import { prepare, type Prepared } from '../levels.js'
import { addTerm, type Easing, type Expression, type Row, type Terms } from '../model.js'
import type { WayOutKind } from '../policy.js'
import { BY_HAND } from '../rules/edits.js'
import { type Problem, problemOf } from '../solve/problem.js'
import type { CountedNeed, World } from '../world.js'

/** What has to become true: nobody lacks `need`, and the needs before it are no worse than now. Null: that orders and musts do not clash. */
export interface Target {
  readonly need: CountedNeed | null
  readonly keep: ReadonlyMap<string, number>
}

/** Never part of a clash: the plain fact that people are somewhere, and that a step down is for somebody. */
const isFactOfLife = ({ scenario }: World, { rule, subject }: Row): boolean =>
  ['onePlace', 'lot'].includes(rule) || (rule === 'inpatients' && Object.hasOwn(scenario.pools, subject))

/** The eased model of a target, whose rows can be dropped (for clashes) or bought off (for ways out). */
export class Eased {
  readonly build: Build
  /** Rows by rule and place, the grain at which a clash is told. */
  readonly blocks: ReadonlyMap<string, readonly Row[]>
  private readonly prepared: Prepared

  constructor(
    readonly world: World,
    target: Target,
  ) {
    const demands = new Set(world.scenario.require)
    if (target.need !== null) demands.add(target.need)
    this.prepared = prepare(world, { lowered: new Map(), eased: true, wishes: false, demands: [...demands] })
    this.build = this.prepared.build
    for (const [need, value] of target.keep) this.keep(need, value)
    this.blocks = blocksOf(world, this.build.model.rows)
  }

  private keep(need: string, value: number): void {
    const found = this.prepared.goals.find(({ goal }) => goal.name === need)
    if (found === undefined) return
    const { terms, constant } = found.expression
    this.build.model.level = 0
    this.build.model.atMost({ rule: `require:${need}`, subject: 'city', terms, upper: value - constant })
  }

  /** The model with only these blocks, and what is true anyway. */
  problemWith(kept: ReadonlySet<string>): Problem {
    const dropped = new Set([...this.blocks].filter(([name]) => !kept.has(name)).flatMap(([, rows]) => rows))
    const { columns, rows } = this.build.model
    return problemOf({ columns, rows: rows.filter((row) => !dropped.has(row)) }, [])
  }

  /**
   * The whole model, in which amounts of these kinds can be bought: first as few kinds as possible, then at the
   * least price in units, then those whose subject comes first.
   */
  buying(kinds: readonly WayOutKind[]): { problem: Problem; amounts: ReadonlyMap<Easing, number> } {
    const columns = [...this.build.model.columns]
    const add = (name: string, upper: number) => columns.push({ name, lower: 0, upper, whole: true, from: 0 }) - 1
    const switches = new Map(kinds.map((kind) => [kind, add(`kind.${kind}`, 1)]))
    const bought = new Map<string, { easing: Easing; column: number }>()
    const rows = this.build.model.rows.map((row): Row => {
      const { easing } = row
      if (easing === null || easing.max <= 0 || !kinds.includes(easing.kind)) return row
      const key = `${easing.kind}@${easing.subject}`
      const entry = bought.get(key) ?? { easing, column: add(key, easing.max) }
      bought.set(key, entry)
      return { ...row, terms: new Map([...row.terms, [entry.column, -easing.per]]) }
    })
    for (const { easing, column } of bought.values()) {
      const terms: Terms = new Map([[column, 1], [mustGet(switches, easing.kind, 'switch'), -easing.max]])
      rows.push(bound(easing.kind, terms))
    }
    // The first unit of some costs more, and is of no use in a block that stays shut.
    const firsts = [...bought.values()].flatMap(({ easing, column }) => {
      const { fixed = 0, opens, max } = easing
      if (opens !== undefined) rows.push(bound(easing.kind, new Map([[column, 1], [opens, -max]])))
      if (fixed === 0) return []
      const first = add(`first.${easing.subject}`, 1)
      rows.push(bound(easing.kind, new Map([[column, 1], [first, -max]])))
      return [{ column: first, cost: fixed }]
    })
    const goals = goalsOf([...switches.values()], [...bought.values()].map(({ column }) => column), firsts)
    return {
      problem: problemOf({ columns, rows }, goals),
      amounts: new Map([...bought.values()].map(({ easing, column }) => [easing, column])),
    }
  }
}

const bound = (subject: string, terms: Terms): Row =>
  ({ rule: 'kind', subject, terms, upper: 0, lower: Number.NEGATIVE_INFINITY, easing: null, from: 0 })

/** Fewest kinds; least price; then those that come first. */
function goalsOf(
  switches: readonly number[], amounts: readonly number[], firsts: readonly { column: number; cost: number }[],
): Expression[] {
  const total = (columns: readonly number[], weight: (i: number) => number): Expression => {
    const terms: Terms = new Map()
    columns.forEach((column, i) => addTerm(terms, column, weight(i)))
    return { terms, constant: 0 }
  }
  const price = total(amounts, () => 1)
  for (const { column, cost } of firsts) addTerm(price.terms, column, cost)
  return [total(switches, () => 1), price, total(switches, (i) => i + 1), total(amounts, (i) => i + 1)]
}

function blocksOf(world: World, rows: readonly Row[]): Map<string, Row[]> {
  const blocks = new Map<string, Row[]>()
  for (const row of rows) {
    if (isFactOfLife(world, row) || row.rule.startsWith('require:')) continue
    const name = `${row.rule}@${placeOf(world, row)}`
    blocks.set(name, [...(blocks.get(name) ?? []), row])
  }
  return blocks
}

/** Vehicles serve the whole city; every other rule binds at one place, or for one order or decision by hand. */
function placeOf({ scenario }: World, row: Row): string {
  if (row.rule === 'vehicleMinutes') return 'city'
  if (BY_HAND.includes(row.rule)) return row.subject
  return scenario.pools[row.subject]?.place ?? scenario.blocks[row.subject]?.place ?? row.subject
}
