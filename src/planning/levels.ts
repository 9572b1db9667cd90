import { byCodeUnits } from '../kernel/canonical.js'
import { membersOf } from './option.js'
import { Build, type BuildOptions } from './build.js'
import { addTerm, type Easing, type Expression, type Terms } from './model.js'
import type { Break, Option } from './option.js'
import { lotOfParty } from './parties.js'
import type { WayOutKind } from './policy.js'
import { MUSTS } from './rules/musts.js'
import { addDemand, NEEDS } from './rules/needs.js'
import type { Goal } from './rules/rule.js'
import { wishesOf } from './rules/wishes.js'
import type { Demand } from './scenario.js'
import type { World } from './world.js'

/** The whole model of a day: musts as rows, then goals in their order, then ties. */
export interface Prepared {
  readonly build: Build
  readonly goals: readonly { readonly goal: Goal; readonly expression: Expression }[]
  /** After the goals, to make the plan the only one: not levels, and not reported. */
  readonly ties: readonly Expression[]
}

/** Needs, then the wishes of the policy: rank 1, 2, 3 … */
export const goalsOf = (world: World): Goal[] => [...NEEDS, ...wishesOf(world)]

export interface PrepareOptions extends BuildOptions {
  /** Needs that must hold; the scenario's own unless told. */
  readonly demands?: readonly Demand[]
  /** false: musts and needs only, for clashes and ways out. */
  readonly wishes?: boolean
}

export function prepare(world: World, options: PrepareOptions): Prepared {
  const build = new Build(world, options)
  for (const must of MUSTS) must.add?.(build)
  addClosedOptions(build)
  addSentTeams(build)
  const goals = (options.wishes === false ? NEEDS : goalsOf(world)).map((goal, level) => {
    build.model.level = level
    return { goal, expression: goal.add(build) }
  })
  build.model.level = 0
  for (const need of options.demands ?? world.scenario.require) {
    const expression = goals.find(({ goal }) => goal.name === need)?.expression
    if (expression !== undefined) addDemand(build, { need, expression })
  }
  build.model.level = goals.length
  return { build, goals, ties: options.wishes === false ? [] : [byLot(build), ...tiesOfPlaces(build)] }
}

/** Options that break a must are shut by a row of that must: in an eased model, and for orders that stand. */
function addClosedOptions(build: Build): void {
  const closed = new Map<string, { at: Break; terms: Terms }>()
  for (const option of build.options) {
    for (const at of option.breaks) {
      const key = `${at.rule}@${at.subject}`
      const row = closed.get(key) ?? { at, terms: new Map<number, number>() }
      closed.set(key, row)
      addTerm(row.terms, build.x(option), 1)
    }
  }
  for (const [, { at, terms }] of [...closed].sort(([a], [b]) => byCodeUnits(a, b))) {
    const kind = MUSTS.find((must) => must.name === at.rule)?.liftedBy
    const everybody = build.groups.reduce((n, group) => n + group.parties.length, 0)
    // A block is signed once for all, and so is one arrival an hour where there was none; people sign one by one.
    const easing: Easing | null =
      kind === undefined ? null
      : ONCE_FOR_ALL.includes(kind) ? { kind, subject: at.subject, per: 4 * everybody, max: 1 }
      : { kind, subject: at.subject, per: 1, max: 4 * everybody }
    build.model.atMost({ ...at, terms, upper: 0, ...(easing === null ? {} : { easing }) })
  }
}

const ONCE_FOR_ALL: readonly WayOutKind[] = ['signBlock', 'raiseArrivals', 'withdrawEdit']

/** In an eased model: an option that counts on a team that is not there is shut until one is sent. */
function addSentTeams(build: Build): void {
  const byPlace = new Map<string, Option[]>()
  for (const option of build.options) {
    if (option.teamSent) byPlace.set(option.to, [...(byPlace.get(option.to) ?? []), option])
  }
  for (const [subject, options] of byPlace) {
    const per = options.reduce((n, option) => n + option.group.parties.length, 0)
    const easing: Easing = { kind: 'stationTeam', subject, per, max: 1 }
    build.model.atMost({ rule: 'expertTeam', subject, terms: build.total(options, () => 1), upper: 0, easing })
  }
}

/** Ties between people go by the lot: least sum of the ranks of those who move. */
function byLot(build: Build): Expression {
  const ranks: Terms = new Map()
  for (const group of build.groups) {
    const moving = build.optionsOf(group).filter((option) => option.kind !== 'stay' && option.order === null)
    if (moving.length === 0) continue
    // Σ_k first[k] − Σ_o x[o] = 0: as many are drawn as move.
    const terms = build.total(moving, () => -1)
    for (const [k, party] of group.parties.entries()) {
      const drawn = build.model.column({ name: `drawn.${group.name}.${k}`, upper: 1, whole: false })
      addTerm(terms, drawn, 1)
      addTerm(ranks, drawn, lotOfParty(build.world, party))
    }
    build.model.exactly({ rule: 'lot', subject: group.name, terms, value: 0 })
  }
  return { terms: ranks, constant: 0 }
}

/** Ties between places go by their id, then to the shorter round of the vehicle, then by the lot of the group. */
function tiesOfPlaces(build: Build): Expression[] {
  const places = Object.keys(build.world.scenario.places).sort(byCodeUnits)
  const rank = new Map(places.map((id, index) => [id, index + 1]))
  const moving = (weight: (option: Option) => number) => build.perParty((o) => (o.kind === 'stay' || o.order !== null ? 0 : weight(o)))
  const byId = moving((option) => membersOf(option).length * (rank.get(option.to) ?? 0))
  const byRound = moving((option) => option.tripMinutes)
  const order = orderWithinGroups(build)
  const byGroup = moving((option) => {
    const first = option.group.parties[0]
    return first === undefined ? 0 : lotOfParty(build.world, first) * (order.get(option) ?? 0)
  })
  return [byId, byRound, byGroup]
}

function orderWithinGroups(build: Build): Map<Option, number> {
  const order = new Map<Option, number>()
  const seen = new Map<string, number>()
  for (const option of build.options) {
    const index = (seen.get(option.group.name) ?? 0) + 1
    seen.set(option.group.name, index)
    order.set(option, index)
  }
  return order
}
