import { SEVERITIES, type Severity, STATUSES } from '../../cases/cases.js'
import { counted, type Language, type Text, text } from '../../kernel/text.js'
import { type Instant, instantAt, minutesInto } from '../../kernel/time.js'
import { keysOf } from '../../kernel/vocabulary.js'
import { rowOf } from '../../planning/faults/faultList.js'
import type { Plan } from '../../planning/plan.js'
import { MUSTS } from '../../planning/rules/musts.js'
import { NEEDS_IN_ORDER, type Scenario } from '../../planning/scenario.js'
import type { Line } from './layout.js'

const MINUTES_A_DAY = 1440

/** A plan with what is needed to say it: the scenario for its names, and the reader's language. */
export interface PlanView {
  readonly plan: Plan
  readonly scenario: Scenario
  readonly language: Language
  /** Ways out show how to try them: not where the ids would mean those of an earlier plan. */
  readonly showsApply: boolean
  /** Where it is read. On paper that is signed everybody stands by themselves, and nothing is pointed to that is not on it. */
  readonly medium: Medium
  /** What has become of its lines. */
  readonly fate: Fate
}

/** Each but paper names in its own words what more there is to look at. */
export type Medium = 'terminal' | 'http' | 'paper'

/** What an approval has made of the lines of a plan: orders, or nothing, each struck line with its reason. */
export interface Fate {
  /** By patient. */
  readonly struck: ReadonlyMap<string, string>
  /** By patient. */
  readonly orders: ReadonlyMap<string, string>
  /** Reserve blocks that the approval opened; null: nobody has approved it. */
  readonly opened: ReadonlySet<string> | null
  /** By the number of the shipment. */
  readonly struckShipments: ReadonlyMap<string, string>
}

/** Nobody has decided on it, as far as is known here. */
export const UNDECIDED: Fate = { struck: new Map(), orders: new Map(), opened: null, struckShipments: new Map() }

/** Whether a reserve block is opened by this plan, as it was approved: what only struck lines needed stays shut. */
export const isOpenedBy = ({ fate }: PlanView, { block, opened }: { readonly block: string; readonly opened: boolean }): boolean =>
  opened && (fate.opened === null || fate.opened.has(block))

/** What is struck where it stands, in a cell of a table. */
export const markedIf = (view: PlanView, isStruck: boolean, words: string): string =>
  isStruck ? say(view, text(`${words}（划去）`, `${words} (struck)`)) : words

const LISTED_ONE_BY_ONE = 60

/** Whether rows are so many that alike ones are shown together. */
export const isLong = (view: PlanView, rows: readonly unknown[], most = LISTED_ONE_BY_ONE): boolean => view.medium !== 'paper' && rows.length > most

export type Section = (view: PlanView) => Line[]

export const say = (view: PlanView, text: Text): string => text[view.language]

/** The name of a place, or of a reporting unit's seat; an id that neither has is shown as it is. */
export function nameOf(view: PlanView, id: string): string {
  const { places, units, teams } = view.scenario
  const named = rowOf(places, id) ?? rowOf(units, id) ?? rowOf(teams, id)
  return named === undefined ? id : say(view, named.name)
}

/** The reporting unit that sends a case. */
export const unitOf = (view: PlanView, patient: string): string => rowOf(view.scenario.cases, patient)?.unit ?? ''

/** The title of a need or wish, or the rule's own name. */
export function ruleTitle(view: PlanView, rule: string): string {
  const level = view.plan.levels.find((one) => one.rule === rule)
  if (level !== undefined) return say(view, level.title)
  const title = keysOf(NEEDS_IN_ORDER).find((name) => name === rule)
  if (title !== undefined) return say(view, NEEDS_IN_ORDER[title])
  const must = MUSTS.find((one) => one.name === rule)
  return must === undefined ? rule : say(view, must.title)
}

/** A figure with its unit, in the singular after one. */
export const quantity = (view: PlanView, value: number, unit: Text): string =>
  view.language === 'en' ? counted(value, unit.en) : `${value} ${unit.zh}`

/** How ill, and unless confirmed, as what: a suspected case lies apart from all others. */
export function illnessOf(view: PlanView, { patient, severity }: { patient: string; severity: Severity }): string {
  const status = rowOf(view.scenario.cases, patient)?.status ?? 'confirmed'
  const words = status === 'confirmed' ? [] : [say(view, STATUSES[status])]
  return [say(view, SEVERITIES[severity]), ...words].join(say(view, text('，', ', ')))
}

/** A value of a level with its unit. */
export function valueOf(view: PlanView, rule: string, value: number): string {
  const level = view.plan.levels.find((one) => one.rule === rule)
  return level === undefined ? String(value) : quantity(view, value, level.unit)
}

/** `HH:mm` on the plan's day, `MM-DD HH:mm` on another, a dash where no trip is timed. */
export function clockOf(view: PlanView, instant: Instant | null): string {
  if (instant === null) return '—'
  const minutes = minutesInto(view.plan.planDay, instant)
  const local = instantAt(view.plan.planDay, minutes)
  return minutes >= 0 && minutes < MINUTES_A_DAY ? local.slice(11, 16) : local.slice(5, 16).replace('T', ' ')
}

/** With which vehicle an order that stands is carried out, when that leaves its base, and when it is clean again; null: with none, or nobody said. */
export function rideOf(view: PlanView, order: string): { vehicle: string; leaves: string; clean: string } | null {
  const { vehicle = null, departs = null, returns = null } = rowOf(view.scenario.orders, order) ?? {}
  return vehicle === null || departs === null || returns === null ? null : { vehicle, leaves: clockOf(view, departs), clean: clockOf(view, returns) }
}

/** `YYYY-MM-DD HH:mm` in Asia/Shanghai. */
export const fullTime = (view: PlanView, instant: Instant): string =>
  instantAt(view.plan.planDay, minutesInto(view.plan.planDay, instant)).slice(0, 16).replace('T', ' ')

/** Rows with equal keys together, in the order in which the keys first appear. */
export function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}
